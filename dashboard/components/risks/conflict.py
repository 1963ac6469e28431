"""Two people changed one risk: what was seen, what stands now and what one wrote, side by side.

Nothing is lost on either side: field by field the person takes the others' or keeps his own, and
sends that with the version he has now seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import streamlit as st

from dashboard.components.drafted import DraftedForm
from dashboard.components.messages import plain
from dashboard.components.tables import moment_short
from data.access.permissions import Permission
from data.codec import build
from data.language.texts import Texts
from data.records import differences
from risks.register.reading import Past, read_past
from risks.register.record import Risk

MINE, THEIRS = "mine", "theirs"
NEWLINE = "  \n"
# Changed by every change of a risk, so that they say nothing of this one.
_ALWAYS = frozenset({"row_version", "updated_at", "updated_by"})


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form about a risk: what it is called, and a value of it in words."""

    name: str
    label: str
    show: Callable[[Any], str] = str


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that others changed meanwhile, and to something else than the person wrote."""

    field: Field
    seen: Any
    now: Any
    mine: Any
    by: Past  # the change that left it as it stands now

    @property
    def is_mine_untouched(self) -> bool:
        """Whether the person left the field as he saw it."""
        return bool(self.mine == self.seen)


Standing = Callable[[Risk], Mapping[str, Any]]  # what the fields of a form hold of a risk


def is_behind(form: DraftedForm, risk: Risk) -> bool:
    """Whether others changed the risk since the person began to write."""
    return form.saved_at is not None and form.version < risk.row_version


def clashes(
    form_values: Mapping[str, Any],
    past: Sequence[Past],
    version: int,
    fields: Sequence[Field],
    standing: Standing,
) -> list[Clash]:
    """The fields in which the two differ; `past` are all changes of the risk, oldest first."""
    known = [one for one in past if one.document["row_version"] >= version]
    told = [(one, standing(build(Risk, one.document))) for one in known]
    seen = next((said for one, said in told if one.document["row_version"] == version), {})
    later = [(one, said) for one, said in told if one.document["row_version"] > version]
    found = []
    for field in fields:
        mine, stands, by = form_values.get(field.name), seen.get(field.name), None
        for one, said in later:
            if said.get(field.name) != stands:
                stands, by = said.get(field.name), one
        changed = by is not None and stands != seen.get(field.name)
        if changed and by is not None and mine != stands:
            found.append(Clash(field, seen.get(field.name), stands, mine, by))
    return found


def changed_meanwhile(past: Sequence[Past], version: int) -> list[tuple[Past, list[str]]]:
    """The changes since the version that was seen, each with the parts of the record it changed."""
    found = []
    for before, after in pairwise(past):
        if after.document["row_version"] > version:
            names = differences(before.document, after.document)[1]
            found.append((after, [name for name in names if name not in _ALWAYS]))
    return found


def merge(
    form: DraftedForm,
    risk: Risk,
    fields: Sequence[Field],
    standing: Standing,
    send: Callable[[int], None],
    person: Callable[[str], str],
) -> None:
    """Draw both sides and the choice; `send` notes that the form is to be sent with a version."""
    context, texts = form.context, form.context.texts
    with context.workspace.read(context.actor, Permission.RISK_VIEW) as reader:
        past = read_past(reader, risk)
    found = clashes(form.values, past, form.version, fields, standing)
    with st.container(border=True, key=f"conflict-{form.form}-{form.subject}".replace(".", "-")):
        st.markdown(f":material/sync_problem: **{plain(texts.text('conflict.title'))}**")
        _others(texts, changed_meanwhile(past, form.version), person)
        if not found:
            st.caption(plain(texts.text("conflict.elsewhere")))
        choices = {one.field.name: _choice(texts, form, one, person) for one in found}
        theirs = {name: one for name, one in choices.items() if one == THEIRS}
        kept = {one.field.name: one.now for one in found if one.field.name in theirs}
        _buttons(form, risk, kept, send)


def _others(
    texts: Texts, changes: Sequence[tuple[Past, list[str]]], person: Callable[[str], str]
) -> None:
    """Who did what meanwhile, in the words of the trail."""
    for past, _names in changes:
        who, at = person(past.actor), moment_short(texts, past.at)
        st.markdown(f"- {plain(f'{at} · {who}: ' + texts.text(f'audit_tag.{past.tag}'))}")


def _choice(texts: Texts, form: DraftedForm, one: Clash, person: Callable[[str], str]) -> str:
    """Three columns with what is different, and below them which of the two is to stand."""
    st.markdown(f"**{plain(one.field.label)}**")
    who = texts.text("conflict.now", person=person(one.by.actor), at=moment_short(texts, one.by.at))
    columns = st.columns(3)
    shown = ((texts.text("conflict.seen"), one.seen), (who, one.now))
    for column, (head, value) in zip(
        columns, (*shown, (texts.text("conflict.mine"), one.mine)), strict=True
    ):
        with column:
            st.caption(plain(head))
            shown_value = plain(one.field.show(value)) or plain(texts.value(None))
            st.markdown(shown_value.replace("\n", NEWLINE))
    return st.radio(
        texts.text("conflict.which", field=one.field.label),
        [MINE, THEIRS],
        index=1 if one.is_mine_untouched else 0,
        format_func=lambda side: texts.text(f"conflict.take_{side}"),
        key=f"{form.form}.{form.subject}.{one.field.name}|side",
        horizontal=True,
    )


def _buttons(
    form: DraftedForm, risk: Risk, theirs: Mapping[str, Any], send: Callable[[int], None]
) -> None:
    texts, version = form.context.texts, risk.row_version

    def go_on() -> None:
        form.rebase(version, theirs)

    def send_on() -> None:
        form.rebase(version, theirs)
        send(version)

    with st.container(horizontal=True):
        st.button(
            texts.text("conflict.send"),
            key=f"{form.form}.{form.subject}|merge",
            type="primary",
            on_click=send_on,
        )
        st.button(
            texts.text("conflict.edit"), key=f"{form.form}.{form.subject}|go_on", on_click=go_on
        )
        st.button(
            texts.text("conflict.drop"),
            key=f"{form.form}.{form.subject}|drop",
            type="tertiary",
            on_click=form.done,
        )
