"""From a question to a workbook: assemble the pack, lay it out, put on record that it was built."""

from __future__ import annotations

from dataclasses import dataclass

from data.access.actor import Actor
from data.language.languages import Language
from data.language.texts import Texts
from data.period import Period
from data.workspace import Then, Workspace
from reports.actions import record_built, record_register_taken
from reports.packs.assembling import assemble
from reports.packs.registering import EVERYTHING, assemble_register
from reports.register_workbook import build_register
from reports.workbook import build_workbook
from risks.register.choosing import Choice


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
    """The board pack of a month, quarter or year in one language, under the actor's own rights.

    Of a workspace in the past it says what was known then.
    """
    pack = assemble(workspace, by=by, period=period)
    content = build_workbook(pack, Texts(language, workspace.settings.zone))
    record_built(workspace.at(None), by=by, pack=pack, language=language.value)
    name = file_name(period, language, demo=pack.cover.demo, then=workspace.then)
    return BuiltReport(content, name, pack.cover.snapshot_id, pack.cover.snapshot_hash)


def build_risk_register(
    workspace: Workspace, *, by: Actor, language: Language, choice: Choice = EVERYTHING
) -> BuiltReport:
    """The risk register as the actor may see it, as chosen, in one language.

    Of a workspace in the past it says what was known then.
    """
    pack = assemble_register(workspace, by=by, choice=choice)
    content = build_register(pack, Texts(language, workspace.settings.zone))
    record_register_taken(workspace.at(None), by=by, pack=pack, language=language.value)
    demo = "DEMO-" if pack.cover.demo else ""
    name = f"{demo}risk-register-{pack.today.isoformat()}-{language.value}.xlsx"
    return BuiltReport(content, name, pack.cover.snapshot_id, pack.cover.snapshot_hash)


def file_name(period: Period, language: Language, *, demo: bool, then: Then | None = None) -> str:
    """How the board pack of a period is called; a demo, and the past, say so even as a file."""
    known = f"-as-of-{then.event}" if then else ""
    return f"{'DEMO-' if demo else ''}board-pack-{period.code}{known}-{language.value}.xlsx"
