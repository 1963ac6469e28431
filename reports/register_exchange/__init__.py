"""The risk register as a workbook that comes back, after a look at every changed cell."""

from reports.exchange_faults import Fault
from reports.register_exchange.importing import import_register, preview_register
from reports.register_exchange.preview import CellChange, Preview, RiskPreview

__all__ = [
    "CellChange",
    "Fault",
    "Preview",
    "RiskPreview",
    "import_register",
    "preview_register",
]
