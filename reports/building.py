"""From a question to a workbook: assemble the pack, lay it out, put on record that it was built."""

from __future__ import annotations

from dataclasses import dataclass

from data.access.actor import Actor
from data.language.languages import Language
from data.language.texts import Texts
from data.period import Period
from data.workspace import Workspace
from reports.actions import record_built
from reports.packs.assembling import assemble
from reports.workbook import build_workbook


@dataclass(frozen=True, slots=True)
class BuiltReport:
    """A finished workbook, how to name its file, and which snapshot it prints."""

    content: bytes
    file_name: str
    snapshot_id: str
    snapshot_hash: str


def build_management_pack(
    workspace: Workspace, *, by: Actor, period: Period, language: Language
) -> BuiltReport:
    """The board pack of a month, quarter or year in one language, under the actor's own rights."""
    pack = assemble(workspace, by=by, period=period)
    content = build_workbook(pack, Texts(language, workspace.settings.zone))
    record_built(workspace, by=by, pack=pack, language=language.value)
    name = file_name(period, language, demo=pack.cover.demo)
    return BuiltReport(content, name, pack.cover.snapshot_id, pack.cover.snapshot_hash)


def file_name(period: Period, language: Language, *, demo: bool) -> str:
    """How the board pack of a period is called; a demo says so even as a file."""
    return f"{'DEMO-' if demo else ''}board-pack-{period.code}-{language.value}.xlsx"
