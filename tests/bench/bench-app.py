#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The app itself, driven through the accessibility bus on an Xvfb of its own: CPU and memory in a call with Chromium's
page, camera and microphone from PipeWire. Each sample is a call of its own, with a clinic, an app and a browser started
for it. bench-app.py BUILD [--quick] [--calls N]"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

from benchlib import BenchError, cpu_seconds, HERE, INSIDE, main, options, progress, pss_mib, Report, tree
from bedtest.clinic import Clinic
from bedtest.desktop import Application, DesktopError, Display
from bedtest.webdriver import Chromium, WebDriverError

PASSWORD = 'a lamp beside the bed'
SECONDS = 5
SETTLE = 10
WIDTH = 1280
FULL_SIZE = 60  # seconds until both pictures have their full width
WATCH = '''
if (!window.benchPeer) {
  const Original = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Original { constructor(...a) { super(...a); window.benchPeer = this; } };
}
'''
STATS = '''
const done = arguments[0];
window.benchPeer.getStats().then((all) => {
  const found = {};
  all.forEach((s) => {
    if (s.type === 'inbound-rtp' && s.kind === 'video') Object.assign(found, { in: s.framesDecoded, widthIn: s.frameWidth });
    if (s.type === 'outbound-rtp' && s.kind === 'video') Object.assign(found, { out: s.framesEncoded, widthOut: s.frameWidth });
  });
  done(found);
});
'''


class Call:
    def __init__(self, arguments, folder, display, report):
        self.arguments, self.folder, self.display, self.report = arguments, folder, display, report
        self.app = self.page = self.clinic = None

    def make(self):
        build = self.arguments.build
        self.clinic = Clinic(build, self.folder / 'clinic')
        self.clinic.start()
        made = subprocess.run([build / 'tests/tools/make-profile', self.folder / 'data/bedside',
                               self.clinic.add_user('okafor', 'Dr Amara Okafor'), PASSWORD], capture_output=True, text=True,
                              timeout=60)
        found = re.search(r'^link (\S+)$', made.stdout, re.M)
        if not found:
            raise BenchError(f'no profile: {made.stderr[-500:]}')
        self.link = found[1]

    def start(self):
        app = self.app = Application(self.display, [str(self.arguments.build / 'src/app/bedside')],
                          {'XDG_DATA_HOME': str(self.folder / 'data')}, str(self.folder / 'app.log'))
        app.fill_display(1280, 800)
        app.at('BedUnlockPage')
        app.write_entry('Password', PASSWORD)
        return app

    def join(self):
        page = self.page = Chromium(1280, 800, spki=self.clinic.spki_hash())
        page.open(self.link)
        page.script(WATCH)
        page.click('#continue')
        page.type('#name', 'Elin Marsh')
        page.type('#callback', '030 5550142')
        page.type('#location', '12 Mill Lane')
        page.click('#agree')
        page.click('#join')
        for name in ('camera', 'microphone'):
            page.click(f'#check-{name}')
            page.wait_true(f'return document.querySelector("#check-{name}").getAttribute("aria-checked") === "true"')
        page.click('#ready')

    @staticmethod
    def switch_on(app, name):
        app.press(name, contains=True, role='check box')
        time.sleep(1.5)  # the preview moves what is below it
        if not any(e.checked() for e in app.walk() if e.role == 'check box' and name in e.name and e.on_screen()):
            raise BenchError(f'{name} did not stay on')

    def measure(self):
        self.make()
        app = self.start()
        app.press('Unlock')
        self.join()
        app.at('BedHomePage')
        app.press('Admit', contains=True)
        app.at('BedCheckPage')
        for name in ('Camera', 'Microphone'):
            self.switch_on(app, name)
        self.display.screenshot(self.arguments.build / 'bench-app-check.png')
        app.press('Start the call')
        self.page.wait_true('const v = document.querySelector("#remote-video"); return v && v.videoWidth > 0', 30)
        if not self.arguments.quick:
            self.full_size()
            time.sleep(SETTLE)
        self.window(app)
        self.display.screenshot(self.arguments.build / 'bench-app.png')

    def full_size(self):
        end = time.monotonic() + FULL_SIZE
        while time.monotonic() < end:
            found = self.page.async_script(STATS)
            if found.get('widthIn') == found.get('widthOut') == WIDTH:
                return
            time.sleep(0.5)
        raise BenchError(f'not {WIDTH} px after {FULL_SIZE} s: {found}')

    def window(self, app):
        whole = [pid for pid in tree(self.page.driver.pid) if pid != self.page.driver.pid]
        groups = {'Bedside': tree(app.process.pid), 'Chromium': whole}
        first, started = self.page.async_script(STATS), time.monotonic()
        before = {name: cpu_seconds(pids) for name, pids in groups.items()}
        time.sleep(3 if self.arguments.quick else SECONDS)
        spent = {name: cpu_seconds(pids) - before[name] for name, pids in groups.items()}
        took = time.monotonic() - started
        last = self.page.async_script(STATS)
        rates = (last['in'] - first['in']) / took, (last['out'] - first['out']) / took
        if min(rates) < 1:
            raise BenchError(f'no frames: {rates} in a second')
        for name, pids in groups.items():
            ours = name == 'Bedside'
            self.report.add(f'{name}: CPU in a call', spent[name] / took * 100, '%core', 'Chromium: CPU in a call' if ours else None)
            self.report.add(f'{name}: memory (PSS) in a call', pss_mib(pids), 'MiB',
                            'Chromium: memory (PSS) in a call' if ours else None)
        self.report.add('frames a second: from Bedside', rates[0], '1/s')
        self.report.add('frames a second: from Chromium', rates[1], '1/s')
        self.report.add('width: from Bedside', last['widthIn'], 'px')
        self.report.add('width: from Chromium', last['widthOut'], 'px')

    def stop(self):
        if self.app:
            self.app.stop()
        if self.page:
            self.page.close()
        if self.clinic:
            self.clinic.stop()


def calls(arguments, display, report):
    for i in range(arguments.n):
        with tempfile.TemporaryDirectory(prefix='bed-bench-') as folder:
            call = Call(arguments, pathlib.Path(folder), display, report)
            try:
                call.measure()
            except (BenchError, DesktopError, WebDriverError) as error:
                display.screenshot(arguments.build / 'bench-app-failed.png')
                raise BenchError(f'call {i + 1}: {error}') from None
            finally:
                call.stop()
        progress(f'call {i + 1} of {arguments.n}')


def bench(arguments):
    display, report = Display(1280, 800), Report('app', arguments)
    try:
        calls(arguments, display, report)
    finally:
        display.close()
    report.note('The app under Xvfb with GSK_RENDERER=cairo: every picture is drawn in software, as Chromium\'s is. Each sample')
    report.note(f'is a call of its own, {SECONDS} s of it from {SETTLE} s after both pictures had {WIDTH} px. The accessibility')
    report.note('bus is on, which costs the app CPU.')
    report.finish()


def run():
    arguments = options()
    if INSIDE in os.environ:
        return bench(arguments)
    command = [HERE.parent / 'support/pipewire-session.sh', '--format', 'i420', '--', sys.executable, *sys.argv]
    if os.geteuid() == 0:
        command = ['unshare', '--net', HERE.parent / 'e2e/in-private-network', *command]
    environment = {**os.environ, INSIDE: '1', 'BED_VIRTUAL_DEVICES': str(arguments.build / 'tests/support/virtual-devices')}
    sys.exit(subprocess.run(command, env=environment).returncode)


main(run)
