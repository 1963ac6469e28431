"""The account a load gives: the fate of every row, what was noticed, why it was refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from data.access.actor import Actor
from data.access.permissions import Permission
from data.errors import ExtractRejected, Refusal
from data.extracts.checked_file import CheckedFile, Counts, Declared, Note
from data.extracts.comparison import Comparison
from data.extracts.profiles import Profiles, load_profiles
from data.store.tables import Batch
from data.workspace import Workspace

Progress = Callable[[str, float], None]  # a message key, and how much is done: 0 to 1


def silent(_step: str, _done: float) -> None:
    """Progress nobody watches."""


@dataclass(frozen=True, slots=True)
class RowFates:
    """What became of every row read.

    read = accepted + duplicate + excluded_total + quarantined;
    accepted = added + changed + unchanged; excluded_test are among the accepted; vanished are
    known cases the file does not hold, not rows of it.
    """

    read: int
    accepted: int
    added: int
    changed: int
    unchanged: int
    vanished: int
    duplicate: int
    excluded_test: int
    excluded_total: int
    quarantined: int

    def __post_init__(self) -> None:
        kept = self.added + self.changed + self.unchanged
        fates = self.accepted + self.duplicate + self.excluded_total + self.quarantined
        if self.accepted != kept or self.read != fates:
            raise AssertionError(f"rows do not add up: {self}")

    def as_dict(self) -> dict[str, int]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did, or would do: `event` and `batch` are None while nothing was loaded.

    When the file brings nothing new they name the load that brought its rows before.
    """

    file_name: str
    sha256: str
    contract: str | None = None
    profile: str | None = None
    event: int | None = None
    batch: str | None = None
    nothing_new: bool = False
    rows: RowFates | None = None  # None: refused before its rows were compared
    counts: Counts | None = None  # of a refused file whose rows were counted before
    quarantine_reasons: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    scope: str | None = None
    scope_from: date | None = None
    scope_to: date | None = None
    coverage_from: date | None = None
    coverage_to: date | None = None
    cut_at: datetime | None = None
    encoding: str | None = None
    control_totals: Mapping[str, Any] = field(default_factory=dict)
    refused: Refusal | None = None


# What a refusal hands over for the account, not for the sentence.
NOT_SAID = frozenset({"quarantine", "fates"})


class LoadRefused(ExtractRejected):
    """A file as a whole was refused; `report` is the account as far as it got.

    `quarantine` is where its bad rows are listed while the load lasts, if it came to that.
    """

    def __init__(self, refusal: Refusal, report: LoadReport) -> None:
        said = {name: value for name, value in refusal.values.items() if name not in NOT_SAID}
        super().__init__(refusal.key, **said)
        self.report = replace(report, refused=ExtractRejected(refusal.key, **said))
        self.quarantine: Path | None = refusal.values.get("quarantine")


def report_of(
    checked: CheckedFile, comparison: Comparison, rows: RowFates, *, sha256: str
) -> LoadReport:
    """The account of a checked file once it is compared with what is known."""
    return LoadReport(
        file_name=checked.file_name,
        sha256=sha256,
        contract=checked.contract.name,
        profile=checked.profile.id,
        rows=rows,
        quarantine_reasons=checked.quarantine_reasons,
        notes=(*checked.notes, *_noticed(comparison)),
        scope=checked.scope,
        scope_from=checked.scope_from,
        scope_to=checked.scope_to,
        coverage_from=checked.coverage_from,
        coverage_to=checked.coverage_to,
        cut_at=checked.cut_at,
        encoding=checked.encoding,
        control_totals=checked.control_totals,
    )


def unchanged(batch: Batch, event: int, *, file_name: str, sha256: str) -> LoadReport:
    """The account of a file that a live batch was made from before: nothing changes."""
    rows = RowFates(
        read=batch.rows_read,
        accepted=batch.rows_accepted,
        added=0,
        changed=0,
        unchanged=batch.rows_accepted,
        vanished=0,
        duplicate=batch.rows_duplicate,
        excluded_test=batch.rows_excluded_test,
        excluded_total=batch.rows_excluded_total,
        quarantined=batch.rows_quarantined,
    )
    return LoadReport(
        file_name=file_name,
        sha256=sha256,
        contract=batch.contract,
        profile=batch.profile,
        event=event,
        batch=batch.id,
        nothing_new=True,
        rows=rows,
        quarantine_reasons=batch.quarantine_reasons,
        notes=(Note("loading.note.same_file", {"file": batch.file_name, "event": event}),),
        scope=batch.scope,
        scope_from=batch.scope_from,
        scope_to=batch.scope_to,
        coverage_from=batch.coverage_from,
        coverage_to=batch.coverage_to,
        cut_at=batch.cut_at,
        encoding=batch.encoding,
        control_totals=batch.control_totals,
    )


def same_content(report: LoadReport, batch: Batch, event: int) -> LoadReport:
    """The account of a file with just the rows of a live batch: nothing changes."""
    same_file = batch.sha256 == report.sha256
    key = "loading.note.same_file" if same_file else "loading.note.same_content"
    note = Note(key, {"file": batch.file_name, "event": event})
    return replace(
        report, event=event, batch=batch.id, nothing_new=True, notes=(*report.notes, note)
    )


def is_declared_alike(declared: Declared, batch: Batch) -> bool:
    """Whether nothing is said about a file that was not said about this batch."""
    now = (declared.scope, declared.cut_at, declared.coverage_from, declared.coverage_to)
    then = (batch.scope, batch.cut_at, batch.coverage_from, batch.coverage_to)
    return all(said is None or said == before for said, before in zip(now, then, strict=True))


def says_nothing_more(checked: CheckedFile, batch: Batch) -> bool:
    """Whether a file with the rows of this batch also speaks for no more days than it did.

    The same rows with a later cut-off are news: nothing happened until then.
    """
    return (
        checked.scope == batch.scope
        and (checked.scope_from, checked.scope_to) == (batch.scope_from, batch.scope_to)
        and checked.cut_at <= batch.cut_at
        and (batch.coverage_from is None or checked.coverage_from >= batch.coverage_from)
        and (batch.coverage_to is None or checked.coverage_to <= batch.coverage_to)
    )


def fates(checked: CheckedFile, comparison: Comparison) -> RowFates:
    """What became of the rows of a checked file."""
    counts = checked.counts
    return RowFates(
        read=counts.read,
        accepted=counts.accepted,
        added=comparison.added,
        changed=comparison.changed,
        unchanged=comparison.unchanged,
        vanished=comparison.vanished,
        duplicate=counts.duplicate,
        excluded_test=counts.excluded_test,
        excluded_total=counts.excluded_total,
        quarantined=counts.quarantined,
    )


def _noticed(comparison: Comparison) -> Iterator[Note]:
    if comparison.outdated:
        yield Note("loading.note.outdated", {"count": comparison.outdated})
    if comparison.vanished:
        values = {"count": comparison.vanished, "known": comparison.known}
        yield Note("loading.note.vanished", values)


def profiles_at_hand(workspace: Workspace, *, by: Actor) -> Profiles:
    """The kinds of file this installation recognises."""
    with workspace.read(by, Permission.EXTRACT_VIEW):
        return load_profiles(workspace.settings.profiles)
