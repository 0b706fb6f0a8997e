# SPDX-License-Identifier: GPL-3.0-or-later
"""The environment for a program of ours under test: it tells where it was when it died of a signal."""
import os
import pathlib


def traced(program, environment=None):
    """What crash-trace.c tells goes to stderr and, where $BED_CRASHES names a file, to that too."""
    environment = dict(os.environ if environment is None else environment)
    for folder in pathlib.Path(program).resolve().parents:
        tracer = folder / 'tests/support/crash-trace.so'
        if tracer.exists():
            environment['LD_PRELOAD'] = str(tracer)
    return environment
