#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""app-retention.py BUILD OUTPUT: what is due after years is warned of, held, and erased for good. Run by run-app."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.desktop import DesktopError  # noqa: E402
from bedtest.record import Record  # noqa: E402

OLD = 'Long Ago'
ALMOST = 'Almost Due'


class Retention(Record):
    def buttons(self):
        return [e for e in self.app.walk() if e.name == 'Erase…' and e.role == 'push button' and e.on_screen()]

    def warned(self):
        self.open_preferences('Notes', 'Keep and erase')
        self.app.wait('', OLD)
        self.app.wait('', ALMOST)
        self.app.wait('', 'can be erased from', contains=True)
        if len(self.buttons()) != 2:
            raise DesktopError(f'{len(self.buttons())} can be erased')
        self.ok('what is due and what will be is listed, and only what is due can be erased')

    def chat_erased(self):
        """A kept chat alone: the question says what goes and what stays."""
        app = self.app
        row = app.wait('label', 'Kept chat · ', contains=True).extents()[1]
        min(self.buttons(), key=lambda e: abs(e.extents()[1] - row)).click()
        app.at_window(f'Erase the kept chat with {OLD} for good?')
        app.wait('', 'The consultation itself, its notes, files and consents stay.', contains=True)
        self.ok('of a kept chat it is asked about the messages alone')
        app.press('Erase for good', contains=True, role='push button')
        app.at_window('Preferences')
        app._try('the end of the chat\'s row', lambda: len(self.buttons()) == 1, 60)
        app.wait('label', OLD)

    def erased(self):
        app = self.app
        app.press('Erase…')
        app.at_window(f'Erase {OLD} for good?')
        self.ok('erasing is asked about')
        app.press('Erase for good', contains=True, role='push button')
        app.at_window('Preferences')
        app._try('the end of the row', lambda: not app.find('label', OLD), 60)
        for _ in range(15):
            self.display.run('mousemove', '300', '450', 'click', '5')
        app.wait('', '1 patient, 1 consultation, 1 note', 10)
        self.ok('it is gone, and there is a record of it')

    def noted(self):
        app = self.app
        self.close_preferences()
        self.open_preferences('Notes', 'Audit trail')
        for event in ('Patient erased for good', 'Erasure recorded', 'File rewritten after an erasure'):
            app.wait('', event, 10, contains=True)
        self.ok('the trail has the erasure, its record, and the rewriting of the file')
        self.close_preferences()

    def held(self):
        """The reason outlives the hold."""
        app = self.app
        app.point('Patients')
        if app.find('label', OLD):
            raise DesktopError('the erased patient is in the list')
        app.point(ALMOST)
        app.press('Place under legal hold')
        app.at_window('Place under legal hold?')
        app.write_entry('Reason', 'A court asked for it')
        app.press('Place hold', contains=True, role='push button')
        app.at('BedHomePage')
        app.wait('', 'Under legal hold')
        app.press('Lift…')
        app.at_window('Lift the legal hold?')
        app.press('Lift hold', contains=True, role='push button')
        app.at('BedHomePage')
        app.wait('', 'Legal hold lifted', 10)
        app.wait('', 'A court asked for it', 10, contains=True)
        self.ok('a hold that was lifted stays in the timeline with its reason')

    def steps(self):
        self.make_profile('old')
        self.start()
        self.unlock()
        self.warned()
        self.chat_erased()
        self.erased()
        self.noted()
        self.held()


if __name__ == '__main__':
    Retention(sys.argv[1], sys.argv[2]).run()
