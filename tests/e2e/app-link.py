#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""app-link.py BUILD OUTPUT: links that the desktop or a command hands to the app: to the waiting room, and what it says of
those that do not lead there. No secret of a link stands on a command line. Run by run-app."""
import os
import pathlib
import re
import subprocess
import sys

import gi

gi.require_version('Gio', '2.0')
from gi.repository import Gio, GLib  # noqa: E402

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.consultation import PASSWORD, until  # noqa: E402
from bedtest.desk import Desk, run  # noqa: E402
from bedtest.desktop import Application  # noqa: E402
from bedtest.links import make_bad_links  # noqa: E402
from bedtest.processes import Found, patience  # noqa: E402

NAME = 'Wilma Hartung'
APP = 'org.bedside.Bedside'
USED = 'This activation link was used already or has expired. Ask the clinic’s administrator for a new one.'
CUT = 'This is not an activation link. Copy the whole link, from https to its last letter.'
SET_UP = 'This computer is set up already. Unlock it with your password.'
UNDER_WAY = 'A set-up is under way here already. Finish it; or cancel it, then open the link again.'


def secret_of(link):
    return link.split('#')[1]


def ours(link):
    """As the desktop knows which app it is for."""
    return link.replace('https://', 'bedside://')


def call_bus(method, kind, *values):
    bus = Gio.bus_get_sync(Gio.BusType.SESSION)
    return bus.call_sync('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus', method,
                         GLib.Variant(kind, values), None, 0, 20000, None).unpack()


def command_lines():
    """Of every process, as everybody may read them."""
    lines = {}
    for path in pathlib.Path('/proc').glob('[0-9]*/cmdline'):
        try:
            lines[path.parent.name] = path.read_bytes().replace(b'\0', b' ').decode(errors='replace')
        except OSError:
            pass  # it has ended
    return lines


class Links(Desk):
    def install(self):
        """What meson installs for the desktop, in the folders of this person; and what the desktop starts apps with."""
        own = pathlib.Path(os.environ['XDG_DATA_HOME'])
        for name, folder in ((f'{APP}.desktop', 'applications'), (f'{APP}.service', 'dbus-1/services')):
            (own / folder).mkdir(parents=True, exist_ok=True)
            text = (self.build / 'data' / name).read_text()
            (own / folder / name).write_text(re.sub(r'^Exec=\S*bedside ', f'Exec={self.build}/src/app/bedside ', text,
                                                    flags=re.M))
        subprocess.run(['update-desktop-database', own / 'applications'], check=True, timeout=60)
        call_bus('ReloadConfig', '()')
        names = ('DISPLAY', 'GDK_BACKEND', 'GSETTINGS_BACKEND', 'GTK_A11Y', 'GSK_RENDERER', 'NO_AT_BRIDGE')
        environment = {name: self.display.environment[name] for name in names}
        call_bus('UpdateActivationEnvironment', '(a{ss})', {**environment, **self.as_nobody()})

    def as_nobody(self):
        """Somebody who has no account with a clinic."""
        return {'XDG_DATA_HOME': str(self.folder / 'nobody'), 'BEDSIDE_CA_FILE': str(self.clinic.folder / 'ca.pem')}

    def opened_by_desktop(self, link):
        subprocess.run(['gio', 'open', link], check=True, timeout=patience(60), stdout=self.log, stderr=self.log)
        until('the app on the bus', lambda: call_bus('NameHasOwner', '(s)', APP)[0])
        process = Found(call_bus('GetConnectionUnixProcessID', '(s)', APP)[0])
        self.app = Application(self.display, [str(self.build / 'src/app/bedside')], process=process)
        self.app.fill_display(*self.size)

    def hand_over(self, link):
        """As a second start of the app does, which tells the first."""
        subprocess.run([self.build / 'src/app/bedside', link], check=True, timeout=patience(60), stdout=self.log,
                       stderr=self.log, env={**self.display.environment, **self.as_nobody()})

    def nobody_tells(self, what, link):
        bad = {pid: line for pid, line in command_lines().items() if secret_of(link) in line}
        self.tap.check(f'{what}: no command line tells the secret', not bad, bad)
        process = self.app.process.pid
        environment = pathlib.Path(f'/proc/{process}/environ').read_bytes().decode(errors='replace')
        self.tap.check(f'{what}: nor does the environment', secret_of(link) not in environment)
        titles = self.display.titles()
        self.tap.check(f'{what}: nor a title', 'Bedside' in titles and secret_of(link) not in titles, titles)

    def close_visit(self):
        """The page's own button is below the window's."""
        buttons = [e for e in self.app.walk() if e.name == 'Close' and e.role == 'push button' and e.on_screen()]
        max(buttons, key=lambda button: button.extents()[1]).click()
        self.app.at('BedWelcomePage')


def by_the_desktop(desk, clinician):
    tap, app = desk.tap, desk.app
    link = ours(desk.link)
    desk.opened_by_desktop(link)
    app = desk.app
    app.at('BedGuestPage')
    app.wait('', 'Dr Amara Okafor', 20, contains=True)
    tap.check('the desktop opens a link with the app, at the clinic that it names', True)
    desk.nobody_tells('opened by the desktop', link)
    desk.picture('invited')
    desk.guest_details(NAME)
    desk.guest_agrees()
    app.press('Join without camera')
    app.wait('', 'will let you in', 20, contains=True)
    tap.check('and it leads to the waiting room', clinician.wait('arrived', 20)['name'] == NAME)
    desk.picture('waiting')
    app.press('Leave the waiting room')
    app.at('BedWelcomePage')


def make_bad(desk, clinician):
    """And those that only the app is given."""
    whole = desk.link
    return {**make_bad_links(clinician, whole), 'without its secret': whole[:whole.index('#')], 'of nothing': 'https://',
            'of no server': whole.replace(desk.clinic.authority, 'localhost:9')}


SAID = {'used': ('This link was used already', 'Ask the clinic for a new one.'),
        'expired': ('This link has expired', 'Ask the clinic for a new one.'),
        'revoked': ('The clinic took this link back', 'Ask the clinic for a new one.'),
        'of no server': ('The clinic cannot be reached', 'Check your network, then open the link again.')}
NOT_WHOLE = ('This link is not complete', 'Copy the whole link again, from https to its last letter.')


def bad_ones(desk, clinician):
    """Told on the screen, whichever way the link came."""
    app = desk.app
    for name, link in make_bad(desk, clinician).items():
        for way in (ours(link), link):
            desk.hand_over(way)
            app.at('BedGuestPage')
            title, advice = SAID.get(name, NOT_WHOLE)
            app.wait('', title, 20)
            app.wait('', advice)
            desk.tap.check(f'{way.split(":")[0]} link {name}: "{title}"', True)
            desk.close_visit()
    desk.tap.check('nobody arrived by them', not [a for a in clinician.all('arrived') if a['name'] != NAME])


def activation(desk):
    """What a clinic's administrator gave: cut off, and used already."""
    for name, link, words in (('cut', desk.activation[:-8], CUT), ('used', desk.activation, USED)):
        desk.hand_over(link)
        desk.app.at('BedWelcomePage')
        desk.app.wait('', words, 20)
        desk.picture(f'activation-{name}')
        desk.tap.check(f'activation link {name}: "{words}"', True)
    new = desk.clinic.add_user('lindqvist', 'Dr Sven Lindqvist')
    desk.hand_over(new)
    desk.app.at('BedActivationPage')
    desk.hand_over(desk.activation)
    desk.app.wait_toast(UNDER_WAY)
    desk.picture('set-up-under-way')
    desk.tap.check('an activation link during a set-up is told of that', True)
    desk.app.at('BedActivationPage')
    desk.app.press('Cancel')
    desk.app.at('BedWelcomePage')
    desk.hand_over(new)
    desk.app.at('BedActivationPage')
    desk.tap.check('and opens once that was cancelled', True)
    desk.app.stop()


def colleague(desk):
    """Somebody with an account and a record of their own, which is locked."""
    tap = desk.tap
    desk.start_app(ours(desk.link), BEDSIDE_CA_FILE=str(desk.clinic.folder / 'ca.pem'))
    app = desk.app
    app.at('BedUnlockPage')
    desk.nobody_tells('started with a link', desk.link)
    app.wait('', 'Unlock first; then the link opens.')
    tap.check('a link waits for the unlock, and it says so', True)
    app.write_entry('Password', PASSWORD)
    desk.hand_over(desk.activation)
    app.wait('', SET_UP)
    tap.check('an activation link is for another computer, and it says so', True)
    desk.picture('locked')
    app.press('Unlock')
    app.at('BedGuestPage', 30)
    app.wait('', 'Dr Amara Okafor', 20, contains=True)
    tap.check('what was typed before it stays, and the first link opens', True)
    app.press('Cancel')
    app.at('BedHomePage')
    app.press('Menu of Dr Amara Okafor')
    app.anywhere()
    app.press('Open an Invitation…')
    app.at_window('Your invitation')
    app.write_entry('Link', desk.link)
    desk.picture('pasted')
    app.press('Open', contains=True, role='push button')
    app.at('BedGuestPage')
    app.wait('', 'Dr Amara Okafor', 20, contains=True)
    tap.check('so does one that is pasted', True)
    app.press('Cancel')
    app.at('BedHomePage')
    desk.hand_over(desk.activation)
    app.wait_toast(SET_UP)
    tap.check('and again once it is unlocked', True)


def main(build, output):
    with Links(build, output) as desk:
        clinician = desk.start_clinician()
        desk.install()
        by_the_desktop(desk, clinician)
        bad_ones(desk, clinician)
        activation(desk)
        clinician.close()
        colleague(desk)
        words = [*NAME.split(), secret_of(desk.link), '01632', 'Mill Lane']
        desk.check_log(words, on_buses=False)  # the desktop hands the link over on one
        # What the bus started writes there, and so does the bus of whom it starts.
        said = (pathlib.Path(os.environ['BED_SESSION_LOGS']) / 'dbus.log').read_text(errors='replace')
        told = [word for word in words if word in said]
        desk.tap.check('nor has the log of the bus', APP in said and not told, told)
    return desk.finish()


run(main)
