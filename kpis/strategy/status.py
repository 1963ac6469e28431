"""The status of an objective by its rule: what it is, which KPIs decided it, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from kpis.assessment import Status, StatusKind
from kpis.strategy.rule import Rule, RuleKind

UNKNOWN = (StatusKind.NO_DATA, StatusKind.STALE)
BEHIND = (StatusKind.BEHIND_WORSENING, StatusKind.BEHIND_IMPROVING)


class Why(StrEnum):
    NO_KPI = "no_kpi"
    NO_TARGET = "no_target"
    TOO_LITTLE_DATA = "too_little_data"
    ALL_MET = "all_met"
    WORST_BEHIND = "worst_behind"
    ENOUGH_MET = "enough_met"
    TOO_FEW_MET = "too_few_met"


class JudgedKpi(Protocol):
    """What a row of the scorecard says of its KPI."""

    @property
    def code(self) -> str: ...

    @property
    def status(self) -> Status: ...


@dataclass(frozen=True, slots=True)
class ObjectiveStatus:
    """A status, the KPIs that decided it, and the counts that make the reason plain."""

    kind: StatusKind
    why: Why
    decided_by: tuple[str, ...] = ()
    met: int = 0
    known: int = 0  # with a figure and a target
    aimed: int = 0  # with a target
    needed: int = 0  # to be met; 0 where the worst decides


Kinds = Mapping[str, StatusKind]


def status_of(rule: Rule, rows: Iterable[JudgedKpi]) -> ObjectiveStatus:
    """The status that follows from these KPIs. Too little data is never met, and never behind."""
    kinds = {row.code: row.status.kind for row in rows}
    if rule.kind is RuleKind.KEY:  # one that is gone from the scorecard is one without a value
        kinds = {key: kinds.get(key, StatusKind.NO_DATA) for key in rule.keys}
    if not kinds:
        return ObjectiveStatus(StatusKind.NO_DATA, Why.NO_KPI)
    aimed = {code: kind for code, kind in kinds.items() if kind is not StatusKind.NO_TARGET}
    if not aimed:
        return ObjectiveStatus(StatusKind.NO_TARGET, Why.NO_TARGET, tuple(kinds))
    return _counted(rule, aimed, kinds) if rule.counts else _worst(rule, aimed)


def _worst(rule: Rule, aimed: Kinds) -> ObjectiveStatus:
    """As bad as the worst that is known; met only if no more than the allowed are unknown."""
    for kind in BEHIND:
        if found := _of(aimed, [kind]):
            return _told(kind, Why.WORST_BEHIND, found, aimed)
    met, unknown = _of(aimed, [StatusKind.MET]), _of(aimed, UNKNOWN)
    if len(unknown) > rule.gaps or not met:
        return _told(_unknown(aimed, unknown), Why.TOO_LITTLE_DATA, unknown, aimed)
    return _told(StatusKind.MET, Why.ALL_MET, met, aimed)


def _counted(rule: Rule, aimed: Kinds, kinds: Kinds) -> ObjectiveStatus:
    """Met once enough are; unknown as long as what is unknown could still make it so."""
    needed, met, unknown = (
        rule.needed(len(aimed)),
        _of(aimed, [StatusKind.MET]),
        _of(aimed, UNKNOWN),
    )
    if len(met) >= needed:
        return _told(StatusKind.MET, Why.ENOUGH_MET, met, aimed, needed)
    if len(aimed) < needed:
        without = tuple(code for code in kinds if code not in aimed)
        return _told(StatusKind.NO_TARGET, Why.NO_TARGET, without, aimed, needed)
    if len(met) + len(unknown) >= needed:
        kind = _unknown(aimed, unknown)
        return _told(kind, Why.TOO_LITTLE_DATA, unknown, aimed, needed)
    improving = _of(aimed, [StatusKind.BEHIND_IMPROVING])
    near = len(met) + len(improving) >= needed
    kind = StatusKind.BEHIND_IMPROVING if near else StatusKind.BEHIND_WORSENING
    return _told(kind, Why.TOO_FEW_MET, _of(aimed, BEHIND), aimed, needed)


def _told(
    kind: StatusKind, why: Why, by: tuple[str, ...], aimed: Kinds, needed: int = 0
) -> ObjectiveStatus:
    met, known = len(_of(aimed, [StatusKind.MET])), len(aimed) - len(_of(aimed, UNKNOWN))
    return ObjectiveStatus(kind, why, by, met, known, len(aimed), needed)


def _unknown(aimed: Kinds, unknown: Iterable[str]) -> StatusKind:
    """Out of date where that is all that is wrong, else no data."""
    stale = all(aimed[code] is StatusKind.STALE for code in unknown)
    return StatusKind.STALE if stale else StatusKind.NO_DATA


def _of(kinds: Kinds, wanted: Collection[StatusKind]) -> tuple[str, ...]:
    return tuple(code for code, kind in kinds.items() if kind in wanted)
