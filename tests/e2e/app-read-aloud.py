#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""app-read-aloud.py BUILD OUTPUT: what a screen reader says of what happens beside the focus. Run by run-app."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.consultation import Tool, until  # noqa: E402
from bedtest.desk import HERE, Desk, run  # noqa: E402

NAME = 'Elin Marsh'
OTHER = 'Tomas Weaver'


class Aloud(Desk):
    def begin(self):
        super().begin()
        self.reader = Tool([sys.executable, HERE / 'reader.py'], self.log, self.display.environment)
        self.open_ones.append(Killed(self.reader))
        self.reader.wait('ready')

    def hear(self, what, words, act):
        """`act`, and only then the words."""
        before = len(self.reader.all('said', text=words))
        found = act()
        until(f'{what}, read aloud', lambda: len(self.reader.all('said', text=words)) > before, 20)
        self.tap.check(f'{what} is read aloud', True)
        return found


class Killed:
    """It is asked for nothing, so it is not told to quit either."""

    def __init__(self, tool):
        self.close = tool.kill


def unlock(desk):
    app = desk.app
    app.at('BedUnlockPage')
    app.write_entry('Password', 'not a lamp')
    desk.hear('a wrong password', 'That was not right. Try again.', lambda: app.press('Unlock'))
    desk.unlock()


def connection(desk):
    desk.hear('that the connection is lost', 'No connection', desk.clinic.stop)
    desk.hear('and that it is back', 'Ready for patients', desk.clinic.start)


def call(desk):
    app = desk.app
    guest = desk.hear('who arrives', f'{NAME} is in the waiting room.', lambda: desk.guest_waits(name=NAME))

    def admissible():
        button = app.find('', f'Admit {NAME}')
        return button is not None and button.sensitive()
    until('that they are ready', admissible, 30, 0.3)
    desk.admit()
    guest.wait('admitted')
    told = len(desk.services.all('notification'))
    desk.guest_waits(name=OTHER)
    until('the notification', lambda: len(desk.services.all('notification')) > told, 20)
    app.press('Privacy of this call', contains=True)
    app.wait('', 'They match')
    desk.hear('that the words match', 'Private, verified', lambda: app.press('They match'))
    said = [line['text'] for line in desk.reader.all('said')]
    desk.tap.check('nobody else is named aloud in a consultation', not any(OTHER in text for text in said), said)
    desk.hear('that the patient left', 'The patient left', lambda: guest.say('leave'))
    app.at('BedAfterPage')
    until('the end of it', lambda: desk.reader.all('said')[-1]['text'] == 'Bedside', 20)
    desk.tap.check('and the window has its own name again', True)


def main(build, output):
    with Aloud(build, output) as desk:
        desk.start_app()
        unlock(desk)
        connection(desk)
        call(desk)
        desk.check_log()
    return desk.finish()


run(main)
