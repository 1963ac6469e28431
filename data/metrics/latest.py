"""What the newest run says: of each register, place or rule, the last run within a period counts.

A weighted measure is kept by strata, so that it can be pooled over places first and weighted then.
"""

from __future__ import annotations

from collections.abc import Sequence

from data.metrics.asking import Asked, names_sql
from data.metrics.cells import places, sums_of, told_apart
from data.metrics.stocks import ENDS

_NO_GROUP = ("_load", "_which", "_stratum", "_weight", "_enters")


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
    inside = f"""SELECT e."frequency", e."period_start", r.*
    FROM {runs} AS r
    JOIN {ENDS} AS e ON r."_day" >= e."period_start" AND e."judged" >= r."_day"
    """
    return newest_sql(asked, inside, ["frequency", "period_start"])


def newest_sql(asked: Asked, rows: str, within: Sequence[str] = ()) -> str:
    """SELECT of the rows of a SELECT that belong to the newest run, of each of what `run` says.

    Of several runs on one day the one loaded last counts, of those the one of the greatest name.
    All rows of a run that has a name belong to it, whichever load brought them.
    """
    apart = told_apart(asked.measure)
    groups = [f'"{name}"' for name in (*within, *apart) if not name.startswith(_NO_GROUP)]
    order = '"_day" DESC, "_load" DESC'
    pick, same = "RANK()", '"_newest" = 1'
    if "_which" in apart:
        order += ', "_which" DESC'
        pick, same = 'FIRST_VALUE("_which")', '"_which" IS NOT DISTINCT FROM "_newest"'
    return f"""SELECT * EXCLUDE ("_newest") FROM (
    SELECT *, {pick} OVER (PARTITION BY {", ".join(groups)} ORDER BY {order}) AS "_newest"
    FROM ({rows}) AS rows_within
) AS ranked
WHERE {same}"""


def latest_sql(asked: Asked, picked: str, grouping: Sequence[str]) -> str:
    """SELECT of frequency, period_start, the grouping, n, numerator, denominator.

    Of a weighted measure one row for every stratum, with `stratum`, its `leading` part, `weight`.
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
    stated = [f"COALESCE(\"{name}\", '')" for name in strata] or ["''"]
    stratum = " || '/' || ".join(stated)
    return f"""SELECT *, {stratum} AS "stratum", {stated[0]} AS "leading", "_weight" AS "weight"
FROM ({found}) AS strata"""
