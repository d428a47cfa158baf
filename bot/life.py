"""The life of the process: until it is told to end, and anew with a bot of its own when a role was lost."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import signal

from bot import logs
from bot.app import Bot
from bot.settings import Settings
from bot.storage import sqlite
from bot.storage.errors import StorageTrouble
from bot.world import real_world

log = logging.getLogger(__name__)

STOP_WITHIN = 8.0
"""Seconds in which a bot stops; what is under way then is left for the next start."""
AGAIN_AFTER = 2.0
"""Seconds between two tries to start again."""


async def run(settings: Settings) -> int:
    """Run until SIGTERM or SIGINT; within ten seconds of it everything under way is finished or left for later."""
    logs.configure(settings.log_level, settings.token)
    sqlite.warn_of_old_library()
    ended = ending()
    born: list[Bot] = []
    life, end = asyncio.create_task(_live(settings, born)), asyncio.create_task(ended.wait())
    await asyncio.wait((life, end), return_when=asyncio.FIRST_COMPLETED)
    for task in (life, end):
        task.cancel()
    try:
        with contextlib.suppress(asyncio.CancelledError):
            await life
    finally:
        for bot in born:
            await _stop(bot)
    return 0


async def _live(settings: Settings, born: list[Bot]) -> None:
    """For ever. Whoever called stops what is in `born`."""
    bot = await Bot.open(settings, real_world())
    born.append(bot)
    await bot.start()
    gc.collect()
    gc.freeze()  # what start-up made stays: looking through it again and again takes a tenth of the time of a turn
    while True:
        await bot.lost.wait()
        bot = await _begin_again(settings, bot, born)


async def _begin_again(settings: Settings, old: Bot, born: list[Bot]) -> Bot:
    """A new bot in the place of one that lost its roles; until there can be one, the old one says how we are."""
    await old.rest()
    while True:
        if await old.monitor.tick():
            try:
                new = await Bot.open(settings, real_world())
            except StorageTrouble as trouble:
                log.error("cannot start again yet: %s", trouble)
            else:
                born.append(new)
                await _stop(old)
                born.remove(old)
                await new.start()
                return new
        await asyncio.sleep(AGAIN_AFTER)


async def _stop(bot: Bot) -> None:
    try:
        async with asyncio.timeout(STOP_WITHIN):
            await bot.stop()
    except TimeoutError:
        log.error("not everything under way could be finished; it is left for the next start")


def ending() -> asyncio.Event:
    """Set at SIGTERM or SIGINT."""
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    return ended
