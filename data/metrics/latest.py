"""What the newest run says: of each register, place or rule, the last run within a period counts.

Runs are told apart by the query's `run`; of several runs on one day the one loaded last counts. A
weighted measure is kept by strata, so that it can be pooled over places first and weighted then.
"""

from __future__ import annotations

from collections.abc import Sequence

from data.metrics.asking import Asked, names_sql
from data.metrics.cells import places, sums_of, told_apart
from data.metrics.stocks import ENDS


def runs_sql(asked: Asked, source: str, grouping: Sequence[str]) -> str:
    """SELECT of the counted cells by day, load, run, stratum and the members of a grouping."""
    keys = ["_day", *told_apart(asked.measure), *grouping]
    types = sums_of(asked.measure)
    summed = ", ".join(f'CAST(SUM("{name}") AS {types[name]}) AS "{name}"' for name in types)
    return f"""SELECT {names_sql(keys)}{summed}
FROM {source} AS cells
WHERE {asked.counted()}
GROUP BY {places(len(keys))}
HAVING SUM("_n") <> 0"""


def picked_sql(asked: Asked, runs: str) -> str:
    """SELECT of frequency, period_start and what `runs_sql` gave of the newest run in each."""
    apart = [f'r."{name}"' for name in told_apart(asked.measure) if name.startswith("_run")]
    within = ", ".join(['e."frequency"', 'e."period_start"', *apart])
    return f"""SELECT * EXCLUDE ("_newest") FROM (
    SELECT e."frequency", e."period_start", r.*,
        RANK() OVER (PARTITION BY {within} ORDER BY r."_day" DESC, r."_load" DESC) AS "_newest"
    FROM {runs} AS r
    JOIN {ENDS} AS e ON r."_day" BETWEEN e."period_start" AND e."judged"
) AS ranked
WHERE "_newest" = 1"""


def latest_sql(asked: Asked, picked: str, grouping: Sequence[str]) -> str:
    """SELECT of frequency, period_start, the grouping, n, numerator, denominator.

    Of a weighted measure one row for every stratum, with `stratum` and `weight`.
    """
    strata = [name for name in told_apart(asked.measure) if name.startswith("_stratum")]
    weighted = ["_weight"] if asked.measure.query.weight is not None else []
    keys = ["frequency", "period_start", *grouping, *strata, *weighted]
    types = sums_of(asked.measure)
    summed = ", ".join(
        f'CAST(SUM("_{name}") AS {types[f"_{name}"]}) AS "{name}"'
        for name in ("n", "numerator", "denominator")
    )
    found = f"""SELECT {names_sql(keys)}{summed}
FROM {picked} AS picked
GROUP BY {places(len(keys))}"""
    if not weighted:
        return found
    stratum = " || '/' || ".join(f"COALESCE(\"{name}\", '')" for name in strata) or "''"
    return f'SELECT *, {stratum} AS "stratum", "_weight" AS "weight" FROM ({found}) AS strata'
