"""What was said about the KPIs behind their target and what is done about them, for a pack."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from data.language.languages import LocalText
from data.recalling import recalled
from data.store.tables import Office
from data.workspace import Reader
from kpis.commentary import Action, Answer, Overdue, read_actions, read_answers
from kpis.commentary.due import overdue, overdue_updates, without_action
from kpis.scorecard import Scorecard
from kpis.standing import BEHIND
from reports.packs.acting import ActionRow, OverdueRow
from reports.packs.management import OffTrack, ScorecardRow


@dataclass(frozen=True, slots=True)
class Answers:
    """Who answers for which KPI, and every action there is."""

    by_code: Mapping[str, Answer]
    actions: tuple[ActionRow, ...]

    @property
    def without_action(self) -> tuple[str, ...]:
        return without_action(self.by_code)

    @property
    def overdue(self) -> tuple[OverdueRow, ...]:
        return tuple(_overdue_row(one) for one in overdue_updates(self.by_code))


def answers_of(reader: Reader, card: Scorecard) -> Answers:
    """What answers a scorecard, as of today."""
    by_code = read_answers(reader, card.rows)
    offices = {row.code: LocalText.name_of(row) for row in recalled(reader, Office)}
    today = next((answer.today for answer in by_code.values()), date.max)
    rows = tuple(_action_row(one, offices, today) for one in read_actions(reader))
    return Answers(by_code, rows)


def commented(rows: Iterable[ScorecardRow], answers: Answers) -> tuple[ScorecardRow, ...]:
    """The rows of the scorecard, each with what was said of it."""
    return tuple(replace(row, comment=_happened(answers.by_code[row.code])) for row in rows)


def off_track(rows: Sequence[ScorecardRow], answers: Answers, most: int) -> tuple[OffTrack, ...]:
    """The first KPIs behind their target, each with its commentary and its open actions."""
    behind = [row for row in rows if row.status in BEHIND]
    return tuple(_section(row, answers) for row in behind[:most])


def _section(row: ScorecardRow, answers: Answers) -> OffTrack:
    said = answers.by_code[row.code].commentary
    return OffTrack(
        row,
        happened=_happened(answers.by_code[row.code]),
        explanation=LocalText.same(said.cause) if said else None,
        actions=tuple(one for one in answers.actions if one.code == row.code and one.is_open),
    )


def _happened(answer: Answer) -> LocalText | None:
    return LocalText.same(answer.commentary.happened) if answer.commentary else None


def _action_row(one: Action, offices: Mapping[str, LocalText], today: date) -> ActionRow:
    late = overdue(one, today)
    return ActionRow(
        number=one.id,
        code=one.code,
        period=one.period,
        office=offices.get(one.office) if one.office else None,
        what=LocalText.same(one.what),
        owner=one.assignee,
        due=one.due,
        first_due=one.first_due,
        state=one.state,
        late=late.kind if late else None,
        heard_on=one.heard_on,
        result=LocalText.same(one.result) if one.result else None,
    )


def _overdue_row(one: Overdue) -> OverdueRow:
    action = one.action
    return OverdueRow(
        kind=one.kind,
        code=one.code or "",
        since=one.since,
        owner=action.assignee if action else None,
        what=LocalText.same(action.what) if action else None,
    )
