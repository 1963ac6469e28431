"""Definitions as of any moment: version, place, objective, owner and retirement as shown then."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.errors import Refusal
from data.store.tables import Objective, Person
from data.workspace import Then, Workspace
from kpis.catalogue import catalogue
from kpis.defining.actions import (
    assign_kpi,
    define_kpi,
    import_kpis,
    reinstate_kpi,
    retire_kpi,
    save_kpi,
)
from kpis.defining.document import write_documents
from kpis.defining.guards import Charge
from kpis.defining.reading import read_defined
from kpis.register import read_kpis
from tests.begun import with_kpis
from tests.kpis.conftest import settings_in
from tests.kpis.defining.test_saving import entry_of, renamed

CODES = ("SD-01", "SD-06", "NW-01", "NW-02")
PEOPLE = ("a@example.org", "b@example.org")
PLAYED = 30
BY_CODE = {entry.definition.code: entry for entry in catalogue()}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    workspace = with_kpis(Workspace.open(settings_in(tmp_path_factory.mktemp("recalled"))))
    with workspace.database.writing() as session:
        for number in (1, 2):
            name = f"Aim {number}"
            named = {"name_sq": name, "name_sr": name, "name_en": name}
            aim = {"code": f"3.{number}", "challenge": 3, **named}
            session.add(Objective.model_validate(aim))
        for email in PEOPLE:
            session.add(Person(email=email, name=email[0], created_at=datetime.now(UTC)))
    yield workspace
    workspace.database.dispose()


def shown(house: Workspace) -> dict[str, Any]:
    """Everything that is told of definitions; publications are not among it."""
    with house.read(SYSTEM, Permission.KPI_DEFINE) as reader:
        known = read_defined(reader)
        kpis, of = read_kpis(reader), {one.code for one in known}
        return {
            "defined": known,
            "file": write_documents(one.entry for one in known if one.code == CODES[-1]),
            "kpis": [kpis[code] for code in kpis],
            "aside": list(read_kpis(reader, scorecard=False)),
            "retired": {code: read_kpis(reader, [code]) for code in CODES if code in of},
        }


def play(house: Workspace, dice: random.Random) -> None:
    """One random deed."""
    code, number = dice.choice(CODES), dice.randrange(10**6)
    with house.read(SYSTEM, Permission.KPI_DEFINE) as reader:
        known = {one.code: one for one in read_defined(reader)}
    like = renamed(BY_CODE.get(code) or entry_of(code), f"Name {number}")
    owner = dice.choice(PEOPLE)
    match dice.randrange(6):
        case 0 | 1:
            entry = replace(like, position=dice.randrange(99), scorecard=dice.random() < 0.5)
            save_kpi(
                house,
                by=SYSTEM,
                entry=entry,
                charge=Charge(dice.choice(["3.1", "3.2", None]), owner),
                reason="because",
                seen=known[code].version if code in known else None,
            )
        case 2:
            assign_kpi(house, by=SYSTEM, code=code, objective_code="3.1", owner_email=owner)
        case 3:
            seen = {code: one.version for code, one in known.items()}
            day = date(2024, 1, 1)
            import_kpis(house, by=SYSTEM, entries=[like], reason="file", valid_from=day, seen=seen)
        case 4:
            define_kpi(house, by=SYSTEM, entry=like, reason="catalogue")
        case _:
            retired = code in known and known[code].retired_at is not None
            (reinstate_kpi if retired else retire_kpi)(house, by=SYSTEM, code=code, reason="so")


def test_what_was_shown_at_a_moment_is_shown_as_of_it(house: Workspace) -> None:
    dice = random.Random(4)  # noqa: S311
    told = [(datetime.now(UTC), shown(house))]
    while len(told) < PLAYED:
        try:
            play(house, dice)
        except Refusal:
            continue
        told.append((datetime.now(UTC), shown(house)))
    assert {*CODES} <= {one.code for one in told[-1][1]["defined"]}
    assert any(one.retired_at for one in told[-1][1]["defined"])
    for moment, then in told:
        assert shown(house.at(Then(0, moment))) == then
