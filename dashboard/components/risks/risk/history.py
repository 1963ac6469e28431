"""Everything ever done with a risk: when, by whom, why, and field by field what changed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import streamlit as st

from dashboard.components.extracts.names import text_or
from dashboard.components.messages import plain
from dashboard.components.risks.risk.changes import Titles, changes
from dashboard.components.risks.risk.known import Known
from dashboard.components.tables import moment_short
from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.period import Period
from data.workspace import Reader
from risks.controls.reading import read_controls
from risks.indicators.reading import read_indicators
from risks.register.reading import Past, read_past

AT_ONCE = 20  # changes shown before one asks for more
NEWLINE = "  \n"


def draw(known: Known) -> None:
    """The newest change first, each with before and after."""
    context = known.context
    with context.workspace.read(context.actor, Permission.RISK_VIEW) as reader:
        past, titles = read_past(reader, known.risk), _titles(reader)
    pairs = list(zip(chain([None], past), past, strict=False))[::-1]
    shown = _shown(known, len(pairs))
    for before, after in pairs[:shown]:
        with st.container(border=True, gap="xsmall"):
            _change(known, before, after, titles)
    if shown < len(pairs):
        st.button(
            known.texts.text("risk_page.history_more", count=len(pairs) - shown),
            key="risk.history.more",
            on_click=_show_all,
            args=(known.risk.code,),
        )


def _shown(known: Known, count: int) -> int:
    everything = st.session_state.get("risk.history.all") == known.risk.code
    return count if everything else min(count, AT_ONCE)


def _show_all(code: str) -> None:
    st.session_state["risk.history.all"] = code


def _titles(reader: Reader) -> dict[str, str]:
    """What controls and indicators are called, those of earlier days too."""
    watching = (*read_indicators(reader), *read_indicators(reader, retired=True))
    found = {one.id: f"{one.code} {one.title}" for one in read_controls(reader)}
    return found | {
        one.indicator.id: f"{one.indicator.code} {one.indicator.title}" for one in watching
    }


def _change(known: Known, before: Past | None, after: Past, titles: Titles) -> None:
    """What kind of change, by whom and when, why; then the fields."""
    texts = known.texts
    by_system = after.actor == SYSTEM.email
    sign = ":material/settings: " if by_system else ""
    st.markdown(f"{sign}**{plain(texts.text(f'audit_tag.{after.tag}'))}**")
    who = known.person(after.actor)
    st.caption(plain(f"{moment_short(texts, after.at)} · {who} · №{after.version}"))
    why = cause(known, after)
    if why:
        st.markdown(plain(texts.text("risk_page.because", reason=why)))
    found = changes(known, before.document if before else {}, after.document, titles)
    if found:
        st.markdown("\n".join(_line(one) for one in found))


def _line(one: Sequence[str]) -> str:
    """'- Title: before → after'; what is new has no before."""
    name, old, new = (plain(part) for part in one)
    return f"- {name}: {old} → **{new}**" if old else f"- {name}: **{new}**"


def cause(known: Known, after: Past) -> str:
    """The reason somebody gave, or the cause the system names, in the reader's words."""
    said = dict(after.cause or {})
    if "reason" in said:
        return str(said["reason"])
    if said.get("period"):
        said["period"] = Period.parse(said["period"])
    told = text_or(known.texts, str(said.pop("key", "")), "", **said)
    named = [str(said[name]) for name in ("incident", "control") if said.get(name)]
    return " · ".join([told, *(one for one in named if one not in told)])
