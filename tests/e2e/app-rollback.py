#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""app-rollback.py BUILD OUTPUT: an older copy of the record that is put back between two runs. Run by run-app."""
import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.record import Record  # noqa: E402


class RollBack(Record):
    def put_back(self):
        """Between two runs somebody puts the database of yesterday in its place."""
        old = self.folder / 'old.db'
        self.quit()
        shutil.copy(self.profile / 'vault.db', old)
        self.start()
        self.unlock()
        self.add_patient('Ruth Lindqvist')
        self.quit()
        shutil.copy(old, self.profile / 'vault.db')
        self.start()
        self.unlock()
        self.app.wait('', 'This record is older than it was', 10, contains=True)
        self.ok('an older copy that was put back is told on Today')
        self.quit()
        self.start()
        self.unlock()
        app = self.app
        app.wait('', 'This record is older than it was', 10, contains=True)
        app.press('Go on…')
        app.at_window('Go on with this older state?')
        app.press('Go on', contains=True, role='push button')
        app.at('BedHomePage')
        app._try('the end of the warning', lambda: not any(
            e.met_by_pointer() for e in app._matching('This record is older than it was', True)), 10)
        self.ok('and again, until somebody goes on with it')

    def steps(self):
        self.make_profile()
        self.start()
        self.unlock()
        self.put_back()


if __name__ == '__main__':
    RollBack(sys.argv[1], sys.argv[2]).run()
