"""Every write of the extracts: taking a file in, refusing one, and taking a load back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlmodel import func, select

from data.access.actor import Actor
from data.access.permissions import Permission
from data.audit.tags import AuditTag
from data.errors import ExtractRejected, Invalid, Refusal
from data.extracts.checked_file import CheckedFile, Declared
from data.extracts.checking import check_file
from data.extracts.comparison import Comparison, compare, content_sha256
from data.extracts.history import refused_path, write_quarantine
from data.extracts.loading import (
    LoadRefused,
    LoadReport,
    Progress,
    report_of,
    same_content,
    says_nothing_more,
    sha256_of,
    silent,
    unchanged,
)
from data.extracts.profile import Profile
from data.extracts.profiles import load_profiles
from data.store.batches import BatchStore, Staging
from data.store.tables import Agency, Batch, ExtractEvent
from data.store.versions import LOAD, WITHDRAWAL, LiveBatch, live_batches
from data.workspace import Change, Workspace


@dataclass(frozen=True, slots=True)
class _Load:
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


class _OvertakenError(Exception):
    """Another load or withdrawal of the contract was committed since the comparison."""


def load_extract(
    workspace: Workspace,
    *,
    by: Actor,
    path: Path,
    file_name: str,
    profile_id: str | None = None,
    declared: Declared | None = None,
    threshold: float | None = None,
    accept_vanished: bool = False,
    history: bool = False,
    demo: bool = False,
    dry_run: bool = False,
    progress: Progress = silent,
) -> LoadReport:
    """Check a file, compare it with what is known and, unless a dry run, take it in.

    Without `profile_id` the profile is recognised. A larger share of bad rows than `threshold`
    (0 to 1; the agency's own when None) refuses the file; so does a larger share of vanished
    cases unless `accept_vanished`. A refused file is LoadRefused, with the account so far; it
    leaves an audit entry and its quarantine, nothing else. A file brought before changes nothing.
    """
    with workspace.read(by, Permission.EXTRACT_LOAD) as reader:
        limit = reader.get(Agency, 1).quarantine_limit if threshold is None else threshold
    store = BatchStore(workspace.settings.extracts)
    store.sweep(lambda: _catalogued(workspace, by))
    progress("loading.step.recognising", 0.0)
    sha256 = sha256_of(path)
    with store.staging() as staging, _keeping_refusals(workspace, by, staging, dry_run=dry_run):
        profile = _profile(workspace, path, profile_id, LoadReport(file_name, sha256))
        load = _Load(
            workspace,
            by,
            store,
            staging,
            path=path,
            file_name=file_name,
            sha256=sha256,
            profile=profile,
            declared=declared or Declared(),
            limit=limit,
            accept_vanished=accept_vanished,
            history=history,
            demo=demo,
            dry_run=dry_run,
            progress=progress,
        )
        return _brought_before(load) or _take_in(load, _check(load))


def withdraw_load(workspace: Workspace, *, by: Actor, batch_id: str, reason: str) -> ExtractEvent:
    """Take a load back by a new event: as of it, its rows and tombstones count no more.

    Nothing is deleted. Refuses a batch that is unknown or already withdrawn, and an empty reason.
    """
    if not reason.strip():
        raise Invalid("loading.refused.no_reason")
    with workspace.change(by, Permission.EXTRACT_WITHDRAW) as change:
        batch = change.get(Batch, batch_id)
        if batch_id not in {one.id for one in live_batches(change, batch.contract)}:
            raise Invalid("loading.refused.already_withdrawn", batch=batch_id, file=batch.file_name)
        event = _add_event(change, WITHDRAWAL, batch, reason.strip())
        change.record(
            AuditTag.EXTRACT_WITHDRAWN,
            batch,
            new={"event": event.number, "file": batch.file_name, "reason": event.reason},
        )
    return event


def _catalogued(workspace: Workspace, by: Actor) -> frozenset[str]:
    with workspace.read(by, Permission.EXTRACT_LOAD) as reader:
        return frozenset(reader.all(select(Batch.id)))


def _profile(
    workspace: Workspace, path: Path, profile_id: str | None, report: LoadReport
) -> Profile:
    profiles = load_profiles(workspace.settings.profiles)
    if profile_id is not None:
        return profiles.get(profile_id)
    try:
        return recognise(path, report.file_name, profiles)
    except Refusal as refusal:
        raise LoadRefused(refusal, report) from refusal


def _check(load: _Load) -> CheckedFile:
    """The file read and checked into staging; LoadRefused when it cannot be taken in."""
    load.progress("loading.step.checking", 0.0)
    try:
        return check_file(
            load.path,
            file_name=load.file_name,
            profile=load.profile,
            declared=load.declared,
            limit=load.limit,
            staging=load.staging.folder,
        )
    except Refusal as refusal:
        report = LoadReport(
            load.file_name, load.sha256, load.profile.contract.name, load.profile.id
        )
        raise LoadRefused(refusal, report) from refusal


def _brought_before(load: _Load) -> LoadReport | None:
    """The account of a file that was loaded in the same way before, and still counts."""
    for batch, event in _live(load):
        if (batch.sha256, batch.profile_hash) == (load.sha256, load.profile.hash):
            return unchanged(batch, event, file_name=load.file_name, sha256=load.sha256)
    return None


def _take_in(load: _Load, checked: CheckedFile) -> LoadReport:
    """Compare and commit; compare again whenever somebody else was committed in between."""
    content = content_sha256(checked, load.staging)
    while True:
        basis = _live(load)
        load.progress("loading.step.comparing", 0.0)
        batches = [LiveBatch(batch.id, batch.contract, event) for batch, event in basis]
        comparison = compare(load.store, batches, checked, load.staging)
        report = report_of(checked, comparison)
        for batch, event in basis:
            if batch.content_sha256 == content and says_nothing_more(checked, batch):
                return same_content(report, batch, event)
        _refuse_vanished(load, comparison, report)
        if load.dry_run:
            return report
        try:
            return _commit(load, checked, content, report, batches)
        except _OvertakenError:
            continue


def _live(load: _Load) -> list[tuple[Batch, int]]:
    """The live batches of the contract with the numbers of their events, in load order."""
    with load.workspace.read(load.by, Permission.EXTRACT_LOAD) as reader:
        live = live_batches(reader, load.profile.contract.name)
        return [(reader.get(Batch, one.id), one.number) for one in live]


def _refuse_vanished(load: _Load, comparison: Comparison, report: LoadReport) -> None:
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


def _commit(
    load: _Load,
    checked: CheckedFile,
    content: str,
    report: LoadReport,
    basis: Sequence[LiveBatch],
) -> LoadReport:
    """Put the batch in its place and catalogue it, provided nothing came in between."""
    load.progress("loading.step.storing", 0.0)
    _complete_staging(load.staging, checked)
    load.store.seal(load.staging)
    with load.workspace.change(load.by, Permission.EXTRACT_LOAD) as change:
        if live_batches(change, checked.contract.name) != tuple(basis):
            raise _OvertakenError
        load.store.install(load.staging, checked.contract.name)
        batch = _batch(load, checked, content, report)
        change.add(batch)
        event = _add_event(change, LOAD, batch)
        change.record(AuditTag.EXTRACT_LOADED, batch, new=_told(report, event.number))
        return replace(report, event=event.number, batch=load.staging.batch_id)


def _complete_staging(staging: Staging, checked: CheckedFile) -> None:
    """Lay what is kept beside the rows where the batch will have it."""
    for source, target in (
        (checked.quarantine, staging.quarantine),
        (checked.noted, staging.noted),
    ):
        if source is not None and source.exists():
            source.replace(target)


def _batch(load: _Load, checked: CheckedFile, content: str, report: LoadReport) -> Batch:
    counts = report.rows.as_dict() if report.rows else {}
    return Batch(
        id=load.staging.batch_id,
        contract=checked.contract.name,
        contract_version=checked.contract.version,
        profile=checked.profile.id,
        profile_hash=checked.profile.hash,
        file_name=checked.file_name,
        file_bytes=checked.file_bytes,
        sha256=checked.sha256,
        content_sha256=content,
        scope=checked.scope,
        scope_from=checked.scope_from,
        scope_to=checked.scope_to,
        coverage_from=checked.coverage_from,
        coverage_to=checked.coverage_to,
        cut_at=checked.cut_at,
        encoding=checked.encoding,
        quarantine_reasons=dict(checked.quarantine_reasons),
        notes=_plain([note.as_dict() for note in report.notes]),
        control_totals=_plain(dict(checked.control_totals)),
        history=load.history,
        demo=load.demo,
        loaded_at=datetime.now(UTC),
        loaded_by=load.by.email,
        **{f"rows_{fate}": count for fate, count in counts.items()},
    )


def _add_event(change: Change, kind: str, batch: Batch, reason: str = "") -> ExtractEvent:
    """The next event; nobody else is numbering, for the change holds the write lock."""
    last = change.first(select(func.max(ExtractEvent.number)))
    values = {
        "number": (last or 0) + 1,
        "kind": kind,
        "contract": batch.contract,
        "batch_id": batch.id,
        "at": datetime.now(UTC),
        "by": change.by.email,
        "reason": reason,
    }
    change.add(ExtractEvent(**values))
    return ExtractEvent(**values)  # outlives the transaction


def _told(report: LoadReport, event: int | None = None) -> dict[str, Any]:
    """What the audit trail keeps of a load, or of a refusal."""
    return {
        "event": event,
        "file": report.file_name,
        "sha256": report.sha256,
        "contract": report.contract,
        "profile": report.profile,
        "rows": report.rows.as_dict() if report.rows else None,
    }


@contextmanager
def _keeping_refusals(
    workspace: Workspace, by: Actor, staging: Staging, *, dry_run: bool
) -> Iterator[None]:
    """Audit a refused file, and keep its quarantine for download; of a dry run keep nothing."""
    try:
        yield
    except LoadRefused as refusal:
        if not dry_run:
            _keep_refusal(workspace, by, staging, refusal)
        raise


def _keep_refusal(workspace: Workspace, by: Actor, staging: Staging, refusal: LoadRefused) -> None:
    sha256 = refusal.report.sha256
    with workspace.change(by, Permission.EXTRACT_LOAD) as change:
        reason = {"key": refusal.key, "values": _plain(refusal.values)}
        change.record(
            AuditTag.EXTRACT_REFUSED,
            noun="extract",
            noun_id=sha256,
            new={**_told(refusal.report), "reason": reason},
        )


def _plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    return json.loads(json.dumps(value, default=str))
