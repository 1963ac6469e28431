"""From counts to values, exactly: the only division in the system.

Sums are divided once, after pooling; quantiles are of type 7 (linear interpolation between order
statistics, as R's and NumPy's default). Both give the float nearest to the exact fraction. Where
there is no value there is a reason, never 0 and never NaN.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

import numpy as np
import pandas as pd

from data.figure import Figure, Missing, Unit
from kpis.measures import Measure, Statistic

SENSITIVE = frozenset({"community"})  # breakdowns in which a small cell could point at a person
EXACT = 2**53  # whole numbers below it are exact in floating point
NORMAL_95 = 1.959963984540054  # the standard normal quantile of 0.975
MEDIAN, P90 = Fraction(1, 2), Fraction(9, 10)
COUNTED = ["numerator", "denominator", "cases"]
MEASURED = [*COUNTED, "value", "missing"]

DIVIDED = frozenset({Statistic.SHARE, Statistic.RATIO_OF})
BROUGHT_ALONG = frozenset({Statistic.DIFFERENCE, Statistic.WEIGHTED})  # their value is counted

# Which columns of the engine are numerator, denominator and number of cases of a statistic.
_COLUMNS: Mapping[Statistic, tuple[str | None, str | None, str]] = {
    Statistic.COUNT: ("numerator", None, "numerator"),
    Statistic.SHARE: ("numerator", "denominator", "denominator"),
    Statistic.RATIO_OF: ("numerator", "denominator", "n"),
    Statistic.DIFFERENCE: (None, None, "n"),
    Statistic.WEIGHTED: ("numerator", "denominator", "n"),
    Statistic.DISTINCT: ("numerator", None, "numerator"),
    Statistic.OPEN: ("n", None, "n"),
    Statistic.OVERDUE: ("overdue", "n", "n"),
    Statistic.UP_TO_15: ("up_to_15", None, "n"),
    Statistic.UP_TO_30: ("up_to_30", None, "n"),
    Statistic.UP_TO_60: ("up_to_60", None, "n"),
    Statistic.OVER_60: ("over_60", None, "n"),
}


def measured(cells: pd.DataFrame, measure: Measure, *, small_cell: int) -> pd.DataFrame:
    """The cells with numerator, denominator, cases, and either a value or what is missing.

    `cells` are the engine's counts, with the columns `dimension` and `dimension2`; the counts of a
    cell nobody counted are empty or 0.
    """
    numerator, denominator, cases = _COLUMNS.get(measure.statistic, (None, None, "n"))
    found = cells.drop(columns=[name for name in MEASURED if name in cells])
    found["numerator"] = _counts(cells, numerator)
    found["denominator"] = _counts(cells, denominator)
    found["cases"] = cells[cases].fillna(0).astype("int64")
    found["missing"] = _missing(found, measure, small_cell)
    if "missing" in cells:  # the counts themselves say why they are worth nothing
        found["missing"] = cells["missing"].where(cells["missing"].notna(), found["missing"])
    found["value"] = _values(cells, found, measure).where(found["missing"].isna())
    return found


def _counts(cells: pd.DataFrame, name: str | None) -> pd.Series:
    if name is None:
        return pd.Series(np.nan, index=cells.index, dtype="float64")
    return cells[name].fillna(0).astype("float64")


def _missing(found: pd.DataFrame, measure: Measure, small_cell: int) -> pd.Series:
    missing = pd.Series(None, index=found.index, dtype=object)
    if measure.is_count:
        few = found["cases"] > 0  # of a count, 0 is no secret
    else:
        base = found["denominator"] if measure.statistic in DIVIDED else found["cases"]
        few = base > 0
        missing[base <= 0] = Missing.NO_DATA.value
    missing[few & (found["cases"] < measure.minimum_cases)] = Missing.TOO_FEW.value
    sensitive = found["dimension"].isin(SENSITIVE) | found["dimension2"].isin(SENSITIVE)
    missing[sensitive & few & (found["cases"] < small_cell)] = Missing.SUPPRESSED.value
    return missing


def _values(cells: pd.DataFrame, found: pd.DataFrame, measure: Measure) -> pd.Series:
    if measure.is_count:
        return found["numerator"]
    if measure.statistic in BROUGHT_ALONG:
        return cells["value"].astype("float64")
    if measure.statistic in (*DIVIDED, Statistic.OVERDUE):
        bottom = found["denominator"] * measure.divisor
        return _divided(found["numerator"], bottom, measure.factor)
    quantiles = cells[measure.statistic.value].astype("float64")
    return quantiles if measure.divisor == 1 else _divided(quantiles, measure.divisor)


def _divided(numerators: pd.Series, denominators: pd.Series | int, factor: int = 1) -> pd.Series:
    """Nearest floats to the exact quotients; NaN (to be masked) where the denominator is 0."""
    if isinstance(denominators, int):
        denominators = pd.Series(float(denominators), index=numerators.index)
    top = numerators * factor
    simple = ((top % 1 == 0) & (denominators % 1 == 0) & (top.abs() < EXACT)).all()
    if simple:
        with np.errstate(divide="ignore", invalid="ignore"):
            return top / denominators
    pairs = zip(numerators, denominators, strict=True)
    return pd.Series([quotient(n, d, factor) for n, d in pairs], index=numerators.index)


def quotient(numerator: float, denominator: float, factor: int) -> float:
    """The float nearest to the exact quotient, times `factor`; NaN where there is none."""
    if not denominator or np.isnan(numerator):
        return np.nan
    top, bottom = (Fraction(Decimal(repr(float(part)))) for part in (numerator, denominator))
    return float(top * factor / bottom)


def wilson(numerator: float, denominator: float, factor: int) -> tuple[float, float] | None:
    """The 95 % score interval of a share, times `factor`; None of nothing counted.

    Wilson, JASA 22 (1927) 209-212, without continuity correction: method 3 of Newcombe, Statistics
    in Medicine 17 (1998) 857-872.
    """
    if denominator <= 0:
        return None
    share, square = numerator / denominator, NORMAL_95 * NORMAL_95
    spread = NORMAL_95 * math.sqrt(square + 4 * numerator * (1 - share))
    middle, width = 2 * numerator + square, 2 * (denominator + square)
    low, high = (middle - spread) / width, (middle + spread) / width
    return max(low, 0.0) * factor, min(high, 1.0) * factor


def quantile(counts: Mapping[int, int], share: Fraction) -> Fraction | None:
    """The type 7 quantile of whole values that occur so many times; None of no values."""
    total = sum(counts.values())
    if not total:
        return None
    place = (total - 1) * share
    low = place.numerator // place.denominator
    below, above = _ordered(counts, low), _ordered(counts, min(low + 1, total - 1))
    return below + (place - low) * (above - below)


def _ordered(counts: Mapping[int, int], rank: int) -> int:
    """The value of this rank, counted from 0."""
    seen = 0
    for value in sorted(counts):
        seen += counts[value]
        if rank < seen:
            return value
    raise IndexError(rank)


def figure(value: float | None, missing: str | None, measure: Measure) -> Figure:
    """A stored value, or its absence, as people see it."""
    return _figure(value, missing, measure.unit, measure.decimals)


@lru_cache(maxsize=50_000)  # a page draws thousands, most of them alike; they never change
def _figure(value: float | None, missing: str | None, unit: Unit, decimals: int) -> Figure:
    if missing is not None or value is None:
        return Figure(None, unit, decimals, Missing(missing or Missing.NO_DATA))
    return Figure(value, unit, decimals)


def empty(measure: Measure, missing: Missing) -> Figure:
    """No value, for this reason."""
    return Figure(None, measure.unit, measure.decimals, missing)


def uncounted(measure: Measure) -> Figure:
    """The figure of a cell in which nothing was ever counted."""
    if measure.is_count:
        return Figure(0.0, measure.unit, measure.decimals)
    return empty(measure, Missing.NO_DATA)


def interval(
    numerator: float | None, denominator: float | None, measure: Measure
) -> tuple[Figure, Figure] | None:
    """Between what the share of all lies, as far as a sample tells; None where none is drawn."""
    if not measure.sample or numerator is None or denominator is None:
        return None
    bounds = wilson(numerator, denominator, measure.factor)
    if bounds is None:
        return None
    low, high = (Figure(bound, measure.unit, measure.decimals) for bound in bounds)
    return low, high
