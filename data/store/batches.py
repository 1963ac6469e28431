"""Where batches lie on disk: built in a staging folder, put in place by one rename, swept if dead.

    <root>/<contract>/batch-<id>/<year>/*.parquet    the rows, by year of the opening date
    <root>/<contract>/batch-<id>/tombstones.parquet  keys a full batch no longer knows, if any
    <root>/<contract>/batch-<id>/quarantine.parquet  rows not let in and why, if any
    <root>/<contract>/batch-<id>/noted.parquet       rows let in, but worth a look, if any
    <root>/.staging/<id>/                            a load at work; it holds <id>.lock meanwhile

A batch exists for readers when its catalogue row is committed, never because its folder is there.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import uuid
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

STAGING = ".staging"
GATE = "gate"
PREFIX = "batch-"
TOMBSTONES = "tombstones.parquet"
QUARANTINE = "quarantine.parquet"
NOTED = "noted.parquet"
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

    @property
    def noted(self) -> Path:
        return self.accepted / NOTED


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

    def rows_bytes(self, contract: str, batch_id: str) -> int:
        """How much disk the rows of a batch take."""
        files = self.folder(contract, batch_id).glob(f"{YEARS}/*.parquet")
        return sum(file.stat().st_size for file in files)

    def tombstones_path(self, contract: str, batch_id: str) -> Path:
        """The keys the batch buries; no file when it buries none."""
        return self.folder(contract, batch_id) / TOMBSTONES

    def quarantine_path(self, contract: str, batch_id: str) -> Path:
        """The rows not let in; no file when there were none."""
        return self.folder(contract, batch_id) / QUARANTINE

    def noted_path(self, contract: str, batch_id: str) -> Path:
        """The rows let in that are worth a look; no file when there were none."""
        return self.folder(contract, batch_id) / NOTED

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
        that committed in between is thus never mistaken for a dead one. Returns the ids cleaned.
        """
        with self._gate():
            owned = self._take(self._staged() | self._placed() - set(known()))
            catalogued = known()
            for batch_id, owner in owned.items():
                shutil.rmtree(self._staging_folder(batch_id), ignore_errors=True)
                if batch_id not in catalogued:
                    self._remove(batch_id)
                self._lock_path(batch_id).unlink(missing_ok=True)
                os.close(owner)
        return sorted(owned)

    def _take(self, batch_ids: Collection[str]) -> dict[str, int]:
        """The locks of those that nobody alive owns."""
        owned = {}
        for batch_id in batch_ids:
            with suppress(BlockingIOError):
                owned[batch_id] = _own(self._lock_path(batch_id))
        return owned

    def _staged(self) -> set[str]:
        return {path.stem for path in (self.root / STAGING).iterdir() if path.name != GATE}

    def _placed(self) -> set[str]:
        return {path.name.removeprefix(PREFIX) for path in self.root.glob(f"*/{PREFIX}*")}

    def _remove(self, batch_id: str) -> None:
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
        gate = os.open(self.root / STAGING / GATE, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(gate, fcntl.LOCK_EX)
            yield
        finally:
            os.close(gate)


def _own(path: Path) -> int:
    """Take the lock on this path; BlockingIOError while another process holds it."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise
    os.truncate(lock, 0)
    os.write(lock, f"{os.getpid()}\n".encode())  # for whoever looks into the folder
    return lock


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
