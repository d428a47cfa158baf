"""The parameters of one request, read as Telegram reads them: numbers and objects may come as text in a form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.demo.standin.errors import bad
from bot.demo.standin.files import Upload


@dataclass(frozen=True, slots=True)
class Parameters:
    values: Mapping[str, Any]
    files: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        value = self.values.get(name)
        return "" if value is None else value if isinstance(value, str) else json.dumps(value)

    def number(self, name: str, otherwise: int = 0) -> int:
        """A whole number; `otherwise` where there is none, or none that can be read."""
        value = self.values.get(name)
        try:
            return int(value) if value is not None and value != "" else otherwise
        except (TypeError, ValueError):
            return otherwise

    def flag(self, name: str) -> bool:
        value = self.values.get(name)
        return value is True or (value not in (None, False) and str(value).lower() in ("true", "yes", "1"))

    def structure(self, name: str) -> Any:
        """An object or array, or None. Raises Refused when the text is no JSON."""
        value = self.values.get(name)
        if not isinstance(value, str) or not value:
            return value
        try:
            return json.loads(value)
        except ValueError:
            what = "reply keyboard markup JSON object" if name == "reply_markup" else f"{name} JSON object"
            raise bad(f"can't parse {what}") from None

    @property
    def chat(self) -> int:
        """chat_id. Raises Refused; public @names lead nowhere here."""
        value = self.values.get("chat_id")
        if value is None or value == "":
            raise bad("chat_id is empty")
        try:
            return int(value)
        except (TypeError, ValueError):
            raise bad("chat not found") from None
