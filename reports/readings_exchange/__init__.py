"""Values to enter as a pre-filled workbook: out, and back in after a look at every cell."""

from reports.readings_exchange.previewing import Change, Fault, Preview, preview_readings
from reports.readings_exchange.writing import export_readings

__all__ = ["Change", "Fault", "Preview", "export_readings", "preview_readings"]
