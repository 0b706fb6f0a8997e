#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""app-restore.py BUILD OUTPUT: backup, restore, what was set aside, and a record that is damaged or newer, in the real
app. Run by run-app."""
import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.desktop import DesktopError  # noqa: E402
from bedtest.record import DOCTOR, PASSWORD, Record  # noqa: E402

GONE = 'This folder is no longer there. Choose another place.'
FAILED = 'The last backup failed.'


class Restore(Record):
    def back_up(self):
        self.plan_backups(self.folder / 'stick')
        self.app.point('Back up now')
        self.app.wait('', 'Backed up, and read back whole.', 30)
        self.ok('backed up into a folder, and read back')
        return next((self.folder / 'stick').glob('bedside-record-*'))

    def seen(self, words):
        return any(e.met_by_pointer() for e in self.app._matching(words, True))

    def told_on_today(self, backup):
        """A stick that was taken out, and is plugged in again."""
        stick, away = backup.parent, self.folder / 'away'
        stick.rename(away)
        self.app.point('Back up now')
        self.app.wait('', GONE, 30)
        self.close_preferences()
        for when in ('at once', 'after the next unlock'):
            self.app.at('BedHomePage')
            self.app._try('the failure on Today', lambda: self.seen(FAILED), 20)
            self.ok(f'a backup that failed is told on Today, {when}')
            if when == 'at once':
                self.quit()
                self.start()
                self.unlock()
        away.rename(stick)
        self.app.press('Backup…')
        self.app.at_window('Preferences')
        self.app.point('Back up now')
        self.app.wait('', 'Backed up, and read back whole.', 30)
        self.close_preferences()
        self.app._try('the end of the failure on Today', lambda: not self.seen(FAILED), 20)
        self.ok('until one is made again')

    def restore(self, backup, secret):
        """Up to what is told about it."""
        self.choose_folder(backup)
        self.app.at_window('Restore this backup?')
        self.app.write_entry('Password or recovery key of that day', secret)
        self.app.press('Restore', contains=True, role='push button')

    def end(self, title):
        self.app.at_window(title, 60)
        text = self.app.describe()
        self.app.press('Close', contains=True, role='push button')
        self.app.again()
        self.app.fill_display(1280, 800)
        return text

    def start_restore(self):
        self.open_backup()
        self.app.point('Restore from a backup…')

    def has_patient(self, name):
        self.app.at('BedHomePage')
        self.app.point('Patients')
        self.app.wait('', 'New patient')
        return self.app.find('label', name) is not None

    def need(self, good, what):
        if not good:
            raise DesktopError(what)

    def damaged_backup(self, backup):
        spoiled = shutil.copytree(backup, self.folder / 'bedside-record-spoiled')
        data = bytearray((spoiled / 'vault.db').read_bytes())
        data[len(data) // 2] ^= 1
        (spoiled / 'vault.db').write_bytes(data)
        self.start_restore()
        self.choose_folder(spoiled)
        self.app.at_window('Nothing was restored')
        self.app.wait('', 'This backup is damaged.', contains=True)
        self.app.wait('', 'The record here is as it was.', contains=True)
        self.app.press('Close', contains=True, role='push button')
        self.app.no_window('Nothing was restored')
        self.app.at_window('Preferences')
        self.ok('a damaged backup is found before anything is asked')

    def wrong_password(self, backup):
        self.app.point('Restore from a backup…')
        self.restore(backup, 'not a lamp')
        text = self.end('Nothing was restored')
        self.need('does not open the backup' in text, text)
        self.unlock()
        self.need(self.has_patient('Ruth Lindqvist'), 'the record is not as it was')
        self.ok('a wrong password for it changes nothing')

    def restored(self, backup):
        self.start_restore()
        self.restore(backup, PASSWORD)
        self.end('The backup is in place')
        self.unlock()
        self.need(not self.has_patient('Ruth Lindqvist'), 'the backup is not what is here')
        self.ok('restored, and what was written since is not in it')

    def put_back(self):
        self.open_backup()
        self.app.wait('', 'The record that was here until', contains=True)
        self.app.press('Put it back…')
        self.app.at_window('Put this record back?')
        self.app.press('Put back', contains=True, role='push button')
        self.end('The record is back')
        self.unlock()
        self.need(self.has_patient('Ruth Lindqvist'), 'what was set aside is not back')
        self.ok('what was set aside is put back')

    def damaged_record(self, backup):
        self.quit()
        keys = self.profile / 'vault.keys'
        data = bytearray(keys.read_bytes())
        data[len(data) // 2:] = bytes(len(data) - len(data) // 2)
        keys.write_bytes(data)
        self.start()
        self.app.at('BedUnlockPage')
        self.app.write_entry('Password', PASSWORD)
        self.app.press('Unlock')
        self.app.wait('', 'The records on this computer are damaged.', 20, contains=True)
        self.ok('a damaged record is told')
        self.app.press('Restore a backup…')
        self.restore(backup, PASSWORD)
        self.end('The backup is in place')
        self.unlock()
        self.ok('and a backup takes its place from the page that told it')

    def new_computer(self, backup, recovery):
        """Nothing is there but the backup, and the paper with the recovery key."""
        self.quit()
        self.start(data=self.folder / 'new')
        self.app.at('BedWelcomePage')
        self.ok('a new computer offers to take a backup')
        self.app.press('I have a backup')
        self.restore(backup, 'not a lamp')
        text = self.end('Nothing was restored')
        self.need('This computer has no record still.' in text, text)
        self.app.at('BedWelcomePage')
        self.app.press('I have a backup')
        self.restore(backup, recovery)
        self.end('The backup is in place')
        self.unlock()
        self.ok('and has the record of the other one')
        self.quit()
        self.start(data=self.folder / 'new')
        self.app.at('BedUnlockPage')
        self.app.wait('label', DOCTOR)
        self.ok('and knows from then on whose it is')

    def steps(self):
        (self.folder / 'stick').mkdir()
        made = self.make_profile()
        self.start()
        self.unlock()
        backup = self.back_up()
        self.told_on_today(backup)
        self.add_patient('Ruth Lindqvist')
        self.damaged_backup(backup)
        self.wrong_password(backup)
        self.restored(backup)
        self.put_back()
        self.damaged_record(backup)
        self.new_computer(backup, made['recovery'])


if __name__ == '__main__':
    Restore(sys.argv[1], sys.argv[2]).run()
