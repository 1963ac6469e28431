"""A load before it is written: recognised, checked, weighed against what is known."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlmodel import select

from data.access.actor import Actor
from data.access.permissions import Permission
from data.errors import ExtractRejected, Refusal
from data.extracts.checked_file import CheckedFile, Declared
from data.extracts.checking import check_file
from data.extracts.comparison import Comparison, compare
from data.extracts.loading import (
    LoadRefused,
    LoadReport,
    Progress,
    RowFates,
    fates,
    is_declared_alike,
    report_of,
    same_content,
    says_nothing_more,
    unchanged,
)
from data.extracts.profile import Profile
from data.extracts.profiles import load_profiles
from data.extracts.recognition import recognise
from data.store.batches import BatchStore, Staging
from data.store.tables import Batch, Municipality, Office, Service
from data.store.versions import LiveBatch, live_batches
from data.workspace import Workspace


@dataclass(frozen=True, slots=True)
class LoadRequest:
    """One file on its way in: who brings it, where it is built, and what he asked for."""

    workspace: Workspace
    by: Actor
    store: BatchStore
    staging: Staging
    path: Path
    file_name: str
    sha256: str
    profile: Profile
    declared: Declared
    limit: float  # the share of bad rows, and of vanished cases, above which a file is refused
    accept_vanished: bool
    history: bool
    demo: bool
    dry_run: bool
    progress: Progress


@dataclass(frozen=True, slots=True)
class Weighed:
    """A checked file against the batches live at that moment."""

    checked: CheckedFile
    content: str  # fingerprint of the accepted rows
    basis: tuple[LiveBatch, ...]
    rows: RowFates
    report: LoadReport


def choose_profile(
    workspace: Workspace, path: Path, profile_id: str | None, report: LoadReport
) -> Profile:
    """The profile asked for, or the one recognised; LoadRefused when none fits."""
    profiles = load_profiles(workspace.settings.profiles)
    if profile_id is not None:
        return profiles.get(profile_id)
    try:
        return recognise(path, report.file_name, profiles).profile
    except Refusal as refusal:
        raise LoadRefused(refusal, report) from refusal


def brought_before(load: LoadRequest) -> LoadReport | None:
    """The account of a file that was loaded in the same way before, and still counts."""
    same = (load.sha256, load.profile.hash)
    for batch, event in _live(load):
        if (batch.sha256, batch.profile_hash) == same and is_declared_alike(load.declared, batch):
            return unchanged(batch, event, file_name=load.file_name, sha256=load.sha256)
    return None


def check(load: LoadRequest) -> CheckedFile:
    """The file read and checked into staging; LoadRefused when it cannot be taken in."""
    try:
        return check_file(
            load.path,
            file_name=load.file_name,
            profile=load.profile,
            staging=load.staging.folder,
            zone=load.workspace.settings.zone,
            codes=_reference_codes(load),
            declared=load.declared,
            threshold=load.limit,
            progress=lambda _stage, done: load.progress("loading.step.checking", done),
            sha256=load.sha256,
        )
    except Refusal as refusal:
        contract = load.profile.contract.name
        raise LoadRefused(
            refusal,
            LoadReport(
                load.file_name,
                load.sha256,
                contract,
                load.profile.id,
                quarantine_reasons=refusal.values.get("reasons", {}),
                counts=refusal.values.get("fates"),
            ),
        ) from refusal


def weigh(load: LoadRequest, checked: CheckedFile, content: str) -> Weighed | LoadReport:
    """Compare with what is known now; a report alone when the file brings nothing new.

    A full file without too many known cases is LoadRefused unless that was accepted.
    """
    load.progress("loading.step.comparing", 0.0)
    live = _live(load)
    basis = tuple(LiveBatch(batch.id, batch.contract, event) for batch, event in live)
    comparison = compare(load.store, basis, checked, load.staging)
    rows = fates(checked, comparison)
    report = report_of(checked, comparison, rows)
    for batch, event in live if not comparison.is_news else ():
        if batch.content_sha256 == content and says_nothing_more(checked, batch):
            return same_content(report, batch, event)
    _refuse_vanished(load, comparison, report)
    return Weighed(checked, content, basis, rows, report)


def _reference_codes(load: LoadRequest) -> dict[str, frozenset[str]]:
    """The codes of each reference list; a list nobody has filled yet is not held against a file."""
    tables = {"office": Office.code, "municipality": Municipality.code, "service": Service.code}
    with load.workspace.read(load.by, Permission.EXTRACT_LOAD) as reader:
        lists = {name: frozenset(reader.all(select(code))) for name, code in tables.items()}
    return {name: codes for name, codes in lists.items() if codes}


def _live(load: LoadRequest) -> list[tuple[Batch, int]]:
    """The live batches of the contract with the numbers of their events, in load order."""
    with load.workspace.read(load.by, Permission.EXTRACT_LOAD) as reader:
        live = live_batches(reader, load.profile.contract.name)
        return [(reader.get(Batch, one.id), one.number) for one in live]


def _refuse_vanished(load: LoadRequest, comparison: Comparison, report: LoadReport) -> None:
    if load.accept_vanished or comparison.vanished_share <= load.limit:
        return
    refusal = ExtractRejected(
        "loading.refused.vanished",
        vanished=comparison.vanished,
        known=comparison.known,
        share=round(100 * comparison.vanished_share, 1),
        limit=round(100 * load.limit, 1),
    )
    raise LoadRefused(refusal, report)
