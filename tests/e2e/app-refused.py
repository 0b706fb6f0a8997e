#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""app-refused.py BUILD OUTPUT: a vault that unlocks, with a record in it that does not open. Run by run-app."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.desktop import DesktopError  # noqa: E402
from bedtest.record import PASSWORD, Record  # noqa: E402

PAGE = 4096  # bytes
NEWER = 'The records were written by a newer Bedside. Update the app to open them.'
DAMAGED = 'The records on this computer are damaged.'


class Refused(Record):
    def is_refused(self, words):
        app = self.app
        for again in (False, True):
            app.at('BedUnlockPage')
            app.write_entry('Password', PASSWORD)
            app.press('Unlock')
            app.wait('', words, 30, contains=True)
            app.wait('', 'Restore a backup…')
            app.anywhere()
            self.display.key('ctrl+comma')
            for name in ('Patients', 'New patient', 'No patients yet', 'Preferences'):
                if any(e.met_by_pointer() for e in app.walk() if e.name == name and e.role == 'label'):
                    raise DesktopError(f'"{name}" is there without a record')
            self.ok(f'{"again: " if again else ""}{words}')
        app.press('Restore a backup…')
        app._try('the choice of a backup', lambda: app.find('', 'GtkFileChooserWidget'), 20)
        self.display.key('Escape')
        app._try('its end', lambda: not app.find('', 'GtkFileChooserWidget'), 20)
        app.at('BedUnlockPage')
        self.ok('a backup can be chosen there')
        self.quit()

    def newer(self):
        self.make_profile('newer')
        before = (self.profile / 'vault.db').read_bytes()
        self.start()
        self.is_refused(NEWER)
        if (self.profile / 'vault.db').read_bytes() != before:
            raise DesktopError('what is newer was changed')
        self.ok('and what is newer was left alone')

    def damaged(self):
        """The first page stays: the vault opens."""
        self.folder = self.folder / 'second'
        self.folder.mkdir()
        self.make_profile()
        file = self.profile / 'vault.db'
        data = file.read_bytes()
        file.write_bytes(data[:PAGE] + bytes(len(data) - PAGE))
        self.start()
        self.is_refused(DAMAGED)

    def steps(self):
        self.newer()
        self.damaged()


if __name__ == '__main__':
    Refused(sys.argv[1], sys.argv[2]).run()
