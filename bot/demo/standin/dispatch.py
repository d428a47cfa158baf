"""One request to the Bot API, from its parameters to its answer, bad weather included."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.demo.standin.errors import Refused
from bot.demo.standin.faults import Fault
from bot.demo.standin.files import Upload
from bot.demo.standin.methods import BY_NAME, Method
from bot.demo.standin.parameters import Parameters
from bot.demo.standin.state import Telegram

Raw = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back over the wire; status 0 means that the socket is closed without an answer."""

    status: int
    body: bytes = b""


_CLOSED = Reply(0)
_NO_FILES: Mapping[str, Upload] = {}
_in_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


async def answer(
    telegram: Telegram, name: str, values: Mapping[str, Any], files: Mapping[str, Upload] = _NO_FILES
) -> Reply:
    """Does what method `name` (in any case) asks, as far as the weather allows, and records it."""
    known, method = BY_NAME.get(name.lower(), (name, None))
    entry = telegram.record.add(known, values, files, telegram.now()) if telegram.record.on else None
    fault = telegram.faults.next(name.lower(), values.get("chat_id")) if telegram.faults.any else None
    status, body = await _weather(telegram, fault, method, Parameters(values, files))
    if entry:
        entry.status, entry.answer = status, body if isinstance(body, dict) else {}
        telegram.bell.ring()
    if not status:
        return _CLOSED
    return Reply(status, (body if isinstance(body, str) else _in_json(body)).encode())


async def _weather(
    telegram: Telegram, fault: Fault | None, method: Method | None, call: Parameters
) -> tuple[int, Raw | str]:
    if fault is None:
        return await _act(telegram, method, call)
    match fault.how:
        case "answer":
            return fault.code, fault.body if fault.body is not None else _refusal(_told(fault))
        case "delay":
            await telegram.faults.wait(fault.seconds)
            return await _act(telegram, method, call)
        case "hang":
            await telegram.faults.wait(fault.seconds)
        case "act_then_close":
            await _act(telegram, method, call)
        case "act_then_hang":
            await _act(telegram, method, call)
            await telegram.faults.wait(fault.seconds)
        case "close":
            pass
    return 0, {}


def _told(fault: Fault) -> Refused:
    retry = fault.retry_after or (1 if fault.code == 429 else None)
    return Refused(fault.code, fault.description, retry)


async def _act(telegram: Telegram, method: Method | None, call: Parameters) -> tuple[int, Raw]:
    try:
        if method is None:
            raise Refused(404)
        result = method(telegram, call)
        if inspect.isawaitable(result):
            result = await result
    except Refused as refusal:
        return refusal.code, _refusal(refusal)
    return 200, {"ok": True, "result": result}


def _refusal(refusal: Refused) -> Raw:
    raw: Raw = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.retry_after is not None:
        raw["parameters"] = {"retry_after": refusal.retry_after}
    return raw
