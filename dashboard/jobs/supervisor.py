"""Keeps a worker process beside the web application: started, restarted and stopped with it."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds before a worker that died is started again
PATIENCE = 5.0  # seconds a worker has to end before it is killed
SETTLED = 60.0  # seconds after which a worker counts as well
log = logging.getLogger("cra.worker")


@asynccontextmanager
async def worker_at_work() -> AsyncIterator[None]:
    """A worker process for as long as this lasts."""
    watch = asyncio.create_task(_watch(), name="worker supervisor")
    try:
        yield
    finally:
        watch.cancel()
        with suppress(asyncio.CancelledError):
            await watch


async def _watch() -> None:
    loop, pause = asyncio.get_running_loop(), FIRST_PAUSE
    while True:
        started = loop.time()
        worker = await _start()
        try:
            code = await worker.wait()
        finally:
            await _stop(worker)
        pause = FIRST_PAUSE if loop.time() - started > SETTLED else min(pause * 2, LONGEST_PAUSE)
        log.warning("the worker ended with code %s; another one starts in %.1f s", code, pause)
        await asyncio.sleep(pause)


async def _start() -> asyncio.subprocess.Process:
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "dashboard.jobs.worker",
        "--with-parent",
        stdin=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
    )


async def _stop(worker: asyncio.subprocess.Process) -> None:
    """Work under way is not waited for: another worker goes on where it was left."""
    if worker.returncode is not None:
        return
    worker.terminate()
    try:
        await asyncio.wait_for(worker.wait(), PATIENCE)
    except TimeoutError:
        worker.kill()
        await worker.wait()
