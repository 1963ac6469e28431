"""The strategy: editions by years, their map, and how each objective's status follows from KPIs."""

from kpis.strategy.comparing import Difference, compare
from kpis.strategy.reading import (
    ObjectiveView,
    Strategy,
    draft_of,
    in_force,
    judged,
    read_editions,
    read_strategy,
)
from kpis.strategy.record import (
    CauseLink,
    Edition,
    EditionState,
    Perspective,
    StrategyObjective,
)
from kpis.strategy.rule import Rule, RuleKind
from kpis.strategy.status import ObjectiveStatus, Why, status_of

__all__ = [
    "CauseLink",
    "Difference",
    "Edition",
    "EditionState",
    "ObjectiveStatus",
    "ObjectiveView",
    "Perspective",
    "Rule",
    "RuleKind",
    "Strategy",
    "StrategyObjective",
    "Why",
    "compare",
    "draft_of",
    "in_force",
    "judged",
    "read_editions",
    "read_strategy",
    "status_of",
]
