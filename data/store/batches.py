"""Where batches lie on disk: built in a staging folder, put in place by one rename, swept when orphaned.

    <root>/<contract>/batch-<id>/<year>/*.parquet    the rows, by year of the opening date
    <root>/<contract>/batch-<id>/tombstones.parquet  keys a full batch no longer knows, if any
    <root>/<contract>/batch-<id>/quarantine.csv      what was not let in, and why, if anything
    <root>/.staging/<id>/                            a load at work; <id>.lock is held while it lives

A batch exists for readers when its catalogue row is committed, never because its folder is there.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import uuid
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

STAGING = ".staging"
PREFIX = "batch-"
TOMBSTONES = "tombstones.parquet"
QUARANTINE = "quarantine.csv"
YEARS = "[0-9]*"  # the folders of rows; whatever else lies in a batch is not read as rows


@dataclass(frozen=True, slots=True)
class Staging:
    """A folder in which one load builds its batch; it is the load's alone until the load ends."""

    batch_id: str
    folder: Path

    @property
    def accepted(self) -> Path:
        """What becomes the batch: rows by year, tombstones, quarantine. The rest is scratch."""
        return self.folder / "accepted"

    @property
    def tombstones(self) -> Path:
        return self.accepted / TOMBSTONES

    @property
    def quarantine(self) -> Path:
        return self.accepted / QUARANTINE


class BatchStore:
    """The folders of all batches under one root."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def folder(self, contract: str, batch_id: str) -> Path:
        return self.root / contract / f"{PREFIX}{batch_id}"

    def rows_glob(self, contract: str, batch_id: str) -> str:
        """The pattern of a batch's row files."""
        return str(self.folder(contract, batch_id) / YEARS / "*.parquet")

    def has_rows(self, contract: str, batch_id: str) -> bool:
        """Whether the pattern finds any file; a batch may bring tombstones only, or nothing new."""
        return any(self.folder(contract, batch_id).glob(f"{YEARS}/*.parquet"))

    def tombstones_path(self, contract: str, batch_id: str) -> Path:
        """The keys the batch buries; no file when it buries none."""
        return self.folder(contract, batch_id) / TOMBSTONES

    def quarantine_path(self, contract: str, batch_id: str) -> Path:
        """The rows not let in; no file when there were none."""
        return self.folder(contract, batch_id) / QUARANTINE

    @contextmanager
    def staging(self) -> Iterator[Staging]:
        """A fresh staging folder, owned until the block ends and gone after it.

        Ownership is a lock of the operating system: it ends with the process, however that ends.
        """
        batch_id = uuid.uuid4().hex[:12]
        with self._gate():
            owner = _own(self._lock_path(batch_id))
        folder = self._staging_folder(batch_id)
        try:
            (folder / "accepted").mkdir(parents=True)
            yield Staging(batch_id, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            self._lock_path(batch_id).unlink(missing_ok=True)
            os.close(owner)

    def seal(self, staging: Staging) -> None:
        """Make sure everything the batch holds has reached the disk."""
        for folder, _folders, files in os.walk(staging.accepted, topdown=False):
            for name in files:
                _sync(Path(folder) / name)
            _sync(Path(folder))

    def install(self, staging: Staging, contract: str) -> Path:
        """Put a sealed batch in its place by one rename, and make the rename last."""
        target = self.folder(contract, staging.batch_id)
        if not target.parent.is_dir():
            target.parent.mkdir(parents=True)
            _sync(self.root)
        staging.accepted.rename(target)
        _sync(target.parent)
        return target

    def sweep(self, known: Callable[[], Collection[str]]) -> list[str]:
        """Remove what dead loads left: staging folders, and batches without a catalogue row.

        `known` is asked for the catalogued ids again after a leftover's lock was taken: a load
        that committed in between is thus never mistaken for a dead one. Returns the ids removed.
        """
        with self._gate():
            owned = self._dead(known())
            orphans = sorted(set(owned) - set(known()))
            for batch_id in orphans:
                self._remove(batch_id)
            for batch_id, owner in owned.items():
                self._lock_path(batch_id).unlink(missing_ok=True)
                os.close(owner)
        return orphans

    def _dead(self, known: Collection[str]) -> dict[str, int]:
        """Every leftover nobody owns, each with the lock just taken on it."""
        owned = {}
        for batch_id in self._leftovers() - set(known):
            owner = _own(self._lock_path(batch_id))
            if owner is not None:
                owned[batch_id] = owner
        return owned

    def _leftovers(self) -> set[str]:
        inside = {path.stem for path in (self.root / STAGING).iterdir() if path.name != _GATE}
        batches = self.root.glob(f"*/{PREFIX}*")
        return inside | {path.name.removeprefix(PREFIX) for path in batches}

    def _remove(self, batch_id: str) -> None:
        shutil.rmtree(self._staging_folder(batch_id), ignore_errors=True)
        for folder in self.root.glob(f"*/{PREFIX}{batch_id}"):
            shutil.rmtree(folder)

    def _staging_folder(self, batch_id: str) -> Path:
        return self.root / STAGING / batch_id

    def _lock_path(self, batch_id: str) -> Path:
        return self.root / STAGING / f"{batch_id}.lock"

    @contextmanager
    def _gate(self) -> Iterator[None]:
        """One at a time: a load entering, or a sweep. Otherwise a sweep could meet half a load."""
        (self.root / STAGING).mkdir(parents=True, exist_ok=True)
        gate = os.open(self.root / STAGING / _GATE, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(gate, fcntl.LOCK_EX)
            yield
        finally:
            os.close(gate)


_GATE = "gate"


def _own(path: Path) -> int | None:
    """The lock on this path, or None while another process holds it."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    os.truncate(lock, 0)
    os.write(lock, f"{os.getpid()}\n".encode())  # for whoever looks into the folder
    return lock


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
