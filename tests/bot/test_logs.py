"""Log lines carry no token and no content, wherever it hides (reliability.md §6)."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest

from bot import logs

TOKEN = "123456789:AAErealLooking-Token_with35characters0"
OTHER = "987654321:BBEsomebodyElses-Token_with35charact"


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """The root logger with everything that `configure` changes put back afterwards."""
    root = logging.getLogger()
    before = root.handlers[:], root.level, logging.raiseExceptions
    levels = {name: logging.getLogger(name).level for name in logs.QUIET}
    yield root
    root.handlers[:], logging.raiseExceptions = before[0], before[2]
    root.setLevel(before[1])
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@pytest.fixture
def written(root: logging.Logger) -> io.StringIO:
    logs.configure("DEBUG", TOKEN)
    stream = io.StringIO()
    (handler,) = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(stream)
    return stream


def _raise(text: str) -> None:
    try:
        raise ConnectionError(5, text)
    except ConnectionError:
        raise RuntimeError(text) from ValueError(text)


@pytest.mark.parametrize("secret", [TOKEN, OTHER, TOKEN.replace(":", "%3A"), f"bot{OTHER}"])
def test_a_token_appears_nowhere(written: io.StringIO, secret: str) -> None:
    log = logging.getLogger("deep.child")
    log.info("asked https://host/bot%s/getMe", secret)
    log.info(f"asked {secret}", extra={"url": secret})  # noqa: G004
    try:
        _raise(f"https://host/bot{secret}/getMe")
    except RuntimeError:
        log.exception("failed")
    assert "getMe" in written.getvalue()
    assert secret not in written.getvalue()
    assert secret.rpartition(":")[2] not in written.getvalue()


def test_even_a_short_token_that_looks_like_none_is_cleaned_exactly(root: logging.Logger) -> None:
    line = logs.RedactingFormatter("1:test").format(logging.makeLogRecord({"msg": "at bot1:test/getMe"}))
    assert "1:test" not in line


def test_a_line_is_time_level_name_message_and_pairs(written: io.StringIO) -> None:
    logging.getLogger("bot.chat").warning("fetching failed", extra={"kind": "Conflict", "wait": 2})
    time, level, name, rest = written.getvalue().rstrip("\n").split(" ", 3)
    assert time.endswith("Z")
    assert (level, name, rest) == ("WARNING", "bot.chat", "fetching failed kind=Conflict wait=2")


def test_a_traceback_stays_on_one_line_and_names_both_exceptions(written: io.StringIO) -> None:
    try:
        _raise("x")
    except RuntimeError:
        logging.getLogger("bot").exception("broke")
    assert written.getvalue().count("\n") == 1
    assert "ValueError" in written.getvalue()
    assert "RuntimeError" in written.getvalue()


def test_an_exception_that_may_quote_a_person_is_named_without_its_words(written: io.StringIO) -> None:
    error = ValueError("invalid: 'ik ben ziek'")
    error.add_note("step=work")
    logging.getLogger("bot").error("broke", exc_info=error)
    assert "ik ben ziek" not in written.getvalue()
    assert "ValueError [step=work]" in written.getvalue()


def test_an_exception_of_the_system_keeps_its_words(written: io.StringIO) -> None:
    logging.getLogger("bot").error("broke", exc_info=OSError(28, "No space left on device"))
    assert "No space left on device" in written.getvalue()


def test_talkative_libraries_are_kept_quiet(written: io.StringIO) -> None:
    for name in ("telegram.Bot", "aiohttp.access", "aiosqlite", "sqlalchemy.engine", "apscheduler.executors"):
        logging.getLogger(name).info("POST /bot…/sendMessage")
    assert written.getvalue() == ""


def test_a_log_call_that_is_wrong_does_not_print_its_arguments(
    written: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    logging.getLogger("bot").info("%d", "ik ben ziek")
    assert "ziek" not in capsys.readouterr().err
