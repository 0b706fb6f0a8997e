#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The record with 100,000 notes: opening it, its lists, a note, typing a search key by key, saving, and what the key costs.
bench-record.py BUILD [--quick] [--calls N]"""
import pathlib
import subprocess
import tempfile

from benchlib import BenchError, main, options, Report

ROWS = {
    'keystroke': 'search, a keystroke',
    'filtered': 'search, a keystroke with filters',
    'open': 'open a note',
    'autosave': 'autosave, to the disk',
}


def probe(arguments, *command):
    done = subprocess.run([arguments.build / 'tests/bench/record-probe', *map(str, command)], capture_output=True, text=True,
                          timeout=3000)
    if done.returncode != 0:
        raise BenchError(f'record-probe {command[0]} ended with {done.returncode}: {done.stderr[-500:]}')
    return done.stdout.splitlines()


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


def run():
    arguments = options(calls=100, quick=2)
    notes = 300 if arguments.quick else 100000
    report = Report('record', arguments)
    with tempfile.TemporaryDirectory(prefix='bed-bench-') as folder:
        small, large = pathlib.Path(folder) / 'small', pathlib.Path(folder) / 'large'
        probe(arguments, 'make', small, 10)
        indexing = probe(arguments, 'make', large, notes)[0]
        size = sum(path.stat().st_size for path in large.iterdir()) / 2**20
        peers = add_start(report, arguments, small, '10 notes')
        add_start(report, arguments, large, f'{notes} notes', peers)
        for line in probe(arguments, 'work', large, arguments.n):
            name, value = line.split()
            report.add(ROWS[name], float(value))
        events = 1000 if arguments.quick else 100000
        for value in probe(arguments, 'trail', small, events):
            report.add(f'verify a trail of {events} entries', float(value))
        add_peer(report, probe(arguments, 'peer', large, arguments.n))
    report.note(f'{notes} notes of about 95 words (Zipf, 20,000 words) of 2,000 patients, {size:.0f} MiB; indexing them')
    report.note(f'took {float(indexing) / 1000:.1f} s beside the main thread. A search is timed to 20 hits with their')
    report.note('snippets. "no key": the same statements by the same library on a copy that is not encrypted.')
    report.finish()


main(run)
