"""A load killed at any moment leaves the old state or the new one, and the next load cleans up."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.store.batches import STAGING
from data.workspace import Workspace
from tests.data.extracts.loader import BEFORE_COMMIT, Loader, Running, loader
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
COMMIT = 0.02  # seconds in which a commit is likely to fall


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
    usual = min(seconds(story, processes) for _ in range(2))
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


@pytest.mark.parametrize("point", BEFORE_COMMIT)
def test_killed_before_its_commit_it_is_the_old_state(
    story: Story, processes: Loader, point: str
) -> None:
    file, state = story.next_file()
    halted_at(point, story, processes, file).kill()
    assert not story.settle(state)
    assert story.clean_up()


@pytest.mark.parametrize("point", BEFORE_COMMIT)
def test_killed_on_its_way_from_there_it_is_one_or_the_other(
    story: Story, processes: Loader, point: str
) -> None:
    file, state = story.next_file()
    running = halted_at(point, story, processes, file)
    running.go_on()
    running.kill()
    became_new = story.settle(state)
    assert story.clean_up() or became_new


def test_killed_around_its_commit_it_is_one_or_the_other(story: Story, processes: Loader) -> None:
    chance = random.Random(20250401)  # noqa: S311  (it only spreads the kills)
    for _ in range(4):
        file, state = story.next_file()
        running = halted_at("rows in place", story, processes, file)
        running.go_on()
        time.sleep(chance.random() * COMMIT)
        running.kill()
        story.settle(state)
        story.clean_up()


def test_killed_after_its_commit_it_is_the_new_state(story: Story, processes: Loader) -> None:
    for _ in range(2):
        file, state = story.next_file()
        halted_at("catalogued", story, processes, file).kill()
        assert story.settle(state)
        assert story.clean_up()


def seconds(story: Story, processes: Loader) -> float:
    """How long a load took that was let be."""
    file, state = story.next_file()
    began = time.perf_counter()
    processes.start(story.house.settings.home, file, scope="full").report()
    took = time.perf_counter() - began
    assert story.settle(state)
    return took


def halted_at(point: str, story: Story, processes: Loader, file: Path) -> Running:
    """A load that has come to a point and goes no further."""
    running = processes.start(story.house.settings.home, file, scope="full", halt=point)
    running.wait_until_halted()
    return running
