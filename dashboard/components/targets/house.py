"""What the parts of the page of targets share, read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from dashboard.components.messages import plain
from data.language.texts import Texts
from kpis.register import Kpi
from kpis.targets.listing import Listed


@dataclass(frozen=True, slots=True)
class TargetHouse:
    """The KPIs, their targets as they stand, the names of the offices, and as of which day."""

    kpis: Mapping[str, Kpi]
    listed: tuple[Listed, ...]
    offices: Mapping[str, str]
    day: date

    def sentence(self, texts: Texts) -> str:
        """How many targets there are, how many nobody has decided, which KPIs have none."""
        standing = [row.entry.target for row in self.listed if row.entry and row.entry.target]
        aimed = {row.kpi.code for row in self.listed if row.entry}
        without = [code for code in self.kpis if code not in aimed]
        said = texts.text(
            "targets.sentence",
            count=len(standing),
            assumed=sum(target.assumption for target in standing),
        )
        if not without:
            return plain(said)
        return plain(f"{said} {texts.text('targets.without', kpis=without)}")
