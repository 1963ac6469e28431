"""Who acts and what is overdue, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping

from data.language.texts import Texts
from kpis.commentary import Action, Answer, Overdue


def who_acts(texts: Texts, answer: Answer) -> str:
    """'Luan Demo, until 15 Dec 2026', what is overdue, 'no action'; '' where none is called for."""
    acting = answer.acting
    if acting is not None:
        return texts.text(
            "commentary.acts", person=acting.assignee, due=texts.day_short(acting.due)
        )
    if answer.actions:
        late = answer.actions[0]
        day = texts.day_short(late.due)
        return texts.text("commentary.acts_late", person=late.assignee, due=day)
    return texts.text("commentary.no_action") if answer.is_behind else ""


def acts_icon(answer: Answer) -> str:
    """A person where somebody acts, else none; the words beside it say the same."""
    return ":material/person:" if answer.acting else ":material/person_off:"


def overdue_line(texts: Texts, one: Overdue) -> str:
    """'Commentary overdue since ...', 'Action overdue since ...: Luan Demo'."""
    since = texts.day_short(one.since)
    person = one.action.assignee if one.action else ""
    return texts.text(f"commentary.late.{one.kind.value}", since=since, person=person)


def due_line(texts: Texts, action: Action) -> str:
    """Until when; and where it was put off, by how many days and from when."""
    due = texts.day_short(action.due)
    if not action.slipped_days:
        return texts.text("commentary.until", due=due)
    return texts.counted(
        "commentary.until_moved",
        action.slipped_days,
        due=due,
        first=texts.day_short(action.first_due),
    )


def part_name(texts: Texts, office: str | None, offices: Mapping[str, str]) -> str:
    """The office a thing is of, or that it is of the whole agency."""
    return texts.text("shell.every_office") if office is None else offices.get(office, office)
