"""`cra target`: list what is aimed at, set one, take all along as a workbook and bring it back."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path as File
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dashboard.command_line.session import (
    REFUSED,
    As,
    AsOf,
    Json,
    errors,
    looking_back,
    opened,
    print_json,
    refusing,
)
from dashboard.web.api.targets import entry_of
from data.access.actor import Actor
from data.access.permissions import Permission
from data.errors import Invalid
from data.extracts.history import known_until
from data.language.languages import Language
from data.language.texts import Texts
from data.workspace import Reader, Workspace
from kpis.assessment import Target
from kpis.direction import Direction
from kpis.register import read_kpi, read_kpis
from kpis.targets import Baseline, Course, Path
from kpis.targets.actions import set_target
from kpis.targets.listing import Listed, list_targets
from kpis.targets.stages import stages_from_text

if TYPE_CHECKING:
    from reports.targets_exchange import Preview

app = typer.Typer(no_args_is_help=True)
Code = Annotated[str, typer.Argument(metavar="CODE", help="A KPI, such as SD-01.")]
Day = Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", show_default=False)]
Office = Annotated[str | None, typer.Option(metavar="CODE", help="Else the whole agency.")]
Number = Annotated[float | None, typer.Option(metavar="NUMBER", show_default=False)]
Codes = Annotated[list[str] | None, typer.Argument(metavar="[CODE]...", help="All when none.")]


@app.command("list")
def list_all(
    codes: Codes = None,
    assumptions: Annotated[bool, typer.Option("--assumptions", help="Only these.")] = False,
    as_of: AsOf = None,
    as_json: Json = False,
    as_email: As = None,
) -> None:
    """Every target that holds now or later, with its path, one line each."""
    with refusing(), opened(as_email) as (workspace, actor, texts):
        known = looking_back(workspace, actor, as_of)
        with known.read(actor, Permission.KPI_VIEW) as reader:
            kpis = read_kpis(reader, _upper(codes))
            rows = list_targets(reader, kpis, _day(known, actor))
        found = [row for row in rows if _is_wanted(row, assumptions=assumptions)]
        if as_json:
            print_json(
                [{"code": row.kpi.code, **entry_of(row.entry)} for row in found if row.entry]
            )
            return
        for row in found:
            typer.echo(_line(row, texts))


@app.command("set")
def set_one(
    code: Code,
    source: Annotated[str, typer.Option(help="Who decided it, and where that is written.")],
    reason: Annotated[str, typer.Option(help="Why it is set.")],
    valid_from: Annotated[str, typer.Option("--from", metavar="YYYY-MM-DD")],
    low: Number = None,
    high: Number = None,
    office: Office = None,
    assumption: Annotated[bool, typer.Option("--assumption", help="Nobody decided it.")] = False,
    tolerance: Number = None,
    baseline: Number = None,
    baseline_day: Day = None,
    baseline_source: Annotated[str, typer.Option()] = "",
    due: Day = None,
    stages: Annotated[str, typer.Option(help="2026-Q1 = 40; 2026-Q2 = 45")] = "",
    as_json: Json = False,
    as_email: As = None,
) -> None:
    """Set a target; with a baseline and a day it is due by, the aim moves there."""
    with refusing(), opened(as_email) as (workspace, actor, texts):
        with workspace.read(actor, Permission.KPI_VIEW) as reader:
            direction = _direction(reader, code)
        start = _baseline(baseline, baseline_day, baseline_source)
        made = set_target(
            workspace,
            by=actor,
            code=code.upper(),
            target=Target(low, high, source, assumption, tolerance),
            valid_from=_read_day(valid_from),
            reason=reason,
            office_code=office,
            path=_path(start, due, stages, direction),
        )
        said = {"code": code.upper(), "id": made}
        if as_json:
            print_json(said)
        else:
            typer.echo(texts.text("targets.was_set", kpi=code.upper(), day=_read_day(valid_from)))


@app.command("export")
def export(
    out: Annotated[File, typer.Option(help="The file to write.")],
    codes: Codes = None,
    every_office: Annotated[
        bool, typer.Option("--every-office", help="With a row for each open office.")
    ] = False,
    language: Annotated[Language | None, typer.Option(help="Default: the actor's own.")] = None,
    as_json: Json = False,
    as_email: As = None,
) -> None:
    """Write the targets as they stand as a workbook to fill in."""
    from reports.targets_exchange import export_targets

    with refusing(), opened(as_email) as (workspace, actor, texts):
        if out.is_dir() or not out.absolute().parent.is_dir():
            raise Invalid("reports.refused.no_folder", path=str(out))
        content = export_targets(
            workspace,
            by=actor,
            language=language or texts.language,
            day=_day(workspace, actor),
            codes=_upper(codes),
            every_office=every_office,
        )
        out.write_bytes(content)
        if as_json:
            print_json({"file": str(out)})
        else:
            typer.echo(str(out))


@app.command("import")
def import_file(
    file: Annotated[File, typer.Argument(exists=True, dir_okay=False)],
    reason: Annotated[
        str | None, typer.Option(help="Why; without it nothing is changed, only shown.")
    ] = None,
    as_json: Json = False,
    as_email: As = None,
) -> None:
    """Show what a filled-in workbook would change, and with a reason change it: all or nothing."""
    from reports.targets_exchange import import_targets, preview_import

    with refusing(), opened(as_email) as (workspace, actor, texts):
        content = file.read_bytes()
        found = preview_import(workspace, by=actor, content=content, file_name=file.name)
        if as_json:
            print_json(_told(found, texts))
        else:
            _show(found, texts)
        if found.faults:
            raise typer.Exit(REFUSED)
        if reason is not None:
            import_targets(workspace, by=actor, content=content, file_name=file.name, reason=reason)
            errors.print(texts.text("targets.imported", count=len(found.wishes)), markup=False)


def _told(found: Preview, texts: Texts) -> dict[str, Any]:
    return {
        "sheet": found.sheet,
        "rows": [
            {
                "row": row.number,
                "code": row.code,
                "office": row.office,
                "fate": row.fate.value,
                "changes": [
                    {"column": one.field.value, "old": one.old, "new": one.new}
                    for one in row.changes
                ],
                "faults": [texts.said(fault) for fault in row.faults],
            }
            for row in found.rows
        ],
    }


def _show(found: Preview, texts: Texts) -> None:
    for row in found.rows:
        where = f"{row.number}  {row.code} {row.office or ''}".rstrip()
        for one in row.changes:
            old, new = texts.value(one.old), texts.value(one.new)
            typer.echo(f"{where}  {texts.word(row.fate)}  {texts.word(one.field)}: {old} → {new}")
        for fault in row.faults:
            errors.print(texts.said(fault), style="red", markup=False)
    if not found.faults and not found.wishes:
        typer.echo(texts.text("targets.refused.import_empty"))


def _is_wanted(row: Listed, *, assumptions: bool) -> bool:
    if row.entry is None or row.entry.target is None:
        return False
    return row.entry.target.assumption or not assumptions


def _line(row: Listed, texts: Texts) -> str:
    """'CS-01  CRA  2025-01-01  ≥ 30  linear 2027-12-31  aim 15.3 (2025-12)'."""
    entry = row.entry
    if entry is None or entry.target is None:
        return row.kpi.code
    bounds = [texts.number(b) for b in (entry.target.low, entry.target.high) if b is not None]
    aimed = (
        [texts.number(b) for b in (row.aim.low, row.aim.high) if b is not None] if row.aim else []
    )
    said = texts.text("kpis.assumed", target="–".join(bounds))
    parts = [
        row.kpi.code,
        row.office or texts.text("shell.every_office"),
        entry.valid_from.isoformat(),
        said if entry.target.assumption else "–".join(bounds),
        texts.word(entry.path.course),
        entry.path.due.isoformat() if entry.path.due else "",
        f"{row.period.code}: {'–'.join(aimed)}" if aimed else "",
    ]
    return "  ".join(part for part in parts if part)


def _path(start: Baseline | None, due: str | None, stages: str, direction: Direction) -> Path:
    """At once without a day it is due by; in stages where there are any; else a straight line."""
    read = stages_from_text(stages, direction)
    if due is None and not read:
        return Path(baseline=start)
    course = Course.STAGES if read else Course.LINEAR
    return Path(course, start, _read_day(due) if due else None, read)


def _baseline(value: float | None, day: str | None, source: str) -> Baseline | None:
    if value is None and day is None:
        return None
    if value is None or day is None:
        raise Invalid("targets.refused.baseline_incomplete")
    return Baseline(value, _read_day(day), source)


def _direction(reader: Reader, code: str) -> Direction:
    return read_kpi(reader, code.upper()).definition.direction


def _day(workspace: Workspace, actor: Actor) -> date:
    """The last day of which something is known, else today."""
    zone = workspace.settings.zone
    known = known_until(workspace, by=actor)
    return (known.astimezone(zone) if known else datetime.now(zone)).date()


def _read_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid("targets.refused.not_a_day", value=text[:60]) from error


def _upper(codes: list[str] | None) -> list[str] | None:
    return [code.upper() for code in codes] if codes else None
