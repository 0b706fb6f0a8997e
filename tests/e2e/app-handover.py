#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""app-handover.py BUILD OUTPUT: what leaves the record beside paper: text, a FHIR document, and an encrypted file that is
opened again. Run by run-app."""
import importlib.util
import json
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.desktop import DesktopError  # noqa: E402
from bedtest.record import DOCTOR, Record  # noqa: E402

PATIENT = 'Ruth Lindqvist'
WORDS = 'Dizzy since Tuesday, worse on standing up.'
OTHER = 'Tomasz Wójcik'
OTHER_WORDS = 'Sleeps badly since the move, no pain.'
ALL_WORDS = (WORDS, OTHER_WORDS)
PASSPHRASE = 'eleven quiet herons over a frozen lake'
RECORDS = pathlib.Path(__file__).parents[1] / 'records'


def complaints(document):
    """Of the rules that the samples of the unit tests are held against, too."""
    sys.path.insert(0, str(RECORDS))
    spec = importlib.util.spec_from_file_location('check_exports', RECORDS / 'check-exports.py')
    rules = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(rules)
    return rules.complaints(document)


class Handover(Record):
    def begin(self):
        app = self.app
        self.add_patient(PATIENT)
        app.press('Write a note')
        app.wait('', 'Sign…')
        self.choose('Template', 'SOAP')
        app.at('BedHomePage')
        app.write_entry('Subjective', WORDS)
        app.wait('', 'Saved', 10, contains=True)
        app.press('Sign…')
        app.at_window('Sign this note?')
        app.press('Sign', contains=True, role='push button')
        app.at('BedHomePage')
        app.wait('', f'Signed by {DOCTOR}')

    def save(self, target, told):
        app = self.app
        app.press('Save as…', role='push button')
        app.save_dialog(target)
        app.at_window('Hand over')
        app.wait('', told, 60, contains=True)
        if target.stat().st_mode & 0o777 != 0o600:
            raise DesktopError(f'others may read {target.name}')

    def one_note(self):
        self.choose_plain('Hand over…')
        self.app.at_window('Hand over')
        text, document = self.folder / 'note.txt', self.folder / 'note.json'
        self.select('As', 'Plain text', 1)
        self.save(text, 'The audit trail says so.')
        for words in (PATIENT, WORDS, DOCTOR):
            if words not in text.read_text():
                raise DesktopError(f'the text lacks "{words}"')
        self.ok('a note as plain text')
        self.select('As', 'FHIR', 2)
        self.save(document, 'The audit trail says so.')
        bundle = json.loads(document.read_text())
        if complaints(bundle) or WORDS not in document.read_text():
            raise DesktopError(f'the FHIR document: {complaints(bundle)}')
        self.ok('and as a FHIR document that keeps every rule, its signature among them')

    def encrypted(self):
        app = self.app
        self.select('What', 'Everything of this patient', 1)
        app.write_entry('Passphrase of the file', 'abc')
        app.wait('', 'This is too easy to guess', 10, contains=True)
        if app.wait('push button', 'Save as…').sensitive():
            raise DesktopError('a passphrase that is guessed is taken')
        self.write_passphrase(PASSPHRASE)
        target = self.folder / 'everything.bedside'
        self.save(target, '1 note is in the file, which was read back and is whole.')
        self.ok('everything of a patient in an encrypted file, which was read back')
        self.compare(target, {PATIENT: [WORDS]})
        self.ok('which the program for it opens with that passphrase alone')
        app.press('Close')

    def whole_record(self):
        """Everybody's, with a draft that was not saved yet when it was asked for."""
        self.begin_note(OTHER, OTHER_WORDS)
        self.choose_plain('Hand over…')
        self.app.at_window('Hand over')
        self.select('What', 'The whole record', 2)
        self.write_passphrase(PASSPHRASE)
        target = self.folder / 'whole.bedside'
        self.save(target, '2 notes are in the file, which was read back and is whole.')
        self.compare(target, {PATIENT: [WORDS], OTHER: [OTHER_WORDS]})
        self.ok('the whole record in an encrypted file, from which every note of everybody comes back')
        self.app.press('Close')

    def open_again(self, target):
        """Returns the folder that it was opened into."""
        opener, folder = self.build / 'src/app/bedside-open-export', self.folder / f'{target.stem}-opened'
        for words, fits in ((PASSPHRASE + 's', False), (PASSPHRASE, True)):
            done = subprocess.run([opener, target, folder], input=words + '\n', text=True, capture_output=True, timeout=60)
            if (done.returncode == 0) != fits or folder.exists() != fits:
                raise DesktopError(f'the opener ended with {done.returncode}: {done.stderr}')
        return folder

    def compare(self, target, expected):
        """What is in the file with what was typed: each patient's texts."""
        folder = self.open_again(target)
        subprocess.run(['sha256sum', '--quiet', '-c', 'SHA256SUMS'], cwd=folder, check=True, timeout=60)
        found = {}
        for path in folder.rglob('note.fhir.json'):
            bundle = json.loads(path.read_text())
            if complaints(bundle):
                raise DesktopError(f'the FHIR document in the file breaks a rule: {complaints(bundle)}')
            name = next(e['resource']['name'][0]['text'] for e in bundle['entry']
                        if e['resource']['resourceType'] == 'Patient')
            text = path.with_name('note.txt').read_text()
            if name not in text or not path.with_name('note.pdf').read_bytes().startswith(b'%PDF'):
                raise DesktopError(f'{path.parent} is not of one patient, or lacks its pages')
            found.setdefault(name, []).extend(words for words in ALL_WORDS if words in text)
        if {name: sorted(words) for name, words in found.items()} != expected:
            raise DesktopError(f'the file holds {found} in place of {expected}')
        if any(words.encode() in target.read_bytes() for words in ALL_WORDS):
            raise DesktopError('what was written is readable in the closed file')

    def steps(self):
        self.make_profile()
        self.start()
        self.unlock()
        self.begin()
        self.one_note()
        self.encrypted()
        self.whole_record()


if __name__ == '__main__':
    Handover(sys.argv[1], sys.argv[2]).run()
