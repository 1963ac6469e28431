"""`cra risk export` and `import`: the register as a workbook, and back after a look at it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dashboard.command_line.risk import Category, InStatus, Level, Owner, Unit, read_choice
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
from data.access.permissions import Permission
from data.errors import Invalid
from data.language.languages import Language
from data.language.texts import Texts
from risks.lexicon import read_lexicon

if TYPE_CHECKING:
    from reports.register_exchange import CellChange, Preview


def export(
    out: Annotated[Path, typer.Option(help="The file to write.")],
    language: Annotated[Language | None, typer.Option(help="Default: the actor's own.")] = None,
    unit: Unit = None,
    category: Category = None,
    status: InStatus = None,
    owner: Owner = None,
    level: Level = None,
    as_of: AsOf = None,
    as_json: Json = False,
    as_email: As = None,
) -> None:
    """Write the risks one may see as a workbook; some cells may be changed and brought back."""
    from reports.building import build_risk_register

    with refusing(), opened(as_email) as (workspace, actor, texts):
        if out.is_dir() or not out.absolute().parent.is_dir():
            raise Invalid("reports.refused.no_folder", path=str(out))
        known = looking_back(workspace, actor, as_of)
        with known.read(actor, Permission.RISK_VIEW_PUBLISHED) as reader:
            wanted = read_choice(read_lexicon(reader), unit, category, status, owner, level)
        report = build_risk_register(
            known, by=actor, language=language or texts.language, choice=wanted
        )
        out.write_bytes(report.content)
        if as_json:
            print_json(
                {
                    "file": str(out),
                    "snapshot": report.snapshot_id,
                    "sha256_of_snapshot": report.snapshot_hash,
                }
            )
        else:
            typer.echo(texts.text("reports.built", file=str(out), snapshot=report.snapshot_id))


def import_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    reason: Annotated[
        str | None, typer.Option(help="Why; without it nothing is changed, only shown.")
    ] = None,
    as_json: Json = False,
    as_email: As = None,
) -> None:
    """Show what a changed workbook would change, and with a reason change it: all or nothing."""
    from reports.register_exchange import import_register, preview_register

    with refusing(), opened(as_email) as (workspace, actor, texts):
        content = file.read_bytes()
        found = preview_register(workspace, by=actor, content=content, file_name=file.name)
        if as_json:
            print_json(_told(found, texts))
        else:
            _show(found, texts)
        if found.faults:
            raise typer.Exit(REFUSED)
        if reason is not None:
            import_register(
                workspace, by=actor, content=content, file_name=file.name, reason=reason
            )
            said = texts.text("risk_command.imported", count=len(found.changes))
            errors.print(said, markup=False)
        elif found.changes:
            errors.print(texts.text("risk_command.only_shown"), markup=False)


def _told(found: Preview, texts: Texts) -> dict[str, Any]:
    return {
        "sha256": found.sha256,
        "risks": [
            {
                "code": one.code,
                "fate": one.fate.value,
                "changes": [_cell_told(cell) for cell in one.changes],
                "faults": [texts.said(fault) for fault in one.faults],
                "notes": [texts.said(note) for note in one.notes],
            }
            for one in found.risks
        ],
    }


def _cell_told(cell: CellChange) -> dict[str, Any]:
    return {
        "sheet": cell.sheet,
        "row": cell.row,
        "column": cell.column,
        "field": cell.field.value,
        "old": cell.old,
        "new": cell.new,
        "standing": cell.standing,
    }


def _show(found: Preview, texts: Texts) -> None:
    for one in found.risks:
        for cell in one.changes:
            values = f"{texts.value(cell.old or None)} → {texts.value(cell.new or None)}"
            place = f"{cell.sheet} {cell.column}{cell.row}"
            said = [one.code, place, texts.word(one.fate), f"{texts.word(cell.field)}: {values}"]
            if cell.standing is not None:
                standing = texts.text("register_import.standing", value=cell.standing or None)
                said.append(standing)
            typer.echo("  ".join(said))
        for fault in one.faults:
            errors.print(texts.said(fault), style="red", markup=False)
        for note in one.notes:
            typer.echo(f"{one.code}  {texts.said(note)}")
    if not found.faults and not found.changes:
        typer.echo(texts.text("risk_command.unchanged"))
