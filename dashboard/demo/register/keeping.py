"""How the register is kept: criteria and appetite decided on, somebody standing in, the register
published each quarter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from dashboard.demo.register.days import DAWN, EVENING, Days
from dashboard.demo.register.scripts import Row, phrases, rows_of
from dashboard.demo.register.stage import COORDINATOR, DIRECTOR, LABEL, Cue, Stage, address
from data.access.permissions import Permission
from data.period import Period
from risks.appetite.actions import decide_appetite, propose_appetite
from risks.appetite.history import waiting_statements
from risks.appetite.statement import Appetite
from risks.criteria.actions import decide_criteria, propose_criteria
from risks.criteria.reading import in_force, read_versions
from risks.criteria.scale import Criteria, CriteriaState
from risks.deputies.actions import name_deputy
from risks.following.actions import follow_criteria
from risks.snapshots.actions import take_snapshot

CRITERIA_PROPOSED, CRITERIA_DECIDED = (19, 13), (19, 20)
RARE, RUINOUS, HIGH = 0, 4, "high"  # the cell that is judged higher from then on


def kept(days: Days) -> Iterator[Cue]:
    """Everything by which the register is kept, each at its moment."""
    yield from _appetite(days)
    yield from _criteria(days)
    yield from _deputies(days)
    yield from _snapshots(days)


def _appetite(days: Days) -> Iterator[Cue]:
    for place, row in enumerate(rows_of("appetite")):
        said = days.moment(days.day(row["said"]), EVENING + 10 + place)
        decided = days.moment(days.day(row["from"]), DAWN + place)
        name = f"appetite of {row['category']}"
        yield Cue(said, name, partial(_propose_appetite, row))
        yield Cue(decided, f"{name} decided", partial(_decide_appetite, row["category"]))


def _propose_appetite(row: Row, stage: Stage) -> None:
    said = Appetite(
        category=row["category"],
        statement=LABEL + stage.say(row["text"]),
        optimal=row["optimal"],
        tolerable=row["tolerable"],
        tolerance=tuple((chance, loss) for chance, loss in row.get("tolerance", ())),
        valid_from=stage.days.day(row["from"]),
        valid_to=None,
        assumption=True,
    )
    propose_appetite(stage.workspace, by=stage.actor(COORDINATOR), said=said)


def _decide_appetite(category: str, stage: Stage) -> None:
    director = stage.actor(DIRECTOR)
    with stage.workspace.read(director, Permission.CRITERIA_DECIDE) as reader:
        waiting = [one for one in waiting_statements(reader) if one.said.category == category]
    for one in waiting:
        decide_appetite(
            stage.workspace,
            by=director,
            statement_id=one.id,
            version=one.row_version,
            approve=True,
        )


def _criteria(days: Days) -> Iterator[Cue]:
    proposed = days.moment(days.day(CRITERIA_PROPOSED), EVENING)
    decided = days.day(CRITERIA_DECIDED)
    yield Cue(proposed, "criteria", _propose_criteria)
    yield Cue(days.moment(decided, EVENING), "criteria decided", _decide_criteria)
    yield Cue(days.moment(decided, EVENING + 1), "criteria followed", _follow, repeats=True)


def _propose_criteria(stage: Stage) -> None:
    coordinator, reason = stage.actor(COORDINATOR), stage.say(phrases()["criteria"])
    with stage.workspace.read(coordinator, Permission.CRITERIA_PROPOSE) as reader:
        wanted = _sterner(in_force(reader))
    propose_criteria(stage.workspace, by=coordinator, criteria=wanted, reason=reason)


def _sterner(criteria: Criteria) -> Criteria:
    rows = [list(row) for row in criteria.matrix]
    rows[RARE][RUINOUS] = HIGH
    return replace(criteria, matrix=tuple(map(tuple, rows)))


def _decide_criteria(stage: Stage) -> None:
    director, note = stage.actor(DIRECTOR), stage.say(phrases()["criteria_decided"])
    with stage.workspace.read(director, Permission.CRITERIA_DECIDE) as reader:
        versions = read_versions(reader)
    waiting = [one.version for one in versions if one.state is CriteriaState.DRAFT]
    for one in waiting:
        decide_criteria(stage.workspace, by=director, version=one, approve=True, note=note)


def _follow(stage: Stage) -> None:
    follow_criteria(stage.workspace)
    stage.turn()


def _deputies(days: Days) -> Iterator[Cue]:
    for row in rows_of("stand_ins"):
        named = days.moment(days.day(row["named"]), DAWN)
        yield Cue(named, f"deputy of {row['owner']}", partial(_name_deputy, row))


def _name_deputy(row: Row, stage: Stage) -> None:
    name_deputy(
        stage.workspace,
        by=stage.actor(row["owner"]),
        owner=address(row["owner"]),
        deputy=address(row["deputy"]),
        valid_from=stage.days.day(row["from"]),
        valid_to=stage.days.day(row["to"]),
        reason=stage.say(phrases()["deputy"]),
    )


def _snapshots(days: Days) -> Iterator[Cue]:
    for quarter, day in days.quarters():
        name = f"register of {quarter.code}"
        yield Cue(days.moment(day, EVENING), name, partial(_publish, quarter))


def _publish(quarter: Period, stage: Stage) -> None:
    label = stage.say(phrases()["snapshot"]).format(quarter=quarter.code)
    take_snapshot(stage.workspace, by=stage.actor(COORDINATOR), label=label, published=True)
