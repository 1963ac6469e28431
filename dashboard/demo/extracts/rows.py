"""Everything one system will ever say, and what of it is known at a cut-off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.demo.clock import Ints
from dashboard.demo.columns import moments


@dataclass(frozen=True, slots=True)
class Moments:
    """A column of moments that are told once they have come."""

    seconds: Ints


@dataclass(frozen=True, slots=True)
class Known:
    """A column whose values are known from a moment on; until then it says `before`."""

    values: pa.Array
    since: Ints
    before: str | Known | None = None


@dataclass(frozen=True, slots=True)
class Latest:
    """A column that says when the row changed last."""

    changes: tuple[Ints, ...]


Column: TypeAlias = pa.Array | Moments | Known | Latest


@dataclass(frozen=True, slots=True)
class Rows:
    """The columns of a contract, and the moments at which each row changes.

    The first of these is when the row comes into being: before it nobody knows of it.
    """

    columns: Mapping[str, Column]
    changes: tuple[Ints, ...]

    def between(self, start: int, cut: int) -> pa.Table:
        """The rows that changed from the start up to the cut-off, as they stand at the cut-off."""
        changed = reduce(np.logical_or, ((each >= start) & (each < cut) for each in self.changes))
        told = pa.table({name: _at(column, cut) for name, column in self.columns.items()})
        return told.filter(pa.array(changed & (self.changes[0] < cut)))


def _at(column: Column, cut: int) -> pa.Array:
    if isinstance(column, Moments):
        return moments(column.seconds, cut)
    if isinstance(column, Known):
        earlier, kind = column.before, column.values.type
        until_then = _at(earlier, cut) if isinstance(earlier, Known) else pa.scalar(earlier, kind)
        return pc.if_else(pa.array(column.since < cut), column.values, until_then)
    if isinstance(column, Latest):
        past = (np.where(each < cut, each, 0) for each in column.changes)
        return moments(reduce(np.maximum, past), cut)
    return column
