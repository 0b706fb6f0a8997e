# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole consultation for a test: clinic, clinician, patients, in a network of their own; TAP on stdout."""
import base64
import hashlib
import json
import os
import pathlib
import queue
import re
import subprocess
import sys
import tempfile
import threading
import time
import traceback

from .clinic import Clinic, traced
from .firefox import Firefox
from .processes import call_all, end_when_told, is_true, patience
from .webdriver import Chromium

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
PASSWORD = 'a lamp beside the bed'
MARK = 'BED_PRIVATE_NETWORK'
WATCH = (HERE / 'watch.js').read_text()
DETAILS = {'#name': 'Elin Marsh', '#callback': '01632 960 200', '#location': '12 Mill Lane, Northgate'}


def enter_private_network():
    """Starts this program again inside a network namespace; returns there."""
    if os.environ.get(MARK) != '1':
        os.environ[MARK] = '1'
        unshare = ['unshare', '--net'] if os.geteuid() == 0 else ['unshare', '--net', '--map-root-user']
        os.execvp('unshare', [*unshare, HERE.parent / 'in-private-network', sys.executable, *sys.argv])


def until(what, function, seconds=15, pause=0.05):
    """The first true value of `function`."""
    deadline = time.monotonic() + patience(seconds)
    while True:
        value = function()
        if is_true(value):
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f'{what}: not within {patience(seconds):.0f} s')
        time.sleep(pause)


class Tap:
    def __init__(self):
        self.count = 0
        self.failed = False

    def check(self, name, condition, detail=''):
        condition = is_true(condition)
        self.count += 1
        self.failed |= not condition
        print(f'{"ok" if condition else "not ok"} {self.count} - {name}', flush=True)
        if not condition:
            print(f'# {detail}', flush=True)

    @staticmethod
    def note(text):
        print(f'# {text}', flush=True)


class Tool:
    """bed-clinician or bed-guest: lines in, events out. Each event carries `at`, time.monotonic() when it was read."""

    def __init__(self, command, log, environment=None):
        ours = next((part for part in command if isinstance(part, pathlib.Path)), command[0])
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
                                        env={**traced(ours), **(environment or {})})
        self.events = []
        self.seen = {}
        self.arrived = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.arrived.put({**json.loads(line), 'at': time.monotonic()})
        self.arrived.put({'event': 'gone', 'at': time.monotonic()})

    def pump(self):
        while True:
            try:
                self.events.append(self.arrived.get_nowait())
            except queue.Empty:
                return

    def all(self, event, **members):
        self.pump()
        return [entry for entry in self.events
                if entry['event'] == event and all(entry.get(key) == value for key, value in members.items())]

    def wait(self, event, seconds=20, **members):
        """The next one of this kind after what was waited for last."""
        deadline = time.monotonic() + patience(seconds)
        while True:
            self.pump()
            for index in range(self.seen.get(event, 0), len(self.events)):
                entry = self.events[index]
                if entry['event'] == event and all(entry.get(key) == value for key, value in members.items()):
                    self.seen[event] = index + 1
                    return entry
            if time.monotonic() > deadline:
                raise AssertionError(f'no {event} {members} within {patience(seconds):.0f} s; there were {self.events[-12:]}')
            time.sleep(0.005)

    def say(self, line):
        self.process.stdin.write(line + '\n')
        self.process.stdin.flush()
        return time.monotonic()

    def stats(self):
        before = len(self.all('stats'))
        self.say('stats')
        until('stats', lambda: len(self.all('stats')) > before or self.all('gone'), 5, 0.01)
        return self.all('stats')[-1]

    def arrivals(self):
        before = len(self.all('arrivals-end'))
        self.say('arrivals')
        until('arrivals', lambda: len(self.all('arrivals-end')) > before, 5, 0.01)
        ends = [i for i, entry in enumerate(self.events) if entry['event'] == 'arrivals-end']
        start = ends[-2] if len(ends) > 1 else 0
        return [entry for entry in self.events[start:ends[-1]] if entry['event'] == 'arrival']

    def kill(self):
        self.process.kill()
        self.process.wait(10)

    def close(self):
        if self.process.poll() is None:
            try:
                self.say('quit')
                self.process.wait(patience())
            except (BrokenPipeError, subprocess.TimeoutExpired):
                self.kill()
        return self.process.returncode


class Patient:
    """The page in a browser."""

    def __init__(self, browser):
        self.browser = browser

    def open(self, link):
        self.browser.open(link)
        self.arrive()

    def arrive(self):
        self.browser.wait('#continue')
        self.browser.script(WATCH)

    def fill(self, **other):
        self.browser.click('#continue')
        for selector, text in {**DETAILS, **other}.items():
            self.browser.type(selector, text)
        self.browser.click('#agree')
        self.browser.click('#join')
        self.browser.wait('#ready')

    def switch_on(self):
        for name in ('camera', 'microphone'):
            self.browser.click(f'#check-{name}')
            self.browser.wait_true(
                f'return document.querySelector("#check-{name}").getAttribute("aria-checked") === "true"', 20)

    def join(self, **other):
        """All that a person does from the link to the waiting room."""
        self.fill(**other)
        self.switch_on()
        self.browser.click('#ready')

    def screen(self):
        return self.browser.script('return document.querySelector("main").dataset.screen')

    def title(self):
        return self.browser.script('return document.querySelector("main h1")?.innerText ?? ""')

    def watch(self):
        return self.browser.script('const { peers, said, ...rest } = window.bedWatch; return { ...rest, peers: peers.length };')

    def stats(self):
        return self.browser.script('return window.bedStats()')

    def listen(self):
        return self.browser.script('return window.bedListen()')

    def banner(self):
        """What the page says while it is not as it should be; "" when nothing."""
        return self.browser.script(
            'const b = document.querySelector("#banner"); return b && !b.hidden ? b.innerText : "";')

    def words(self):
        return self.browser.script('return [...document.querySelectorAll("#words b")].map((e) => e.textContent.trim())')

    def lock(self):
        return self.browser.script('return document.querySelector("#lock-text")?.innerText ?? ""')

    def chat(self, text):
        if not self.browser.script('return document.querySelector("#chat-text").checkVisibility()'):
            self.browser.click('#chat-open')
        self.browser.type('#chat-text', text)
        self.browser.click('#chat-send')

    def send_file(self, name, data):
        """As a person chooses it; returns its SHA-256."""
        self.browser.script('''const [name, data] = arguments;
          const list = new DataTransfer();
          list.items.add(new File([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], name));
          const picker = document.querySelector('#chat-picker');
          picker.files = list.files;
          picker.dispatchEvent(new Event('change'));''', name, base64.b64encode(data).decode())
        return hashlib.sha256(data).hexdigest()

    def saved_file(self, name):
        """The SHA-256 of what "Save a copy…" of the last file gives to the browser, whose own download is not tried."""
        self.browser.script('''const make = URL.createObjectURL;
          HTMLAnchorElement.prototype.click = () => {};
          URL.createObjectURL = (blob) => {
            blob.arrayBuffer().then((bytes) => crypto.subtle.digest('SHA-256', bytes)).then((hash) => {
              window.savedFile = [...new Uint8Array(hash)].map((b) => b.toString(16).padStart(2, '0')).join(''); });
            return make.call(URL, blob);
          };''')
        until('the file', lambda: self.browser.script(
            """const [file] = [...document.querySelectorAll('#chat-log .theirs .chat-file')].slice(-1);
            const save = file && [...file.querySelectorAll('.file-act')].pop();
            return Boolean(file && !save.hidden && file.querySelector('.file-name').textContent === arguments[0]
              && file.querySelector('progress').hidden && (save.click(), true));""", name), 60)
        return until('its bytes', lambda: self.browser.script('return window.savedFile ?? ""'), 20)

    def leave(self):
        if self.browser.script('return document.querySelector("#chat-text")?.checkVisibility()'):
            self.browser.click('#chat-close')
        self.browser.click('#leave')

    def chat_log(self):
        return self.browser.script('return [...document.querySelectorAll("#chat-log .theirs")].map((e) => e.innerText)')

    def frames_go_on(self, more=30, seconds=10):
        """Numbered frames that come from now on; returns how many in all."""
        start = self.watch()['numbered']
        return until('frames', lambda: (n := self.watch()['numbered']) >= start + more and n, seconds, 0.1)

    def close(self):
        self.browser.close()


class Consultation:
    """What all tests begin with. Use as a context manager; `make_patient` as often as wanted."""

    password = PASSWORD

    def __init__(self, build, turn=None, make_clinic=Clinic):
        self.build = pathlib.Path(build).resolve()
        self.temporary = tempfile.TemporaryDirectory(prefix='bed-e2e.')
        self.folder = pathlib.Path(self.temporary.name)
        self.clinic = make_clinic(self.build, self.folder / 'clinic', turn)
        self.log = (self.folder / 'tools.log').open('ab')
        self.open_ones = []
        self.tap = Tap()

    def __enter__(self):
        try:
            self.begin()
        except BaseException:
            self.__exit__(*sys.exc_info())
            raise
        return self

    def begin(self):
        self.clinic.start()
        self.activation = self.clinic.add_user('okafor', 'Dr Amara Okafor')
        made = subprocess.run([self.build / 'tests/tools/make-profile', self.folder / 'data', self.activation, self.password],
                              check=True, capture_output=True, text=True, timeout=patience(60)).stdout
        self.link = re.search(r'^link (\S+)$', made, re.M)[1]

    def __exit__(self, kind, error, trace):
        if error is not None:
            traceback.print_exception(kind, error, trace)
            self.show_logs()
        call_all(*(one.close for one in reversed(self.open_ones)), self.clinic.stop, self.log.close,
                 lambda: self.show_logs() if self.tap.failed and error is None else None, self.temporary.cleanup)
        return False

    def show_logs(self):
        for path in (self.folder / 'tools.log', self.clinic.log):
            if path.exists():
                for line in path.read_text(errors='replace').splitlines()[-30:]:
                    print(f'# {path.name}: {line}')

    def keep(self, one):
        self.open_ones.append(one)
        return one

    def start_clinician(self, *arguments, wrap=()):
        tool = self.keep(Tool([*wrap, self.build / 'tests/tools/bed-clinician', self.folder / 'data', self.password, *arguments],
                              self.log))
        tool.wait('ready', 30)
        return tool

    def start_guest(self, link=None, name='Elin Marsh', wrap=()):
        return self.keep(Tool([*wrap, self.build / 'tests/tools/bed-guest', link or self.link, self.clinic.spki_hash(), name],
                              self.log))

    def make_patient(self, name='chromium', **options):
        browser = Firefox() if name == 'firefox' else Chromium(spki=self.clinic.spki_hash(), **options)
        return self.keep(Patient(browser))

    def finish(self):
        print(f'1..{self.tap.count}', flush=True)
        return 1 if self.tap.failed else 0


def word_list(language='en'):
    return (ROOT / f'data/sas/{language}.txt').read_text().splitlines()


def run(main):
    """Enters the network, runs main (build, *arguments), and ends with TAP's plan or a bail-out."""
    enter_private_network()
    end_when_told()
    try:
        sys.exit(main(*sys.argv[1:]))
    except Exception as error:
        print(f'Bail out! {type(error).__name__}: {error}', flush=True)
        sys.exit(1)
