#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""demo.py BUILD OUTPUT: a whole consultation, driven as two people would.

Runs inside tests/support/pipewire-session.sh with the virtual devices. The clinician's app is driven through the
accessibility bus on a display of its own, the patient is headless Chromium. A picture of each step goes to OUTPUT.
Ends with a summary, and with 0 only if everything in it happened.
"""
import pathlib
import re
import shutil
import sys
import tempfile
import time
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.clinic import Clinic, totp  # noqa: E402
from bedtest.consultation import Patient, until  # noqa: E402
from bedtest.content import decibels, heard, lively, LOUD  # noqa: E402
from bedtest.desk import capture_nodes, nodes  # noqa: E402
from bedtest.desktop import Application, Display  # noqa: E402
from bedtest.processes import call_all, end_when_told  # noqa: E402
from bedtest.record import begin_activation, PASSWORD  # noqa: E402
from bedtest.webdriver import Chromium  # noqa: E402

PATIENT = 'Elin Marsh'
WRONG_CODE = 'This code was not right, or was used already. Wait for the next one and type it.'
NOTE = {
    'Subjective': 'Tired for three weeks, short of breath on the stairs.',
    'Objective': 'Speaks in full sentences. Pale. Pulse 88, regular.',
    'Assessment': 'Likely iron deficiency, to be confirmed.',
    'Plan': 'Blood count and ferritin. Call again on Friday.',
}


class Demo:
    def __init__(self, build, output):
        self.build = pathlib.Path(build).resolve()
        self.output = pathlib.Path(output).resolve()
        self.output.mkdir(parents=True, exist_ok=True)
        for old in self.output.glob('*.png'):
            old.unlink()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='bedside-demo.'))
        self.pictures = 0
        self.facts = []
        self.failed = []
        self.uncaptured = []

    # What is told at the end

    def fact(self, name, value, good=True):
        self.facts.append((name, value, good))
        if not good:
            self.failed.append(name)
        print(f'{"" if good else "NOT "}{name}: {value}', flush=True)

    def picture(self, name):
        self.pictures += 1
        self.display.screenshot(self.output / f'{self.pictures:02d}-{name}.png')

    def patient_picture(self, name):
        self.pictures += 1
        self.patient.screenshot(self.output / f'{self.pictures:02d}-patient-{name}.png')

    # The clinician's acts

    def start_app(self):
        environment = {'XDG_DATA_HOME': str(self.folder / 'data')}
        begun = time.monotonic()
        self.app = Application(self.display, [str(self.build / 'src/app/bedside')], environment,
                               self.output / 'logs' / 'app.log')
        self.app.fill_display(1280, 800)
        return time.monotonic() - begun

    def captured(self):
        return capture_nodes(self.app.process.pid)

    def no_capture(self, when):
        """Asked of the registry at every step from the start to the grant; in the summary as one fact."""
        nodes = capture_nodes()
        if nodes:
            self.fact(f'no capture {when}', ', '.join(nodes), False)
        self.uncaptured.append(when)

    def seen(self, what):
        self.picture(what)
        self.no_capture(f'at the {what}')

    def activate(self, link):
        app = self.app
        secret = begin_activation(app, link, self.seen)
        self.mistype_code(secret)
        app.write_entry('Six digits', totp(secret))
        app.press('Confirm')
        app.wait('', 'Keep these safe', 30)
        self.no_capture('after the second factor')
        self.picture('recovery')
        app.press('I have put both in a safe place')
        app.press('Finish', contains=True)
        app.at('BedHomePage')
        self.no_capture('after the login')
        self.fact('logged in with two factors', 'yes')
        return secret

    def mistype_code(self, secret):
        """A code that is none of these minutes' is refused in plain words, and the next try is free."""
        now = time.time()
        near = {totp(secret, now + 30 * step) for step in range(-3, 4)}
        self.app.write_entry('Six digits', next(code for n in range(8) if (code := f'{n:06d}') not in near))
        self.app.press('Confirm')
        self.app.wait('', WRONG_CODE)
        self.picture('wrong-code')
        self.fact('wrong code', 'told in words, and nobody is let in', self.app.find('', 'Keep these safe') is None)

    def invite(self):
        app = self.app
        self.picture('today')
        app.press('New invitation', contains=True)
        app.anywhere()
        app.write_entry('For whom', 'Marsh, follow-up')
        self.picture('new-invitation')
        app.press('Make the link', contains=True)

        def shown():
            texts = [element.text() or '' for element in app.walk() if element.on_screen()]
            return re.search(r'https://\S+/j/\S+#\S+', '\n'.join(texts))
        link = until('the link', shown, pause=0.2)[0]
        self.picture('link')
        self.no_capture('after the invitation')
        self.fact('invitation', 'link with its secret in the fragment')
        return link

    # The patient's acts

    def patient_arrives(self, link):
        page = self.patient = Chromium(spki=self.clinic.spki_hash())
        self.page = Patient(page)
        self.page.open(link)
        self.patient_picture('landing')
        page.click('#continue')
        page.type('#name', PATIENT)
        page.type('#callback', '+49 170 5550123')
        page.type('#location', 'Lindenweg 3, Berlin')
        page.click('#agree')
        self.patient_picture('details')
        page.click('#join')
        page.click('#check-camera')
        page.click('#check-microphone')
        time.sleep(1)
        self.patient_picture('check')
        page.click('#ready')
        page.wait('#position')
        self.patient_picture('waiting')

    def close_invitation(self):
        self.app.at_window('Invitation')
        self.app.press('Close')

    def admit(self):
        app = self.app
        app.at('BedHomePage')
        app.wait('', PATIENT, 20, contains=True)
        self.picture('waiting-room')
        self.no_capture('while the patient waits')
        app.press('Admit', contains=True)
        app.at('BedCheckPage')
        self.picture('check-off')
        self.no_capture('before consent')
        self.fact('no capture before consent', f'at {len(self.uncaptured)} steps', len(self.uncaptured) >= 7)
        app.press('Camera', contains=True, role='check box')
        app.press('Microphone', contains=True, role='check box')
        nodes = until('camera and microphone', lambda: len(found := self.captured()) == 2 and found, pause=0.1)
        self.fact('capture after consent', ', '.join(sorted(nodes)))
        time.sleep(1)
        self.picture('check-on')
        app.press('Start', contains=True)
        return time.monotonic()

    def talk(self, admitted):
        page = self.patient
        page.wait('#remote-video', 20)
        page.wait_true('return document.querySelector("#remote-video").videoWidth > 0', 20)
        self.fact('admit to first frame at the patient', f'{time.monotonic() - admitted:.2f} s')
        self.patient_sees(time.monotonic(), self.page.watch()['numbered'], self.page.stats()['audio'])
        self.picture('call')
        self.patient_picture('call')

    def patient_sees(self, begun, frames, packets):
        """The counter that the virtual camera draws, read in the page's picture, and the tone of the microphone."""
        def enough():
            now = self.page.watch()
            return now['numbered'] - frames > 50 and self.page.stats()['audio'] - packets > 150 and now
        now, stats = until('pictures and sound at the patient', enough, pause=0.3), self.page.stats()
        seconds = time.monotonic() - begun
        self.fact('frames clinician to patient', f'{now["numbered"] - frames} whose counter was read in {seconds:.1f} s, '
                  f'{now["backwards"]} out of order, {stats["width"]} wide', now['backwards'] == 0)
        self.fact('audio packets clinician to patient', f'{stats["audio"] - packets} in {seconds:.1f} s')
        now = until('the tone at the patient', lambda: self.page.listen() and (w := self.page.watch())['tone'] >= 8 and w)
        self.fact('sound at the patient', f'the tone in {now["tone"]} of {now["blocks"]} tenths of a second, '
                  f'{decibels(now["loudest"])} dB at the loudest', now['loudest'] > LOUD)

    def clinician_sees(self):
        """What is on the screen and at the loudspeaker; the details of the lock count what has been decoded here."""
        self.app.at('BedCallPage')
        moved = lively(self.display, self.middle_of_picture())
        self.fact('picture at the clinician', f'of more than one colour, and {moved} of 576 parts of it moved')
        loud, blocks, loudest = until('sound at the loudspeaker',
                                      lambda: (found := heard(self.folder / 'heard.raw'))[0] >= 5 and found)
        players = set().union(*(processes for _, kind, processes in nodes() if kind == 'Stream/Output/Audio'))
        self.fact('sound at the clinician', f'{loud} of {blocks} hundredths of a second at the loudspeaker are not silent, '
                  f'{decibels(loudest)} dB at the loudest, and only the app plays', players == {self.app.process.pid})
        self.app.press('Privacy of this call', contains=True)
        self.app.press('Details')
        first = self.read_details()

        def enough():
            now = self.read_details()
            return now[0] - first[0] > 30 and now[1] - first[1] > 90 and now
        now = until('pictures and sound at the clinician', enough, pause=0.3)
        seconds = now[2] - first[2]
        self.fact('frames patient to clinician', f'{now[0] - first[0]} in {seconds:.1f} s')
        self.fact('audio packets patient to clinician', f'{now[1] - first[1]} in {seconds:.1f} s')

    def middle_of_picture(self):
        """Half of it each way, where nothing lies on it."""
        left, top, width, height = self.app.where(self.app.wait('', f'Picture of {PATIENT}'))
        return left + width // 4, top + height // 4, width // 2, height // 2

    def read_details(self):
        def act():
            for element in self.app.walk():
                match = re.search(r'Pictures: (\d+) received.*sound: (\d+)', element.name, re.S)
                if match and element.on_screen():
                    return int(match[1]), int(match[2]), time.monotonic()
            return None
        return self.app._try('the details of the call', act, 10)

    def compare_words(self):
        self.patient.click('#lock')
        page = [w for w in re.findall(r'[a-z]+', self.patient.text('#words'))]
        here = [w for w in page if self.app.find('', w) or self.app.find('', w, contains=True)]
        self.picture('words')
        self.patient_picture('words')
        self.fact('four words', f'{" ".join(page)} on both screens', len(page) == 4 and len(here) == 4)
        self.patient.click('#words-match')
        self.app.press('They match')
        self.app.wait('', 'Private, verified', 10, contains=True)

    def chat(self):
        app, page = self.app, self.patient
        app.press('Chat', contains=True)
        app.write_entry('Message', 'Good morning, can you hear me?')
        app.press('Send')
        page.click('#chat-open')
        page.wait_true('return document.querySelector("#chat-log").textContent.includes("can you hear me")')
        page.type('#chat-text', 'Yes, very well.')
        page.click('#chat-send')
        app.wait('', 'Yes, very well.', 10, contains=True)
        self.picture('chat')
        self.patient_picture('chat')
        page.click('#chat-close')
        self.fact('chat both ways', 'yes')

    def write_note(self):
        app = self.app
        app.press('Note', contains=True)
        for section, text in NOTE.items():
            app.write_entry(section, text)
            time.sleep(0.2)
        app.wait('', 'Saved', 10, contains=True)
        self.picture('note')
        self.fact('note beside the picture', 'written and saved')

    def hang_up(self):
        self.app.press('Hang up')
        self.patient.wait('#kept', 15)
        self.app.at('BedAfterPage')
        time.sleep(1)
        self.picture('after')
        self.patient_picture('end')
        nodes = capture_nodes()
        self.fact('devices after the call', ', '.join(nodes) or 'closed', not nodes)

    def next_day(self):
        """No network, no server: the note is still there."""
        self.app.stop()
        self.clinic.stop()
        self.start_app()
        self.app.at('BedUnlockPage')
        self.no_capture('at the lock')
        self.app.write_entry('Password', PASSWORD)
        self.picture('unlock')
        begun = time.monotonic()
        self.app.press('Unlock')
        self.app.at('BedHomePage', 30)
        self.no_capture('after the unlock')
        self.app.point('Notes')
        self.app.wait('', PATIENT, 15, contains=True)
        self.fact('unlock to list of notes, without the server', f'{time.monotonic() - begun:.1f} s')
        self.app.point(PATIENT, contains=True)
        found = self.app._try('the note', self.note_is_shown, 15)
        self.picture('note-offline')
        self.fact('note read after the server was stopped', 'all four sections' if found else 'no', bool(found))

    def note_is_shown(self):
        texts = {element.text() for element in self.app.walk() if element.on_screen()}
        return all(any(part in text for text in texts if text) for part in NOTE.values())

    def run(self):
        self.display = Display(1280, 800)
        self.clinic = Clinic(self.build, self.folder / 'clinic')
        self.app = self.patient = None
        end_when_told()
        try:
            self.clinic.start()
            link = self.clinic.add_user('okafor', 'Dr Amara Okafor')
            self.start_app()
            self.activate(link)
            self.patient_arrives(self.invite())
            self.close_invitation()
            self.talk(self.admit())
            self.clinician_sees()
            self.compare_words()
            self.chat()
            self.write_note()
            self.hang_up()
            self.next_day()
        except Exception as error:  # noqa: BLE001 (every failure ends in the same summary)
            self.fact('stopped', f'{type(error).__name__}: {error}', False)
            traceback.print_exc()
            try:
                self.picture('failed')
                if self.patient:
                    self.patient_picture('failed')
            except Exception as second:  # noqa: BLE001
                print(f'no picture: {second}')
        finally:
            parts = [part for part in (self.patient, self.app, self.clinic, self.display) if part is not None]
            call_all(*(part.close if hasattr(part, 'close') else part.stop for part in parts),
                     lambda: shutil.rmtree(self.folder, ignore_errors=True))
        return self.summary()

    def summary(self):
        print('\n== The consultation')
        for name, value, good in self.facts:
            print(f'{"ok " if good else "NOT"}  {name}: {value.splitlines()[0]}')
        print(f'{self.pictures} pictures in {self.output}')
        return 1 if self.failed else 0


if __name__ == '__main__':
    sys.exit(Demo(sys.argv[1], sys.argv[2]).run())
