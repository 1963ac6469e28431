"""Columns of a demo file, from arrays: codes by position, moments up to a cut-off, days."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.demo.clock import Ints


def codes(names: Sequence[str], positions: np.ndarray) -> pa.Array:
    """Codes by position; -1 is empty."""
    numbers = positions.astype(np.int32)
    indices = pa.array(numbers, mask=numbers < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(names)).dictionary_decode()


def moments(seconds: Ints, cut: int) -> pa.Array:
    """Moments before the cut-off; what comes later is empty."""
    known = seconds < cut
    values = np.where(known, seconds, 0).astype("datetime64[s]")
    return pa.array(values, mask=~known)


def days(numbers: np.ndarray) -> pa.Array:
    """Days by their number since 1970."""
    return pa.array(np.minimum(numbers, 10**6).astype("datetime64[D]"))


def only(values: pa.Array, where: np.ndarray) -> pa.Array:
    """The values in these places, the others empty."""
    return pc.if_else(pa.array(where), values, pa.scalar(None, values.type))


def joined(*parts: Any, by: str = "-") -> pa.Array:
    """Texts put together row by row."""
    return pc.binary_join_element_wise(*parts, by)


def numbered(prefix: str, count: int) -> pa.Array:
    """AB-0001, AB-0002 and so on; never ten digits."""
    return pa.array([f"{prefix}-{number:06}" for number in range(1, count + 1)], pa.string())
