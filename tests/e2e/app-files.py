#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""app-files.py BUILD OUTPUT: files in the chat of a call between the app and Chromium, chosen and saved as the two people
do; what may not be sent is refused in words. Run by run-app."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.consultation import until  # noqa: E402
from bedtest.desk import Desk, run  # noqa: E402

PDF = b'%PDF-1.7\n' + bytes(i * 7 % 256 for i in range(300000))
PICTURE = b'\x89PNG\r\n\x1a\n' + bytes(range(256)) * 800
SEND = 'Send a picture or PDF, up to 10 MB'
ONLY = 'Not sent: only pictures (PNG, JPEG) and PDF.'
OFFERED = '[...document.querySelectorAll("#chat-log .theirs .file-act")]'
TOO_LARGE = 'Not sent: a file in the chat may have up to 10 MB.'


class Files(Desk):
    def make(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        return path

    def call(self):
        self.downloads = self.folder / 'downloads'
        self.downloads.mkdir()
        self.start_app()
        self.unlock()
        patient = self.make_patient(downloads=self.downloads)
        patient.open(self.link)
        patient.join()
        self.app.wait('', 'Elin Marsh', 20, contains=True)
        self.admit()
        self.app.wait('label', 'You are seen and heard', 20)
        self.app.press('Chat', contains=True)
        patient.browser.click('#chat-open')
        until('the chat', lambda: self.app.find('', SEND).sensitive(), 15)
        return patient

    def send(self, path):
        self.app.press(SEND)
        self.app.open_dialog('Send a file', path)


def to_patient(desk, patient):
    path = desk.make('result of Elin.pdf', PDF)
    desk.send(path)
    desk.app.at('BedCallPage')
    desk.app.wait('label', '· Sent', 30, contains=True)
    desk.picture('sent')
    patient.browser.wait_true(f'return {OFFERED}.some((b) => !b.hidden && b.textContent === "Save a copy…")', 20)
    patient.browser.click('#chat-log .theirs .file-act:not([hidden])')
    kept = desk.downloads / path.name  # until it is whole it has another name
    until('the download', kept.exists, 20)
    desk.tap.check('the patient\'s browser downloads what the clinician chose, byte for byte', kept.read_bytes() == PDF)
    patient.browser.screenshot(desk.output / 'patient.png')


def from_patient(desk, patient):
    app, tap = desk.app, desk.tap
    patient.browser.choose_file('#chat-picker', desk.make('knee of Elin.png', PICTURE))
    app.wait('label', '· Received', 30, contains=True)
    app.wait('label', 'knee of Elin.png')
    target = desk.folder / 'kept copy.png'
    app.press('Save a copy…')
    app.at_window('Save as')
    app.save_dialog(target)
    app.wait_toast('Saved. Only you can open the copy.', 20)
    desk.picture('saved')
    tap.check('the clinician saves what the patient chose, byte for byte', target.read_bytes() == PICTURE)
    tap.check('for nobody else', target.stat().st_mode & 0o777 == 0o600, oct(target.stat().st_mode))
    app.at('BedCallPage')
    app.press('Keep in the record')
    app.wait_toast('Kept with the note’s attachments.', 20)
    app.at('BedCallPage')
    app.wait('label', '· Kept in the record', contains=True)
    tap.check('and keeps it in the record', True)
    recent = [file for file in desk.folder.rglob('recently-used.xbel') if 'Elin' in file.read_text()]
    tap.check('neither is in a list of recent files', not recent, recent)


def refused(desk, patient):
    """What is no picture or PDF, and what is too large, on both sides."""
    app = desk.app
    for path, words in ((desk.make('words.txt', b'Not a picture'), ONLY),
                        (desk.make('film.pdf', b'%PDF-1.7\n' + bytes(10 * 1024 * 1024)), TOO_LARGE)):
        desk.send(path)
        app.anywhere()
        app.wait('', words, 20)
        app.at('BedCallPage')
        patient.browser.choose_file('#chat-picker', path)
        until('the words', lambda say=words: patient.browser.text('#chat-note') == say, 20)
        desk.tap.check(f'{path.name}: "{words}" on both sides', app.find('label', path.name) is None)


def main(build, output):
    with Files(build, output) as desk:
        patient = desk.call()
        to_patient(desk, patient)
        from_patient(desk, patient)
        refused(desk, patient)
        desk.check_log(['result of', 'knee of', 'words.txt', 'film.pdf', 'kept copy'])
    return desk.finish()


run(main)
