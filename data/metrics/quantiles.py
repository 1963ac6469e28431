"""Exact medians and percentiles from counts of whole values, by linear interpolation (type 7).

Of n values x[0] <= ... <= x[n-1] the quantile p lies at h = (n - 1) p; with k = floor(h) it is
x[k] + (h - k) (x[k+1] - x[k]). See Hyndman and Fan (1996), definition 7, which is also Excel's
PERCENTILE.INC. For p in tenths h is a whole number of tenths, so the result is an exact decimal
with one place, computed in whole numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

MEDIAN, P90 = 5, 9  # tenths


def quantiles_sql(
    counts: str, groups: Sequence[str], wanted: Mapping[str, int], more: str = ""
) -> str:
    """SELECT of the groups, their `n` and the wanted quantiles (column name -> tenths).

    `counts` is a SELECT of the groups, `value` and `n`; `more` adds aggregates over `value`, `n`
    and whatever else it selects. Quantiles are DECIMAL with one place.
    """
    named = "".join(f'"{group}", ' for group in groups)
    inside = f"PARTITION BY {named.rstrip(', ')} " if groups else ""
    found = "".join(f', {_quantile(tenths)} AS "{name}"' for name, tenths in wanted.items())
    return f"""SELECT {named}CAST("total" AS BIGINT) AS "n"{found}{more}
FROM (
    SELECT *,
        SUM("n") OVER ({inside}ORDER BY "value") AS "upto",
        SUM("n") OVER ({inside}) AS "total"
    FROM ({counts}) AS counts
) AS ranked
GROUP BY {named}"total\""""


def _quantile(tenths: int) -> str:
    place = f'(("total" - 1) * {tenths})'
    below = f"{place} // 10"
    low = f'MIN("value") FILTER ("upto" > {below})'
    high = f'MIN("value") FILTER ("upto" > LEAST({below} + 1, "total" - 1))'
    in_tenths = f"10 * {low} + {place} % 10 * ({high} - {low})"
    return f"CAST(CAST({in_tenths} AS DECIMAL(18,0)) * 0.1 AS DECIMAL(18,1))"
