"""How a scorecard stands: what needs attention first, what changed, each objective at a glance.

Nothing is computed here: verdicts are only sorted, counted and compared.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from kpis.assessment import StatusKind
from kpis.definitions import Words
from kpis.scorecard import ScorecardRow
from kpis.variation import VariationIcon

WORST_FIRST = (
    StatusKind.BEHIND_WORSENING,
    StatusKind.BEHIND_IMPROVING,
    StatusKind.STALE,
    StatusKind.NO_DATA,
    StatusKind.NO_TARGET,
    StatusKind.MET,
)
BEHIND = frozenset({StatusKind.BEHIND_WORSENING, StatusKind.BEHIND_IMPROVING})
JUDGED = BEHIND | {StatusKind.MET}  # those that have both a figure and a target
CONCERN = frozenset({VariationIcon.CONCERN_HIGH, VariationIcon.CONCERN_LOW})
USUAL = frozenset({None, VariationIcon.COMMON_CAUSE})


def is_concern(row: ScorecardRow) -> bool:
    """Whether the control chart shows a change for the worse that is no chance."""
    return row.chart.variation in CONCERN


def is_mostly_judged(rows: Iterable[ScorecardRow]) -> bool:
    """Whether of most KPIs with a value the history is long enough to tell a change."""
    judged = [row.chart.variation is not None for row in rows if row.figure.value is not None]
    return 2 * sum(judged) >= len(judged)


def urgency(row: ScorecardRow) -> tuple[int, bool, bool]:
    """What to sort by, worst first: the status, within it what is far behind or really worsens."""
    return WORST_FIRST.index(row.status.kind), not row.status.far_behind, not is_concern(row)


def change_urgency(row: ScorecardRow) -> tuple[bool, bool]:
    """What to sort by, real changes first, those for the worse before those for the better."""
    return not is_concern(row), row.chart.variation in USUAL


def needing_attention(rows: Iterable[ScorecardRow]) -> list[ScorecardRow]:
    """Behind and not improving, or far behind; really worsening; out of date; the worst first."""
    bad = {StatusKind.BEHIND_WORSENING, StatusKind.STALE}
    found = (r for r in rows if r.status.kind in bad or r.status.far_behind or is_concern(r))
    return sorted(found, key=_attention)


def _attention(row: ScorecardRow) -> tuple[bool, int, bool, bool]:
    """Behind the target and really worsening comes first, before what is only one of both."""
    both = is_concern(row) and row.status.kind in BEHIND
    return (not both, *urgency(row))


def headlines(rows: Sequence[ScorecardRow], most: int) -> list[ScorecardRow]:
    """At most so many KPIs in the order of the scorecard; of more than that, those that stand
    worst: one of each objective before a second of any.
    """
    worst = sorted(rows, key=urgency)
    first = list({row.objective_code: row for row in reversed(worst)}.values())
    others = [row for row in worst if row not in first]
    chosen = {row.code for row in [*sorted(first, key=urgency), *others][:most]}
    return [row for row in rows if row.code in chosen]


def of_status(rows: Iterable[ScorecardRow], kinds: Collection[StatusKind]) -> list[ScorecardRow]:
    """The rows of these statuses."""
    return [row for row in rows if row.status.kind in kinds]


def counts(rows: Iterable[ScorecardRow]) -> dict[StatusKind, int]:
    """How many rows have which status, the worst first, without those that do not occur."""
    kinds = [row.status.kind for row in rows]
    return {kind: kinds.count(kind) for kind in WORST_FIRST if kind in kinds}


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A KPI whose status is not what it was in the period before."""

    row: ScorecardRow
    before: StatusKind

    @property
    def is_better(self) -> bool:
        now, before = WORST_FIRST.index(self.row.status.kind), WORST_FIRST.index(self.before)
        return now > before


def status_changes(
    now: Iterable[ScorecardRow], before: Iterable[ScorecardRow]
) -> list[StatusChange]:
    """What changed its status since the period before, to the worse first.

    A status out of date, or where nothing was loaded, is no change in how the agency does.
    """
    old = {row.code: row.status.kind for row in before if row.reading.loaded}
    found = [
        StatusChange(row, old[row.code])
        for row in now
        if row.reading.loaded and old.get(row.code, row.status.kind) is not row.status.kind
    ]
    return sorted(found, key=lambda change: (change.is_better, urgency(change.row)))


def new_signals(now: Iterable[ScorecardRow], before: Iterable[ScorecardRow]) -> list[ScorecardRow]:
    """KPIs whose control chart shows a special cause it did not show a period ago."""
    old = {row.code: row.chart.variation for row in before}
    found = [
        row
        for row in now
        if row.chart.variation not in USUAL and row.chart.variation is not old.get(row.code)
    ]
    return sorted(found, key=lambda row: (not is_concern(row), urgency(row)))


@dataclass(frozen=True, slots=True)
class ObjectiveAtAGlance:
    """An objective with the KPIs that serve it; code None gathers those that serve none."""

    code: str | None
    name: Words | None
    rows: tuple[ScorecardRow, ...]

    @property
    def worst(self) -> StatusKind:
        return min((row.status.kind for row in self.rows), key=WORST_FIRST.index)

    @property
    def counts(self) -> dict[StatusKind, int]:
        return counts(self.rows)


def objectives(rows: Sequence[ScorecardRow]) -> list[ObjectiveAtAGlance]:
    """Each objective that has KPIs, in the order of the scorecard."""
    found: dict[str | None, list[ScorecardRow]] = {}
    for row in rows:
        found.setdefault(row.objective_code, []).append(row)
    ordered = sorted(found.items(), key=lambda pair: (pair[0] is None, pair[0] or ""))
    return [ObjectiveAtAGlance(code, own[0].objective, tuple(own)) for code, own in ordered]
