#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts the patient's page together: sources, word lists, and one catalog for each language of po/.

A catalog is the translations of those texts that the page's own sources mark, taken from the same po
files as the app's.
"""
import argparse
import gettext
import json
import pathlib
import re
import shutil
import subprocess
import tempfile

NAMES = {'de': 'Deutsch'}
ESCAPES = {'n': '\n', 't': '\t', '"': '"', '\\': '\\'}


def unquote(quoted):
    return re.sub(r'\\(.)', lambda m: ESCAPES.get(m.group(1), m.group(1)), quoted)


def marked_texts(sources, work):
    """The texts that the sources mark with _ and N_, as xgettext sees them."""
    template = work / 'page.pot'
    subprocess.run(['xgettext', '--language=JavaScript', '--from-code=UTF-8', '--keyword=_', '--keyword=N_',
                    '--no-location', '--force-po', f'--output={template}', *map(str, sources)], check=True)
    texts = []
    for entry in re.findall(r'^msgid ((?:"(?:[^"\\]|\\.)*"\s*)+)', template.read_text('utf-8'), re.M):
        text = ''.join(unquote(part) for part in re.findall(r'"((?:[^"\\]|\\.)*)"', entry))
        if text:
            texts.append(text)
    return texts


def catalog(po, texts, work):
    compiled = work / (po.stem + '.mo')
    subprocess.run(['msgfmt', '--check-format', f'--output-file={compiled}', str(po)], check=True)
    with open(compiled, 'rb') as stream:
        translations = gettext.GNUTranslations(stream)
    found = {text: translations.gettext(text) for text in texts}
    return {text: translated for text, translated in found.items() if translated != text}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--source-dir', type=pathlib.Path, required=True)
    parser.add_argument('--po-dir', type=pathlib.Path, required=True)
    parser.add_argument('--sas-dir', type=pathlib.Path, required=True)
    parser.add_argument('--output', type=pathlib.Path, required=True)
    parser.add_argument('--stamp', type=pathlib.Path, required=True)
    parser.add_argument('files', nargs='+')
    options = parser.parse_args()

    shutil.rmtree(options.output, ignore_errors=True)
    for name in options.files:
        target = options.output / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(options.source_dir / name, target)
    (options.output / 'sas').mkdir()
    for words in sorted(options.sas_dir.glob('*.txt')):
        shutil.copyfile(words, options.output / 'sas' / words.name)

    languages = [{'code': 'en', 'name': 'English'}]
    catalogs = options.output / 'i18n'
    catalogs.mkdir()
    with tempfile.TemporaryDirectory() as directory:
        work = pathlib.Path(directory)
        texts = marked_texts([options.source_dir / name for name in options.files if name.endswith('.js')], work)
        for code in (options.po_dir / 'LINGUAS').read_text().split():
            entries = catalog(options.po_dir / f'{code}.po', texts, work)
            (catalogs / f'{code}.json').write_text(json.dumps(entries, ensure_ascii=False, indent=0) + '\n', 'utf-8')
            languages.append({'code': code, 'name': NAMES.get(code, code)})
    (catalogs / 'en.json').write_text('{}\n')
    (catalogs / 'languages.json').write_text(json.dumps(languages, ensure_ascii=False) + '\n', 'utf-8')
    (catalogs / 'texts.json').write_text(json.dumps(sorted(texts), ensure_ascii=False, indent=0) + '\n', 'utf-8')
    options.stamp.touch()


if __name__ == '__main__':
    main()
