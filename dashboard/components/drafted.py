"""Forms that lose nothing: what is typed is kept on the person's desk until it is sent.

A form sends the version of its subject that the person saw when he began to type. What others
changed meanwhile is therefore a conflict, which shows both, and never overwritten unseen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import streamlit as st

from dashboard import session
from dashboard.components.messages import refusal
from dashboard.components.tables import moment_short
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.desk import Draft, read_draft
from data.desk.actions import drop_draft, keep_draft
from data.errors import Refusal

DAY = "day"  # how a day is told from a text in what is kept


@dataclass(frozen=True, slots=True)
class DraftedForm:
    """A form about something: its fields are widgets with `key(name)` and `on_change=keep`."""

    context: PageContext
    form: str
    subject: str
    version: int  # of the subject, as the person saw it when he began
    names: tuple[str, ...]
    saved_at: datetime | None
    held: Mapping[str, Any] = field(default_factory=dict)  # by each field when it was begun
    drawn: set[str] = field(default_factory=set)  # the fields in sight, in this run

    def key(self, name: str) -> str:
        """The key of a field's widget, which is drawn with it."""
        self.drawn.add(name)
        return self._key(name)

    def __getitem__(self, name: str) -> Any:
        """What the field holds now."""
        # What the tab's state says of a field out of sight is older than what was typed into it.
        held = self.held.get(name)
        return st.session_state.get(self._key(name), held) if name in self.drawn else held

    @property
    def values(self) -> dict[str, Any]:
        """What every field holds now."""
        return {name: self[name] for name in self.names}

    def keep(self) -> None:
        """Keep what was typed so far; for every field's `on_change`.

        The next change may cut this short, as it may any run: `begin` keeps what is missing.
        """
        self._keep(self.version, {**self.held, **self._kept(), **self._in_sight()})

    def rebase(self, version: int, values: Mapping[str, Any]) -> None:
        """Go on from what stands now, with these values: both sides of a conflict were seen."""
        self._keep(version, self.values | dict(values))
        self.let_go()

    def done(self) -> None:
        """Forget it: it was sent, or is not wanted."""
        context = self.context
        drop_draft(context.workspace, by=context.actor, form=self.form, subject=self.subject)
        self.let_go()

    def send(self, act: Callable[[], object], done: str, naming: str = "") -> None:
        """Do what the form is for. Refused, all stays as it was typed; done, it is forgotten and
        `done` is said, with what `act` gave under the name of `naming`.
        """
        try:
            made = act()
        except Refusal as refused:
            refusal(self.context.texts, refused)
            return
        self.done()
        session.say_next(done, **({naming: made} if naming else {}))
        st.rerun()

    def say_kept(self) -> None:
        """That what was typed is kept, since when, and the way to begin anew."""
        if self.saved_at is None:
            return
        texts = self.context.texts
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(texts.text("desk.kept", at=moment_short(texts, self.saved_at)))
            st.button(
                texts.text("desk.forget"),
                key=f"{self.form}.{self.subject}|forget",
                on_click=self.done,
                type="tertiary",
            )

    def _kept(self) -> dict[str, Any]:
        """What is on the desk by now."""
        draft = _read(self.context, self.form, self.subject)
        return _fields(draft) if draft else {}

    def _keep(self, version: int, values: Mapping[str, Any]) -> None:
        context = self.context
        keep_draft(
            context.workspace,
            by=context.actor,
            form=self.form,
            subject=self.subject,
            version=version,
            fields={name: _packed(value) for name, value in values.items()},
        )

    def let_go(self) -> None:
        """The widgets are filled anew on the next run."""
        for key in (*map(self._key, self.names), self._mark("drawn"), self._mark("held")):
            st.session_state.pop(key, None)

    def fill(self, kept: Mapping[str, Any], given: Mapping[str, Any]) -> DraftedForm:
        """The form with every field as it is typed, else as it was kept, else as it is given.

        What was typed since the last run and did not reach the desk is kept now.
        """
        live = self._live(given)
        for name, value in given.items():
            key, wanted = self._key(name), kept.get(name, value)
            # Set only where it differs: what is set is sent to the browser, over what one types.
            if name not in live and st.session_state.get(key, self) != wanted:
                st.session_state[key] = wanted
        held = {name: st.session_state[self._key(name)] for name in given}
        before = st.session_state.get(self._mark("held"), held)
        typed = {name for name in live if held[name] != before.get(name)}
        if any(held[name] != kept.get(name, given[name]) for name in typed):
            self._keep(self.version, held)
        st.session_state[self._mark("held")] = held
        drawn: set[str] = set()  # grows as fields are drawn
        st.session_state[self._mark("drawn")] = (drawn, live, session.runs_ended())
        return replace(self, held=held, drawn=drawn)

    def _live(self, names: Iterable[str]) -> set[str]:
        """The fields whose widgets hold what is typed: drawn by the last run that came to its end,
        or in sight through the runs since, which were cut short.

        Of others the tab's state says what they held before they went out of sight.
        """
        nothing: set[str] = set()
        drawn, before, run = st.session_state.get(self._mark("drawn"), (nothing, nothing, 0))
        ended = session.runs_ended() - run
        live = {0: before | drawn, 1: drawn}.get(ended, nothing)
        return {name for name in names if name in live and self._key(name) in st.session_state}

    def _in_sight(self) -> dict[str, Any]:
        return {name: self[name] for name in self.names if name in self.drawn}

    def _mark(self, what: str) -> str:
        """The key of something this tab knows of the form."""
        return f"{self.form}.{self.subject}|{what}"

    def _key(self, name: str) -> str:
        return f"{self.form}.{self.subject}.{name}"


def begin(
    context: PageContext, form: str, subject: str, version: int, given: Mapping[str, Any]
) -> DraftedForm:
    """The form as the person left it, or filled with what is given; to be drawn right after."""
    draft = _read(context, form, subject)
    begun = DraftedForm(
        context,
        form,
        subject,
        draft.version if draft else version,
        tuple(given),
        draft.saved_at if draft else None,
    )
    filled = f"{form}.{subject}|filled"
    if st.session_state.get(filled, begun.version) != begun.version:
        begun.let_go()  # the widgets hold another version; what was typed is in the draft
    st.session_state[filled] = begun.version
    return begun.fill(_fields(draft) if draft else {}, given)


def _read(context: PageContext, form: str, subject: str) -> Draft | None:
    with context.workspace.read(context.actor, Permission.SELF_CHANGE) as reader:
        return read_draft(reader, form, subject)


def _fields(draft: Draft) -> dict[str, Any]:
    return {name: _unpacked(value) for name, value in draft.fields.items()}


def _packed(value: Any) -> Any:
    return {DAY: value.isoformat()} if isinstance(value, date) else value


def _unpacked(value: Any) -> Any:
    is_day = isinstance(value, dict) and set(value) == {DAY}
    return date.fromisoformat(value[DAY]) if is_day else value
