"""A process that halts itself at a place in its work, so that it can be killed just there.

A test that looks on from outside may miss a state that lasts a few milliseconds. The process
itself cannot: with every file and folder it touches it looks whether it has come there.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

TOUCHED = ("open", "os.", "shutil.")  # how the interpreter names what is done to files and folders
PAUSE = 0.002  # seconds between two looks at another process


def halt_once(reached: Callable[[], bool]) -> None:
    """Halt this process, once, with the first file it touches after this came true."""
    here, halted = threading.local(), threading.Event()

    def look(event: str, _arguments: object) -> None:
        if halted.is_set() or getattr(here, "looking", False) or not event.startswith(TOUCHED):
            return
        here.looking = True  # to look is to touch files, too
        try:
            if reached() and not halted.is_set():
                halted.set()
                os.kill(os.getpid(), signal.SIGSTOP)
        finally:
            here.looking = False

    sys.addaudithook(look)


class Elsewhere:
    """Work in another process, whose parent reaps it as soon as it has ended."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    @property
    def is_alive(self) -> bool:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def wait(self) -> None:
        """Until it has ended."""
        while self.is_alive:
            time.sleep(PAUSE)

    def wait_until_halted(self) -> None:
        """Until it has come to the place where it halts; to end without is a failure."""
        while not self._is_halted():
            assert self.is_alive, "it ended before it came there"
            time.sleep(PAUSE)

    def go_on(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        try:
            os.kill(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self.wait()

    def _is_halted(self) -> bool:
        try:
            status = Path(f"/proc/{self.pid}/stat").read_text()
        except (FileNotFoundError, ProcessLookupError):
            return False
        return status.rpartition(")")[2].split()[0] == "T"
