#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""app-stop.py BUILD OUTPUT: Stop, in the midst of handing over, of a backup and of a new key for everything, on a disk that
does not answer: nothing half is left, the screen says so, and the record works on. Run by run-app."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.desktop import DesktopError  # noqa: E402
from bedtest.disk import held_disk  # noqa: E402
from bedtest.record import PASSWORD, Record  # noqa: E402

PATIENT = 'Ruth Lindqvist'
PASSPHRASE = 'eleven quiet herons over a frozen lake'


class Stop(Record):
    @property
    def stick(self):
        return self.folder / 'stick'

    @property
    def hold(self):
        return self.folder / 'hold'

    def start_held(self, prefix):
        self.start(**held_disk(self.build, prefix, self.hold))
        self.unlock()

    def names(self, folder):
        return sorted(path.name for path in folder.iterdir())

    def need_names(self, folder, expected):
        if self.names(folder) != expected:
            raise DesktopError(f'{folder.name} holds {self.names(folder)} in place of {expected}')

    def stop(self, begun, window, told):
        """begun: is there a part of it? Presses Stop then, lets the disk answer again, and waits for what `told` finds."""
        app = self.app
        app.wait('push button', 'Stop')
        app._try('a part of it on the disk', begun, 20)
        app.press('Stop', role='push button')
        app._try('that Stop was taken', lambda: not app.wait('push button', 'Stop').sensitive(), 20)
        self.hold.unlink()
        told()
        app.at_window(window)
        app.wait_gone('push button', 'Stop')

    def written_so_far(self):
        """What has no name yet is seen among what the app has open."""
        links = (pathlib.Path('/proc') / str(self.app.process.pid) / 'fd').iterdir()
        return any(str(link.readlink()).startswith(str(self.stick)) for link in links if link.is_symlink())

    def hand_over(self):
        app, target = self.app, self.stick / 'whole.bedside'
        self.choose_plain('Hand over…')
        app.at_window('Hand over')
        self.select('What', 'The whole record', 2)
        self.write_passphrase(PASSPHRASE)
        self.hold.touch()
        app.press('Save as…', role='push button')
        app.save_dialog(target)
        app.at_window('Hand over')
        self.stop(self.written_so_far, 'Hand over',
                  lambda: app.wait('', 'Stopped: no file was made, and nothing was handed over.', 60))
        self.need_names(self.stick, [])
        self.ok('Stop while the whole record is handed over: it is told, and no file is there')
        app.press('Save as…', role='push button')
        app.save_dialog(target)
        app.at_window('Hand over')
        app.wait('', '1 note is in the file, which was read back and is whole.', 60)
        self.need_names(self.stick, [target.name])
        self.ok('and it is handed over when it is asked for again')
        app.press('Close')

    def write_on(self, text):
        self.app.at('BedHomePage')
        self.app.write_entry('Subjective', text)
        self.say_saved()

    def begin_backup(self):
        """A click in the moment in which another one ends is lost."""
        def begun():
            self.app.point('Back up now', seconds=2)
            return self.app.wait('push button', 'Stop', 3)
        self.app._try('a backup that runs', begun, 30)

    def back_up(self):
        app = self.app
        self.plan_backups(self.stick)
        app.point('Back up now')
        app.wait('', 'Read back, and whole', 30)  # it, or the first one of the plan
        app.wait_gone('push button', 'Stop')
        before = self.names(self.stick)
        self.hold.touch()
        self.begin_backup()
        self.stop(lambda: list(self.stick.glob('.bedside-record-*/*')), 'Preferences',
                  lambda: app.wait_toast('Stopped: no backup was made. Earlier ones are still there.', 60))
        self.need_names(self.stick, before)
        self.ok('Stop during a backup: it is told, and nothing of it is there')
        app.point('Back up now')
        app.wait_toast('Backed up, and read back whole.', 60)
        app.at_window('Preferences')
        if len(self.names(self.stick)) != len(before) + 1:
            raise DesktopError(f'there are {self.names(self.stick)}')
        self.close_preferences()
        self.write_on('Better since Friday.')
        self.ok('a backup is made when it is asked for again, and the note is written on')

    def rekey(self):
        app = self.app
        before, keys = self.names(self.profile), (self.profile / 'vault.keys').read_bytes()
        self.open_preferences('Security', 'More keys')
        app.wait('', 'Thumbprint in FHIR documents')
        self.hold.touch()
        app.point('Encrypt the record anew…')
        app.at_window('Encrypt the record anew?')
        app.write_entry('Password', PASSWORD)
        app.press('Encrypt anew', contains=True, role='push button')
        app.at_window('Preferences')
        self.stop(lambda: list(self.profile.glob('vault.db.*')), 'Preferences',
                  lambda: app.wait_toast('Stopped: the record is encrypted as it was, and its keys stay.', 60))
        self.need_names(self.profile, before)
        if (self.profile / 'vault.keys').read_bytes() != keys:
            raise DesktopError('the keys are others')
        self.ok('Stop while it is encrypted anew: it is told, and the keys are those of before')
        self.close_preferences()
        self.add_patient('Tomasz Wójcik')
        self.quit()
        self.start()
        self.unlock()
        app = self.app
        app.point('Patients')
        for name in (PATIENT, 'Tomasz Wójcik'):
            app.wait('label', name)
        self.ok('and the record is written on, and opened with the password of before')

    def steps(self):
        self.stick.mkdir()
        self.make_profile()
        self.start_held(self.stick)
        self.begin_note(PATIENT, 'Dizzy since Tuesday.')
        self.say_saved()
        self.hand_over()
        self.write_on('Dizzy since Tuesday, better since Friday.')
        self.back_up()
        self.quit()
        self.start_held(self.profile / 'vault.db.')
        self.rekey()


if __name__ == '__main__':
    Stop(sys.argv[1], sys.argv[2]).run()
