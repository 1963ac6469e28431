"""What each open treatment saves in a year and what it costs: whether it pays, with what error."""

from __future__ import annotations

import streamlit as st

from dashboard.components.kpi_drawing import Sheet, draw_words, table_behind
from dashboard.components.messages import empty, plain
from dashboard.components.risks.exposure.known import Known
from dashboard.components.risks.money import euros, give_or_take
from dashboard.context import PageContext
from data.language.texts import Texts
from risks.exposure import Cost, Effect
from risks.exposure.estimates import Z
from risks.exposure.summary import effect_on
from risks.portfolio import Option

YEARS = "exposure.years"  # key of the widget
MOST_YEARS = 20
HEADS = ("treatment", "due", "cost", "saves", "exact", "per_euro", "verdict")


def draw(context: PageContext, known: Known) -> None:
    """The treatments that state figures, the largest saving first; then how they are counted."""
    texts, options = context.texts, known.found.options
    if not options:
        empty(texts, "exposure.no_options", "exposure.no_options_do")
        return
    years = _years(texts)
    found = [(one, _effect(one, years)) for one in options]
    found.sort(key=lambda pair: -pair[1].exact_reduction)
    st.markdown(plain(_sentence(texts, known)))
    draw_words(_sheet(texts, found), alt=texts.text("exposure.treatments"))
    table_behind(texts, "exposure.effects", lambda: _sheet(texts, found), file="treatments")
    st.caption(plain(texts.text("exposure.treatments_how")))
    if known.found.unclear:
        codes = [one.code for one in known.found.unclear]
        st.caption(plain(texts.text("exposure.several", risks=codes)))


def _years(texts: Texts) -> int:
    """Over how many years a cost is spread: an assumption of the reader's."""
    return st.number_input(
        texts.text("exposure.years"),
        1,
        MOST_YEARS,
        1,
        key=YEARS,
        help=texts.text("exposure.years_help"),
        width=320,
    )


def _effect(one: Option, years: int) -> Effect:
    return effect_on(one.before, one.after, Cost(once=one.treatment.cost or 0.0, years=years))


def _sentence(texts: Texts, known: Known) -> str:
    """What all of them together make of the mean year."""
    now, after = known.exposure.before.expected, known.exposure.after.expected
    key = "exposure.treated" if after < now else "exposure.treated_none"
    return texts.text(key, now=euros(texts, now), after=euros(texts, after))


def _sheet(texts: Texts, found: list[tuple[Option, Effect]]) -> Sheet:
    names = tuple(texts.text(f"exposure.treatment.{head}") for head in HEADS)
    return Sheet(names, tuple(_row(texts, one, effect) for one, effect in found))


def _row(texts: Texts, one: Option, effect: Effect) -> tuple[str, ...]:
    has_cost, none = one.treatment.cost is not None, texts.value(None)
    per_euro = effect.benefit_per_euro
    return (
        f"{one.risk.code} · {one.treatment.text}",
        texts.day_short(one.treatment.due),
        euros(texts, one.treatment.cost or 0.0) if has_cost else none,
        give_or_take(texts, effect.reduction.value, Z * effect.reduction.error),
        euros(texts, effect.exact_reduction),
        texts.number(per_euro.value, 2) if per_euro is not None else none,
        texts.word(effect.payoff) if has_cost else texts.text("exposure.no_cost"),
    )
