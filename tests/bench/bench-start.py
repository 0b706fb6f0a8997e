#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""From exec to the first picture on the screen, with warm files: the app with a profile (it shows the unlock page)
against GNOME's text editor, which is built on the same libraries. bench-start.py BUILD [--quick] [--calls N]"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from benchlib import BenchError, HERE, main, options, progress, Report, version
from profiles import made_profile

INSIDE = 'BED_BENCH_DISPLAY'
PEER = 'gnome-text-editor'


def start(build, command, data):
    done = subprocess.run([build / 'tests/bench/first-frame', '20', *command], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True, env={**os.environ, 'XDG_DATA_HOME': str(data)})
    if done.returncode != 0:
        raise BenchError(f'{command[0]} showed nothing')
    return [float(word) for word in done.stdout.split()]


def inside(arguments):
    report = Report('start', arguments)
    with tempfile.TemporaryDirectory(prefix='bed-bench-') as folder:
        folder = pathlib.Path(folder)
        made_profile(arguments.build, folder, folder / 'data/bedside')
        programs = {'bedside': [arguments.build / 'src/app/bedside'], PEER: [PEER, '--standalone', '--new-window']}
        for i in range(-arguments.warm, arguments.n):  # the first of each warms the files
            for name, command in programs.items():
                mapped, painted = start(arguments.build, command, folder / 'data')
                if i >= 0:
                    report.add(f'{name}: window mapped', mapped, peer=f'{PEER}: window mapped' if name != PEER else None)
                    report.add(f'{name}: first picture', painted, peer=f'{PEER}: first picture' if name != PEER else None)
            progress(f'start: round {i + 1} of {arguments.n}')
    report.note('Xvfb, session bus, GSK_RENDERER=' + os.environ.get('GSK_RENDERER', '?') + ', accessibility bus ' +
                os.environ.get('GTK_A11Y', '?') + '; ' + version('dpkg-query', '-W', PEER).replace('\t', ' '))
    report.finish()


def run():
    arguments = options()
    if INSIDE in os.environ:
        return inside(arguments)
    if shutil.which(PEER) is None:
        raise BenchError(f'the peer is not there: apt-get install {PEER}')
    session = HERE.parent / 'support/gui-session.sh'
    done = subprocess.run([session, sys.executable, *sys.argv], env={**os.environ, INSIDE: '1'})
    if done.returncode != 0:
        sys.exit(done.returncode)
    return None


main(run)
