#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""app-record.py BUILD OUTPUT: the clinical record in the real app, without a network.

Runs inside tests/support/gui-session.sh or pipewire-session.sh. A note is written from a template, gets files, is signed,
added to, found again, handed over as PDF, and the audit trail is verified; each as a person would, over the accessibility bus.
"""
import pathlib
import struct
import subprocess
import sys
import time
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.desktop import Atspi, DesktopError  # noqa: E402
from bedtest.record import Record  # noqa: E402

PATIENT = 'Ruth Lindqvist'
FIRST = 'Dizzy since Tuesday, worse on standing up.'
RESULT = 'Ferritin 9, haemoglobin 118.'
ADDENDUM = 'Laboratory rang: haemoglobin 118, ferritin low.'
CORRECTED = 'Iron by mouth, blood count in six weeks.'


class Notes(Record):
    def begin(self):
        self.make_profile()
        self.start()
        self.unlock()
        self.ok('unlocked without a network')

    def write(self):
        self.begin_note(PATIENT, FIRST)
        self.app.wait('', 'Saved', 10, contains=True)
        self.say_saved()
        self.ok('typed from a template and saved')

    def attach(self, folder):
        """A picture, a text and one that is too large; looked at, saved elsewhere, deleted, taken back."""
        app = self.app
        picture, text, large = (folder / name for name in ('knee.png', 'result.txt', 'film.bin'))
        self.draw(picture)
        text.write_text(RESULT)
        with open(large, 'wb') as file:
            file.truncate(16 * 1024 * 1024 + 1)
        self.add_file(large)
        app.wait('', 'One file may have up to 16 MB', 15, contains=True)
        for file in (picture, text):
            self.add_file(file)
            app.wait('', file.name, 15)
        self.ok('two files in the record, and one too large was refused in words')
        self.scroll_down()
        app.point('result.txt')
        app.at_window('Attachment')
        app.wait('', 'Save a copy…')
        self.see_text(RESULT)
        self.ok('a text is looked at without a copy on the disk')
        app.press('Save a copy…', role='push button')
        copy = folder / 'copied.txt'
        self.app.save_dialog(copy)
        app.at_window('Attachment')
        app.wait('', 'Saved. The audit trail says so.', 15)
        if copy.read_text() != RESULT or copy.stat().st_mode & 0o777 != 0o600:
            raise DesktopError('the copy is not what was kept, or others may read it')
        self.expect_not_recent(folder, 'knee', 'result.txt', 'copied')
        self.display.key('Escape')
        app.at('BedHomePage')
        self.ok('a copy is saved for its owner alone, and no list of recent files has one')
        app.press('Delete “knee.png”')
        app.anywhere()
        app.wait('', 'File deleted.', 10)
        app.point('Undo')
        app.at('BedHomePage')
        app.wait('', 'Delete “knee.png”', 10)
        self.ok('deleted and taken back')

    def scroll_down(self):
        """To the end of the note, where its files are."""
        self.display.run('mousemove', '900', '400', 'click', '--repeat', '30', '--delay', '10', '5')

    def draw(self, path):
        """A PNG of 64 by 48 pixels without a library."""
        def chunk(kind, data):
            return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
        rows = b''.join(b'\0' + bytes((x * 4, y * 5, 128)[i] for x in range(64) for i in range(3)) for y in range(48))
        path.write_bytes(b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', 64, 48, 8, 2, 0, 0, 0))
                         + chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b''))

    def add_file(self, path):
        self.app.at('BedHomePage')
        self.app.press('Add a file…')
        self.app.open_dialog('Add a file', path)
        self.app.at('BedHomePage')

    def see_text(self, words):
        def seen():
            return any(e.on_screen() and words in e.text() for e in self.app.walk() if e.role == 'text')
        self.app._try(f'the text “{words}”', seen, 10)

    def expect_not_recent(self, folder, *names):
        for file in folder.rglob('recently-used.xbel'):
            for name in names:
                if name in file.read_text():
                    raise DesktopError(f'"{name}" is in the list of recent files')

    def sign(self):
        app = self.app
        app.at('BedHomePage')
        app.press('Sign…')
        app.at_window('Sign this note?')
        app.press('Sign', contains=True, role='push button')
        app.at('BedHomePage')
        app.wait('', 'Signed by Dr Amara Okafor')
        app.wait('', 'Unchanged since.', contains=True)
        for element in app.walk():
            iface = element.node.get_editable_text_iface()
            if iface is not None and FIRST in element.text() and (
                    element.states().contains(Atspi.StateType.EDITABLE) or element.met_by_pointer()):
                raise DesktopError('what was signed can be typed over')
        if app.find('', 'Delete “knee.png”') is not None:
            raise DesktopError('a file of a signed note can be deleted')
        self.ok('signed, and there is nothing left to type into')

    def add(self):
        app = self.app
        app.press('Write addendum…')
        app.at_window('Addendum')
        app.write_entry('Reason', 'Laboratory result', contains=True)
        app.write_entry('Addendum', ADDENDUM)
        app.press('Correct what stands in the note')
        app.write_entry('Plan', CORRECTED)
        app.wait('', 'the note reads as corrected from then on', contains=True)
        app.press('Sign addendum')
        app.at('BedHomePage')
        for text in (ADDENDUM, 'Reason: Laboratory result', CORRECTED, 'Corrected in addendum 1'):
            app.wait('', text)
        app.press('Verify')
        app.wait('', 'Unchanged since.', contains=True)
        self.ok('an addendum below that corrects a section, and both verified')
        self.compare()

    def compare(self):
        app = self.app
        self.choose_plain('Compare versions')
        app.at_window('Versions')
        app.wait('', CORRECTED)
        self.ok('and what it said before beside it')
        app.press('Close')
        app.at('BedHomePage')

    def search(self):
        app = self.app
        app.point('Notes')
        for words, found in (('ferritin', True), ('dizzy tues', True), ('elephant', False)):
            app.write_entry('Search notes', words)
            if found:
                app.wait('', PATIENT, 10, contains=True)
            else:
                app.wait('', 'Nothing found', 10)
        app.write_entry('Search notes', '')
        self.ok('found by its words and by those of the addendum')

    def come_back(self):
        """The patient is seen again, and from their timeline the consultation with its note."""
        app = self.app
        app.at('BedHomePage')
        app.point('Patients')
        self.hold()
        app.point('Consultation')
        app.wait('', 'Signed by Dr Amara Okafor')
        self.ok('opened again from the timeline')

    def hold(self):
        """Under legal hold nothing of the patient goes, until a person lifts it."""
        app = self.app
        app.press('Place under legal hold')
        app.at_window('Place under legal hold?')
        app.write_entry('Reason', 'A letter of the court')
        app.press('Place hold', contains=True, role='push button')
        app.at('BedHomePage')
        app.wait('', 'A letter of the court', contains=True)
        app.press('Delete this patient; can be taken back')
        app.anywhere()
        app.wait('', 'under legal hold: nothing of theirs is deleted', contains=True)
        self.ok('a patient under legal hold is not deleted, and it says why')
        app.at('BedHomePage')
        app.press('Lift…')
        app.at_window('Lift the legal hold?')
        app.press('Lift hold', contains=True, role='push button')
        app.at('BedHomePage')
        app.wait('', 'Place under legal hold')

    def hand_over(self, folder):
        app = self.app
        self.choose_plain('Hand over…')
        app.at_window('Hand over')
        app.press('Save as…')
        target = folder / 'handed-over.pdf'
        self.app.save_dialog(target)
        app.at_window('Hand over')
        app.wait('', 'The audit trail says so.', 15, contains=True)
        text = subprocess.run(['pdftotext', '-layout', target, '-'], check=True, capture_output=True, text=True,
                              timeout=30).stdout
        for words in (PATIENT, 'Dizzy since Tuesday', 'haemoglobin 118', 'Dr Amara Okafor', 'knee.png'):
            if words not in ' '.join(text.split()):
                raise DesktopError(f'the PDF lacks "{words}"')
        self.expect_not_recent(folder, 'handed-over')
        app.press('Close')
        self.ok('handed over as PDF, and in no list of recent files')

    def audit(self, folder):
        app = self.app
        self.open_preferences('Notes', 'Audit trail')
        app.press('Verify now')
        app.wait('', 'Intact:', 20, contains=True)
        for act in ('Handed over', 'Searched', 'Addendum signed', 'Note signed', 'Attachment kept', 'Note opened',
                    'Consultation opened', 'Legal hold ended', 'Patient put under legal hold', 'Patient opened'):
            self.scroll_to(act)
        self.ok('the audit trail tells of it and is intact')
        self.count_opens(folder / 'trail.csv')

    def count_opens(self, target):
        """Each is noted as often as it came to be seen: once when it was made, once more from the patient's page."""
        app = self.app
        app.press('CSV…')
        self.app.save_dialog(target)
        app.at_window('Preferences')
        app.wait('', 'Exported, with', 15, contains=True)
        events = [line.split(',')[3] for line in target.read_text().splitlines()]
        counts = {what: events.count(what + '-opened') for what in ('patient', 'encounter', 'note')}
        if set(counts.values()) != {2}:
            raise DesktopError(f'opened as the trail has it: {counts}')
        self.ok('and has each opening once')

    def see_found(self):
        """A note that a search led to shows where the words stand, until Escape."""
        app = self.app
        app.press('Close')
        app.at('BedHomePage')
        app.point('Notes')
        app.write_entry('Search notes', 'FERRI haemoglobin')
        app.point_at(app.wait('list item', f': {FIRST}', contains=True))
        app.wait('', 'Found in 2 places')
        self.ok('where the words stand is marked in the note')
        self.display.key('Escape')
        app.wait_gone('', 'Found in 2 places')
        self.ok('until Escape')

    def steps(self):
        self.begin()
        self.write()
        self.attach(self.folder)
        self.sign()
        self.add()
        self.search()
        self.come_back()
        self.hand_over(self.folder)
        self.audit(self.folder)
        self.see_found()


if __name__ == '__main__':
    Notes(sys.argv[1], sys.argv[2]).run()
