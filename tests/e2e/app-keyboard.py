#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""app-keyboard.py BUILD OUTPUT: a consultation without a mouse, from the unlock to the waiting room again. Every act is
a key; the accessibility bus is only read, for where the keys go. Run by run-app."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.consultation import PASSWORD, until  # noqa: E402
from bedtest.desk import Desk, capture_nodes, run  # noqa: E402
from bedtest.keyboard import Keyboard  # noqa: E402

NAME = 'Elin Marsh'
NOTE = {'Subjective': 'Breath is short on the stairs since Tuesday', 'Plan': 'Blood count and ferritin on Friday'}
CHAT = 'Please take a deep breath'


def unlock(desk, keys):
    desk.app.at('BedUnlockPage')
    desk.display.type(PASSWORD)
    desk.display.key('Return')
    desk.app.at('BedHomePage')
    desk.tap.check('the password is typed at once, and Return opens', True)


SHORTCUTS = ['New invitation', 'Search', 'Lock', 'Preferences', 'Keyboard shortcuts', 'To the next area', 'Full screen', 'Quit',
             'Microphone on or off', 'Camera on or off', 'Hold to talk while muted, with the focus on the picture', 'Chat',
             'Note', 'Hang up']


def help_and_about(desk, keys):
    """Each opens by its key or from the menu, and goes with Escape."""
    app, display = desk.app, desk.display
    display.key('ctrl+question')
    app.at_window('Keyboard shortcuts')
    for title in SHORTCUTS:
        app.wait('label', title)
    desk.picture('shortcuts')
    display.key('Escape')
    app.no_window('Keyboard shortcuts')
    desk.tap.check('Ctrl+? shows every shortcut', True)
    app.at('BedHomePage')
    keys.press('Menu of ')
    app.anywhere()
    keys.reach('About Bedside', key='Down')
    display.key('Return')
    app.at_window('About')
    app.wait('label', 'Bedside')
    app.wait('label', 'The Bedside developers')
    desk.picture('about')
    display.key('Escape')
    app.no_window('About')
    desk.tap.check('the menu leads to what Bedside is', True)
    app.at('BedHomePage')


def admit(desk, keys, guest):
    app = desk.app
    app.wait('', NAME, contains=True)
    keys.press('Admit')
    app.at('BedCheckPage')
    keys.press('Camera', 'space')
    keys.press('Microphone', 'space')
    until('camera and microphone', lambda: len(capture_nodes()) == 2)
    keys.press('Start')
    app.at('BedCallPage')
    guest.wait('admitted')
    app.wait('label', 'You are seen and heard')
    desk.tap.check('let in, seen and heard', True)


def mute(desk, keys, guest):
    keys.reach(f'Picture of {NAME}')
    desk.tap.check('the picture says whose it is', True)
    keys.press('Mute the microphone')
    guest.wait('remote-media', microphone='off')
    desk.app.wait('label', 'You are seen, not heard')
    desk.display.key('ctrl+d')
    guest.wait('remote-media', microphone='on')
    desk.tap.check('muted by its button, heard again by Ctrl+D', True)


def compare(desk, keys):
    keys.press('Privacy of this call')
    desk.app.wait('', 'They match')
    keys.press('They match')
    desk.app.wait('', 'Private, verified', contains=True)
    desk.tap.check('the words are compared', True)


def write(desk, keys, guest):
    app, display = desk.app, desk.display
    display.key('ctrl+shift+n')
    for section, text in NOTE.items():
        app.wait('', section)
        keys.reach(section)
        display.type(text)
    app.wait('', 'Saved', contains=True)
    desk.picture('note')
    texts = [element.text() for element in app.walk() if element.role == 'text' and element.on_screen()]
    desk.tap.check('a note is written and saved', all(text in texts for text in NOTE.values()), texts)
    display.key('ctrl+shift+c')
    app.wait('', 'Message')
    keys.reach('Message')
    display.type(CHAT)
    display.key('Return')
    guest.wait('chat', text=CHAT)
    desk.tap.check('a message is sent', True)


def hang_up(desk, keys):
    keys.press('Hang up')
    desk.app.at('BedAfterPage')
    desk.tap.check('after the call nothing captures', capture_nodes() == [], capture_nodes())
    desk.picture('after')
    keys.press('Back to the waiting room')
    desk.app.at('BedHomePage')
    desk.tap.check('and back in the waiting room', True)


def main(build, output):
    with Desk(build, output) as desk:
        desk.start_app()
        keys = Keyboard(desk.display, desk.app)
        unlock(desk, keys)
        help_and_about(desk, keys)
        guest = desk.guest_waits(name=NAME)
        admit(desk, keys, guest)
        mute(desk, keys, guest)
        compare(desk, keys)
        write(desk, keys, guest)
        hang_up(desk, keys)
        guest.wait('over')
        desk.check_log([*NOTE.values(), CHAT])
    return desk.finish()


run(main)
