"""The handbook: the checklist and the rhythms of this organisation, as an admin wrote them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import flows as scripts
from bot.caseload import checklist, rhythms
from bot.caseload.checklist import Checklist
from bot.caseload.rhythms import Rhythms
from flows.engine.problems import Problem, in_order

FOLDER = "handover"


class HandbookProblem(Exception):
    """The handbook has problems; the message lists them."""


@dataclass(frozen=True, slots=True)
class Handbook:
    checklist: Checklist
    rhythms: Rhythms

    @classmethod
    def load(cls, folder: Path, flows: Collection[str] | None) -> Handbook:
        """The handbook in `folder`, for a bot that can hold these flows. Raises HandbookProblem."""
        handbook, problems = read(folder, flows)
        if handbook is None:
            raise HandbookProblem("\n".join(str(one) for one in problems))
        return handbook


def read(folder: Path, flows: Collection[str] | None = None) -> tuple[Handbook | None, tuple[Problem, ...]]:
    """The handbook in `folder` and all its problems, sorted; `flows` as for rhythms.load."""
    items, wrong = checklist.load(folder)
    contacts, more = rhythms.load(folder, flows)
    handbook = Handbook(items, contacts) if items and contacts else None
    return handbook, in_order((*wrong, *more))


def beside(scripts_folder: Path) -> Path:
    """Where the handbook of these scripts stands: in the folder beside theirs, or else the one that comes along."""
    own = scripts_folder.parent / FOLDER
    return own if own.is_dir() else Path(scripts.__file__).parent / FOLDER
