#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads what one run of meson test wrote down.

count-tests.py LOG [SECOND]  prints passed, failed and skipped test cases; where a program was run a second time,
                             SECOND has that run, which counts, and what passed only then is named.
count-tests.py --again LOG   prints the programs that may be run a second time: none if more than three failed, which
                             is no accident, or one of them died of a signal.

LOG.junit.xml has the cases, but takes a program that timed out, crashed after its last case or leaked for a good
one; LOG.json has each program's own end. A program that did not end well counts as a failed case at least.
"""
import collections
import json
import pathlib
import re
import sys
import xml.etree.ElementTree as ET

MOST_AGAIN = 3
GOOD = {'OK', 'EXPECTEDFAIL'}


def cases_by_program(path):
    """Program -> its cases as (passed, failed, skipped); the programs of one case share a suite in the file."""
    programs = collections.defaultdict(lambda: [0, 0, 0])
    # What a test prints goes into the file as it is, control characters too, which XML has not.
    text = re.sub(rb'[\0-\x08\x0b\x0c\x0e-\x1f]', b'?', pathlib.Path(path).read_bytes())
    for suite in ET.fromstring(text):
        for case in suite.iter('testcase'):
            kinds = {child.tag for child in case}
            program = suite.get('name').partition('.')[2] or case.get('name')
            programs[program][1 if kinds & {'failure', 'error'} else 2 if 'skipped' in kinds else 0] += 1
    return programs


def read(log):
    """Program -> its run and its cases as (passed, failed, skipped)."""
    programs = cases_by_program(log + '.junit.xml')
    runs = {}
    with open(log + '.json', encoding='utf-8') as lines:
        for line in lines:
            run = json.loads(line)
            runs[run['name']] = run, count(run, *programs[run['name']])
    return runs


def count(run, passed, failed, skipped):
    if run['result'] == 'SKIP':
        return 0, failed, max(skipped, 1)
    if run['result'] not in GOOD and failed == 0:
        # A program that is one case has no passed ones beside it.
        print(f"{run['name']}: {run['result']}", file=sys.stderr)
        return (0 if passed + skipped <= 1 else passed), 1, skipped
    if passed + failed + skipped == 0:
        print(f"{run['name']}: no test case", file=sys.stderr)
        return 0, 1, 0
    return passed, failed, skipped


def again(log):
    failed = [run for run, (_, bad, _) in read(log).values() if bad]
    # A failed assertion of a test aborts it (134); another signal is a crash.
    if len(failed) <= MOST_AGAIN and all(run['returncode'] in range(128) or run['returncode'] == 134 for run in failed):
        for run in failed:
            print(run['name'].rpartition(' / ')[2])


def main():
    if sys.argv[1] == '--again':
        again(sys.argv[2])
        return
    runs = read(sys.argv[1])
    if len(sys.argv) > 2:
        for name, (run, cases) in read(sys.argv[2]).items():
            if cases[1] == 0:
                print(f'unsteady: {name} passed only when it was run a second time', file=sys.stderr)
            runs[name] = run, cases
    print(*(sum(column) for column in zip(*(cases for _, cases in runs.values()))))


if __name__ == '__main__':
    main()
