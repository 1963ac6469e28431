"""Districts and the municipalities in them."""

from data.agency.places.actions import move_municipality
from data.agency.places.reading import read_districts, read_municipalities

__all__ = ["move_municipality", "read_districts", "read_municipalities"]
