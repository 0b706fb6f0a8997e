#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the typed password to a note's text, with no network: session, vault, record, list and note without a screen,
over a record of 1000 notes. bench-unlock.py BUILD [--quick] [--calls N]"""
import pathlib
import subprocess
import tempfile

from benchlib import BenchError, main, options, Report
from bedtest.clinic import Clinic

PASSWORD = 'a lamp beside the bed'
NAMES = 'unlock', 'open the record', 'list and read the note', 'typed to shown', 'Argon2id alone'


def checked(*command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    if done.returncode != 0:
        raise BenchError(f'{command[0]} ended with {done.returncode}: {done.stderr[-500:]}')
    return done.stdout


def run():
    arguments = options()
    notes = 50 if arguments.quick else 1000
    report = Report('unlock', arguments)
    probe = arguments.build / 'tests/bench/unlock-probe'
    with tempfile.TemporaryDirectory(prefix='bed-bench-') as folder:
        folder = pathlib.Path(folder)
        clinic = Clinic(arguments.build, folder / 'clinic')
        clinic.start()
        try:
            checked(arguments.build / 'tests/tools/make-profile', folder / 'profile',
                    clinic.add_user('okafor', 'Dr Amara Okafor'), PASSWORD)
        finally:
            clinic.stop()
        checked(probe, 'make', folder / 'profile', PASSWORD, str(notes))
        lines = checked(probe, 'measure', folder / 'profile', PASSWORD, str(arguments.n)).splitlines()
    for line in lines:
        for name, value in zip(NAMES, line.split('|')):
            report.add(name, float(value), 'ms', 'Argon2id alone' if name == 'typed to shown' else None)
    report.note(f'{notes} notes in the record; the server is stopped. "Argon2id alone": libsodium at the same cost, the')
    report.note('least that any vault of this strength takes; there is no like-for-like peer in Debian.')
    report.finish()


main(run)
