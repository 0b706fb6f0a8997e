#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the clinician's Admit to the first frame of the other side, through the real server: the clinician without a
screen, the patient's page in Chromium. Peer: Chromium to Chromium from the offer, by a relay on loopback.
bench-admit.py BUILD [--quick] [--calls N]"""
import asyncio
import json
import pathlib
import queue
import re
import subprocess
import tempfile
import threading
import time

from benchlib import BenchError, enter_private_network, main, options, progress, Report
from bedtest.clinic import Clinic
from bedtest.webdriver import Chromium, WebDriverError

PASSWORD = 'a lamp beside the bed'

# Before Admit: tell when the remote picture first has a frame. Performance time, by the page's own clock.
WATCH = '''
window.benchSeen = null;
const look = () => {
  const video = document.querySelector('#remote-video');
  if (!video) { requestAnimationFrame(look); return; }
  video.requestVideoFrameCallback((now) => { window.benchSeen = now; });
};
look();
'''


class Clinician:
    def __init__(self, build, profile):
        self.process = subprocess.Popen([build / 'tests/tools/bed-clinician', profile, PASSWORD], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, bufsize=1)
        self.events = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for text in self.process.stdout:
            self.events.put((time.monotonic() * 1000, json.loads(text)))

    def say(self, line):
        self.process.stdin.write(line + '\n')
        self.process.stdin.flush()

    def hear(self, event, seconds=20, **members):
        deadline = time.monotonic() + seconds
        while True:
            try:
                at, found = self.events.get(timeout=max(deadline - time.monotonic(), 0.01))
            except queue.Empty:
                raise BenchError(f'the clinician never told of "{event}"') from None
            if found['event'] in ('not-admitted', 'tampered'):
                raise BenchError(f'the clinician: {found["event"]}')
            if found['event'] == event and all(found.get(k) == v for k, v in members.items()):
                return at, found

    def close(self):
        self.say('quit')
        self.process.wait(15)


def arrive(browser, link):
    browser.open('about:blank')
    browser.open(link)
    browser.click('#continue')
    browser.type('#name', 'Elin Marsh')
    browser.type('#callback', '030 5550142')
    browser.type('#location', '12 Mill Lane')
    browser.click('#agree')
    browser.click('#join')
    for name in ('camera', 'microphone'):
        browser.click(f'#check-{name}')
        browser.wait_true(f'return document.querySelector("#check-{name}").getAttribute("aria-checked") === "true"')
    browser.click('#ready')


def page_offset(browser):
    """What to add to the page's clock to have ours; the quickest of a few questions."""
    best = None
    for _ in range(8):
        before = time.monotonic() * 1000
        there = browser.script('return performance.now()')
        after = time.monotonic() * 1000
        if best is None or after - before < best[0]:
            best = (after - before, (before + after) / 2 - there)
    return best[1]


def one(clinician, browser):
    clinician.say('invite')
    link = clinician.hear('invited')[1]['link']
    arrive(browser, link)
    clinician.hear('arrived')
    browser.script(WATCH)
    time.sleep(0.5)
    offset = page_offset(browser)
    admitted = time.monotonic() * 1000
    clinician.say('admit')
    connected = clinician.hear('call-state', state='connected')[0]
    here = clinician.hear('first-frame')[0]
    there = browser.wait_true('return window.benchSeen', 20) + offset
    clinician.say('hang-up')
    clinician.hear('ended')
    return connected - admitted, here - admitted, there - admitted


async def peer_call(relay):
    from calls import ChromiumSide, end_call, later
    sides = ChromiumSide('offer', relay), ChromiumSide('answer', relay)
    await relay.call(*sides, needed=('connected', 'decoded', 'presented'))
    result = sides[0].at('decoded') - sides[0].start, sides[0].at('presented') - sides[0].start, \
        later(*sides, 'connected')
    await end_call(*sides)
    return result


async def measure(arguments, report, clinician, browser):
    from calls import Relay
    relay = await Relay().start()
    loop = asyncio.get_running_loop()
    try:
        for i in range(-arguments.warm, arguments.n):
            connected, here, there = await loop.run_in_executor(None, one, clinician, browser)
            decoded, presented, peer_connected = await peer_call(relay)
            if i >= 0:
                report.add('Bedside: admit to connected', connected, peer='Chromium: offer to connected')
                report.add("Bedside: admit to patient's first frame", here, peer='Chromium: offer to first frame decoded')
                report.add("Patient's page: admit to clinician's first frame", there,
                           peer='Chromium: offer to first frame presented')
                report.add('Chromium: offer to connected', peer_connected)
                report.add('Chromium: offer to first frame decoded', decoded)
                report.add('Chromium: offer to first frame presented', presented)
            progress(f'admit: round {i + 1} of {arguments.n}')
    finally:
        await relay.stop()


def run():
    arguments = options()
    enter_private_network()
    report = Report('admit', arguments)
    with tempfile.TemporaryDirectory(prefix='bed-bench-') as folder:
        folder = pathlib.Path(folder)
        clinic = Clinic(arguments.build, folder / 'clinic')
        clinic.config.write_text(clinic.config.read_text() + '[limits]\nrequests_per_minute=100000\n')
        clinic.start()
        clinician = browser = None
        try:
            made = subprocess.run([arguments.build / 'tests/tools/make-profile', folder / 'profile',
                                   clinic.add_user('okafor', 'Dr Amara Okafor'), PASSWORD], capture_output=True, text=True,
                                  timeout=60)
            if not re.search(r'^link \S+$', made.stdout, re.M):
                raise BenchError(f'no profile: {made.stderr[-500:]}')
            clinician = Clinician(arguments.build, folder / 'profile')
            clinician.hear('ready')
            browser = Chromium(1280, 800, spki=clinic.spki_hash(), loopback=False)
            asyncio.run(measure(arguments, report, clinician, browser))
        except WebDriverError as error:
            raise BenchError(f'the page: {error}') from None
        finally:
            if browser:
                browser.close()
            if clinician:
                clinician.close()
            clinic.stop()
    report.note('Bedside: sealed signalling through bedside-server with TLS, words and keys agreed before the offer; the peer')
    report.note('has neither, its camera runs already, and both of its ends are one warm process.')
    report.finish()


main(run)
