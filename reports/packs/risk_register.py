"""What the risk register as a workbook says: the risks somebody may see, as he may see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from data.figure import Unit
from data.language.languages import LocalText
from reports.packs.common import Cover
from risks.appetite.above import Bound
from risks.controls.reading import Leaning
from risks.controls.record import Control
from risks.criteria.scale import Criteria
from risks.indicators.reading import IndicatorView
from risks.lexicon import Lexicon
from risks.register.choosing import Choice
from risks.register.kinds import Kind
from risks.register.record import Risk, Treatment


@dataclass(frozen=True)
class Watched:
    """An indicator, the risks of the workbook it warns of, and what its values are measured in."""

    view: IndicatorView
    unit: Unit | None
    decimals: int


@dataclass(frozen=True)
class Leant:
    """A control and the risks of the workbook that lean on it."""

    control: Control
    risks: tuple[Leaning, ...]


@dataclass(frozen=True)
class RiskRegisterPack:
    """The register on a day, or what was published of it (`published_as_of`), as it was chosen."""

    cover: Cover
    today: date
    head_hash: str  # of the audit trail
    published_as_of: datetime | None
    choice: Choice
    lexicon: Lexicon
    risks: tuple[Risk, ...]
    above: Mapping[str, Bound]  # by the code of a risk
    controls: tuple[Leant, ...]
    indicators: tuple[Watched, ...]
    kpis: Mapping[str, LocalText]  # names by code
    can_return: bool  # whoever exported it may bring it back

    @property
    def criteria(self) -> Criteria | None:
        return self.lexicon.criteria

    @property
    def active(self) -> tuple[Risk, ...]:
        return tuple(one for one in self.risks if one.is_active)

    @property
    def treatments(self) -> tuple[tuple[Risk, Treatment], ...]:
        return tuple((risk, one) for risk in self.risks for one in risk.treatments)

    def in_cell(self, kind: Kind, likelihood: int, impact: int) -> tuple[Risk, ...]:
        """The active risks judged to be in a cell of the matrix by the criteria in force."""
        return tuple(one for one in self.active if self._place(one, kind) == (likelihood, impact))

    def _place(self, risk: Risk, kind: Kind) -> tuple[int | None, int | None] | None:
        judged = risk.assessment(kind)
        if judged is None or self.criteria is None:
            return None
        if judged.criteria_version != self.criteria.version:
            return None
        return judged.likelihood, judged.impact
