#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the typed password to a note's text, with no network: session, vault, record, list and note without a screen,
over a record of 1000 notes. bench-unlock.py BUILD [--quick] [--calls N]"""
import pathlib
import tempfile

from benchlib import main, options, Report
from profiles import checked, made_profile, PASSWORD

NAMES = 'unlock', 'open the record', 'list and read the note', 'typed to shown', 'Argon2id alone'


def run():
    arguments = options()
    notes = 50 if arguments.quick else 1000
    report = Report('unlock', arguments)
    probe = arguments.build / 'tests/bench/unlock-probe'
    with tempfile.TemporaryDirectory(prefix='bed-bench-') as folder:
        folder = pathlib.Path(folder)
        made_profile(arguments.build, folder, folder / 'profile')
        checked(probe, 'make', folder / 'profile', PASSWORD, notes)
        lines = checked(probe, 'measure', folder / 'profile', PASSWORD, arguments.n).splitlines()
    for line in lines:
        for name, value in zip(NAMES, line.split('|')):
            report.add(name, float(value), 'ms', 'Argon2id alone' if name == 'typed to shown' else None)
    report.note(f'{notes} notes in the record; the server is stopped. "Argon2id alone": libsodium at the same cost, the')
    report.note('least that any vault of this strength takes; there is no like-for-like peer in Debian.')
    report.finish()


main(run)
