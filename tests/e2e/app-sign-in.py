#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""app-sign-in.py BUILD OUTPUT: the session with the clinic has ended, and the password was changed elsewhere: what the app
asks for, and what it says of what is wrong. Run by run-app."""
import pathlib
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.clinic import totp  # noqa: E402
from bedtest.record import PASSWORD, Record  # noqa: E402

NEXT_PASSWORD = 'two lamps beside the bed'
WRONG_CODE = 'This code was not right, or was used already. Wait for the next one and type it.'
WRONG = 'That was not right. Try again.'
STEP = 30  # seconds that a code is valid for


class SignIn(Record):
    def end_sessions(self):
        for act in ('disable', 'enable'):
            self.clinic.tell_user(act, 'okafor')

    def fresh_code(self):
        """Of a step that begins after now: each counts once, and one that ends meanwhile does not count."""
        step = int(time.time() // STEP) + 1
        while time.time() < step * STEP:
            time.sleep(0.2)
        return totp(self.secret)

    def type_code(self, code):
        self.app.write_entry('Six digits or a recovery code', code)
        self.app.press('Continue', contains=True, role='push button')

    def asked_again(self):
        """By itself, where the person is."""
        app = self.app
        self.end_sessions()
        app.at('BedCodePage', 60)
        app.wait('', 'Your session with the clinic has ended.', contains=True)

    def second_factor(self):
        self.end_sessions()
        self.start()
        self.unlock(page='BedCodePage')
        app = self.app
        near = {totp(self.secret, time.time() + STEP * step) for step in range(-3, 4)}
        self.type_code(next(code for n in range(8) if (code := f'{n:06d}') not in near))
        app.wait('', WRONG_CODE, 30)
        self.ok('a wrong code is told in words')
        code = self.fresh_code()
        self.type_code(code)
        app.at('BedHomePage', 30)
        app.wait('', 'Ready for patients', 30)
        self.ok('the right one signs in again')
        self.asked_again()
        self.type_code(code)
        app.wait('', WRONG_CODE, 30)
        self.ok('a code that was used is told in words')
        self.type_code(self.fresh_code())
        app.at('BedHomePage', 30)
        self.ok('and the next one signs in')

    def change_elsewhere(self):
        """Another computer of the same person, by a link of the administrator's."""
        link = self.clinic.tell_user('reset', 'okafor')
        made = subprocess.run([self.build / 'tests/tools/make-profile', self.folder / 'elsewhere', link, NEXT_PASSWORD],
                              check=True, capture_output=True, text=True, timeout=60).stdout
        self.secret = dict(line.split(' ', 1) for line in made.splitlines())['secret']

    def password(self):
        app = self.app
        self.change_elsewhere()
        app.at('BedCodePage', 60)
        self.type_code('000000')
        app.wait('', 'Password changed', 30)
        self.ok('a password that was changed elsewhere is asked for')
        app.write_entry('Password of your account', PASSWORD)
        self.type_code('000000')
        app.wait('', WRONG, 30)
        self.ok('the old one is told as wrong')
        app.write_entry('Password of your account', NEXT_PASSWORD)
        self.type_code(self.fresh_code())
        app.at('BedHomePage', 30)
        app.wait('', 'Ready for patients', 30)
        self.quit()
        self.start()
        self.unlock(NEXT_PASSWORD)
        self.ok('the new one signs in, and from then on it opens the record here')

    def steps(self):
        self.secret = self.make_profile(stop=False)['secret']
        self.second_factor()
        self.password()


if __name__ == '__main__':
    SignIn(sys.argv[1], sys.argv[2]).run()
