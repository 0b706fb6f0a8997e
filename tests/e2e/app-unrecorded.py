#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""app-unrecorded.py BUILD OUTPUT: a call that the record does not take, as the disk is full. Run by run-app."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.consultation import until  # noqa: E402
from bedtest.desk import Desk, run  # noqa: E402
from bedtest.disk import fill, small_disk  # noqa: E402

TOLD = 'This consultation cannot be recorded. The disk is full.'
AFTER = 'Not all of the consultation of '
NAME, NOTE = 'Elin Marsh', 'Sleeps better since the new pillow.'


def on_small_disk(desk):
    disk = desk.folder / 'disk'
    disk.mkdir()
    desk.start_app(data=disk, command=small_disk(disk, desk.folder / 'share/bedside'))
    return pathlib.Path(f'/proc/{desk.app.process.pid}/root') / disk.relative_to('/')


def told(desk):
    """Admitted with a full disk: the call begins, and its page says what the record lacks."""
    desk.admit(camera=False, microphone=False)
    desk.app.wait('', TOLD, 30, contains=True)
    desk.picture('told')
    desk.tap.check('a call without a record is told on its page, with what to do', True)


def ended(desk, guest):
    desk.display.key('ctrl+shift+h')
    desk.app.at('BedAfterPage')
    desk.app.anywhere()
    desk.app.wait('', AFTER, 20, contains=True)
    desk.picture('end')
    desk.tap.check('and at its end', True)
    guest.close()
    desk.app.at('BedAfterPage')
    desk.app.press('Back to the waiting room')


def recorded(desk, guest, filler):
    app, tap = desk.app, desk.tap
    guest.wait('call-state', 20, state='connected')
    tap.check('the call goes on', True)
    filler.unlink()
    until('the end of the strip', lambda: app.find('', TOLD, contains=True) is None, 30)
    tap.check('with room again it is recorded by itself', True)
    app.press('Note', contains=True)
    app.write_entry('Subjective', NOTE)
    app.wait('', 'Saved', 20, contains=True)
    desk.picture('recorded')
    tap.check('and has a note', True)


def main(build, output):
    with Desk(build, output) as desk:
        disk = on_small_disk(desk)
        desk.unlock()
        guest = desk.guest_waits(name=NAME)
        filler = fill(disk)
        told(desk)
        ended(desk, guest)
        guest = desk.guest_waits(name=NAME)
        told(desk)
        recorded(desk, guest, filler)
    return desk.finish()


run(main)
