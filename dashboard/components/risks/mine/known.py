"""What the page of one's own risks is drawn from, read at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from dashboard.components.risks.words import level_text
from dashboard.context import PageContext
from data.access.actor import WHOLE_AGENCY
from data.access.permissions import Permission
from data.language.texts import Texts
from data.workspace import Reader
from risks.appetite.history import Stated, waiting_statements
from risks.calibration import Score
from risks.criteria.reading import CriteriaVersion, all_criteria, read_versions
from risks.criteria.scale import Criteria, CriteriaState
from risks.deputies.reading import StandIn, read_deputies
from risks.incidents.forecasts import forecasts, scores
from risks.incidents.reading import read_incidents
from risks.register.hands import owners_stood_in_for
from risks.register.naming import Naming, read_naming
from risks.register.reading import read_register
from risks.register.record import Risk
from risks.register.states import ACTIVE, Status
from risks.register.waiting import Matter, Waiting, waiting_for

LATE = frozenset({Matter.ANSWER, Matter.TREATMENT_LATE, Matter.REVIEW_LATE})
KEPT = ACTIVE | {Status.DRAFT, Status.PROPOSED}  # what is still somebody's to work on
AHEAD = timedelta(days=92)  # how far the calm look ahead reaches


@dataclass(frozen=True, slots=True)
class Known:
    """Everything about the person and the register, and the words for it."""

    waiting: tuple[Waiting, ...]
    statements: tuple[Stated, ...]  # of appetite, to decide on
    proposals: tuple[CriteriaVersion, ...]  # of criteria, to decide on
    own: tuple[Risk, ...]  # by number
    deputies: tuple[StandIn, ...]  # who stands in for the person, now or later
    stands_in: tuple[StandIn, ...]  # for whom the person stands in, now or later
    score: Score | None
    versions: Mapping[int, Criteria]
    naming: Naming
    today: date

    @property
    def count(self) -> int:
        """How many things wait."""
        return len(self.waiting) + len(self.statements) + len(self.proposals)

    @property
    def late(self) -> tuple[Waiting, ...]:
        """What should have been done by now."""
        return tuple(one for one in self.waiting if one.matter in LATE)

    @property
    def next_review(self) -> Risk | None:
        """The own risk that is reviewed next."""
        dated = [one for one in self.own if one.next_review is not None]
        return min(dated, key=lambda one: one.next_review or date.max, default=None)

    def level(self, texts: Texts, risk: Risk) -> str:
        """The level of a risk by the criteria by which it was judged."""
        last = risk.current
        if last is None:
            return texts.text("risk.not_assessed")
        return level_text(texts, self.versions[last.criteria_version], last.level)

    def person(self, email: str) -> str:
        return self.naming.people.get(email, email)


def read(context: PageContext) -> Known:
    """What concerns the person who looks, and nobody else."""
    actor = context.actor
    with context.workspace.read(actor, Permission.RISK_VIEW) as reader:
        risks, today = read_register(reader), reader.today
        owners = owners_stood_in_for(reader, actor.email)
        own = tuple(one for one in risks if one.owner == actor.email)
        versions = all_criteria(reader)
        told = forecasts(own, read_incidents(reader), versions, today)
        named = [one for one in read_deputies(reader) if _is_of(one, today)]
        return Known(
            waiting_for(risks, actor, today, stands_in_for=owners),
            *_proposed(reader),
            tuple(one for one in own if one.status in KEPT),
            tuple(one for one in named if one.owner == actor.email),
            tuple(one for one in named if one.deputy == actor.email),
            scores(told).overall,
            versions,
            read_naming(reader),
            today,
        )


def _proposed(reader: Reader) -> tuple[tuple[Stated, ...], tuple[CriteriaVersion, ...]]:
    """What others propose of appetite and criteria, to whoever decides on it for the agency."""
    by = reader.by
    if not by.may_in(Permission.CRITERIA_DECIDE, WHOLE_AGENCY):
        return (), ()
    return (
        tuple(one for one in waiting_statements(reader) if one.proposed_by != by.email),
        tuple(
            one
            for one in read_versions(reader)
            if one.state is CriteriaState.DRAFT and one.author != by.email
        ),
    )


def _is_of(one: StandIn, today: date) -> bool:
    """Whether it holds today or later."""
    return one.ended_at is None and one.valid_to >= today
