"""What the command line says of how it is used: in English for who runs the bot, in Dutch for who writes scripts."""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping
from typing import Any, NoReturn

WRONG = 2
_HELP: Mapping[str, str] = {
    "usage: ": "zo typ je het: ",
    "positional arguments:": "wat erachter komt:",
    "options:": "wat je kunt kiezen:",
    "show this help message and exit": "laat deze uitleg zien",
}
_MISTAKES: Mapping[str, str] = {
    r"the following arguments are required: (.+)": r"Hier ontbreekt: \1.",
    r"unrecognized arguments: (.+)": r"Dit kennen we hier niet: \1.",
    r"argument (.+): expected (?:one|at least one) argument": r"Achter \1 hoort nog iets.",
    r"argument (.+): ignored explicit argument .+": r"Achter \1 hoort niets.",
    r"argument (.+): not allowed with argument (.+)": r"Kies \1 of \2, niet allebei.",
    r"argument (.+): invalid choice: (.+) \(choose from (.+)\)": r"Bij \1 kan \2 niet. Kies uit: \3.",
    r"ambiguous option: (.+) could match (.+)": r"'\1' kan meer betekenen: \2.",
}
"""What argparse says, as patterns, and the same in Dutch."""


class Parser(argparse.ArgumentParser):
    """An ArgumentParser that may speak Dutch."""

    def __init__(self, *args: Any, dutch: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._dutch = dutch

    def format_usage(self) -> str:
        return self._said(super().format_usage())

    def format_help(self) -> str:
        return self._said(super().format_help())

    def error(self, message: str) -> NoReturn:
        """One sentence, how it is typed, and exit code 2."""
        if not self._dutch:
            super().error(message)
        self.exit(WRONG, f"{mistake(message)}\n{self.format_usage()}")

    def _said(self, text: str) -> str:
        for english, dutch in _HELP.items() if self._dutch else ():
            text = text.replace(english, dutch, 1)
        return text


def mistake(message: str) -> str:
    """What argparse says of a mistake, in Dutch."""
    for english, dutch in _MISTAKES.items():
        if found := re.fullmatch(english, message):
            return found.expand(dutch)
    return f"Dit kan niet: {message}."
