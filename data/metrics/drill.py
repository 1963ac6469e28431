"""The rows behind a count: exactly those counted, no more and no fewer."""

from __future__ import annotations

from collections.abc import Sequence

from data.errors import Invalid
from data.metrics.asking import Asked, day_sql
from data.metrics.cells import Relations
from data.metrics.latest import newest_sql
from data.metrics.query import Form
from data.metrics.reference import CALENDAR, FIRST_DAY


def check_columns(asked: Asked, columns: Sequence[str]) -> None:
    """Refuse columns the contract does not have."""
    shape = asked.measure.shapes[asked.measure.query.contract]
    for column in columns:
        if column not in shape.columns:
            known = tuple(shape.columns)
            raise Invalid("formulas.no_such_column", column=column, columns=known)


def rows_sql(
    asked: Asked, relations: Relations, columns: Sequence[str], *, limit: int, offset: int
) -> str:
    """SELECT of the key, the columns, and what the row adds, in order of day and key."""
    query = asked.measure.query
    key = asked.measure.shapes[query.contract].key
    shown = list(dict.fromkeys([*key, *columns]))
    judged = asked.measure.judged(
        relations, [f'"{query.contract}"."{name}" AS "_row_{name}"' for name in shown]
    )
    if query.form is Form.LATEST:
        judged = newest_sql(asked, f"SELECT * FROM ({judged}) AS judged WHERE {asked.counted()}")
    named = ", ".join(f'"_row_{name}" AS "{name}"' for name in shown)
    order = ", ".join(f'"_row_{name}"' for name in key)
    return f"""SELECT {named}, {_added(asked)}
FROM ({judged}) AS judged{_calendar(asked)}
WHERE {asked.counted()}{_in_stock(asked)}
ORDER BY {"_opened" if query.form is Form.STOCK else "_day"}, {order}
LIMIT {int(limit)} OFFSET {int(offset)}"""


def _added(asked: Asked) -> str:
    form = asked.measure.query.form
    if form is Form.STOCK:
        overdue = f'COALESCE("_due" <= {_end(asked)}, FALSE)'
        age = '"until"."worked" - "since"."worked"'
        days = '"_opened" AS "opened", "_due" AS "due", "_closed" AS "closed"'
        return f'{days}, {overdue} AS "overdue", {age} AS "age"'
    if form is Form.HISTOGRAM:
        return '"_day" AS "day", "_value" AS "value"'
    sql_type = asked.measure.types["_numerator"]
    counted = f'CASE WHEN {asked.in_numerator()} THEN "_numerator" ELSE 0 END'
    numerator = f'CAST({counted} AS {sql_type}) AS "numerator"'
    return f'"_day" AS "day", {numerator}, "_denominator" AS "denominator"'


def _in_stock(asked: Asked) -> str:
    if asked.measure.query.form is not Form.STOCK:
        return ""
    end = _end(asked)
    return f' AND "_opened" <= {end} AND ("_closed" IS NULL OR "_closed" > {end})'


def _calendar(asked: Asked) -> str:
    if asked.measure.query.form is not Form.STOCK:
        return ""
    since = f'GREATEST("_opened", {day_sql(FIRST_DAY)})'
    return f"""
LEFT JOIN {CALENDAR} AS "since" ON "since"."day" = {since}
LEFT JOIN {CALENDAR} AS "until" ON "until"."day" = {_end(asked)}"""


def _end(asked: Asked) -> str:
    """The day on which a stock is judged: the last of the period, or the cut-off if earlier."""
    days = [day for day in (asked.last, asked.cut_off) if day]
    if not days:
        raise ValueError("a stock is asked for at a day")
    return day_sql(min(days))
