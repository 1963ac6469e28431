"""Reference data as it was known earlier: a random story, looked back on moment by moment."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlmodel import SQLModel

from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.agency.actions import extend_calendar
from data.agency.calendar import DayKind, clear_day, mark_day, read_calendar
from data.agency.directory import services
from data.agency.offices import (
    OfficeView,
    close_office,
    date_opening,
    merge_office,
    open_office,
    read_offices,
    rename_office,
    withdraw_event,
)
from data.agency.offices.actions import Seen
from data.agency.places import move_municipality, read_municipalities
from data.agency.services import (
    add_service,
    move_service,
    read_services,
    reinstate_service,
    rename_service,
    retire_service,
)
from data.agency.spans import SpanKind, begin_span, end_span, read_spans, remove_span
from data.agency.stating import Grounds
from data.errors import Conflict, Refusal
from data.workspace import Then, Workspace
from tests.begun import with_kpis
from tests.kpis.conftest import settings_in

GROUNDS = Grounds("Order 7/2025", "It is so")
YEARS = (2025, 2030)
OWN = ("row_version", "position")  # the order is what is shown, not the number behind it
STEPS = 40


class Clock:
    """It is a second later whenever it is asked; nothing happens at the same moment."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC) + timedelta(hours=1)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(tmp_path: Any, clock: Clock) -> Iterator[Workspace]:
    workspace = with_kpis(Workspace.open(settings_in(tmp_path / "home"))).by_clock(clock)
    yield workspace
    workspace.database.dispose()


class Story:
    """Random edits of everything that can be edited; those refused are none."""

    def __init__(self, house: Workspace, seed: int) -> None:
        self.house, self.dice = house, random.Random(seed)  # noqa: S311
        self.deeds: list[Callable[[], None]] = [
            *[self.open] * 3, self.date_opening, self.close, self.merge, self.rename, self.undo,
            self.add_service, self.rename_service, self.move_service, self.retire, self.reinstate,
            self.mark, self.mark, self.clear, self.begin, self.begin, self.end, self.remove,
            self.remove, self.move_place, self.extend,
        ]  # fmt: skip

    def step(self) -> bool:
        """Whether anything was done."""
        try:
            self.dice.choice(self.deeds)()
        except (Refusal, IndexError):  # it may not be, or there is nothing to do it to
            return False
        return True

    def names(self) -> dict[str, str]:
        return {each: f"{each} {self.dice.randrange(10**6)}" for each in ("sq", "sr", "en")}

    def day(self, first: date = date(2024, 1, 1)) -> date:
        return first + timedelta(days=self.dice.randrange(700))

    def office(self) -> OfficeView:
        return self.dice.choice(read_offices(self.house, by=SYSTEM))

    def seen(self) -> Seen:
        row = self.office().office
        return Seen(row.code, row.row_version)

    def open(self) -> None:
        code, place = f"O{self.dice.randrange(9)}", f"0{self.dice.randrange(1, 9)}"
        open_office(
            self.house, by=SYSTEM, code=code, names=self.names(), municipality=place,
            opened=self.day(), grounds=GROUNDS,
        )  # fmt: skip

    def date_opening(self) -> None:
        date_opening(self.house, by=SYSTEM, office=self.seen(), opened=self.day(), grounds=GROUNDS)

    def close(self) -> None:
        close_office(self.house, by=SYSTEM, office=self.seen(), day=self.day(), grounds=GROUNDS)

    def merge(self) -> None:
        merge_office(
            self.house, by=SYSTEM, office=self.seen(), into=self.office().code, day=self.day(),
            grounds=GROUNDS,
        )  # fmt: skip

    def rename(self) -> None:
        rename_office(
            self.house, by=SYSTEM, office=self.seen(), names=self.names(), day=self.day(),
            grounds=GROUNDS,
        )  # fmt: skip

    def undo(self) -> None:
        event = self.dice.choice(self.office().events)
        withdraw_event(
            self.house, by=SYSTEM, event_id=event.id or 0, version=event.row_version, reason="no"
        )

    def service(self) -> dict[str, Any]:
        row = self.dice.choice(read_services(self.house, by=SYSTEM))
        return {"by": SYSTEM, "code": row.code, "version": row.row_version, "grounds": GROUNDS}

    def add_service(self) -> None:
        code = f"NEW_{'ABCDEFG'[self.dice.randrange(7)] * 3}"
        add_service(self.house, by=SYSTEM, code=code, names=self.names(), grounds=GROUNDS)

    def rename_service(self) -> None:
        rename_service(self.house, **self.service(), names=self.names())

    def move_service(self) -> None:
        move_service(self.house, **self.service(), place=self.dice.randrange(1, 6))

    def retire(self) -> None:
        retire_service(self.house, **self.service())

    def reinstate(self) -> None:
        reinstate_service(self.house, **self.service())

    def mark(self) -> None:
        day, kind = self.day(date(2025, 1, 1)), self.dice.choice(list(DayKind))
        known = {row.day: row for row in read_calendar(self.house, by=SYSTEM, year=day.year)}
        version = known[day].row_version if day in known else 0
        mark_day(
            self.house, by=SYSTEM, day=day, kind=kind, name="Off", grounds=GROUNDS, version=version
        )

    def clear(self) -> None:
        row = self.dice.choice(read_calendar(self.house, by=SYSTEM, year=2025))
        clear_day(self.house, by=SYSTEM, day=row.day, version=row.row_version, reason="no")

    def begin(self) -> None:
        code, minutes = self.dice.choice(("PASSPORT", "ID_CARD")), self.dice.randrange(1, 90)
        kinds: list[tuple[SpanKind, dict[str, Any]]] = [
            (SpanKind.MINUTES, {"service_code": code, "minutes": float(minutes)}),
            (SpanKind.ONLINE, {"service_code": code}),
        ]
        kind, said = self.dice.choice(kinds)
        begin_span(
            self.house, by=SYSTEM, kind=kind, said=said, valid_from=self.day(), grounds=GROUNDS
        )

    def span(self) -> dict[str, Any]:
        kind = self.dice.choice([SpanKind.MINUTES, SpanKind.ONLINE, SpanKind.DEADLINE])
        row = self.dice.choice(read_spans(self.house, by=SYSTEM, kind=kind))
        return {"by": SYSTEM, "kind": kind, "row_id": row.id, "version": row.row_version}

    def end(self) -> None:
        end_span(self.house, **self.span(), last_day=self.day(), reason="no")

    def remove(self) -> None:
        remove_span(self.house, **self.span(), reason="no")

    def move_place(self) -> None:
        row = self.dice.choice(read_municipalities(self.house, by=SYSTEM))
        district = self.dice.choice(read_municipalities(self.house, by=SYSTEM)).district_code
        move_municipality(
            self.house, by=SYSTEM, code=row.code, version=row.row_version, district=district,
            grounds=GROUNDS,
        )  # fmt: skip

    def extend(self) -> None:
        extend_calendar(self.house, by=SYSTEM, until=2027 + self.dice.randrange(6))


def shown(house: Workspace) -> dict[str, Any]:
    """Everything that is read of reference data, as plain values."""
    views = read_offices(house, by=SYSTEM)
    return {
        "offices": [values(view.office) for view in views],
        "events": [[values(event) for event in view.events] for view in views],
        "stand for": [(view.successor, [one.code for one in view.stands_for]) for view in views],
        "services": [values(row) for row in read_services(house, by=SYSTEM)],
        "in use": [row.code for row in services(house, by=SYSTEM)],
        "places": [values(row) for row in read_municipalities(house, by=SYSTEM)],
        "calendar": [[values(r) for r in read_calendar(house, by=SYSTEM, year=y)] for y in YEARS],
        **{
            kind: [values(row) for row in read_spans(house, by=SYSTEM, kind=kind)]
            for kind in SpanKind
        },
    }


def values(row: SQLModel) -> dict[str, Any]:
    return row.model_dump(mode="json", exclude=set(OWN))


@pytest.mark.parametrize("seed", [1, 2])
def test_what_was_shown_at_a_moment_is_shown_as_of_it(
    house: Workspace, clock: Clock, seed: int
) -> None:
    story = Story(house, seed)
    told = [(clock(), shown(house))]
    while len(told) < STEPS:
        if story.step():
            told.append((clock(), shown(house)))
    assert sum(one != other for (_, one), (_, other) in pairwise(told)) > 30
    for moment, then in told:
        assert shown(house.at(Then(0, moment))) == then


def test_before_the_house_was_founded_nothing_is_known(house: Workspace) -> None:
    long_ago = shown(house.at(Then(0, datetime(2020, 1, 1, tzinfo=UTC))))
    assert shown(house)["places"]
    for name in ("offices", "services", "places", *SpanKind):
        assert long_ago[name] == []
    assert long_ago["calendar"] == [[], []]


def test_the_past_is_looked_at_not_changed(house: Workspace, clock: Clock) -> None:
    past = house.at(Then(0, clock()))
    with pytest.raises(Conflict) as refused:
        Story(past, 1).open()
    assert refused.value.key == "door.past"


def test_whoever_looks_or_builds_a_report_changes_nothing() -> None:
    looking = {one for one in Permission if one.value.endswith(":view")}
    assert {one for one in Permission if not one.changes} == looking | {Permission.REPORT_BUILD}
