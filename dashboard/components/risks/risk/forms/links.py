"""The controls and indicators of a risk: linked, and linked no longer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.components.drafted import DraftedForm
from dashboard.components.risks.risk.acting import ActForm
from dashboard.components.risks.risk.forms import writing
from dashboard.components.risks.risk.known import Known
from data.access.permissions import Permission
from data.errors import Invalid
from risks.controls.actions import link_control, unlink_control
from risks.controls.reading import read_controls
from risks.indicators.actions import link_indicator, unlink_indicator
from risks.indicators.reading import indicators_of, read_indicators
from risks.register.kinds import Effect, Side
from risks.register.record import Risk

LINK, UNLINK = "link", "unlink"
Options = Mapping[str, str]


def _free_controls(known: Known) -> dict[str, str]:
    context = known.context
    with context.workspace.read(context.actor, Permission.RISK_VIEW) as reader:
        found = read_controls(reader)
    return {one.code: f"{one.code} {one.title}" for one in found if one.is_in_use}


def _linked_controls(known: Known) -> dict[str, str]:
    """The links that stand, by their ids."""
    named = {}
    for link in known.risk.control_links:
        control = known.controls.get(link.control_id)
        title = f"{control.code} {control.title}" if control else link.control_id
        named[link.id] = f"{title} · {known.texts.word(link.side)}"
    return named


def _free_indicators(known: Known) -> dict[str, str]:
    linked = {link.indicator_id for link in known.risk.indicator_links}
    context = known.context
    with context.workspace.read(context.actor, Permission.RISK_VIEW) as reader:
        found = [one.indicator for one in read_indicators(reader)]
    return {one.code: f"{one.code} {one.title}" for one in found if one.id not in linked}


def _linked_indicators(known: Known) -> dict[str, str]:
    context = known.context
    with context.workspace.read(context.actor, Permission.RISK_VIEW) as reader:
        found = indicators_of(reader, known.risk)
    return {link.id: f"{view.indicator.code} {view.indicator.title}" for link, view in found}


def _deed(known: Known, form: DraftedForm, linked: Options) -> bool:
    """Whether something is to be linked; to end a link there has to be one."""
    deeds = (LINK, UNLINK) if linked else (LINK,)
    writing.pick(form, "deed", {one: known.texts.text(f"risk_page.deed.{one}") for one in deeds})
    return bool(form["deed"] == LINK)


def _draw_controls(known: Known, form: DraftedForm, _variant: str) -> None:
    linked = _linked_controls(known)
    if _deed(known, form, linked):
        writing.one_of(form, "control", _free_controls(known))
        writing.pick(form, "side", {one.value: known.texts.word(one) for one in Side})
    else:
        writing.one_of(form, "linked", linked)
    _why(known, form)


def _draw_indicators(known: Known, form: DraftedForm, _variant: str) -> None:
    linked = _linked_indicators(known)
    if _deed(known, form, linked):
        effects = {one.value: known.texts.text(f"risk_page.effect.{one.value}") for one in Effect}
        writing.one_of(form, "indicator", _free_indicators(known))
        writing.pick(form, "effect", effects)
    else:
        writing.one_of(form, "linked", linked)
    _why(known, form)


def _why(known: Known, form: DraftedForm) -> None:
    """The reason: of whoever works on somebody else's risk, and of the end of a link."""
    if known.needs_reason or form["deed"] == UNLINK:
        writing.text(form, "why", rows=2)


def _sent(known: Known, form: DraftedForm, version: int, name: str) -> dict[str, Any]:
    """What every one of the four actions takes; nothing chosen is Invalid."""
    if form[name] is None:
        raise Invalid("risk_page.refused.nothing_chosen")
    return {
        "by": known.context.actor,
        "code": known.risk.code,
        "version": version,
        "reason": form["why"] or "",
    }


def _send_controls(known: Known, form: DraftedForm, _variant: str, version: int) -> Risk:
    workspace = known.context.workspace
    if form["deed"] == LINK:
        said = _sent(known, form, version, "control")
        return link_control(workspace, control=form["control"], side=Side(form["side"]), **said)
    return unlink_control(
        workspace, link_id=form["linked"], **_sent(known, form, version, "linked")
    )


def _send_indicators(known: Known, form: DraftedForm, _variant: str, version: int) -> Risk:
    workspace = known.context.workspace
    if form["deed"] == LINK:
        said = _sent(known, form, version, "indicator")
        effect = Effect(form["effect"])
        return link_indicator(workspace, indicator=form["indicator"], effect=effect, **said)
    return unlink_indicator(
        workspace, link_id=form["linked"], **_sent(known, form, version, "linked")
    )


CONTROLS = ActForm(
    given=lambda *_: {
        "deed": LINK,
        "control": None,
        "side": Side.CAUSE.value,
        "linked": None,
        "why": "",
    },
    draw=_draw_controls,
    send=_send_controls,
)
INDICATORS = ActForm(
    given=lambda *_: {
        "deed": LINK,
        "indicator": None,
        "effect": Effect.REVIEW.value,
        "linked": None,
        "why": "",
    },
    draw=_draw_indicators,
    send=_send_indicators,
)
