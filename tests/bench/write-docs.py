#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts the tables of bench-<name>.json into docs/performance.md, each in the section of its name, which is made when it
is not there yet. write-docs.py BUILD NAME…"""
import json
import pathlib
import re
import sys
import textwrap

DOCS = pathlib.Path(__file__).resolve().parents[2] / 'docs/performance.md'
HEAD = '| | n | median | p95 | max | unit | ratio to peer |\n|---|---|---|---|---|---|---|\n'


def row(name, figures):
    ratio = '' if figures['ratio'] is None else f'{figures["ratio"]:.2f}'
    values = ' | '.join(f'{figures[key]:.2f}' for key in ('median', 'p95', 'max'))
    return f'| {name} | {figures["n"]} | {values} | {figures["unit"]} | {ratio} |\n'


def section(result):
    machine = result['machine']
    told = (f'{machine["date"]}, commit {machine["commit"]}, load {machine["load_before"]:.1f} to '
            f'{machine["load_after"]:.1f} on {machine["cores"]} cores.')
    table = HEAD + ''.join(row(name, figures) for name, figures in result['rows'].items())
    notes = textwrap.fill(' '.join(result['notes']), 118)
    return f'### {result["name"]}\n{told}\n\n{table}' + (f'\n{notes}\n' if notes else '')


def replaced(text, result):
    """Only between "## Figures" and the next heading of its level."""
    begin = text.index('\n## Figures\n')
    end = text.index('\n## ', begin + 1)
    figures, made = text[begin:end], section(result)
    found = re.search(rf'^### {re.escape(result["name"])}\n.*?(?=^### |\Z)', figures, re.M | re.S)
    if found:
        figures = figures[:found.start()] + made + '\n' + figures[found.end():]
    else:
        figures = figures.rstrip('\n') + '\n\n' + made + '\n'
    return text[:begin] + figures.rstrip('\n') + '\n' + text[end:]


def main():
    build, names = pathlib.Path(sys.argv[1]), sys.argv[2:]
    text = DOCS.read_text()
    for name in names:
        result = json.loads((build / f'bench-{name}.json').read_text())
        if result['quick']:
            sys.exit(f'{name}: a quick run shows that it works, not how fast')
        text = replaced(text, result)
    DOCS.write_text(text)


main()
