#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""count-tests.py LOG: prints passed, failed and skipped test cases of one run of meson test.

LOG.junit.xml has the cases, but takes a program that timed out, crashed after its last case or leaked for a good
one; LOG.json has each program's own end. A program that did not end well counts as a failed case at least.
"""
import collections
import json
import pathlib
import re
import sys
import xml.etree.ElementTree as ET

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


def main():
    log = sys.argv[1]
    programs = cases_by_program(log + '.junit.xml')
    totals = [0, 0, 0]
    with open(log + '.json', encoding='utf-8') as lines:
        for line in lines:
            run = json.loads(line)
            passed, failed, skipped = programs[run['name']]
            if run['result'] == 'SKIP':
                passed, skipped = 0, max(skipped, 1)
            elif run['result'] not in GOOD and failed == 0:
                # A program that is one case has no passed ones beside it.
                passed, failed = (0 if passed + skipped <= 1 else passed), 1
                print(f"{run['name']}: {run['result']}", file=sys.stderr)
            elif passed + failed + skipped == 0:
                failed = 1
                print(f"{run['name']}: no test case", file=sys.stderr)
            totals = [a + b for a, b in zip(totals, (passed, failed, skipped))]
    print(*totals)


if __name__ == '__main__':
    main()
