"""Batches appear by one rename, and only what dead loads left is swept."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from data.store.batches import STAGING, BatchStore, Staging

OTHER_LOAD = """
import sys
from pathlib import Path
from data.store.batches import BatchStore

store = BatchStore(Path(sys.argv[1]))
with store.staging() as staging:
    rows = staging.accepted / "2025"
    rows.mkdir()
    (rows / "part-0.parquet").write_bytes(b"rows")
    if sys.argv[2] == "installed":
        store.install(staging, "applications")
    print(staging.batch_id, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def store(tmp_path: Path) -> BatchStore:
    return BatchStore(tmp_path / "extracts")


def fill(staging: Staging) -> None:
    rows = staging.accepted / "2025"
    rows.mkdir()
    (rows / "part-0.parquet").write_bytes(b"rows")
    staging.tombstones.write_bytes(b"keys")


def everything_in(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


@contextmanager
def other_process(store: BatchStore, stage: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A load in another process that has come so far and now does nothing."""
    command = [sys.executable, "-c", OTHER_LOAD, str(store.root), stage]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip(), process
        process.send_signal(signal.SIGKILL)


def test_an_installed_batch_is_whole_and_its_staging_gone(store: BatchStore) -> None:
    with store.staging() as staging:
        fill(staging)
        (staging.folder / "scratch").write_text("not part of the batch")
        store.seal(staging)
        folder = store.install(staging, "applications")
    assert folder == store.folder("applications", staging.batch_id)
    assert everything_in(store.root) == {
        f"applications/batch-{staging.batch_id}/2025/part-0.parquet",
        f"applications/batch-{staging.batch_id}/tombstones.parquet",
        f"{STAGING}/gate",
    }
    assert store.has_rows("applications", staging.batch_id)
    assert store.rows_bytes("applications", staging.batch_id) == len(b"rows")
    assert store.tombstones_path("applications", staging.batch_id).read_bytes() == b"keys"


def test_a_load_that_gives_up_leaves_nothing(store: BatchStore) -> None:
    with suppress(KeyError), store.staging() as staging:
        fill(staging)
        raise KeyError
    assert everything_in(store.root) == {f"{STAGING}/gate"}


def test_a_batch_without_rows_says_so(store: BatchStore) -> None:
    with store.staging() as staging:
        store.install(staging, "applications")
    assert not store.has_rows("applications", staging.batch_id)


@pytest.mark.parametrize("stage", ["staged", "installed"])
def test_a_living_load_is_never_swept(store: BatchStore, stage: str) -> None:
    with other_process(store, stage) as (batch_id, _process):
        before = everything_in(store.root)
        assert any(batch_id in path for path in before)
        assert store.sweep(frozenset) == []
        assert everything_in(store.root) == before


@pytest.mark.parametrize("stage", ["staged", "installed"])
def test_what_a_killed_load_left_is_swept(store: BatchStore, stage: str) -> None:
    with other_process(store, stage) as (batch_id, process):
        process.kill()
        process.wait()
        assert store.sweep(frozenset) == [batch_id]
        assert everything_in(store.root) == {f"{STAGING}/gate"}
        assert store.sweep(frozenset) == []


def test_a_load_killed_after_its_commit_keeps_its_batch(store: BatchStore) -> None:
    with other_process(store, "installed") as (batch_id, process):
        process.kill()
        process.wait()
        store.sweep(lambda: {batch_id})
        assert store.has_rows("applications", batch_id)
        assert not list((store.root / STAGING).glob(f"{batch_id}*"))


def test_a_load_that_commits_while_another_sweeps_keeps_its_batch(store: BatchStore) -> None:
    """The catalogue is asked again once the leftover's lock is held."""
    with store.staging() as staging:
        fill(staging)
        store.install(staging, "applications")
    answers = iter([frozenset[str](), frozenset({staging.batch_id})])
    store.sweep(lambda: next(answers))
    assert store.has_rows("applications", staging.batch_id)


def test_a_batch_is_never_put_over_another(store: BatchStore) -> None:
    with store.staging() as staging:
        fill(staging)
        target = store.folder("applications", staging.batch_id) / "2024"
        target.mkdir(parents=True)
        with pytest.raises(OSError, match="not empty"):
            store.install(staging, "applications")
