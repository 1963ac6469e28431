"""The network of offices readings are told on: who follows whom, and which office was open when.

History stays comparable: all cases of a merged office, of all periods, count at its successor. A
period in which an office was not open yet, or no longer, is neither "no data" nor 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import pandas as pd

from data.errors import Invalid
from data.figure import Missing
from data.metrics.network import OFFICE
from data.metrics.reference import Reference
from data.metrics.succession import Life, successors_on
from data.period import Frequency, Period
from data.store.tables import Office, Publication, ReferenceSnapshot
from data.workspace import Reader

__all__ = [
    "OFFICE",
    "network_of",
    "refuse_merged",
    "successors_in",
    "told_of_lives",
    "version_as_of",
]
UNCOUNTED = (None, Missing.NO_DATA.value)  # what is said of an office that has no case


def network_of(offices: Iterable[Office], today: date) -> dict[str, Any]:
    """`offices`, `successors`, `lives` of the reference data; a merger counts from its day on."""
    known = {row.code: row for row in offices}
    mergers = ((row.code, row.merged_into, row.closed) for row in known.values())
    successors = successors_on(mergers, today)
    absorbed: dict[str, list[Office]] = {}
    for merged, last in successors:
        absorbed.setdefault(last, []).append(known[merged])
    gone = dict(successors)
    lives = (
        _life(row, absorbed.get(row.code, ())) for row in known.values() if row.code not in gone
    )
    return {
        "offices": tuple((row.code, row.municipality_code) for row in known.values()),
        "successors": successors,
        "lives": tuple(life for life in lives if life.opened or life.closed),
    }


def _life(row: Office, absorbed: Iterable[Office]) -> Life:
    """An office is as old as the oldest of those it stands for."""
    opened = [one.opened for one in (row, *absorbed)]
    known = [day for day in opened if day is not None]
    return Life(row.code, min(known) if len(known) == len(opened) else None, row.closed)


def told_of_lives(frame: pd.DataFrame, reference: Reference) -> pd.DataFrame:
    """The readings, those of an office that was not open in the period and has no case as such."""
    if not len(frame):
        return frame
    first, last = frame["period_start"].min(), frame["period_start"].max()
    lives = [life for life in reference.lives if _ends_within(life, first, last)]
    closed = pd.Series(False, index=frame.index)
    for place, member in (("dimension", "member"), ("dimension2", "member2")):
        for life in lives:
            own = (frame[place] == OFFICE) & (frame[member] == life.office)
            closed |= own & ~_touched(frame, own, life)
    closed &= (frame["cases"] == 0) & (frame["missing"].isna() | frame["missing"].isin(UNCOUNTED))
    missing = frame["missing"].astype(object).mask(closed, Missing.NOT_OPEN.value)
    return frame.assign(missing=missing, value=frame["value"].mask(closed))


def _ends_within(life: Life, first: date, last: date) -> bool:
    """Whether it began or ended after the first of these periods began."""
    return (life.opened is not None and life.opened > first) or life.closed is not None


def _touched(frame: pd.DataFrame, own: pd.Series, life: Life) -> pd.Series:
    """Of the rows of an office: whether it was open on any day of the period."""
    periods = frame.loc[own, ["frequency", "period_start"]].itertuples(index=False)
    found = [
        life.touches(start, Period(start, Frequency(name)).last_day) for name, start in periods
    ]
    return pd.Series(found, index=frame.index[own], dtype=bool).reindex(
        frame.index, fill_value=True
    )


def successors_in(reader: Reader, version: str) -> Mapping[str, str]:
    """Merged office -> the one it counts at, in reference data kept under this version."""
    content = reader.get(ReferenceSnapshot, version).content
    found: Mapping[str, str] = content.get("successors", {})
    return found


def refuse_merged(office: str | None, successors: Mapping[str, str]) -> None:
    """Refuse an office of which nothing is told apart, naming the one that is."""
    if office is not None and office in successors:
        raise Invalid("reference.refused.office_merged", office=office, into=successors[office])


def version_as_of(publications: Iterable[Publication], event: int) -> str | None:
    """The reference data readings rested on when an event was the last one.

    That of the last publication by then; before the first one, that of the first.
    """
    in_order = sorted(publications, key=lambda row: row.id or 0)
    by_then = [row for row in in_order if row.event_number <= event]
    found = by_then[-1:] or in_order[:1]
    return found[0].reference_version if found else None
