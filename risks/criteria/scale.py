"""Risk criteria (ISO 31073 3.3.7): the scales, the matrix, and what each level calls for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from data.errors import Invalid

SIZE = 5  # steps of each scale
Names = Mapping[str, str]  # a text by language


class CriteriaState(StrEnum):
    DRAFT = "draft"
    IN_FORCE = "in_force"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Likelihood:
    """A step of the likelihood scale, with the chances in a year that it stands for."""

    names: Names
    low: float  # chance, 0 to 1
    high: float


@dataclass(frozen=True, slots=True)
class Dimension:
    """One way in which a risk hurts, with what each step of impact means there."""

    code: str
    names: Names
    steps: tuple[Names, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """A level of risk: how often it is reviewed, and which role may bear it; None: nobody may."""

    code: str
    names: Names
    review_days: int
    accepted_by: str | None


@dataclass(frozen=True, slots=True)
class Criteria:
    """Everything by which a risk is measured; `matrix[likelihood - 1][impact - 1]` is its level."""

    version: int
    likelihood: tuple[Likelihood, ...]
    dimensions: tuple[Dimension, ...]
    matrix: tuple[tuple[str, ...], ...]
    levels: tuple[Level, ...]  # from the lowest to the highest
    acceptance_days: int = 366  # the longest for which a risk may be accepted
    late_review_days: int = 30  # after which a late review is escalated
    late_treatment_days: int = 30
    assumption: bool = True  # until the agency has decided on them

    def level(self, likelihood: int | None, impact: int | None) -> str | None:
        """The level of a cell; what is not judged has none."""
        if likelihood is None or impact is None:
            return None
        return self.matrix[likelihood - 1][impact - 1]

    def rank(self, level: str) -> int:
        """0 for the lowest level; one these criteria do not know is Invalid."""
        for rank, one in enumerate(self.levels):
            if one.code == level:
                return rank
        raise Invalid("risks.refused.no_level", level=level)

    def level_of(self, code: str) -> Level:
        return self.levels[self.rank(code)]

    def dimension(self, code: str) -> Dimension:
        """The dimension of this code; none is Invalid."""
        for one in self.dimensions:
            if one.code == code:
                return one
        raise Invalid("risks.refused.no_dimension", dimension=code)


def impact_of(impacts: Mapping[str, int]) -> int | None:
    """The impact of a risk is the largest on any dimension; judged on none, there is none."""
    return max(impacts.values(), default=None)
