"""What lies in the inbox: files that have arrived, files on their way, and what is no file.

A file has arrived once nothing of it changed for a while. Its time of change in the file system
counts as well as the time it bears: copying sets the latter back, the former nobody can.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from data.errors import Invalid

SIDECAR, REASONS = ".toml", ".reasons.txt"
# How copying programs and editors name what they have not finished.
UNFINISHED = (".part", ".partial", ".filepart", ".crdownload", ".download", ".tmp", ".swp", "~")
HIDDEN = (".", "~$")
LOADED, REFUSED = "loaded", "refused"
SHELVES = frozenset({LOADED, REFUSED})  # the folders within, which are ours
Look = tuple[int, int, int, int, int]  # inode, mode, size, modified, changed


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file to take in, and the declaration that lies beside it, if any."""

    path: Path
    sidecar: Path | None
    is_plain: bool  # a link, a pipe or a device is never opened

    @property
    def name(self) -> str:
        """The file's name as it can be written anywhere; the name on disk may hold any bytes."""
        return shown(self.path.name)


@dataclass(frozen=True, slots=True)
class Inbox:
    """One look into the inbox: what to take in, by name; what was left there and why."""

    arrived: tuple[Arrived, ...]
    left: dict[str, str]  # name -> arriving | skipped | folder | alone


def look(folder: Path, *, quiet: timedelta) -> Inbox:
    """Look, and where something seems to be arriving, look once more when `quiet` has passed."""
    _require_folder(folder)
    first = _seen(folder)
    waiting = quiet.total_seconds()
    if any(_age(seen) < waiting for seen in first.values()):
        time.sleep(waiting)
    second = _seen(folder)
    still = {name for name, seen in second.items() if first.get(name) == seen}
    return _sorted_out(folder, second, still)


def shown(name: str) -> str:
    """The name without bytes and signs that no text may hold."""
    text = os.fsencode(name).decode("utf-8", "replace")
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)


def _require_folder(folder: Path) -> None:
    """The inbox is a folder of its own, not a link to one; it is made where it is missing."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.is_symlink() or not folder.is_dir():
        raise Invalid("tick.refused.inbox_no_folder", folder=folder.name)


def _seen(folder: Path) -> dict[str, Look]:
    """Everything in the folder by name, with all that tells whether it changes."""
    found = {}
    for entry in os.scandir(folder):
        try:
            seen = entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            continue  # taken away meanwhile
        found[entry.name] = (
            seen.st_ino, seen.st_mode, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns,
        )  # fmt: skip
    return found


def _age(seen: Look) -> float:
    """Seconds since anything of it changed."""
    return time.time() - max(seen[3:]) / 1e9


def _sorted_out(folder: Path, seen: dict[str, Look], still: set[str]) -> Inbox:
    left = dict(_left(seen, still))
    beside = {name[: -len(SIDECAR)]: name for name in seen if name.lower().endswith(SIDECAR)}
    for file, sidecar in beside.items():
        if file not in seen:
            left[sidecar] = "alone"
        elif sidecar in left:
            left[file] = left[sidecar]  # never without what is declared about it
    taken = sorted(set(seen) - set(left) - set(beside.values()) - SHELVES)
    arrived = [_arrived(folder, name, seen[name][1], beside.get(name)) for name in taken]
    return Inbox(tuple(arrived), {shown(name): why for name, why in sorted(left.items())})


def _left(seen: dict[str, Look], still: set[str]) -> Iterator[tuple[str, str]]:
    """What stays where it is, and why."""
    for name, (_inode, mode, *_rest) in seen.items():
        if stat.S_ISDIR(mode):
            if name not in SHELVES:
                yield name, "folder"
        elif name.startswith(HIDDEN) or name.lower().endswith((*UNFINISHED, REASONS)):
            yield name, "skipped"
        elif name not in still:
            yield name, "arriving"


def _arrived(folder: Path, name: str, mode: int, sidecar: str | None) -> Arrived:
    return Arrived(folder / name, folder / sidecar if sidecar else None, stat.S_ISREG(mode))
