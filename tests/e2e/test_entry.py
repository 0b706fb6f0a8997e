#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who gets in, and what the others read: test_entry.py BUILD links|second-device|gate|liar|passcode"""
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.consultation import Consultation, run, until  # noqa: E402
from bedtest.links import make_bad_links  # noqa: E402
from bedtest.stranger import Stranger  # noqa: E402


def links(c):
    """Used, expired, revoked, mangled: each has its own words, on the page and for the guest in the app."""
    clinician = c.start_clinician()
    patient = c.make_patient()
    made = make_bad_links(clinician, c.link)
    expected = {'used': ('was used', 'used'), 'expired': ('has run out', 'expired'), 'revoked': ('withdrawn', 'revoked'),
                'cut': ('not whole', 'wrong-link'), 'of another secret': ('not right', 'wrong-link')}
    for name, (words, reason) in expected.items():
        patient.browser.open('about:blank')
        patient.browser.open(made[name])
        patient.browser.wait('#problem-title')
        c.tap.check(f'{name}: the page says so', words in patient.title(), patient.title())
        c.tap.check(f'{name}: and how to reach the clinic', '5550100' in patient.browser.script('return document.body.innerText'))
        guest = c.start_guest(made[name])
        c.tap.check(f'{name}: the app says so', (over := guest.wait('over', 10))['reason'] == reason, over)
    c.tap.check('nobody arrived', not clinician.all('arrived'))
    patient.browser.open('about:blank')
    patient.open(c.link)
    patient.join()
    c.tap.check('a link that is whole opens', clinician.wait('arrived')['name'] == 'Elin Marsh')
    clinician.say('decline Please call us; we have no time today.')
    patient.browser.wait('#end-title')
    c.tap.check('a decline is told with its words', 'no time today' in patient.browser.script('return document.body.innerText'))
    log = c.clinic.log.read_text()
    secrets = [link.split('#')[1] for link in made.values()]
    c.tap.check('no secret of a link is in the server\'s log', not any(secret in log for secret in secrets))
    return c.finish()


def second_device(c):
    clinician = c.start_clinician()
    first = c.make_patient()
    first.open(c.link)
    first.join()
    c.tap.check('the first is no second device', clinician.wait('arrived')['second-device'] == 'no')
    clinician.say('admit')
    clinician.wait('call-state', 20, state='connected')
    encounter = clinician.wait('admitted')['encounter']
    second = c.start_guest(name='Elin on a tablet')
    arrived = clinician.wait('arrived')
    c.tap.check('the same link elsewhere waits, and is said to be a second device', arrived['second-device'] == 'yes', arrived)
    time.sleep(1)
    c.tap.check('it gets nothing before an Admit', not second.all('admitted'))
    start = first.watch()['numbered']
    until('the first call goes on', lambda: first.watch()['numbered'] > start + 10, 10)
    clinician.say('admit')
    admitted = clinician.wait('admitted')
    c.tap.check('its Admit ends the first call', clinician.all('ended')[-1]['reason'] == 'left', clinician.all('ended'))
    c.tap.check('the encounter is the same', admitted['encounter'] == encounter, (admitted, encounter))
    second.wait('call-state', 20, state='connected')
    second.wait('first-frame')
    first.browser.wait('#end-title')
    c.tap.check('the first page says that it goes on elsewhere', 'somewhere else' in first.title(), first.title())
    clinician.say('hang-up')
    second.wait('ended', reason='there')
    return c.finish()


def gate(c):
    """A client that joins and asks for a call in every way that it can, with all that the link gives: the keys too."""
    clinician = c.start_clinician()
    stranger = Stranger(c.clinic, c.link)
    answers = stranger.read(1)
    c.tap.check('the server lets it wait', any(m['type'] == 'welcome' and m['state'] == 'waiting' for m in answers), answers)
    until('the row', clinician.arrivals, 10)
    clinician.say('message One moment please')
    c.tap.check('a message that no session carries is not said to be sent', bool(clinician.wait('message-not-sent')))
    for message in ({'type': 'admit', 'room': stranger.room, 'peer': stranger.peer(answers)},
                    {'type': 'room', 'room': stranger.room, 'state': 'admitted'}):
        stranger.send(message)
    for data in ({'t': 'hello', 'v': 1, 'role': 'patient', 'id': stranger.hop, 'key': stranger.key()},
                 {'t': 'sealed', 'from': stranger.hop, 'to': stranger.hop, 'seq': 1, 'type': 'restart', 'box': 'A' * 80}):
        stranger.relay(data)
    answers = stranger.read(3)
    c.tap.check('nothing that it gets is an offer', not any('"offer"' in m.get('data', '') for m in answers), answers)
    c.tap.check('nothing says that it is admitted', not any(m.get('state') == 'admitted' for m in answers), answers)
    c.tap.check('the clinician is not told of anybody ready', not clinician.all('arrived'), clinician.all('arrived'))
    clinician.say('admit')
    c.tap.check('and cannot let in who has not said who they are', bool(clinician.wait('not-admitted')))
    stranger.close()
    return c.finish()


LIES = [
    # what the page does to its answer, how the clinician's call ends
    ('another certificate\'s fingerprint', r'''s.replace(/(a=fingerprint:sha-256 )[0-9A-F:]+/g,
        (_, head) => head + Array.from({ length: 32 }, (_, i) => (i + 16).toString(16).toUpperCase()).join(':'))''', 'fingerprint'),
    ('SDES keys', r'''s.replace(/(m=audio[^\r]*\r\n)/, '$1a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz\r\n')''',
     'refused'),
    ('plain RTP', r'''s.replace(/UDP\/TLS\/RTP\/SAVPF/g, 'RTP/AVP')''', 'refused'),
    ('no fingerprint', r'''s.replace(/a=fingerprint:[^\r]*\r\n/g, '')''', 'refused'),
]


def liar(c):
    """A peer whose answer does not fit its certificate, or wants less than DTLS-SRTP."""
    clinician = c.start_clinician()
    patient = c.make_patient()
    for name, change, reason in LIES:
        clinician.say('invite')
        patient.browser.open('about:blank')
        patient.open(clinician.wait('invited')['link'])
        patient.browser.script(f'window.bedAnswer = (s) => {change};')
        patient.join()
        clinician.wait('arrived')
        admitted = clinician.say('admit')
        ended = clinician.wait('ended', 15)
        c.tap.note(f'{name}: ended {1000 * (ended["at"] - admitted):.0f} ms after the Admit')
        c.tap.check(f'{name}: the call ends as "{reason}"', ended['reason'] == reason, ended)
        c.tap.check(f'{name}: it never was connected', not clinician.all('call-state', state='connected'))
        c.tap.check(f'{name}: within 500 ms of the Admit, path and handshake included', ended['at'] - admitted < 0.5)
        stats = clinician.stats()
        c.tap.check(f'{name}: no media was sent', stats['frames_sent'] == 0, stats)
        c.tap.check(f'{name}: none was taken', patient.watch()['frames'] == 0 and stats['frames'] == 0)
        patient.browser.wait('#end-title')
        c.tap.check(f'{name}: the patient reads that no connection was made, not that all is over',
                    patient.title() == 'The connection failed', patient.title())
        c.tap.check(f'{name}: and may try again', patient.browser.script('return !!document.querySelector("#again")'))
    return c.finish()


def passcode(c):
    """Six digits told by telephone: the link alone lets nobody in, in the app or on the page."""
    clinician = c.start_clinician()
    clinician.say('invite-passcode')
    made = clinician.wait('invited')
    code = made['passcode']
    wrong = f'{(int(code) + 1) % 1000000:06d}'
    c.tap.check('six digits, which are not in the link', len(code) == 6 and code.isdigit() and code not in made['link'])
    guest = c.start_guest(made['link'])
    clinician.wait('arrived')

    def refused(what, state):
        c.tap.check(f'{what}: the row says "{state}"', clinician.arrivals()[0]['passcode'] == state)
        clinician.say('admit')
        c.tap.check(f'{what}: no Admit', bool(clinician.wait('not-admitted', 5)) and not guest.all('admitted'))

    refused('a client that leaves it out', 'missing')
    guest.say(f'passcode {wrong}')
    answer = guest.wait('passcode')
    c.tap.check('a wrong one is told, with four tries', (answer['right'], answer['left']) == ('no', '4'), answer)
    refused('a wrong one', 'wrong')
    guest.say(f'passcode {code[:3]} {code[3:]}')
    c.tap.check('the right one is told', guest.wait('passcode')['right'] == 'yes')
    c.tap.check('and seen by the clinician', clinician.arrivals()[0]['passcode'] == 'right')
    clinician.say('admit')
    guest.wait('call-state', 20, state='connected')
    c.tap.check('it lets in', True)
    clinician.say('hang-up')
    guest.wait('ended')
    guest.close()
    clinician.close()

    clinician = c.start_clinician()
    clinician.say('invite-passcode')
    made = clinician.wait('invited')
    patient = c.make_patient()
    patient.open(made['link'])
    patient.browser.click('#continue')
    for selector, text in (('#name', 'Elin Marsh'), ('#callback', '01632 960 200'), ('#location', '12 Mill Lane')):
        patient.browser.type(selector, text)
    patient.browser.click('#agree')
    c.tap.check('the page asks before the Join', 'six digits' in patient.browser.text('#join-reason'))
    wrong = f'{(int(made["passcode"]) + 1) % 1000000:06d}'
    patient.browser.type('#passcode', wrong)
    patient.browser.click('#join')
    patient.browser.wait('#ready')
    patient.browser.click('#ready')
    clinician.wait('arrived')
    for left in (4, 3):
        until('the words', lambda: str(left) in patient.browser.text('#passcode-part'), 5)
        if left == 4:
            patient.browser.type('#passcode-again', wrong)
            patient.browser.click('#passcode-send')
    c.tap.check('the page counts the tries', True)
    clinician.kill()
    clinician = c.start_clinician()
    clinician.wait('arrived')
    c.tap.check('a new start of the app says nothing is right', clinician.arrivals()[0]['passcode'] == 'missing')
    guest = c.start_guest(made['link'])
    clinician.wait('arrived')
    for left in (2, 1, 0):
        guest.say(f'passcode {wrong}')
        answer = guest.wait('passcode')
        c.tap.check(f'nor gives new tries: {left} left', answer['left'] == str(left), answer)
    guest.say(f'passcode {made["passcode"]}')
    c.tap.check('after five wrong ones the right one is none', guest.wait('passcode')['right'] == 'no')
    for index in (0, 1):
        clinician.say(f'admit {index}')
        c.tap.check('and nobody is admitted', bool(clinician.wait('not-admitted', 5)))
    c.tap.check('the server never saw a code', made['passcode'] not in c.clinic.log.read_text())
    return c.finish()


def main(build, what):
    with Consultation(build) as c:
        return {'links': links, 'second-device': second_device, 'gate': gate, 'liar': liar, 'passcode': passcode}[what](c)


if __name__ == '__main__':
    run(main)
