"""People and their roles: who lets whom in, and what everybody may change about himself."""

from data.people.actions import (
    add_first_administrator,
    add_person,
    change_password,
    disable_person,
    enable_person,
    end_role,
    grant_role,
    reset_password,
    set_language,
)
from data.people.directory import HeldRole, PersonView, list_people, list_units, nobody_lives_here

__all__ = [
    "HeldRole",
    "PersonView",
    "add_first_administrator",
    "add_person",
    "change_password",
    "disable_person",
    "enable_person",
    "end_role",
    "grant_role",
    "list_people",
    "list_units",
    "nobody_lives_here",
    "reset_password",
    "set_language",
]
