"""All published slices of a measure in one go, every step a set operation over all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import pyarrow as pa

from data.metrics import periods, stocks
from data.metrics.asking import Asked
from data.metrics.compilation import text_sql
from data.metrics.query import Form
from data.metrics.runner import Session
from data.period import Frequency

WIDEST = 2  # dimensions in a grouping


def slices_of(
    session: Session,
    asked: Asked,
    source: str,
    frequencies: Sequence[Frequency],
    groupings: Sequence[Sequence[str]],
) -> pa.Table:
    """The slices, as `Engine.slices` describes them, ordered by all that names a slice."""
    if any(len(grouping) > WIDEST for grouping in groupings):
        raise ValueError(f"a slice has at most {WIDEST} dimensions")
    used = sorted({name for grouping in groupings for name in grouping})
    form = asked.measure.query.form
    if form is Form.STOCK:
        session.keep("base", stocks.cases_sql(asked, source, used))
        _register_ends(session, asked, frequencies)
        found = [_stock(session, number, one) for number, one in enumerate(groupings)]
    else:
        session.keep("base", periods.segment_sql(asked, source, used))
        found = [
            select
            for number, grouping in enumerate(groupings)
            for select in _of_periods(session, asked, number, grouping, frequencies)
        ]
    if not found:
        raise ValueError("slices need a frequency and a grouping")
    together = "\nUNION ALL\n".join(found)
    return session.table(f"SELECT * FROM ({together}) AS slices ORDER BY 1, 2, 3, 4, 5, 6")


def _of_periods(
    session: Session,
    asked: Asked,
    number: int,
    grouping: Sequence[str],
    frequencies: Sequence[Frequency],
) -> Iterator[str]:
    """The SELECT of each frequency, from segments summed once for all of them."""
    segments = f"segments{number}"
    session.keep(segments, periods.resegmented_sql(asked, "base", grouping))
    for frequency in frequencies:
        if asked.measure.query.form is Form.HISTOGRAM:
            found = periods.spread_sql(segments, grouping, frequency)
            columns: tuple[str, ...] = ("n", *periods.QUANTILES)
        else:
            found = periods.ratio_sql(asked, segments, grouping, frequency)
            columns = ("n", "numerator", "denominator")
        yield _named(found, text_sql(frequency.value), grouping, columns)


def _stock(session: Session, number: int, grouping: Sequence[str]) -> str:
    cases = f"cases{number}"
    session.keep(cases, stocks.recounted_sql("base", grouping))
    return _named(stocks.stock_sql(cases, grouping), '"frequency"', grouping, stocks.COLUMNS)


def _named(found: str, frequency: str, grouping: Sequence[str], columns: Sequence[str]) -> str:
    """The slices of one grouping under the names that all groupings share."""
    members = []
    for place in range(WIDEST):
        suffix = "" if place == 0 else str(place + 1)
        name = grouping[place] if place < len(grouping) else None
        members += [
            f'{text_sql(name or "")} AS "dimension{suffix}"',
            (f'"{name}"' if name else "''") + f' AS "member{suffix}"',
        ]
    measured = ", ".join(f'"{column}"' for column in columns)
    return f"""SELECT {frequency} AS "frequency", "period_start", {", ".join(members)}, {measured}
FROM ({found}) AS found"""


def _register_ends(session: Session, asked: Asked, frequencies: Sequence[Frequency]) -> None:
    (known,) = session.table(
        'SELECT MIN("_opened") AS "first", MAX(GREATEST("_opened", "_closed")) AS "last" FROM base'
    ).to_pylist()
    first: date | None = asked.first or known["first"]
    last: date | None = asked.last or asked.cut_off or known["last"]
    ends = stocks.ends_of(frequencies, first, last) if first and last else []
    session.register({stocks.ENDS: stocks.ends_table(ends, asked.cut_off)})
