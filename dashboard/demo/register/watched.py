"""What watches over the risks: controls and their tests, indicators, incidents that happened."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from dashboard.demo.register.days import AFTERNOON, DAWN, Days
from dashboard.demo.register.scripts import Row, control_notes, row_of, rows_of, script_of
from dashboard.demo.register.stage import COORDINATOR, Cue, Stage, address
from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.errors import NotFound
from data.period import Frequency
from risks.controls.actions import keep_control, record_test
from risks.controls.reading import read_controls
from risks.controls.record import ControlKind, ControlWording
from risks.incidents.actions import record_incident
from risks.incidents.record import IncidentWording
from risks.indicators.actions import Said, keep_indicator
from risks.indicators.reading import read_indicators
from risks.indicators.thresholds import STALE_AFTER, DangerSide, Thresholds
from risks.register.tested import Verdict

TESTED, WATCHED = AFTERNOON + 20, AFTERNOON + 40  # after the controls of the day are kept


def watched(days: Days) -> Iterator[Cue]:
    """Everything that watches over risks, each at its moment."""
    for place, row in enumerate(rows_of("controls")):
        moment = days.moment(days.day(row["kept"]), AFTERNOON + place)
        yield Cue(moment, f"control {row['key']}", partial(_keep_control, row))
        for test in row["tests"]:
            moment = days.moment(days.day(test["at"]), TESTED + place)
            yield Cue(moment, f"test of {row['key']}", partial(_test, row["key"], test))
    for place, row in enumerate(rows_of("indicators")):
        moment = days.moment(days.day(row["kept"]), WATCHED + place)
        yield Cue(moment, f"indicator {row['key']}", partial(_keep_indicator, row))
    for place, row in enumerate(rows_of("incidents")):
        moment = days.moment(days.day(row["at"]), DAWN + 20 + place)
        yield Cue(moment, f"incident of {row['risks'][0]}", partial(_record, row))


def control_code(stage: Stage, key: str) -> str:
    """The code of the control of this key; none is NotFound."""
    title = stage.say(row_of("controls", key)["title"])
    with stage.workspace.read(SYSTEM, Permission.RISK_VIEW) as reader:
        found = [one.code for one in read_controls(reader) if one.title == title]
    return _only(found, key)


def indicator_code(stage: Stage, key: str) -> str:
    """The code of the indicator of this key; none is NotFound: what it watches is not published."""
    title = stage.say(row_of("indicators", key)["title"])
    with stage.workspace.read(SYSTEM, Permission.RISK_VIEW) as reader:
        kept = [one.indicator for one in read_indicators(reader)]
    return _only([one.code for one in kept if one.title == title], key)


def _only(codes: list[str], key: str) -> str:
    if not codes:
        raise NotFound("demo.refused.not_kept", named=key)
    return codes[0]


def _keep_control(row: Row, stage: Stage) -> None:
    wording = ControlWording(
        title=stage.say(row["title"]),
        description=stage.say(row["text"]),
        kind=ControlKind(row["kind"]),
        owner=address(row["owner"]),
        unit_code=row["unit"],
        next_test=stage.days.day(row["first"]),
        test_every_days=row["every"],
    )
    keep_control(stage.workspace, by=stage.actor(COORDINATOR), wording=wording, demo=True)


def _test(key: str, test: Row, stage: Stage) -> None:
    record_test(
        stage.workspace,
        by=stage.actor(COORDINATOR),
        code=control_code(stage, key),
        design=Verdict(test["design"]),
        operating=Verdict(test["operating"]),
        note=stage.say(control_notes()[test["note"]]),
    )
    stage.turn()


def _keep_indicator(row: Row, stage: Stage) -> None:
    frequency = Frequency(row["frequency"])
    said = Said(
        title=stage.say(row["title"]),
        kpi_code=row["kpi"],
        frequency=frequency,
        thresholds=Thresholds(
            side=DangerSide(row["side"]),
            amber=row["amber"],
            red=row["red"],
            periods=row["periods"],
            min_cases=row.get("min_cases", 0),
            stale_after_days=STALE_AFTER[frequency],
        ),
        office_code=row.get("office"),
        service_code=row.get("service"),
    )
    keep_indicator(stage.workspace, by=stage.actor(COORDINATOR), said=said, demo=True)


def _record(row: Row, stage: Stage) -> None:
    wording = IncidentWording(
        title=stage.say(row["title"]),
        description=stage.say(row["text"]),
        happened_on=stage.days.day(row["happened"]),
        unit_code=row["unit"],
        loss=row.get("loss"),
        risks=tuple(stage.risk(script_of(one)).code for one in row["risks"]),
    )
    record_incident(stage.workspace, by=stage.actor(row["by"]), wording=wording, demo=True)
    stage.turn()
