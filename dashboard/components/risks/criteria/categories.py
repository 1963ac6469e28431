"""The categories by which risks are sorted, with their source, and the form that keeps them."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.components import drafted
from dashboard.components.catching_up import catch_up
from dashboard.components.drafted import DraftedForm
from dashboard.components.existing_or_new import choose
from dashboard.components.tables import table
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.language.languages import Language, LocalText
from data.language.texts import Texts
from data.store.tables import RiskCategory
from risks.criteria.actions import add_category, rename_category
from risks.criteria.reading import read_categories
from risks.register.reading import read_register

FORM = "risk-category"


def draw(context: PageContext) -> None:
    """Every category with how many active risks it holds; for those who may, the form."""
    texts = context.texts
    with context.workspace.read(context.actor, Permission.RISK_VIEW) as reader:
        rows = read_categories(reader)
        active = [risk.category_code for risk in read_register(reader) if risk.is_active]
    table(
        {
            texts.text("categories.head.code"): [row.code for row in rows],
            texts.text("categories.head.name"): [
                LocalText.name_of(row).within(context.language) for row in rows
            ],
            texts.text("categories.head.active"): [str(active.count(row.code)) for row in rows],
            texts.text("categories.head.source"): [row.source for row in rows],
        },
        key="categories.table",
    )
    if context.may(Permission.CRITERIA_PROPOSE):
        with st.expander(texts.text("categories.keep"), icon=":material/edit:"):
            _form(context, rows)


def _form(context: PageContext, rows: Sequence[RiskCategory]) -> None:
    texts = context.texts
    by_code = {row.code: row for row in rows}
    code = choose(texts, "categories", dict.fromkeys(by_code, ""))
    row = by_code.get(code)
    given = {f"name_{one}": getattr(row, f"name_{one}") if row else "" for one in Language}
    version = row.row_version if row else 0
    form = drafted.begin(context, FORM, code, version, {"code": "", "reason": "", **given})
    catch_up(form, version, given, lambda name: _name_in(texts, name))
    if row is None:
        _text(context, form, "code")
    for language in Language:
        st.text_input(
            _name_in(texts, f"name_{language}"),
            key=form.key(f"name_{language}"),
            max_chars=200,
            on_change=form.keep,
        )
    _text(context, form, "source" if row is None else "reason", "reason")
    form.say_kept()
    if st.button(texts.text("categories.save"), key="categories.save", type="primary"):
        _save(context, form, row)


def _name_in(texts: Texts, field: str) -> str:
    """'Name · English' of the field 'name_en'."""
    language = Language(field.removeprefix("name_"))
    return f"{texts.text('categories.head.name')} · {texts.word(language)}"


def _text(context: PageContext, form: DraftedForm, label: str, name: str = "") -> None:
    st.text_input(
        context.texts.text(f"categories.{label}"),
        key=form.key(name or label),
        max_chars=200,
        on_change=form.keep,
    )


def _save(context: PageContext, form: DraftedForm, row: RiskCategory | None) -> None:
    form.send(lambda: _kept(context, form, row), "categories.saved", "category")


def _kept(context: PageContext, form: DraftedForm, row: RiskCategory | None) -> str:
    names = {one.value: form[f"name_{one}"] for one in Language}
    if row is None:
        add_category(
            context.workspace,
            by=context.actor,
            code=form["code"],
            names=names,
            source=form["reason"],
        )
        return str(form["code"])
    rename_category(
        context.workspace,
        by=context.actor,
        code=row.code,
        version=form.version,
        names=names,
        reason=form["reason"],
    )
    return row.code
