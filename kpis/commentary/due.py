"""What a KPI behind its target owes: commentary of the period, and somebody who acts.

Pure: published verdicts, what was said, what is done and the day decide; nothing is read here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from data.period import Period
from kpis.assessment import StatusKind
from kpis.commentary.reading import Action, Commentary
from kpis.judgement import ScorecardRow
from kpis.standing import BEHIND

# Conventions of the product, not of a law: change them here.
COMMENT_DAYS = 15  # after a period was first published, until its commentary has to stand
UPDATE_DAYS = 30  # that an open action may pass without a word


class Late(StrEnum):
    """What is overdue: commentary, an action, or word of an action."""

    COMMENTARY = "commentary"
    ACTION = "action"
    UPDATE = "update"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is judged of a KPI in a period, as far as it calls for an answer."""

    code: str
    period: Period
    office: str | None
    status: StatusKind
    partial: bool = False
    published: date | None = None  # when the period was first published

    @classmethod
    def of(cls, row: ScorecardRow, published: date | None) -> Verdict:
        """The verdict of a row of the scorecard."""
        office = row.reading.cell.members.get("office")
        return cls(row.code, row.period, office, row.status.kind, row.partial, published)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said and done about a KPI in a period, as of a day."""

    verdict: Verdict
    today: date
    commentary: Commentary | None  # of the period, or of the last shorter one within it
    actions: tuple[Action, ...]  # open, of this part or the whole agency, the first due first
    within: tuple[Action, ...] = ()  # open, of single offices, where the whole agency is asked of

    @property
    def code(self) -> str:
        return self.verdict.code

    @property
    def is_behind(self) -> bool:
        return self.verdict.status in BEHIND

    @property
    def is_required(self) -> bool:
        """Whether commentary and an action are owed: behind, in a period over and wholly known."""
        over = self.verdict.period.end <= self.today
        return self.is_behind and over and not self.verdict.partial

    @property
    def acting(self) -> Action | None:
        """The action that is next due and not overdue."""
        return next((one for one in self.actions if not one.is_overdue(self.today)), None)

    @property
    def is_without_action(self) -> bool:
        """Whether it is behind and nobody acts in time."""
        return self.is_behind and self.acting is None

    @property
    def comment_due(self) -> date | None:
        """Until when commentary is owed and does not stand yet."""
        if not self.is_required or self.commentary or self.verdict.published is None:
            return None
        return self.verdict.published + timedelta(days=COMMENT_DAYS)

    @property
    def late(self) -> tuple[Overdue, ...]:
        """Everything that is overdue of it, the longest first."""
        found = [self._late_commentary(), *map(self._late, (*self.actions, *self.within))]
        return tuple(sorted((one for one in found if one), key=lambda one: (one.since, one.kind)))

    def _late_commentary(self) -> Overdue | None:
        due = self.comment_due
        return Overdue(Late.COMMENTARY, self.code, due) if due and due < self.today else None

    def _late(self, action: Action) -> Overdue | None:
        return overdue(action, self.today)


@dataclass(frozen=True, slots=True)
class Overdue:
    """Something that should have come by a day and has not."""

    kind: Late
    code: str | None
    since: date
    action: Action | None = None


def overdue(action: Action, today: date) -> Overdue | None:
    """What is overdue of an action: itself, else word of it; None when nothing is."""
    if action.is_overdue(today):
        return Overdue(Late.ACTION, action.code, action.due, action)
    word_due = action.heard_on + timedelta(days=UPDATE_DAYS)
    if action.is_open and word_due < today:
        return Overdue(Late.UPDATE, action.code, word_due, action)
    return None


def answer_to(
    verdict: Verdict, commentary: Iterable[Commentary], actions: Iterable[Action], today: date
) -> Answer:
    """What of all that stands answers this verdict."""
    said = [one for one in commentary if _answers(one, verdict)]
    own = [one for one in actions if one.code == verdict.code and one.is_open]
    held = [one for one in own if one.holds_for(verdict.office)]
    within = [one for one in own if one not in held] if verdict.office is None else []
    return Answer(
        verdict=verdict,
        today=today,
        commentary=max(said, key=_newest) if said else None,
        actions=tuple(sorted(held, key=_first_due)),
        within=tuple(sorted(within, key=_first_due)),
    )


def _answers(one: Commentary, verdict: Verdict) -> bool:
    """Of the same part, standing, and of the period or of a shorter one within it."""
    period = verdict.period
    inside = period.start <= one.period.start and one.period.end <= period.end
    same = (one.code, one.office) == (verdict.code, verdict.office)
    return same and inside and one.replaced_at is None


def _newest(one: Commentary) -> tuple[date, date, int]:
    """Of two that end on a day the one of the longer period speaks."""
    return one.period.end, date.min + (one.period.end - one.period.start), one.id


def _first_due(one: Action) -> tuple[date, int]:
    return one.due, one.id


def overdue_updates(answers: Mapping[str, Answer]) -> tuple[Overdue, ...]:
    """Everything that is overdue, the longest first."""
    found = [one for answer in answers.values() for one in answer.late]
    return tuple(sorted(found, key=lambda one: (one.since, one.code or "", one.kind)))


def without_action(answers: Mapping[str, Answer]) -> tuple[str, ...]:
    """The KPIs behind for which nobody acts in time."""
    return tuple(code for code, answer in answers.items() if answer.is_without_action)


def most_pressing(
    rows: Sequence[ScorecardRow], answers: Mapping[str, Answer], attention: Sequence[ScorecardRow]
) -> list[ScorecardRow]:
    """What needs attention, behind without action first, then overdue updates, then the rest.

    `attention` is what needs it by its figures alone; its order is kept within each of the three.
    """
    urgent = {row.code for row in attention}
    place = {row.code: n for n, row in enumerate(attention)}
    listed = [
        row
        for row in rows
        if row.code in urgent or answers[row.code].is_without_action or answers[row.code].late
    ]

    def order(row: ScorecardRow) -> tuple[bool, bool, int]:
        answer = answers[row.code]
        return not answer.is_without_action, not answer.late, place.get(row.code, len(place))

    return sorted(listed, key=order)
