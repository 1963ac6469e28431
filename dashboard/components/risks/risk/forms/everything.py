"""Which form stands at which place of the page of a risk."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.components.risks.risk.acting import ActForm
from dashboard.components.risks.risk.forms.acceptance import DECIDE_ACCEPTANCE, REQUEST_ACCEPTANCE
from dashboard.components.risks.risk.forms.assess import ASSESS
from dashboard.components.risks.risk.forms.closing import DECIDE_CLOSE, REOPEN, REQUEST_CLOSE
from dashboard.components.risks.risk.forms.comment import COMMENT
from dashboard.components.risks.risk.forms.escalation import ANSWER, ESCALATE
from dashboard.components.risks.risk.forms.links import CONTROLS, INDICATORS
from dashboard.components.risks.risk.forms.proposal import ASSIGN, DECIDE_PROPOSAL, PROPOSE
from dashboard.components.risks.risk.forms.treatments import MOVE_DUE, PLAN, PROGRESS, TREAT
from dashboard.components.risks.risk.forms.wording import WORD
from risks.register.offering import Offer

Forms = Mapping[Offer, ActForm]

OF_RISK: Forms = {
    Offer.ANSWER: ANSWER,
    Offer.DECIDE_PROPOSAL: DECIDE_PROPOSAL,
    Offer.DECIDE_ACCEPTANCE: DECIDE_ACCEPTANCE,
    Offer.DECIDE_CLOSE: DECIDE_CLOSE,
    Offer.PROPOSE: PROPOSE,
    Offer.WORD: WORD,
    Offer.TREAT: TREAT,
    Offer.REQUEST_ACCEPTANCE: REQUEST_ACCEPTANCE,
    Offer.ESCALATE: ESCALATE,
    Offer.REQUEST_CLOSE: REQUEST_CLOSE,
    Offer.REOPEN: REOPEN,
    Offer.ASSIGN: ASSIGN,
}
OF_CONTROLS: Forms = {Offer.CONTROLS: CONTROLS}
OF_PARTS: Mapping[str, Forms] = {
    "assessments": {Offer.ASSESS: ASSESS},
    "treatments": {Offer.PLAN: PLAN, Offer.PROGRESS: PROGRESS, Offer.MOVE_DUE: MOVE_DUE},
    "indicators": {Offer.INDICATORS: INDICATORS},
    "comments": {Offer.COMMENT: COMMENT},
}
