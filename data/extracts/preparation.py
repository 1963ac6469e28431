"""A load before it is written: recognised, checked, weighed against what is known."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import select

from data.access.actor import Actor
from data.access.permissions import Permission
from data.errors import ExtractRejected, Refusal
from data.extracts.checked_file import CheckedFile, Declared
from data.extracts.checking import check_file
from data.extracts.comparison import Comparison, compare, is_same
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
from data.extracts.profiles import find_profile, load_profiles
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
    fingerprint: Future[str]  # computed beside the check
    profile: Profile
    declared: Declared
    limit: float  # the share of bad rows, and of vanished cases, above which a file is refused
    accept_vanished: bool
    history: bool
    reason: str  # why it is loaded, kept with the event
    demo: bool
    dry_run: bool
    progress: Progress

    @property
    def sha256(self) -> str:
        """The fingerprint of the file, waited for where it is not known yet."""
        return self.fingerprint.result()


@dataclass(frozen=True, slots=True)
class Weighed:
    """A checked file against the batches live at that moment."""

    checked: CheckedFile
    basis: tuple[LiveBatch, ...]
    rows: RowFates
    report: LoadReport


def choose_profile(
    workspace: Workspace,
    path: Path,
    file_name: str,
    profile_id: str | None,
    fingerprint: Future[str],
) -> Profile:
    """The profile asked for, or the one recognised; LoadRefused when none fits."""
    if profile_id is not None:
        return find_profile(profile_id, workspace.settings.profiles)
    try:
        return recognise(path, file_name, load_profiles(workspace.settings.profiles)).profile
    except Refusal as refusal:
        raise LoadRefused(refusal, LoadReport(file_name, fingerprint.result())) from refusal


def brought_before(load: LoadRequest) -> LoadReport | None:
    """The account of a file that was loaded in the same way before, and still counts."""
    size = load.path.stat().st_size  # of another size it is another file, whatever its fingerprint
    for batch, event in _live(load):
        if (
            (batch.file_bytes, batch.profile_hash) == (size, load.profile.hash)
            and batch.sha256 == load.sha256
            and is_declared_alike(load.declared, batch)
        ):
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


def weigh(load: LoadRequest, checked: CheckedFile) -> Weighed | LoadReport:
    """Compare with what is known now; a report alone when the file brings nothing new.

    A full file without too many known cases is LoadRefused unless that was accepted.
    """
    load.progress("loading.step.comparing", 0.0)
    live = _live(load)
    basis = tuple(LiveBatch(batch.id, batch.contract, event) for batch, event in live)
    comparison = compare(load.store, basis, checked, load.staging)
    rows = fates(checked, comparison)
    report = report_of(checked, comparison, rows, sha256=load.sha256)
    for batch, event in live if not comparison.is_news else ():
        if says_nothing_more(checked, batch) and is_same(load.store, batch, checked, load.staging):
            return same_content(report, batch, event)
    _refuse_vanished(load, comparison, report)
    return Weighed(checked, basis, rows, report)


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
