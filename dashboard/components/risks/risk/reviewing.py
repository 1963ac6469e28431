"""The reviews of a risk, and the way to the page on which one reviews it."""

from __future__ import annotations

from dashboard.components.kpis.links import page_link
from dashboard.components.messages import plain
from dashboard.components.risks.risk import records
from dashboard.components.risks.risk.known import Known
from risks.register.offering import Offer

REVIEW = "risk-review"  # address of the page


def draw(known: Known) -> None:
    """The way to the review for those who may, then what was found so far."""
    context = known.context
    if Offer.REVIEW in known.offers and REVIEW in context.places:
        label = plain(known.texts.text("risk_page.to_review"))
        page_link(context, REVIEW, label, context.link_with(part=None), ":material/rate_review:")
    records.reviews(known)
