"""What is said of an extract in words: what it lacks, how fresh it is, what was refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dashboard.components.extracts.names import days, extract_name
from data.extracts.history import Load
from data.extracts.loading import RowFates
from data.extracts.quality import ExtractQuality, ExtractState, fates
from data.language.texts import Texts

NAMED, STRETCHES = 4, 3  # offices, stretches of days, before they are counted
HUNDRED, LEAST = 100, 0.01  # percent
BESIDES = ("quarantined", "duplicate", "excluded_total", "excluded_test")


def names_of(texts: Texts, found: Sequence[ExtractQuality]) -> list[str]:
    """The extracts by their names."""
    return sorted((extract_name(texts, one.contract) for one in found), key=str.casefold)


def lacking(texts: Texts, one: ExtractQuality, offices: Mapping[str, str]) -> list[str]:
    """What an extract lacks of the period: days, offices, working days without rows."""
    return [*_days(texts, one), *_offices(texts, one, offices), *_silent_days(texts, one)]


def _days(texts: Texts, one: ExtractQuality) -> Iterator[str]:
    if not one.missing or one.state is ExtractState.NEVER:
        return
    told = [days(texts, *span) for span in one.missing[:STRETCHES]]
    more = " …" if len(one.missing) > STRETCHES else ""
    yield texts.text(
        "data_quality.days_missing",
        missing=one.days_missing,
        all=one.days,
        days=f"{texts.value(told)}{more}",
    )


def _offices(texts: Texts, one: ExtractQuality, offices: Mapping[str, str]) -> Iterator[str]:
    silent = one.silence.offices
    if silent:
        named = [offices.get(code, code) for code in silent[:NAMED]]
        more = " …" if len(silent) > NAMED else ""
        yield texts.text(
            "data_quality.offices_silent", count=len(silent), offices=f"{texts.value(named)}{more}"
        )


def _silent_days(texts: Texts, one: ExtractQuality) -> Iterator[str]:
    silent = one.silence.days
    if silent:
        named = [texts.day_short(day) for day in silent[:STRETCHES]]
        more = " …" if len(silent) > STRETCHES else ""
        yield texts.text(
            "data_quality.days_silent", count=len(silent), days=f"{texts.value(named)}{more}"
        )


def known_until(texts: Texts, one: ExtractQuality) -> str:
    """The last day an extract knows whole."""
    if one.known_until is None:
        return texts.text("data_quality.never_loaded")
    return texts.day_short(one.known_until)


def expected(texts: Texts, one: ExtractQuality) -> str:
    """How often a file is expected, and whether the newest one that is due is here."""
    rhythm = texts.text(f"data_quality.expected.{one.expected.value}")
    if not one.is_stale:
        return rhythm
    late = texts.text(
        "data_quality.stale",
        day=texts.day_short(one.due_until),
        due=texts.day_short(one.due),
    )
    return f"{rhythm}; {late}"


def expected_shortly(texts: Texts, one: ExtractQuality) -> str:
    """The same for a cell: 'days ago: 15 · monthly', and since when the next file is overdue."""
    told = [texts.text("data_quality.age", days=one.age_days), texts.word(one.expected)]
    if one.is_stale:
        told.append(texts.text("data_quality.overdue", due=texts.day_short(one.due)))
    return " · ".join(told)


def fates_of(texts: Texts, rows: RowFates) -> str:
    """What did not become of all: 'quarantined: 3 · duplicates: 2', or that all were accepted."""
    told = [
        texts.text(f"data_quality.fate.{fate}", count=count)
        for fate in BESIDES
        if (count := getattr(rows, fate))
    ]
    key = "data_quality.all_accepted" if rows.read else "data_quality.no_load"
    return " · ".join(told) or texts.text(key)


def share(texts: Texts, part: int, whole: int) -> str:
    """'12.5%', '0.24%', '< 0.01%'; a dash where there is nothing to share."""
    if not whole:
        return texts.value(None)
    value = HUNDRED * part / whole
    if 0 < value < LEAST:
        return f"< {texts.percent(LEAST, 2)}"
    return texts.percent(value, 2 if 0 < value < 1 else 1)


def refused_share(texts: Texts, loads: Sequence[Load]) -> str:
    """The share of rows that stayed outside in some loads."""
    rows = fates(loads)
    return share(texts, rows.quarantined, rows.read)
