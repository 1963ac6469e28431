"""Periods in which nothing entered takes effect any more, until somebody says why it may."""

from kpis.locks.actions import lock_period, unlock_period
from kpis.locks.reading import Lock, lock_over, read_locks

__all__ = ["Lock", "lock_over", "lock_period", "read_locks", "unlock_period"]
