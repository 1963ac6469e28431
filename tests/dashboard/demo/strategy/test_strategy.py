"""The strategy of the demo agency: two editions, sound, said in three languages, played once."""

from __future__ import annotations

import pytest

from dashboard.demo.strategy.strategy import play_strategy
from data.access.actor import SYSTEM
from data.access.permissions import Permission
from kpis.register import read_kpis
from kpis.strategy import EditionState, compare, in_force, read_editions
from tests.dashboard.demo.playing_house import SPEC, bare_house


def test_two_editions_are_played_and_played_again_nothing_changes(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    house = bare_house(tmp_path_factory.mktemp("demo-strategy"), "sq")
    play_strategy(house, SPEC)
    with house.read(SYSTEM, Permission.STRATEGY_VIEW) as reader:
        newest, oldest = read_editions(reader)
        standing = in_force(reader)
        serving = {code: one.objective_code for code, one in read_kpis(reader).items()}
    assert standing is not None
    assert standing.id == newest.id
    assert oldest.value.state is EditionState.REPLACED
    assert int(newest.id) == int(oldest.id) + 1
    added = {one.code for one in compare(oldest.value, newest.value) if one.change == "added"}
    assert {"1.1", "5.2"} <= added
    for code, one in newest.value.by_code.items():
        assert {kpi for kpi, served in serving.items() if served == code} == set(one.kpis)
        assert one.owner
    assert len(newest.value.objectives) == 9
    assert len(newest.value.links) == 7
    assert newest.at.date() < SPEC.today
    play_strategy(house, SPEC)
    with house.read(SYSTEM, Permission.STRATEGY_VIEW) as reader:
        assert [kept.version for kept in read_editions(reader)] == [newest.version, oldest.version]
    house.database.dispose()
