"""All talk tests of a folder: every flow has some, they come out as written, and together they walk every branch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.authoring import branches, sentences
from bot.authoring.branches import Branch
from bot.authoring.catalogue import problem
from bot.authoring.talk_runner import play_talk
from bot.authoring.talks import read_talks, talks_file
from bot.texts import Texts
from flows.engine.book import TALKS, Book
from flows.engine.flow import Flow
from flows.engine.problems import Place, Problem
from flows.engine.reader import Draft


def problems(folder: Path, drafts: Sequence[Draft], texts: Texts) -> Iterator[Problem]:
    """Everything that the talk tests under `folder` bring to light. The scripts themselves must be sound."""
    yield from of_drafts(drafts, texts)
    scripts = {talks_file(file) for file in sentences.script_files(folder)}
    for orphan in sorted(set(folder.rglob(f"*{TALKS}")) - scripts):
        wanted = orphan.name.removesuffix(TALKS) + ".yaml"
        yield problem("talk-without-flow", Place(str(orphan), 1, 1), wanted=wanted)


def of_drafts(drafts: Sequence[Draft], texts: Texts, others: Sequence[Draft] = ()) -> Iterator[Problem]:
    """What the talk tests of these scripts bring to light; `others` are scripts that they may run besides."""
    book = branches.marked(Book.of(draft.flow for draft in (*others, *drafts) if draft.flow))
    for draft in drafts:
        if draft.flow:
            yield from _of_flow(book, draft, draft.flow, texts)


def _of_flow(book: Book, draft: Draft, flow: Flow, texts: Texts) -> Iterator[Problem]:
    file = talks_file(Path(draft.source.file))
    talks, wrong = (
        read_talks(file.read_bytes().decode("utf-8-sig", "replace"), str(file), flow) if file.exists() else ((), ())
    )
    yield from wrong
    if not talks:
        if not wrong:
            yield problem("no-talk-test", draft.source.key("flow"), flow=flow.id, talks=file.name)
        return
    outcomes = [play_talk(book, flow, talk, texts) for talk in talks]
    failed = [outcome.problem for outcome in outcomes if outcome.problem]
    yield from failed
    if failed:
        return
    walked = {branch for outcome in outcomes for branch in outcome.walked}
    for branch in branches.branches(flow):
        if branch not in walked:
            yield problem("branch-not-walked", _place(draft, branch), branch=_named(flow, branch), talks=file.name)


def _place(draft: Draft, branch: Branch) -> Place:
    step = ("steps", branch.step)
    if branch.kind == "choice":
        kind = draft.flow.steps[branch.step].ask.kind if draft.flow else ""  # type: ignore[union-attr]
        return draft.source.key(*step, "ask", kind, branch.way)
    way = () if branch.way == branches.OTHERWISE else (int(branch.way),)
    return draft.source.key(*step, "goto", *way)


def _named(flow: Flow, branch: Branch) -> str:
    step = flow.steps[branch.step]
    if branch.kind == "choice" and step.ask:
        return f"de knop '{dict(step.ask.buttons())[branch.way]}' bij '{branch.step}'"
    if branch.way == branches.OTHERWISE:
        return f"'{branch.step}' als geen 'goto' past"
    goto = step.goto[int(branch.way)]
    return f"van '{branch.step}' naar '{goto.step}'" + (f" bij {goto.when.text}" if goto.when else "")
