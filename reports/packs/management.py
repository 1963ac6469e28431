"""The management board pack: what is said, as frozen values without layout or language."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from data.figure import Figure, Unit
from data.language.languages import LocalText
from data.period import Frequency, Period
from kpis.assessment import StatusKind
from kpis.direction import Direction
from reports.packs.acting import ActionRow, OverdueRow
from reports.packs.common import Cover, Wording


class Variation(StrEnum):
    """Is it really changing? The verdict of its control chart (Making Data Count)."""

    IMPROVEMENT_HIGH = "improvement_high"
    IMPROVEMENT_LOW = "improvement_low"
    CONCERN_HIGH = "concern_high"
    CONCERN_LOW = "concern_low"
    NEUTRAL_HIGH = "neutral_high"
    NEUTRAL_LOW = "neutral_low"
    COMMON_CAUSE = "common_cause"
    NOT_ENOUGH = "not_enough"  # too few points to judge
    WITHHELD = "withheld"  # the series does not allow a judgement


class Assurance(StrEnum):
    """Can the process, as it runs, be relied on to meet the target?"""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    HIT_OR_MISS = "hit_or_miss"
    NOT_JUDGED = "not_judged"


class Finding(StrEnum):
    """What the control chart says about one point."""

    COMMON = "common"
    IMPROVEMENT = "improvement"
    CONCERN = "concern"
    NEUTRAL = "neutral"  # special, but neither way is better


@dataclass(frozen=True)
class Target:
    """A point target has one bound, or twice the same; a range has two."""

    low: Figure | None
    high: Figure | None

    @property
    def point(self) -> Figure | None:
        """The one figure aimed at, unless the target is a range with two bounds."""
        if self.low is None or self.high is None:
            return self.low or self.high
        return self.low if self.low == self.high else None

    @property
    def range(self) -> tuple[Figure, Figure] | None:
        """Both bounds of a range."""
        if self.low is None or self.high is None or self.low == self.high:
            return None
        return self.low, self.high


@dataclass(frozen=True)
class SeriesPoint:
    """One period on a control chart. Limits are absent where none were computed."""

    period: Period
    value: Figure
    mean: float | None = None
    lower: float | None = None
    upper: float | None = None
    target: Target | None = None
    finding: Finding = Finding.COMMON
    note: Wording | None = None  # the rules that fired, an annotation, a rebase


@dataclass(frozen=True)
class Objective:
    code: str
    name: LocalText


@dataclass(frozen=True)
class YearEnd:
    """What is expected at the end of the year, with its 80 % interval."""

    figure: Figure
    low: Figure
    high: Figure


@dataclass(frozen=True)
class ScorecardRow:
    """One KPI against its target and its own past, in its own latest period."""

    code: str
    name: LocalText
    objective: Objective
    unit: Unit
    direction: Direction
    frequency: Frequency
    period: Period
    actual: Figure
    target: Target | None
    variance: Figure | None  # actual less target, or less the nearest bound; None without a target
    status: StatusKind
    variation: Variation
    assurance: Assurance
    previous: Figure
    year_ago: Figure
    series: tuple[SeriesPoint, ...]  # oldest first, ending with `period`
    owner: str | None
    comment: Wording | None = None
    partial: bool = False  # the period is not over or an extract is missing
    lacks: tuple[Wording, ...] = ()  # the extracts that do not know the whole period
    interval: tuple[Figure, Figure] | None = None  # of a sample, with 95 % confidence
    year_end: YearEnd | None = None  # None: the year is over, or too little is known
    far_behind: bool = False  # short of the target by more than its tolerance


@dataclass(frozen=True)
class OffTrack:
    """A KPI that misses its target, with what its owner says and does about it."""

    row: ScorecardRow
    happened: Wording | None = None
    explanation: Wording | None = None
    actions: tuple[ActionRow, ...] = ()  # open, the first due first
    settings: Wording | None = None  # how the chart judges: rules, baseline, rebases


@dataclass(frozen=True)
class StatusChange:
    """A KPI whose status is not what it was in the last period."""

    code: str
    name: LocalText
    before: StatusKind
    now: StatusKind


@dataclass(frozen=True)
class Decision:
    """Something the board is asked to decide."""

    wording: Wording
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Summary:
    """The page a board member reads when he reads only one."""

    headline: Wording
    changes: tuple[StatusChange, ...] = ()
    without_action: tuple[str, ...] = ()  # codes of KPIs behind target with no action
    decisions: tuple[Decision, ...] = ()
    overdue: tuple[OverdueRow, ...] = ()  # updates, the longest first


@dataclass(frozen=True)
class DeliveryRow:
    """Service delivery of one service in one office; None stands for all of them."""

    service: LocalText | None
    office: LocalText | None
    intake: Figure
    output: Figure
    backlog: Figure
    overdue_share: Figure
    median: Figure
    p90: Figure
    within_deadline: Figure


@dataclass(frozen=True)
class BatchRow:
    """One accepted extract and what became of its rows."""

    batch: str
    contract: LocalText
    profile: str
    file_name: str
    sha256: str
    loaded_at: datetime
    loaded_by: str
    cut_at: datetime
    coverage_from: date | None
    coverage_to: date | None
    read: int
    accepted: int
    added: int
    changed: int
    unchanged: int
    vanished: int
    duplicate: int
    excluded_test: int
    excluded_total: int
    quarantined: int
    reasons: tuple[tuple[Wording, int], ...] = ()  # of quarantine, with their rows


@dataclass(frozen=True)
class Gap:
    """A period an extract should cover and does not."""

    contract: LocalText
    period: Period
    reason: Wording
    codes: tuple[str, ...] = ()  # the KPIs that suffer


@dataclass(frozen=True)
class Restatement:
    """A value that is no longer what was last published."""

    code: str
    name: LocalText
    period: Period
    published: Figure
    now: Figure
    published_at: datetime
    reason: Wording | None = None


@dataclass(frozen=True)
class DefinitionRow:
    """What a KPI means, in words."""

    code: str
    name: LocalText
    version: int
    valid_from: date
    formula: Wording
    numerator: Wording
    denominator: Wording | None
    inclusion: Wording
    period_rule: Wording
    target_source: Wording | None
    assumption: bool  # the target has no source and needs the agency's own decision


@dataclass(frozen=True)
class LineageRow:
    """From what exactly the figures of a KPI were made."""

    code: str
    name: LocalText
    definition_version: int
    definition_hash: str
    event_number: int
    batches: tuple[str, ...]
    reference_version: str
    published_at: datetime


@dataclass(frozen=True)
class ManagementPack:
    """Everything the board is told, in the order it is told."""

    cover: Cover
    summary: Summary
    scorecard: tuple[ScorecardRow, ...]
    off_track: tuple[OffTrack, ...] = ()
    delivery: tuple[DeliveryRow, ...] = ()
    batches: tuple[BatchRow, ...] = ()
    gaps: tuple[Gap, ...] = ()
    restatements: tuple[Restatement, ...] = ()
    definitions: tuple[DefinitionRow, ...] = ()
    lineage: tuple[LineageRow, ...] = ()
    actions: tuple[ActionRow, ...] = ()
    notes: tuple[Wording, ...] = field(default=())
