#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""app-remove-keys.py BUILD OUTPUT: a security key and the emergency key are removed after a question. Run by run-app."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.record import Record  # noqa: E402


class RemoveKeys(Record):
    def remove(self, ask, row, question, words):
        """What is pressed asks; Cancel keeps the key, and only the answer removes it."""
        app = self.app
        ask()
        app.at_window(question)
        app.wait('', words, contains=True)
        self.ok(question)
        app.press('Cancel', contains=True, role='push button')
        app.no_window(question)
        app.at_window('Preferences')
        app.wait('', row)
        ask()
        app.at_window(question)
        app.press('Remove', contains=True, role='push button')
        app.at_window('Preferences')
        app.wait_gone('', row)
        self.ok('Cancel kept it, the answer removed it')

    def steps(self):
        self.make_profile('emergency', 'token')
        self.start()
        self.unlock()
        self.open_preferences('Security', 'More keys')
        self.remove(lambda: self.app.press('Remove…', role='push button'), 'Security key 1',
                    'Remove this security key?', 'It opens the record no more.')
        self.display.run('mousemove', '300', '450', 'click', '--repeat', '20', '--delay', '10', '5')
        row = 'Remove the emergency key…'
        self.remove(lambda: self.app.point(row), row,
                    'Remove the emergency key?', 'without you nobody can open the records')


if __name__ == '__main__':
    RemoveKeys(sys.argv[1], sys.argv[2]).run()
