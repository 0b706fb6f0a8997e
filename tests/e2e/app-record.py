#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""app-record.py BUILD OUTPUT: the clinical record in the real app, without a network.

Runs inside tests/support/gui-session.sh or pipewire-session.sh. A note is written from a template, signed, added to,
found again, handed over as PDF, and the audit trail is verified; each as a person would, over the accessibility bus.
"""
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.desktop import Atspi, DesktopError  # noqa: E402
from bedtest.record import Record  # noqa: E402

PATIENT = 'Ruth Lindqvist'
FIRST = 'Dizzy since Tuesday, worse on standing up.'
ADDENDUM = 'Laboratory rang: haemoglobin 118, ferritin low.'


class Notes(Record):
    def begin(self):
        self.make_profile()
        self.start()
        self.unlock()
        self.ok('unlocked without a network')

    def write(self):
        app = self.app
        app.point('Patients')
        app.press('New patient')
        app.at_window('New patient')
        app.write_entry('Name', PATIENT)
        app.press('Save')
        app.at('BedHomePage')
        app.press('Write a note')
        app.wait('', 'Sign…')
        self.choose('Template', 'SOAP')
        app.wait('', 'Subjective')
        app.write_entry('Subjective', FIRST)
        app.wait('', 'Saved', 10, contains=True)
        self.say_saved()
        self.ok('typed from a template and saved')

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
        self.ok('signed, and there is nothing left to type into')

    def add(self):
        app = self.app
        app.press('Write addendum…')
        app.at_window('Addendum')
        app.write_entry('Reason', 'Laboratory result', contains=True)
        app.write_entry('Addendum', ADDENDUM)
        app.press('Sign addendum')
        app.at('BedHomePage')
        app.wait('', ADDENDUM)
        app.wait('', 'Reason: Laboratory result')
        app.press('Verify')
        app.wait('', 'Unchanged since.', contains=True)
        self.ok('an addendum below, and both verified')

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
        app.point('Consultation')
        app.wait('', 'Signed by Dr Amara Okafor')
        self.ok('opened again from the timeline')

    def hand_over(self, folder):
        app = self.app
        self.choose_plain('Hand over…')
        app.at_window('Hand over')
        app.press('Save as…')
        target = folder / 'handed-over.pdf'
        self.save_dialog(target)
        app.at_window('Hand over')
        app.wait('', 'The audit trail says so.', 15, contains=True)
        text = subprocess.run(['pdftotext', '-layout', target, '-'], check=True, capture_output=True, text=True,
                              timeout=30).stdout
        for words in (PATIENT, 'Dizzy since Tuesday', 'haemoglobin 118', 'Dr Amara Okafor'):
            if words not in ' '.join(text.split()):
                raise DesktopError(f'the PDF lacks "{words}"')
        recent = list(folder.rglob('recently-used.xbel'))
        for file in recent:
            if 'handed-over' in file.read_text():
                raise DesktopError('the file is in the list of recent files')
        app.press('Close')
        self.ok('handed over as PDF, and in no list of recent files')

    def audit(self, folder):
        app = self.app
        self.open_preferences('Notes')
        app.point('Audit trail')
        app.press('Verify now')
        app.wait('', 'Intact:', 20, contains=True)
        for act in ('Handed over', 'Searched', 'Addendum signed', 'Note signed', 'Note opened', 'Consultation opened',
                    'Patient opened'):
            self.scroll_to(act)
        self.ok('the audit trail tells of it and is intact')
        self.count_opens(folder / 'trail.csv')

    def count_opens(self, target):
        """Each is noted as often as it came to be seen: once when it was made, once more from the patient's page."""
        app = self.app
        app.press('CSV…')
        self.save_dialog(target)
        app.at_window('Preferences')
        app.wait('', 'Exported, with', 15, contains=True)
        events = [line.split(',')[3] for line in target.read_text().splitlines()]
        counts = {what: events.count(what + '-opened') for what in ('patient', 'encounter', 'note')}
        if set(counts.values()) != {2}:
            raise DesktopError(f'opened as the trail has it: {counts}')
        self.ok('and has each opening once')

    def steps(self):
        self.begin()
        self.write()
        self.sign()
        self.add()
        self.search()
        self.come_back()
        self.hand_over(self.folder)
        self.audit(self.folder)


if __name__ == '__main__':
    Notes(sys.argv[1], sys.argv[2]).run()
