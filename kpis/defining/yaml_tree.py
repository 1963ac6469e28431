"""YAML as a tree that knows where each value stands: read from events, so that nothing unfolds.

Anchors, aliases, tags and merges are refused, and so is what is too large or too deep: no document
can grow, make objects, or say a thing twice. Of plain scalars only true, false, whole and decimal
numbers are more than text; `no` and `010` are left for the reader to refuse.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn, TypeAlias

import yaml

from data.errors import Invalid

LARGEST = 512 * 1024  # characters
MOST_VALUES = 40_000
DEEPEST = 12
_PLAIN = {"true": True, "false": False, "null": None, "~": None, "": None}
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,14})")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,14})\.[0-9]{1,15}")


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text, number, truth or nothing."""

    value: Any
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Sequence:
    """Values in order."""

    items: tuple[Tree, ...]
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """Values by name, with the place of each name."""

    items: dict[str, Tree]
    keys: dict[str, Scalar]
    line: int
    column: int


Tree: TypeAlias = Scalar | Sequence | Mapping


def read_trees(text: str) -> Iterator[Tree]:
    """Each document of the text; what cannot be read is Invalid with `line` and `column`."""
    if len(text) > LARGEST:
        raise Invalid("defining.refused.too_large", most=LARGEST // 1024)
    try:
        yield from _Events(text).documents()
    except yaml.reader.ReaderError as fault:
        before = text[: fault.position]
        _refuse("unreadable", before.count("\n") + 1, fault.position - before.rfind("\n"))
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        _refuse("unreadable", mark.line + 1 if mark else 1, mark.column + 1 if mark else 1)
    except RecursionError:
        _refuse("too_deep", 1, 1, most=DEEPEST)


def is_more_than_text(text: str) -> bool:
    """Whether a text would be read as something else, were it not quoted."""
    return not isinstance(_meant(text), str)


def _refuse(why: str, line: int, column: int, **values: Any) -> NoReturn:
    raise Invalid(f"defining.refused.{why}", line=line, column=column, **values)


class _Events:
    """Builds trees from the events of a text."""

    def __init__(self, text: str) -> None:
        self._loader: Any = yaml.SafeLoader(text)
        self._count = 0

    def documents(self) -> Iterator[Tree]:
        while True:
            event = self._loader.get_event()
            if isinstance(event, yaml.DocumentStartEvent):
                yield self._tree(self._loader.get_event(), 1)
            elif isinstance(event, yaml.StreamEndEvent):
                return

    def _tree(self, event: Any, depth: int) -> Tree:
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        self._check(event, depth, line, column)
        if isinstance(event, yaml.ScalarEvent):
            return Scalar(_value(event), line, column)
        if isinstance(event, yaml.SequenceStartEvent):
            return Sequence(tuple(self._items(depth)), line, column)
        return self._mapping(depth, line, column)

    def _check(self, event: Any, depth: int, line: int, column: int) -> None:
        self._count += 1
        is_alias = isinstance(event, yaml.AliasEvent)
        if is_alias or event.anchor is not None or event.tag is not None:
            _refuse("alias", line, column)
        if depth > DEEPEST:
            _refuse("too_deep", line, column, most=DEEPEST)
        if self._count > MOST_VALUES:
            _refuse("too_many", line, column, most=MOST_VALUES)

    def _items(self, depth: int) -> Iterator[Tree]:
        while not isinstance(event := self._loader.get_event(), yaml.SequenceEndEvent):
            yield self._tree(event, depth + 1)

    def _mapping(self, depth: int, line: int, column: int) -> Mapping:
        items: dict[str, Tree] = {}
        keys: dict[str, Scalar] = {}
        while not isinstance(event := self._loader.get_event(), yaml.MappingEndEvent):
            key = self._tree(event, depth + 1)
            if not (isinstance(key, Scalar) and isinstance(key.value, str)):
                _refuse("key_no_text", key.line, key.column)
            if key.value in items:
                _refuse("key_twice", key.line, key.column, name=key.value)
            keys[key.value] = key
            items[key.value] = self._tree(self._loader.get_event(), depth + 1)
        return Mapping(items, keys, line, column)


def _value(event: Any) -> Any:
    return event.value if event.style is not None else _meant(event.value)


def _meant(text: str) -> Any:
    if text in _PLAIN:
        return _PLAIN[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else text
