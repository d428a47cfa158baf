"""Collect every Dutch sentence of the bot and of the scripts into the catalogues of the other languages.

Nothing is translated by guess: a new sentence comes in empty, and what was translated stays. The translation of a
sentence that is no longer said is kept at the end of the file, behind `#~`, and counts again when the sentence comes
back. The files carry no dates and no line numbers, so that a diff shows sentences alone.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import write_po

from bot import texts
from bot.authoring import sentences
from bot.caseload import handbook
from flows.engine.book import Book
from flows.engine.reader import Draft

CALLS = {"say": (1,), "tell": (1,), "plural": (1, 2), "count": (1, 2), "N_": (0,)}
"""Calls that hold sentences, and at which place: before it stands in which language, or to whom."""


def of_the_bot(code: Path) -> Catalog:
    """The sentences in the Python files under `code` (the folder `bot`)."""
    template = Catalog(domain="bot")
    for file in sorted(code.rglob("*.py")):
        where = (f"{code.name}/{file.relative_to(code).as_posix()}", 0)
        for found in said_in(ast.parse(file.read_text("utf-8"))):
            template.add(found, locations=[where])
    return template


def said_in(tree: ast.AST) -> Iterator[str | tuple[str, ...]]:
    """Every literal sentence in the calls of CALLS, in order; singular and plural as a pair."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    for node in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        places = CALLS.get(name, ())
        if not places or len(node.args) <= max(places):
            continue
        written = [_literals(node.args[place]) for place in places]
        yield from written[0] if len(places) == 1 else zip(*written, strict=True)


def _literals(node: ast.expr) -> list[str]:
    """The text that stands here, or the two of `a if … else b`; nothing for what is only known when it runs."""
    match node:
        case ast.Constant(value=str(text)) if text:
            return [text]
        case ast.IfExp(body=one, orelse=other):
            return _literals(one) + _literals(other)
    return []


def of_the_scripts(read: Sequence[Draft], own: Path | None = None) -> Catalog:
    """The sentences of every flow and of the handbook in `own`, each with a comment for the translator: its place."""
    template = Catalog(domain="scripts")
    for sentence in (*sentences.of_drafts(read), *(sentences.of_handbook(own) if own else ())):
        template.add(sentence.text, auto_comments=[sentence.where])
    return template


def extract(code: Path, scripts: Path, locales: Path, out: Callable[[str], None]) -> int:
    """Update the catalogues of every language that has a folder. Returns 1 when scripts or handbook cannot be read."""
    own = scripts.parent / handbook.FOLDER
    if Book.load(scripts).problems or (own.is_dir() and handbook.read(own)[1]):
        out("Eerst de gesprekken in orde maken: draai `achterdehand check`.")
        return 1
    for template in (of_the_bot(code), of_the_scripts(sentences.drafts(scripts), own)):
        for language in texts.languages(locales):
            empty = update(locales, language, template)
            out(f"{language}/{template.domain}: {len(template)} zinnen, {empty} zonder vertaling")
    return 0


def update(locales: Path, language: str, template: Catalog) -> int:
    """Bring one catalogue in line with the template; returns how many sentences wait for a translation."""
    domain: texts.Domain = "bot" if template.domain == "bot" else "scripts"
    catalogue = texts.read_catalogue(locales, language, domain)
    _bring_back(catalogue, template)
    catalogue.update(template, no_fuzzy_matching=True, keep_user_comments=True, update_creation_date=False)
    _forget_untranslated(catalogue)
    path = locales / language / "LC_MESSAGES" / f"{domain}.po"
    with path.open("wb") as file:
        file.write(_header(language, catalogue.plural_forms).encode())
        write_po(file, catalogue, omit_header=True, width=0, include_lineno=False)
    return sum(not texts.forms_of(message) and not _may_be_empty(message) for message in texts.entries(catalogue))


def _bring_back(catalogue: Catalog, template: Catalog) -> None:
    """What was said once, and is said again, has its translation again."""
    for key, message in [*catalogue.obsolete.items()]:
        if template.get(message.id):
            del catalogue.obsolete[key]
            catalogue[message.id] = message


def _forget_untranslated(catalogue: Catalog) -> None:
    for key, message in [*catalogue.obsolete.items()]:
        message.auto_comments.clear()  # where it stood says nothing any more
        if not texts.forms_of(message):
            del catalogue.obsolete[key]


def _may_be_empty(message: Message) -> bool:
    return all(sentences.START in comment for comment in message.auto_comments or ("",))


def _header(language: str, plural_forms: str) -> str:
    lines = [
        f"Language: {language}",
        "Content-Type: text/plain; charset=utf-8",
        f"Plural-Forms: {plural_forms}",
    ]
    return 'msgid ""\nmsgstr ""\n' + "".join(f'"{line}\\n"\n' for line in lines) + "\n"
