#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""app-by-keys.py BUILD OUTPUT: patients, a note and its versions, search, timeline, audit trail and backup without a mouse, in
a narrow window. Every act is a key; the accessibility bus is only read. Run by run-app."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.keyboard import Keyboard  # noqa: E402
from bedtest.record import DOCTOR, PASSWORD, Record  # noqa: E402

PATIENT = 'Ruth Lindqvist'
WORDS, LATER = 'Dizzy since Tuesday', 'Laboratory rang, ferritin low'
PAGES = ('Audit trail', 'Backup', 'Keep and erase', 'Templates and snippets')
WIDTH, HEIGHT = 360, 720


class ByKeys(Record):
    def key(self, *keys):
        self.display.key(*keys)

    def type(self, text):
        self.display.type(text)

    def fill(self):
        self.app.fill_display(WIDTH, HEIGHT)

    def open(self):
        self.app.at('BedUnlockPage')
        self.fill()
        self.type(PASSWORD)
        self.key('Return')
        self.app.at('BedHomePage', 30)
        self.fill()

    def patient(self):
        app, keys = self.app, self.keys
        self.key('ctrl+f')
        app.at('BedPatientsPage')
        keys.press('New patient')
        app.at_window('New patient')
        self.type(PATIENT)
        keys.press('Save')
        app.at('BedPatientsPage')
        app.wait('', 'Write a note')
        self.fill()
        self.ok('a patient is added')

    def note(self):
        app, keys = self.app, self.keys
        keys.press('Write a note')
        app.at('BedNotesPage')
        app.wait('', 'Sign…')
        keys.reach('Reason for the consultation')
        self.type(WORDS)
        self.say_saved()
        keys.press('Sign…')
        app.at_window('Sign this note?')
        keys.press('Sign')
        app.at('BedNotesPage')
        self.fill()
        app.wait('', f'Signed by {DOCTOR}')
        self.ok('a note is written and signed')

    def compare(self):
        app, keys = self.app, self.keys
        keys.press('Write addendum…')
        app.at_window('Addendum')
        keys.reach_entry()
        self.type('Laboratory result')
        keys.reach('Addendum')
        self.type(LATER)
        keys.press('Sign addendum')
        app.at('BedNotesPage')
        self.fill()
        app.wait('', LATER)
        keys.press('More for this note')
        app.anywhere()
        keys.reach('Compare versions', key='Down')
        self.key('Return')
        app.at_window('Versions')
        app.wait('', LATER)
        self.ok('an addendum is signed, and the versions are compared')
        self.key('Escape')
        app.no_window('Versions')
        self.fill()

    def search(self):
        app, keys = self.app, self.keys
        app.at('BedNotesPage')
        self.key('ctrl+f')
        self.type('ferritin')
        app.wait('list item', PATIENT, contains=True)
        self.key('Down')
        keys.reach(PATIENT, role='list item')
        self.key('Return')
        app.wait('', f'Signed by {DOCTOR}')
        self.ok('the note is found again')

    def timeline(self):
        app, keys = self.app, self.keys
        keys.press('All notes')
        app.at('BedHomePage')
        keys.press('Back to the sections')
        keys.reach('Lock')
        self.key('Tab')
        keys.reach('Patients', key='Up', role='list item')
        self.key('Return')
        app.at('BedPatientsPage')
        self.key('ctrl+f')
        self.key('Down')
        keys.press(PATIENT, role='list item')
        app.wait('', 'Timeline')
        keys.reach('Consultation', role='list item')
        self.key('Return')
        app.at('BedNotesPage')
        app.wait('', f'Signed by {DOCTOR}')
        self.ok('and opened from the patient\'s timeline')

    def preferences(self, row):
        app, keys = self.app, self.keys
        app.at('BedHomePage')
        self.key('ctrl+comma')
        app.at_window('Preferences')
        self.fill()
        keys.reach('Notes', role='page tab')
        self.key('space')
        keys.press(row, role='list item')

    def leave(self):
        def left():
            self.key('Escape')
            return 'Preferences' not in self.app._windows()
        self.keys.press('Back')
        self.app.anywhere()
        self.app._try('the end of the preferences', left, 15)
        self.fill()

    def trail(self):
        app, keys = self.app, self.keys
        self.preferences('Audit trail')
        keys.press('Verify now')
        app.wait('', 'Intact:', 20, contains=True)
        self.ok('the audit trail is verified')
        self.leave()

    def escape_twice(self):
        self.app.wait('', 'Back')
        self.key('Escape')
        self.app.wait_gone('push button', 'Back')
        self.key('Escape')
        self.app.no_window('Preferences')
        self.fill()

    def escape(self):
        """From every page of the record's one Escape leads back, and another closes; a form closes with one."""
        app, keys = self.app, self.keys
        for page in PAGES:
            self.preferences(page)
            self.escape_twice()
            self.ok(f'two Escapes close {page}')
        self.preferences('Templates and snippets')
        for form in ('template', 'snippet'):
            keys.press(f'New {form}…', role='list item')
            app.at_window(f'New {form}')
            self.key('Escape')
            app.no_window(f'New {form}')
            app.at_window('Preferences')
            self.fill()
        self.escape_twice()
        self.ok('and one a new template and a new snippet')

    def backup(self):
        app, keys = self.app, self.keys
        stick = self.folder / 'stick'
        stick.mkdir()
        self.preferences('Backup')
        keys.press('Folder', role='list item')
        self.choose_folder(stick)
        app.at_window('Preferences')
        self.fill()
        app.wait('', str(stick))
        keys.press('Back up now', role='list item')
        app.wait('', 'Backed up, and read back whole.', 30)
        self.ok('and a backup is made into a folder')

    def steps(self):
        self.make_profile()
        self.start()
        self.keys = Keyboard(self.display, self.app)
        self.open()
        self.patient()
        self.note()
        self.compare()
        self.search()
        self.timeline()
        self.trail()
        self.escape()
        self.backup()


if __name__ == '__main__':
    ByKeys(sys.argv[1], sys.argv[2]).run()
