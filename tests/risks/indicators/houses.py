"""A register, KPIs and extracts in one house: months of decided applications, good and bad."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd

from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.period import Frequency, Period
from data.workspace import Then, Workspace
from kpis.defining.actions import define_catalogue
from kpis.readings import refresh
from risks.deciding import actions as deciding
from risks.indicators.actions import Said, keep_indicator, link_indicator
from risks.indicators.evaluating.actions import Evaluation, evaluate_indicators
from risks.indicators.reading import IndicatorView, read_indicator
from risks.indicators.record import Indicator
from risks.indicators.thresholds import DangerSide, Thresholds
from risks.register.kinds import Effect, Kind
from risks.register.record import Risk
from tests.begun import begun
from tests.house import actor
from tests.kpis.conftest import Loads
from tests.risks.house import PEOPLE, Clock, RiskHouse, risk_house

KPI = "SD-06"  # share of decided applications that were never returned: below is dangerous
CASES = 40  # decided a month
FIRST = date(2025, 1, 1)
RULE = Thresholds(DangerSide.BELOW, amber=95, red=90)
GOOD, WEAK, BAD = 0, 3, 10  # of the cases returned: 100 %, 92.5 %, 75 %


@dataclass
class WatchedHouse(RiskHouse):
    """The house of the register, with loads of applications into it."""

    loads: Loads = field(init=False)

    def __post_init__(self) -> None:
        self.loads = Loads(self.workspace)

    def load(self, months: Mapping[str, int], *, cases: int = CASES, edition: int = 0) -> None:
        """Load these months, each with so many returned applications, and publish what they say.

        It is the 5th of the month that follows the last one.
        """
        periods = [Period.parse(month) for month in months]
        rows = [decided(one, months[one.code], cases, edition) for one in periods]
        last = max(periods)
        self.loads.load("applications", pd.concat(rows), first=FIRST, cut_off=last.last_day)
        refresh(self.workspace, by=SYSTEM, codes=[KPI])
        day = last.end + timedelta(days=4)
        self.clock.now = max(self.clock.now, datetime(day.year, day.month, day.day, 9, tzinfo=UTC))

    def watch(self, rule: Thresholds = RULE, **said: Any) -> Indicator:
        """An indicator over the share of right applications, kept by the coordinator."""
        asked = Said("Applications returned", KPI, Frequency.MONTH, rule, **said)
        return keep_indicator(self.workspace, by=self["coordinator"], said=asked)

    def link(self, effect: Effect, code: str = "R-0001", indicator: str = "KRI-001") -> Risk:
        return self.do(link_indicator, "owner", code, indicator=indicator, effect=effect)

    def evaluate(self) -> Evaluation:
        """One evaluation, an hour later than what was before."""
        self.clock.now += timedelta(hours=1)
        return evaluate_indicators(self.workspace)

    def view(self, code: str = "KRI-001", then: datetime | None = None) -> IndicatorView:
        """What the auditor is shown of an indicator, now or as of a moment."""
        workspace = self.workspace.at(Then(10_000, then)) if then else self.workspace
        with workspace.read(self["auditor"], Permission.RISK_VIEW) as reader:
            return read_indicator(reader, code)

    def opened(self) -> Risk:
        """A risk taken into the register."""
        code = self.draft().code
        self.judge("owner", Kind.CURRENT, 3, 3, code)
        self.do(deciding.propose_risk, "owner", code)
        return self.do(deciding.decide_proposal, "coordinator", code, approve=True)

    def accepted(self, days: int = 180) -> Risk:
        """A risk borne for some days."""
        code = self.opened().code
        until = self.clock.now.date() + timedelta(days=days)
        asked = {"rationale": "The supplier changes.", "valid_until": until}
        self.do(deciding.request_acceptance, "owner", code, **asked)
        return self.do(deciding.decide_acceptance, "head", code, accept=True, note="Agreed.")

    def closed(self) -> Risk:
        """A risk whose source is gone."""
        code = self.opened().code
        said = {"reason": "The system was replaced.", "evidence": "Protocol"}
        self.do(deciding.request_close, "owner", code, **said, source_gone=True)
        return self.do(deciding.decide_close, "coordinator", code, close=True)


def decided(month: Period, returned: int, cases: int, edition: int = 0) -> pd.DataFrame:
    """The applications decided in a month, the first of which were returned once."""
    numbers = range(cases)
    day = pd.Timestamp(month.start) + pd.to_timedelta([number % 27 for number in numbers], "D")
    return pd.DataFrame(
        {
            "application_id": [f"{month.code}-{number:03}" for number in numbers],
            "submitted_at": day,
            "decided_at": day + pd.Timedelta(hours=9),
            "decision": "approved",
            "returned_count": [int(number < returned) for number in numbers],
            "office_code": ["O01" if number % 2 else "O02" for number in numbers],
            "service_code": "PASSPORT",
            "is_test": False,
            "updated_at": day + pd.Timedelta(days=edition, hours=9),
        }
    )


def watched_house(workspace: Workspace) -> WatchedHouse:
    """People, criteria, the catalogue of KPIs, and nothing loaded."""
    begun(workspace, "a register and KPIs", lambda: _move_in(workspace))
    clock = Clock()
    people = {name: actor(workspace, f"{name}@example.org") for name in PEOPLE}
    return WatchedHouse(workspace.by_clock(clock), clock, people)


def _move_in(workspace: Workspace) -> None:
    risk_house(workspace)
    define_catalogue(workspace, by=SYSTEM)
