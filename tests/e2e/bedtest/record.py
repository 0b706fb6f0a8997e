# SPDX-License-Identifier: GPL-3.0-or-later
"""The clinical record in the real app, without a network; TAP on stdout."""
import contextlib
import pathlib
import re
import subprocess
import tempfile
import time

from .clinic import Clinic
from .desktop import Application, DesktopError, Display
from .processes import call_all, end_when_told

PASSWORD = 'a lamp beside the bed'
DOCTOR = 'Dr Amara Okafor'


def read_secret(app):
    """The second factor's, as it is shown for typing."""
    def shown():
        texts = [re.sub(r'\s', '', element.name) for element in app.walk() if element.on_screen()]
        return next((text for text in texts if re.fullmatch(r'[A-Z2-7]{32}', text)), None)
    return app._try('the second factor as text', shown, 15)


def begin_activation(app, link, seen=lambda what: None):
    """The first run up to the second factor, whose secret it returns. seen: is told of each step before it is left."""
    app.at('BedWelcomePage')
    app.wait('', 'Welcome to Bedside')
    seen('welcome')
    app.press('I work at a clinic')
    app.write_entry('Link', link)
    app.press('Continue')
    app.at('BedActivationPage')
    app.write_entry('Password', PASSWORD)
    app.write_entry('The same again', PASSWORD)
    seen('password')
    app.press('Continue')
    app.wait('', 'Second factor')
    secret = read_secret(app)
    seen('second-factor')
    return secret


class Record:
    """A profile in a folder of its own, and the app on it. Subclasses give `steps`."""

    def __init__(self, build, output):
        self.build = pathlib.Path(build).resolve()
        self.output = pathlib.Path(output).resolve()
        self.output.mkdir(parents=True, exist_ok=True)
        self.number = 0
        self.clinic = self.app = self.display = self.folder = None

    def ok(self, what):
        self.number += 1
        print(f'ok {self.number} - {what}', flush=True)
        self.display.screenshot(self.output / f'{self.number:02d}.png')

    def make_profile(self, *what, stop=True):
        """Signed in once; from then on there is no server, unless it is wanted. Returns what the tool printed."""
        self.clinic = Clinic(self.build, self.folder / 'clinic')
        self.clinic.start()
        link = self.clinic.add_user('okafor', DOCTOR)
        made = subprocess.run([self.build / 'tests/tools/make-profile', self.profile, link, PASSWORD, *what], check=True,
                              capture_output=True, text=True, timeout=60)
        if stop:
            self.clinic.stop()
        return dict(line.split(' ', 1) for line in made.stdout.splitlines())

    @property
    def profile(self):
        return self.folder / 'data/bedside'

    def start(self, *arguments, command=(), data=None, **environment):
        """command: what the app is started by; data: another XDG_DATA_HOME."""
        self.app = Application(self.display, [*command, str(self.build / 'src/app/bedside'), *arguments],
                               {'XDG_DATA_HOME': str(data or self.folder / 'data'), 'HOME': str(self.folder),
                                'LANGUAGE': 'en', 'LANG': 'C.UTF-8', **environment}, self.output / 'app.log')
        self.app.fill_display(1280, 800)

    def unlock(self, password=PASSWORD, page='BedHomePage'):
        self.app.at('BedUnlockPage')
        self.app.write_entry('Password', password)
        self.app.press('Unlock')
        self.app.at(page, 30)

    def quit(self):
        """As a person does, so that everything is told and written."""
        deadline = time.monotonic() + 30
        while self.app.process.poll() is None:
            if time.monotonic() > deadline:
                raise DesktopError('the app did not quit')
            self.app.fill_display(1280, 800)  # a dialog took the focus with it
            self.display.key('ctrl+q')
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.app.process.wait(timeout=3)

    def choose(self, menu, entry):
        self.app.press('More for this note')
        self.press_menu(menu)
        self.press_menu(entry)

    def press_menu(self, name):
        def act():
            for element in self.app.walk():
                if element.name == name and element.on_screen() and element.role != 'label' \
                        and self.app._has_action(element):
                    element.click()
                    return element
            return None
        self.app.anywhere()
        self.app._try(f'the menu entry {name}', act, 10)

    def choose_plain(self, entry):
        self.app.at('BedHomePage')
        self.app.press('More for this note')
        self.press_menu(entry)

    def open_preferences(self, section, row):
        """And in them the page behind a row, once the section has slid in."""
        self.app.at('BedHomePage')
        self.app.press(f'Menu of {DOCTOR}')
        self.press_menu('Preferences')
        self.app.at_window('Preferences')

        def opened():
            self.app.point(section, seconds=2)
            time.sleep(.5)
            return self.app.point(row, seconds=2)
        self.app._try(f'{row} in {section}', opened, 20)

    def close_preferences(self):
        """Until they are gone nothing behind them takes a click."""
        self.app.press('Close', role='push button')
        self.app.no_window('Preferences')
        self.app.at('BedHomePage')

    def choose_folder(self, target):
        """GTK's own, which has a line for a path."""
        def named():
            if not self.app.find('', 'GtkFileChooserWidget'):
                return False
            self.display.key('ctrl+l')
            self.display.key('ctrl+a')
            self.display.type(str(target))
            return any(e.node.get_editable_text_iface() and e.text() == str(target) for e in self.app.walk())
        self.app.anywhere()
        self.app._try('the line for the folder', named, 20)
        self.display.key('Return')
        self.app._try('the end of the file dialog', lambda: not self.app.find('', 'GtkFileChooserWidget'), 10)

    def open_backup(self):
        self.open_preferences('Notes', 'Backup')
        self.app.wait('', 'Back up now')

    def make_snippet(self, short, text):
        """On the open page of templates and snippets."""
        app = self.app
        app.wait('label', 'SOAP')
        self.display.run('mousemove', '300', '450', 'click', '--repeat', '20', '--delay', '10', '5')
        app.point('New snippet…')
        app.at_window('New snippet')
        app.write_entry('Abbreviation', short)
        app.write_entry('Text', text)
        app.press('Save')
        app.at_window('Preferences')
        app.wait('label', short)

    def plan_backups(self, folder):
        """Leaves the page open."""
        self.open_backup()
        self.app.point('Folder')
        self.choose_folder(folder)
        self.app.at_window('Preferences')
        self.app.wait('', str(folder))

    def select(self, title, entry, position):
        """In the list that opens on a row."""
        self.app.point(title)
        time.sleep(.5)  # until it takes keys
        self.display.key('Home', *['Down'] * position, 'Return')
        self.app.wait('label', entry)

    def write_passphrase(self, passphrase):
        """Of a file that is handed over encrypted."""
        self.app.write_entry('Passphrase of the file', passphrase)
        self.app.write_entry('The same again', passphrase)

    def add_patient(self, name):
        app = self.app
        app.at('BedHomePage')
        app.point('Patients')
        app.press('New patient')
        app.at_window('New patient')
        app.write_entry('Name', name)
        app.press('Save')
        app.at('BedHomePage')

    def begin_note(self, patient, text):
        """Of a new patient, from a template."""
        app = self.app
        self.add_patient(patient)
        app.press('Write a note')
        app.wait('', 'Sign…')
        self.choose('Template', 'SOAP')
        app.at('BedHomePage')
        app.write_entry('Subjective', text)

    def say_saved(self):
        """"Saved … ago", not the promise that stands there before anything was saved."""
        def saved():
            return any(e.name.startswith('Saved') and e.name != 'Saved as you type' and e.on_screen()
                       for e in self.app.walk() if e.role == 'label')
        self.app._try('"Saved … ago"', saved, 10)

    def scroll_to(self, name):
        """The list has no more rows than it shows."""
        for _ in range(20):
            if self.app.find('label', name) is not None:
                return
            self.display.run('mousemove', '300', '450', 'click', '5')
            time.sleep(.2)
        raise DesktopError(f'"{name}" is not in the list')

    def run(self):
        end_when_told()
        with tempfile.TemporaryDirectory(prefix='bedside-record.') as name:
            self.folder = pathlib.Path(name)
            self.display = Display(1280, 800)
            try:
                self.steps()
            except (DesktopError, subprocess.SubprocessError, OSError):
                self.display.screenshot(self.output / 'failed.png')
                raise
            finally:
                call_all(*(part.stop for part in (self.app, self.clinic) if part is not None), self.display.close)
        print(f'1..{self.number}')
