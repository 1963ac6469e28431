"""What is said beside readings of offices: what each stands for, since when, and who closed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

import streamlit as st

from dashboard.components.messages import plain
from dashboard.context import Link, PageContext
from data.access.actor import Actor
from data.agency.offices import OfficeView, read_offices, successor_of
from data.language.languages import LocalText
from data.language.texts import Texts
from data.store.tables import Office
from data.workspace import Workspace

Moved = tuple[Office, Office]  # an office, and the one at which its cases count


def on_todays_network(workspace: Workspace, by: Actor, link: Link) -> tuple[Link, Moved | None]:
    """The link with the successor of an office that was merged, and what was replaced."""
    if link.office is None:
        return link, None
    moved = successor_of(workspace, by=by, code=link.office)
    return (replace(link, office=moved[1].code), moved) if moved else (link, None)


def say_moved(texts: Texts, moved: Moved) -> None:
    """That the office asked for was merged, and which one is shown in its stead."""
    office, into = (LocalText.name_of(one).within(texts.language) for one in moved)
    values = {"office": office, "into": into, "day": moved[0].closed}
    st.info(plain(texts.text("reference.moved", **values)), icon=":material/merge:")


def of_offices(context: PageContext, members: Collection[str]) -> None:
    """Below a breakdown by office: who stands for whom, and who bore another name then."""
    views = read_offices(context.workspace, by=context.actor)
    lines = [
        line for view in views if view.code in members for line in _lines(context, view, members)
    ]
    if lines:
        st.caption("  \n".join(map(plain, lines)))


def of_office(context: PageContext) -> None:
    """The same of the one office looked at, and when it opened or closed."""
    for view in read_offices(context.workspace, by=context.actor):
        if view.code == context.office:
            lines = [*_lines(context, view, ()), *_life(context, view)]
            if lines:
                st.caption("  \n".join(map(plain, lines)))


def _lines(context: PageContext, view: OfficeView, members: Collection[str]) -> Iterator[str]:
    """One that is still told by itself is not yet counted elsewhere."""
    texts = context.texts
    for merged in view.stands_for:
        if merged.code not in members:
            values = {"office": _name(texts, view.office), "merged": _name(texts, merged)}
            yield texts.text("reference.includes", code=merged.code, day=merged.closed, **values)
    former = view.names_until(context.period.last_day)
    if former:
        names, day = former
        then = LocalText(**names).within(texts.language)
        yield texts.text(
            "reference.named_then", office=_name(texts, view.office), name=then, day=day
        )


def _life(context: PageContext, view: OfficeView) -> Iterator[str]:
    texts, office = context.texts, view.office
    if office.closed is not None:
        key = "reference.closed_on" if office.closed <= context.today else "reference.closes_on"
        yield texts.text(key, office=_name(texts, office), day=office.closed)
    if office.opened is not None and office.opened > context.period.start:
        yield texts.text("reference.opened_on", office=_name(texts, office), day=office.opened)


def _name(texts: Texts, office: Office) -> str:
    return LocalText.name_of(office).within(texts.language)


def network_of(
    workspace: Workspace, by: Actor, successors: Mapping[str, str], offices: Collection[str]
) -> dict[str, list[dict[str, str | None]]]:
    """Of the offices told about: those each stands for, with the day of the merger."""
    known = {view.code: view.office for view in read_offices(workspace, by=by)}
    found: dict[str, list[dict[str, str | None]]] = {}
    for merged, into in successors.items():
        if into in offices:
            day = known[merged].closed if merged in known else None
            told = {"office": merged, "merged_on": day.isoformat() if day else None}
            found.setdefault(into, []).append(told)
    return found
