"""What is open at the end of a period, how much of it is overdue, and how old it is.

A case is in stock at the end of a period if it opened on or before the last day and was not closed
by then; it is overdue if it was due on or before that day; its age is the working days since it
opened. All is judged at the earlier of last day and cut-off.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pyarrow as pa

from data.metrics.asking import Asked, day_sql, names_sql
from data.metrics.cells import places
from data.metrics.quantiles import MEDIAN, P90, quantiles_sql
from data.metrics.reference import CALENDAR, FIRST_DAY, LAST_DAY
from data.period import Frequency, Period

BANDS = (15, 30, 60)  # working days, each included
BAND_NAMES = (*(f"up_to_{band}" for band in BANDS), f"over_{BANDS[-1]}")
AGES = ("age_median", "age_p90", "age_maximum")
COLUMNS = ("n", "overdue", *BAND_NAMES, *AGES)
ENDS = "ends"
_SPAN = (day_sql(FIRST_DAY), day_sql(LAST_DAY))


def ends_table(periods: Sequence[tuple[str, date, date]], cut_off: date | None) -> pa.Table:
    """Ends of periods: frequency, period_start, day (the last), and the day it is judged on."""
    rows = [
        {"frequency": name, "period_start": start, "day": day, "judged": min(day, cut_off or day)}
        for name, start, day in periods
    ]
    days = {name: pa.date32() for name in ("period_start", "day", "judged")}
    return pa.Table.from_pylist(rows, pa.schema({"frequency": pa.string(), **days}))


def ends_of(
    frequencies: Sequence[Frequency], first: date, last: date
) -> list[tuple[str, date, date]]:
    """(frequency, first day, last day) of every period that begins in a span of days."""
    return [
        (frequency.value, period.start, period.last_day)
        for frequency in frequencies
        for period in Period.covering(first, frequency).until(Period.covering(last, frequency))
        if period.start <= last
    ]


def cases_sql(asked: Asked, source: str, grouping: Sequence[str], *, excluded: bool = False) -> str:
    """SELECT of the cases by opening, due and closing day and the members of a grouping only.

    With `excluded` it is the cases left out; `_reason` may then stand in the grouping.
    """
    keys = ["_opened", "_due", "_closed", *grouping]
    return f"""SELECT {names_sql(keys)}CAST(SUM("_n") AS BIGINT) AS "_n"
FROM {source} AS cells
WHERE {asked.excluded() if excluded else asked.counted()}
GROUP BY {places(len(keys))}
HAVING SUM("_n") <> 0"""


def recounted_sql(cases: str, grouping: Sequence[str]) -> str:
    """SELECT of what `cases_sql` gave, by the members of a smaller grouping."""
    keys = ["_opened", "_due", "_closed", *grouping]
    return f"""SELECT {names_sql(keys)}CAST(SUM("_n") AS BIGINT) AS "_n"
FROM {cases} AS cells
GROUP BY {places(len(keys))}
HAVING SUM("_n") <> 0"""


def in_stock_sql(cases: str, grouping: Sequence[str]) -> str:
    """SELECT of judged, the grouping, value (the age), n, overdue at each day judged."""
    overdue = 'SUM(CASE WHEN c."_due" <= e."judged" THEN c."_n" ELSE 0 END)'
    columns = "".join(f'c."{name}", ' for name in grouping)
    return f"""SELECT e."judged", {columns}"until"."worked" - "since"."worked" AS "value",
    CAST(SUM(c."_n") AS BIGINT) AS "n", CAST({overdue} AS BIGINT) AS "overdue"
FROM {cases} AS c
JOIN (SELECT DISTINCT "judged" FROM {ENDS}) AS e
    ON c."_opened" <= e."judged" AND COALESCE(c."_closed", {_SPAN[1]}) > e."judged"
LEFT JOIN {CALENDAR} AS "since" ON "since"."day" = GREATEST(c."_opened", {_SPAN[0]})
LEFT JOIN {CALENDAR} AS "until" ON "until"."day" = e."judged"
GROUP BY {places(len(grouping) + 2)}"""


def excluded_sql(cases: str) -> str:
    """SELECT of period_start, reason, n: the cases left out that would be in stock at each end."""
    return f"""SELECT e."period_start", s."_reason" AS "reason", CAST(SUM(s."n") AS BIGINT) AS "n"
FROM ({in_stock_sql(cases, ["_reason"])}) AS s
JOIN {ENDS} AS e ON e."judged" = s."judged"
GROUP BY 1, 2
ORDER BY 1, 2"""


def ages_sql(cases: str, grouping: Sequence[str]) -> str:
    """SELECT of day, the grouping, age, n at each end."""
    columns = "".join(f's."{name}", ' for name in grouping)
    return f"""SELECT e."day", {columns}s."value" AS "age", s."n"
FROM ({in_stock_sql(cases, grouping)}) AS s
JOIN {ENDS} AS e ON e."judged" = s."judged"
ORDER BY {places(len(grouping) + 2)}"""


def stock_sql(cases: str, grouping: Sequence[str]) -> str:
    """SELECT of frequency, period_start, day, the grouping, n, overdue, ages and bands of ages.

    Every member has a row at every end since its first case; where nothing is open n is a true 0
    and the ages are NULL.
    """
    counts = [f'COALESCE(s."{name}", 0) AS "{name}"' for name in COLUMNS if name not in AGES]
    ages = [f's."{name}"' for name in AGES]
    columns = "".join(f'm."{name}", ' for name in grouping)
    counted = quantiles_sql(
        in_stock_sql(cases, grouping),
        ["judged", *grouping],
        {"age_median": MEDIAN, "age_p90": P90},
        more="".join(f", {sql}" for sql in _aggregates()),
    )
    same = "".join(f' AND s."{name}" = m."{name}"' for name in grouping)
    members = f'SELECT {names_sql(grouping)}MIN("_opened") AS "_first" FROM {cases} AS c'
    by = f" GROUP BY {places(len(grouping))}" if grouping else ""
    return f"""SELECT e."frequency", e."period_start", e."day", {columns}{", ".join(counts + ages)}
FROM {ENDS} AS e
JOIN ({members}{by}) AS m ON m."_first" <= e."judged"
LEFT JOIN ({counted}) AS s ON s."judged" = e."judged"{same}"""


def _aggregates() -> list[str]:
    """Overdue cases, the oldest age, and how many cases lie in each band of ages."""
    lower = [None, *BANDS]
    upper = [*BANDS, None]
    bands = [
        f'CAST(COALESCE(SUM("n") FILTER ({_within(low, high)}), 0) AS BIGINT) AS "{name}"'
        for name, low, high in zip(BAND_NAMES, lower, upper, strict=True)
    ]
    return [
        'CAST(SUM("overdue") AS BIGINT) AS "overdue"',
        'MAX("value") AS "age_maximum"',
        *bands,
    ]


def _within(low: int | None, high: int | None) -> str:
    above = f'"value" > {low}' if low is not None else "TRUE"
    return f'{above} AND "value" <= {high}' if high is not None else above
