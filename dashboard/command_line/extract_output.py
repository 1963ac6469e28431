"""What `cra extract` prints: tables and sentences for people, one JSON document for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from dashboard.command_line.session import REFUSED, print_json
from data.errors import Refusal
from data.extracts.history import Load
from data.extracts.loading import LoadRefused, LoadReport, RowFates
from data.extracts.profile import Profile
from data.extracts.reading.containers import sha256
from data.language.texts import Said, Texts


@contextmanager
def refused_as_json(file: Path, texts: Texts, *, wanted: bool) -> Iterator[None]:
    """A refused file gets its JSON document too; in words it is said like any refusal."""
    try:
        yield
    except Refusal as refusal:
        if not wanted:
            raise
        uncounted = LoadReport(file.name, sha256(file), refused=refusal)
        report = refusal.report if isinstance(refusal, LoadRefused) else uncounted
        print_json(report_document(report, texts))
        raise typer.Exit(REFUSED) from refusal


def show_report(report: LoadReport, texts: Texts, *, as_json: bool) -> None:
    """What a load did or would do."""
    if as_json:
        print_json(report_document(report, texts))
        return
    typer.echo(_headline(report, texts))
    if report.rows:
        fates = [
            (texts.text(f"loading.row.{fate}"), texts.number(count))
            for fate, count in report.rows.as_dict().items()
        ]
        _print_table((texts.text("loading.head.fate"), texts.text("loading.head.rows")), fates)
    for reason, count in report.quarantine_reasons.items():
        typer.echo(f"  {texts.text(f'extracts.reason.{reason}')}: {texts.number(count)}")
    for note in report.notes:
        typer.echo(f"• {texts.said(note)}")


def report_document(report: LoadReport, texts: Texts) -> dict[str, Any]:
    """The report as a program reads it; of a refused file, fates not counted are null."""
    return {
        "event": report.event,
        "batch": report.batch,
        "contract": report.contract,
        "profile": report.profile,
        "file": report.file_name,
        "sha256": report.sha256,
        "nothing_new": report.nothing_new,
        "rows": _rows(report),
        "quarantine_reasons": dict(report.quarantine_reasons),
        "refused": _document(report.refused, texts) if report.refused else None,
        "notes": [_document(note, texts) for note in report.notes],
        "scope": report.scope,
        "scope_from": report.scope_from,
        "scope_to": report.scope_to,
        "coverage": {"from": report.coverage_from, "to": report.coverage_to},
        "cut_at": report.cut_at.isoformat() if report.cut_at else None,
        "encoding": report.encoding,
        "control_totals": dict(report.control_totals),
    }


def show_loads(found: Sequence[Load], texts: Texts, *, as_json: bool) -> None:
    """Every load with its fate."""
    if as_json:
        print_json([_load_document(one) for one in found])
        return
    heads = ("event", "batch", "contract", "file", "coverage", "rows", "loaded_at", "by", "state")
    rows = [
        (
            str(one.event.number),
            one.batch.id,
            one.batch.contract,
            one.batch.file_name,
            _days(one, texts),
            texts.number(one.batch.rows_accepted),
            texts.moment(one.batch.loaded_at),
            one.batch.loaded_by,
            _state(one, texts),
        )
        for one in found
    ]
    _print_table([texts.text(f"loading.head.{head}") for head in heads], rows)


def show_profiles(found: Iterable[Profile], texts: Texts, *, as_json: bool) -> None:
    """Every kind of file that is recognised."""
    language = texts.language.value
    if as_json:
        print_json(
            [
                {
                    "profile": one.id,
                    "title": one.title(language),
                    "contract": one.contract.name,
                    "built_in": one.built_in,
                }
                for one in found
            ]
        )
        return
    heads = ("profile", "contract", "title", "built_in")
    rows = [
        (one.id, one.contract.name, one.title(language), texts.value(one.built_in)) for one in found
    ]
    _print_table([texts.text(f"loading.head.{head}") for head in heads], rows)


def _rows(report: LoadReport) -> dict[str, int | None]:
    if report.rows is not None:
        return dict(report.rows.as_dict())
    return {one.name: getattr(report.counts, one.name, None) for one in fields(RowFates)}


def _headline(report: LoadReport, texts: Texts) -> str:
    if report.nothing_new:
        key = "loading.nothing_new"
    else:
        key = "loading.checked" if report.event is None else "loading.done"
    return texts.text(
        key,
        file=report.file_name,
        contract=report.contract,
        profile=report.profile,
        batch=report.batch,
        event=str(report.event),
    )


def _document(message: Said, texts: Texts) -> dict[str, Any]:
    return {
        "key": message.key,
        "message": texts.said(message),
        "values": dict(message.values),
    }


def _load_document(load: Load) -> dict[str, Any]:
    batch, rows = load.batch, [one.name for one in fields(RowFates)]
    return {
        "event": load.event.number,
        "batch": batch.id,
        "contract": batch.contract,
        "profile": batch.profile,
        "file": batch.file_name,
        "sha256": batch.sha256,
        "rows": {name: getattr(batch, f"rows_{name}") for name in rows},
        "scope": batch.scope,
        "coverage": {"from": batch.coverage_from, "to": batch.coverage_to},
        "cut_at": batch.cut_at.isoformat(),
        "history": batch.history,
        "reason": load.event.reason,
        "demo": batch.demo,
        "loaded_at": batch.loaded_at.isoformat(),
        "loaded_by": batch.loaded_by,
        "withdrawn": _withdrawal_document(load),
    }


def _withdrawal_document(load: Load) -> dict[str, Any] | None:
    event = load.withdrawal
    if event is None:
        return None
    return {
        "event": event.number,
        "at": event.at.isoformat(),
        "by": event.by,
        "reason": event.reason,
    }


def _days(load: Load, texts: Texts) -> str:
    first, last = load.batch.coverage_from, load.batch.coverage_to
    if first is None or last is None:
        return texts.value(None)
    return f"{texts.day_short(first)} – {texts.day_short(last)}"


def _state(load: Load, texts: Texts) -> str:
    if load.withdrawal is None:
        live = texts.text("loading.state.live")
        return f"{live}, {texts.text('history.mark')}" if load.batch.history else live
    return texts.text("loading.state.withdrawn", event=str(load.withdrawal.number))


def _print_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    table = Table(*heads, box=None, header_style="bold")
    for row in rows:
        table.add_row(*row)
    Console(markup=False, emoji=False).print(table)
