#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing private is in a log, however much is logged: test_logs.py BUILD

A consultation with words that occur nowhere else, every log of GLib's on, a decline, a restart of the server, a guest's
app; then the logs of the server and of both apps are read."""
import os
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.canaries import find_private  # noqa: E402
from bedtest.consultation import PASSWORD, Consultation, run, until  # noqa: E402

NAME, CALLBACK, LOCATION = 'Quillon Zärvask', '01632 960 777', '77 Umberline Row'
WAIT, DECLINE, TO_CLINICIAN, TO_PATIENT = ('morwenna waits', 'thrandel declines', 'pelargonium itches', 'cyclamen soothes')
GUEST = 'Ysolde Brackwater'
FROM_PATIENT, FROM_CLINICIAN = 'quincewort.pdf', 'saffronite.pdf'
PDF = b'%PDF-1.7\n' + bytes(2000)


def exchange_files(c, clinician, patient):
    patient.send_file(FROM_PATIENT, PDF)
    clinician.wait('file', 20, state='done', name=FROM_PATIENT)
    clinician.say('keep-file')
    clinician.wait('file-kept')
    own = c.folder / FROM_CLINICIAN
    own.write_bytes(PDF)
    clinician.say(f'file {own}')
    clinician.wait('file', 20, state='done', name=FROM_CLINICIAN)


def consult(c, clinician):
    patient = c.make_patient()
    patient.open(c.link)
    patient.join(**{'#name': NAME, '#callback': CALLBACK, '#location': LOCATION})
    clinician.wait('arrived', name=NAME)
    clinician.say(f'message {WAIT}')
    clinician.say('admit')
    clinician.wait('call-state', 30, state='connected')
    clinician.wait('first-frame', 20)
    patient.chat(TO_CLINICIAN)
    clinician.wait('chat', text=TO_CLINICIAN)
    clinician.say(f'chat {TO_PATIENT}')
    until('the answer', patient.chat_log, 10)
    exchange_files(c, clinician, patient)
    c.clinic.stop()
    c.clinic.start()
    patient.frames_go_on()
    clinician.say('hang-up')
    clinician.wait('ended')
    patient.browser.wait('#kept', 20)
    return patient


def decline_guest(c, clinician):
    clinician.say('invite')
    link = clinician.wait('invited')['link']
    guest = c.start_guest(link, GUEST)
    clinician.wait('arrived', 30, name=GUEST)
    clinician.say(f'decline {DECLINE}')
    guest.wait('over', 20)
    return link


def secrets_of(link):
    room, secret = re.fullmatch(r'https://[^/]+/j/([\w-]+)#([\w-]+)', link).groups()
    return [room, secret]


def check_log(c, path, words, **options):
    text = path.read_text(errors='replace')
    found = list(find_private(text, words, **options))
    c.tap.check(f'nothing private in {len(text.splitlines())} lines of {path.name}', text and not found,
                '\n# '.join(f'{why}: {line[:200]}' for why, line in found[:20]))


def rooms_log(c, words):
    """As our rooms write it, before the app's writer takes out what looks private."""
    clinician = c.start_clinician()
    consult(c, clinician)
    words += secrets_of(decline_guest(c, clinician))
    c.tap.check('the clinician\'s app ends in order', clinician.close() == 0)
    check_log(c, c.folder / 'tools.log', words, as_libraries_log=True)


def apps_log(c, words):
    """As the app writes it, with all that libraries say of the network."""
    c.log.close()
    path = c.folder / 'apps.log'
    c.log = path.open('ab')
    os.environ['BED_LOG_AS_APP'] = '1'
    clinician = c.start_clinician()
    clinician.say('invite')
    link = clinician.wait('invited')['link']
    guest = c.start_guest(link, GUEST)
    clinician.wait('arrived', 30, name=GUEST)
    clinician.say('admit')
    clinician.wait('first-frame', 30)
    guest.wait('first-frame', 30)
    clinician.say('hang-up')
    guest.wait('over', 20)
    c.tap.check('both end in order', (guest.close(), clinician.close()) == (0, 0))
    check_log(c, path, words + secrets_of(link))
    c.tap.check('libraries said something', 'libnice' in path.read_text())


def main(build):
    os.environ['G_MESSAGES_DEBUG'] = 'all'
    words = [NAME, *NAME.split(), CALLBACK, LOCATION, 'Umberline', WAIT, DECLINE, TO_CLINICIAN, TO_PATIENT, GUEST,
             'Brackwater', FROM_PATIENT, FROM_CLINICIAN, 'okafor', PASSWORD]
    with Consultation(build) as c:
        words += secrets_of(c.link)
        rooms_log(c, words)
        apps_log(c, words)
        check_log(c, c.clinic.log, words)
        served = c.clinic.log.read_text()
        c.tap.check('the server\'s log has what happened', '"event":"request"' in served and '"socket-open"' in served)
        planted = served + '\n'.join([*words, 'a=fingerprint:sha-256 AB', '10.77.0.1'])
        found = {why for why, _ in find_private(planted, words)}
        c.tap.check('this test would find each of them', all(f'the word {word!r}' in found for word in words)
                    and {'a line of SDP', 'an address'} <= found, found)
        return c.finish()


if __name__ == '__main__':
    run(main)
