"""How `cra kpi` prints: aligned columns for people, full precision for programs."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import typer

from dashboard.command_line.reading_output import entry_as_dict, said_entries
from dashboard.command_line.session import print_json
from dashboard.components.extracts.names import text_or
from dashboard.components.kpis.figures import interval
from data.figure import Figure
from data.language.languages import LocalText
from data.language.texts import Texts
from data.period import Period
from kpis.assessment import Target
from kpis.definitions import UNSTATED, Words
from kpis.lineage import Explanation
from kpis.register import Kpi
from kpis.stored_readings import Reading
from kpis.targets import Targets

GAP = "  "
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def show_kpis(
    kpis: Sequence[Kpi], targets: Targets, today: date, texts: Texts, output: str
) -> None:
    """One line a KPI."""
    rows = [_kpi_as_dict(kpi, targets, today, texts) for kpi in kpis]
    if output == "json":
        print_json(rows)
    elif output == "csv":
        print_csv(list(rows[0]) if rows else [], [list(row.values()) for row in rows])
    else:
        names = ("code", "name", "unit", "direction", "frequency", "target", "event")
        headers = [texts.text(f"kpis.column.{name}") for name in names]
        print_table(headers, [_kpi_in_words(kpi, targets, today, texts) for kpi in kpis])


def _kpi_as_dict(kpi: Kpi, targets: Targets, today: date, texts: Texts) -> dict[str, Any]:
    definition = kpi.definition
    target = _target(kpi, targets, today)
    return {
        "code": kpi.code,
        "name": named(definition.names, texts),
        "unit": definition.unit.value,
        "direction": definition.direction.value,
        "frequency": definition.frequency.value,
        "version": definition.version,
        "scorecard": kpi.scorecard,
        "target_low": target.low if target else None,
        "target_high": target.high if target else None,
        "target_is_assumption": target.assumption if target else None,
        "event": kpi.published.event_number if kpi.published else None,
    }


def _kpi_in_words(kpi: Kpi, targets: Targets, today: date, texts: Texts) -> list[str]:
    definition = kpi.definition
    return [
        kpi.code,
        named(definition.names, texts),
        texts.text(f"unit.{definition.unit.value}"),
        texts.word(definition.direction),
        texts.word(definition.frequency),
        _target_in_words(_target(kpi, targets, today), texts),
        str(kpi.published.event_number) if kpi.published else texts.text("common.nothing"),
    ]


def _target(kpi: Kpi, targets: Targets, today: date) -> Target | None:
    return targets.in_force(kpi.code, Period.covering(today, kpi.definition.frequency))


def _target_in_words(target: Target | None, texts: Texts) -> str:
    if target is None:
        return texts.text("common.nothing")
    bounds = [texts.number(bound) for bound in (target.low, target.high) if bound is not None]
    words = "–".join(bounds)
    return texts.text("kpis.assumed", target=words) if target.assumption else words


def reading_as_dict(reading: Reading, dimensions: Iterable[str]) -> dict[str, Any]:
    """A reading in full."""
    members = reading.cell.members
    return {
        "period": reading.period.code,
        "measure": reading.measure,
        **{name: members.get(name) for name in dimensions},
        "unit": reading.figure.unit.value,
        **figure_as_dict(reading.figure),
        "cases": reading.cases,
        "partial": reading.partial,
        "low": _bound(reading, 0),
        "high": _bound(reading, 1),
    }


def _bound(reading: Reading, place: int) -> float | None:
    """An end of the 95 % interval of a sample."""
    return reading.interval[place].value if reading.interval else None


def figure_as_dict(figure: Figure) -> dict[str, Any]:
    """A figure in full and as it is shown, or why there is none."""
    return {
        "value": figure.value,
        "shown": None if figure.shown is None else str(figure.shown),
        "missing": figure.missing.value if figure.missing else None,
    }


def measure_name(name: str, texts: Texts) -> str:
    """What a line of a KPI is called."""
    return text_or(texts, f"kpis.measure.{name}", name)


def member_name(member: str, texts: Texts) -> str:
    """A member of a dimension as its code, or that it is not stated."""
    return texts.text("kpis.not_stated") if member == UNSTATED else member


def show_explanation(found: Explanation, texts: Texts) -> None:
    """An explanation, in paragraphs."""
    definition = found.definition
    typer.echo(f"{definition.code}{GAP}{named(definition.names, texts)}")
    typer.echo(named(definition.explanation, texts))
    _section("value", [*_said_values(found, texts)], texts)
    _section("formula", [*_said_formula(found, texts)], texts)
    _section("excluded", [*_said_exclusions(found, texts), *_said_missing(found, texts)], texts)
    _section("loads", [*_said_loads(found, texts)], texts)
    typer.echo(
        "\n"
        + texts.text(
            "kpis.explain.rests_on",
            version=definition.version,
            event=str(found.event),
            reference=found.reference_version[:12],
        )
    )


def _section(name: str, lines: Sequence[str], texts: Texts) -> None:
    typer.echo(f"\n{texts.text(f'kpis.explain.{name}')}")
    for line in lines or [texts.text("common.nothing")]:
        typer.echo(f"{GAP}{line}")


def _said_values(found: Explanation, texts: Texts) -> Iterable[str]:
    for each in found.readings:
        note = f" ({texts.text('kpis.partial')})" if each.partial else ""
        shown = f"{measure_name(each.measure, texts)}: {texts.figure(each.figure)}{note}"
        yield f"{texts.period(each.period)}{GAP}{shown}"
        if each.interval is not None:
            yield interval(texts, each.interval)
    if found.counted is None:
        yield texts.text("kpis.explain.suppressed")
        return
    yield texts.text("kpis.explain.counted", count=found.counted)
    if found.numerator is not None:
        yield texts.text("kpis.explain.numerator", count=found.numerator)
    if found.denominator is not None:
        yield texts.text("kpis.explain.denominator", count=found.denominator)


def _said_formula(found: Explanation, texts: Texts) -> Iterable[str]:
    for line in found.formula:
        role = texts.text(f"kpis.role.{line.role}")
        yield f"{role}: {line.text}"


def _said_exclusions(found: Explanation, texts: Texts) -> Iterable[str]:
    for reason, count in found.excluded.items():
        name = text_or(texts, f"kpis.excluded.{reason}", reason)
        yield f"{name}: {texts.number(count)}"


def _said_missing(found: Explanation, texts: Texts) -> Iterable[str]:
    for member, days in found.missing.items():
        yield texts.text("kpis.explain.days_missing", member=member, count=len(days), day=days[0])


def _said_loads(found: Explanation, texts: Texts) -> Iterable[str]:
    for batch in found.batches:
        yield texts.text(
            "kpis.explain.batch",
            file=batch.file_name,
            loaded=batch.loaded_at,
            cut=batch.cut_at,
            rows=batch.rows,
        )
    for name, coverage in found.gaps.items():
        yield texts.text(f"kpis.explain.gap_{coverage.value}", extract=name)
    yield from said_entries(found, texts)


def show_explanation_as_json(found: Explanation) -> None:
    """An explanation as one document."""
    print_json(
        {
            "code": found.definition.code,
            "version": found.definition.version,
            "period": found.period.code,
            "where": dict(found.where),
            "values": [reading_as_dict(each, ()) for each in found.readings],
            "formula": [
                {"role": line.role, "text": line.text, "reason": line.reason or None}
                for line in found.formula
            ],
            "rows": found.counted,
            "numerator": found.numerator,
            "denominator": found.denominator,
            "excluded": dict(found.excluded),
            "missing_days": {
                member: [day.isoformat() for day in days] for member, days in found.missing.items()
            },
            "event": found.event,
            "reference_version": found.reference_version,
            "batches": [
                {
                    "id": batch.id,
                    "contract": batch.contract,
                    "file_name": batch.file_name,
                    "loaded_at": batch.loaded_at.isoformat(),
                    "cut_at": batch.cut_at.isoformat(),
                    "rows": batch.rows,
                }
                for batch in found.batches
            ],
            "gaps": {name: coverage.value for name, coverage in found.gaps.items()},
            "entered": [entry_as_dict(one) for one in found.entered.entries]
            if found.entered
            else None,
        }
    )


def named(words: Words, texts: Texts) -> str:
    """A text in three languages, in the one spoken."""
    return LocalText(words.sq, words.sr, words.en).within(texts.language)


def print_csv(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Rows for a program, and for a spreadsheet that must run nothing."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(headers)
    writer.writerows([[_harmless(cell) for cell in row] for row in rows])


def _harmless(cell: Any) -> Any:
    """A code that a spreadsheet would take for a formula, as text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_SIGNS) else cell


def print_table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as their widest cell, whatever the terminal: output is often piped."""
    widths = [max(map(len, column)) for column in zip(headers, *rows, strict=True)]
    for row in (headers, *rows):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        typer.echo(GAP.join(cells).rstrip())
