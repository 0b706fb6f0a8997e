#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""app-strangers.py BUILD OUTPUT: who is not whom they should be, as the people read it in the app: a second person with the
link, peers whose answer does not fit or wants no encryption, a server with another certificate. Run by run-app."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.clinic import CONSENT  # noqa: E402
from bedtest.consultation import until  # noqa: E402
from bedtest.desk import capture_nodes, Desk, run  # noqa: E402

SECOND = 'Second device with this link: admitting it replaces the first'
OTHER_FINGERPRINT = '''s.replace(/(a=fingerprint:sha-256 )[0-9A-F:]+/g,
    (_, head) => head + Array.from({ length: 32 }, (_, i) => (i + 16).toString(16).toUpperCase()).join(':'))'''
PLAIN_RTP = "s.replace(/UDP\\/TLS\\/RTP\\/SAVPF/g, 'RTP/AVP')"
LIES = (('Ruth Lindqvist', 'another fingerprint', OTHER_FINGERPRINT,
         'Somebody may be in between. Nothing was sent to them. Call the patient by telephone.'),
        ('Ada Brook', 'plain RTP', PLAIN_RTP,
         'The other side asked for a connection that is not safe. It was refused. Call the patient by telephone.'))
TEXT_READER, LATE_READER = 'Greta Holm', 'Odile Varga'
OTHER_TEXT = '''const [text] = arguments, digest = crypto.subtle.digest.bind(crypto.subtle);
  crypto.subtle.digest = (name, data) =>
    digest(name, new TextDecoder().decode(data).trim() === text.trim() ? new Uint8Array(1) : data);'''
ASK = ('This app does not know the text that the patient agreed to as one of your clinic’s. Ask by word of mouth whether '
       'they agree, and write the answer into the note.')
UNKNOWN = 'it was not known as one of the clinic’s'
NOT_THE_SERVER = ('This is not your clinic’s server, or somebody is in between. Nothing is sent. '
                  'Call the clinic’s administrator.')
NOT_THE_CLINIC = ('This is not your clinic',
                  'The server could not show that it is your clinic’s. Nothing was sent. Call the clinic.')


def second_person(desk, link):
    first = desk.guest_waits(link, 'Elin Marsh')
    desk.app.wait('', 'Elin Marsh', 15, contains=True)
    second = desk.guest_waits(link, 'Tomas Weaver')
    desk.app.wait('', SECOND, 20)
    desk.picture('second')
    desk.tap.check('a second person with the link is told as that, before an Admit', True)
    for guest in (first, second):
        guest.close()
    desk.app.wait_gone('', SECOND)


def liar(desk, link, who, name, change, words):
    app, tap = desk.app, desk.tap
    patient = desk.make_patient()
    patient.open(link)
    patient.browser.script(f'window.bedAnswer = (s) => {change};')
    patient.join(**{'#name': who})
    app.wait('', who, 20, contains=True)
    desk.admit(name=who, page='BedAfterPage')
    app.wait('', 'The call was ended for your safety', 15)
    app.wait('', words)
    app.wait('', 'Never connected, nothing was sent')
    desk.picture('refused')
    tap.check(f'{name}: the call ends, and it says why', True)
    until('that nothing is captured', lambda: capture_nodes() == [], 5)
    tap.check(f'{name}: nothing of the clinician was seen', patient.watch()['frames'] == 0, patient.watch())
    patient.browser.wait('#end-title')
    patient.close()
    app.press('Back to the waiting room')
    app.at('BedHomePage')


def unfold(app):
    """A page that still slides in takes no click."""
    app.point('Filled in by Bedside')


def other_text(desk, link, who):
    """What they agreed to is no text of the clinic: the clinician is told to ask, and the call goes on."""
    app, tap = desk.app, desk.tap
    patient = desk.make_patient()
    patient.open(link)
    patient.browser.script(OTHER_TEXT, CONSENT['en'][1])
    patient.join(**{'#name': who})
    app.wait('', who, 20, contains=True)
    desk.admit(name=who)
    app.anywhere()
    app.wait('', ASK, 10)
    desk.picture('unknown-text')
    tap.check('a text that is not the clinic\'s: told what to ask', True)
    app.at('BedCallPage')
    app.wait('label', 'You are seen and heard', 20)
    tap.check('and the call goes on', patient.frames_go_on() > 0)
    desk.display.key('ctrl+shift+h')
    app.at('BedAfterPage')
    patient.close()
    app.press('Continue writing')
    app.at('BedHomePage')
    until('the facts', lambda: app.find('', UNKNOWN, contains=True) or unfold(app), 30, 3)
    desk.picture('unknown-text-after')
    tap.check('it is in the record', True)
    app.point('Today')


def other_text_later(desk, link, who):
    """They agree to the clinic's text; then their page is loaded again, in the call, and shows another one."""
    app, tap = desk.app, desk.tap
    patient = desk.make_patient()
    patient.open(link)
    patient.join(**{'#name': who})
    app.wait('', who, 20, contains=True)
    desk.admit(name=who)
    app.wait('label', 'You are seen and heard', 20)
    tap.check('a text of the clinic is not asked for', app.find('', ASK) is None)
    patient.browser.reload()
    patient.arrive()
    patient.browser.script(OTHER_TEXT, CONSENT['en'][1])
    patient.join(**{'#name': who})
    app.anywhere()
    app.wait('', ASK, 20)
    desk.picture('unknown-text-later')
    tap.check('one that a page load in the call brought is', True)
    desk.display.key('ctrl+shift+h')
    app.at('BedAfterPage')
    patient.close()
    app.press('Back to the waiting room')
    app.at('BedHomePage')


def other_certificate(desk):
    """The same name, with a certificate of the same authority: but not the key that the link was made for."""
    clinic = desk.clinic
    certificate, key = clinic.make_certificate('other', 'DNS:localhost,IP:127.0.0.1')
    clinic.stop()
    (clinic.folder / 'server.pem').write_text(certificate.read_text() + (clinic.folder / 'ca.pem').read_text())
    (clinic.folder / 'server.key').write_bytes(key.read_bytes())
    clinic.start()
    desk.app.wait('', NOT_THE_SERVER, 60)
    desk.picture('certificate')
    desk.tap.check('a server with another certificate is told in words', True)
    desk.app.stop()


def unknown_authority(desk, link):
    """Somebody who is invited, and whose system does not know who signed the certificate."""
    app = desk.start_app(link, data=desk.folder / 'nobody')
    app.at('BedGuestPage')
    for words in NOT_THE_CLINIC:
        app.wait('', words, 20)
    desk.picture('guest')
    desk.tap.check('so is one that an invited person cannot trust', True)


def main(build, output):
    with Desk(build, output) as desk:
        clinician = desk.start_clinician()
        links = []
        for _ in LIES:
            clinician.say('invite')
            links.append(clinician.wait('invited')['link'])
        clinician.close()
        desk.start_app()
        desk.unlock()
        second_person(desk, desk.link)
        for link, lie in zip(links, LIES):
            liar(desk, link, *lie)
        other_text(desk, desk.link, TEXT_READER)
        other_text_later(desk, desk.link, LATE_READER)
        other_certificate(desk)
        unknown_authority(desk, desk.link)
        desk.check_log(['Lindqvist', 'Brook', 'Weaver', *TEXT_READER.split(), *LATE_READER.split()])
    return desk.finish()


run(main)
