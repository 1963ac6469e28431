"""A load killed at any moment leaves the old state or the new one, and the next load cleans up."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from data.store.batches import STAGING
from data.workspace import Workspace
from tests.data.extracts.loader import Loader, Running, loader
from tests.data.extracts.loads import (
    application,
    audit,
    batches,
    events,
    founded,
    load,
    on_disk,
    statuses,
    stock,
    written,
)

CASES = 3_000
RANDOM_KILLS = 18
Reached = Callable[[Path], bool]


def staged(pattern: str) -> Reached:
    return lambda extracts: any((extracts / STAGING).glob(pattern))


def batches_in_place(extracts: Path) -> int:
    return sum(1 for _ in extracts.glob("applications/batch-*"))


# Points every load passes, in their order, as seen from outside.
POINTS: dict[str, Reached] = {
    "staging folder made": staged("*/accepted"),
    "file being read": staged("*/scratch"),
    "rows laid out by year": staged("*/accepted/2025/*.parquet"),
    "tombstones written": staged("*/accepted/tombstones.parquet"),
}


@pytest.fixture(scope="module")
def processes() -> Iterator[Loader]:
    with loader() as started:
        yield started


class Story:
    """One house, load after load: each makes one case vanish and moves all others on."""

    def __init__(self, house: Workspace, folder: Path) -> None:
        self.house, self.folder, self.step = house, folder, 0
        self.state: dict[str, str] = {}
        self.kept = 0

    def next_file(self) -> tuple[Path, dict[str, str]]:
        """A full file and the state it leads to."""
        self.step += 1
        numbers = [n for n in range(CASES) if n != self.step]
        # Rising by the minute, so that every file is newer than the one before.
        moment = f"2025-04-01 {self.step // 60:02}:{self.step % 60:02}:00"
        rows = [application(n, f"step-{self.step}", updated_at=moment) for n in numbers]
        path = written(self.folder / f"{self.step}.csv", rows)
        return path, {f"A-{n:04}": f"step-{self.step}" for n in numbers}

    def settle(self, new: dict[str, str]) -> bool:
        """After a kill: exactly the old state or the new one; True if the new one."""
        found, catalogued = statuses(self.house), len(batches(self.house))
        assert found in (self.state, new)
        became_new = found == new
        assert catalogued == self.kept + became_new
        assert [event.number for event in events(self.house)] == list(range(1, catalogued + 1))
        loaded = [entry for entry in audit(self.house) if entry.tag == "extracts.loaded"]
        assert len(loaded) == catalogued
        self.state, self.kept = found, catalogued
        return became_new

    def clean_up(self) -> bool:
        """The next load works and sweeps; True if there was anything to sweep."""
        known = {batch.id for batch in batches(self.house)}
        left_behind = bool(on_disk(self.house) - known) or len(list(self.staging())) > 0
        report = load(self.house, written(self.folder / "s.csv", [stock(1, self.step)]))
        assert report.event == self.kept + 1
        self.kept += 1
        assert on_disk(self.house) == known | {report.batch}
        assert not list(self.staging())
        return left_behind

    def staging(self) -> Iterator[Path]:
        folder = self.house.settings.extracts / STAGING
        return (path for path in folder.iterdir() if path.name != "gate")


@pytest.fixture
def story(workspace: Workspace, tmp_path: Path, processes: Loader) -> Story:
    story = Story(founded(workspace), tmp_path)
    file, state = story.next_file()
    processes.start(workspace.settings.home, file, scope="full").report()
    assert story.settle(state)
    return story


def test_killed_at_any_moment_it_is_the_old_state_or_the_new(
    story: Story, processes: Loader
) -> None:
    home = story.house.settings.home
    file, state = story.next_file()
    began = time.perf_counter()
    processes.start(home, file, scope="full").report()
    usual = time.perf_counter() - began
    assert story.settle(state)

    chance = random.Random(20250301)  # noqa: S311  (it only spreads the kills)
    became_new, left_behind = [], []
    for part in range(RANDOM_KILLS):
        file, state = story.next_file()
        running = processes.start(home, file, scope="full")
        time.sleep(usual * 1.1 * (part + chance.random()) / RANDOM_KILLS)
        running.kill()
        became_new.append(story.settle(state))
        left_behind.append(story.clean_up())
    assert any(left_behind), "no kill came in the middle of a load"
    assert not all(became_new)


@pytest.mark.parametrize("point", POINTS)
def test_killed_before_its_rows_are_in_place_it_is_the_old_state(
    story: Story, processes: Loader, point: str
) -> None:
    for _ in range(2):
        file, state = story.next_file()
        running = processes.start(story.house.settings.home, file, scope="full")
        wait_for(running, lambda: POINTS[point](story.house.settings.extracts))
        running.kill()
        became_new = story.settle(state)
        assert story.clean_up() or became_new


def test_killed_around_its_commit_it_is_one_or_the_other(story: Story, processes: Loader) -> None:
    extracts = story.house.settings.extracts
    for _ in range(4):
        file, state = story.next_file()
        before = batches_in_place(extracts)
        running = processes.start(story.house.settings.home, file, scope="full")
        wait_for(running, partial(one_more_in_place, extracts, before))
        running.kill()
        story.settle(state)
        story.clean_up()


def test_killed_after_its_commit_it_is_the_new_state(story: Story, processes: Loader) -> None:
    for _ in range(2):
        file, state = story.next_file()
        running = processes.start(story.house.settings.home, file, scope="full")
        wait_for(running, lambda: len(events(story.house)) > story.kept)
        running.kill()
        assert story.settle(state)
        story.clean_up()


def one_more_in_place(extracts: Path, before: int) -> bool:
    return batches_in_place(extracts) > before


def wait_for(running: Running, reached: Callable[[], bool]) -> None:
    while not reached():
        if not running.is_alive:
            assert reached(), "the load ended before it came there"
