"""Trying an action: it is refused or done as ever, looked at, and undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from data.access.actor import Actor
from data.access.permissions import Permission
from data.workspace import Change, Reader, UnrecordedChange, Workspace

Value = TypeVar("Value")


class Rehearsed(Exception):
    """Ends a rehearsal: everything done in it is undone."""


class Rehearsal(Workspace):
    """The same house for trying an action: it is refused or done as ever, looked at, and undone."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace.settings, workspace.database, clock=workspace.clock)
        self._look: Callable[[Reader], Any] = bool
        self._seen: Any = None

    def seen(self, act: Callable[[Workspace], object], look: Callable[[Reader], Value]) -> Value:
        """What is seen once the action, which makes one change, is done; nothing of it stays."""
        self._look = look
        try:
            act(self)
        except Rehearsed:
            return cast(Value, self._seen)
        raise UnrecordedChange("rehearsed without a change")

    @contextmanager
    def change(self, by: Actor, permission: Permission) -> Iterator[Change]:
        with super().change(by, permission) as change:
            yield change
            self._seen = self._look(change)
            raise Rehearsed
