"""What the check of a file found, and the ways on: load it, declare more, leave it."""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboard.components.extracts import account, declaration, quarantine, uploads
from dashboard.components.extracts.accounts import from_result
from dashboard.components.extracts.names import extract_name
from dashboard.components.forms import confirm
from dashboard.components.messages import plain, refusal
from dashboard.context import PageContext
from dashboard.jobs import JobStatus, queue
from data.access.permissions import Permission
from data.extracts.loading import LoadReport, profiles_at_hand

TOO_MANY_VANISH = "loading.refused.vanished"


def draw(context: PageContext, job: JobStatus) -> None:
    """The answer in a sentence, the counts, what can be done now; then what the answer rests on."""
    report = from_result(job.result["check"])
    st.subheader(plain(report.file_name), anchor=False)
    _answer(context, report)
    if report.rows:
        account.fates(context, report.rows)
    _ways_on(context, job, report)
    account.draw(context, report, profiles_at_hand(context.workspace, by=context.actor))
    if context.may(Permission.QUARANTINE_VIEW):
        path = job.payload["path"]
        rows = uploads.quarantine_of(context.workspace, by=context.actor, path=path)
        if rows:
            quarantine.draw_file(context, rows, name=report.file_name)
    declaration.draw(context, job, report)


def draw_failed(context: PageContext, job: JobStatus) -> None:
    """The ways on after a check that did not come to its end."""
    _leave(context, job)
    declaration.draw(context, job, None)


def _ways_on(context: PageContext, job: JobStatus, report: LoadReport) -> None:
    """Load it, where that is possible, or leave it."""
    accepted = True
    if _needs_consent(report):
        accepted = st.checkbox(_consent(context, report), key=f"extracts.vanish.{job.id}")
    with st.container(horizontal=True):
        if _can_load(report) and st.button(
            context.texts.text("extracts_page.load"),
            type="primary",
            icon=":material/upload_file:",
            disabled=not accepted,
            key="extracts.load",
        ):
            _confirm(context, job, report)
        _leave(context, job)


def _leave(context: PageContext, job: JobStatus) -> None:
    if st.button(context.texts.text("extracts_page.leave"), key="extracts.leave"):
        uploads.discard(context.workspace, by=context.actor, path=job.payload["path"])
        st.rerun()


def _answer(context: PageContext, report: LoadReport) -> None:
    """May it be loaded? In words, with a shape beside them."""
    texts = context.texts
    if report.refused is not None:
        st.markdown(f"**{account.NO} {texts.text('extracts_page.refused')}**")
        refusal(texts, report.refused)
        return
    extract = extract_name(texts, report.contract or "")
    if report.nothing_new:
        said = texts.text("extracts_page.would_change_nothing", event=str(report.event))
    else:
        said = texts.text("extracts_page.may_be_loaded", extract=extract)
    st.markdown(
        f"**{account.YES} {plain(said)}** {texts.text('extracts_page.nothing_changed_yet')}"
    )


def _can_load(report: LoadReport) -> bool:
    if report.refused is not None:
        return report.refused.key == TOO_MANY_VANISH
    return not report.nothing_new


def _needs_consent(report: LoadReport) -> bool:
    return report.refused is not None and report.refused.key == TOO_MANY_VANISH


def _consent(context: PageContext, report: LoadReport) -> str:
    rows = report.rows
    return plain(
        context.texts.text("extracts_page.accept_vanished", count=rows.vanished if rows else 0)
    )


def _confirm(context: PageContext, job: JobStatus, report: LoadReport) -> None:
    """Ask, naming what will change."""
    texts = context.texts
    confirm(
        texts,
        title=texts.text("extracts_page.load_title", file=report.file_name),
        consequences=_consequences(context, report),
        action=texts.text("extracts_page.load"),
        act=partial(_load, context, job, report),
        done="extracts_page.load_queued",
    )


def _consequences(context: PageContext, report: LoadReport) -> list[str]:
    texts, rows = context.texts, report.rows
    if rows is None:
        return []
    extract = extract_name(texts, report.contract or "")
    will = [
        texts.text("extracts_page.will_add", count=rows.added, extract=extract),
        texts.text("extracts_page.will_change", count=rows.changed),
    ]
    if rows.vanished:
        will.append(texts.text("extracts_page.will_vanish", count=rows.vanished))
    if rows.quarantined:
        will.append(texts.text("extracts_page.will_stay_outside", count=rows.quarantined))
    return [*will, texts.text("extracts_page.will_refresh"), texts.text("extracts_page.can_undo")]


def _load(context: PageContext, job: JobStatus, report: LoadReport) -> None:
    """Queue the load of exactly what was checked."""
    payload = job.payload | {"profile_id": report.profile}
    if _needs_consent(report):
        payload["accept_vanished"] = True
    queue(context.workspace, by=context.actor, kind="load_extract", payload=payload)
