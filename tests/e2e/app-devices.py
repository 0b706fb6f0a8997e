#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""app-devices.py BUILD OUTPUT: camera and microphone unplugged in a call and before it, and plugged in again. Run by run-app."""
import os
import pathlib
import signal
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.consultation import until  # noqa: E402
from bedtest.desk import Desk, capture_nodes, nodes, run  # noqa: E402

CAMERA_GONE = 'The camera was unplugged. The call goes on without it; plug it in and turn it on again.'
MICROPHONE_GONE = 'The microphone was unplugged. Plug it in and turn it on again, or write in the chat.'
NO_CAMERA = 'No camera was found. Plug one in; the call works without it.'
NO_MICROPHONE = 'No microphone was found. Plug one in or write in the chat.'
NO_SERVER = ('This computer’s sound and video service does not run. The call works without a picture; restart the computer to get it back.',
             'This computer’s sound and video service does not run. Write in the chat, and restart the computer to get it back.',
             'This computer’s sound and video service does not run, so nothing can be heard. Restart the computer to get it back.')
CHAT = 'Can you read me?'


def tell_devices(what, *present):
    """Plugs or unplugs, and waits for what is there afterwards."""
    os.kill(int(os.environ['BED_VIRTUAL_DEVICES_PID']), what)
    until('the change of devices', lambda: sorted(n for n, *_ in nodes() if n in ('virtual-camera', 'virtual-microphone'))
          == sorted(present))


def unplugged_in_call(desk, guest):
    tap, app = desk.tap, desk.app
    guest.wait('remote-media', camera='on', microphone='on')
    tell_devices(signal.SIGUSR1, 'virtual-microphone')
    app.anywhere()
    app.wait('', CAMERA_GONE, 10)
    desk.picture('camera-gone')
    app.at('BedCallPage')
    app.wait('label', 'You are heard, not seen', 10)
    guest.wait('remote-media', 10, camera='off', microphone='on')
    tap.check('the camera unplugged: told with what to do, and both sides know what is sent', True)
    until('that only sound is captured', lambda: len(capture_nodes()) == 1, 10)
    tell_devices(signal.SIGUSR2)
    app.anywhere()
    app.wait('', MICROPHONE_GONE, 15)
    desk.picture('microphone-gone')
    app.at('BedCallPage')
    app.wait('label', 'Nobody sees or hears you', 10)
    guest.wait('remote-media', 10, camera='off', microphone='off')
    until('that nothing is captured', lambda: capture_nodes() == [], 10)
    tap.check('the microphone, too', True)


def goes_on(desk, guest):
    app = desk.app
    app.wait('', 'No camera was found', 10)
    app.wait('', 'No microphone was found', 10)
    app.press('Chat', contains=True)
    app.write_entry('Message', CHAT)
    app.press('Send')
    guest.wait('chat', 10, text=CHAT)
    desk.tap.check('the call goes on: words get through', app.find('', 'Hang up', contains=True) is not None)
    app.press('Chat', contains=True)


def plugged_in_again(desk, guest):
    tap, app = desk.tap, desk.app
    tell_devices(signal.SIGHUP, 'virtual-camera', 'virtual-microphone')
    app.wait('', 'Turn the camera on', 10)
    tap.check('plugged in again: offered, and not switched on by itself', capture_nodes() == [], capture_nodes())
    app.press('Turn the camera on')
    guest.wait('remote-media', 10, camera='on', microphone='off')
    app.press('Turn the microphone on')
    guest.wait('remote-media', 10, camera='on', microphone='on')
    app.wait('label', 'You are seen and heard', 10)
    desk.picture('again')
    tap.check('switched on by hand they are sent again', len(capture_nodes()) == 2, capture_nodes())


def hang_up(desk, guest):
    desk.display.key('ctrl+shift+h')
    desk.app.at('BedAfterPage')
    desk.app.anywhere()
    left = [words for words in (CAMERA_GONE, MICROPHONE_GONE) if desk.app.find('', words) is not None]
    desk.tap.check('what was said of the devices goes with the call', not left, left)
    desk.app.at('BedAfterPage')
    guest.close()
    desk.app.press('Back to the waiting room')
    desk.app.at('BedHomePage')


def check_page(desk):
    """Without devices the check says so; they are offered when they are plugged in; the call can begin all the same."""
    tap, app = desk.tap, desk.app
    tell_devices(signal.SIGUSR1, 'virtual-microphone')
    tell_devices(signal.SIGUSR2)
    guest = desk.guest_waits(name='Tomas Weaver')
    app.wait('', 'Tomas Weaver', 15, contains=True)
    app.press('Admit', contains=True)
    app.at('BedCheckPage')
    app.wait('', NO_CAMERA, 10)
    app.wait('', NO_MICROPHONE, 10)
    desk.picture('check-without')
    tap.check('before the call it is told that there is neither, and what to do', True)
    tell_devices(signal.SIGHUP, 'virtual-camera', 'virtual-microphone')
    app.press('Camera', contains=True, role='check box')
    until('the camera', lambda: len(capture_nodes()) == 1, 10)
    tap.check('plugged in, they can be switched on', app.find('', NO_MICROPHONE) is None)
    tell_devices(signal.SIGUSR1, 'virtual-microphone')
    app.wait('', CAMERA_GONE, 10)
    desk.picture('check-unplugged')
    until('that nothing is captured', lambda: capture_nodes() == [], 10)
    app.press('Start', contains=True)
    app.at('BedCallPage')
    guest.wait('call-state', 20, state='connected')
    tap.check('unplugged there: told, and the call begins without it', capture_nodes() == [], capture_nodes())
    hang_up(desk, guest)


def no_server(desk):
    """Without PipeWire the check says so, and not that something wants plugging in."""
    tap, app = desk.tap, desk.app
    app.stop()
    tell_devices(signal.SIGHUP, 'virtual-camera', 'virtual-microphone')
    app = desk.start_app(PIPEWIRE_REMOTE='nothing-here', PULSE_SERVER='unix:/nonexistent/pulse')
    desk.unlock()
    guest = desk.guest_waits(name='Tomas Weaver')
    app.wait('', 'Tomas Weaver', 15, contains=True)
    app.press('Admit', contains=True)
    app.at('BedCheckPage')
    for words in NO_SERVER:
        app.wait('', words, 10)
    desk.picture('no-server')
    tap.check('without the sound and video service nobody is told to plug something in',
              app.find('', NO_CAMERA) is None and app.find('', NO_MICROPHONE) is None)
    guest.close()


def main(build, output):
    with Desk(build, output) as desk:
        desk.start_app()
        desk.unlock()
        guest = desk.guest_waits()
        desk.admit()
        unplugged_in_call(desk, guest)
        goes_on(desk, guest)
        plugged_in_again(desk, guest)
        hang_up(desk, guest)
        check_page(desk)
        no_server(desk)
        desk.check_log(['Tomas Weaver'])
    return desk.finish()


run(main)
