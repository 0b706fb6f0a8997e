#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""app-guest.py BUILD OUTPUT: somebody who was invited joins with the app, by the link that it was opened with and with the
clinic's own authority. Run by run-app."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.consultation import until  # noqa: E402
from bedtest.desk import Desk, capture_nodes, run  # noqa: E402

NAME = 'Wilma Hartung'
LOST = 'The connection is lost. You keep your place; trying again…'


def without_server(desk, clinician):
    """It goes away while they wait, and comes back."""
    desk.app.wait('', 'You are first in line. Leave this window open and wait.', 20)
    desk.clinic.stop()
    desk.app.wait('', LOST, 40)
    desk.picture('lost')
    desk.clinic.start()
    desk.app.wait_gone('', LOST, 60)
    desk.tap.check('who waits is told of a lost connection, as long as it is', True)
    until('them at the clinic', lambda: [a for a in clinician.arrivals() if a['online'] == 'yes' and a['ready'] == 'yes'],
          60, 0.5)


def main(build, output):
    with Desk(build, output) as desk:
        tap = desk.tap
        clinician = desk.start_clinician()
        app = desk.start_app(desk.link, data=desk.folder / 'nobody', BEDSIDE_CA_FILE=str(desk.clinic.folder / 'ca.pem'))
        app.at('BedGuestPage')
        app.wait('', 'Dr Amara Okafor', 20, contains=True)
        tap.check('the link opens at the clinic that it names', True)
        tap.check('opening it claims nothing', not clinician.all('arrived'))
        desk.picture('invited')
        desk.guest_details(NAME)
        app.point('How the clinic handles your data')
        app.wait('', 'kept for ten years', 10, contains=True)
        tap.check('the clinic\'s privacy notice can be read', True)
        desk.guest_agrees()
        tap.check('nothing captures before the person switches it on', capture_nodes() == [], capture_nodes())
        app.press('Microphone', contains=True, role='check box')
        until('the microphone', lambda: len(capture_nodes()) == 1)
        desk.picture('check')
        app.at('BedCheckPage')
        app.press('Back')
        app.at('BedGuestPage')
        until('that nothing is captured', lambda: capture_nodes() == [], 10)
        app.wait('', 'How the clinic handles your data')
        tap.check('who goes back from the check is not captured behind the page', True)
        app.press('Continue')
        app.wait('', 'Microphone', 15, contains=True)
        tap.check('and has to switch on anew', capture_nodes() == [], capture_nodes())
        app.press('Microphone', contains=True, role='check box')
        until('the microphone', lambda: len(capture_nodes()) == 1)
        app.press('Join without camera')
        came = clinician.wait('arrived', 20)
        tap.check('the clinician sees who is there', came['name'] == NAME, str(came))
        without_server(desk, clinician)
        clinician.say('admit')
        app.at('BedCallPage', 30)
        app.wait('label', 'You are heard, not seen', 20)
        clinician.wait('call-state', 20, state='connected')
        desk.picture('call')
        tap.check('and both are in the call', True)
        clinician.say('hang-up')
        app.at('BedGuestPage', 20)
        tap.check('after it nothing captures', capture_nodes() == [], capture_nodes())
        desk.picture('over')
        desk.check_log([*NAME.split(), '01632', 'Mill Lane'])
    return desk.finish()


run(main)
