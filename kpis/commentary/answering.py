"""Who acts on the KPIs of a scorecard: a few queries, however many KPIs there are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from data.period import Period
from data.store.tables import Publication, StoredReading
from data.workspace import Reader
from kpis.commentary.due import Answer, Verdict, answer_to
from kpis.commentary.reading import read_actions, read_commentary
from kpis.definitions import HEADLINE
from kpis.judgement import ScorecardRow
from kpis.standing import BEHIND
from kpis.stored_readings import Cell, Selection


def read_answers(reader: Reader, rows: Sequence[ScorecardRow]) -> dict[str, Answer]:
    """What is said and done about each KPI, as of today; the rows are of one period and part."""
    if not rows:
        return {}
    now = reader.then.until if reader.then else datetime.now(UTC)
    today = now.astimezone(reader.settings.zone).date()
    period, cell = rows[0].period, rows[0].reading.cell
    codes = [row.code for row in rows]
    actions = read_actions(reader, codes, open_only=True)
    said = read_commentary(reader, codes, period, cell.members.get("office"))
    answered = {one.code for one in said}
    silent = [r.code for r in rows if r.status.kind in BEHIND and r.code not in answered]
    published = first_published(reader, silent, period, cell)
    return {
        row.code: answer_to(Verdict.of(row, published.get(row.code)), said, actions, today)
        for row in rows
    }


def first_published(
    reader: Reader, codes: Collection[str], period: Period, cell: Cell
) -> dict[str, date]:
    """The day on which anything of this period and part was first published, by KPI."""
    if not codes:
        return {}
    wanted = Selection.of_cell(
        cell,
        codes=codes,
        frequency=period.frequency,
        starts=[period.start],
        measures=(HEADLINE,),
    )
    columns: list[Any] = [StoredReading.kpi_code, func.min(Publication.published_at)]
    statement: Any = (
        select(*columns)
        .join(Publication, col(Publication.id) == StoredReading.published_in)
        .where(*wanted.conditions())
        .group_by(col(StoredReading.kpi_code))
    )
    rows: Iterable[Any] = reader.all(statement)
    zone = reader.settings.zone
    return {code: moment.astimezone(zone).date() for code, moment in rows}
