"""Reads TOML the strict way: every key is known, every value has its type, every fault is named."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from data.errors import Invalid


class Table:
    """One table of a TOML file, from which each key is taken once.

    Faults are Invalid, with the file, the dotted key and what to do; `finish` refuses keys that
    nobody took.
    """

    def __init__(self, values: Mapping[str, Any], file: str, path: str = "") -> None:
        self._values = dict(values)
        self._left = dict(values)
        self.file = file
        self.path = path

    @property
    def names(self) -> tuple[str, ...]:
        """The keys of the table, in file order."""
        return tuple(self._values)

    def text(self, key: str, default: str | None = None) -> str:
        value = self._take(key, str, default)
        return str(value)

    def optional_text(self, key: str) -> str | None:
        return self.text(key) if key in self._left else None

    def flag(self, key: str, *, default: bool = False) -> bool:
        return bool(self._take(key, bool, default))

    def number(self, key: str, default: int | None = None) -> int:
        return int(self._take(key, int, default))

    def optional_number(self, key: str) -> int | None:
        return self.number(key) if key in self._left else None

    def share(self, key: str) -> float | None:
        """A number between 0 and 1, or None where the key is absent."""
        if key not in self._left:
            return None
        value = self._take(key, (int, float), None)
        if isinstance(value, bool) or not 0 <= value <= 1:
            raise self.fault("extracts.definition.not_a_share", key)
        return float(value)

    def choice(self, key: str, choices: Iterable[str], default: str | None = None) -> str:
        value, known = self.text(key, default), tuple(choices)
        if value not in known:
            raise self.fault("extracts.definition.unknown_choice", key, value=value, known=known)
        return value

    def texts(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        values = self._take(key, list, list(default))
        if not all(isinstance(value, str) for value in values):
            raise self.fault("extracts.definition.not_texts", key)
        return tuple(values)

    def choices(
        self, key: str, choices: Iterable[str], default: tuple[str, ...] = ()
    ) -> tuple[str, ...]:
        values, known = self.texts(key, default), tuple(choices)
        for value in values:
            if value not in known:
                raise self.fault(
                    "extracts.definition.unknown_choice", key, value=value, known=known
                )
        return values

    def pairs(self, key: str) -> tuple[tuple[str, str], ...]:
        values = self._take(key, list, [])
        if not all(isinstance(pair, list) and len(pair) == 2 for pair in values):
            raise self.fault("extracts.definition.not_pairs", key)
        return tuple((str(first), str(second)) for first, second in values)

    def mapping(self, key: str) -> dict[str, str]:
        """A table of texts by text, empty where absent."""
        values = self._take(key, dict, {})
        if not all(isinstance(value, str) for value in values.values()):
            raise self.fault("extracts.definition.not_texts", key)
        return dict(values)

    def dates(self, key: str) -> tuple[date, ...]:
        values = self._take(key, list, [])
        if not all(type(value) is date for value in values):
            raise self.fault("extracts.definition.not_dates", key)
        return tuple(values)

    def optional_day(self, key: str) -> date | None:
        """A date without a time of day, None where absent."""
        if key not in self._left:
            return None
        value = self._take(key, date, None)
        if isinstance(value, datetime):
            raise self.fault("extracts.definition.wrong_type", key, expected="date")
        return date.fromisoformat(value.isoformat())

    def optional_moment(self, key: str) -> date | datetime | None:
        """A moment, or a day as a whole; None where absent."""
        value: date | datetime | None = self._take(key, date, None) if key in self._left else None
        return value

    def amounts(self, key: str) -> dict[str, int | Decimal]:
        """A table of numbers by name, empty where absent; decimals as they were written."""
        holder = self.table(key)
        return {name: holder.amount(name) for name in holder.names}

    def amount(self, key: str) -> int | Decimal:
        """A finite number, exactly as it is written."""
        value = self._take(key, (int, Decimal), None)
        if isinstance(value, bool) or (isinstance(value, Decimal) and not value.is_finite()):
            raise self.fault("extracts.definition.wrong_type", key, expected="number")
        return int(value) if isinstance(value, int) else Decimal(value)

    def lists(self, key: str) -> dict[str, tuple[str, ...]]:
        """A table of lists of texts, empty where absent."""
        holder = self.table(key)
        return {name: holder.texts(name) for name in holder.names}

    def is_text(self, key: str) -> bool:
        """Whether the key holds a plain text, where a table would do too."""
        return isinstance(self._values.get(key), str)

    def table(self, key: str) -> Table:
        """The table under the key, empty where absent."""
        return Table(self._take(key, dict, {}), self.file, self._dotted(key))

    def tables(self, key: str) -> dict[str, Table]:
        """The tables under the key by their names, in file order."""
        holder = self.table(key)
        return {name: holder.table(name) for name in holder.names}

    def finish(self) -> None:
        """Refuse any key nobody took: a misspelt key must not pass for an absent one."""
        if self._left:
            key = next(iter(self._left))
            known = tuple(sorted(set(self._values) - set(self._left)))
            raise self.fault("extracts.definition.unknown_key", key, known=known)

    def fault(self, reason: str, setting: str, **values: Any) -> Invalid:
        """The refusal that names this file and this key."""
        return Invalid(reason, file=self.file, setting=self._dotted(setting), **values)

    def _take(self, key: str, kind: type | tuple[type, ...], default: Any) -> Any:
        if key not in self._left:
            if default is None:
                raise self.fault("extracts.definition.missing_key", key)
            return default
        value = self._left.pop(key)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            expected = kind.__name__ if isinstance(kind, type) else "number"
            raise self.fault("extracts.definition.wrong_type", key, expected=expected)
        return value

    def _dotted(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key


def read(path: Path) -> Table:
    """The top table of a TOML file; what is not TOML is Invalid with its line."""
    return parse(path.read_bytes(), path.name)


def parse(content: bytes, file: str, parse_float: Callable[[str], Any] = float) -> Table:
    """The same of content that was read already."""
    try:
        return Table(tomllib.loads(content.decode(), parse_float=parse_float), file)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Invalid("extracts.definition.not_toml", file=file, detail=str(error)) from error
