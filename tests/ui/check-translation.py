#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""check-translation.py SOURCE: every string of the app and of the page is in each language's file, and none is fuzzy.

The strings are taken from the sources here, not from a template that could be old.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

KEYWORDS = ['--keyword=_', '--keyword=N_', '--keyword=C_:1c,2', '--keyword=ngettext:1,2']


def output(*command, cwd=None):
    return subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True).stdout


def unlisted(source):
    """Sources with words for people that POTFILES.in does not name."""
    listed = set(re.findall(r'^[^#\s]+$', (source / 'po/POTFILES.in').read_text(), re.M))
    words = {'.c': r'[^\w]N?_ ?\("', '.js': r'[^\w]_\(\'', '.ui': 'translatable="yes"'}
    for path in sorted((source / 'src').rglob('*')):
        name = str(path.relative_to(source))
        if path.suffix in words and name not in listed and re.search(words[path.suffix], path.read_text()):
            yield name


def main():
    source = pathlib.Path(sys.argv[1]).resolve()
    problems = [f'po/POTFILES.in lacks {name}' for name in unlisted(source)]
    with tempfile.TemporaryDirectory(prefix='bedside-po.') as folder:
        template = f'{folder}/all.pot'
        output('xgettext', '--from-code=UTF-8', *KEYWORDS, '-o', template, '-f', 'po/POTFILES.in', cwd=source)
        for language in (source / 'po/LINGUAS').read_text().split():
            merged = f'{folder}/{language}.po'
            output('msgmerge', '--quiet', '--no-fuzzy-matching', '-o', merged, source / f'po/{language}.po', template)
            subprocess.run(['msgfmt', '--check-format', '-o', '/dev/null', merged], check=True)
            for kind in ('--untranslated', '--only-fuzzy'):
                for text in re.findall(r'^msgid .*(?:\n".*)*', output('msgattrib', kind, '--no-obsolete', merged), re.M):
                    if text != 'msgid ""':
                        problems.append(f'{language}, {kind[2:]}: {text}')
    print(*problems, sep='\n')
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
