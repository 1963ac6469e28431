"""What a KPI means: in words, as formula, with every version; what is aimed at, and who said so."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from dashboard.components.entering.lineage import how
from dashboard.components.kpi_control import settings
from dashboard.components.kpi_drawing import Sheet, draw_words, opening
from dashboard.components.kpi_names import dimension_name, line_name, member_names, reason_name
from dashboard.components.kpis import figures
from dashboard.components.kpis.figures import named
from dashboard.components.messages import plain
from dashboard.components.tables import moment_short
from dashboard.components.targets import history, words
from dashboard.context import PageContext
from data.language.texts import Texts
from kpis.definitions import Definition, Words
from kpis.lineage import FormulaLine, formula_lines
from kpis.scorecard import KpiView
from kpis.targets import Targets


def draw(context: PageContext, view: KpiView) -> None:
    """In words and what is aimed at on the left, the formula on the right, history below."""
    words, formula = st.columns(2, gap="large")
    with words:
        _in_words(context, view)
        _judgement(context, view)
    with formula:
        _formula(context, view.kpi.definition)
    _targets(context, view)
    _versions(context, view)


def _in_words(context: PageContext, view: KpiView) -> None:
    texts, definition = context.texts, view.kpi.definition
    st.subheader(texts.text("kpi_page.meaning"), anchor=False)
    st.markdown(plain(named(texts, definition.explanation)))
    facts = [
        texts.text("kpi_page.unit", unit=definition.unit),
        texts.text("kpi_page.good", direction=definition.direction),
        texts.text("kpi_page.judged_by", frequency=definition.frequency),
        texts.text("kpi_page.tellable", dimensions=_dimensions(texts, definition)),
    ]
    st.markdown("\n".join(f"- {plain(fact)}" for fact in facts))


def _dimensions(texts: Texts, definition: Definition) -> list[str]:
    return [dimension_name(texts, one.name) for one in definition.dimensions]


def _judgement(context: PageContext, view: KpiView) -> None:
    """What is aimed at now, from where, and how the control chart is judged."""
    texts, row = context.texts, view.row
    st.subheader(texts.text("kpi_page.judgement"), anchor=False)
    st.markdown(f"**{plain(figures.target_in_words(texts, row))}**")
    if row.target is not None:
        st.markdown(plain(texts.text("kpi_page.target_source", source=row.target.source)))
        if row.target.assumption:
            st.warning(texts.text("kpi_page.target_assumed"), icon=":material/help:")
    for detail in _on_the_way(texts, view):
        st.markdown(plain(detail))
    st.markdown(plain(texts.text("kpi_page.chart_settings", settings=settings(texts, row))))


def _on_the_way(texts: Texts, view: KpiView) -> Iterator[str]:
    """From where, how and by when, and how far is far behind."""
    standing = Targets(entry for entry in view.targets if entry.replaced_at is None)
    office = view.cell.members.get("office")
    entry = standing.entry_in_force(view.row.code, view.period.last_day, office)
    return words.details(texts, view.kpi.definition, entry) if entry else iter(())


def _formula(context: PageContext, definition: Definition) -> None:
    """Each query once, under the lines that are read from it."""
    texts = context.texts
    st.subheader(texts.text("kpi_page.formula"), anchor=False)
    if definition.formula.entered:
        st.markdown("\n".join(f"- {plain(line)}" for line in how(texts, definition)))
        return
    for name, query in definition.formula.queries.items():
        measures = definition.formula.measures
        lines = [m.name for m in measures if m.query == name]
        others = [m.name for m in measures if m.over == name]
        if not (lines or others):
            continue
        measured = [opening(line_name(texts, line)) for line in lines]
        measured += [
            texts.text("kpi_page.other_side", line=line_name(texts, line)) for line in others
        ]
        extract = texts.text("kpi_page.from_extract", contract=query.contract)
        st.markdown(f"**{plain(', '.join(measured))}** · {plain(extract)}")
        for line in formula_lines(query):
            _formula_line(texts, line)


def _formula_line(texts: Texts, line: FormulaLine) -> None:
    role = texts.text(f"kpis.role.{line.role}")
    if line.reason:
        excluded = reason_name(texts, line.reason)
        role = texts.text("kpi_page.else_excluded", role=role, reason=excluded)
    with st.container(gap=None):
        st.caption(plain(role))
        st.code(line.text, language="sql", wrap_lines=True)


def _targets(context: PageContext, view: KpiView) -> None:
    texts = context.texts
    st.subheader(texts.text("kpi_page.targets"), anchor=False)
    if not view.targets:
        st.markdown(plain(texts.text("kpi_row.no_target")))
        return
    names = member_names(context, "office")
    history.draw(texts, view.kpi.definition, view.targets, names)


def _versions(context: PageContext, view: KpiView) -> None:
    """Every version of the definition, the newest first."""
    texts = context.texts
    st.subheader(texts.text("kpi_page.versions"), anchor=False)
    head = ("version", "name", "valid_from", "reason", "by", "at", "fingerprint")
    draw_words(
        Sheet(
            tuple(texts.text(f"kpi_page.head.{name}") for name in head),
            tuple(
                (
                    str(version.version),
                    named(texts, Words.of(version, "name")),
                    texts.day_short(version.valid_from),
                    version.reason,
                    version.author,
                    moment_short(texts, version.created_at),
                    version.content_hash[:12],
                )
                for version in view.versions
            ),
        ),
        alt=texts.text("kpi_page.versions"),
    )
