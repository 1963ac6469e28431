"""The generator as published, in whole numbers of Python: a second computation of every draw."""

from __future__ import annotations


def published(trial: int, var: int = 0, entity: int = 0, time: int = 0, agent: int = 0) -> float:
    first = trial * 2499997 + var * 1800451 + entity * 2000371 + time * 1796777 + agent * 2299603
    second = trial * 2246527 + var * 2399993 + entity * 2100869 + time * 1918303 + agent * 1624729
    left = (999999999999989 % (first % 7450589 * 4658 + 7450581)) * 383 % 99991 * 7440893
    right = (999999999999989 % (second % 7450987 * 7580 + 7560584)) * 17669 % 7440893
    return ((left + right) * 1343 % 4294967296 + 0.5) / 4294967296
