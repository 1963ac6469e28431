"""People: who may come in, with which roles, and where."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

import streamlit as st

from dashboard import session
from dashboard.components.forms import confirm
from dashboard.components.messages import plain
from dashboard.components.tables import moment_short, table
from dashboard.context import PageContext
from data.access.passwords import MAX_LENGTH, MIN_LENGTH
from data.access.permissions import Permission
from data.access.roles import Role
from data.language.languages import Language, LocalText
from data.people import (
    HeldRole,
    PersonView,
    add_person,
    disable_person,
    enable_person,
    end_role,
    grant_role,
    list_people,
    list_units,
    reset_password,
)
from data.store.tables import OrgUnit


def draw(context: PageContext) -> None:
    """Everybody in one table; below it, for administrators, what can be changed."""
    people = list_people(context.workspace, by=context.actor)
    active = sum(person.active for person in people)
    st.markdown(context.texts.text("people.sentence", active=active, all=len(people)))
    _everybody(context, people)
    if context.may(Permission.PEOPLE_MANAGE):
        units = {unit.code: unit for unit in list_units(context.workspace, by=context.actor)}
        change, add = st.tabs(
            [context.texts.text("people.change"), context.texts.text("people.add")]
        )
        with change:
            _change(context, people, units)
        with add:
            _add(context, units)


def _everybody(context: PageContext, people: Sequence[PersonView]) -> None:
    texts = context.texts
    table(
        {
            texts.text("people.name"): [person.name for person in people],
            texts.text("access.email"): [person.email for person in people],
            texts.text("people.roles"): [
                "; ".join(_role(context, held) for held in person.roles) for person in people
            ],
            texts.text("people.status"): [_status(context, person) for person in people],
            texts.text("people.last_seen"): [
                moment_short(texts, person.last_seen_at) for person in people
            ],
        }
    )


def _status(context: PageContext, person: PersonView) -> str:
    if not person.active:
        return context.texts.text("people.shut_out")
    if person.locked_until and person.locked_until > datetime.now(UTC):
        return context.texts.text("people.locked", until=person.locked_until)
    return context.texts.text("people.active")


def _role(context: PageContext, held: HeldRole) -> str:
    return f"{context.texts.word(held.role)} · {_unit(context, held.unit)}"


def _unit(context: PageContext, unit: OrgUnit) -> str:
    return LocalText.name_of(unit).within(context.language)


def _change(context: PageContext, people: Sequence[PersonView], units: dict[str, OrgUnit]) -> None:
    others = {person.id: person for person in people if person.id != context.actor.person_id}
    chosen = st.selectbox(
        context.texts.text("people.whom"),
        list(others),
        index=None,
        format_func=lambda one: f"{others[one].name} ({others[one].email})",
        placeholder=context.texts.text("people.choose"),
        key="people.whom",
    )
    if chosen is None:
        st.caption(context.texts.text("people.not_oneself"))
        return
    person = others[chosen]
    roles, access = st.columns(2, gap="large")
    with roles:
        _roles(context, person, units)
    with access:
        _access(context, person)


def _roles(context: PageContext, person: PersonView, units: dict[str, OrgUnit]) -> None:
    """The roles he holds, each with its end; a form for one more."""
    texts = context.texts
    st.subheader(texts.text("people.roles"), anchor=False)
    for held in person.roles:
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            with st.container(gap=None):
                st.markdown(f"**{plain(_role(context, held))}**")
                st.caption(
                    plain(texts.text("people.given", by=held.granted_by, at=held.granted_at))
                )
            if held.unit.code in units and st.button(
                texts.text("people.end_role"), key=f"people.end.{held.grant_id}"
            ):
                _confirm_end(context, person, held)
    if not person.roles:
        st.caption(texts.text("people.no_roles"))
    with st.form(f"people.grant.{person.id}", clear_on_submit=True, border=False):
        role, unit = _role_and_unit(context, units, "grant")
        if st.form_submit_button(texts.text("people.give_role")) and role and unit:
            grant_role(
                context.workspace,
                by=context.actor,
                person_id=person.id,
                role=role,
                unit_code=unit,
            )
            session.say_next("people.role_given")
            st.rerun()


def _role_and_unit(
    context: PageContext, units: dict[str, OrgUnit], name: str
) -> tuple[Role | None, str | None]:
    texts = context.texts
    role = st.selectbox(
        texts.text("people.role"), list(Role), format_func=texts.word, key=f"people.{name}.role"
    )
    unit = st.selectbox(
        texts.text("people.unit"),
        list(units),
        format_func=lambda code: _unit(context, units[code]),
        key=f"people.{name}.unit",
    )
    return role, unit


def _confirm_end(context: PageContext, person: PersonView, held: HeldRole) -> None:
    texts, role = context.texts, _role(context, held)
    confirm(
        texts,
        title=texts.text("people.end_role_title"),
        consequences=[
            texts.text("people.end_role_will", person=person.name, role=role),
            texts.text("people.stays_on_record"),
        ],
        action=texts.text("people.end_role"),
        act=partial(end_role, context.workspace, by=context.actor, grant_id=held.grant_id),
        done="people.role_ended",
    )


def _access(context: PageContext, person: PersonView) -> None:
    """Shutting out or letting in again, and a new password."""
    texts = context.texts
    st.subheader(texts.text("people.access"), anchor=False)
    st.markdown(plain(_status(context, person)))
    with st.container(horizontal=True):
        if person.active and st.button(texts.text("people.shut_out_do"), key="people.disable"):
            _confirm_disable(context, person)
        locked = person.locked_until is not None and person.locked_until > datetime.now(UTC)
        if (not person.active or locked) and st.button(
            texts.text("people.let_in_do"), key="people.enable"
        ):
            enable_person(
                context.workspace,
                by=context.actor,
                person_id=person.id,
                version=person.row_version,
            )
            session.say_next("people.let_in")
            st.rerun()
        if st.button(texts.text("people.new_password"), key="people.password"):
            _new_password(context, person)


def _confirm_disable(context: PageContext, person: PersonView) -> None:
    texts = context.texts
    held = ", ".join(_role(context, one) for one in person.roles) or texts.text("people.no_roles")
    confirm(
        texts,
        title=texts.text("people.shut_out_title", person=person.name),
        consequences=[
            texts.text("people.shut_out_will", person=person.name),
            texts.text("people.shut_out_roles", roles=held),
            texts.text("people.stays_on_record"),
        ],
        action=texts.text("people.shut_out_do"),
        act=partial(
            disable_person,
            context.workspace,
            by=context.actor,
            person_id=person.id,
            version=person.row_version,
        ),
        done="people.was_shut_out",
    )


def _new_password(context: PageContext, person: PersonView) -> None:
    texts = context.texts

    @st.dialog(texts.text("people.new_password_title", person=person.name))
    def dialog() -> None:
        st.markdown(texts.text("people.new_password_will"))
        new = st.text_input(
            texts.text("access.new_password"),
            type="password",
            max_chars=MAX_LENGTH,
            help=texts.text("access.password_rule", shortest=MIN_LENGTH),
            key="people.password.new",
        )
        if st.button(texts.text("people.new_password"), type="primary", key="people.password.set"):
            reset_password(
                context.workspace,
                by=context.actor,
                person_id=person.id,
                version=person.row_version,
                new=new,
            )
            session.say_next("people.password_set")
            st.rerun()

    dialog()


def _add(context: PageContext, units: dict[str, OrgUnit]) -> None:
    """A new person with a first role."""
    texts = context.texts
    with st.form("people.add", border=False, enter_to_submit=False):
        left, right = st.columns(2, gap="large")
        with left:
            name = st.text_input(texts.text("people.name"), key="people.add.name")
            email = st.text_input(texts.text("access.email"), key="people.add.email")
            password = st.text_input(
                texts.text("access.first_password"),
                type="password",
                max_chars=MAX_LENGTH,
                help=texts.text("access.password_rule", shortest=MIN_LENGTH),
                key="people.add.password",
            )
        with right:
            role, unit = _role_and_unit(context, units, "add")
            language = st.selectbox(
                texts.text("shell.language"),
                list(Language),
                index=list(Language).index(context.language),
                format_func=texts.word,
                key="people.add.language",
            )
        added = st.form_submit_button(texts.text("people.add"), type="primary")
        if added and role and unit and language:
            add_person(
                context.workspace,
                by=context.actor,
                email=email,
                name=name,
                language=language.value,
                password=password,
                role=role,
                unit_code=unit,
            )
            session.say_next("people.added", person=name)
            st.rerun()
