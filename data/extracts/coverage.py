"""What a file speaks for: the moment it was cut off, the days it covers, its scope."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from time import strptime
from zoneinfo import ZoneInfo

from data.errors import ExtractRejected
from data.extracts.checked_file import CHANGES, FULL, Declared
from data.extracts.contracts import Contract
from data.extracts.facts import Facts
from data.extracts.profile import CutOff, Profile

AHEAD = timedelta(days=1)  # clocks differ; more is a mistyped year


@dataclass(frozen=True, slots=True)
class Coverage:
    """Days are included at both ends."""

    cut_at: datetime
    day_from: date
    day_to: date
    scope: str
    scope_from: date | None
    scope_to: date | None


def settle(
    profile: Profile, declared: Declared, facts: Facts, file_name: str, zone: ZoneInfo
) -> Coverage:
    """Declared first, then the profile's rules in their order; ExtractRejected without any."""
    cut_at = declared.cut_at or _cut_off(profile, facts, file_name, zone)
    if cut_at.tzinfo is None:
        cut_at = cut_at.replace(tzinfo=zone)
    if cut_at > datetime.now(UTC) + AHEAD:
        raise ExtractRejected("extracts.refused.cut_off_in_future", cut_at=cut_at)
    first, last = facts.first_opening, facts.last_opening
    if first and last:
        first, last = profile.contract.spoken_for(first, last)
    day_from = declared.coverage_from or first or cut_at.astimezone(zone).date()
    day_to = declared.coverage_to or last or day_from
    if day_from > day_to:
        raise ExtractRejected("extracts.refused.coverage_backwards", first=day_from, last=day_to)
    scope = declared.scope or profile.scope
    if scope not in {FULL, CHANGES}:
        raise ExtractRejected("extracts.refused.unknown_scope", scope=scope)
    full = scope == FULL
    return Coverage(
        cut_at, day_from, day_to, scope, day_from if full else None, day_to if full else None
    )


def outside(coverage: Coverage, facts: Facts) -> bool:
    """Whether rows open outside the days the file says it covers."""
    first, last = facts.first_opening, facts.last_opening
    if first is None or last is None:
        return False
    return first < coverage.day_from or last > coverage.day_to


def after_cut_off(
    contract: Contract, coverage: Coverage, facts: Facts, zone: ZoneInfo
) -> list[str]:
    """Columns with events later than the file can know of."""
    local = coverage.cut_at.astimezone(zone).replace(tzinfo=None)
    planned = {column.name for column in contract.columns if column.planned}
    return [
        column
        for column, last in facts.latest.items()
        if column not in planned and _start(last) > local
    ]


def _cut_off(profile: Profile, facts: Facts, file_name: str, zone: ZoneInfo) -> datetime:
    for rule in profile.cut_off:
        found = _by_rule(rule, profile, facts, file_name)
        if found is not None:
            return found.replace(tzinfo=zone)
    raise ExtractRejected(
        "extracts.refused.no_cut_off", rules=tuple(rule.value for rule in profile.cut_off)
    )


def _by_rule(rule: CutOff, profile: Profile, facts: Facts, file_name: str) -> datetime | None:
    contract = profile.contract
    if rule is CutOff.EXTRACTED_AT and contract.extracted:
        last = facts.latest.get(contract.extracted)
        return None if last is None else _start(last)
    if rule is CutOff.LATEST_TIMESTAMP:
        planned = {column.name for column in contract.columns if column.planned}
        moments = [_end(last) for column, last in facts.latest.items() if column not in planned]
        return max(moments, default=None)
    if rule is CutOff.FILE_NAME and profile.cut_off_pattern:
        return _from_name(profile.cut_off_pattern, profile.cut_off_format, file_name)
    return None


def _from_name(pattern: str, form: str, file_name: str) -> datetime | None:
    """The end of the day that the file's name gives."""
    match = re.search(pattern, file_name)
    if match is None:
        return None
    try:
        parts = strptime(match["date"], form)
    except ValueError:
        return None
    return _end(datetime.combine(date(*parts[:3]), time(*parts[3:6])))


def _start(moment: datetime | date) -> datetime:
    return moment if isinstance(moment, datetime) else datetime.combine(moment, time())


def _end(moment: datetime | date) -> datetime:
    """A time of day as it is; a mere day is known to its end."""
    start = _start(moment)
    return start if start.time() != time() else start + timedelta(days=1)
