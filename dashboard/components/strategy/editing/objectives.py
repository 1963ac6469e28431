"""The objectives of the draft: what, whose, until when, by which KPIs and which rule."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard.components import drafted
from dashboard.components.catching_up import catch_up
from dashboard.components.drafted import DraftedForm
from dashboard.components.existing_or_new import NEW, choose
from dashboard.components.strategy.editing.fields import (
    NO_WORDS,
    act,
    days,
    given_words,
    label,
    line,
    said_days,
    three,
    words_of,
)
from dashboard.components.strategy.known import Known
from dashboard.components.strategy.words import HUNDRED, kpi_named, named, offered_rules
from dashboard.context import PageContext
from data.records import Kept
from kpis.strategy import Edition, Rule, RuleKind, StrategyObjective
from kpis.strategy.actions import drop_objective, keep_objective
from kpis.strategy.drafting import CHALLENGES

FORM = "strategy-objective"


def draw(context: PageContext, known: Known, draft: Kept[Edition]) -> None:
    """Choose one or a new one, say everything of it."""
    texts, by_code = context.texts, draft.value.by_code
    with st.expander(texts.text("strategy.keep_objective"), icon=":material/flag:"):
        titles = {code: named(texts, one.names) for code, one in by_code.items()}
        chosen = by_code.get(choose(texts, "strategy_objective", titles))
        given = _given(draft.value, chosen)
        subject = f"{draft.id}.{chosen.code if chosen else NEW}"
        form = drafted.begin(context, FORM, subject, draft.version, given)
        catch_up(form, draft.version, given, lambda name: label(texts, name))
        if chosen is None:
            line(form, "code", longest=20)
        three(form, "names")
        three(form, "description", long=True)
        _where(context, known, form, draft.value)
        days(form)
        _measured(context, known, form)
        form.say_kept()
        save = st.button(texts.text("strategy.save"), key="strategy.objective.save", type="primary")
        if save and said_days(form):
            form.send(lambda: _kept(context, draft, form), "strategy.saved", "part")
        if chosen is not None:
            _drop(context, draft, chosen.code)


def _given(edition: Edition, one: StrategyObjective | None) -> dict[str, Any]:
    rule = one.rule if one else Rule()
    return {
        "code": one.code if one else "",
        **given_words("names", one.names if one else NO_WORDS),
        **given_words("description", one.description if one else NO_WORDS),
        "perspective": one.perspective if one else None,
        "challenge": one.challenge if one else CHALLENGES[0],
        "owner": one.owner or None if one else None,
        "position": one.position if one else len(edition.objectives) + 1,
        "first_day": one.first_day if one else edition.first_day,
        "last_day": one.last_day if one else edition.last_day,
        "kpis": list(one.kpis) if one else [],
        "kind": rule.kind.value,
        "least": rule.least,
        "share": round(rule.share * HUNDRED),
        "keys": list(rule.keys),
        "gaps": rule.gaps,
    }


def _where(context: PageContext, known: Known, form: DraftedForm, edition: Edition) -> None:
    """Perspective, challenge, owner and place."""
    texts = context.texts
    lanes = {one.code: named(texts, one.names) for one in edition.perspectives}
    left, right = st.columns(2)
    with left:
        _select(form, "perspective", lanes)
        _select(form, "owner", dict(known.people))
    with right:
        _select(form, "challenge", {n: texts.text(f"challenge.{n}") for n in CHALLENGES})
        _number(form, "position", 0, 999)


def _measured(context: PageContext, known: Known, form: DraftedForm) -> None:
    """Its KPIs, and the rule with what the chosen kind needs."""
    texts = context.texts
    _several(form, "kpis", list(known.kpis), known)
    st.selectbox(
        label(texts, "kind"),
        [one.value for one in offered_rules()],
        key=form.key("kind"),
        format_func=lambda value: texts.word(RuleKind(value)),
        on_change=form.keep,
    )
    kind = RuleKind(form["kind"])
    if kind is RuleKind.AT_LEAST:
        _number(form, "least", 1, 99)
    elif kind is RuleKind.SHARE:
        _number(form, "share", 1, HUNDRED)
    else:
        if kind is RuleKind.KEY:
            _several(form, "keys", list(form["kpis"] or ()), known)
        _number(form, "gaps", 0, 99)
    st.caption(texts.text("objective.never_average"))


def _select(form: DraftedForm, name: str, offered: dict[Any, str]) -> None:
    st.selectbox(
        label(form.context.texts, name),
        list(offered) if form[name] in (None, *offered) else [*offered, form[name]],
        key=form.key(name),
        format_func=lambda value: offered.get(value, str(value)),
        on_change=form.keep,
    )


def _several(form: DraftedForm, name: str, offered: list[str], known: Known) -> None:
    gone = [code for code in form[name] or () if code not in offered]
    st.multiselect(
        label(form.context.texts, name),
        [*offered, *gone],
        key=form.key(name),
        format_func=lambda code: kpi_named(code, known.kpis),
        on_change=form.keep,
    )


def _number(form: DraftedForm, name: str, low: int, high: int) -> None:
    st.number_input(
        label(form.context.texts, name),
        min_value=low,
        max_value=high,
        step=1,
        key=form.key(name),
        on_change=form.keep,
    )


def _rule(form: DraftedForm) -> Rule:
    """The rule that was chosen; what its kind does not need is left at its default."""
    kind = RuleKind(form["kind"])
    if kind is RuleKind.AT_LEAST:
        return Rule(kind=kind, least=int(form["least"] or 0))
    if kind is RuleKind.SHARE:
        return Rule(kind=kind, share=int(form["share"] or 0) / HUNDRED)
    keys = tuple(form["keys"] or ()) if kind is RuleKind.KEY else ()
    return Rule(kind=kind, keys=keys, gaps=int(form["gaps"] or 0))


def _kept(context: PageContext, draft: Kept[Edition], form: DraftedForm) -> str:
    wanted = StrategyObjective(
        code=str(form["code"]).strip(),
        names=words_of(form, "names"),
        description=words_of(form, "description"),
        perspective=form["perspective"] or "",
        challenge=int(form["challenge"]),
        owner=form["owner"] or "",
        first_day=form["first_day"],
        last_day=form["last_day"],
        position=int(form["position"] or 0),
        kpis=tuple(form["kpis"] or ()),
        rule=_rule(form),
    )
    keep_objective(
        context.workspace, by=context.actor, code=draft.id, version=form.version, objective=wanted
    )
    return wanted.code


def _drop(context: PageContext, draft: Kept[Edition], code: str) -> None:
    texts = context.texts
    if st.button(texts.text("strategy.remove", part=code), key="strategy.objective.drop"):

        def drop() -> None:
            drop_objective(
                context.workspace,
                by=context.actor,
                code=draft.id,
                version=draft.version,
                objective=code,
            )

        act(texts, drop, "strategy.removed", part=code)
