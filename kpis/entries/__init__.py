"""Values that people entered: read, pooled into readings, and told where they come from."""

from kpis.entries.reading import Entry, EntryState, Slot, read_entries, standing
from kpis.entries.values import entered_readings

__all__ = ["Entry", "EntryState", "Slot", "entered_readings", "read_entries", "standing"]
