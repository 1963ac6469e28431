"""Which events changed what is counted in some days: looked up in their contributions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from data.metrics.compilation import Measure, compile_query, text_sql
from data.metrics.engine import Engine
from data.metrics.history import Event, History
from data.metrics.network import told_sql
from data.metrics.query import Form, Query
from data.metrics.reference import Reference


@dataclass(frozen=True, slots=True)
class Span:
    """Days of a part of the agency, the last included; whole periods, for cells keep segments."""

    first: date
    last: date
    members: Mapping[str, str]  # dimension -> member

    def condition(self, form: Form) -> str:
        """SQL that holds for the cells counted within it."""
        first, last = (f"DATE '{day.isoformat()}'" for day in (self.first, self.last))
        inside = f'"_day" BETWEEN {first} AND {last}'
        if form is Form.STOCK:
            inside = f'"_opened" <= {last} AND ("_closed" IS NULL OR "_closed" > {last})'
        within = [f'"{name}" = {text_sql(member)}' for name, member in self.members.items()]
        return " AND ".join(['"_reason" IS NULL', inside, *within])


def events_touching(
    engine: Engine, query: Query, reference: Reference, history: History, span: Span, *, after: int
) -> list[Event]:
    """The events later than number `after` that changed what is counted in a span, in order."""
    measure, kept = compile_query(query, engine.shapes), engine.contributions
    kept.make_missing([measure], reference, history)
    paths = kept.paths(query, reference, history)
    later = {event: path for event, path in paths.items() if event.number > after}
    where = f"WHERE {span.condition(query.form)} LIMIT 1"
    with engine.runner.session() as session:
        return [
            event
            for event, path in later.items()
            if len(
                session.table(f"SELECT 1 FROM {_cells(measure, reference, path)} AS cells {where}")
            )
        ]


def _cells(measure: Measure, reference: Reference, path: Path) -> str:
    kept = f"read_parquet({text_sql(str(path))})"
    return told_sql(measure, reference.successors, kept)
