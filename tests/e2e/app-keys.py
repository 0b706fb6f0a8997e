#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""app-keys.py BUILD OUTPUT: what opens the record, from the first run on, in the real app. Run by run-app."""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.clinic import Clinic, totp  # noqa: E402
from bedtest.desktop import DesktopError  # noqa: E402
from bedtest.record import begin_activation, DOCTOR, PASSWORD, Record  # noqa: E402

KEY = re.compile(r'[0-9A-Z]{5}(?:-[0-9A-Z]{5}){6}')
NEXT_PASSWORD = 'two lamps beside the bed'


class Keys(Record):
    def first_run(self):
        """Returns the recovery key, from the file that was saved."""
        self.clinic = Clinic(self.build, self.folder / 'clinic')
        self.clinic.start()
        link = self.clinic.add_user('okafor', DOCTOR)
        self.start()
        app = self.app
        app.write_entry('Six digits', totp(begin_activation(app, link)))
        app.press('Confirm')
        app.wait('', 'Keep these safe', 30)
        app.wait('', 'Print…')
        target = self.folder / 'recovery.txt'
        app.press('Save…')
        self.app.save_dialog(target)
        app.wait('', 'Done. Put it where only you find it.')
        text = target.read_text()
        if not KEY.search(text) or target.stat().st_mode & 0o077 or len(text.split()) < 11:
            raise DesktopError('the file does not hold the key and the codes for its owner alone')
        self.ok('the first run saves recovery key and codes')
        app.at('BedActivationPage')
        app.press('I have put both in a safe place')
        app.press('Finish', contains=True)
        app.at('BedHomePage')
        return KEY.search(text)[0]

    def recovery(self, key):
        app = self.app
        app.at('BedUnlockPage')
        app.write_entry('Password', 'not a lamp at all')
        app.press('Unlock')
        app.wait('', 'That was not right. Try again.', 20)
        self.ok('a wrong password opens nothing and says no more than that')
        app.press('Use the recovery key')
        app.write_entry('Recovery key', key[:-1] + ('A' if key[-1] != 'A' else 'B'))
        app.press('Unlock')
        app.wait('', 'There is a typing mistake in the recovery key.', 20, contains=True)
        app.write_entry('Recovery key', key.lower().replace('-', ' '))
        app.press('Unlock')
        app.at('BedHomePage', 30)
        self.ok('the recovery key opens it, as it was typed')

    def change_password(self):
        app = self.app
        app.wait('', 'Ready for patients', 20)
        self.open_preferences('Security', 'Change the password')
        app.at_window('Change the password')
        app.write_entry('Present password', PASSWORD)
        app.write_entry('New password', NEXT_PASSWORD)
        app.write_entry('The same again', NEXT_PASSWORD)
        app.press('Change the password', contains=True, role='push button')
        app.at_window('Preferences')
        app.wait('', 'The password was changed.', 30, contains=True)
        self.ok('the password was changed')

    def rekey(self, key):
        """Leaves the preferences open."""
        app = self.app
        app.point('More keys')
        app.wait('', 'Thumbprint in FHIR documents')
        app.point('Encrypt the record anew…')
        app.at_window('Encrypt the record anew?')
        app.write_entry('Password', NEXT_PASSWORD)
        app.press('Encrypt anew', contains=True, role='push button')
        app.at_window('Your new recovery key', 60)
        fresh = next(e.name for e in app.walk() if KEY.fullmatch(e.name))
        if fresh == key:
            raise DesktopError('the recovery key is the old one')
        app.press('I wrote it down', contains=True, role='push button')
        self.ok('encrypted anew, with a new recovery key')
        return fresh

    def only_the_new(self, old, fresh):
        self.app.at_window('Preferences')
        self.app.press('Close', role='push button')
        self.quit()
        self.start()
        app = self.app
        app.at('BedUnlockPage')
        app.write_entry('Password', PASSWORD)
        app.press('Unlock')
        app.wait('', 'That was not right. Try again.', 20)
        app.press('Use the recovery key')
        app.write_entry('Recovery key', old)
        app.press('Unlock')
        app.wait('', 'That was not right. Try again.', 20)
        app.write_entry('Recovery key', fresh)
        app.press('Unlock')
        app.at('BedHomePage', 30)
        self.ok('the old password and recovery key open nothing any more')

    def steps(self):
        key = self.first_run()
        self.quit()
        self.start()
        self.recovery(key)
        self.change_password()
        self.only_the_new(key, self.rekey(key))


if __name__ == '__main__':
    Keys(sys.argv[1], sys.argv[2]).run()
