"""An edition of the strategy as a record: vision, perspectives, objectives, what leads to what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from kpis.definitions import Words
from kpis.strategy.rule import Rule

EDITION = "strategy_edition"  # the noun under which editions are kept


class EditionState(StrEnum):
    DRAFT = "draft"
    ADOPTED = "adopted"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Perspective:
    """A lane of the map: one side from which the agency's success is looked at."""

    code: str
    names: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyObjective:
    """What is to be reached, by whom, until when, and how its status follows from its KPIs."""

    code: str
    names: Words
    description: Words
    perspective: str
    challenge: int  # 1 to 5, the challenges of the twinning project
    owner: str  # the address of a person; empty: nobody yet
    first_day: date
    last_day: date
    position: int
    kpis: tuple[str, ...]
    rule: Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseLink:
    """That reaching one objective is expected to help another, and why."""

    cause: str
    effect: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """The strategy of some years as it was drafted, adopted, replaced."""

    code: str
    names: Words
    vision: Words
    first_day: date
    last_day: date
    state: EditionState
    assumption: bool = False  # nobody has decided its words yet: to be shown as such
    perspectives: tuple[Perspective, ...] = ()
    objectives: tuple[StrategyObjective, ...] = ()
    links: tuple[CauseLink, ...] = ()
    adopted_by: str | None = None
    adopted_at: datetime | None = None
    replaced_at: datetime | None = None

    @property
    def is_draft(self) -> bool:
        return self.state is EditionState.DRAFT

    @property
    def by_code(self) -> Mapping[str, StrategyObjective]:
        """The objectives by their codes, in the order of the map."""
        ordered = sorted(self.objectives, key=lambda one: (one.position, one.code))
        return {one.code: one for one in ordered}

    def within(self, perspective: str) -> tuple[StrategyObjective, ...]:
        """The objectives of a perspective, in the order of the map."""
        return tuple(one for one in self.by_code.values() if one.perspective == perspective)

    def serves(self) -> dict[str, str]:
        """Which objective each KPI serves."""
        return {kpi: one.code for one in self.objectives for kpi in one.kpis}
