"""Expected failures: a small family of refusals, each a message key and the values it names."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """Something the product will not do, said with a message key the edges can translate.

    `key` names a text of the catalogues; `values` fill its placeholders. Anything raised that is
    not a Refusal is a bug.
    """

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key, values)
        self.key = key
        self.values = values

    def __str__(self) -> str:
        named = ", ".join(f"{name}={value!r}" for name, value in self.values.items())
        return f"{self.key}({named})"


class PermissionDenied(Refusal):
    """The actor holds no role that allows this here."""


class NotFound(Refusal):
    """What was asked for does not exist, or not for this actor."""


class Conflict(Refusal):
    """Somebody else changed it first; `values` carry both sides."""


class ExtractRejected(Refusal):
    """A file as a whole cannot be taken in."""


class Invalid(Refusal):
    """Input that breaks a rule; `values` say where and what to do."""
