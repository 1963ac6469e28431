"""Which profile a file was written for, told by its headers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

from data.errors import ExtractRejected
from data.extracts.profile import Profile
from data.extracts.reading import containers, encodings, headers, spreadsheets
from data.extracts.reading.containers import Kind
from data.extracts.reading.headers import HeaderMap
from data.extracts.reading.table import Head, best_head, sheet_head

NEAREST = 3  # candidates named when none fits


@dataclass(frozen=True, slots=True)
class Candidate:
    """A profile held against the headers of a file."""

    profile: Profile
    found: HeaderMap
    named: bool  # the file's name is one the profile expects

    @property
    def fits(self) -> bool:
        return self.found.fits

    @property
    def explained(self) -> int:
        """How many headers of the file the profile knows."""
        headers_given = [header for header in self.found.headers if header.strip()]
        return len(headers_given) - len(self.found.unknown)

    @property
    def rank(self) -> tuple[bool, int, int, int, bool, bool]:
        """Greater is better: all needed is there, nothing personal is let near, more is known."""
        return (
            self.fits,
            -len(self.found.personal),
            self.explained,
            len(self.found.sources),
            self.named,
            not self.profile.built_in,
        )


@dataclass(frozen=True, slots=True)
class Recognition:
    """The profile of a file, and the others that were considered, best first."""

    profile: Profile
    candidates: tuple[Candidate, ...]


def recognise(path: Path, file_name: str, profiles: Iterable[Profile]) -> Recognition:
    """The one profile that fits best; ExtractRejected when none does, or two do alike."""
    heads = _heads(path)
    candidates = sorted(
        (_candidate(profile, heads(profile), file_name) for profile in profiles),
        key=lambda candidate: candidate.rank,
        reverse=True,
    )
    fitting = [candidate for candidate in candidates if candidate.fits]
    if not fitting:
        raise _unknown(candidates)
    best = fitting[0]
    alike = [one.profile.id for one in fitting if one.rank == best.rank]
    if len(alike) > 1:
        raise ExtractRejected("extracts.refused.ambiguous_profile", profiles=tuple(alike))
    return Recognition(best.profile, tuple(candidates))


def _heads(path: Path) -> Callable[[Profile], Head]:
    """How the header reads under a profile; the file is opened once, whatever the profiles."""
    kind, start = containers.read_start(path)
    if kind is Kind.XLSX:
        sheet = cache(lambda name: spreadsheets.open_sheet(path, name))
        return lambda profile: _sheet_head(sheet, profile)
    text = encodings.decode_start(start)
    nothing = Head((), "", 0, 0)
    return lambda profile: best_head(text, profile) if kind in profile.file.kinds else nothing


def _sheet_head(sheet: Callable[[str | None], spreadsheets.Sheet], profile: Profile) -> Head:
    try:
        return sheet_head(sheet(profile.file.sheet), profile.file)
    except ExtractRejected:
        if profile.file.sheet is None:
            raise
        return Head((), "", 0, 0)  # another sheet than this profile's


def _candidate(profile: Profile, head: Head, file_name: str) -> Candidate:
    named = any(fnmatch(file_name.lower(), one.lower()) for one in profile.file.names)
    return Candidate(profile, headers.map_headers(head.headers, profile), named)


def _unknown(candidates: list[Candidate]) -> ExtractRejected:
    """Say what was found, and what the nearest profiles miss; or why there is nothing to say.

    Headers nobody knows are only counted: in a file without headers they are somebody's data.
    """
    headings = max((candidate.found.headers for candidate in candidates), key=len, default=())
    found = tuple(header for header in headings if header.strip())
    if not found:
        return ExtractRejected("extracts.refused.no_headers")
    near = sorted(candidates, key=lambda one: (len(one.found.missing), -one.explained))
    nearest = [one for one in near if one.explained][:NEAREST]
    if not nearest:
        return ExtractRejected("extracts.refused.unknown_headers", count=len(found))
    if not nearest[0].found.missing:
        return ExtractRejected("extracts.refused.header_twice", headers=nearest[0].found.twice)
    unknown = nearest[0].found.unknown
    return ExtractRejected(
        "extracts.refused.no_profile",
        headers=tuple(header for header in found if header not in unknown),
        others=len(unknown),
        nearest=tuple(one.profile.id for one in nearest),
        missing=nearest[0].found.missing,
    )
