"""What holds on spans of days: ended and followed, never overwritten, never twice at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from data.access.actor import SYSTEM, Actor, Grant
from data.access.permissions import Permission
from data.access.roles import Role
from data.agency.actions import found_agency
from data.agency.calendar import DayKind, clear_day, mark_day, read_calendar
from data.agency.places import move_municipality, read_municipalities
from data.agency.spans import SpanKind, begin_span, end_span, read_spans, remove_span
from data.agency.stating import Grounds
from data.errors import Conflict, Invalid, NotFound, PermissionDenied
from data.store.tables import AuditEntry, StandardMinutes
from data.workspace import Workspace
from tests.kpis.conftest import settings_in

GROUNDS = Grounds("Order 4/2024", "In force")
FIRST = date(2024, 1, 1)
DAY = timedelta(days=1)


@pytest.fixture
def house(workspace: Workspace) -> Workspace:
    workspace.database.upgrade()
    found_agency(workspace, by=SYSTEM)
    return workspace


@pytest.fixture(scope="module")
def refusing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A house in which one row holds, for what changes nothing."""
    workspace = Workspace.open(settings_in(tmp_path_factory.mktemp("spans")))
    workspace.database.upgrade()
    found_agency(workspace, by=SYSTEM)
    begin(workspace, FIRST)
    yield workspace
    workspace.database.dispose()


def begin(workspace: Workspace, valid_from: date, minutes: float = 30.0, **more: Any) -> None:
    said = {"service_code": "PASSPORT", "minutes": minutes}
    given = {"by": SYSTEM, "kind": SpanKind.MINUTES, "said": said, "valid_from": valid_from}
    begin_span(workspace, **{**given, "grounds": GROUNDS, **more})


def minutes_of(workspace: Workspace) -> list[tuple[date, date | None, float]]:
    rows = read_spans(workspace, by=SYSTEM, kind=SpanKind.MINUTES)
    found = [row for row in rows if isinstance(row, StandardMinutes)]
    return sorted((row.valid_from, row.valid_to, row.minutes) for row in found)


def newest(workspace: Workspace, kind: SpanKind = SpanKind.MINUTES) -> tuple[int, int]:
    row = max(read_spans(workspace, by=SYSTEM, kind=kind), key=lambda one: one.id or 0)
    return row.id or 0, row.row_version


def test_what_follows_ends_what_was_before(house: Workspace) -> None:
    begin(house, FIRST)
    begin(house, date(2024, 7, 1), 25.0)
    assert minutes_of(house) == [
        (FIRST, date(2024, 6, 30), 30.0),
        (date(2024, 7, 1), None, 25.0),
    ]
    with house.database.reading() as session:
        statement = select(AuditEntry).order_by(AuditEntry.number.desc())  # type: ignore[attr-defined]
        entry = session.exec(statement).first()
    assert entry is not None
    assert (entry.old or {})["minutes"] == 30.0
    assert (entry.new or {})["reason"] == "In force"


def test_what_is_taken_back_lets_the_former_hold_on(house: Workspace) -> None:
    begin(house, FIRST)
    begin(house, date(2024, 7, 1), 25.0)
    row_id, version = newest(house)
    remove_span(
        house, by=SYSTEM, kind=SpanKind.MINUTES, row_id=row_id, version=version, reason="Typo"
    )
    assert minutes_of(house) == [(FIRST, None, 30.0)]


def test_what_had_ended_of_itself_does_not_hold_on(house: Workspace) -> None:
    """Only what the row taken back had ended does, and at most until something else begins."""
    begin(house, FIRST, valid_to=date(2024, 6, 30))
    begin(house, date(2024, 7, 1), 25.0)
    row_id, version = newest(house)
    given: dict[str, Any] = {"by": SYSTEM, "kind": SpanKind.MINUTES, "reason": "Typo"}
    remove_span(house, **given, row_id=row_id, version=version)
    assert minutes_of(house) == [(FIRST, date(2024, 6, 30), 30.0)]
    begin(house, date(2024, 3, 1), 20.0, valid_to=date(2024, 6, 30))
    begin(house, date(2024, 7, 1), 15.0)
    row_id = next(
        row.id or 0
        for row in read_spans(house, by=SYSTEM, kind=SpanKind.MINUTES)
        if row.valid_from == date(2024, 3, 1)
    )
    remove_span(house, **given, row_id=row_id, version=1)
    assert minutes_of(house) == [
        (FIRST, date(2024, 6, 30), 30.0),
        (date(2024, 7, 1), None, 15.0),
    ]


def test_something_can_end_without_another_beginning(house: Workspace) -> None:
    begin(house, FIRST)
    row_id, version = newest(house)
    given: dict[str, Any] = {"by": SYSTEM, "kind": SpanKind.MINUTES, "row_id": row_id}
    end_span(house, **given, version=version, last_day=date(2024, 3, 31), reason="Ended")
    assert minutes_of(house) == [(FIRST, date(2024, 3, 31), 30.0)]
    with pytest.raises(Conflict):
        end_span(house, **given, version=version, last_day=date(2024, 2, 1), reason="Again")
    with pytest.raises(Invalid, match="ended"):
        end_span(house, **given, version=version + 1, last_day=date(2024, 5, 1), reason="Later")


REFUSED: dict[str, tuple[Callable[[Workspace], None], str]] = {
    "the same day": (lambda house: begin(house, FIRST), "overlap"),
    "before what is known": (lambda house: begin(house, FIRST - DAY), "overlap"),
    "in the midst": (
        lambda house: begin(house, FIRST + DAY, valid_to=FIRST + 3 * DAY),
        "within",
    ),
    "backwards": (lambda house: begin(house, FIRST + DAY, valid_to=FIRST), "backwards"),
    "no time at all": (lambda house: begin(house, FIRST + DAY, 0.0), "out_of_bounds"),
    "other columns": (
        lambda house: begin(house, FIRST + DAY, said={"service_code": "PASSPORT"}),
        "incomplete",
    ),
    "no source": (
        lambda house: begin(house, FIRST + DAY, grounds=Grounds("", "why")),
        "no_source",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_would_overlap_or_lacks_something_is_refused(refusing: Workspace, case: str) -> None:
    act, key = REFUSED[case]
    with pytest.raises(Invalid) as refused:
        act(refusing)
    assert refused.value.key == f"reference.refused.{key}"
    assert minutes_of(refusing) == [(FIRST, None, 30.0)]


def test_unknown_services_and_numbers_are_refused(house: Workspace) -> None:
    with pytest.raises(NotFound):
        begin(house, FIRST, said={"service_code": "NONE", "minutes": 3.0})
    with pytest.raises(Invalid, match="unknown_parameter"):
        begin(house, FIRST, kind=SpanKind.PARAMETER, said={"name": "x", "value": 3})
    deadline = {"service_code": "PASSPORT", "speed": "normal", "deadline_days": 3}
    with pytest.raises(Invalid, match="incomplete"):
        begin(house, FIRST, kind=SpanKind.DEADLINE, said={**deadline, "day_basis": "moons"})


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    entered=st.lists(
        st.tuples(st.integers(0, 40), st.none() | st.integers(0, 15), st.integers(1, 9)),
        max_size=6,
    )
)
def test_whatever_is_entered_one_row_holds_at_a_time(
    house: Workspace, entered: list[tuple[int, int | None, int]]
) -> None:
    """Each day knows the last row accepted for it, as a plain table of days does."""
    for row in read_spans(house, by=SYSTEM, kind=SpanKind.MINUTES):
        remove_span(
            house, by=SYSTEM, kind=SpanKind.MINUTES, row_id=row.id or 0,
            version=newest_version(house, row.id or 0), reason="Clean",
        )  # fmt: skip
    days: dict[date, float] = {}
    horizon = [FIRST + n * DAY for n in range(70)]
    for start, length, minutes in entered:
        first = FIRST + start * DAY
        last = None if length is None else first + length * DAY
        try:
            begin(house, first, float(minutes), valid_to=last)
        except Invalid:
            continue
        for day in horizon:
            if day >= first and (last is None or day <= last):
                days[day] = float(minutes)
    found: dict[date, float] = {}
    for since, until, said in minutes_of(house):
        for day in horizon:
            if since <= day and (until is None or day <= until):
                assert day not in found
                found[day] = said
    assert found == days


def newest_version(workspace: Workspace, row_id: int) -> int:
    rows = read_spans(workspace, by=SYSTEM, kind=SpanKind.MINUTES)
    return next(row.row_version for row in rows if row.id == row_id)


def test_a_day_is_marked_changed_and_cleared(house: Workspace) -> None:
    saturday = date(2025, 3, 15)
    given: dict[str, Any] = {"by": SYSTEM, "day": saturday, "grounds": GROUNDS}
    mark_day(house, **given, kind=DayKind.WORKING, name="Made up for Friday")
    with pytest.raises(Conflict, match="day_changed"):
        mark_day(house, **given, kind=DayKind.HOLIDAY, name="Unseen")
    mark_day(house, **given, kind=DayKind.HOLIDAY, name="After all", version=1)
    (row,) = (one for one in read_calendar(house, by=SYSTEM, year=2025) if one.day == saturday)
    assert (row.kind, row.name, row.row_version) == ("holiday", "After all", 2)
    clear_day(house, by=SYSTEM, day=saturday, version=2, reason="Mistake")
    assert saturday not in {one.day for one in read_calendar(house, by=SYSTEM, year=2025)}
    with pytest.raises(Invalid, match="works_anyway"):
        mark_day(house, **{**given, "day": date(2025, 3, 12)}, kind=DayKind.WORKING, name="x")
    with pytest.raises(Invalid, match="out_of_calendar"):
        mark_day(house, **{**given, "day": date(1980, 1, 1)}, kind=DayKind.HOLIDAY, name="x")


def test_a_municipality_moves_to_another_district(house: Workspace) -> None:
    place = read_municipalities(house, by=SYSTEM)[0]
    others = {row.district_code for row in read_municipalities(house, by=SYSTEM)}
    other = min(others - {place.district_code})
    given: dict[str, Any] = {"by": SYSTEM, "code": place.code, "grounds": GROUNDS}
    with pytest.raises(Invalid, match="there_already"):
        move_municipality(house, **given, version=1, district=place.district_code)
    move_municipality(house, **given, version=1, district=other)
    assert read_municipalities(house, by=SYSTEM)[0].district_code == other
    with pytest.raises(Conflict):
        move_municipality(house, **given, version=1, district=place.district_code)


def test_only_who_may_change_reference_data_does(house: Workspace) -> None:
    owner = Actor("o@example.org", "O", "en", (Grant(Role.KPI_OWNER, "CRA", None),))
    with pytest.raises(PermissionDenied):
        begin(house, FIRST, by=owner)
    with house.read(owner, Permission.REFERENCE_VIEW):
        assert read_spans(house, by=owner, kind=SpanKind.DEADLINE)
