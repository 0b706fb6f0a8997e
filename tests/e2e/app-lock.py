#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""app-lock.py BUILD OUTPUT: what a lock leaves behind, and what it still tells. Run by run-app."""
import os
import pathlib
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.consultation import until  # noqa: E402
from bedtest.desk import capture_nodes, playback_nodes, run  # noqa: E402
from bedtest.marked import CHAT, MARKERS, NAME, PASSWORD_MARKER, TYPED, MarkedDesk, type_everything  # noqa: E402
from bedtest.memory import found_at_rest, found_in_memory  # noqa: E402

ENDED = 'This link is not complete'
WAITS = 'Unlock first; then the link opens.'
LOCKED = {'vault.keys', 'vault.db'}
IN_USE = {*LOCKED, 'vault.db-wal'}


def check_files(desk, when, record):
    """None of it is in any file, and the search finds what is there."""
    words = [*MARKERS, PASSWORD_MARKER]
    found, seen = found_at_rest(desk.places(), words)
    desk.tap.check(f'{when} none of it is in any of {len(seen)} files', not found, found)
    missing = record - {path.name for path in seen}
    desk.tap.check('the whole record is among them', not missing, missing)
    left = [place / 'left-by-the-test' for place in desk.places()]
    for path, code in zip(left, ('utf-8', 'utf-16-le', 'utf-32-le') * len(left)):
        path.write_bytes(f'x{TYPED[0]}\n'.encode(code))
    found, _ = found_at_rest(desk.places(), words)
    for path in left:
        path.unlink()
    desk.tap.check('and what is left in one is found', {str(path) for path in left} == {path for _, path in found}, found)


def descriptors(pid):
    folder = f'/proc/{pid}/fd'
    return [os.readlink(f'{folder}/{number}') for number in os.listdir(folder)]


def lock_and_ring(desk):
    """Outside a call: the process begins anew, and says that somebody came, not who."""
    tap, app = desk.tap, desk.app
    frame = app.frame_size()
    desk.lock(fill=False)
    tap.check('the window comes back as large as it was', app.frame_size() == frame, f'{frame} {app.frame_size()}')
    desk.app.fill_display(*desk.size)
    app.wait('', 'Nobody waits', 10, contains=True)
    tap.check('nothing of the handover is left open', not [d for d in descriptors(app.process.pid) if 'handover' in d])
    desk.picture('locked')
    guest = desk.guest_waits(name=NAME)
    notice = desk.services.wait('notification', 10)
    tap.check('an arrival is told while locked, without a name',
              notice['body'] == 'Someone has arrived. Unlock to let them in.' and 'marker' not in str(notice), str(notice))
    until('the chime', playback_nodes, 3)
    tap.check('and rings', True)
    app.wait('', '1 person is in the waiting room', 5, contains=True)
    desk.picture('somebody-waits')
    tap.check('the page names nobody', NAME not in app.describe())
    desk.unlock()
    app.wait('', NAME, 15, contains=True)
    tap.check('after the unlock their name is there, and no code was asked', True)
    return guest


def wrong_password(desk):
    """It opens nothing, says no more than that it was wrong, and the right one still opens."""
    app = desk.app
    app.at('BedUnlockPage')
    app.write_entry('Password', desk.password + '!')
    app.press('Unlock')
    app.wait('', 'That was not right. Try again.', 20)
    desk.picture('wrong-password')
    desk.tap.check('a wrong password is told, and opens nothing', 'Ready for patients' not in app.describe())


def open_link(desk, link=None):
    subprocess.run([desk.build / 'src/app/bedside', link or desk.link], check=True, timeout=60, stdout=desk.log, stderr=desk.log,
                   env=desk.display.environment)


def lock_in_visit(desk):
    """A guest's visit goes on behind the cover, unseen and unheard."""
    tap, app = desk.tap, desk.app
    open_link(desk)
    app.at('BedGuestPage')
    desk.guest_details('Wilma Hartung')
    desk.guest_agrees()
    for name in ('Camera', 'Microphone'):
        app.press(name, contains=True, role='check box')
    until('both devices', lambda: len(capture_nodes()) == 2)
    desk.display.key('ctrl+l')
    app.at('BedUnlockPage')
    app.wait('', 'Your visit goes on behind this. Your camera and microphone are off.', 5)
    until('that nothing is captured', lambda: capture_nodes() == [], 5)
    tap.check('in a visit nobody is captured behind the cover, and it says so', True)
    open_link(desk)
    app.wait('', WAITS, 10)
    tap.check('a link that arrives meanwhile waits, and it says so', True)
    desk.picture('covered-visit')
    app.write_entry('Password', desk.password)
    app.press('Unlock')
    app.wait_toast('You are in a visit already. Leave it first.')
    tap.check('and is answered once it can be seen', True)
    app.at('BedCheckPage', 20)
    tap.check('and they switch on anew', capture_nodes() == [], capture_nodes())
    app.press('Back')
    app.at('BedGuestPage')
    app.press('Back')
    app.press('Cancel')
    app.at('BedHomePage')


def lock_after_visit(desk):
    """How it ended stands on the screen; who locks then has read it."""
    app = desk.app
    open_link(desk, desk.link[:-8])
    app.at('BedGuestPage')
    app.wait('', ENDED, 20, contains=True)
    desk.lock()
    desk.unlock()
    app.anywhere()
    desk.tap.check('how a visit ended is not told again to who had read it', app.find('', ENDED, contains=True) is None)
    app.at('BedHomePage')


def lock_in_call(desk, guest):
    """In a call it covers; at the call's end the process begins anew."""
    tap, app = desk.tap, desk.app
    before = found_in_memory(app.process.pid, MARKERS)
    tap.check(f'what was typed and shown is in memory before ({len(before)} of 200)', len(before) == 200,
              set(MARKERS) - before)
    check_files(desk, 'while it is typed', IN_USE)
    desk.display.key('ctrl+l')
    app.at('BedUnlockPage')
    app.wait('', 'Your sound is still sent, your picture is not', 5, contains=True)
    guest.wait('remote-media', 10, camera='off', microphone='on')
    until('that only sound is captured', lambda: capture_nodes() == ['bedside-microphone'], 5)
    tap.check('nobody is filmed behind the cover, and it says that they are heard', True)
    desk.picture('covered')
    app.write_entry('Password', desk.password)
    tap.check('the password is in memory while it is typed', found_in_memory(app.process.pid, [PASSWORD_MARKER]))
    app.press('Unlock')
    app.at('BedCallPage', 20)
    tap.check('in a call the lock covers, and the call is there after it', bool(app.find('', CHAT, contains=True)))
    tap.check('and the camera is off until they switch it on', capture_nodes() == ['bedside-microphone'], capture_nodes())
    app.press('Mute', contains=True)
    guest.wait('remote-media', 10, camera='off', microphone='off')
    desk.display.key('ctrl+l')
    app.at('BedUnlockPage')
    app.wait('', 'Neither your sound nor your picture is sent', 5, contains=True)
    tap.check('who is muted is not told that they are heard', True)
    open_link(desk)
    app.wait('', WAITS, 10)
    guest.say('hang-up')
    app.again()
    began = time.monotonic()
    app.fill_display(*desk.size)
    app.at('BedUnlockPage')
    time.sleep(max(0, began + 1 - time.monotonic()))
    after = found_in_memory(app.process.pid, [*MARKERS, PASSWORD_MARKER])
    tap.check('the password is not in memory after the lock', PASSWORD_MARKER not in after)
    after -= {PASSWORD_MARKER}
    tap.check(f'nor is anything of it ({len(after)} of 200)', not after, after)
    check_files(desk, 'after the lock', LOCKED)
    open_what_waited(desk)
    app.point('Notes')
    app.point(NAME, contains=True)
    text = until('the note', lambda: [e.text() for e in app.walk() if TYPED[0] in (e.text() or '')], 15)
    tap.check('and all of it is in the record', all(any(w in t for t in text) for w in TYPED[0::4]))


def open_what_waited(desk):
    """A link outlives the end of the process that it was opened in, and nobody else sees it."""
    tap, app = desk.tap, desk.app
    app.wait('', WAITS, 5)
    process, secret = pathlib.Path(f'/proc/{app.process.pid}'), desk.link.split('#')[1]
    told = [name for name in ('cmdline', 'environ') if secret in (process / name).read_bytes().decode(errors='replace')]
    tap.check('a link that waited still does, told by no command line or environment', not told, told)
    tap.check('and no handover is left open', not [d for d in descriptors(app.process.pid) if 'handover' in d])
    desk.picture('locked-with-a-link')
    app.write_entry('Password', desk.password)
    app.press('Unlock')
    app.at('BedGuestPage', 30)
    app.wait('', 'Dr Amara Okafor', 20, contains=True)
    tap.check('and opens after the unlock', True)
    app.press('Cancel')
    app.at('BedHomePage')
    app.wait('', 'Ready for patients', 20)


def session_ends(desk):
    """What cannot be announced is said."""
    desk.lock()
    desk.app.wait('', 'is announced, without a name', 10, contains=True)
    subprocess.run([desk.clinic.program, 'user', 'disable', 'okafor', '--config', desk.clinic.config], check=True,
                   capture_output=True, timeout=20)
    desk.clinic.stop()
    desk.app.wait('', 'The clinic cannot be reached', 10, contains=True)
    desk.clinic.start()
    desk.app.wait('', 'cannot be announced until you unlock', 20, contains=True)
    desk.picture('session-ended')
    desk.tap.check('the page says when nobody can be announced', True)


def main(build, output):
    with MarkedDesk(build, output) as desk:
        desk.start_app(BEDSIDE_CA_FILE=str(desk.clinic.folder / 'ca.pem'), TMPDIR=str(desk.temporary_files))
        wrong_password(desk)
        desk.unlock()
        lock_in_visit(desk)
        lock_after_visit(desk)
        guest = lock_and_ring(desk)
        type_everything(desk, guest)
        lock_in_call(desk, guest)
        session_ends(desk)
        desk.check_log([*MARKERS, PASSWORD_MARKER])
        # A second start of the app hands its link to the first by the session bus.
        desk.tap.check('nor has the log the link', desk.link.split('#')[1] not in desk.app_log.read_text(errors='replace'))
    return desk.finish()


run(main)
