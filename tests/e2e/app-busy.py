#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""app-busy.py BUILD OUTPUT: what closes the record is refused while somebody waits or is in a call. Run by run-app."""
import pathlib
import shutil
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.consultation import until  # noqa: E402
from bedtest.desk import Desk, run  # noqa: E402

WHY = 'Not during a call, or while somebody waits: end it first.'
PAGES = {('Notes', 'Backup'): (('Restore from a backup…', 'Nothing was restored'),
                              ('Put it back…', 'Nothing was restored')),
         ('Security', 'More keys'): (('Encrypt the record anew…', 'Nothing was encrypted anew'),)}


def open_page(desk, section, row):
    app = desk.app
    desk.display.key('ctrl+comma')
    app.at_window('Preferences')

    def slid_in():
        app.point(section, seconds=2)
        time.sleep(.5)
        return app.point(row, seconds=2)
    until(row, slid_in, 20)


def scroll_to(desk, name):
    """The page is longer than its window."""
    found = desk.app.find('label', name)
    if found is not None and found.met_by_pointer():
        return True
    desk.display.run('mousemove', '300', '400', 'click', '5')
    time.sleep(.2)
    return False


def refuses(desk, when):
    app = desk.app
    for page, acts in PAGES.items():
        for act, window in acts:
            open_page(desk, *page)
            until(act, lambda name=act: scroll_to(desk, name), 20)
            app.point(act)
            app.at_window(window)
            app.wait('', WHY)
            desk.tap.check(f'{when}: "{act}" is refused, and it says why', True)
            desk.picture('refused')
            app.press('Close', contains=True, role='push button')
            app.no_window(window)
            app.at_window('Preferences')
            app.press('Close', role='push button')
            until('the end of the preferences', lambda: not closed(app), 10)


def closed(app):
    app.anywhere()
    return app.find('', 'Preferences')


def main(build, output):
    with Desk(build, output) as desk:
        shutil.copytree(desk.folder / 'data', desk.folder / 'share/bedside.set-aside-20260101-120000-ab12')
        desk.start_app()
        desk.unlock()
        guest = desk.guest_waits()
        desk.app.wait('', 'Elin Marsh', 15, contains=True)
        refuses(desk, 'somebody waits')
        desk.admit(camera=False)
        guest.wait('admitted')
        refuses(desk, 'in a call')
        desk.app.at('BedCallPage')
        desk.check_log()
    return desk.finish()


run(main)
