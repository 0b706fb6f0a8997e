#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""app-loss.py BUILD OUTPUT: a disk that is full while a note is saved, the window is locked or the app is quit, and a
record of a later version. Run by run-app."""
import hashlib
import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.desktop import DesktopError  # noqa: E402
from bedtest.disk import fill, small_disk  # noqa: E402
from bedtest.record import PASSWORD, Record  # noqa: E402

SHORT = 'Dizzy since Tuesday.'
LONG = 'Worse on standing up, better when lying down. ' * 200
UNSAVED = 'What you wrote is not saved yet'


class Loss(Record):
    def on_small_disk(self):
        disk = self.folder / 'disk'
        disk.mkdir()
        self.start(command=small_disk(disk, self.profile), data=disk)
        self.unlock()
        return pathlib.Path(f'/proc/{self.app.process.pid}/root') / disk.relative_to('/')

    def full_disk(self):
        disk = self.on_small_disk()
        self.add_patient('Ruth Lindqvist')
        app = self.app
        app.press('Write a note')
        app.wait('', 'Sign…')
        self.choose('Template', 'SOAP')
        app.at('BedHomePage')
        app.write_entry('Subjective', SHORT)
        self.say_saved()
        filler = fill(disk)
        app.write_entry('Subjective', SHORT + LONG)
        app.wait('', 'The disk is full.', 30, contains=True)
        if not any(e.text() == SHORT + LONG for e in app.walk()):
            raise DesktopError('what was typed is gone from the screen')
        self.ok('a full disk is told while a note is saved, and what was typed stays')
        filler.unlink()
        app.write_entry('Subjective', SHORT + LONG + 'End.')
        app._try('the end of the warning',
                 lambda: not app.find('', 'The disk is full.', contains=True) and self.is_saved(), 30)
        self.ok('with room again it is saved')
        return disk

    def has_text(self, text):
        return any(e.text() == text for e in self.app.walk())

    def covers(self):
        app = self.app
        self.display.key('ctrl+l')
        app.at('BedUnlockPage')
        app.wait('', UNSAVED, 20, contains=True)
        app.anywhere()
        if any(e.met_by_pointer() for e in app.walk() if e.name == 'Ruth Lindqvist' or e.text().startswith(SHORT)):
            raise DesktopError('what was written is seen behind the cover')

    def lock_full(self, disk):
        """Nothing is saved, so nothing may be let go of."""
        app = self.app
        filler = fill(disk)
        more = self.write_until_full()
        self.covers()
        self.ok('a lock that cannot save covers, and says why')
        app.fill_display(1280, 800)
        self.display.key('ctrl+q')
        app.at_window('Quit, and lose what is not saved?')
        self.display.screenshot(self.output / 'quit.png')
        app.press('Cancel', contains=True, role='push button')
        self.unlock()
        app._try('what was typed', lambda: self.has_text(more), 20)
        self.ok('a quit asks before it loses it, and an unlock has it still')
        self.stays_open(more)
        self.covers()
        filler.unlink()
        self.find_again(more)
        self.ok('with room again it is saved, and then locked')

    def stays_open(self, more):
        """Neither another record nor a new key takes it away."""
        app = self.app
        for section, row, act, title in (
                ('Notes', 'Backup', 'Restore from a backup…', 'Nothing was restored'),
                ('Security', 'More keys', 'Encrypt the record anew…', 'Nothing was encrypted anew')):
            self.open_preferences(section, row)
            app.point(act)
            app.at_window(title)
            app.wait('', 'The disk is full.', contains=True)
            app.wait('', 'The record stays open until what you wrote is saved.', contains=True)
            self.display.screenshot(self.output / f'{row}.png')
            app.press('Close', contains=True, role='push button')
            app.at_window('Preferences')
            app.press('Close', role='push button')
            app.at('BedHomePage')
        app._try('what was typed', lambda: self.has_text(more), 20)
        self.ok('nothing is restored or encrypted anew before it is saved, and that is said')

    def write_until_full(self):
        """Some of it still goes into what the database had reserved."""
        for times in (2, 4, 8, 16):
            text = SHORT + LONG * times
            self.app.at('BedHomePage')
            self.app.write_entry('Subjective', text)
            try:
                self.app.wait('', 'The disk is full.', 5, contains=True)
                return text
            except DesktopError:
                continue
        raise DesktopError('the disk is not full')

    def find_again(self, text):
        app = self.app
        app.again()
        app.fill_display(1280, 800)
        self.unlock()
        app.point('Notes')
        app.point('Ruth Lindqvist', contains=True)
        app._try('the note', lambda: self.has_text(text), 20)

    def is_saved(self):
        return any(e.name.startswith('Saved') and e.name != 'Saved as you type' and e.on_screen()
                   for e in self.app.walk() if e.role == 'label')

    def is_there(self, disk):
        """Locks: the process begins anew, in its namespace still."""
        self.app.press('Lock')
        self.find_again(SHORT + LONG + 'End.')
        self.ok('and is all there after a lock')

    def newer(self, disk):
        """The header's version is the two bytes after its magic; its last 32 bytes are the sum of the others."""
        shutil.copytree(disk / 'bedside', self.folder / 'later/bedside')
        self.quit()
        keys = self.folder / 'later/bedside/vault.keys'
        data = bytearray(keys.read_bytes())
        data[8:10] = (0x7fff).to_bytes(2, 'big')
        data[-32:] = hashlib.blake2b(data[:-32], digest_size=32).digest()
        keys.write_bytes(data)
        self.start(data=self.folder / 'later')
        self.app.at('BedUnlockPage')
        self.app.write_entry('Password', PASSWORD)
        self.app.press('Unlock')
        self.app.wait('', 'The records were written by a newer Bedside. Update the app to open them.', 20)
        if keys.read_bytes() != bytes(data):
            raise DesktopError('what is newer was changed')
        self.ok('a record of a later version is refused as that, and left alone')

    def steps(self):
        self.make_profile()
        disk = self.full_disk()
        self.is_there(disk)
        self.lock_full(disk)
        self.newer(disk)


if __name__ == '__main__':
    Loss(sys.argv[1], sys.argv[2]).run()
