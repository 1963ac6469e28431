from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from data.calendar import WorkingCalendar
from data.errors import Invalid
from data.metrics.reference import CALENDAR, WORKDAYS, Reference, Rule
from tests.data.metrics.warehouse import REFERENCE


def test_reference_data_survives_json() -> None:
    again = Reference.from_json(json.loads(json.dumps(REFERENCE.to_json())))
    assert again == REFERENCE
    assert again.version == REFERENCE.version


def test_the_version_follows_the_content_and_not_its_order() -> None:
    turned = replace(REFERENCE, rules=REFERENCE.rules[::-1], districts=REFERENCE.districts[::-1])
    assert turned.version == REFERENCE.version
    fewer = replace(REFERENCE, calendar=WorkingCalendar())
    assert len({REFERENCE.version, fewer.version, replace(REFERENCE, zone="UTC").version}) == 3


def test_two_rules_of_one_day_are_refused() -> None:
    rule = Rule("PASSPORT", "normal", date(2025, 1, 1), 5, "working")
    with pytest.raises(Invalid, match=r"formulas\.rule_twice"):
        Reference(rules=(rule, replace(rule, days=6)))


def test_the_calendar_table_counts_as_the_calendar_does() -> None:
    tables = REFERENCE.tables()
    worked = dict(zip(*(column.to_pylist() for column in tables[CALENDAR].columns), strict=True))
    days = dict(zip(*(column.to_pylist() for column in tables[WORKDAYS].columns), strict=True))
    start = date(2024, 12, 20)
    for offset in range(30):
        end = start + timedelta(days=offset)
        assert worked[end] - worked[start] == REFERENCE.calendar.working_days(start, end)
        last = days[worked[start] + offset] if offset else start
        assert last == REFERENCE.calendar.add_working_days(start, offset)
