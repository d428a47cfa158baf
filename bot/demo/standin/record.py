"""What the bot asked of us, request by request."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.demo.standin.files import Upload

Raw = dict[str, Any]


@dataclass(slots=True)
class Request:
    """One request. `status` is 0 until it is answered, and stays 0 when the socket is closed instead."""

    number: int
    method: str
    parameters: Mapping[str, Any]
    files: Mapping[str, Upload]
    at: datetime
    status: int = 0
    answer: Raw = field(default_factory=dict)

    @property
    def chat(self) -> object:
        return self.parameters.get("chat_id")

    def raw(self) -> Raw:
        """As JSON; of files the names and sizes."""
        return {
            "number": self.number,
            "method": self.method,
            "parameters": dict(self.parameters),
            "files": {name: {"name": f.name, "size": len(f.content)} for name, f in self.files.items()},
            "at": self.at.isoformat(),
            "status": self.status,
            "answer": self.answer,
        }


class Record:
    """The newest `limit` requests; 0 keeps none."""

    def __init__(self, limit: int) -> None:
        self.on = limit > 0
        self._requests: deque[Request] = deque(maxlen=limit)
        self._count = 0

    def add(self, method: str, parameters: Mapping[str, Any], files: Mapping[str, Upload], at: datetime) -> Request:
        self._count += 1
        request = Request(self._count, method, parameters, files, at)
        self._requests.append(request)
        return request

    def clear(self) -> None:
        self._requests.clear()

    def find(self, method: str | None = None, chat: int | None = None, after: int = 0) -> list[Request]:
        """Oldest first: those of `method`, to `chat`, with a number above `after`."""
        return [
            request
            for request in self._requests
            if request.number > after
            and (method is None or request.method == method)
            and (chat is None or str(request.chat) == str(chat))
        ]
