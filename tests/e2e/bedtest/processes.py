# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes that a test has started: each is ended by its own id, whatever else goes wrong."""
import contextlib
import signal
import subprocess
import sys


def end(process, seconds=15):
    """Asks it to end; one that does not is killed, and that is an error."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(timeout=10)
        raise


def call_all(*calls):
    """In this order, every one of them; the error of one does not keep the next from its turn."""
    with contextlib.ExitStack() as stack:
        for call in reversed(calls):
            stack.callback(call)


def end_when_told():
    """A test that is told to end ends what it has started, too."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
