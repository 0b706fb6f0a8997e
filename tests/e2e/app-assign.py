#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""app-assign.py BUILD OUTPUT: whose consultation it is can be taken back and changed until the note is signed, and after
that is asked about once. Run by run-app."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.record import Record  # noqa: E402

TYPED = 'Elin Marsh'  # of the consultation that nobody was assigned to
RIGHT, WRONG = 'Ruth Lindqvist', 'Otto Brandt'
FIRST, OTHER = 'Assign…', 'Assign to another…'
NOBODY = 'Not in the records yet'


class Assign(Record):
    def open_note(self, name):
        self.app.at('BedHomePage')
        self.app.point('Notes')
        self.app.at('BedNotesPage')
        self.app.point(name)

    def choose(self, button, patient):
        self.app.at('BedNotesPage')
        self.app.press(button, role='push button')
        self.app.at_window('Whose consultation is it?')
        self.app.point(patient)

    def expect(self, patient, button):
        """button: None when it stays as it is."""
        self.app.at('BedNotesPage')
        self.app.wait('label', patient, contains=True)
        if button is not None:
            self.app.wait('push button', button)
        for other in {FIRST, OTHER} - {button}:
            self.app.wait_gone('push button', other)

    def undo(self, patient):
        self.app.wait_toast(f'Assigned to {patient}.')
        self.app.point('Undo')

    def undo_first(self):
        self.open_note(TYPED)
        self.expect(NOBODY, FIRST)
        self.choose(FIRST, WRONG)
        self.undo(WRONG)
        self.expect(NOBODY, FIRST)
        self.app.wait_gone('label', WRONG)
        self.ok('assigned by a slip, and taken back: it is nobody\'s again')

    def change(self):
        self.choose(FIRST, WRONG)
        self.expect(WRONG, OTHER)
        self.app.wait('list item', f'{WRONG}, ', contains=True)
        self.choose(OTHER, RIGHT)
        self.expect(RIGHT, OTHER)
        self.app.wait_gone('label', WRONG)
        self.ok('a draft is assigned to another one')
        self.undo(RIGHT)
        self.expect(WRONG, OTHER)
        self.app.wait_gone('label', RIGHT)
        self.ok('and that is taken back: it is again with whom it was before')

    def sign(self):
        self.app.at('BedHomePage')
        self.app.write_entry('Subjective', 'Dizzy since Tuesday.')
        self.say_saved()
        self.app.press('Sign…')
        self.app.at_window('Sign this note?')
        self.app.press('Sign', contains=True, role='push button')
        self.app.at('BedNotesPage')
        self.app.wait('', 'Signed, does not change')

    def ask_final(self, answer):
        self.choose(FIRST, RIGHT)
        self.app.at_window(f'Assign to {RIGHT} for good?')
        self.app.wait('', 'Whose it is cannot be changed after this.', contains=True)
        self.app.press(answer, contains=True, role='push button')

    def final(self):
        self.choose(OTHER, RIGHT)
        self.undo(RIGHT)
        self.expect(WRONG, OTHER)
        self.sign()
        self.expect(WRONG, None)
        self.ok('a signed note stays with the patient that it has')

    def ask_once(self):
        self.open_note(TYPED)
        self.sign()
        self.expect(NOBODY, FIRST)
        self.ask_final('Cancel')
        self.expect(NOBODY, FIRST)
        self.ask_final('Assign')
        self.app.wait_toast(f'Assigned to {RIGHT}.')
        self.expect(RIGHT, None)
        self.ok('what is signed and nobody\'s is assigned after a question, for good')

    def steps(self):
        self.make_profile('visit', 'visit')
        self.start()
        self.unlock()
        for name in (RIGHT, WRONG):
            self.add_patient(name)
        self.undo_first()
        self.change()
        self.final()
        self.ask_once()


if __name__ == '__main__':
    Assign(sys.argv[1], sys.argv[2]).run()
