"""The map of the strategy on the page, and the same as a list for narrow screens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.charts.canvas import CONFIG, Heading
from dashboard.charts.strategy_map import MapLink, MapObjective, StrategyMapView, strategy_map
from dashboard.charts.tokens import palette
from dashboard.components.kpis import verdicts
from dashboard.components.messages import empty, plain
from dashboard.components.strategy.known import Known
from dashboard.components.strategy.words import (
    OBJECTIVE,
    link_named,
    named,
    objective_link,
    owner_named,
    rule_in_words,
    why_in_words,
)
from dashboard.context import PageContext
from kpis.assessment import StatusKind
from kpis.strategy import Edition, ObjectiveView, Strategy
from kpis.strategy.status import BEHIND

CHART, CLICKS = "strategy.map", "strategy.clicks"
WIDE = 90  # characters a title line may have


def draw(context: PageContext, known: Known) -> None:
    """The answer in a sentence, the vision, the map, the list."""
    strategy = known.strategy
    if strategy is None:
        empty(context.texts, "strategy.empty", "strategy.empty_do")
        return
    st.markdown(f"**{plain(answer(known, strategy))}**")
    head(known, strategy.edition)
    with st.container(key="strategy-map"):
        _chart(context, known, strategy)
        st.caption(plain(context.texts.text("strategy.map_help")))
    _list(context, known, strategy)
    _links(known, strategy.edition)


def answer(known: Known, strategy: Strategy) -> str:
    """How many are met, how many behind, of how many nothing can be said."""
    kinds = [one.status.kind for one in strategy.objectives.values()]
    met = kinds.count(StatusKind.MET)
    behind = sum(kind in BEHIND for kind in kinds)
    return known.texts.text(
        "strategy.answer",
        count=len(kinds),
        met=met,
        behind=behind,
        unknown=len(kinds) - met - behind,
        period=strategy.period,
    )


def head(known: Known, edition: Edition) -> None:
    """Its vision, its years, who adopted it, and whether its words are an assumption."""
    texts = known.texts
    st.markdown(plain(named(texts, edition.vision)))
    st.caption(plain(" · ".join(facts(known, edition))))
    if edition.assumption:
        st.caption(f":material/help: {plain(texts.text('strategy.assumed'))}")


def facts(known: Known, edition: Edition) -> list[str]:
    """Name, years and state; by whom and when it was adopted."""
    texts = known.texts
    said = [
        texts.text(
            "strategy.frame",
            name=named(texts, edition.names),
            first=texts.day_short(edition.first_day),
            last=texts.day_short(edition.last_day),
            state=edition.state,
        )
    ]
    if edition.adopted_at is not None and edition.adopted_by:
        day = texts.day_short(edition.adopted_at.astimezone(texts.zone).date())
        person = known.people.get(edition.adopted_by, edition.adopted_by)
        said.append(texts.text("strategy.adopted", person=person, day=day))
    return said


def view_of(known: Known, strategy: Strategy) -> StrategyMapView:
    """What the map shows, in the reader's words."""
    texts, edition = known.texts, strategy.edition
    lanes = tuple(
        (
            named(texts, lane.names),
            tuple(
                _shown(known, strategy.objectives[one.code]) for one in edition.within(lane.code)
            ),
        )
        for lane in edition.perspectives
    )
    links = tuple(
        MapLink(
            one.cause, one.effect, tuple(filter(None, (link_named(texts, one, edition), one.note)))
        )
        for one in edition.links
    )
    told = (f"{one.code} {one.name}: {one.status}." for _, some in lanes for one in some)
    arrows = ", ".join(f"{one.cause} → {one.effect}" for one in edition.links)
    alt = texts.text(
        "strategy.map_alt",
        objectives=" ".join(told),
        links=arrows or texts.text("strategy.nothing"),
    )
    subtitle = texts.text("strategy.map_subtitle", period=strategy.period)
    heading = Heading(texts.text("strategy.map_title"), subtitle, line=WIDE)
    return StrategyMapView(heading, lanes, links, alt)


def clicked(selection: Mapping[str, Any]) -> str | None:
    """The objective of the first point selected on the map."""
    for point in selection.get("points", ()):
        said = point.get("customdata")
        if isinstance(said, Sequence) and said:
            return str(said[0])
    return None


def _shown(known: Known, one: ObjectiveView) -> MapObjective:
    texts, objective = known.texts, one.objective
    name = named(texts, objective.names)
    hover = (
        f"{objective.code} {name}",
        texts.word(one.status.kind),
        why_in_words(texts, one.status),
        owner_named(texts, objective, known.people),
    )
    status = texts.word(one.status.kind)
    return MapObjective(objective.code, name, one.status.kind, status, hover)


def _chart(context: PageContext, known: Known, strategy: Strategy) -> None:
    """The map; whoever clicks an objective is led to it."""
    view = view_of(known, strategy)
    # A new key after each click, so that coming back to the map does not lead away again.
    clicks = st.session_state.get(CLICKS, 0)
    chosen = st.plotly_chart(
        strategy_map(view, palette(st.context.theme.type)),
        theme=None,
        config=CONFIG,
        key=f"{CHART}.{clicks}",
        on_select="rerun",
        selection_mode="points",
        alt=view.alt,
    )
    code = clicked(chosen["selection"])
    if code in strategy.objectives and OBJECTIVE in context.places:
        st.session_state[CLICKS] = clicks + 1
        link = context.link_with(objective=code, part=None)
        st.switch_page(context.places[OBJECTIVE], query_params=link.parameters())


def _list(context: PageContext, known: Known, strategy: Strategy) -> None:
    """Every objective under its perspective: status, why, rule, owner; each a link."""
    texts = context.texts
    st.subheader(texts.text("strategy.list"), anchor=False)
    for lane in strategy.edition.perspectives:
        st.markdown(f"**{plain(named(texts, lane.names))}**")
        for objective in strategy.edition.within(lane.code):
            one = strategy.objectives[objective.code]
            with st.container(border=True, gap="xsmall", key=f"objective-{objective.code}"):
                objective_link(context, objective)
                why = plain(why_in_words(texts, one.status))
                st.markdown(f"{verdicts.status(texts, one.status.kind)} · {why}")
                until = texts.text("strategy.until", day=texts.day_short(objective.last_day))
                rule = rule_in_words(texts, objective.rule, known.kpis)
                owner = owner_named(texts, objective, known.people)
                st.caption(plain(f"{owner} · {until} · {rule}"))


def _links(known: Known, edition: Edition) -> None:
    """The arrows as text, with the reason somebody gave."""
    if not edition.links:
        return
    with st.expander(known.texts.text("strategy.links"), icon=":material/notes:"):
        for link in edition.links:
            note = f": {link.note}" if link.note else ""
            st.markdown(f"- {plain(link_named(known.texts, link, edition) + note)}")
