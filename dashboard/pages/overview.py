"""Overview: how the agency stands, understood in ten seconds; what needs action comes first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard.components import board_pack
from dashboard.components.kpis import figures, verdicts
from dashboard.components.kpis.acting import acts_icon, overdue_line, who_acts
from dashboard.components.kpis.cards import cards
from dashboard.components.kpis.choosing import OBJECTIVE
from dashboard.components.kpis.data_notes import cut_offs, draw_notes, notes
from dashboard.components.kpis.links import ACTIONS, SCORECARD, kpi_link, page_link
from dashboard.components.kpis.nothing import nothing_measured
from dashboard.components.kpis.table import objective_name
from dashboard.components.messages import plain
from dashboard.components.risks import attention
from dashboard.context import PageContext
from data.access.permissions import Permission
from kpis import standing
from kpis.assessment import StatusKind
from kpis.commentary import Answer, Late, read_answers
from kpis.commentary.due import most_pressing, overdue_updates
from kpis.scorecard import Scorecard, ScorecardRow, scorecard
from kpis.strategy import in_force, read_strategy

Answers = Mapping[str, Answer]
HEADLINES, URGENT, LISTED = 8, 8, 6  # cards; KPIs in a list before the rest is only counted


def draw(context: PageContext) -> None:
    """The period and its data, the answer in a sentence, then what needs action, then the rest."""
    verdicts.look()
    now, before, answers = _read(context)
    st.caption(plain(cut_offs(context, now.clocks)))
    if nothing_measured(context, now):
        return
    with st.container(key="kpi-overview"):
        with st.container(key="kpi-answer"):
            st.markdown(plain(_answer(context, now.rows)))
        board_pack.draw(context)
        first, beside = st.columns([3, 2], gap="large")
        with first:
            _attention(context, now, answers)
        with beside:
            _objectives(context, now.rows)
            _changes(context, now.rows, before.rows)
        _headlines(context, now.rows)


def _read(context: PageContext) -> tuple[Scorecard, Scorecard, Answers]:
    """The scorecard of the period and of the one before it, and who acts."""
    where = {"office": context.office, "service": context.service}
    with context.workspace.read(context.actor, Permission.KPI_VIEW) as reader:
        now = scorecard(reader, period=context.period, **where)
        before = scorecard(reader, period=context.period.shift(-1), **where)
        return now, before, read_answers(reader, now.rows)


def _answer(context: PageContext, rows: Sequence[ScorecardRow]) -> str:
    """The page in one sentence: how many miss their target, how many really get worse."""
    judged = standing.of_status(rows, standing.JUDGED)
    behind = standing.of_status(rows, standing.BEHIND)
    worse = [row for row in rows if standing.is_concern(row)]
    targets = "none" if not judged else "some" if behind else "all"
    steady = "steady" if standing.is_mostly_judged(rows) else "unjudged"
    key = f"overview.answer.{targets}.{'worse' if worse else steady}"
    return context.texts.text(
        key, period=context.period, behind=len(behind), count=len(judged), worse=len(worse)
    )


def _attention(context: PageContext, now: Scorecard, answers: Answers) -> None:
    """Behind and nobody acts, overdue updates, then what is bad by its figures; who acts on it."""
    texts = context.texts
    st.subheader(texts.text("overview.attention"), anchor=False)
    draw_notes(context, notes(context, now))
    _overdue(context, answers)
    attention.draw(context)
    urgent = most_pressing(now.rows, answers, standing.needing_attention(now.rows))
    for row in urgent[:URGENT]:
        with st.container(border=True, gap="xsmall", key=f"kpi-link-{row.code}"):
            _urgent(context, row, answers[row.code])
    if len(urgent) > URGENT:
        label = texts.text("overview.more", count=len(urgent) - URGENT)
        page_link(context, SCORECARD, label, context.link, ":material/arrow_forward:")
    if not urgent:
        st.markdown(f":material/check_circle: {plain(texts.text('overview.no_attention'))}")


def _overdue(context: PageContext, answers: Answers) -> None:
    """How much is overdue, with the way to it."""
    texts, found = context.texts, overdue_updates(answers)
    if found:
        label = plain(texts.text("overview.overdue_updates", count=len(found)))
        page_link(context, ACTIONS, label, context.link, ":material/assignment_late:")


def _urgent(context: PageContext, row: ScorecardRow, answer: Answer) -> None:
    """What it is and whose; how far off; the two verdicts; who acts until when."""
    texts = context.texts
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        name = figures.named(texts, row.names)
        kpi_link(context, row.code, f"{name}: {texts.figure(row.figure)}")
        target = figures.under_figure(texts, row)
        owner = row.owner or texts.text("kpi_row.no_owner")
        st.caption(plain(f"{target} · {owner}"), width="content")
    with st.container(horizontal=True, gap="small"):
        st.markdown(verdicts.status_of(texts, row), width="content")
        st.markdown(verdicts.change(texts, row), width="content")
    _acts(context, answer)


def _acts(context: PageContext, answer: Answer) -> None:
    """By whom and until when, or that nobody acts; and what word of it is overdue."""
    texts, acts = context.texts, who_acts(context.texts, answer)
    late = [one for one in answer.late if one.kind is not Late.ACTION or answer.acting]
    words = f"**{plain(acts)}**" if answer.is_without_action else plain(acts)
    said = [f"{acts_icon(answer)} {words}"] if acts else []
    said += [plain(overdue_line(texts, one)) for one in late[:1]]
    if said:
        st.markdown(" · ".join(said))


def _objectives(context: PageContext, rows: Sequence[ScorecardRow]) -> None:
    """Each objective with its status and how many KPIs have which; never an average."""
    texts, ruled = context.texts, _ruled(context)
    st.subheader(texts.text("overview.objectives"), anchor=False)
    for objective in standing.objectives(rows):
        with st.container(gap=None):
            _objective(context, objective, ruled.get(objective.code or "", objective.worst))
    label = texts.text("overview.to_scorecard", count=len(rows))
    page_link(context, SCORECARD, label, context.link, ":material/arrow_forward:")


def _ruled(context: PageContext) -> Mapping[str, StatusKind]:
    """How the strategy in force judges each objective of the whole agency; it says nothing of
    parts of it, where the worst KPI counts.
    """
    if context.office or context.service:
        return {}
    with context.workspace.read(context.actor, Permission.STRATEGY_VIEW) as reader:
        if in_force(reader) is None:
            return {}
        found = read_strategy(reader, context.period).objectives
    return {code: view.status.kind for code, view in found.items()}


def _objective(
    context: PageContext, objective: standing.ObjectiveAtAGlance, status: StatusKind
) -> None:
    """The name leads to its rows of the scorecard."""
    texts = context.texts
    name = plain(objective_name(texts, objective.rows[0]))
    if st.button(name, type="tertiary", key=f"overview.objective.{objective.code}"):
        st.session_state[OBJECTIVE] = objective.code
        link = context.link
        st.switch_page(context.places[SCORECARD], query_params=link.parameters())
    counts = " ".join(
        verdicts.status_count(texts, kind, count) for kind, count in objective.counts.items()
    )
    st.markdown(f"{verdicts.status(texts, status)} · {counts}")


def _changes(
    context: PageContext, now: Sequence[ScorecardRow], before: Sequence[ScorecardRow]
) -> None:
    """Statuses that are not what they were a period ago, and special causes that are new."""
    texts = context.texts
    title = texts.text("overview.changes", period=context.period.shift(-1))
    st.subheader(title, anchor=False)
    changed, signals = standing.status_changes(now, before), standing.new_signals(now, before)
    for change in changed[:LISTED]:
        was = texts.text("overview.before", status=change.before)
        status = verdicts.status(texts, change.row.status.kind)
        _change(context, change.row, f"{status}  \n:small[:gray[{plain(was)}]]", "status")
    for row in signals[:LISTED]:
        _change(context, row, verdicts.change(texts, row), "signal")
    hidden = sum(len(listed[LISTED:]) for listed in (changed, signals))
    if hidden:
        st.caption(plain(texts.text("overview.more_changes", count=hidden)))
    if not changed and not signals:
        st.markdown(plain(texts.text("overview.no_changes")))


def _change(context: PageContext, row: ScorecardRow, what: str, kind: str) -> None:
    with st.container(gap=None, key=f"kpi-link-{kind}-{row.code}"):
        kpi_link(context, row.code, figures.named(context.texts, row.names))
        st.markdown(what)


def _headlines(context: PageContext, rows: Sequence[ScorecardRow]) -> None:
    st.subheader(context.texts.text("overview.headlines"), anchor=False)
    cards(context, standing.headlines(rows, HEADLINES))
