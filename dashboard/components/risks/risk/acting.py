"""What the person may do with the risk: one form at a time, kept as he types, sent as he saw it.

A click only notes what is to be sent and in which version it was seen; the next run sends it, by
the rights the person has then. What others changed meanwhile is merged first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from dashboard import session
from dashboard.components import drafted
from dashboard.components.drafted import DraftedForm
from dashboard.components.messages import plain, refusal
from dashboard.components.risks import conflict
from dashboard.components.risks.conflict import Field
from dashboard.components.risks.risk.known import Known
from data.access.permissions import Permission
from data.desk import Draft, read_draft
from data.desk.actions import drop_draft
from data.errors import Conflict, Refusal
from risks.register.offering import Offer
from risks.register.record import Risk

URGENT = (Offer.ANSWER, Offer.DECIDE_PROPOSAL, Offer.DECIDE_ACCEPTANCE, Offer.DECIDE_CLOSE)
REASON = "reason"  # the field that a coordinator fills on somebody else's risk
WHOLE = "risk"  # the place of what is done with the risk as a whole
ONLY = ""  # the one variant of a form that has no others

Given = Mapping[str, Any]


def _one(_known: Known) -> Mapping[str, str]:
    return {ONLY: ""}


def _nothing(_known: Known) -> Refusal | None:
    return None


@dataclass(frozen=True, slots=True)
class ActForm:
    """A form: what it holds at first, how it is drawn, what it does; `fields` are those to merge.

    `variants` are the things it can be about (a treatment, an escalation), by their names, and
    `subjects` those it ever could be; a form
    that `asks_reason` asks whoever works on somebody else's risk why; what `stands_beside` all
    that others do has nothing to merge.
    """

    given: Callable[[Known, str], Given]
    draw: Callable[[Known, DraftedForm, str], None]
    send: Callable[[Known, DraftedForm, str, int], Risk]
    fields: Callable[[Known], Sequence[Field]] = lambda _: ()
    variants: Callable[[Known], Mapping[str, str]] = _one
    lacking: Callable[[Known], Refusal | None] = _nothing
    subjects: Callable[[Known], Sequence[str]] = lambda _: (ONLY,)
    asks_reason: bool = False
    stands_beside: bool = False


def offer(known: Known, place: str, forms: Mapping[Offer, ActForm]) -> None:
    """The things to do at a place of the page, and the form of the one that is chosen."""
    offered = [one for one in forms if one in known.offers]
    _left_over(known, {one: spec for one, spec in forms.items() if one not in offered})
    if not offered:
        return
    texts, key = known.texts, f"risk.act.{place}.{known.risk.code}"
    if st.session_state.get(key) not in offered:
        st.session_state[key] = None
    if f"{key}|seen" not in st.session_state:
        st.session_state[key] = _first(known, offered, forms)
    st.session_state[f"{key}|seen"] = True
    chosen = st.pills(
        texts.text(f"risk_page.acts.{place}"),
        offered,
        key=key,
        format_func=lambda one: texts.text(f"risk_page.act.{one.value}"),
        label_visibility="visible" if place == WHOLE else "collapsed",
    )
    if chosen is not None:
        with st.container(border=True, key=f"risk-form-{chosen.value}"):
            _form(known, chosen, forms[chosen])


def _first(known: Known, offered: Sequence[Offer], forms: Mapping[Offer, ActForm]) -> Offer | None:
    """What opens by itself: what others wait for, else a form that was begun and not sent."""
    urgent = next((one for one in offered if one in URGENT), None)
    if urgent is not None:
        return urgent
    subjects = [
        (one, _subject(known, variant)) for one in offered for variant in forms[one].variants(known)
    ]
    context = known.context
    with context.workspace.read(context.actor, Permission.SELF_CHANGE) as reader:
        begun = (one for one, subject in subjects if read_draft(reader, _name(one), subject))
        return next(begun, None)


def _left_over(known: Known, forms: Mapping[Offer, ActForm]) -> None:
    """What the person typed into a form that is offered no more: shown, until he forgets it."""
    context = known.context
    if not known.in_full or context.in_past:
        return
    pairs = [(one, subject) for one, spec in forms.items() for subject in spec.subjects(known)]
    with context.workspace.read(context.actor, Permission.SELF_CHANGE) as reader:
        found = [
            (one, subject, draft)
            for one, subject in pairs
            if (draft := read_draft(reader, _name(one), _subject(known, subject)))
        ]
    for one, subject, draft in found:
        _leaf(known, one, subject, draft)


def _leaf(known: Known, offer: Offer, subject: str, draft: Draft) -> None:
    texts, name = known.texts, known.texts.text(f"risk_page.act.{offer.value}")
    with st.expander(texts.text("risk_page.left_over", act=name), icon=":material/note_stack:"):
        st.caption(texts.text("risk_page.left_over_why"))
        for value in draft.fields.values():
            if isinstance(value, str) and value.strip() and " " in value.strip():
                st.markdown("> " + plain(value).replace("\n", "  \n> "))
        st.button(
            texts.text("desk.forget"),
            key=f"{_name(offer)}.{_subject(known, subject)}|leaf",
            type="tertiary",
            on_click=_forget,
            args=(known, offer, subject),
        )


def _forget(known: Known, offer: Offer, subject: str) -> None:
    context = known.context
    drop_draft(
        context.workspace, by=context.actor, form=_name(offer), subject=_subject(known, subject)
    )


def _name(offer: Offer) -> str:
    return f"risk.{offer.value}"


def _subject(known: Known, variant: str) -> str:
    return f"{known.risk.code}.{variant}" if variant else known.risk.code


def _form(known: Known, offer: Offer, spec: ActForm) -> None:
    variants = spec.variants(known)
    if not variants:
        st.caption(plain(known.texts.text("risk_page.nothing_to_choose")))
        return
    variant = _variant(known, offer, variants)
    given = dict(spec.given(known, variant))
    if spec.asks_reason and known.needs_reason:
        given.setdefault(REASON, "")
    form = drafted.begin(
        known.context, _name(offer), _subject(known, variant), known.risk.row_version, given
    )
    refused = _sent(known, offer, spec, form, variant)
    if conflict.is_behind(form, known.risk) and not spec.stands_beside:
        _merge(known, offer, spec, form, variant)
        return
    _fields(known, offer, spec, form, variant)
    if refused is not None:
        refusal(known.texts, refused)


def _variant(known: Known, offer: Offer, variants: Mapping[str, str]) -> str:
    if len(variants) == 1:
        return next(iter(variants))
    key = f"{_name(offer)}.{known.risk.code}|variant"
    if st.session_state.get(key) not in variants:
        st.session_state[key] = _begun(known, offer, variants)
    return st.selectbox(
        known.texts.text(f"risk_page.about.{offer.value}"),
        list(variants),
        key=key,
        format_func=lambda one: variants.get(one, one),
    )


def _begun(known: Known, offer: Offer, variants: Mapping[str, str]) -> str:
    """The variant on which the person was writing, else the first."""
    context = known.context
    with context.workspace.read(context.actor, Permission.SELF_CHANGE) as reader:
        for one in variants:
            if read_draft(reader, _name(offer), _subject(known, one)):
                return one
    return next(iter(variants))


def _fields(known: Known, offer: Offer, spec: ActForm, form: DraftedForm, variant: str) -> None:
    texts, lacking = known.texts, spec.lacking(known)
    if lacking is not None:
        st.markdown(f":material/info: {plain(texts.said(lacking))}")
    spec.draw(known, form, variant)
    if spec.asks_reason and known.needs_reason:
        st.text_area(
            texts.text("risk_page.field.coordinator_reason"),
            key=form.key(REASON),
            max_chars=500,
            height=68,
            on_change=form.keep,
            help=texts.text("risk_page.coordinator_reason_help"),
        )
    st.button(
        texts.text(f"risk_page.do.{offer.value}"),
        key=f"{form.form}.{form.subject}|send",
        type="primary",
        on_click=_note,
        args=(form, form.version),
    )
    form.say_kept()


def _note(form: DraftedForm, version: int) -> None:
    """The form is to be sent, in the version in which it was seen."""
    st.session_state[f"{form.form}.{form.subject}|sent"] = version


def _sent(
    known: Known, offer: Offer, spec: ActForm, form: DraftedForm, variant: str
) -> Refusal | None:
    """Send what was clicked; why it was refused, or None where nothing was."""
    version: int | None = st.session_state.pop(f"{form.form}.{form.subject}|sent", None)
    if version is None:
        return None
    try:
        spec.send(known, form, variant, version)
    except Conflict as conflicting:
        is_own = conflicting.values["by"] == known.context.actor.email
        if is_own and form.saved_at is None:
            return None  # a finger that came down twice
        replace(form, version=version).keep()  # so that both sides are shown
        st.rerun()
    except Refusal as refused:
        return refused
    form.done()
    session.say_next(f"risk_page.done.{offer.value}", risk=known.risk.code)
    st.rerun()
    return None


def _merge(known: Known, offer: Offer, spec: ActForm, form: DraftedForm, variant: str) -> None:
    def standing(risk: Risk) -> Given:
        return spec.given(replace(known, risk=risk), variant)

    conflict.merge(
        form,
        known.risk,
        spec.fields(known),
        standing,
        lambda version: _note(form, version),
        known.person,
    )
