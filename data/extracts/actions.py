"""Every write of the extracts: taking a file in, keeping a refusal, taking a load back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlmodel import func, select

from data.access.actor import Actor
from data.access.permissions import Permission
from data.audit.tags import AuditTag
from data.errors import Invalid
from data.extracts.checked_file import CheckedFile, Declared
from data.extracts.history import refused_path
from data.extracts.loading import LoadRefused, LoadReport, Progress, silent
from data.extracts.preparation import (
    LoadRequest,
    Weighed,
    brought_before,
    check,
    choose_profile,
    weigh,
)
from data.extracts.quarantine import as_csv
from data.extracts.reading.containers import fingerprinting
from data.store.batches import BatchStore, Staging
from data.store.tables import Agency, Batch, ExtractEvent
from data.store.versions import LOAD, WITHDRAWAL, live_batches
from data.workspace import Change, Workspace


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
    reason: str = "",
    demo: bool = False,
    dry_run: bool = False,
    list_refused_at: Path | None = None,
    progress: Progress = silent,
) -> LoadReport:
    """Check a file, compare it with what is known and, unless a dry run, take it in.

    Without `profile_id` the profile is recognised. A larger share of bad rows than `threshold`
    (0 to 1; the agency's own when None) refuses the file; so does a larger share of vanished
    cases unless `accept_vanished`. A refused file is LoadRefused, with the account so far; it
    leaves an audit entry and its quarantine, nothing else. A file brought before changes nothing.
    The rows not let in are listed as CSV at `list_refused_at` too, where there are any: a dry run
    leaves no other trace of them. `history` marks a load of a time before the system, brought in
    afterwards: it needs a reason, which is kept with the event.
    """
    if history and not dry_run and not reason.strip():
        raise Invalid("loading.refused.history_without_reason")
    with workspace.read(by, Permission.EXTRACT_LOAD) as reader:
        limit = reader.get(Agency, 1).quarantine_limit if threshold is None else threshold
    store = BatchStore(workspace.settings.extracts)
    store.sweep(lambda: _catalogued(workspace, by))
    progress("loading.step.recognising", 0.0)
    with (
        store.staging() as staging,
        fingerprinting(path) as fingerprint,
        _keeping_refusals(workspace, by, list_refused_at, dry_run=dry_run),
    ):
        profile = choose_profile(workspace, path, file_name, profile_id, fingerprint)
        load = LoadRequest(
            workspace=workspace,
            by=by,
            store=store,
            staging=staging,
            path=path,
            file_name=file_name,
            fingerprint=fingerprint,
            profile=profile,
            declared=declared or Declared(),
            limit=limit,
            accept_vanished=accept_vanished,
            history=history,
            reason=reason.strip(),
            demo=demo,
            dry_run=dry_run,
            progress=progress,
        )
        return brought_before(load) or _take_in(load, _listed(check(load), list_refused_at))


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


def _listed(checked: CheckedFile, target: Path | None) -> CheckedFile:
    if target is not None and checked.quarantine is not None:
        as_csv(checked.quarantine, target)
    return checked


def _take_in(load: LoadRequest, checked: CheckedFile) -> LoadReport:
    """Weigh and commit; weigh again whenever somebody else was committed in between."""
    while True:
        weighed = weigh(load, checked)
        if isinstance(weighed, LoadReport):
            return weighed
        if load.dry_run:
            return weighed.report
        try:
            return _commit(load, weighed)
        except _OvertakenError:
            continue


def _commit(load: LoadRequest, weighed: Weighed) -> LoadReport:
    """Put the batch in its place and catalogue it, provided nothing came in between."""
    load.progress("loading.step.storing", 0.0)
    contract = weighed.checked.contract.name
    _complete_staging(load.staging, weighed.checked)
    load.store.seal(load.staging)
    with load.workspace.change(load.by, Permission.EXTRACT_LOAD) as change:
        if live_batches(change, contract) != weighed.basis:
            raise _OvertakenError
        load.store.install(load.staging, contract)
        batch = _batch(load, weighed)
        change.add(batch)
        event = _add_event(change, LOAD, batch, load.reason)
        told = _told(weighed.report, event.number)
        kept = {"history": load.history, "reason": load.reason}
        change.record(AuditTag.EXTRACT_LOADED, batch, new=told | kept)
    return replace(weighed.report, event=event.number, batch=load.staging.batch_id)


def _complete_staging(staging: Staging, checked: CheckedFile) -> None:
    """Lay what is kept beside the rows where the batch will have it."""
    for source, target in (
        (checked.quarantine, staging.quarantine),
        (checked.noted, staging.noted),
    ):
        if source is not None and source.exists():
            source.replace(target)


def _batch(load: LoadRequest, weighed: Weighed) -> Batch:
    checked, rows = weighed.checked, weighed.rows
    return Batch(
        id=load.staging.batch_id,
        contract=checked.contract.name,
        contract_version=checked.contract.version,
        profile=checked.profile.id,
        profile_hash=checked.profile.hash,
        file_name=checked.file_name,
        file_bytes=checked.file_bytes,
        sha256=load.sha256,
        scope=checked.scope,
        scope_from=checked.scope_from,
        scope_to=checked.scope_to,
        coverage_from=checked.coverage_from,
        coverage_to=checked.coverage_to,
        cut_at=checked.cut_at,
        encoding=checked.encoding,
        rows_read=rows.read,
        rows_accepted=rows.accepted,
        rows_added=rows.added,
        rows_changed=rows.changed,
        rows_unchanged=rows.unchanged,
        rows_vanished=rows.vanished,
        rows_duplicate=rows.duplicate,
        rows_excluded_test=rows.excluded_test,
        rows_excluded_total=rows.excluded_total,
        rows_quarantined=rows.quarantined,
        quarantine_reasons=dict(checked.quarantine_reasons),
        notes=_plain([note.as_dict() for note in weighed.report.notes]),
        control_totals=_plain(dict(checked.control_totals)),
        history=load.history,
        demo=load.demo,
        loaded_at=datetime.now(UTC),
        loaded_by=load.by.email,
    )


def _add_event(change: Change, kind: str, batch: Batch, reason: str = "") -> ExtractEvent:
    """The next event; nobody else is numbering, for the change holds the write lock."""
    last = change.first(select(func.max(ExtractEvent.number)))
    event = ExtractEvent(
        number=(last or 0) + 1,
        kind=kind,
        contract=batch.contract,
        batch_id=batch.id,
        at=datetime.now(UTC),
        by=change.by.email,
        reason=reason,
    )
    kept = ExtractEvent.model_validate(event.model_dump())
    change.add(kept)  # it ends with the transaction, the one returned does not
    return event


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
    workspace: Workspace, by: Actor, list_refused_at: Path | None, *, dry_run: bool
) -> Iterator[None]:
    """Audit a refused file, and keep its quarantine for download; of a dry run keep nothing."""
    try:
        yield
    except LoadRefused as refusal:
        if list_refused_at is not None and refusal.quarantine is not None:
            as_csv(refusal.quarantine, list_refused_at)
        if not dry_run:
            _keep_refusal(workspace, by, refusal)
        raise


def _keep_refusal(workspace: Workspace, by: Actor, refusal: LoadRefused) -> None:
    fingerprint = refusal.report.sha256
    if refusal.quarantine is not None:
        kept = refused_path(workspace, fingerprint)
        kept.parent.mkdir(parents=True, exist_ok=True)
        as_csv(refusal.quarantine, kept)
    with workspace.change(by, Permission.EXTRACT_LOAD) as change:
        reason = {"key": refusal.key, "values": _plain(refusal.values)}
        change.record(
            AuditTag.EXTRACT_REFUSED,
            noun="extract",
            noun_id=fingerprint,
            new={**_told(refusal.report), "reason": reason},
        )


def _plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    return json.loads(json.dumps(value, default=str))
