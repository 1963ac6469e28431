"""Targets as a pre-filled workbook: out, and back in after a look at every cell."""

from reports.exchange_faults import Fault, RowFate
from reports.targets_exchange.exporting import export_targets
from reports.targets_exchange.importing import import_targets, preview_import
from reports.targets_exchange.preview import CellChange, Preview, RowPreview

__all__ = [
    "CellChange",
    "Fault",
    "Preview",
    "RowFate",
    "RowPreview",
    "export_targets",
    "import_targets",
    "preview_import",
]
