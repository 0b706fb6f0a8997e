#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every event that has a number is noted somewhere, has a name, and a meaning for others."""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1])
EVENT = re.compile(r'\bBED_AUDIT_[A-Z_]+\b')
# Numbers that are kept for acts which cannot be done yet.
AHEAD = set(sys.argv[2:])


# What a function lets pass is not yet noted by anybody.
CONDITION = re.compile(r'g_return(?:_val)?_if_fail \(.*?;', re.S)


def words(path):
    return set(EVENT.findall(CONDITION.sub('', path.read_text())))


def main():
    header = (ROOT / 'src/audit/bed-audit.h').read_text()
    events = re.findall(r'^  (BED_AUDIT_[A-Z_]+) = \d+,', header, re.M)
    callers = set()
    for path in (ROOT / 'src').rglob('*.c'):
        if path.parent.name != 'audit' and path.name != 'bed-record-text.c':
            callers |= words(path)
    names = words(ROOT / 'src/audit/bed-audit.c')
    meanings = words(ROOT / 'src/audit/bed-audit-pattern.c')
    wrong = [f'{e}: nobody notes it' for e in events if e not in callers and e not in AHEAD]
    wrong += [f'{e}: has callers now' for e in AHEAD & callers]
    wrong += [f'{e}: no name' for e in events if e not in names]
    wrong += [f'{e}: no meaning' for e in events if e not in meanings]
    for line in wrong:
        print(line)
    print(f'{len(events)} events, {len(wrong)} complaints')
    return 1 if wrong or len(events) < 40 else 0


if __name__ == '__main__':
    sys.exit(main())
