"""Playing the register: every cue at its moment, by the clock of the stage.

Killed anywhere, a play goes on where it stopped: the last moment that the audit trail tells of the
register is where it had come.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from dashboard.demo.register.days import Days
from dashboard.demo.register.habits import habits
from dashboard.demo.register.keeping import kept
from dashboard.demo.register.opening import risk_cues
from dashboard.demo.register.scripts import risk_scripts
from dashboard.demo.register.stage import Cue, Stage
from dashboard.demo.register.watched import watched
from dashboard.demo.spec import DemoSpec
from data.access.actor import SYSTEM
from data.auditing import Wanted, entries
from data.errors import Refusal
from data.store.tables import AuditEntry
from data.workspace import Workspace
from risks.criteria.actions import found_register

OF_THE_REGISTER = "risks."  # how the tags of its audit entries begin
AT_ONCE = 200
NOTHING_YET = timedelta(days=1)


def silent(_done: float) -> None:
    """Progress nobody watches."""


def play_register(
    workspace: Workspace, spec: DemoSpec, progress: Callable[[float], None] = silent
) -> Stage:
    """Play what is not played yet up to the end of the demo; returns the stage as it is left.

    What the house refuses is left out and told in `missed`, so that no installation fails by it.
    """
    days = Days(spec)
    cues = script(days)
    stage = Stage(workspace, days, now=cues[0].moment - NOTHING_YET)
    found_register(stage.workspace, by=SYSTEM)
    come = _come(workspace, days) or stage.now
    for number, cue in enumerate(cues, start=1):
        if cue.moment > come or (cue.repeats and cue.moment == come):
            _play(stage, cue)
            progress(number / len(cues))
    return stage


def script(days: Days) -> list[Cue]:
    """Every cue up to the end of the demo, in the order of time."""
    cues = [*kept(days), *watched(days), *habits(days)]
    cues += [cue for one in risk_scripts() for cue in risk_cues(one, days)]
    end = days.moment(days.spec.today, 0)
    return sorted((cue for cue in cues if cue.moment < end), key=lambda cue: cue.moment)


def _play(stage: Stage, cue: Cue) -> None:
    stage.now = cue.moment
    try:
        cue.play(stage)
    except Refusal as refused:
        stage.missed.append(f"{stage.today} {cue.name}: {refused.key} {refused.values}")


def _come(workspace: Workspace, days: Days) -> datetime | None:
    """The minute to which the register has been played; None: not begun."""
    until = days.moment(days.spec.today, 0)
    for entry in _newest(workspace, Wanted(until=until)):
        if entry.tag.startswith(OF_THE_REGISTER):
            return entry.at.replace(second=0, microsecond=0)
    return None


def _newest(workspace: Workspace, wanted: Wanted) -> Iterator[AuditEntry]:
    """The trail, the newest entry first."""
    offset = 0
    while found := entries(workspace, by=SYSTEM, wanted=wanted, limit=AT_ONCE, offset=offset):
        yield from found
        offset += len(found)
