"""`python -m bot.demo.standin`: the stand-in alone, in a process of its own."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot.demo.standin.server import serving
from bot.demo.standin.state import KEPT, TOKEN, USERNAME, Telegram


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bot.demo.standin", description="A stand-in for Telegram's Bot API."
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 (the default) lets the system choose")
    parser.add_argument("--token", default=TOKEN, help="what the bot must show; default %(default)s")
    parser.add_argument("--username", default=USERNAME)
    parser.add_argument("--port-file", type=Path, help="a file to write the port into")
    parser.add_argument("--recording", type=int, default=KEPT, help="how many requests are remembered; 0 for none")
    parser.add_argument("--limits", action="store_true", help="enforce Telegram's limits on sending")
    return parser.parse_args(argv)


async def _run(options: argparse.Namespace) -> None:
    # A program of its own: app.py hands it no clock, so here it asks the machine.
    telegram = Telegram(
        lambda: datetime.now(UTC),  # noqa: TID251
        token=options.token,
        username=options.username,
        recording=options.recording,
    )
    telegram.limits(options.limits)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with serving(telegram, options.host, options.port) as url:
        if options.port_file:
            options.port_file.write_text(url.rpartition(":")[2])
        sys.stdout.write(f"{url}\n")
        sys.stdout.flush()
        await stop.wait()


def main(argv: Sequence[str] | None = None) -> None:
    options = _arguments(argv)
    if not options.token.partition(":")[0].isdecimal():
        sys.exit("--token must look like Telegram's own: digits, a colon, and more, as in 1000:stand-in")
    asyncio.run(_run(options))


if __name__ == "__main__":
    main()
