"""Ratios, cohorts and histograms read from cells: by period, by member, all slices at once."""

from __future__ import annotations

from collections.abc import Sequence

from data.metrics.asking import Asked, names_sql, period_sql
from data.metrics.cells import places, sums_of
from data.metrics.quantiles import MEDIAN, P90, quantiles_sql
from data.period import Frequency

QUANTILES = {"median": MEDIAN, "p90": P90}


def segment_sql(asked: Asked, source: str, grouping: Sequence[str]) -> str:
    """SELECT of the counted cells by the finest day and the members of a grouping only."""
    numerator = f'CASE WHEN {asked.in_numerator()} THEN "_numerator" ELSE 0 END'
    return _segments(asked, source, grouping, asked.counted(), numerator)


def resegmented_sql(asked: Asked, segments: str, grouping: Sequence[str]) -> str:
    """SELECT of what `segment_sql` gave, by the members of a smaller grouping."""
    return _segments(asked, segments, grouping, "TRUE", '"_numerator"')


def _segments(
    asked: Asked, source: str, grouping: Sequence[str], condition: str, numerator: str
) -> str:
    types = sums_of(asked.measure)
    value = ["_value"] if "_value" in asked.measure.types else []
    keys = ["_day", *grouping, *value]
    added = {name: numerator if name == "_numerator" else f'"{name}"' for name in types}
    summed = (f'CAST(SUM({sql}) AS {types[name]}) AS "{name}"' for name, sql in added.items())
    return f"""SELECT {names_sql(keys)}{", ".join(summed)}
FROM {source} AS cells
WHERE {condition}
GROUP BY {places(len(keys))}
HAVING SUM("_n") <> 0"""


def ratio_sql(asked: Asked, segments: str, grouping: Sequence[str], frequency: Frequency) -> str:
    """SELECT of period_start, the grouping, n, numerator, denominator.

    Members of dimensions only the numerator carries get the n and denominator of their parent
    cell, in every period in which the parent has any.
    """
    carried = [name for name in grouping if name in asked.carried]
    if not carried:
        return _summed(asked, segments, grouping, frequency, ("n", "numerator", "denominator"))
    parents = [name for name in grouping if name not in asked.carried]
    whole = _summed(asked, segments, parents, frequency, ("n", "denominator"))
    parts = _summed(asked, segments, grouping, frequency, ("numerator",))
    seen = f'SELECT DISTINCT {names_sql(grouping)[:-2]} FROM {segments} WHERE "_numerator" <> 0'
    columns = "".join(f'm."{name}", ' for name in grouping)
    return f"""SELECT w."period_start", {columns}
    w."n", COALESCE(p."numerator", 0) AS "numerator", w."denominator"
FROM ({whole}) AS w
JOIN ({seen}) AS m ON {_same("m", "w", parents)}
LEFT JOIN ({parts}) AS p ON p."period_start" = w."period_start" AND {_same("p", "m", grouping)}"""


def histogram_sql(segments: str, grouping: Sequence[str], frequency: Frequency) -> str:
    """SELECT of period_start, the grouping, value, n."""
    return f"""SELECT {period_sql(frequency)} AS "period_start", {names_sql(grouping)}
    "_value" AS "value", CAST(SUM("_n") AS BIGINT) AS "n"
FROM {segments} AS segments
GROUP BY {places(len(grouping) + 2)}
HAVING SUM("_n") <> 0"""


def spread_sql(segments: str, grouping: Sequence[str], frequency: Frequency) -> str:
    """SELECT of period_start, the grouping, n, median, p90."""
    counts = histogram_sql(segments, grouping, frequency)
    return quantiles_sql(counts, ["period_start", *grouping], QUANTILES)


def exclusions_sql(asked: Asked, source: str, frequency: Frequency) -> str:
    """SELECT of period_start (NULL for rows without a day), reason, n."""
    return f"""SELECT {period_sql(frequency)} AS "period_start", "_reason" AS "reason",
    CAST(SUM("_n") AS BIGINT) AS "n"
FROM {source} AS cells
WHERE {asked.excluded()}
GROUP BY 1, 2
HAVING SUM("_n") <> 0
ORDER BY 1 NULLS FIRST, 2"""


def _summed(
    asked: Asked,
    segments: str,
    grouping: Sequence[str],
    frequency: Frequency,
    sums: Sequence[str],
) -> str:
    types = sums_of(asked.measure)
    added = ", ".join(f'CAST(SUM("_{name}") AS {types[f"_{name}"]}) AS "{name}"' for name in sums)
    return f"""SELECT {period_sql(frequency)} AS "period_start", {names_sql(grouping)}{added}
FROM {segments} AS segments
GROUP BY {places(len(grouping) + 1)}"""


def _same(one: str, other: str, columns: Sequence[str]) -> str:
    return " AND ".join(f'{one}."{column}" = {other}."{column}"' for column in columns) or "TRUE"
