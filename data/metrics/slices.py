"""All published slices of a measure in one go, every step a set operation over all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

import pyarrow as pa

from data.metrics import latest, periods, stocks, windows
from data.metrics.asking import Asked
from data.metrics.compilation import text_sql
from data.metrics.query import Form
from data.metrics.runner import Session
from data.metrics.windows import Window
from data.period import Frequency

WIDEST = 2  # dimensions in a grouping
SUMS: tuple[str, ...] = ("n", "numerator", "denominator")


def slices_of(
    session: Session,
    asked: Asked,
    source: str,
    frequencies: Sequence[Frequency],
    groupings: Sequence[Sequence[str]],
    window: Window | None = None,
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
    elif form is Form.LATEST:
        session.keep("base", latest.runs_sql(asked, source, used))
        _register_ends(session, asked, frequencies)
        session.keep("picked", latest.picked_sql(asked, "base"))
        found = [_latest(asked, one) for one in groupings]
    elif window is not None:
        window.check(form)
        reaching_back = replace(asked, first=None)
        session.keep("base", periods.segment_sql(reaching_back, source, used))
        _register_windows(session, asked, frequencies, window)
        found = [_windowed(session, asked, number, one) for number, one in enumerate(groupings)]
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
            columns = SUMS
        yield _named(found, text_sql(frequency.value), grouping, columns)


def _stock(session: Session, number: int, grouping: Sequence[str]) -> str:
    cases = f"cases{number}"
    session.keep(cases, stocks.recounted_sql("base", grouping))
    return _named(stocks.stock_sql(cases, grouping), '"frequency"', grouping, stocks.COLUMNS)


def _latest(asked: Asked, grouping: Sequence[str]) -> str:
    more = ("stratum", "leading", "weight") if asked.measure.query.weight is not None else ()
    found = latest.latest_sql(asked, "picked", grouping)
    return _named(found, '"frequency"', grouping, (*SUMS, *more))


def _windowed(session: Session, asked: Asked, number: int, grouping: Sequence[str]) -> str:
    segments = f"segments{number}"
    session.keep(segments, periods.resegmented_sql(asked, "base", grouping))
    found = windows.windowed_sql(asked, segments, grouping)
    return _named(found, '"frequency"', grouping, SUMS)


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
    first, last = _span(session, asked)
    ends = stocks.ends_of(frequencies, first, last) if first and last else []
    session.register({stocks.ENDS: stocks.ends_table(ends, asked.cut_off)})


def _register_windows(
    session: Session, asked: Asked, frequencies: Sequence[Frequency], window: Window
) -> None:
    """The windows of all periods up to the cut-off: the last may hold no day of its own."""
    first, last = _span(session, asked)
    spans = windows.windows_table(window, frequencies, first, last) if first and last else None
    empty = windows.windows_table(window, (), date.min, date.min)
    session.register({windows.WINDOWS: empty if spans is None else spans})


def _span(session: Session, asked: Asked) -> tuple[date | None, date | None]:
    """The days asked for, else those of which anything is known."""
    days = ('"_day"', '"_day"')
    if asked.measure.query.form is Form.STOCK:
        days = ('"_opened"', 'GREATEST("_opened", "_closed")')
    sql = f'SELECT MIN({days[0]}) AS "first", MAX({days[1]}) AS "last" FROM base'
    (known,) = session.table(sql).to_pylist()
    return asked.first or known["first"], asked.last or asked.cut_off or known["last"]
