"""Random numbers by address: the generator HDR, the same draws in Python and in a worksheet cell.

A draw is computed from five counters (trial, variable, entity, time, agent) and from nothing else:
no state, no seed, no order. So a risk keeps its draws when others come or go, the same future is
met before and after a treatment, and an auditor computes any single draw again in a spreadsheet.

Hubbard, D. W. (2019), A multi-dimensional, counter-based pseudo random number generator as a
standard for Monte Carlo simulations, Winter Simulation Conference, doi 10.1109/
WSC40007.2019.9004773; constants as in rHDR of the R package rmetalog.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
Counters = int | Counts

RANGE = 2**32  # there are so many different draws, each in the middle of its step
SMALLEST = 0.5 / RANGE
LARGEST = 1 - SMALLEST
# With counters below this the sums of both streams stay under 7e14, where a spreadsheet's
# remainders are exact to the last digit.
MOST_COUNTER = 50_000_000

NUMERATOR = 999_999_999_999_989
# One row a stream: what each counter weighs, in the order trial, variable, entity, time, agent.
WEIGHTS = (
    (2_499_997, 1_800_451, 2_000_371, 1_796_777, 2_299_603),
    (2_246_527, 2_399_993, 2_100_869, 1_918_303, 1_624_729),
)
FIRST_MODULUS, SECOND_MODULUS = 7_450_589, 7_450_987
FIRST_SPREAD, SECOND_SPREAD = (4_658, 7_450_581), (7_580, 7_560_584)
FIRST_MIX, SECOND_MIX = (383, 99_991, 7_440_893), (17_669, 7_440_893)
LAST_FACTOR = 1_343


def draws(
    trial: Counters, *, var: Counters, entity: Counters = 0, time: Counters = 0, agent: Counters = 0
) -> Floats:
    """Uniform draws strictly between 0 and 1, one for each address; counters are broadcast.

    No product exceeds 1e15, so whole numbers of 64 bits are exact. ValueError for a counter below
    0 or above MOST_COUNTER.
    """
    counters = [_counter(each) for each in (trial, var, entity, time, agent)]
    first, second = (_weighted(counters, weights) for weights in WEIGHTS)
    factor, start = FIRST_SPREAD
    times, modulus, scale = FIRST_MIX
    left = NUMERATOR % (first % FIRST_MODULUS * factor + start) * times % modulus * scale
    factor, start = SECOND_SPREAD
    times, modulus = SECOND_MIX
    right = NUMERATOR % (second % SECOND_MODULUS * factor + start) * times % modulus
    whole = (left + right) * LAST_FACTOR % RANGE
    uniform: Floats = (whole + 0.5) / RANGE
    return uniform


def _counter(given: Counters) -> Counts:
    counter = np.asarray(given, dtype=np.int64)
    if np.any((counter < 0) | (counter > MOST_COUNTER)):
        raise ValueError(f"counters run from 0 to {MOST_COUNTER}")
    return counter


def _weighted(counters: list[Counts], weights: tuple[int, ...]) -> Any:
    return sum(each * weight for each, weight in zip(counters, weights, strict=True))
