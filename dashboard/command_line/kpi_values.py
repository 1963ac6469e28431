"""How `cra kpi values` prints: the readings, and what the extracts know of their periods."""

from __future__ import annotations

from collections.abc import Sequence

import typer

from dashboard.command_line.kpi_output import (
    GAP,
    measure_name,
    member_name,
    named,
    print_csv,
    print_table,
    reading_as_dict,
)
from dashboard.command_line.session import print_json
from dashboard.components.extracts.names import text_or
from dashboard.components.kpis.completeness import as_document, in_words, incomplete_extracts
from dashboard.components.kpis.figures import interval
from data.language.texts import Texts
from kpis.completeness import Completeness
from kpis.readings import Ask
from kpis.register import Kpi
from kpis.stored_readings import Reading


def show_values(
    kpi: Kpi,
    ask: Ask,
    readings: Sequence[Reading],
    known: Sequence[Completeness],
    texts: Texts,
    output: str,
) -> None:
    """One line a reading, with what is `known` of its period."""
    dimensions = [*ask.by, *(name for name in ask.where if name not in ask.by)]
    if output == "table":
        _show_table(kpi, dimensions, readings, known, texts)
        return
    if output == "csv":
        names = ["period", "measure", *dimensions, "value", "shown", "missing", "cases", "partial"]
        names += ["low", "high"]
        rows = [reading_as_dict(each, dimensions) for each in readings]
        told = [incomplete_extracts(one) for one in known]
        lines = ([*map(row.get, names), said] for row, said in zip(rows, told, strict=True))
        print_csv([*names, "incomplete"], lines)
        return
    document = {
        "code": kpi.code,
        "name": named(kpi.definition.names, texts),
        "unit": kpi.definition.unit.value,
        "frequency": ask.first.frequency.value,
        "as_of": _event_of(kpi, ask),
        "values": [
            reading_as_dict(each, dimensions) | {"completeness": as_document(one)}
            for each, one in zip(readings, known, strict=True)
        ],
    }
    print_json(document)


def _event_of(kpi: Kpi, ask: Ask) -> int | None:
    if ask.as_of is not None or kpi.published is None:
        return ask.as_of
    return kpi.published.event_number


def _show_table(
    kpi: Kpi,
    dimensions: Sequence[str],
    readings: Sequence[Reading],
    known: Sequence[Completeness],
    texts: Texts,
) -> None:
    typer.echo(f"{kpi.code}{GAP}{named(kpi.definition.names, texts)}")
    headers = [texts.text("kpis.column.period"), texts.text("kpis.column.measure")]
    headers += [text_or(texts, f"kpis.dimension.{name}", name) for name in dimensions]
    headers += [texts.text(f"kpis.column.{name}") for name in ("value", "cases", "note")]
    rows = [
        [
            texts.period(each.period),
            measure_name(each.measure, texts),
            *(member_name(each.cell.members.get(name, ""), texts) for name in dimensions),
            texts.figure(each.figure),
            texts.number(each.cases),
            _note(texts, each, one),
        ]
        for each, one in zip(readings, known, strict=True)
    ]
    print_table(headers, rows)


def _note(texts: Texts, reading: Reading, known: Completeness) -> str:
    """How sure a sample is, and what the extracts do not know of the period."""
    sure = interval(texts, reading.interval) if reading.interval else ""
    return " · ".join(part for part in (sure, in_words(texts, known)) if part)
