"""The states of a risk and the only ways between them."""

from __future__ import annotations

from enum import StrEnum

from data.errors import Invalid


class Status(StrEnum):
    DRAFT = "draft"
    PROPOSED = "proposed"
    REJECTED = "rejected"
    OPEN = "open"
    IN_TREATMENT = "in_treatment"
    ACCEPTANCE_REQUESTED = "acceptance_requested"
    ACCEPTED = "accepted"
    CLOSE_REQUESTED = "close_requested"
    CLOSED = "closed"


class Act(StrEnum):
    """What moves a risk from one state to another."""

    PROPOSE = "propose"
    APPROVE = "approve"
    REJECT = "reject"
    TREAT = "treat"
    REQUEST_ACCEPTANCE = "request_acceptance"
    ACCEPT = "accept"
    REFUSE_ACCEPTANCE = "refuse_acceptance"
    END_ACCEPTANCE = "end_acceptance"  # the system's: it ran out, or what was accepted changed
    REQUEST_CLOSE = "request_close"
    CLOSE = "close"
    REFUSE_CLOSE = "refuse_close"
    REOPEN = "reopen"


BEFORE = None  # the state that the request left
TRANSITIONS: dict[tuple[Status, Act], Status | None] = {
    (Status.DRAFT, Act.PROPOSE): Status.PROPOSED,
    (Status.PROPOSED, Act.APPROVE): Status.OPEN,
    (Status.PROPOSED, Act.REJECT): Status.REJECTED,
    (Status.OPEN, Act.TREAT): Status.IN_TREATMENT,
    (Status.OPEN, Act.REQUEST_ACCEPTANCE): Status.ACCEPTANCE_REQUESTED,
    (Status.IN_TREATMENT, Act.REQUEST_ACCEPTANCE): Status.ACCEPTANCE_REQUESTED,
    (Status.ACCEPTANCE_REQUESTED, Act.ACCEPT): Status.ACCEPTED,
    (Status.ACCEPTANCE_REQUESTED, Act.REFUSE_ACCEPTANCE): BEFORE,
    (Status.ACCEPTED, Act.END_ACCEPTANCE): Status.OPEN,
    (Status.OPEN, Act.REQUEST_CLOSE): Status.CLOSE_REQUESTED,
    (Status.IN_TREATMENT, Act.REQUEST_CLOSE): Status.CLOSE_REQUESTED,
    (Status.CLOSE_REQUESTED, Act.CLOSE): Status.CLOSED,
    (Status.CLOSE_REQUESTED, Act.REFUSE_CLOSE): BEFORE,
    (Status.CLOSED, Act.REOPEN): Status.OPEN,
}
# In the register: owned, reviewed, watched.
ACTIVE = frozenset(
    {Status.OPEN, Status.IN_TREATMENT, Status.ACCEPTANCE_REQUESTED, Status.ACCEPTED}
    | {Status.CLOSE_REQUESTED}
)
EDITABLE = ACTIVE | {Status.DRAFT, Status.PROPOSED}


def after(status: Status, before: Status | None, act: Act) -> Status:
    """The state to which an act leads; any way the table does not know is Invalid."""
    if (status, act) not in TRANSITIONS:
        raise Invalid("risks.refused.no_way", status=status, act=act)
    return TRANSITIONS[status, act] or before or Status.OPEN


def acts_from(status: Status) -> tuple[Act, ...]:
    """What can move a risk from this state, in the order of the table."""
    return tuple(act for start, act in TRANSITIONS if start is status)
