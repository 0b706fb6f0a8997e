#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""app-call.py BUILD OUTPUT: what happens around a call in the app: arrival, devices, talking while muted, a path that is cut,
altered messages, hang-up, the next person, a crash, sleep, a locked screen. The server alters a message when it is told to. Run by run-app."""
import json
import pathlib
import re
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.consultation import until  # noqa: E402
from bedtest.desk import Desk, capture_nodes, playback_nodes, run  # noqa: E402
from bedtest.evil import EvilClinic, alter  # noqa: E402
from bedtest.network import cut, mend  # noqa: E402

FIRST, SECOND = 'Elin Marsh', 'Tomas Weaver'
NOTE = 'Breath is short on the stairs since Tuesday.'
ALTERED = 'In the call of '
SUSPEND_AND_IDLE = 4 | 8


def arrival(desk):
    tap = desk.tap
    guest = desk.guest_waits(name=FIRST)
    notice = desk.services.wait('notification', 10)
    tap.check('an arrival is told without a name', FIRST.split()[0] not in str(notice) and 'waiting room' in notice['title'],
              str(notice))
    until('the chime', playback_nodes, 3)
    tap.check('and sounds at the loudspeaker', True)
    inhibit = desk.services.wait('inhibit', 5)
    tap.check('the computer stays awake while somebody waits', inhibit['flags'] == SUSPEND_AND_IDLE, str(inhibit))
    tap.check('nothing is captured while they wait', capture_nodes() == [], capture_nodes())
    until('the end of the chime', lambda: not playback_nodes(), 5)
    return guest


def told_where(desk):
    """What the patient said of themselves stands over the picture, and behind the pin."""
    app = desk.app
    for text in ('01632 960 200', '12 Mill Lane'):
        until(text, lambda: (label := app.find('label', text)) and label.met_by_pointer(), 10)
    app.press('Where the patient is')
    for text in ('01632 960 200', '12 Mill Lane'):
        until(f'{text} behind the pin', lambda: shown_twice(app, text), 10)
    desk.picture('where')
    desk.display.key('Escape')
    desk.tap.check('the number to call back and the place are seen in the call', True)


def shown_twice(app, text):
    return len([e for e in app.walk() if e.name == text and e.role == 'label' and e.on_screen()]) == 2


def spoken(desk, expected):
    until(expected, lambda: desk.app.find('label', expected), 5)
    return True


def talk(desk, guest):
    """Muted, and heard for as long as Space is held."""
    tap, display = desk.tap, desk.display
    until('both devices', lambda: len(capture_nodes()) == 2)
    guest.wait('remote-media', camera='on', microphone='on')
    desk.app.wait('label', 'You are seen and heard', 10)
    display.key('ctrl+d')
    guest.wait('remote-media', microphone='off')
    tap.check('muted', spoken(desk, 'You are seen, not heard'))
    display.click(640, 300)
    display.run('keydown', 'space')
    guest.wait('remote-media', 5, microphone='on')
    tap.check('Space held: heard', spoken(desk, 'You are seen and heard'))
    display.run('keyup', 'space')
    guest.wait('remote-media', 5, microphone='off')
    tap.check('let go: muted again', spoken(desk, 'You are seen, not heard'))


def controls(desk):
    """They fade when the person is heard and the pointer rests, and only then."""
    tap, display = desk.tap, desk.display
    display.click(640, 300)
    time.sleep(5)
    tap.check('muted: the controls stay', desk.controls_shown())
    display.key('ctrl+d')
    spoken(desk, 'You are seen and heard')
    display.click(640, 301)
    until('the fading', lambda: not desk.controls_shown(), 20, 0.3)
    tap.check('heard: they fade', True)
    desk.picture('faded')
    display.run('mousemove', '600', '340')
    until('the controls', desk.controls_shown, 10, 0.1)
    tap.check('and come back with the pointer', True)


def cut_off(desk, guest):
    """Nothing comes through for a while: what lies over the picture says so, and the call goes on by itself."""
    tap, app = desk.tap, desk.app
    cut('media', desk.clinic.port)
    try:
        app.wait('label', 'The connection is not getting through at the moment.')
        app.wait('label', 'You are sending, it may not arrive')
        tap.check('a path that is cut: told that it does not get through', True)
        desk.picture('silent')
        app.wait('label', 'Connection lost')
        app.wait('label', 'Nothing is being sent. Trying again…')
        app.wait('label', 'Nobody sees or hears you')
        tap.check('and then that the connection is lost, and nothing is sent', True)
        desk.picture('lost')
    finally:
        mend()
    before = guest.stats()['frames']
    app.wait('label', 'You are seen and heard')
    app.wait_gone('label', 'Connection lost')
    until('pictures', lambda: guest.stats()['frames'] >= before + 30)
    tap.check('mended, the call goes on by itself', True)


def altered(desk, guest):
    """One message is altered on its way: the app says so, and over it that the words want comparing again."""
    app, tap = desk.app, desk.tap
    app.press('Privacy of this call', contains=True)
    app.press('They match')
    app.wait('', 'Private, verified', 10, contains=True)
    desk.display.key('Escape')
    done = []

    def attack(to, data):
        if to == 'clinician' and not done and json.loads(data).get('type') == 'media':
            done.append(True)
            return [alter(data)]
        return [data]
    desk.clinic.attack = attack
    guest.say('camera off')
    app.anywhere()
    app.wait('', 'Compare the four words again', 35, contains=True)
    desk.clinic.attack = None
    app.at('BedCallPage')
    app.wait('', 'Private, compare again', 10, contains=True)
    tap.check('a connection made anew is told in words', True)
    desk.picture('renewed')


def hang_up(desk, guest):
    app, tap = desk.app, desk.tap
    desk.display.key('ctrl+shift+h')  # a button waits for its animation before it acts
    time.sleep(max(0, guest.wait('ended')['at'] + 0.1 - time.monotonic()))
    nodes = capture_nodes()
    tap.check('100 ms after hang-up nothing captures', nodes == [], nodes)
    app.at('BedAfterPage')
    app.anywhere()
    tap.check('what was asked about the words goes with the call',
              app.find('', 'Compare the four words again', contains=True) is None)
    app.wait('', ALTERED, 10, contains=True)
    desk.picture('altered')
    tap.check('and what was under it stays: that a message was altered, and in which call',
              re.search(ALTERED + r'\d+ \w+, \d\d:\d\d a message', app.describe()) is not None
              and app.find('', 'A message of this call', contains=True) is None, app.describe())
    app.at('BedAfterPage')
    guest.close()
    app.press('Back to the waiting room')
    app.at('BedHomePage')
    desk.services.wait('uninhibit', 10)
    tap.check('nobody waits any more: the computer may sleep', True)


def lock_unread(desk):
    """A warning that nobody closed outlives a lock."""
    app = desk.app
    desk.lock()
    desk.picture('locked-unread')
    app.anywhere()
    tap = desk.tap
    tap.check('a locked window shows no warning', app.find('', ALTERED, contains=True) is None)
    desk.unlock()
    app.anywhere()
    app.wait('', ALTERED, 10, contains=True)
    app.press('Close this message')
    until('that it is gone', lambda: app.find('', ALTERED, contains=True) is None, 5)
    tap.check('one that was not read outlives the lock, and goes when it is closed', True)
    app.at('BedHomePage')


def second(desk):
    """The yes to camera and microphone was for the first."""
    tap, app = desk.tap, desk.app
    guest = desk.guest_waits(name=SECOND)
    app.wait('', SECOND, 15, contains=True)
    app.press('Admit', contains=True)
    app.at('BedCheckPage')
    switches = {e.name: e.checked() for e in app.walk() if e.role == 'check box' and e.on_screen()}
    tap.check('the second person: both switches are off again', switches and not any(switches.values()), switches)
    time.sleep(0.5)
    tap.check('and nothing captures', capture_nodes() == [], capture_nodes())
    app.press('Start', contains=True)
    app.at('BedCallPage')
    app.wait('label', 'Nobody sees or hears you', 15)
    tap.check('nor in the call that begins so', capture_nodes() == [], capture_nodes())
    app.press('Note', contains=True)
    app.write_entry('Subjective', NOTE)
    app.wait('', 'Saved', 10, contains=True)
    return guest


def crash(desk, guest):
    tap = desk.tap
    desk.app.stop(kill=True)
    desk.start_app()
    desk.unlock()
    app = desk.app
    app.press('Return to the call', contains=True, seconds=30)
    desk.picture('return')
    app.at('BedCheckPage')
    app.press('Return to the call', contains=True)
    app.at('BedCallPage')
    guest.wait('call-state', 20, state='connected')
    app.press('Note', contains=True)
    until('the note', lambda: NOTE in [e.text() for e in app.walk() if e.on_screen()], 10, 0.2)
    tap.check('after a crash the person returns to the call, with the note as it was', True)
    desk.picture('returned')
    app.press('Hang up')
    app.at('BedAfterPage')
    guest.close()


def sleep(desk):
    """The computer is about to sleep: it waits until the app has locked."""
    delay = desk.services.all('delay')[-1]
    desk.services.say('sleep')
    desk.app.again()
    desk.app.fill_display(*desk.size)
    desk.app.at('BedUnlockPage')
    desk.services.wait('released', 5, number=delay['number'])
    desk.tap.check('before sleep it locks, and only then lets go', delay['what'] == 'sleep' and delay['mode'] == 'delay')


def lock_screen(desk):
    desk.unlock()
    desk.services.say('lock')
    desk.app.again()
    desk.app.fill_display(*desk.size)
    desk.app.at('BedUnlockPage')
    desk.tap.check('it locks with the screen', True)


def main(build, output):
    with Desk(build, output, make_clinic=EvilClinic) as desk:
        desk.start_app()
        desk.unlock()
        guest = arrival(desk)
        desk.admit()
        guest.wait('admitted')
        told_where(desk)
        talk(desk, guest)
        controls(desk)
        cut_off(desk, guest)
        altered(desk, guest)
        hang_up(desk, guest)
        lock_unread(desk)
        crash(desk, second(desk))
        sleep(desk)
        lock_screen(desk)
        desk.check_log([NOTE, *SECOND.split()])
    return desk.finish()


run(main)
