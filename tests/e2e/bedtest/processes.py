# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes that a test has started: each is ended by its own id, whatever else goes wrong."""
import contextlib
import inspect
import os
import select
import signal
import subprocess
import sys


def patience(seconds=0):
    """For how long to wait for what has no limit of its own: a busy machine gets half a minute, and BED_PATIENCE
    (1) times that where everything is slower. The limits of the product are asserted, from times measured."""
    return max(seconds, 30) * float(os.environ.get('BED_PATIENCE', '1'))


def is_true(value):
    """Of a condition: what was not called, awaited or gone through is true whatever it stands for, and a mistake."""
    if callable(value) or inspect.isawaitable(value) or inspect.isgenerator(value):
        raise TypeError(f'{value!r} is no answer')
    return bool(value)


class Found:
    """A process that somebody else started, with as much of subprocess.Popen as is used here."""

    def __init__(self, pid):
        self.pid, self.returncode = pid, None
        self.descriptor = os.pidfd_open(pid)

    def wait(self, timeout):
        if not select.select([self.descriptor], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired(str(self.pid), timeout)
        self.returncode = 0  # only its parent is told
        return self.returncode

    def poll(self):
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def terminate(self):
        signal.pidfd_send_signal(self.descriptor, signal.SIGTERM)

    def kill(self):
        signal.pidfd_send_signal(self.descriptor, signal.SIGKILL)


def end(process, seconds=15):
    """Asks it to end; one that does not is killed, and that is an error."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(timeout=patience(seconds))
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
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, frame: sys.exit(128 + received))
