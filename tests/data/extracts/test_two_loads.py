"""Two loads at once lose nothing, double nothing, and are numbered without gaps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from data.workspace import Workspace
from tests.data.extracts.loader import Loader, loader
from tests.data.extracts.loads import (
    application,
    audit,
    batches,
    events,
    founded,
    on_disk,
    statuses,
    stock,
    winners,
    written,
)

ROUNDS = 3
CASES = 2_000


@pytest.fixture(scope="module")
def processes() -> Iterator[Loader]:
    with loader() as started:
        yield started


@pytest.fixture
def house(workspace: Workspace) -> Workspace:
    return founded(workspace)


def test_overlapping_files_at_once(house: Workspace, tmp_path: Path, processes: Loader) -> None:
    home, expected = house.settings.home, dict[str, str]()
    for turn in range(ROUNDS):
        start = turn * 100
        early = dict.fromkeys(range(start, start + CASES), f"early-{turn}")
        late = dict.fromkeys(range(start + CASES // 2, start + CASES * 3 // 2), f"late-{turn}")
        files = [
            written(tmp_path / f"{name}-{turn}.csv", [
                application(n, status, updated=2 * turn + newer) for n, status in rows.items()
            ])
            for newer, (name, rows) in enumerate((("early", early), ("late", late)), 1)
        ]  # fmt: skip
        running = [processes.start(home, file) for file in files]
        reports = [one.report() for one in running]

        before = len(expected)
        expected |= {f"A-{n:04}": status for n, status in (early | late).items()}
        assert statuses(house) == expected
        assert sum(report["rows"]["added"] for report in reports) == len(expected) - before
        assert sorted(report["event"] for report in reports) == [2 * turn + 1, 2 * turn + 2]
    assert [event.number for event in events(house)] == list(range(1, 2 * ROUNDS + 1))
    assert on_disk(house) == {batch.id for batch in batches(house)}
    audit(house)


def test_the_same_file_twice_at_once(house: Workspace, tmp_path: Path, processes: Loader) -> None:
    for turn in range(ROUNDS):
        rows = [application(n, f"turn-{turn}", updated=turn + 1) for n in range(CASES)]
        file = written(tmp_path / f"{turn}.csv", rows)
        running = [processes.start(house.settings.home, file) for _ in range(2)]
        reports = [one.report() for one in running]
        assert sorted(report["nothing_new"] for report in reports) == [False, True]
        assert {report["event"] for report in reports} == {turn + 1}
        assert set(statuses(house).values()) == {f"turn-{turn}"}
    assert len(events(house)) == len(batches(house)) == len(on_disk(house)) == ROUNDS


def test_two_full_files_at_once_bury_by_what_the_other_left(
    house: Workspace, tmp_path: Path, processes: Loader
) -> None:
    """Whichever comes second compares with the first and says what vanishes."""
    for turn in range(ROUNDS):
        cases = {side: [*range(200), 200 + 2 * turn + side] for side in (0, 1)}
        files = [
            written(
                tmp_path / f"{turn}-{side}.csv", [application(n, f"{turn}") for n in cases[side]]
            )
            for side in (0, 1)
        ]
        running = [processes.start(house.settings.home, file, scope="full") for file in files]
        reports = [one.report() for one in running]
        last = max((0, 1), key=lambda side: reports[side]["event"])
        assert set(statuses(house)) == {f"A-{n:04}" for n in cases[last]}
        assert reports[last]["rows"]["vanished"] == 1


def test_different_contracts_at_once(house: Workspace, tmp_path: Path, processes: Loader) -> None:
    one = written(tmp_path / "a.csv", [application(n) for n in range(CASES)])
    other = written(tmp_path / "b.csv", [stock(day, day) for day in range(1, 31)])
    running = [processes.start(house.settings.home, file) for file in (one, other)]
    assert sorted(one.report()["event"] for one in running) == [1, 2]
    assert len(statuses(house)) == CASES
    assert len(winners(house, "blank_stock", "on_hand")) == 30
