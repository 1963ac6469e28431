"""The forms in which is entered what becomes of a service."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from functools import partial

import streamlit as st

from dashboard.components.reference import draft, fields
from dashboard.components.reference.draft import Edit
from dashboard.context import PageContext
from data.agency.services import (
    add_service,
    move_service,
    reinstate_service,
    rename_service,
    retire_service,
)
from data.agency.services.codes import LONGEST_CODE
from data.language.languages import LocalText
from data.store.tables import Service

PART = "services"
Services = Mapping[str, Service]


class ServiceDeed(StrEnum):
    """What can be entered."""

    ADD = "add"
    RENAME = "rename"
    MOVE = "move"
    RETIRE = "retire"
    REINSTATE = "reinstate"


def draw(context: PageContext, rows: Sequence[Service]) -> None:
    """Choose what becomes of a service, say it, and see it before it is."""
    texts = context.texts
    st.subheader(texts.text("reference.enter"), anchor=False)
    deed = st.segmented_control(
        texts.text("reference.what"),
        list(ServiceDeed),
        default=ServiceDeed.ADD,
        required=True,
        format_func=texts.word,
        label_visibility="collapsed",
        key="reference.services.deed",
    )
    forms: Mapping[ServiceDeed, Callable[[PageContext, Services], Edit | None]] = {
        ServiceDeed.ADD: _add,
        ServiceDeed.RENAME: _rename,
        ServiceDeed.MOVE: _move,
        ServiceDeed.RETIRE: _retire,
        ServiceDeed.REINSTATE: _reinstate,
    }
    chosen = deed or ServiceDeed.ADD
    with st.form(f"reference.services.{chosen}", enter_to_submit=False):
        edit = forms[chosen](context, {row.code: row for row in rows})
        if st.form_submit_button(texts.text("reference.preview")):
            if edit is None:
                st.warning(texts.text("reference.incomplete"), icon=":material/info:")
            else:
                draft.propose(context, edit)


def _add(context: PageContext, _services: Services) -> Edit | None:
    texts, key = context.texts, _key(ServiceDeed.ADD)
    code = st.text_input(
        texts.text("reference.head.code"),
        max_chars=LONGEST_CODE,
        help=texts.text("reference.services.code_help", most=LONGEST_CODE),
        key=f"{key}.code",
        width=240,
    ).strip()
    names = fields.names(texts, key)
    grounds = fields.grounds(texts, key)
    if not code:
        return None
    act = partial(add_service, by=context.actor, code=code, names=names, grounds=grounds)
    values = {"service": LocalText(**names).within(context.language), "code": code}
    return Edit(PART, "reference.will.add_service", values, act, measured=False)


def _rename(context: PageContext, services: Services) -> Edit | None:
    key = _key(ServiceDeed.RENAME)
    row = _one(context, list(services.values()), key)
    names = fields.names(context.texts, key)
    grounds = fields.grounds(context.texts, key)
    if row is None:
        return None
    act = partial(
        rename_service, by=context.actor, code=row.code, version=row.row_version, names=names,
        grounds=grounds,
    )  # fmt: skip
    new = LocalText(**names).within(context.language)
    values = {"service": _name(context, row), "name": new}
    return Edit(PART, "reference.will.rename_service", values, act, measured=False)


def _move(context: PageContext, services: Services) -> Edit | None:
    texts, key = context.texts, _key(ServiceDeed.MOVE)
    which, where = st.columns(2)
    with which:
        row = _one(context, list(services.values()), key)
    with where:
        place = st.number_input(
            texts.text("reference.head.position"), min_value=1, max_value=max(len(services), 1),
            value=None, key=f"{key}.place",
        )  # fmt: skip
    grounds = fields.grounds(texts, key)
    if row is None or place is None:
        return None
    act = partial(
        move_service, by=context.actor, code=row.code, version=row.row_version, place=int(place),
        grounds=grounds,
    )  # fmt: skip
    values = {"service": _name(context, row), "place": int(place)}
    return Edit(PART, "reference.will.move_service", values, act, measured=False)


def _retire(context: PageContext, services: Services) -> Edit | None:
    listed = [row for row in services.values() if row.active]
    return _set_active(context, listed, ServiceDeed.RETIRE, retire_service)


def _reinstate(context: PageContext, services: Services) -> Edit | None:
    listed = [row for row in services.values() if not row.active]
    return _set_active(context, listed, ServiceDeed.REINSTATE, reinstate_service)


def _set_active(
    context: PageContext, listed: Sequence[Service], deed: ServiceDeed, do: Callable[..., None]
) -> Edit | None:
    row = _one(context, listed, _key(deed))
    grounds = fields.grounds(context.texts, _key(deed))
    if row is None:
        return None
    act = partial(do, by=context.actor, code=row.code, version=row.row_version, grounds=grounds)
    values = {"service": _name(context, row)}
    return Edit(PART, f"reference.will.{deed}_service", values, act, measured=False)


def _one(context: PageContext, listed: Sequence[Service], key: str) -> Service | None:
    known = {row.code: row for row in listed}
    code = st.selectbox(
        context.texts.text("shell.service"),
        list(known),
        index=None,
        format_func=lambda one: f"{_name(context, known[one])} ({one})",
        placeholder=context.texts.text("reference.choose"),
        key=f"{key}.code",
    )
    return known[code] if code else None


def _key(deed: ServiceDeed) -> str:
    return f"reference.services.{deed}"


def _name(context: PageContext, row: Service) -> str:
    return LocalText.name_of(row).within(context.language)
