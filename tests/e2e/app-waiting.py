#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""app-waiting.py BUILD OUTPUT: what changes on Today while a question or a form lies over it. Run by run-app."""
import json
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.consultation import until  # noqa: E402
from bedtest.desk import Desk, run  # noqa: E402
from bedtest.evil import EvilClinic, alter  # noqa: E402

NAME, WORDS = 'Elin Marsh', 'I am ten minutes late.'
FIRST, SECOND = 'Ada Brook', 'Tomas Weaver'
OVER = 'This link opens nothing any more'


def new_invitation(desk, label):
    desk.app.at('BedHomePage')
    desk.app.press('New invitation', contains=True)
    desk.app.at_window('Invitation')
    desk.app.write_entry('For whom', label)


def other_form(desk):
    """The answer for one person comes when the form for another is open."""
    app = desk.app
    desk.clinic.holding = True
    new_invitation(desk, FIRST)
    app.press('Make the link', contains=True)
    until('that it is asked for', lambda: not app.find('push button', 'Make the link').sensitive(), 15)
    desk.display.key('Escape')
    app.no_window('Invitation')
    new_invitation(desk, SECOND)
    desk.clinic.holding = False
    app.anywhere()
    app.wait('', FIRST, 20, contains=True)
    app.at_window('Invitation')
    desk.tap.check('one person\'s link is not shown in the form for another', app.find('', 'Ready to send') is None)
    desk.picture('other-form')
    app.press('Make the link', contains=True)
    app.wait('', 'Ready to send', 20)
    desk.picture('own-link')
    revoked(desk)
    desk.display.key('Escape')
    app.no_window('Invitation')


def revoked(desk):
    """On another computer, while the card is open here."""
    app = desk.app
    link = next(e.text() for e in app.walk() if e.role == 'label' and '/j/' in e.text() and e.on_screen())
    desk.clinic.inject('clinician', {'type': 'room', 'room': re.search('/j/([^#]+)#', link)[1], 'state': 'revoked'})
    app.wait('', OVER, 15)
    desk.picture('revoked')
    desk.tap.check('a link that is revoked elsewhere is not offered any more',
                   app.find('', 'Copy link') is None and app.find('', link) is None, app.describe())


def left(desk):
    """Whoever is to be let in goes while the devices are checked."""
    app = desk.app
    guest = desk.guest_waits(name=NAME)
    app.at('BedHomePage')
    app.press(f'Admit {NAME}', seconds=20)
    app.at('BedCheckPage')
    app.wait('', f'{NAME} is waiting.', contains=True)
    guest.say('leave')
    app.wait('', f'{NAME} has left the waiting room.', 20, contains=True)
    desk.picture('left')
    desk.tap.check('the check says that they left, and nobody can be called',
                   app.find('', f'{NAME} is waiting.', contains=True) is None
                   and not app.find('push button', 'Start the call').sensitive())
    app.press('Back')
    app.at('BedHomePage')
    guest.close()


def altered(desk):
    """Of two who wait one is told apart by when they came."""
    done = []

    def attack(to, data):
        if to == 'clinician' and not done and 'box' in json.loads(data):
            done.append(True)
            return [alter(data)]
        return [data]
    desk.clinic.attack = attack
    guest = desk.guest_waits(name=NAME)
    desk.app.anywhere()
    found = desk.app.wait('', 'A message from the patient who came into the waiting room on ', 20, contains=True)
    desk.picture('altered')
    desk.tap.check('who came when is said of an altered message',
                   re.search(r' on \d+ \w+, \d\d:\d\d was altered', found.name) is not None, found.name)
    desk.clinic.attack = None
    desk.app.press('Close this message')
    guest.close()


def came_back(desk):
    """They lose the connection while a message to them is written."""
    app, clinic = desk.app, desk.clinic
    guest = desk.guest_waits(name=NAME)
    app.at('BedHomePage')
    app.press(f'Message {NAME}', seconds=20)
    app.anywhere()
    app.write_entry('For instance: I am ten minutes late', WORDS)
    before = clinic.sides['patient']
    clinic.cut('patient')
    until('them back', lambda: clinic.sides['patient'] is not before, 30)

    def admissible():
        button = app.find('', f'Admit {NAME}')
        return button is not None and button.sensitive()
    until('that they are ready', admissible, 30, 0.3)
    app.press('Send', contains=True, role='push button')
    guest.wait('message', 15, text=WORDS)
    app.wait_toast('Message sent.')
    desk.picture('sent')
    desk.tap.check('a message reaches who lost the connection while it was written', True)
    guest.close()


def main(build, output):
    with Desk(build, output, make_clinic=EvilClinic) as desk:
        desk.start_app()
        desk.unlock()
        other_form(desk)
        came_back(desk)
        left(desk)
        altered(desk)
        desk.check_log([FIRST, *SECOND.split(), WORDS])
    return desk.finish()


run(main)
