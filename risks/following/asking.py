"""What the system does to a risk in answer to something else that changed, each with its cause."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from data.access.actor import SYSTEM
from data.audit.tags import AuditTag
from data.workspace import Change
from risks.register import lifecycle
from risks.register.keeping import settle, take
from risks.register.record import Risk
from risks.register.states import ACTIVE, Status


@contextmanager
def as_system(change: Change) -> Iterator[Change]:
    """The same transaction, in which what follows is the system's doing and not the person's."""
    person, change.by = change.by, SYSTEM
    try:
        yield change
    finally:
        change.by = person


def ask_anew(change: Change, code: str, because: str, cause: Mapping[str, Any]) -> bool:
    """Ask for a risk in the register to be assessed anew; False where that is asked already.

    `because` is a message key, `cause` what is kept with the change.
    """
    with as_system(change):
        risk, _hand = take(change, code, None)
        if risk.status not in ACTIVE or risk.reassess is not None:
            return False
        asked = replace(risk, reassess=because)
        settle(change, risk, asked, AuditTag.REASSESSMENT_ASKED, cause)
        return True


def open_again(
    change: Change, code: str, because: str, reassess: str, cause: Mapping[str, Any]
) -> bool:
    """Let a closed or accepted risk be open again; False where it is neither.

    It is to be assessed anew; `because` and `reassess` are message keys.
    """
    with as_system(change):
        risk, _hand = take(change, code, None)
        if risk.status not in {Status.CLOSED, Status.ACCEPTED}:
            return False
        is_closed = risk.status is Status.CLOSED
        after = _opened(change, risk, because)
        tag = AuditTag.RISK_REOPENED if is_closed else AuditTag.ACCEPTANCE_ENDED
        settle(change, risk, replace(after, reassess=reassess), tag, cause)
        return True


def _opened(change: Change, risk: Risk, because: str) -> Risk:
    if risk.status is Status.CLOSED:
        return lifecycle.reopened(risk, because, today=change.today)
    return lifecycle.acceptance_ended(risk, because, now=change.now)
