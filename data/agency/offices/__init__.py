"""Offices through time: opened, closed, merged, renamed, each on a day and with its source."""

from data.agency.offices.actions import (
    close_office,
    date_opening,
    merge_office,
    open_office,
    rename_office,
    withdraw_event,
)
from data.agency.offices.history import OfficeEventKind
from data.agency.offices.reading import OfficeView, read_offices, successor_of

__all__ = [
    "OfficeEventKind",
    "OfficeView",
    "close_office",
    "date_opening",
    "merge_office",
    "open_office",
    "read_offices",
    "rename_office",
    "successor_of",
    "withdraw_event",
]
