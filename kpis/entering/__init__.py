"""Values on their way from whoever enters them to whoever approves them, and into the readings."""

from kpis.entering.actions import (
    Line,
    approve_readings,
    attach_file,
    attach_note,
    remove_evidence,
    return_reading,
    save_reading,
    submit_lines,
    submit_reading,
    withdraw_reading,
)
from kpis.entering.checks import Implausible, Written

__all__ = [
    "Implausible",
    "Line",
    "Written",
    "approve_readings",
    "attach_file",
    "attach_note",
    "remove_evidence",
    "return_reading",
    "save_reading",
    "submit_lines",
    "submit_reading",
    "withdraw_reading",
]
