#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The record with 100,000 notes: opening it, its lists, a note, typing a search key by key, saving, and what the key costs.
bench-record.py BUILD [--quick] [--calls N]"""
import pathlib
import tempfile

from benchlib import main, options, progress, Report
from profiles import checked

ROWS = {
    'keystroke': 'search, a keystroke',
    'filtered': 'search, a keystroke with filters',
    'open': 'open a note',
    'autosave': 'autosave, to the disk',
}


def probe(arguments, *command):
    progress(f'record: {command[0]}')
    return checked(arguments.build / 'tests/bench/record-probe', *command, seconds=3000).splitlines()


def add_start(report, arguments, folder, label, peer=None):
    names = f'open the record, {label}', f'first page of the lists, {label}', f'first note, {label}'
    for line in probe(arguments, 'start', folder, arguments.n):
        for i, (name, value) in enumerate(zip(names, line.split('|'))):
            report.add(name, float(value), 'ms', peer and peer[i])
    return names


def add_peer(report, lines):
    values = {}
    for line in lines:
        name, value = line.split()
        values.setdefault(name, []).append(float(value))
    for act in 'read', 'search':
        for when, text in ('warm', 'from memory'), ('load', 'from the file'):
            plain = f'{act} {text}, no key'
            for value in values[f'{act}-{when}-plain']:
                report.add(plain, value)
            for value in values[f'{act}-{when}-key']:
                report.add(f'{act} {text}, key', value, 'ms', plain)


def add_loading(report, lines):
    plain = 'write and index 1000 notes, no key'
    for line in lines:
        name, value = line.split()
        if name == 'load-plain':
            report.add(plain, float(value))
        else:
            report.add('write and index 1000 notes, key', float(value), 'ms', plain)


def run():
    arguments = options()
    many = 5 * arguments.n  # of what takes next to no time
    notes = 300 if arguments.quick else 100000
    report = Report('record', arguments)
    with tempfile.TemporaryDirectory(prefix='bed-bench-') as folder:
        small, large = pathlib.Path(folder) / 'small', pathlib.Path(folder) / 'large'
        probe(arguments, 'make', small, 10)
        indexing = probe(arguments, 'make', large, notes)[0]
        size = sum(path.stat().st_size for path in large.iterdir()) / 2**20
        peers = add_start(report, arguments, small, '10 notes')
        add_start(report, arguments, large, f'{notes} notes', peers)
        for line in probe(arguments, 'work', large, many):
            name, value = line.split()
            report.add(ROWS[name], float(value))
        events = 1000 if arguments.quick else 100000
        for value in probe(arguments, 'trail', small, arguments.n, events):
            report.add(f'verify a trail of {events} entries', float(value))
        add_peer(report, probe(arguments, 'peer', large, many))
        add_loading(report, probe(arguments, 'loading', large, arguments.n))
    report.note(f'{notes} notes of about 95 words (Zipf, 20,000 words) of 2,000 patients, {size:.0f} MiB; indexing them')
    report.note(f'took {float(indexing) / 1000:.1f} s beside the main thread. A search is timed to 20 hits with their')
    report.note('snippets. "no key": the same statements by the same library on a copy that is not encrypted.')
    report.finish()


main(run)
