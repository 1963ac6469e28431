"""Where files from the inbox go: inbox/loaded/<date>/ and inbox/refused/<date>/.

Nothing is ever overwritten: a name that is taken gets a number. Only the tick writes here, and
only one tick is at work at a time.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dashboard.jobs.inbox.looking import REASONS, SHELVES, SIDECAR, Arrived
from data.errors import Invalid

_CREATE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
LONGEST = 180  # bytes of a name, so that there is room for what is added to it


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file will lie, with what belongs to it beside it."""

    path: Path

    @property
    def sidecar(self) -> Path:
        return self.path.with_name(self.path.name + SIDECAR)

    @property
    def reasons(self) -> Path:
        return self.path.with_name(self.path.name + REASONS)

    def told(self, inbox: Path) -> str:
        """The place within the inbox, for people."""
        return "/".join(self.path.relative_to(inbox).parts)


def require_shelves(inbox: Path, day: date) -> None:
    """Refuse an inbox whose folders lead elsewhere, before anything is taken in."""
    for shelf in sorted(SHELVES):
        _folder(inbox, shelf, day)


def place_for(inbox: Path, shelf: str, day: date, name: str) -> Place:
    """A free place for a file of this name."""
    folder = _folder(inbox, shelf, day)
    stem, ending = _parts(name)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    number = 1
    while _is_taken(place := Place(folder / _named(stem, number, ending))):
        number += 1
    return place


def _folder(inbox: Path, shelf: str, day: date) -> Path:
    """The folder of a day; it comes into being with the first file that needs it."""
    folder = inbox / shelf / day.isoformat()
    for part in (folder.parent, folder):
        if part.is_symlink() or (part.exists() and not part.is_dir()):
            raise Invalid("tick.refused.inbox_no_folder", folder=f"{inbox.name}/{shelf}")
    return folder


def put_away(arrived: Arrived, place: Place) -> None:
    """Move the file, then its declaration: a file must never be found again without it."""
    arrived.path.rename(place.path)
    if arrived.sidecar is not None and os.path.lexists(arrived.sidecar):
        arrived.sidecar.rename(place.sidecar)


def discard(arrived: Arrived) -> None:
    """Delete the file and its declaration."""
    arrived.path.unlink(missing_ok=True)
    if arrived.sidecar is not None:
        arrived.sidecar.unlink(missing_ok=True)


def write_reasons(place: Place, text: str) -> None:
    """Lay the reasons where the file is about to lie."""
    with os.fdopen(os.open(place.reasons, _CREATE, 0o600), "w", encoding="utf-8-sig") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _is_taken(place: Place) -> bool:
    """Reasons alone were left by a tick that was killed before it moved their file."""
    return os.path.lexists(place.path) or os.path.lexists(place.sidecar)


def _parts(name: str) -> tuple[str, str]:
    """The name short enough to be added to, and its ending."""
    path = Path(name)
    ending = path.suffix if len(os.fsencode(path.suffix)) <= len(".reasons") else ""
    stem = os.fsencode(name.removesuffix(ending))[:LONGEST]
    return os.fsdecode(stem), ending


def _named(stem: str, number: int, ending: str) -> str:
    return f"{stem}{ending}" if number == 1 else f"{stem} ({number}){ending}"
