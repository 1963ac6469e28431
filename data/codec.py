"""Frozen dataclasses as plain documents and back: what JSON keeps, byte for byte the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Kind = TypeVar("Kind")
Build = Callable[[Any], Any]


def plain(value: Any) -> Any:
    """The value as JSON gives it back: mappings, lists, texts, numbers, None."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value


def build(kind: type[Kind], document: Mapping[str, Any]) -> Kind:
    """The dataclass that `plain` made the document of; also from a row's values."""
    made: Any = kind
    built: Kind = _builder(made)(document)
    return built


def canonical(document: Any) -> bytes:
    """The one way in which a document is written, so that equal ones are equal bytes."""
    text = json.dumps(plain(document), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def digest(document: Any) -> str:
    """SHA-256 of the canonical bytes."""
    return hashlib.sha256(canonical(document)).hexdigest()


@cache
def _builder(kind: Any) -> Build:
    """How a value of a type is made of what JSON keeps."""
    if isinstance(kind, type) and is_dataclass(kind):
        make_one: Any = kind
        hints = get_type_hints(kind)
        parts = [(one.name, _builder(hints[one.name])) for one in fields(kind)]
        return lambda said: make_one(
            **{name: make(said[name]) for name, make in parts if name in said}
        )
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        make = _builder(next(each for each in inner if each is not NoneType))
        return lambda said: None if said is None else make(said)
    if origin is tuple:
        return _tuple(inner)
    if origin is not None:  # a mapping
        each = _builder(inner[1])
        return lambda said: {key: each(value) for key, value in said.items()}
    return _scalar(kind)


def _tuple(inner: tuple[Any, ...]) -> Build:
    if len(inner) == 2 and inner[1] is Ellipsis:
        make = _builder(inner[0])
        return lambda said: tuple(map(make, said))
    makes = [_builder(each) for each in inner]
    return lambda said: tuple(make(each) for make, each in zip(makes, said, strict=True))


def _scalar(kind: Any) -> Build:
    if kind is datetime:
        return lambda said: datetime.fromisoformat(said) if isinstance(said, str) else said
    if kind is date:
        return lambda said: date.fromisoformat(said) if isinstance(said, str) else said
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    return lambda said: said
