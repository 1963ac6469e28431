"""The history of a risk, step by step."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from data.access.permissions import Permission
from risks.register.reading import read_past
from risks.register.steps import Step, steps
from risks.register.wording import Wording
from tests.risks.house import RiskHouse
from tests.risks.told import told


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> RiskHouse:
    return told(tmp_path_factory)


@pytest.fixture(scope="module")
def history(house: RiskHouse) -> tuple[Step, ...]:
    with house.workspace.read(house["auditor"], Permission.RISK_VIEW) as reader:
        return steps(read_past(reader, house.risk()))


def test_every_change_is_a_step_and_the_last_one_left_what_stands(
    house: RiskHouse, history: tuple[Step, ...]
) -> None:
    assert [one.version for one in history] == list(range(1, len(history) + 1))
    assert history[-1].risk == house.risk()
    assert [one.tag.removeprefix("risks.") for one in history] == [
        "drafted", "assessed", "assessed", "proposed", "approved", "assessed", "assessed",
        "treatment_added", "treated", "treatment_updated", "commented", "reviewed", "edited",
    ]  # fmt: skip


def test_a_step_tells_each_value_before_and_after(history: tuple[Step, ...]) -> None:
    first, *_, moved_due, commented, reviewed, worded = history
    assert first.moved == ()
    (title,) = worded.moved
    assert (title.part, title.field, title.old, title.new) == (
        None, "title", "Blank passports run out", "Blank passports ran short",
    )  # fmt: skip
    due = next(one for one in moved_due.moved if one.field == "due")
    assert (due.part, due.old, due.new) == ("treatments", date(2025, 2, 17), date(2025, 3, 19))
    assert moved_due.cause == {"reason": "The tender failed"}
    (comment,) = commented.moved
    assert (comment.part, comment.field, comment.new.text) == ("comments", None, "Seen, thank you")
    assert {one.part for one in reviewed.moved} == {None, "assessments", "reviews"}
    assert {one.field for one in reviewed.moved if one.part is None} == {"next_review"}


def test_what_is_told_adds_up_to_the_record(history: tuple[Step, ...]) -> None:
    """Whatever differs between two records is told, and nothing else is."""
    for before, after in pairwise(history):
        told_fields = {one.field for one in after.moved if one.part is None}
        for name in Wording.__dataclass_fields__:
            is_different = getattr(before.risk, name) != getattr(after.risk, name)
            assert (name in told_fields) == is_different
        told_parts = {one.part for one in after.moved if one.part}
        assert ("treatments" in told_parts) == (before.risk.treatments != after.risk.treatments)
