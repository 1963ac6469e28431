"""How offices follow one another: since when each was open, and which one took over its cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from data.errors import Invalid

Pairs = tuple[tuple[str, str], ...]
Days = list[str | None]  # opened, closed


@dataclass(frozen=True, slots=True, order=True)
class Life:
    """From which day an office was open, and from which it no longer is; None is always."""

    office: str
    opened: date | None = None
    closed: date | None = None

    def touches(self, first: date, last: date) -> bool:
        """Whether it was open on any day of a span, the last included."""
        begun = self.opened is None or self.opened <= last
        return begun and (self.closed is None or self.closed > first)


def successors_on(mergers: Iterable[tuple[str, str | None, date | None]], today: date) -> Pairs:
    """Of (office, merged into, on the day): who follows whom on a day; a merger begins on its."""
    return last_successors(
        {office: into for office, into, day in mergers if into and (day is None or day <= today)}
    )


def last_successors(into: Mapping[str, str]) -> Pairs:
    """Each merged office with the last of its successors; mergers in a circle are Invalid."""
    found = []
    for office in sorted(into):
        passed, last = {office}, into[office]
        while last in into:
            if last in passed:
                raise Invalid("reference.refused.circle", office=office, into=last)
            passed.add(last)
            last = into[last]
        if last in passed:
            raise Invalid("reference.refused.circle", office=office, into=last)
        found.append((office, last))
    return tuple(found)


def lives_to_json(lives: tuple[Life, ...]) -> dict[str, Days]:
    """Office -> its days, as a document."""
    return {one.office: [_text(one.opened), _text(one.closed)] for one in lives}


def lives_from(document: Mapping[str, Days]) -> tuple[Life, ...]:
    """The lives a document of `lives_to_json` stands for."""
    return tuple(Life(office, *map(_day, days)) for office, days in document.items())


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
