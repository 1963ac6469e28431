"""What the agency delivers: added, renamed, listed in an order, retired and reinstated."""

from data.agency.services.actions import (
    add_service,
    move_service,
    reinstate_service,
    rename_service,
    retire_service,
)
from data.agency.services.reading import read_services

__all__ = [
    "add_service",
    "move_service",
    "read_services",
    "reinstate_service",
    "rename_service",
    "retire_service",
]
