"""What is aimed at, for which periods and for whom."""

from kpis.targets.reading import TargetEntry, Targets, read_targets, target_history

__all__ = ["TargetEntry", "Targets", "read_targets", "target_history"]
