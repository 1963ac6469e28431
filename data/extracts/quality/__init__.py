"""Can the extracts be trusted: what is missing of a period, what was refused, what is not stated.

loaded.py       loads side by side: rows by fate, reasons, how long after its days each came
knowing.py      of a period: which days and offices each extract lacks, whether it is fresh
silence.py      offices and working days without any row, where rows are usual
columns.py      how often each column is not stated, now and a year before
correcting.py   what loads changed of what was known, and how far back that reaches
"""

from __future__ import annotations

from data.extracts.quality.columns import ColumnGap, ColumnReport, column_report
from data.extracts.quality.correcting import Correction, corrections
from data.extracts.quality.knowing import ExtractQuality, ExtractState, qualities
from data.extracts.quality.loaded import (
    ReasonCount,
    SourceCount,
    delay_days,
    fates,
    is_of_its_time,
    reasons,
    sources,
)
from data.extracts.quality.refused import RefusedColumn, refused_columns

__all__ = [
    "ColumnGap",
    "ColumnReport",
    "Correction",
    "ExtractQuality",
    "ExtractState",
    "ReasonCount",
    "RefusedColumn",
    "SourceCount",
    "column_report",
    "corrections",
    "delay_days",
    "fates",
    "is_of_its_time",
    "qualities",
    "reasons",
    "refused_columns",
    "sources",
]
