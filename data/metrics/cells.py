"""The smallest counts kept: one cell for every reason, member of each dimension and day there is.

Ratios and histograms keep the segment a day lies in, which starts with its ISO week or its month,
whichever is later: weeks, months, quarters and years are then all sums of the same cells. Cohorts
keep the very day, because members enter day by day; stocks keep opening, due and closing day.
Runs are kept apart by their day, by the load that brought them and by what tells them apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from data.metrics.compilation import Measure, text_sql
from data.metrics.query import NOT_STATED, Form

Relations = Mapping[str, str]
_SEGMENT = "GREATEST(DATE_TRUNC('week', \"_day\"), DATE_TRUNC('month', \"_day\"))"


def keys_of(measure: Measure) -> dict[str, str]:
    """What tells cells apart: column -> SQL over signed judged rows."""
    dimensions = {
        one.name: _carried(one.name) if one.numerator_only else f'"{one.name}"'
        for one in measure.query.dimensions
    }
    return {"_reason": '"_reason"', **dimensions, **_days(measure)}


def sums_of(measure: Measure) -> dict[str, str]:
    """What cells hold: column -> SQL type."""
    counts = ("_numerator", "_denominator")
    return {"_n": "BIGINT"} | {
        name: measure.types[name] for name in counts if name in measure.types
    }


def cells_sql(measure: Measure, signed: Sequence[tuple[int, Relations]]) -> str:
    """SELECT of the cells of judged rows, each side with its sign; cells of zero are left out."""
    judged = "\nUNION ALL\n".join(
        measure.judged(relations, [f"{sign} AS _sign"]) for sign, relations in signed
    )
    keys, sums = keys_of(measure), sums_of(measure)
    named = ", ".join(f'{sql} AS "{name}"' for name, sql in keys.items())
    added = {name: f"CAST({_added(name)} AS {sql_type})" for name, sql_type in sums.items()}
    summed = ", ".join(f'{sql} AS "{name}"' for name, sql in added.items())
    return f"""SELECT {named}, {summed}
FROM ({judged}) AS judged
GROUP BY {places(len(keys))}
HAVING {" OR ".join(f"{sql} <> 0" for sql in added.values())}
ORDER BY {", ".join(f"{place} NULLS FIRST" for place in range(1, len(keys) + 1))}"""


def merged_sql(measure: Measure, relation: str) -> str:
    """SELECT of the cells that the cells of a relation add up to."""
    keys, sums = keys_of(measure), sums_of(measure)
    named = ", ".join(f'"{name}"' for name in keys)
    added = {name: f'CAST(SUM("{name}") AS {sql_type})' for name, sql_type in sums.items()}
    summed = ", ".join(f'{sql} AS "{name}"' for name, sql in added.items())
    return f"""SELECT {named}, {summed}
FROM {relation}
GROUP BY {places(len(keys))}
HAVING {" OR ".join(f"{sql} <> 0" for sql in added.values())}
ORDER BY {", ".join(f"{place} NULLS FIRST" for place in range(1, len(keys) + 1))}"""


def nothing_sql(measure: Measure) -> str:
    """SELECT of no cells, with their columns and types."""
    texts = {"_reason", *measure.dimensions}
    columns = {name: "VARCHAR" if name in texts else "DATE" for name in keys_of(measure)}
    columns |= {name: measure.types[name] for name in columns if name in measure.types}
    columns |= sums_of(measure)
    return f"SELECT {', '.join(_empty(name, sql) for name, sql in columns.items())} WHERE 1 = 0"


def places(count: int) -> str:
    """The first columns of a SELECT, for GROUP BY and ORDER BY."""
    return ", ".join(str(place) for place in range(1, count + 1))


def _days(measure: Measure) -> dict[str, str]:
    form = measure.query.form
    if form is Form.STOCK:
        return {name: f'"{name}"' for name in ("_opened", "_due", "_closed")}
    if form in (Form.COHORT, Form.LATEST):
        return {name: f'"{name}"' for name in ("_day", *told_apart(measure))}
    segment = {"_day": f"CAST({_SEGMENT} AS DATE)"}
    if form is Form.RATIO:
        return segment
    return segment | {"_value": 'CASE WHEN "_reason" IS NULL THEN "_value" END'}


def told_apart(measure: Measure) -> tuple[str, ...]:
    """What keeps cells of one day apart beside their members: entering day, or load and run."""
    names = ("_enters", "_load", "_run", "_which", "_stratum", "_weight")
    return tuple(name for name in measure.types if name.startswith(names))


def _carried(name: str) -> str:
    """The member of a dimension only the numerator carries, where there is a numerator."""
    counted = '"_reason" IS NULL AND "_numerator" <> 0'
    return f'CASE WHEN {counted} THEN "{name}" ELSE {text_sql(NOT_STATED)} END'


def _added(name: str) -> str:
    if name == "_n":
        return "SUM(_sign)"
    return f'SUM(CASE WHEN "_reason" IS NULL THEN _sign * "{name}" ELSE 0 END)'


def _empty(name: str, sql_type: str) -> str:
    return f'CAST(NULL AS {sql_type}) AS "{name}"'
