"""Long work that spans rooms: queued by pages and commands, done by the worker process."""

from dashboard.jobs.kinds import KINDS, queue
from dashboard.jobs.steps import extract_payload
from data.jobs import JobState, JobStatus, latest_jobs
from data.jobs import job_status as status

__all__ = ["KINDS", "JobState", "JobStatus", "extract_payload", "latest_jobs", "queue", "status"]
