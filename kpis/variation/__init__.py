"""Is a KPI changing? XmR control charts by the rules of Making Data Count, all of it pure."""

from kpis.direction import Direction
from kpis.variation.chart import (
    AssuranceIcon,
    ControlChart,
    Group,
    JudgedPoint,
    Message,
    Point,
    PointType,
    VariationIcon,
)
from kpis.variation.judge import judge
from kpis.variation.limits import Limits
from kpis.variation.rules import Fired, Rule, Side
from kpis.variation.seasonal import Season, Seasonality, seasonality_of
from kpis.variation.settings import PRODUCT, REFERENCE, ChartSettings, Profile, Rebase

__all__ = [
    "PRODUCT",
    "REFERENCE",
    "AssuranceIcon",
    "ChartSettings",
    "ControlChart",
    "Direction",
    "Fired",
    "Group",
    "JudgedPoint",
    "Limits",
    "Message",
    "Point",
    "PointType",
    "Profile",
    "Rebase",
    "Rule",
    "Season",
    "Seasonality",
    "Side",
    "VariationIcon",
    "judge",
    "seasonality_of",
]
