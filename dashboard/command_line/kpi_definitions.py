"""`cra kpi export | import | retire | reinstate`: definitions as YAML, and KPIs out of use."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from dashboard.command_line.kpi import Code
from dashboard.command_line.session import (
    REFUSED,
    As,
    AsOf,
    Json,
    looking_back,
    opened,
    print_json,
    refusing,
)
from data.access.permissions import Permission
from data.errors import Invalid, NotFound
from data.language.texts import Texts
from kpis.defining.actions import import_kpis, reinstate_kpi, retire_kpi
from kpis.defining.comparing import ImportVerdict, Incoming, preview_import
from kpis.defining.document import write_documents
from kpis.defining.reading import DefinedKpi, read_defined
from kpis.defining.yaml_tree import LARGEST

Reason = Annotated[str, typer.Option("--reason", help="Why; kept on record.")]


def export_kpis(
    codes: Annotated[
        list[str] | None, typer.Argument(metavar="[CODE]...", help="All in use when none is named.")
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="Instead of standard output.")
    ] = None,
    as_of: AsOf = None,
    as_email: As = None,
) -> None:
    """Definitions as YAML, one document a KPI."""
    with refusing(), opened(as_email) as (workspace, actor, texts):
        known = looking_back(workspace, actor, as_of)
        with known.read(actor, Permission.KPI_VIEW) as reader:
            found = _chosen(read_defined(reader), codes or ())
        text = write_documents(one.entry for one in found)
        if to is None:
            sys.stdout.write(text)
            return
        to.write_text(text, encoding="utf-8")
        typer.echo(texts.text("defining.exported", count=len(found), file=to.name))


def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="YAML, as `export` writes it.")],
    reason: Annotated[
        str, typer.Option("--reason", help="Why; kept on record. Not needed with --dry-run.")
    ] = "",
    valid_from: Annotated[
        str | None, typer.Option("--from", metavar="DAY", help="Valid from; today.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")
    ] = False,
    as_json: Json = False,
    as_email: As = None,
) -> None:
    """Create and change KPIs from a file: all of them, or none if one is refused."""
    with refusing(), opened(as_email) as (workspace, actor, texts):
        day = _day(valid_from) or datetime.now(workspace.settings.zone).date()
        with workspace.read(actor, Permission.KPI_DEFINE) as reader:
            found = preview_import(reader, _content(file))
        _show(found, texts, as_json=as_json)
        if any(one.verdict is ImportVerdict.REFUSED for one in found):
            raise typer.Exit(REFUSED)
        if dry_run:
            return
        saved = import_kpis(
            workspace,
            by=actor,
            entries=[one.entry for one in found],
            reason=reason,
            valid_from=day,
            seen={one.code: one.seen for one in found},
        )
        if not as_json:
            typer.echo(texts.text("defining.imported_codes", codes=saved))


def retire(code: Code, reason: Reason, as_email: As = None) -> None:
    """Take a KPI out of use; what was published of it stays readable."""
    with refusing(), opened(as_email) as (workspace, actor, texts):
        retire_kpi(workspace, by=actor, code=code.upper(), reason=reason)
        typer.echo(texts.text("defining.retired", code=code.upper()))


def reinstate(code: Code, reason: Reason, as_email: As = None) -> None:
    """Take a retired KPI back into use."""
    with refusing(), opened(as_email) as (workspace, actor, texts):
        reinstate_kpi(workspace, by=actor, code=code.upper(), reason=reason)
        typer.echo(texts.text("defining.reinstated", code=code.upper()))


def _chosen(known: Iterable[DefinedKpi], codes: Iterable[str]) -> list[DefinedKpi]:
    """Those named, in the order of the list; all in use when none is."""
    by_code = {one.code: one for one in known}
    wanted = {code.upper() for code in codes}
    for code in sorted(wanted - set(by_code)):
        raise NotFound("kpis.refused.no_kpi", code=code)
    return [
        one
        for code, one in by_code.items()
        if code in wanted or not (wanted or one.retired_at is not None)
    ]


def _content(file: Path) -> str:
    """The file's text; one that is not there, no text or too large is refused unread."""
    if not file.is_file():
        raise NotFound("defining.refused.no_file", file=file.name)
    if file.stat().st_size > LARGEST * 4:
        raise Invalid("defining.refused.too_large", most=LARGEST // 1024)
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid("defining.refused.no_text", file=file.name) from None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid("defining.refused.bad_day", text=text) from None


def _show(found: Iterable[Incoming], texts: Texts, *, as_json: bool) -> None:
    if as_json:
        print_json([_as_document(one) for one in found])
        return
    for one in found:
        typer.echo(f"{one.code}: {texts.word(one.verdict)}")
        for why in one.why:
            fault = texts.said(why.refusal)
            typer.echo("  " + texts.text("defining.at_line", line=str(why.line), path=why.path))
            typer.echo(f"    {fault}")
        if one.verdict is ImportVerdict.CHANGED:
            for each in one.differences:
                typer.echo(f"  {each.path}: {each.old or '-'} -> {each.new or '-'}")
        if one.has_target:
            typer.echo("  " + texts.text("defining.target_left"))


def _as_document(one: Incoming) -> dict[str, object]:
    return {
        "code": one.code,
        "verdict": one.verdict.value,
        "differences": [
            {"path": each.path, "old": each.old, "new": each.new} for each in one.differences
        ],
        "refused": [
            {"line": why.line, "path": why.path, "why": why.refusal.key} for why in one.why
        ],
        "target_left": one.has_target,
    }
