"""YAML with the place of every node. `no`, `9:30` and dates stay text; aliases, tags and doubled keys are problems."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from typing import Any, cast

import yaml
from yaml.events import AliasEvent, CollectionStartEvent, ScalarEvent
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from flows.engine import limits, unreadable
from flows.engine.problems import Place, Problem, problem

Path = tuple[str | int, ...]


@dataclass(slots=True)
class Source:
    """What a file says, as plain dicts, lists, texts, whole numbers and truths, with its places and problems."""

    file: str
    data: Any = None
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def key(self, *path: str | int) -> Place:
        """Where the key stands (or the list item); of what was not written: where its nearest parent stands."""
        known = self.known(path)
        return self.keys.get(known) or self.value(*known)

    def value(self, *path: str | int) -> Place:
        """Where the text begins, or for a mapping or list its key; of what was not written: its nearest parent's."""
        return self.values.get(self.known(path)) or Place(self.file, 1, 1)

    def known(self, path: Path) -> Path:
        """The longest part of `path` that was written. Parts that only the model knows are left out."""
        found: Path = ()
        for part in path:
            if (*found, part) in self.values:
                found = (*found, part)
        return found


def read_source(text: str, file: str) -> Source:
    """Reads `text`. Never raises on any text: what is wrong becomes a problem."""
    source = Source(file)
    if len(text.encode("utf-8", "surrogatepass")) > limits.SCRIPT_BYTES:
        source.problems.append(problem("too-big", Place(file, 1, 1), limit=limits.SCRIPT_BYTES // 1024))
        return source
    try:
        node = _composed(text, source)
    except _TooDeep as error:
        source.problems.append(problem("too-deep", error.place, limit=limits.SCRIPT_DEPTH))
    except yaml.YAMLError as error:
        source.problems.append(unreadable.why(error, text, file))
    else:
        if node is None:
            source.problems.append(problem("empty-script", Place(file, 1, 1)))
        else:
            source.data = _plain(node, (), source)
    return source


def _composed(text: str, source: Source) -> Node | None:
    """The nodes of `text`. libyaml reads five times as fast; what it will not read, Python's reader explains better."""
    if yaml.__with_libyaml__:
        quick = Source(source.file)
        try:
            node = _Loader(text, quick, yaml.CSafeLoader(text)).get_single_node()
        except (yaml.YAMLError, UnicodeError):
            pass
        else:
            source.problems.extend(quick.problems)
            return node
    return _Loader(text, source).get_single_node()


class _TooDeep(Exception):
    def __init__(self, place: Place) -> None:
        self.place = place


class _Loader(yaml.SafeLoader):
    """Nodes only: no constructors, no aliases, no tags, and only the implicit types below."""

    yaml_implicit_resolvers = {}  # noqa: RUF012

    def __init__(self, text: str, source: Source, events: Any = None) -> None:
        super().__init__(text if events is None else "")
        for verb in ("check_event", "peek_event", "get_event") if events is not None else ():
            setattr(self, verb, getattr(events, verb))  # another reader's, with the same verbs
        self._source = source
        self._depth = 0

    def compose_node(self, parent: Node | None, index: Any) -> Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, AliasEvent):
            self.get_event()  # type: ignore[no-untyped-call]
            self._refuse("yaml-alias", event.start_mark, f"*{event.anchor}")
            return ScalarNode("text", event.anchor, cast("Any", event.start_mark), cast("Any", event.end_mark))
        if isinstance(event, ScalarEvent | CollectionStartEvent):
            if event.anchor is not None:
                self._refuse("yaml-alias", event.start_mark, f"&{event.anchor}")
                event.anchor = None
            if event.tag is not None:
                self._refuse("yaml-tag", event.start_mark, event.tag)
                event.tag = None
        self._depth += 1
        if self._depth > limits.SCRIPT_DEPTH:
            raise _TooDeep(self._place(event.start_mark))
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node

    def _place(self, mark: Any) -> Place:
        return Place(self._source.file, mark.line + 1, mark.column + 1)

    def _refuse(self, code: str, mark: Any, what: str) -> None:
        self._source.problems.append(problem(code, self._place(mark), what=what))


class _Dumper(yaml.SafeDumper):
    """Writes texts, whole numbers and truths so that `_Loader` reads the same: quoted where that is needed."""

    yaml_implicit_resolvers = {}  # noqa: RUF012

    def text(self, value: str) -> ScalarNode:
        """Line breaks of any kind are written as escapes: YAML would read all of them as a plain one."""
        return self.represent_scalar("tag:yaml.org,2002:str", value, None if value.isprintable() else '"')


for _tag, _pattern, _first in (
    ("number", r"0|-?[1-9][0-9]{0,14}", "-0123456789"),
    ("truth", r"true|false", "tf"),
    ("nothing", r"~|null|", ["~", "n", ""]),
):
    for _kind in (_Loader, _Dumper):
        _kind.add_implicit_resolver(_tag, re.compile(rf"(?:{_pattern})$"), list(_first))
_Dumper.add_representer(str, _Dumper.text)
_Dumper.add_representer(bool, lambda dumper, value: dumper.represent_scalar("truth", "true" if value else "false"))
_Dumper.add_representer(int, lambda dumper, value: dumper.represent_scalar("number", str(value)))


def write_source(data: Any, width: int = sys.maxsize) -> str:
    """YAML in which `read_source` finds exactly `data`: dicts and lists of texts, whole numbers and truths.

    Texts longer than `width` go on, on the next line.
    """
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=width)


def _plain(node: Node, path: Path, source: Source) -> Any:
    source.values[path] = Place(source.file, node.start_mark.line + 1, node.start_mark.column + 1)
    if isinstance(node, MappingNode):
        return _mapping(node, path, source)
    if isinstance(node, SequenceNode):
        return [_plain(item, (*path, index), source) for index, item in enumerate(node.value)]
    return _scalar(node)


def _mapping(node: MappingNode, path: Path, source: Source) -> dict[Any, Any]:
    data: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        place = Place(source.file, key_node.start_mark.line + 1, key_node.start_mark.column + 1)
        if not isinstance(key_node, ScalarNode):
            source.problems.append(problem("yaml-syntax", place))
            continue
        key = _scalar(key_node)
        key = key_node.value if key is None or isinstance(key, bool) else key
        if key in data:
            source.problems.append(problem("double-key", place, key=key, first=source.keys[(*path, key)].line))
            continue
        source.keys[(*path, key)] = place
        data[key] = _plain(value_node, (*path, key), source)
        if not isinstance(value_node, ScalarNode):
            source.values[(*path, key)] = place
    return data


def _scalar(node: Node) -> str | int | bool | None:
    match node.tag:
        case "number":
            return int(node.value)
        case "truth":
            return bool(node.value == "true")
        case "nothing":
            return None
    return str(node.value)
