#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""app-drafts.py BUILD OUTPUT: a draft that is deleted, taken back days later, and erased. Run by run-app."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.record import Record  # noqa: E402

PATIENT = 'Ruth Lindqvist'
WORDS = 'Dizzy since Tuesday.'


class Drafts(Record):
    def has_words(self):
        return any(e.text() == WORDS and e.on_screen() for e in self.app.walk())

    def write(self):
        self.add_patient(PATIENT)
        self.app.press('Write a note')
        self.app.wait('', 'Sign…')
        self.choose('Template', 'SOAP')
        self.app.at('BedHomePage')
        self.app.write_entry('Subjective', WORDS)
        self.say_saved()

    def delete(self):
        self.choose_plain('Delete draft')
        self.app.wait('', 'Draft deleted. It can be taken back in Preferences, Notes.', 10)
        self.app.at('BedHomePage')
        self.app._try('the end of the note', lambda: not self.has_words(), 10)

    def open_deleted(self):
        self.open_preferences('Notes', 'Keep and erase')
        self.app.wait('', 'Deleted, and still there')
        self.app.wait('', 'A draft', 10, contains=True)

    def take_back(self):
        self.open_deleted()
        self.display.screenshot(self.output / 'deleted.png')
        self.app.press('Take back')
        self.app.wait('', 'Nothing is deleted', 10)
        self.close_preferences()
        self.app.point('Notes')
        self.app.point(PATIENT, contains=True)
        self.app._try('the note', self.has_words, 20)
        self.ok('a deleted draft is in the preferences after the next start, and is taken back whole')

    def erase(self):
        self.open_deleted()
        self.app.press('Erase…')
        self.app.at_window(f'Erase the draft about {PATIENT} for good?')
        self.app.press('Erase for good', contains=True, role='push button')
        self.app.at_window('Preferences')
        self.app.wait('', 'Nothing is deleted', 30)
        self.app.wait('', '1 note', 10)
        self.ok('or erased for good by a person, which is in the list of what was')
        self.close_preferences()
        self.app.point('Patients')
        self.app.wait('', PATIENT)
        self.ok('and its patient stays')

    def steps(self):
        self.make_profile()
        self.start()
        self.unlock()
        self.write()
        self.delete()
        self.quit()
        self.start()
        self.unlock()
        self.take_back()
        self.delete()
        self.erase()


if __name__ == '__main__':
    Drafts(sys.argv[1], sys.argv[2]).run()
