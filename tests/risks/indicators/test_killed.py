"""An evaluation that is killed anywhere is ended by the next one, and nothing is done twice."""

from __future__ import annotations

import itertools
import shutil
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from data.access.permissions import Permission
from data.store.database import Database
from data.workspace import Workspace
from risks.indicators.evaluating.actions import evaluate_indicators
from risks.register.kinds import Effect
from risks.register.reading import read_past
from risks.register.states import Status
from tests.risks.indicators.houses import BAD, GOOD, WatchedHouse, watched_house


@pytest.fixture
def house(workspace: Workspace) -> WatchedHouse:
    """An indicator that is not red yet."""
    house = watched_house(workspace)
    house.load({"2025-01": GOOD})
    house.watch()
    house.evaluate()
    return house


class Killed(BaseException):
    """The process ends here."""


def test_killed_at_any_door_the_next_evaluation_ends_it(
    house: WatchedHouse, tmp_path: Path
) -> None:
    for effect in (Effect.ESCALATE, Effect.REVIEW):
        house.link(effect, house.accepted().code)
    house.load({"2025-02": BAD, "2025-03": BAD})
    whole = evaluated_in_copy(house, tmp_path / "whole", killed_at=None)
    assert whole is not None
    assert [status for status, _tags in whole] == [Status.OPEN, Status.ACCEPTED]
    doors = 0
    while (ended := evaluated_in_copy(house, tmp_path / str(doors), killed_at=doors)) is not None:
        assert ended == whole
        doors += 1
    assert doors == 8  # the turn, three steps, and four looks at what is due


def evaluated_in_copy(
    house: WatchedHouse, folder: Path, *, killed_at: int | None
) -> list[tuple[Status, list[str]]] | None:
    """How the risks of a copy of the house stand, and by which steps, after an evaluation.

    It is killed as it comes to a door, and then done once more; None where it ended before.
    """
    house.workspace.database.dispose()
    file = Path(make_url(house.workspace.database.url).database or "")
    copied = Path(shutil.copy(file, folder.with_suffix(".db")))
    doors = itertools.count()

    def clock() -> datetime:
        if next(doors) == killed_at:
            raise Killed
        return house.clock.now

    database = Database(f"sqlite:///{copied}")
    copy = WatchedHouse(Workspace(house.workspace.settings, database, None, clock), house.clock)
    copy.people = house.people
    if killed_at is not None:
        try:
            evaluate_indicators(copy.workspace)
            return None
        except Killed:
            pass
    evaluate_indicators(copy.workspace)
    ended = [(copy.risk(code).status, tags_of(copy, code)) for code in ("R-0001", "R-0002")]
    database.dispose()
    return ended


def tags_of(house: WatchedHouse, code: str) -> list[str]:
    with house.workspace.read(house["auditor"], Permission.RISK_VIEW) as reader:
        return [one.tag for one in read_past(reader, house.risk(code))]
