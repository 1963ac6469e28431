"""What the page of exposure is drawn from: the risks looked at, read at once, then summed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from dashboard.context import PageContext
from data.access.permissions import Permission
from risks.appetite.statement import Appetite, read_appetite
from risks.calibration import Score
from risks.criteria.reading import all_criteria
from risks.exposure.summary import Exposure, exposure_of
from risks.incidents.forecasts import forecasts, scores
from risks.incidents.reading import read_incidents
from risks.portfolio import Portfolio, Tolerated, portfolio, tolerated
from risks.register.naming import Naming, read_naming
from risks.register.reading import read_register
from risks.register.record import Risk


@dataclass(frozen=True, slots=True)
class Known:
    """The active risks of a unit and a category, or of all, and what is borne of them."""

    risks: tuple[Risk, ...]  # active, all that the person may see
    found: Portfolio  # of those looked at
    appetite: Mapping[str, Appetite]
    naming: Naming
    sees_all: bool  # else the sum is one of a part, and tolerance is stated for the whole
    today: date
    unit: str | None = None
    category: str | None = None

    @property
    def exposure(self) -> Exposure:
        """Simulated, or remembered of these very figures."""
        return exposure_of(self.found.before, self.found.after)

    @property
    def tolerated(self) -> Tolerated:
        """What is borne of what is looked at; of a part of the agency nothing is stated."""
        if not self.sees_all or self.unit is not None:
            return Tolerated(None, ())
        return tolerated(self.found, self.appetite)

    def of(self, unit: str | None, category: str | None) -> Known:
        """The same, of a unit and a category alone."""
        looked_at = [
            one
            for one in self.risks
            if unit in (None, one.unit_code) and category in (None, one.category_code)
        ]
        found = portfolio(looked_at, self.today)
        return replace(self, found=found, unit=unit, category=category)


def read(context: PageContext) -> Known:
    """Everything the page shows, as of the time looked at."""
    with context.workspace.read(context.actor, Permission.RISK_VIEW) as reader:
        risks = tuple(one for one in read_register(reader) if one.is_active)
        return Known(
            risks,
            portfolio(risks, reader.today),
            read_appetite(reader),
            read_naming(reader),
            reader.units is None,
            reader.today,
        )


def past_score(context: PageContext) -> Score | None:
    """How past estimates of all risks that the person may see met what happened."""
    with context.workspace.read(context.actor, Permission.RISK_VIEW) as reader:
        risks, incidents = read_register(reader), read_incidents(reader)
        return scores(forecasts(risks, incidents, all_criteria(reader), reader.today)).overall
