#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""run-and-reap.py COMMAND…: runs it, and ends with its code once everything that it started has ended too.

What is still there after a while is named, killed, and makes the code 70: tests leave nothing running.
"""
import ctypes
import os
import pathlib
import signal
import subprocess
import sys
import time

PR_SET_CHILD_SUBREAPER = 36
PATIENCE_S = 10


def reap():
    try:
        while os.waitpid(-1, os.WNOHANG)[0] != 0:
            pass
    except ChildProcessError:
        pass


def children():
    """Pid -> command line of what has this process as its parent, which orphans get."""
    found = {}
    for entry in pathlib.Path('/proc').iterdir():
        if entry.name.isdigit():
            try:
                parent = (entry / 'stat').read_text().rpartition(')')[2].split()[1]
                if int(parent) == os.getpid():
                    found[int(entry.name)] = (entry / 'cmdline').read_bytes().replace(b'\0', b' ').decode(errors='replace')
            except (OSError, IndexError):
                continue  # it ended while it was looked at
    return found


def main():
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), 'prctl')
    command = subprocess.Popen(sys.argv[1:])
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, frame: command.send_signal(received))
    code = command.wait()
    killed = set()
    end = time.monotonic() + PATIENCE_S
    while left := (reap(), children())[1]:
        if time.monotonic() > end:
            for pid, line in left.items():
                if pid not in killed:
                    print(f'left running: {pid} {line[:200]}', flush=True)
                    killed.add(pid)
                    os.kill(pid, signal.SIGKILL)
        time.sleep(0.1)
    return 70 if killed else code if code >= 0 else 128 - code


if __name__ == '__main__':
    sys.exit(main())
