"""Which column of a file is which column of the contract."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from data.errors import ExtractRejected
from data.extracts import vocabulary
from data.extracts.profile import Profile
from data.extracts.vocabulary import PersonalHeader

MOST = 1_000  # columns; beyond, it is no extract


@dataclass(frozen=True, slots=True)
class HeaderMap:
    """The headers of a file as a profile sees them."""

    headers: tuple[str, ...]
    sources: dict[str, int]  # contract column to position in the file
    missing: tuple[str, ...]  # contract columns the file should have and has not
    unknown: tuple[str, ...]  # headers nobody asked for
    personal: tuple[PersonalHeader, ...]  # headers that refuse the file
    twice: tuple[str, ...]  # headers that claim a column already taken

    @property
    def fits(self) -> bool:
        return not self.missing and not self.twice


def map_headers(headers: Sequence[str], profile: Profile) -> HeaderMap:
    """Match headers with the profile, whatever their capitals, accents and script."""
    positions: dict[str, list[int]] = {}
    for position, header in enumerate(headers):
        for form in vocabulary.forms(header) if header.strip() else ():
            positions.setdefault(form, []).append(position)
    sources, twice, used = {}, list[str](), set[int]()
    for column in profile.columns:
        found = _positions(column.headers, positions)
        if found:
            sources[column.name] = found[0]
            used.update(found)
            twice += [headers[position] for position in found[1:]]
    dropped = set(_positions(profile.dropped, positions))
    others = [
        header
        for position, header in enumerate(headers)
        if header.strip() and position not in used | dropped
    ]
    return HeaderMap(
        headers=tuple(headers),
        sources=sources,
        missing=_missing(profile, sources),
        unknown=tuple(others),
        personal=vocabulary.personal_headers(others),
        twice=tuple(dict.fromkeys(twice)),
    )


def require(found: HeaderMap) -> None:
    """ExtractRejected when the headers do not give what the contract needs, or give too much."""
    if len(found.headers) > MOST:
        raise ExtractRejected(
            "extracts.refused.too_many_columns", count=len(found.headers), most=MOST
        )
    if found.personal:
        raise ExtractRejected(
            "extracts.refused.personal_headers",
            headers=tuple(one.header for one in found.personal),
            kinds=tuple(dict.fromkeys(one.kind for one in found.personal)),
        )
    if found.twice:
        raise ExtractRejected("extracts.refused.header_twice", headers=found.twice)
    if found.missing:
        raise ExtractRejected(
            "extracts.refused.missing_columns", columns=found.missing, headers=found.headers
        )


def _positions(names: Sequence[str], positions: dict[str, list[int]]) -> list[int]:
    """Where any of the names stands, the first name first."""
    found: dict[int, None] = {}
    for name in names:
        for form in sorted(vocabulary.forms(name)):
            found.update(dict.fromkeys(positions.get(form, ())))
    return list(found)


def _missing(profile: Profile, sources: dict[str, int]) -> tuple[str, ...]:
    """Columns every row must state, and columns the period measures need, without a source.

    Of several opening columns one is enough.
    """
    contract, given = profile.contract, {*sources, *profile.constants}
    needed = [column.name for column in contract.columns if column.required or column.expected]
    missing = [name for name in needed if name not in given]
    if not given.intersection(contract.opening):
        missing += [name for name in contract.opening if name not in missing]
    return tuple(missing)
