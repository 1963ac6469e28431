"""Seeded random numbers, one independent stream for each thing drawn."""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

import numpy as np


@dataclass(frozen=True, slots=True)
class Streams:
    """The same seed, name and keys give the same numbers, whatever else is drawn."""

    seed: int
    keys: tuple[int, ...] = ()

    def within(self, *keys: int) -> Streams:
        """The streams of one part, say of one service in one month."""
        return Streams(self.seed, (*self.keys, *keys))

    def of(self, name: str) -> np.random.Generator:
        """The stream of one thing drawn."""
        key = (crc32(name.encode()), *self.keys)
        return np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=key))


def choose(rng: np.random.Generator, shares: np.ndarray, size: int) -> np.ndarray:
    """`size` positions drawn in proportion to `shares`."""
    edges = np.cumsum(shares, dtype=np.float64)
    drawn = rng.random(size) * edges[-1]
    return np.asarray(np.searchsorted(edges, drawn, side="right"), dtype=np.int64)
