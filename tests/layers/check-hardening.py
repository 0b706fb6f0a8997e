#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""check-hardening.py PROGRAM…: what the compiler and the linker were asked for is in the programs. As TAP.

CET is looked for in our own objects: of the whole program the linker says so only where the C library and every static
library have it too, which Debian 12's have not.
"""
import pathlib
import platform
import re
import subprocess
import sys

results = []


def check(name, good, detail=''):
    results.append(bool(good))
    print(f'{"ok" if good else "not ok"} {len(results)} {name}', flush=True)
    if not good:
        print('# ' + str(detail).replace('\n', '\n# '), flush=True)


def ask(tool, *arguments):
    return subprocess.run([tool, *arguments], check=True, capture_output=True, text=True).stdout


def stack_flags(segments):
    return re.search(r'GNU_STACK\s+(?:\S+\s+){5}(\S+)', segments)[1]


def without_cet(program):
    objects = sorted(pathlib.Path(f'{program}.p').glob('*.o'))
    return [o.name for o in objects if 'IBT, SHSTK' not in ask('readelf', '-n', o)] if objects else ['no object']


def look(program):
    name = program.name
    header, segments = ask('readelf', '-h', program), ask('readelf', '-lW', program)
    dynamic, symbols = ask('readelf', '-d', program), ask('nm', '-D', '--undefined-only', program)
    check(f'{name}: at a place of its own each time (PIE)', 'DYN' in header and 'PIE' in dynamic, header)
    check(f'{name}: what the loader wrote is read-only afterwards (RELRO, BIND_NOW)',
          'GNU_RELRO' in segments and 'BIND_NOW' in dynamic, dynamic)
    check(f'{name}: its stack is no program', stack_flags(segments) == 'RW', segments)
    check(f'{name}: its stack is watched', '__stack_chk_fail' in symbols, symbols)
    check(f'{name}: writes to memory are measured (FORTIFY)', re.search(r'__mem\w+_chk', symbols), symbols)
    if platform.machine() == 'x86_64':
        check(f'{name}: our objects are made for CET', without_cet(program) == [], without_cet(program))


def main():
    for argument in sys.argv[1:]:
        look(pathlib.Path(argument))
    print(f'1..{len(results)}')
    return 0 if results and all(results) else 1


if __name__ == '__main__':
    sys.exit(main())
