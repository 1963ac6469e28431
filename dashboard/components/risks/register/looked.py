"""What the register page looks at: the register now and on an earlier day, and how it is measured.

Who may see only what is published looks at it as of its publication in everything: risks, criteria
and appetite.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dashboard.context import PageContext
from data.access.permissions import Permission
from data.extracts.past import past
from data.language.texts import Texts
from data.workspace import Then
from risks.appetite.statement import Appetite, above_optimal, above_tolerable, read_appetite
from risks.criteria.reading import all_criteria, in_force
from risks.criteria.scale import Criteria
from risks.register.kinds import Kind
from risks.register.moving import Movement, level_movement
from risks.register.naming import Naming, read_naming
from risks.register.reading import published_at, read_register
from risks.register.record import Assessment, Risk

VIEW = Permission.RISK_VIEW_PUBLISHED


@dataclass(frozen=True, slots=True)
class Looked:
    """The register as somebody sees it; `published` is when it was, for those who see no more."""

    texts: Texts
    risks: tuple[Risk, ...]
    then: Mapping[str, Risk]  # as they were on the day compared with, by id
    since: date
    today: date
    criteria: Criteria
    versions: Mapping[int, Criteria]
    appetite: Mapping[str, Appetite]
    naming: Naming
    above: frozenset[str]  # ids of those above the tolerable level
    published: datetime | None = None
    is_whole: bool = True  # not only risks of some units and one's own

    @property
    def tells_people(self) -> bool:
        """Whether it is told who owns a risk, and what waits for an answer."""
        return self.published is None

    def criteria_of(self, judged: Assessment) -> Criteria:
        """The criteria by which an assessment was made."""
        return self.versions.get(judged.criteria_version, self.criteria)

    def by_earlier(self, risk: Risk, kind: Kind = Kind.CURRENT) -> bool:
        """Whether a risk was assessed by criteria that are no longer in force."""
        judged = risk.assessment(kind)
        return judged is not None and judged.criteria_version != self.criteria.version

    @property
    def above_then(self) -> frozenset[str]:
        """Those that were above it then, as it is stated now: what is compared is one thing."""
        return _above(self.then.values(), self.appetite, self.criteria)

    def movement(self, risk: Risk) -> Movement | None:
        """What became of its level; None where there was nothing to compare with."""
        if not self.then:
            return None
        return level_movement(self.then.get(risk.id), risk, self.criteria)

    def is_above_optimal(self, risk: Risk) -> bool:
        return above_optimal(risk, self.appetite, self.criteria)

    def unit(self, code: str) -> str:
        return self.texts.value(self.naming.units.get(code, code))

    def category(self, code: str | None) -> str:
        """Its name, or that the risk has none yet."""
        if code is None:
            return self.texts.text("risk_register.no_category")
        return self.texts.value(self.naming.categories.get(code, code))

    def objective(self, code: str) -> str:
        """'3.1 Documents are ready within the deadline'."""
        name = self.naming.objectives.get(code)
        return f"{code} {self.texts.value(name)}" if name else code

    def owner(self, email: str) -> str:
        return self.naming.people.get(email, email) or self.texts.value(None)


def look(context: PageContext, since: date) -> Looked | None:
    """Read it all; None while there is no risk that the person may see.

    What was published is looked at on the day it was, and compared with what was published before.
    """
    with context.workspace.read(context.actor, VIEW) as reader:
        risks = read_register(reader)
        if not risks:
            return None
        published = None if context.actor.may(Permission.RISK_VIEW) else published_at(reader)
        naming, versions = read_naming(reader), all_criteria(reader)
        today = _day(context.texts, published) if published else context.today
        since = min(since, today - timedelta(days=1))
        then = past(reader, since.isoformat())
    criteria, appetite = _measures(context, published)
    with context.workspace.at(then).read(context.actor, VIEW) as reader:
        before = {risk.id: risk for risk in read_register(reader)}
    return Looked(
        texts=context.texts,
        risks=risks,
        then=before,
        since=since,
        today=today,
        criteria=criteria,
        versions=versions,
        appetite=appetite,
        naming=naming,
        above=_above(risks, appetite, criteria),
        published=published,
        is_whole=published is not None or context.actor.units_for(Permission.RISK_VIEW) is None,
    )


def _day(texts: Texts, moment: datetime) -> date:
    return moment.astimezone(texts.zone).date()


def _measures(
    context: PageContext, published: datetime | None
) -> tuple[Criteria, Mapping[str, Appetite]]:
    """Criteria and appetite as they stand, or stood when the register was published."""
    workspace = context.workspace
    if published is not None:
        workspace = workspace.at(Then(event=0, until=published))
    with workspace.read(context.actor, VIEW) as reader:
        return in_force(reader), read_appetite(reader)


def _above(
    risks: Iterable[Risk], appetite: Mapping[str, Appetite], criteria: Criteria
) -> frozenset[str]:
    """Those in the register above what the agency says it bears."""
    return frozenset(
        risk.id for risk in risks if risk.is_active and above_tolerable(risk, appetite, criteria)
    )
