#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""app-rollback.py BUILD OUTPUT: an older copy of the record that is put back between two runs, and a damaged spool. Run
by run-app."""
import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.desktop import DesktopError  # noqa: E402
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

    def nothing_to_compare_with(self):
        """No keyring, and the mark beside the record is gone."""
        self.look_at_keys('Bedside cannot tell for sure')
        self.ok('with a mark in the same folder alone, Keys say that this is not sure')
        self.quit()
        (self.profile / 'vault.seen').unlink()
        self.start()
        self.unlock()
        app = self.app
        app.wait('', 'Bedside cannot tell whether an older copy', 10, contains=True)
        self.ok('without it, Today says that it cannot be told')

    def look_at_keys(self, words):
        app = self.app
        self.open_preferences('Security', 'More keys')
        app.wait('', words, 10, contains=True)
        self.close_preferences()

    def damaged_spool(self):
        """What was noted while it was locked cannot be read any more."""
        self.quit()
        (self.profile / 'vault.spool').write_bytes(b'no entry at all\n' + bytes(200))
        self.start()
        self.unlock()
        app = self.app
        app.wait('', 'Some of what was noted while the record was locked', 10, contains=True)
        self.need_one('vault.spool.damaged-*')
        self.ok('damaged entries from while it was locked are told on Today, and set aside')
        app.press('Audit trail…')
        app.at_window('Preferences')
        app.wait('', 'Entries from while the record was locked were damaged', 10, contains=True)
        self.ok('and in the audit trail')
        app.press('Close', role='push button')
        app.at('BedHomePage')
        app.press('Understood')
        app._try('the end of the notice', lambda: not any(
            e.met_by_pointer() for e in app._matching('Some of what was noted', True)), 10)
        self.ok('until a person has seen it')

    def need_one(self, pattern):
        found = list(self.profile.glob(pattern))
        if len(found) != 1:
            raise DesktopError(f'{len(found)} of {pattern}')

    def steps(self):
        self.make_profile()
        self.start()
        self.unlock()
        self.put_back()
        self.nothing_to_compare_with()
        self.damaged_spool()


if __name__ == '__main__':
    RollBack(sys.argv[1], sys.argv[2]).run()
