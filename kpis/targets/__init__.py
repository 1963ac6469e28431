"""What is aimed at, for which periods and for whom."""

from kpis.targets.path import AT_ONCE, Baseline, Course, Path, Stage
from kpis.targets.reading import TargetEntry, Targets, read_targets, target_history

__all__ = [
    "AT_ONCE",
    "Baseline",
    "Course",
    "Path",
    "Stage",
    "TargetEntry",
    "Targets",
    "read_targets",
    "target_history",
]
