"""A time in the past, said as the number of a load or as a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from sqlmodel import col, select

from data.errors import Invalid
from data.store.tables import ExtractEvent
from data.workspace import Reader, Then

DAY = timedelta(days=1)


def past(reader: Reader, text: str) -> Then:
    """What was known after an event ("17") or on a day ("2025-03-31"); anything else is Invalid."""
    if text.isdigit():
        return _after(reader, int(text))
    try:
        return _on(reader, date.fromisoformat(text))
    except ValueError:
        raise Invalid("kpis.refused.as_of", text=text) from None


def _after(reader: Reader, number: int) -> Then:
    """Until the next event, everything people said is of the same time."""
    following = reader.first(
        select(ExtractEvent)
        .where(ExtractEvent.number > number)
        .order_by(col(ExtractEvent.number))
        .limit(1)
    )
    return Then(number, following.at if following else datetime.now(UTC))


def _on(reader: Reader, day: date) -> Then:
    """At the end of the agency's day; before the first event nothing is known."""
    until = datetime.combine(day + DAY, time(), reader.settings.zone).astimezone(UTC)
    statement = select(ExtractEvent).where(col(ExtractEvent.at) < until)
    last = reader.first(statement.order_by(col(ExtractEvent.number).desc()).limit(1))
    return Then(last.number if last else 0, until)
