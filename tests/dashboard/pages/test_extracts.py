"""The Extracts page: a file is dropped, checked, looked at, loaded and taken back."""

from __future__ import annotations

import csv
import io
import os
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard import shell
from dashboard.components.extracts import calendar, uploads
from dashboard.components.extracts.accounts import from_result
from dashboard.components.extracts.names import days
from dashboard.jobs import extract_payload, queue, worker
from dashboard.pages.extracts import ExtractsView
from data.access.actor import SYSTEM, Actor
from data.access.roles import Role
from data.errors import PermissionDenied
from data.extracts.checked_file import Counts, Declared
from data.extracts.completeness import calendars, overdue
from data.extracts.history import loads
from data.language.languages import Language
from data.language.texts import Texts
from data.people import set_language
from data.signing_in import sign_in
from data.store.tables import Job
from data.workspace import Workspace
from kpis.defining.actions import define_catalogue
from tests.data.extracts.loads import application, written
from tests.house import PASSWORD, inhabit, join

SCRIPT = "from dashboard.shell import run; run()"
STEWARD, MANAGER = "steward@example.org", "manager@example.org"
MARCH = Declared(coverage_from=date(2025, 3, 1), coverage_to=date(2025, 3, 31))


class Tab:
    """A browser tab of somebody on the Extracts page of the real shell."""

    def __init__(self, workspace: Workspace, email: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CRA_HOME", str(workspace.settings.home))
        token = sign_in(workspace, email=email, password=PASSWORD).token
        monkeypatch.setattr(shell, "session_token", lambda *_: token)
        self.workspace = workspace
        self.page = self._new()

    def _new(self) -> AppTest:
        page = AppTest.from_string(SCRIPT, default_timeout=30)
        page._page_hash = calc_hash("extracts")
        return page.run()

    def reload(self) -> None:
        """Forget everything the tab held, as a browser does."""
        self.page = self._new()

    def view(self, name: str) -> None:
        self.page.segmented_control(key="extracts.view").set_value(ExtractsView(name)).run()

    def drop(self, name: str, content: bytes) -> None:
        """Drop a file and let the worker check it."""
        self.page.file_uploader[0].set_value((name, content, "text/csv")).run()
        self.work()

    def press(self, key: str) -> None:
        self.page.button(key=key).click().run()

    def consent(self, opener: str, button: str) -> None:
        """Press a button of an open dialog; it is drawn again only where its opener is pressed."""
        self.page.button(key=opener).click()
        self.press(button)

    def work(self) -> None:
        """The worker does what waits; the tab looks again."""
        while worker.work_once(self.workspace):
            pass
        self.page.run()

    def can(self, key: str) -> bool:
        return any(one.key == key for one in self.page.button)

    @property
    def number(self) -> str:
        """The number of the check whose form is open, which the keys of its fields end with."""
        return str(self.page.radio[0].key).rpartition(".")[2]

    @property
    def said(self) -> str:
        """Everything the page says, as one text, without Markdown's escapes."""
        assert not self.page.exception
        kinds = ("title", "subheader", "markdown", "caption", "warning", "error", "success")
        words = [element.value for kind in kinds for element in getattr(self.page, kind)]
        words += [f"{one.label}: {one.value}" for one in self.page.metric]
        return "\n".join(words).replace("\\", "")

    def counts(self) -> dict[str, str]:
        return {one.label: one.value for one in self.page.metric}


@pytest.fixture
def house(workspace: Workspace) -> Workspace:
    inhabit(workspace)
    join(workspace, STEWARD, Role.DATA_STEWARD)
    join(workspace, MANAGER, Role.MANAGER)
    return workspace


@pytest.fixture
def tab(house: Workspace, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Tab]:
    return lambda email: Tab(house, email, monkeypatch)


@pytest.fixture
def steward(tab: Callable[[str], Tab]) -> Tab:
    return tab(STEWARD)


def person(house: Workspace, email: str) -> Actor:
    from tests.house import actor

    return actor(house, email)


def as_bytes(folder: Path, rows: Sequence[Any]) -> bytes:
    return written(folder / "written.csv", rows).read_bytes()


def march(folder: Path, *, first: int = 1, last: int = 40, **more: Any) -> bytes:
    return as_bytes(folder, [application(n, **more) for n in range(first, last + 1)])


def bring_in(tab: Tab, name: str, content: bytes) -> None:
    """Drop, check, load."""
    tab.drop(name, content)
    tab.press("extracts.load")
    tab.consent("extracts.load", "confirm.yes")
    tab.work()


def kept(house: Workspace) -> list[Path]:
    folder = house.settings.home / "uploads"
    return sorted(folder.rglob("*")) if folder.exists() else []


# A file on its way in


def test_a_dropped_file_is_checked_loaded_and_told_with_its_event(
    house: Workspace, steward: Tab, tmp_path: Path
) -> None:
    define_catalogue(house, by=SYSTEM)
    bring_in(steward, "first.csv", march(tmp_path, last=30))
    rows = [application(n, "decided", updated=9) for n in range(21, 41)]
    rows += [application(99, service_code="TELEPORT"), application(40, "decided", updated=9)]
    content = as_bytes(tmp_path, rows)

    steward.drop("second.csv", content)
    frame = pd.read_csv(io.BytesIO(content), dtype=str)
    good = frame[frame.service_code == "PASSPORT"].drop_duplicates()
    known = {f"A-{n:04}" for n in range(1, 31)}
    assert steward.counts() == {
        "Rows read": str(len(frame)),
        "Added": str((~good.application_id.isin(known)).sum()),
        "Changed": str(good.application_id.isin(known).sum()),
        "Unchanged": "0",
        "Vanished": "0",
        "In quarantine": "1",
    }
    assert "may be loaded as “Applications”" in steward.said
    assert "Nothing has been changed yet" in steward.said
    assert len(loads(house, by=SYSTEM)) == 1

    steward.press("extracts.load")
    assert "New cases in “Applications”: 10" in steward.said
    assert "Known cases with a newer state: 10" in steward.said
    assert "Rows that stay outside, in quarantine: 1" in steward.said
    assert len(loads(house, by=SYSTEM)) == 1
    steward.consent("extracts.load", "confirm.yes")
    assert "may leave this page" in steward.said
    steward.work()

    newest = loads(house, by=SYSTEM)[0]
    assert (newest.event.number, newest.batch.rows_added) == (2, 10)
    assert "second.csv is loaded, as event 2." in steward.said
    assert newest.batch.id in steward.said
    assert "KPIs with new values:" in steward.said
    assert "SD-01" in steward.said
    assert newest.batch.loaded_by == STEWARD
    assert not [path for path in kept(house) if path.is_file()]
    assert steward.page.file_uploader


def test_everything_is_still_there_after_a_reload(
    house: Workspace, steward: Tab, tmp_path: Path
) -> None:
    steward.page.file_uploader[0].set_value(("a.csv", march(tmp_path), "text/csv")).run()
    steward.reload()
    assert "a.csv" in steward.said
    assert "waiting" in steward.page.get("progress")[0].proto.text
    steward.work()
    steward.reload()
    assert steward.counts()["Added"] == "40"
    steward.press("extracts.load")
    steward.consent("extracts.load", "confirm.yes")
    steward.reload()
    steward.work()
    steward.reload()
    assert "a.csv is loaded, as event 1." in steward.said


def test_the_same_file_again_would_change_nothing_and_cannot_be_loaded(
    house: Workspace, steward: Tab, tmp_path: Path
) -> None:
    bring_in(steward, "a.csv", march(tmp_path))
    steward.drop("again.csv", march(tmp_path))
    assert "its rows are in use since event 1" in steward.said
    assert not steward.can("extracts.load")
    steward.press("extracts.leave")
    assert not kept(house)
    assert steward.page.file_uploader


def test_a_refused_file_says_why_where_and_gives_its_quarantine(
    house: Workspace, steward: Tab, tmp_path: Path
) -> None:
    rows = [application(n) for n in range(1, 11)]
    rows[3] = application(4, submitted_at="31/12/2025")
    rows[7] = application(8, service_code="TELEPORT")
    steward.drop("bad.csv", as_bytes(tmp_path, rows))
    assert "cannot be loaded as it is" in steward.said
    assert not steward.can("extracts.load")
    reasons, shown = (frame.value for frame in steward.page.dataframe)
    assert list(reasons.Rows) == ["1", "1"]
    assert list(shown.Row) == ["5", "9"]  # the header is row 1
    assert list(shown.Column) == ["submitted_at", "service_code"]
    assert list(shown.File) == ["bad.csv", "bad.csv"]
    assert list(shown["What became of the row"]) == ["in quarantine", "in quarantine"]
    assert next(iter(shown)) == "File"
    steward.page.download_button[0]
    path = next(path for path in kept(house) if path.name == "quarantine.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        listed = list(csv.DictReader(file))
    assert [(line["row"], line["column"]) for line in listed] == [
        ("5", "submitted_at"),
        ("9", "service_code"),
    ]
    assert not loads(house, by=SYSTEM)


def test_rows_listed_though_nothing_is_wrong_with_them_alone_say_so(
    house: Workspace, steward: Tab, tmp_path: Path
) -> None:
    opened, decided = "2025-03-09 09:00:00", "2025-03-02 09:00:00"
    rows = [application(n, submitted_at=opened, decided_at=decided) for n in range(1, 4)]
    steward.drop("order.csv", as_bytes(tmp_path, rows))
    assert "cannot be loaded as it is" in steward.said
    shown = steward.page.dataframe[-1].value
    assert list(shown["What became of the row"]) == ["accepted"] * 3


def test_the_counts_of_a_refused_file_survive_the_queue(
    house: Workspace, steward: Tab, tmp_path: Path
) -> None:
    rows = [application(1), application(2, service_code="TELEPORT")]
    steward.drop("bad.csv", as_bytes(tmp_path, rows))
    with house.database.reading() as session:
        (job,) = session.exec(select(Job)).all()
    assert job.result is not None
    assert from_result(job.result["check"]).counts == Counts(2, 1, 0, 0, 1, 0)


def test_a_file_nobody_knows_is_refused_in_words(house: Workspace, steward: Tab) -> None:
    steward.drop("photos.csv", b"a,b\n1,2\n")
    assert "cannot be loaded as it is" in steward.said
    assert steward.page.warning
    steward.press("extracts.leave")
    steward.drop("photos.xlsx", b"%PDF-1.7 not a workbook")
    assert "cannot be loaded as it is" in steward.said


def test_cases_that_vanish_need_a_deliberate_tick(
    house: Workspace, steward: Tab, tmp_path: Path
) -> None:
    bring_in(steward, "a.csv", march(tmp_path))
    steward.drop("b.csv", march(tmp_path, last=10, status="decided", updated=9))
    number = steward.number
    steward.page.radio[0].set_value("full")
    steward.page.date_input(key=f"extracts.from.{number}").set_value(date(2025, 3, 1))
    steward.page.date_input(key=f"extracts.to.{number}").set_value(date(2025, 3, 31))
    next(one for one in steward.page.button if one.label == "Check again").click().run()
    steward.work()
    assert steward.counts()["Vanished"] == "30"
    assert steward.page.button(key="extracts.load").disabled
    steward.page.checkbox[0].check().run()
    steward.press("extracts.load")
    assert "Known cases that will count no more: 30" in steward.said
    steward.consent("extracts.load", "confirm.yes")
    steward.work()
    newest = loads(house, by=SYSTEM)[0].batch
    assert (newest.rows_vanished, newest.scope) == (30, "full")
    assert (newest.coverage_from, newest.coverage_to) == (date(2025, 3, 1), date(2025, 3, 31))


def test_control_totals_are_compared(house: Workspace, steward: Tab, tmp_path: Path) -> None:
    def declare(rows: int) -> None:
        number = steward.number
        steward.page.number_input(key=f"extracts.total.rows.{number}").set_value(float(rows))
        next(one for one in steward.page.button if one.label == "Check again").click().run()
        steward.work()

    steward.drop("a.csv", march(tmp_path))
    declare(41)
    assert "cannot be loaded as it is" in steward.said
    declare(40)
    assert "Rows: 40, as declared" in steward.said
    assert steward.can("extracts.load")


# Who may


def test_who_may_not_load_sees_no_way_to_and_is_refused_behind_the_door(
    house: Workspace, tab: Callable[[str], Tab], tmp_path: Path
) -> None:
    bring_in(tab(STEWARD), "a.csv", march(tmp_path) + b"A-0099,TELEPORT,2025-03-02 09:00:00,,,,\n")
    page = tab(MANAGER)
    assert not page.page.file_uploader
    assert page.page.segmented_control(key="extracts.view").options == [
        "Completeness",
        "Loads",
        "File formats",
    ]
    batch = loads(house, by=SYSTEM)[0].batch
    page.view("loads")
    page.page.selectbox(key="extracts.batch").set_value(batch.id).run()
    assert "a.csv" in page.said
    assert "The code is not in the list" in str(page.page.dataframe[1].value)
    assert not page.page.download_button
    assert not page.can(f"extracts.withdraw.{batch.id}")
    manager = person(house, MANAGER)
    with pytest.raises(PermissionDenied):
        uploads.keep(house, by=manager, content=io.BytesIO(b"a"))
    with pytest.raises(PermissionDenied):
        uploads.discard(house, by=manager, path="any")
    with pytest.raises(PermissionDenied):
        uploads.quarantine_of(house, by=manager, path="any")
    with pytest.raises(PermissionDenied):
        queue(
            house,
            by=manager,
            kind="check_extract",
            payload=extract_payload(tmp_path / "a", file_name="a"),
        )


def test_who_may_not_see_extracts_is_told_so(house: Workspace, tab: Callable[[str], Tab]) -> None:
    join(house, "viewer@example.org", Role.VIEWER)
    page = tab("viewer@example.org")
    assert not page.page.segmented_control
    assert page.page.warning


# Files laid aside


def test_uploads_are_private_and_nothing_else_can_be_reached_through_them(
    house: Workspace, tmp_path: Path
) -> None:
    steward = person(house, STEWARD)
    path = uploads.keep(house, by=steward, content=io.BytesIO(b"a,b\n"))
    assert path.read_bytes() == b"a,b\n"
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
    assert uploads.is_kept(house, str(path))
    stranger = tmp_path / "kept.csv"
    stranger.write_bytes(b"mine")
    for outside in (stranger, path.parent / ".." / ".." / "cra.db", house.settings.home / "cra.db"):
        assert not uploads.is_kept(house, str(outside))
        uploads.discard(house, by=steward, path=str(outside))
        assert outside.exists()
    uploads.discard(house, by=steward, path=str(path))
    assert not path.parent.exists()


def test_forgotten_uploads_are_swept_when_the_next_file_comes(house: Workspace) -> None:
    steward = person(house, STEWARD)
    old = uploads.keep(house, by=steward, content=io.BytesIO(b"old"))
    long_ago = time.time() - 3 * 86_400
    os.utime(old.parent, (long_ago, long_ago))
    new = uploads.keep(house, by=steward, content=io.BytesIO(b"new"))
    assert new.exists()
    assert not old.parent.exists()


# What was loaded, and taking it back


def test_a_load_is_withdrawn_with_a_reason_after_saying_what_will_change(
    house: Workspace, steward: Tab, tmp_path: Path
) -> None:
    bring_in(steward, "a.csv", march(tmp_path))
    batch = loads(house, by=SYSTEM)[0].batch
    steward.view("loads")
    steward.page.selectbox(key="extracts.batch").set_value(batch.id).run()
    assert f"batch {batch.id}" in steward.said
    assert batch.sha256 in steward.said
    steward.press(f"extracts.withdraw.{batch.id}")
    assert "Rows in “Applications” that count no more: 40" in steward.said
    steward.consent(f"extracts.withdraw.{batch.id}", "extracts.withdraw.yes")
    assert "needs a reason" in steward.said
    assert loads(house, by=SYSTEM)[0].is_live
    steward.page.text_area[0].set_value("wrong month")
    steward.consent(f"extracts.withdraw.{batch.id}", "extracts.withdraw.yes")
    found = loads(house, by=SYSTEM)[0]
    assert found.withdrawal is not None
    assert found.withdrawal.reason == "wrong month"
    assert "a.csv is withdrawn, as event 2" in steward.said
    assert "wrong month" in steward.said
    assert not steward.can(f"extracts.withdraw.{batch.id}")
    assert worker.work_once(house)  # the refresh was asked for


def test_the_newest_load_comes_first_with_the_fate_of_its_rows(
    house: Workspace, steward: Tab, tmp_path: Path
) -> None:
    bring_in(steward, "a.csv", march(tmp_path))
    bring_in(steward, "b.csv", march(tmp_path, first=36, last=45, status="decided", updated=9))
    steward.view("loads")
    table = steward.page.dataframe[0].value
    assert list(table.File) == ["b.csv", "a.csv"]
    assert list(table.Event) == ["2", "1"]
    assert list(table.Added) == ["5", "40"]
    assert list(table.Changed) == ["5", "0"]
    assert list(table.State) == ["● in use", "● in use"]
    assert list(table.By) == [STEWARD, STEWARD]


# Completeness


def test_the_calendar_says_what_is_covered_missing_partial_and_stale(
    house: Workspace, steward: Tab, tmp_path: Path
) -> None:
    from data.extracts.actions import load_extract

    def bring(name: str, first: date, last: date, start: int) -> None:
        rows = [
            application(n, submitted_at=f"{first} 09:00:00", updated_at=f"{last} 23:00:00")
            for n in range(start, start + 5)
        ]
        load_extract(
            house,
            by=person(house, STEWARD),
            path=written(tmp_path / name, rows),
            file_name=name,
            declared=Declared(
                coverage_from=first,
                coverage_to=last,
                cut_at=datetime(last.year, last.month, last.day, 23, tzinfo=UTC),
            ),
        )

    bring("jan.csv", date(2025, 1, 1), date(2025, 1, 31), 1)
    bring("feb.csv", date(2025, 2, 1), date(2025, 2, 10), 11)
    today = date(2025, 4, 8)
    one = next(
        one for one in calendars(house, by=SYSTEM, today=today) if one.contract == "applications"
    )
    assert [month.period.code for month in overdue(one, today)] == ["2025-02", "2025-03"]
    assert calendar.is_stale(one, today)
    early = date(2025, 2, 3)
    assert not calendar.is_stale(
        next(c for c in calendars(house, by=SYSTEM, today=early) if c.contract == one.contract),
        early,
    )
    steward.view("completeness")
    assert "Should have arrived by now" in steward.said
    year = steward.page.selectbox(key="extracts.year")
    year.set_value(2025).run()
    row = steward.page.table[0].value.iloc[0]
    assert "Applications" in row["Extract"]
    assert "stale" in row["Known until"]
    assert row["Jan 25"].endswith("complete")
    assert row["Feb 25"].endswith("10 of 28 days")
    assert row["Mar 25"].endswith("missing")
    assert "Vehicle registration" in steward.said


def test_days_are_written_as_short_as_they_can_be() -> None:
    texts = Texts(Language.EN)
    assert days(texts, date(2025, 3, 1), date(2025, 3, 31)) == "1–31 Mar 2025"
    assert days(texts, date(2025, 2, 27), date(2025, 3, 2)) == "27 Feb 2025 – 2 Mar 2025"
    assert days(texts, date(2025, 3, 1), date(2025, 3, 1)) == "1 Mar 2025"
    assert days(texts, None, None) == "–"


# Empty, and in every language


def test_an_empty_house_says_what_will_be_here_and_how_to_bring_it(
    tab: Callable[[str], Tab],
) -> None:
    page = tab(MANAGER)
    for view in ("completeness", "loads"):
        page.view(view)
        assert "No extract is loaded yet" in page.said
        assert "cra extract load" in page.said


@pytest.mark.parametrize("language", list(Language))
def test_every_part_is_drawn_in_every_language(
    house: Workspace, tab: Callable[[str], Tab], tmp_path: Path, language: Language
) -> None:
    set_language(house, by=person(house, STEWARD), language=language.value)
    page = tab(STEWARD)
    rows = march(tmp_path) + b"A-0099,TELEPORT,2025-03-02 09:00:00,,,,\n"
    page.drop("a.csv", rows)
    seen = [page.said]
    page.press("extracts.load")
    page.consent("extracts.load", "confirm.yes")
    page.work()
    seen.append(page.said)
    page.view("completeness")
    seen.append(page.said)
    page.view("loads")
    page.page.selectbox(key="extracts.batch").set_value(loads(house, by=SYSTEM)[0].batch.id).run()
    seen.append(page.said)
    page.view("kinds")
    for profile in ("applications-native", "chicago-311"):
        page.page.selectbox(key="extracts.kind").set_value(profile).run()
        seen.append(page.said)
    for words in seen:
        assert "extracts_page." not in words
        assert "extracts.reason" not in words
