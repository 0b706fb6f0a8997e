#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""app-emergency.py BUILD OUTPUT: the key in the envelope, from its use to the clinician who hears of it. Run by run-app."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.desktop import DesktopError  # noqa: E402
from bedtest.record import DOCTOR, Record  # noqa: E402

PATIENT = 'Ruth Lindqvist'
WORDS = 'Penicillin is not tolerated.'
STAND_IN = 'Dr Bela Ruiz'
WHY = 'The patient was brought in unconscious.'
QUESTION = 'Opened with the emergency key'


class Emergency(Record):
    def write(self):
        """The owner leaves a note, and closes the app."""
        self.unlock()
        self.app.point('Patients')
        self.app.press('New patient')
        self.app.at_window('New patient')
        self.app.write_entry('Name', PATIENT)
        self.app.press('Save')
        self.app.at('BedHomePage')
        self.app.press('Write a note')
        self.choose('Template', 'SOAP')
        self.app.wait('', 'Subjective')
        self.app.write_entry('Subjective', WORDS)
        self.say_saved()
        self.app.stop()

    def come_in(self, key):
        app = self.app
        app.at('BedUnlockPage')
        app.press('Use the recovery key')
        app.write_entry('Recovery key', key)
        app.press('Unlock')
        app.at_window(QUESTION, 40)
        self.display.screenshot(self.output / 'question.png')
        app.anywhere()
        for name in ('Today', 'Patients', 'Nobody waits', PATIENT, 'Elin Marsh'):
            if any(e.met_by_pointer() for e in app.walk() if e.name == name and e.role == 'label'):
                raise DesktopError(f'"{name}" is seen before they said who they are')
        self.ok('the question comes first, and nothing is seen behind it')

    def lock_instead(self, key):
        """However it is locked there: the process begins anew, and only a key opens it again."""
        app = self.app
        for way, act in (('the button', lambda: app.press('Lock', contains=True, role='push button')),
                         ('Esc', lambda: self.display.key('Escape')),
                         ('Ctrl+L', lambda: self.display.key('ctrl+l'))):
            app.at_window(QUESTION)
            act()
            app.again()
            app.fill_display(1280, 800)
            self.ok(f'{way} locks the question, and all of the record')
            self.come_in(key)

    def answer(self):
        app = self.app
        app.at_window(QUESTION)
        app.write_entry('Who you are', 'x' * 201)
        app.write_entry('Why', WHY)
        app.wait('', 'This name is too long.', contains=True)
        if app.wait('push button', 'Open', contains=True).sensitive():
            raise DesktopError('a name that is too long is taken')
        self.ok('a name that is too long is told while it is typed')
        app.write_entry('Who you are', STAND_IN)
        app.wait_gone('', 'This name is too long. Notes are signed by it: shorten it.')
        app.press('Open', contains=True, role='push button')
        app.at('BedHomePage')
        self.ok('who they are and why is taken, and the record opens')

    def read(self):
        app = self.app
        app.point('Notes')
        app.point(PATIENT, contains=True)
        app.wait('', 'Sign…')
        app.press('Sign…')
        app.at_window('Sign this note?')
        app.wait('', f'You sign it as {STAND_IN}', contains=True)
        app.press('Cancel', contains=True, role='push button')
        app.at('BedHomePage')
        self.ok('they read the note, and would sign by their own name')

    def look_at_trail(self):
        self.open_preferences('Notes', 'Audit trail')
        for act in ('Note opened', 'Opened with the emergency key'):
            self.scroll_to(act)
        self.app.wait('', f'{STAND_IN} · With the emergency key', contains=True)
        self.ok('the trail has their name at what they did')
        self.scroll_to('File rewritten after an erasure')
        self.ok('and that an erasure which was cut off was finished after the unlock')
        self.app.stop()

    def tell_owner(self):
        self.start()
        self.unlock()
        self.app.at_window('The record was opened with the emergency key', 20)
        for words in (STAND_IN, WHY):
            self.app.wait('', words, contains=True)
        self.ok(f'{DOCTOR} hears of it at the next unlock')

    def steps(self):
        made = self.make_profile('emergency', 'erasure')
        self.start()
        self.write()
        self.start()
        self.come_in(made['emergency'])
        self.lock_instead(made['emergency'])
        self.answer()
        self.read()
        self.look_at_trail()
        self.tell_owner()


if __name__ == '__main__':
    Emergency(sys.argv[1], sys.argv[2]).run()
