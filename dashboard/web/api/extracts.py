"""Extracts: how complete and how fresh each is, and what was loaded; counts, never rows."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from dashboard.web.api.answers import Listing
from dashboard.web.api.question import Question
from data.extracts.completeness import CalendarMonth, ContractCalendar, calendars
from data.extracts.history import Load, loads


def list_extracts(question: Question) -> Listing:
    """Every extract there should be, with its months. The door is opened by `calendars`."""
    house = question.looking_back()
    found = calendars(house, by=question.actor, today=house.today)
    return Listing([_extract(one) for one in found])


def list_batches(question: Question) -> Listing:
    """Every load, the newest first; of one extract or of all. The door is opened by `loads`."""
    found = loads(question.looking_back(), by=question.actor, contract=question.code("extract"))
    return Listing([_batch(one) for one in found])


def _extract(calendar: ContractCalendar) -> dict[str, Any]:
    return {
        "extract": calendar.contract,
        "cut_at": _moment(calendar.cut_at),
        "loaded_at": _moment(calendar.loaded_at),
        "live_loads": calendar.live_loads,
        "months": [_month(month) for month in calendar.months],
    }


def _month(month: CalendarMonth) -> dict[str, Any]:
    return {
        "period": month.period.code,
        "state": month.state.value,
        "days_covered": month.days_covered,
        "days": month.days,
        "cut_at": _moment(month.cut_at),
    }


def _batch(load: Load) -> dict[str, Any]:
    batch, withdrawal = load.batch, load.withdrawal
    return {
        "id": batch.id,
        "event": load.event.number,
        "extract": batch.contract,
        "file_name": batch.file_name,
        "loaded_at": _moment(batch.loaded_at),
        "loaded_by": batch.loaded_by,
        "cut_at": _moment(batch.cut_at),
        "coverage_from": _day(batch.coverage_from),
        "coverage_to": _day(batch.coverage_to),
        "history": batch.history,
        "rows_read": batch.rows_read,
        "rows_accepted": batch.rows_accepted,
        "rows_quarantined": batch.rows_quarantined,
        "live": load.is_live,
        "withdrawn_in": withdrawal.number if withdrawal else None,
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
