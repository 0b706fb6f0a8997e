#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""app-open.py BUILD OUTPUT: what `scripts/run` opens on a display. A newcomer takes the password and the patient's link from
what it prints, unlocks, joins by the link in a browser, and quits; nothing stays behind. Run by run-app."""
import pathlib
import queue
import re
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.clinic import totp  # noqa: E402
from bedtest.consultation import Patient, ROOT, Tap, until  # noqa: E402
from bedtest.desk import run  # noqa: E402
from bedtest.desktop import Application, Display  # noqa: E402
from bedtest.processes import call_all, end, Found, patience  # noqa: E402
from bedtest.webdriver import Chromium  # noqa: E402


NAME = 'Rosa Lindqvist'


def lay_out(folder, build):
    """scripts/run, beside what it would have installed and built."""
    (folder / 'scripts').mkdir()
    (folder / 'scripts/lib.sh').write_text(f'root={folder}\ninstall_packages () {{ :; }}\nbuild () {{ :; }}\n')
    for name, target in (('scripts/run', ROOT / 'scripts/run'), ('tests', ROOT / 'tests'), ('build', build)):
        (folder / name).symlink_to(target)
    return folder / 'scripts/run'


class Opened:
    """The program, and what it has printed."""

    def __init__(self, program, display, log):
        self.process = subprocess.Popen([program, '--no-install'], env=display.environment, stdout=subprocess.PIPE,
                                        stderr=log, text=True)
        self.lines, self.arrived = [], queue.Queue()
        threading.Thread(target=lambda: [self.arrived.put(line) for line in self.process.stdout], daemon=True).start()

    def find(self, pattern):
        """What the first group matched in what was printed."""
        def act():
            while not self.arrived.empty():
                self.lines.append(self.arrived.get())
            assert self.process.poll() is None, 'it ended'
            return re.search(pattern, ''.join(self.lines))
        return until(pattern, act, 60)[1]

    def app(self, display, program):
        """The app that it started."""
        def act():
            found = subprocess.run(['pgrep', '--parent', str(self.process.pid), '--exact', program.name],
                                   capture_output=True, text=True, timeout=20)
            return found.stdout.split()
        [pid] = until('the app', act, 30)
        return Application(display, [str(program)], process=Found(int(pid)))

    def close(self):
        end(self.process)


def joined(tap, opened, output):
    """The browser is started with the switch that is printed, so that it does not warn."""
    browser = Chromium(spki=opened.find(r'--ignore-certificate-errors-spki-list=(\S+)'))
    try:
        patient = Patient(browser)
        patient.open(opened.find(r'(https://\S+/j/\S+#[^\s\']+)'))
        tap.check('the link that is printed opens in a browser', 'Dr Amara Okafor' in browser.text('main'), browser.text('main'))
        patient.join(**{'#name': NAME})
        browser.wait('#position')
        browser.screenshot(output / '02-patient.png')
        return browser
    except BaseException:
        browser.close()
        raise


def steps(tap, build, output, display, opened):
    password = opened.find(r'Password of the demo clinician: +(.+)')
    code, secret = opened.find(r'Second factor.*: +(\d{6}) '), opened.find(r'secret (\w+)\)')
    tap.check('the second factor that is printed is one', code in (totp(secret), totp(secret, time.time() - 30)), code)
    folder = pathlib.Path(opened.find(r'--user-data-dir=(\S+)/patient'))
    app = opened.app(display, build / 'src/app/bedside')
    app.fill_display(1280, 800)
    app.at('BedUnlockPage')
    app.write_entry('Password', password)
    app.press('Unlock')
    app.at('BedHomePage', 30)
    app.wait('', 'Ready for patients', 20)
    tap.check('the password that is printed opens the app', True)
    display.screenshot(output / '01-home.png')
    browser = joined(tap, opened, output)
    try:
        app.wait('', f'Admit {NAME}', 20, contains=True)
        tap.check('and who joins by it waits in the app', True)
        display.screenshot(output / '03-waiting.png')
    finally:
        browser.close()
    display.key('ctrl+q')
    tap.check('it ends with the app', opened.process.wait(patience()) == 0, opened.process.returncode)
    tap.check('and leaves nothing behind', not folder.exists(), folder)


def main(build, output):
    build, output, tap = pathlib.Path(build).resolve(), pathlib.Path(output).resolve(), Tap()
    display, opened = Display(1280, 800), None
    try:
        with open(output / 'open.log', 'wb') as log, tempfile.TemporaryDirectory(prefix='bed-open.') as folder:
            opened = Opened(lay_out(pathlib.Path(folder), build), display, log)
            steps(tap, build, output, display, opened)
    except BaseException:
        display.screenshot(output / 'failed.png')
        raise
    finally:
        call_all(opened.close if opened else lambda: None, display.close)
    print(f'1..{tap.count}', flush=True)
    return 1 if tap.failed else 0


run(main)
