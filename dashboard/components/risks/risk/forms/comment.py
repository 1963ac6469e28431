"""A remark on a risk."""

from __future__ import annotations

from dashboard.components.drafted import DraftedForm
from dashboard.components.risks.risk.acting import ActForm
from dashboard.components.risks.risk.forms import writing
from dashboard.components.risks.risk.known import Known
from risks.register.actions import LONGEST_COMMENT, comment_on
from risks.register.record import Risk


def _send_comment(known: Known, form: DraftedForm, _variant: str, _version: int) -> Risk:
    """A remark stands beside whatever was changed meanwhile."""
    context = known.context
    return comment_on(
        context.workspace, by=context.actor, code=known.risk.code, text=form["comment"] or ""
    )


def _draw_comment(_known: Known, form: DraftedForm, _variant: str) -> None:
    writing.text(form, "comment", longest=LONGEST_COMMENT)


COMMENT = ActForm(
    given=lambda *_: {"comment": ""},
    draw=_draw_comment,
    send=_send_comment,
    stands_beside=True,
)
