"""Which second lines of which KPIs are told by what, beside the lines of `lines`."""

from __future__ import annotations

Breakdowns = list[tuple[str, ...]]
_LONGER = ("month", "quarter", "year")
_WHOLE: Breakdowns = [()]
_BY_EVENT: Breakdowns = [(), ("municipality",), ("source",), ("sex",), ("community",)]
_RESPONSES: Breakdowns = [(), ("office",), ("service",), ("office", "service")]
_CALLERS: Breakdowns = [(), ("exchange_service",)]

SECOND_LINES: dict[tuple[str, str], dict[str, Breakdowns]] = {
    ("CR-01", "by_event"): {"week": _WHOLE} | dict.fromkeys(_LONGER, _BY_EVENT),
    ("CS-08", "response_rate"): dict.fromkeys(_LONGER[1:], _RESPONSES),
    ("DQ-04", "consumers"): {"week": _WHOLE} | dict.fromkeys(_LONGER, _CALLERS),
}
