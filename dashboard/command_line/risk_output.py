"""How `cra risk` prints lists: words and aligned columns for people, codes for programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import typer

from dashboard.command_line.kpi import Format
from dashboard.command_line.kpi_output import print_csv, print_table
from dashboard.command_line.session import print_json
from dashboard.web.api.risk_documents import Speaker, review_days_late, summary_of
from data.language.texts import Texts
from risks.indicators.thresholds import IndicatorState
from risks.lexicon import Lexicon
from risks.register.kinds import Kind
from risks.register.record import Assessment, Risk
from risks.register.waiting import Waiting

SCORES = ("likelihood", "impact", "level")


@dataclass(frozen=True, slots=True)
class Spoken:
    """Names, language, and the day by which something is late."""

    lexicon: Lexicon
    texts: Texts
    today: date
    states: Mapping[str, IndicatorState] = field(default_factory=dict)  # by the id of an indicator

    def head(self, *names: str) -> list[str]:
        return [self.texts.text(f"risk_command.head.{name}") for name in names]

    def level(self, one: Assessment | None) -> str:
        """'High (4 × 3)', or that it is not assessed."""
        if one is None or one.level is None:
            return self.texts.text("risk.not_assessed")
        name = self.texts.value(self.lexicon.level(one))
        return f"{name} ({one.likelihood} × {one.impact})"

    def status(self, risk: Risk) -> str:
        """The state, and that an answer is owed."""
        word = self.texts.word(risk.status)
        return f"{word} · {self.texts.text('risk.escalated')}" if risk.is_escalated else word

    def day(self, day: date | None) -> str:
        return day.isoformat() if day else ""


def show_risks(risks: Sequence[Risk], spoken: Spoken, form: Format) -> None:
    """One line a risk."""
    speaker = Speaker(spoken.lexicon, spoken.texts, spoken.today)
    if form is Format.JSON:
        print_json([summary_of(one, speaker) for one in risks])
    elif form is Format.CSV:
        rows = [_flat(summary_of(one, speaker)) for one in risks]
        print_csv(list(rows[0]) if rows else [], [list(row.values()) for row in rows])
    elif risks:
        names = ("code", "title", "status", "level", "unit", "owner", "next_review", "treatments")
        print_table(spoken.head(*names), [_line(one, spoken) for one in risks])
    else:
        typer.echo(spoken.texts.text("risk_command.none"))


def due_for_review(risks: Iterable[Risk], today: date, within: int) -> tuple[Risk, ...]:
    """Active risks whose review is due within so many days, owner by owner."""
    until = today + timedelta(days=within)
    due = [one for one in risks if one.is_active and one.next_review and one.next_review <= until]
    first: dict[str, date] = {}
    for one in due:
        day = one.next_review or until
        first[one.owner] = min(first.get(one.owner, day), day)
    return tuple(
        sorted(due, key=lambda one: (first[one.owner], one.owner, one.next_review, one.number))
    )


def show_due(risks: Sequence[Risk], spoken: Spoken, form: Format) -> None:
    """One line a review."""
    rows = [
        {
            "owner": one.owner,
            "code": one.code,
            "title": one.title,
            "level": one.level,
            "next_review": spoken.day(one.next_review),
            "days_late": review_days_late(one, spoken.today),
        }
        for one in risks
    ]
    if form is not Format.TABLE:
        _print_rows(rows, form)
    elif risks:
        names = ("owner", "code", "title", "level", "next_review", "days_late")
        table = zip(rows, risks, strict=True)
        lines = [[*_texts(row), spoken.level(one.current), *_ends(row)] for row, one in table]
        print_table(spoken.head(*names), lines)
    else:
        typer.echo(spoken.texts.text("risk_command.nothing_due"))


def show_waiting(found: Sequence[Waiting], spoken: Spoken, form: Format) -> None:
    """One line a matter."""
    rows = [
        {
            "matter": one.matter.value,
            "code": one.risk.code,
            "title": one.risk.title,
            "due": spoken.day(one.due),
        }
        for one in found
    ]
    if form is not Format.TABLE:
        _print_rows(rows, form)
    elif found:
        lines = [
            [spoken.texts.word(one.matter), one.risk.code, one.risk.title, spoken.day(one.due)]
            for one in found
        ]
        print_table(spoken.head("matter", "code", "title", "due"), lines)
    else:
        typer.echo(spoken.texts.text("risk_command.nothing_waits"))


def _print_rows(rows: Sequence[dict[str, Any]], form: Format) -> None:
    if form is Format.JSON:
        print_json(rows)
    else:
        print_csv(list(rows[0]) if rows else [], [list(row.values()) for row in rows])


def _line(risk: Risk, spoken: Spoken) -> list[str]:
    late = sum(bool(one.days_late(spoken.today)) for one in risk.open_treatments)
    treatments = str(len(risk.open_treatments))
    if late:
        treatments = spoken.texts.text("risk_command.late", count=treatments, late=late)
    review = spoken.day(risk.next_review)
    is_late = bool(review_days_late(risk, spoken.today))
    return [
        risk.code,
        risk.title,
        spoken.status(risk),
        spoken.level(risk.current),
        risk.unit_code,
        risk.owner,
        f"{review} ▲" if is_late else review,
        treatments,
    ]


def _flat(told: dict[str, Any]) -> dict[str, Any]:
    """A summary in one row: what belongs together in names of its own, lists with spaces."""
    row = {name: told[name] for name in ("code", "title", "status", "response", "owner")}
    row |= {name: (told[name] or {}).get("code") for name in ("category", "unit")}
    for kind in Kind:
        score = told[kind.value] or {}
        row |= {f"{kind.value}_{name}": score.get(name) for name in SCORES}
    row |= {name: " ".join(told[name]) for name in ("objectives", "kpis")}
    rest = (
        *("escalated", "open_treatments", "late_treatments", "next_review", "review_days_late"),
        *("accepted_until", "opened_on", "closed_on", "version", "updated_at", "demo"),
    )
    return row | {name: told[name] for name in rest}


def _texts(row: dict[str, Any]) -> list[str]:
    return [row["owner"], row["code"], row["title"]]


def _ends(row: dict[str, Any]) -> list[str]:
    return [row["next_review"], str(row["days_late"] or "")]
