"""Whatever is loaded and withdrawn in whatever order, the store says what a plain model says."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from data.extracts.actions import withdraw_load
from data.extracts.checked_file import Declared
from data.extracts.loading import LoadReport
from data.settings import Settings
from data.workspace import Workspace
from tests.begun import with_schema
from tests.data.extracts.loads import (
    STEWARD,
    application,
    audit,
    events,
    founded,
    load,
    statuses,
    written,
)

Row = tuple[int, str]  # updated (0: not stated) and status
FULL, CHANGES = "full", "changes"
# Two halves of March: a full file of the first half says nothing about the second.
NUMBERS = st.sampled_from([1, 2, 3, 15, 16])
HALVES = {
    FULL: (date(2025, 3, 1), date(2025, 3, 10)),
    CHANGES: (date(2025, 3, 1), date(2025, 3, 31)),
}


@dataclass(frozen=True)
class File:
    scope: str
    rows: Mapping[int, Row] = field(hash=False)
    repeated: bool  # its first row stands in it twice


@dataclass(frozen=True)
class Withdrawal:
    which: int  # of the loads so far, counted around


@st.composite
def files(draw: st.DrawFn) -> File:
    scope = draw(st.sampled_from([FULL, CHANGES]))
    numbers = st.sampled_from([1, 2, 3]) if scope == FULL else NUMBERS
    rows = st.tuples(st.integers(0, 3), st.sampled_from(["received", "decided"]))
    found = draw(st.dictionaries(numbers, rows, min_size=1, max_size=4))
    return File(scope, found, draw(st.booleans()))


STEPS = st.lists(st.one_of(files(), files(), st.builds(Withdrawal, st.integers(0, 9))), max_size=6)


@dataclass
class Model:
    """Batches in load order, written out as simply as the rules can be said."""

    batches: list[tuple[File, frozenset[int], bool]] = field(default_factory=list)

    def winners(self) -> dict[int, Row]:
        found: dict[int, tuple[int, int, str]] = {}
        for position, (file, buried, live) in enumerate(self.batches):
            if live:
                for number in buried:
                    found.pop(number, None)
                for number, (updated, status) in file.rows.items():
                    version = (updated, position, status)
                    found[number] = max(found.get(number, version), version)
        return {number: (updated, status) for number, (updated, _at, status) in found.items()}

    def knows(self, file: File) -> bool:
        return any(live and one == file for one, _buried, live in self.batches)

    def buried_by(self, file: File) -> frozenset[int]:
        known = {n for one, _buried, live in self.batches if live for n in one.rows}
        return frozenset(n for n in known - file.rows.keys() if n < 10 and file.scope == FULL)


@contextmanager
def house() -> Iterator[tuple[Workspace, Path]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        where = Settings(
            home=folder / "home",
            database_url=f"sqlite:///{folder / 'home' / 'cra.db'}",
            zone=ZoneInfo("Europe/Belgrade"),
            demo=False,
            language="en",
            secure_cookies=False,
        )
        workspace = with_schema(Workspace.open(where))
        try:
            yield founded(workspace), folder
        finally:
            workspace.database.dispose()


def bring(workspace: Workspace, folder: Path, file: File) -> LoadReport:
    rows = [application(n, status, updated=updated) for n, (updated, status) in file.rows.items()]
    rows += rows[:1] if file.repeated else []
    first, last = HALVES[file.scope]
    declared = Declared(coverage_from=first, coverage_to=last, scope=file.scope)
    path = written(folder / "file.csv", rows)
    return load(workspace, path, declared=declared, accept_vanished=True)


def account_is_right(report: LoadReport, file: File, before: dict[int, Row], model: Model) -> None:
    rows = report.rows
    assert rows is not None
    assert rows.read == len(file.rows) + file.repeated
    assert rows.read == rows.accepted + rows.duplicate + rows.excluded_total + rows.quarantined
    assert rows.accepted == rows.added + rows.changed + rows.unchanged == len(file.rows)
    assert rows.added == len(file.rows.keys() - before.keys())
    newer = {n for n, row in file.rows.items() if n in before and row[0] >= before[n][0]}
    assert rows.changed == len({n for n in newer if file.rows[n] != before[n]})
    assert rows.vanished == len(model.buried_by(file) & before.keys())


@settings(max_examples=12, deadline=None)
@given(steps=STEPS)
def test_the_store_agrees_with_a_plain_model(steps: list[File | Withdrawal]) -> None:
    model, states = Model(), [dict[int, Row]()]
    ids: list[str] = []
    with house() as (workspace, folder):
        for step in steps:
            before = model.winners()
            if isinstance(step, Withdrawal):
                live = [n for n, (_file, _buried, live) in enumerate(model.batches) if live]
                if not live:
                    continue
                which = live[step.which % len(live)]
                withdraw_load(workspace, by=STEWARD, batch_id=ids[which], reason="a test")
                file, buried, _live = model.batches[which]
                model.batches[which] = (file, buried, False)
                states.append(model.winners())
                continue
            report = bring(workspace, folder, step)
            if report.nothing_new:
                assert any(
                    live and replace(one, repeated=step.repeated) == step
                    for one, _buried, live in model.batches
                )
                continue
            assert not model.knows(step)
            account_is_right(report, step, before, model)
            model.batches.append((step, model.buried_by(step), True))
            ids.append(report.batch or "")
            states.append(model.winners())
        assert len(events(workspace)) == len(states) - 1
        for number, expected in enumerate(states):
            wanted = {f"A-{n:04}": status for n, (_updated, status) in expected.items()}
            assert statuses(workspace, number) == wanted
        audit(workspace)
