"""How an objective's status follows from its KPIs: a choice made for each, never an average."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from data.errors import Invalid

_DUST = 1e-9  # 0.6 of 5 is 3, also where floating point says a little more


class RuleKind(StrEnum):
    WORST = "worst"  # as bad as the worst of its KPIs
    AT_LEAST = "at_least"  # met once so many of its KPIs are
    SHARE = "share"  # met once such a share of its KPIs is
    KEY = "key"  # as bad as the worst of some of its KPIs; the others only inform


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One kind of rule with what it needs; the rest is left at its default.

    `gaps`: so many of the KPIs that decide may be without a value before too little is known. It
    holds where the worst decides; one that counts knows by itself what missing ones could change.
    """

    kind: RuleKind = RuleKind.WORST
    least: int = 1
    share: float = 1.0
    keys: tuple[str, ...] = ()
    gaps: int = 0

    @property
    def counts(self) -> bool:
        """Whether it counts how many are met."""
        return self.kind in (RuleKind.AT_LEAST, RuleKind.SHARE)

    def needed(self, judged: int) -> int:
        """How many have to be met, of so many KPIs with a target."""
        if self.kind is RuleKind.SHARE:
            return max(1, ceil(self.share * judged - _DUST))
        return self.least

    def check(self, kpis: Collection[str]) -> None:
        """Refuse a rule that KPIs like these can never meet, or that means nothing."""
        if self.kind is RuleKind.KEY and not self.keys:
            raise Invalid("strategy.refused.no_key")
        strangers = [key for key in self.keys if key not in kpis]
        if self.kind is RuleKind.KEY and strangers:
            raise Invalid("strategy.refused.key_unknown", kpis=strangers)
        if self.kind is RuleKind.AT_LEAST and not 1 <= self.least <= max(len(kpis), 1):
            raise Invalid("strategy.refused.least", least=self.least, kpis=len(kpis))
        if self.kind is RuleKind.SHARE and not 0 < self.share <= 1:
            raise Invalid("strategy.refused.share")
        deciding = len(self.keys) if self.kind is RuleKind.KEY else len(kpis)
        if not 0 <= self.gaps < max(deciding, 1):
            raise Invalid("strategy.refused.gaps", gaps=self.gaps)
