"""Bad weather on request: the next calls of a method go wrong, each in a known way."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Literal

from bot.demo.standin.bell import Bell

How = Literal["answer", "hang", "close", "delay", "act_then_close", "act_then_hang"]


@dataclass(slots=True)
class Fault:
    """What happens to the next `times` calls of `method` ("*": any), if `chat` is given only those to that chat."""

    method: str
    how: How = "answer"
    times: int = 1
    chat: int | None = None
    code: int = 500
    """For "answer": the HTTP code and error_code."""
    description: str = ""
    """For "answer": instead of the words that usually come with the code."""
    retry_after: int | None = None
    seconds: float | None = None
    """For "hang", "act_then_hang" and "delay": how long; None until `release`."""
    body: str | None = None
    """For "answer": a body that is no JSON, as a proxy on the way may answer."""


class Faults:
    def __init__(self, bell: Bell) -> None:
        self.hanging = 0
        """How many calls hang or are delayed now."""
        self._bell = bell
        self._faults: list[Fault] = []
        self._gate = asyncio.Event()

    @property
    def any(self) -> bool:
        return bool(self._faults)

    def add(self, fault: Fault) -> None:
        self._faults.append(fault)

    def clear(self) -> None:
        """No more faults, and nothing hangs."""
        self._faults.clear()
        self.release()

    def release(self) -> None:
        """Everything that hangs or is delayed goes on; later ones hang again."""
        self._gate.set()
        self._gate = asyncio.Event()

    def next(self, method: str, chat: object) -> Fault | None:
        """The fault for this call, counted off."""
        for fault in self._faults:
            if fault.method.lower() in ("*", method) and (fault.chat is None or str(fault.chat) == str(chat)):
                fault.times -= 1
                if fault.times <= 0:
                    self._faults.remove(fault)
                return fault
        return None

    async def wait(self, seconds: float | None) -> None:
        """Until `seconds` have passed or somebody releases."""
        gate = self._gate
        self.hanging += 1
        self._bell.ring()
        try:
            async with asyncio.timeout(seconds):
                await gate.wait()
        except TimeoutError:
            pass
        finally:
            self.hanging -= 1
