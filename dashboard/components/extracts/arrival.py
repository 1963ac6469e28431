"""A file on its way in: dropped, checked, looked at, loaded. The queue keeps it over a reload."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import streamlit as st

from dashboard.components.extracts import uploads, verdict
from dashboard.components.extracts.account import YES
from dashboard.components.extracts.accounts import message, refusal_of
from dashboard.components.extracts.names import said_or_key
from dashboard.components.extracts.tick_words import in_words, notices_of
from dashboard.components.messages import bug, plain, refusal
from dashboard.context import PageContext
from dashboard.jobs import JobState, JobStatus, extract_payload, latest_jobs, queue, status
from data.access.permissions import Permission
from data.notices import NoticeKind

CHECK, LOAD = "check_extract", "load_extract"
KINDS_OF_FILE = ("csv", "txt", "gz", "zip", "xlsx")
LOOK_AGAIN = 1.0  # seconds between looks at work under way
OF_INDICATORS = frozenset({NoticeKind.RISK_INDICATOR_RED, NoticeKind.RISK_INDICATOR_STALE})
REMEMBERED = timedelta(hours=12)  # how long an outcome stays on the page; the history keeps it


def draw(context: PageContext) -> None:
    """Where the person's newest file stands; a place for the next one where that can be dropped."""
    job = _newest(context)
    if job is None:
        _drop(context, 0)
    elif not job.is_over:
        _under_way(context, job.id)
    elif job.kind == CHECK and uploads.is_kept(context.workspace, job.payload["path"]):
        _checked(context, job)
    else:
        if job.kind == LOAD and _is_recent(job):
            _loaded(context, job)
        _drop(context, job.id)


def _newest(context: PageContext) -> JobStatus | None:
    """The newest check or load this person asked for."""
    with context.workspace.read(context.actor, Permission.EXTRACT_LOAD) as reader:
        found = [job for kind in (CHECK, LOAD) for job in latest_jobs(reader, kind=kind, limit=1)]
    return max(found, key=lambda job: job.id, default=None)


def _drop(context: PageContext, after: int) -> None:
    """The place to drop a file. What is dropped is kept aside, and its check is asked for."""
    texts = context.texts
    st.markdown(texts.text("extracts_page.drop_why"))
    dropped = st.file_uploader(
        texts.text("extracts_page.drop_label"), type=KINDS_OF_FILE, key=f"extracts.drop.{after}"
    )
    if dropped is None:
        return
    path = uploads.keep(context.workspace, by=context.actor, content=dropped)
    queue(
        context.workspace,
        by=context.actor,
        kind=CHECK,
        payload=extract_payload(path, file_name=dropped.name),
    )
    st.rerun()


def _under_way(context: PageContext, job_id: int) -> None:
    """How far the work is; only this part of the page is drawn again meanwhile."""

    @st.fragment(run_every=LOOK_AGAIN)
    def progress() -> None:
        with context.workspace.read(context.actor, Permission.EXTRACT_LOAD) as reader:
            job = status(reader, job_id)
        if job.is_over:
            st.rerun()
        _progress(context, job)

    progress()


def _progress(context: PageContext, job: JobStatus) -> None:
    texts = context.texts
    with st.container(border=True):
        st.markdown(f"**{plain(job.payload['file_name'])}**")
        doing = texts.text(job.doing)
        st.progress(job.progress, text=f"{texts.text(f'extracts_page.doing.{job.kind}')}: {doing}")
        st.caption(texts.text("extracts_page.may_leave"))


def _checked(context: PageContext, job: JobStatus) -> None:
    """What the check found, and what can be done about it."""
    if job.state == JobState.DONE:
        verdict.draw(context, job)
    else:
        st.subheader(plain(job.payload["file_name"]), anchor=False)
        _ended_badly(context, job)
        verdict.draw_failed(context, job)


def _loaded(context: PageContext, job: JobStatus) -> None:
    """What the load did: its event, its batch, its rows, and the KPI values it changed."""
    texts, file = context.texts, job.payload["file_name"]
    if job.state != JobState.DONE:
        st.markdown(f"**{plain(texts.text('extracts_page.not_loaded', file=file))}**")
        _ended_badly(context, job)
        return
    told, refreshed = job.result["load"], job.result["refresh"]["written"]
    key = "extracts_page.nothing_new" if told["nothing_new"] else "extracts_page.loaded"
    with st.container(border=True):
        st.markdown(f"**{YES} {plain(texts.text(key, file=file, event=str(told['event'])))}**")
        rows = told["rows"]
        st.markdown(
            plain(
                texts.text(
                    "extracts_page.loaded_rows",
                    batch=told["batch"],
                    added=rows["added"],
                    changed=rows["changed"],
                    vanished=rows["vanished"],
                    quarantined=rows["quarantined"],
                )
            )
        )
        st.markdown(_refreshed(context, refreshed))
        for notice in notices_of(job):
            if notice["kind"] in OF_INDICATORS:  # what became of risks is for those who see them
                st.warning(plain(in_words(texts, notice)), icon=":material/crisis_alert:")
        for note in told["notes"]:
            st.caption(plain(said_or_key(texts, message(note))))


def _refreshed(context: PageContext, written: dict[str, int]) -> str:
    """Which KPIs have new values, in a sentence."""
    texts = context.texts
    if not written:
        return texts.text("extracts_page.kpis_unchanged")
    said = texts.text("extracts_page.kpis_refreshed", kpis=sorted(written))
    return plain(said)


def _ended_badly(context: PageContext, job: JobStatus) -> None:
    if job.refusal is not None:
        refusal(context.texts, refusal_of(job.refusal))
    elif job.error_reference is not None:
        bug(context.texts, job.error_reference)


def _is_recent(job: JobStatus) -> bool:
    return job.finished_at is None or datetime.now(UTC) - job.finished_at < REMEMBERED
