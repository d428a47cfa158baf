"""The book: every flow that can be started, and the older versions that somebody is still in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from flows.engine.checks.book import check_book
from flows.engine.errors import FlowUnknown
from flows.engine.flow import Flow
from flows.engine.problems import Place, Problem, in_order, problem
from flows.engine.reader import Draft, read_draft
from flows.engine.source import Source

SCRIPTS = "*.yaml"
TALKS = ".talks.yaml"
"""Talk tests stand beside the scripts and are no scripts."""


@dataclass(frozen=True, slots=True, eq=False)
class Book:
    """Frozen: publishing makes a new book. Equal to itself alone, so that what is made of it can be kept by it."""

    _latest: Mapping[str, Flow] = field(default_factory=dict)
    _versions: Mapping[tuple[str, str], Flow] = field(default_factory=dict)

    @classmethod
    def of(cls, flows: Iterable[Flow]) -> Book:
        """A book of these flows, each its latest version."""
        latest = {flow.id: flow for flow in flows}
        return cls(latest, {(flow.id, flow.version): flow for flow in latest.values()})

    @classmethod
    def load(cls, folder: Path) -> Reading:
        """Every script under `folder`, with all problems of all files and between them."""
        drafts = [_draft(file) for file in sorted(folder.rglob(SCRIPTS)) if not file.name.endswith(TALKS)]
        problems = [one for draft in drafts for one in draft.problems]
        problems.extend(check_book([(draft.flow, draft.source) for draft in drafts if draft.flow]))
        return Reading(cls.of(draft.flow for draft in drafts if draft.flow), in_order(problems), tuple(drafts))

    def latest(self, flow_id: str) -> Flow:
        """The version that new runs get. Raises FlowUnknown."""
        try:
            return self._latest[flow_id]
        except KeyError:
            raise FlowUnknown(flow_id) from None

    def get(self, flow_id: str, version: str) -> Flow:
        """Exactly this version. Raises FlowUnknown."""
        try:
            return self._versions[flow_id, version]
        except KeyError:
            raise FlowUnknown(flow_id, version) from None

    def with_version(self, flow: Flow) -> Book:
        """A book that also holds `flow`, without making it the latest."""
        return Book(self._latest, {**self._versions, (flow.id, flow.version): flow})

    def beside(self, other: Book) -> Book:
        """A book that also holds every version of `other`, without making those the latest."""
        return Book(self._latest, {**other._versions, **self._versions})

    def __contains__(self, flow_id: str) -> bool:
        return flow_id in self._latest

    def __iter__(self) -> Iterator[Flow]:
        """The latest version of every flow."""
        return iter(self._latest.values())


@dataclass(frozen=True, slots=True)
class Reading:
    """A folder as read. With problems the book must not go live."""

    book: Book
    problems: tuple[Problem, ...]
    drafts: tuple[Draft, ...] = ()


def _draft(file: Path) -> Draft:
    try:
        return read_draft(file.read_bytes().decode("utf-8-sig"), str(file))
    except UnicodeDecodeError:
        source = Source(str(file))
        return Draft(None, source, (problem("not-utf8", Place(str(file), 1, 1)),))
