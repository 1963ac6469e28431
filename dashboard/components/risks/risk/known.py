"""What the page of a risk is drawn from, read at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from dashboard.components.risks.words import person_name
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.language.texts import Texts
from data.workspace import Reader, Then, Workspace
from risks.appetite.statement import Appetite, read_appetite
from risks.controls.reading import read_controls
from risks.controls.record import Control
from risks.criteria.reading import all_criteria, in_force
from risks.criteria.scale import Criteria
from risks.register.hands import Hand, hand_of
from risks.register.naming import Naming, read_naming
from risks.register.offering import Offer, offered
from risks.register.reading import published_at, read_risk
from risks.register.record import Assessment, Risk


@dataclass(frozen=True, slots=True)
class Known:
    """A risk, by what it is measured and called, and what the person may do with it."""

    context: PageContext
    risk: Risk
    criteria: Criteria
    versions: Mapping[int, Criteria]
    appetite: Mapping[str, Appetite]
    naming: Naming
    controls: Mapping[str, Control]  # by id
    hand: Hand
    offers: frozenset[Offer]
    published: datetime | None  # as of when it is told to those who see only what is published
    today: date

    @property
    def texts(self) -> Texts:
        return self.context.texts

    @property
    def in_full(self) -> bool:
        """Whether the person sees the risk itself, not only what is published of it."""
        return self.published is None

    @property
    def needs_reason(self) -> bool:
        """Whether the person works on somebody else's risk, which he does with a reason."""
        return not self.hand.is_owner

    @property
    def bound(self) -> Appetite | None:
        """What the agency says it bears of the risk's category."""
        return self.appetite.get(self.risk.category_code or "")

    def measured(self, assessment: Assessment) -> Criteria:
        """The criteria by which an assessment was made."""
        return self.versions.get(assessment.criteria_version, self.criteria)

    def person(self, email: str) -> str:
        """What somebody is called."""
        return person_name(self.texts, self.naming.people, email)

    def day(self, moment: datetime) -> date:
        """The agency's day of a moment."""
        return moment.astimezone(self.texts.zone).date()

    def unit(self, code: str) -> str:
        return self.texts.value(self.naming.units.get(code, code))

    def category(self, code: str | None) -> str:
        return self.texts.value(self.naming.categories.get(code or "", code))


def read(context: PageContext, code: str) -> Known:
    """The risk of this code, as far as the person may see it; none is NotFound."""
    permission = Permission.RISK_VIEW_PUBLISHED
    with context.workspace.read(context.actor, permission) as reader:
        risk = read_risk(reader, code)
        hand = hand_of(reader, risk)
        published = None if context.actor.may(Permission.RISK_VIEW) else published_at(reader)
    with _told(context.workspace, published).read(context.actor, permission) as reader:
        criteria = in_force(reader)
        return Known(
            context,
            risk,
            criteria,
            all_criteria(reader),
            read_appetite(reader),
            read_naming(reader),
            _controls(reader, risk),
            hand,
            _offers(context, risk, hand, criteria),
            published,
            reader.today,
        )


def _told(workspace: Workspace, published: datetime | None) -> Workspace:
    """What is told beside a published risk is of the same moment."""
    return workspace if published is None else workspace.at(Then(0, published))


def _controls(reader: Reader, risk: Risk) -> dict[str, Control]:
    wanted = {link.control_id for link in risk.control_links}
    return {one.id: one for one in read_controls(reader) if one.id in wanted} if wanted else {}


def _offers(context: PageContext, risk: Risk, hand: Hand, criteria: Criteria) -> frozenset[Offer]:
    """In the past nothing is done, and nothing by those who see only what is published."""
    if context.in_past or not context.actor.may(Permission.RISK_VIEW):
        return frozenset()
    return frozenset(offered(risk, hand, criteria))
