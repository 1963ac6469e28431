"""Who acts on KPIs, as a pack says it: actions, and what is overdue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from data.language.languages import LocalText
from data.period import Period
from kpis.commentary import ActionState, Late
from reports.packs.common import Wording


@dataclass(frozen=True)
class ActionRow:
    """Something somebody does about a KPI, until when, and how it stands."""

    number: int
    code: str | None
    period: Period | None  # that it answers
    office: LocalText | None  # None: the whole agency
    what: Wording
    owner: str
    due: date
    first_due: date
    state: ActionState
    late: Late | None  # what is overdue of it
    heard_on: date
    result: Wording | None = None

    @property
    def is_open(self) -> bool:
        return self.state in (ActionState.PLANNED, ActionState.IN_PROGRESS)


@dataclass(frozen=True)
class OverdueRow:
    """Commentary, an action or word of an action that should have come by a day."""

    kind: Late
    code: str
    since: date
    owner: str | None = None
    what: Wording | None = None
