"""The kinds of reference data that hold on spans of days, and what each of their rows must say."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from data.errors import Invalid
from data.store.tables import OnlineService, Parameter, ServiceRule, StandardMinutes

SpanRow = ServiceRule | OnlineService | StandardMinutes | Parameter
SPEEDS = ("normal", "accelerated")
BASES = ("working", "calendar")
MOST_DAYS, MOST_MINUTES, MOST = 3_660, 10_000, 10**12


class SpanKind(StrEnum):
    DEADLINE = "deadline"
    ONLINE = "online"
    MINUTES = "minutes"
    PARAMETER = "parameter"


TABLES: Mapping[SpanKind, type[SpanRow]] = {
    SpanKind.DEADLINE: ServiceRule,
    SpanKind.ONLINE: OnlineService,
    SpanKind.MINUTES: StandardMinutes,
    SpanKind.PARAMETER: Parameter,
}
# What names the thing of which one row holds at a time, and what the row says of it.
KEYS: Mapping[SpanKind, tuple[str, ...]] = {
    SpanKind.DEADLINE: ("service_code", "speed"),
    SpanKind.ONLINE: ("service_code",),
    SpanKind.MINUTES: ("service_code",),
    SpanKind.PARAMETER: ("name",),
}
SAYS: Mapping[SpanKind, tuple[str, ...]] = {
    SpanKind.DEADLINE: ("deadline_days", "day_basis"),
    SpanKind.ONLINE: (),
    SpanKind.MINUTES: ("minutes",),
    SpanKind.PARAMETER: ("value",),
}


def has_end(kind: SpanKind) -> bool:
    """Whether a row can end without another one beginning."""
    return kind is not SpanKind.PARAMETER


def check_said(kind: SpanKind, said: Mapping[str, Any]) -> None:
    """Refuse a row of other columns than its kind has, or with values that cannot be."""
    if set(said) != {*KEYS[kind], *SAYS[kind]}:
        raise Invalid("reference.refused.incomplete")
    choices = {"speed": SPEEDS, "day_basis": BASES}
    for name, known in choices.items():
        if name in said and said[name] not in known:
            raise Invalid("reference.refused.incomplete")
    bounds = {"deadline_days": (1, MOST_DAYS), "minutes": (0.1, MOST_MINUTES), "value": (0, MOST)}
    for name, (least, most) in bounds.items():
        if name in said and not least <= said[name] <= most:
            raise Invalid("reference.refused.out_of_bounds", least=least, most=most)
