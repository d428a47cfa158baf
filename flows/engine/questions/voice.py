"""`ask: voice`: please say it; typing is as good."""

from __future__ import annotations

from typing import ClassVar

from flows.engine.questions.text import Text


class Voice(Text):
    """The same answer as a text: words, or a recording by its `ref`."""

    kind: ClassVar[str] = "voice"
