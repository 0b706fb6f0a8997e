#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server that alters, replays, drops, reorders, swaps and forges: test_evil_server.py BUILD chromium|guest

Nobody gets a call through it that is not between the two people, and what it does to a call is told."""
import base64
import json
import os
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.consultation import Consultation, run, until  # noqa: E402
from bedtest.evil import EvilClinic  # noqa: E402


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b'=').decode()


def unb64(text):
    return base64.urlsafe_b64decode(text + '=' * (-len(text) % 4))


def flip(data):
    """One bit of a sealed box, in the middle: where a fingerprint would stand."""
    message = json.loads(data)
    box = bytearray(unb64(message['box']))
    box[len(box) // 2] ^= 1
    return json.dumps({**message, 'box': b64(bytes(box))})


def is_sealed(data, *types):
    message = json.loads(data)
    return message['t'] == 'sealed' and (not types or message['type'] in types)


class Attack:
    """What to do with sealed messages of one type to one role; `times` is how often."""

    def __init__(self, to, types, change, times=10 ** 9):
        self.to, self.types, self.change, self.times = to, types, change, times
        self.done = 0
        self.held = []

    def __call__(self, to, data):
        if to != self.to or self.done >= self.times or not self.matches(data):
            held, self.held = self.held, []
            return [data, *held]
        self.done += 1
        return self.change(self, data)

    def matches(self, data):
        if self.types == 'hello':
            return json.loads(data)['t'] == 'hello'
        return is_sealed(data, *self.types)


def alter(attack, data):
    return [flip(data)]


def drop(attack, data):
    return []


def replay(attack, data):
    return [data, data]


def hold_back(attack, data):
    attack.held.append(data)
    return []


def retype(attack, data):
    return [json.dumps({**json.loads(data), 'type': 'hang-up'})]


def swap_key(attack, data):
    """The server's own key in place of the person's."""
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    return [json.dumps({**json.loads(data), 'key': b64(key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))})]


def forge_offer(attack, data):
    """An offer of its own under the right names, which it cannot seal."""
    message = json.loads(data)
    return [json.dumps({**message, 'type': 'offer', 'box': b64(os.urandom(len(unb64(message['box']))))})]


# name, attack, what comes of it: "refused" nothing ever connects; "renewed" a new session connects; "ignored".
ATTACKS = [
    ('every offer altered', lambda: Attack('patient', ('offer',), alter), 'refused'),
    ('every answer altered', lambda: Attack('clinician', ('answer',), alter), 'refused'),
    ('every offer is a forged one', lambda: Attack('patient', ('offer',), forge_offer), 'refused'),
    ('the patient\'s key swapped', lambda: Attack('clinician', 'hello', swap_key), 'no-arrival'),
    ('the clinician\'s key swapped', lambda: Attack('patient', 'hello', swap_key), 'no-arrival'),
    ('an offer called a hang-up', lambda: Attack('patient', ('offer',), retype), 'refused'),
    ('one offer altered', lambda: Attack('patient', ('offer',), alter, 1), 'renewed'),
    ('one answer altered', lambda: Attack('clinician', ('answer',), alter, 1), 'renewed'),
    ('an offer dropped', lambda: Attack('patient', ('offer',), drop, 1), 'renewed'),
    ('an answer after what follows it', lambda: Attack('clinician', ('answer',), hold_back, 1), 'renewed'),
    ('all to the patient said twice', lambda: Attack('patient', (), replay), 'ignored'),
    ('all to the clinician said twice', lambda: Attack('clinician', (), replay), 'ignored'),
]


class Page:
    """The patient's side in Chromium; one browser for all attacks."""

    def __init__(self, c):
        self.patient = c.make_patient()

    def join(self, link):
        self.patient.open(link)
        self.patient.join()

    def media_sent(self):
        return self.patient.stats()['sent']

    def media_seen(self):
        return self.patient.watch()['numbered']

    def end(self):
        self.patient.browser.open('about:blank')


class Native:
    def __init__(self, c):
        self.c = c
        self.guest = None

    def join(self, link):
        self.guest = self.c.start_guest(link)
        self.guest.wait('waiting')

    def media_sent(self):
        return self.guest.stats()['frames_sent']

    def media_seen(self):
        return self.guest.stats()['with_number']

    def end(self):
        self.guest.close()


def begin(c, clinician, side):
    clinician.say('invite')
    side.join(clinician.wait('invited')['link'])


def hang_up(clinician):
    clinician.say('hang-up')
    clinician.wait('ended')


def use_up_tries(c):
    """A patient's client says at most three hellos in a minute: once each came to nothing, nothing more is tried, however
    long one waits. Some attacks leave it fewer; they are given 4 s."""
    deadline = time.monotonic() + 4
    while time.monotonic() < deadline and c.clinic.attack.done < 3:
        time.sleep(0.05)
    time.sleep(1)  # twice what a call takes to connect


def attack_once(c, clinician, side, name, make, outcome):
    states = len(clinician.all('call-state'))
    c.clinic.attack = make()
    begin(c, clinician, side)
    if outcome == 'no-arrival':
        use_up_tries(c)
        c.tap.check(f'{name}: nobody arrives', not any(entry['ready'] == 'yes' for entry in clinician.arrivals()))
        clinician.say('admit')
        c.tap.check(f'{name}: nobody can be admitted', bool(clinician.wait('not-admitted', 5)))
    else:
        clinician.wait('arrived')
        tampered = len(clinician.all('tampered'))
        clinician.say('admit')
        clinician.wait('admitted')
        if outcome == 'refused':
            use_up_tries(c)
            c.tap.check(f'{name}: nothing connects',
                        'connected' not in [entry['state'] for entry in clinician.all('call-state')[states:]])
            c.tap.check(f'{name}: no media leaves either side', (side.media_sent(), clinician.stats()['frames_sent']) == (0, 0),
                        (side.media_sent(), clinician.stats()))
        else:
            clinician.wait('call-state', 20, state='connected')
            until(f'{name}: media', lambda: side.media_seen() > 5, 20)
            c.tap.check(f'{name}: {outcome}, and the two are connected', True)
        if c.clinic.attack.to == 'clinician' and outcome in ('refused', 'renewed'):
            c.tap.check(f'{name}: the clinician is told', len(clinician.all('tampered')) > tampered)
        hang_up(clinician)
    c.tap.check(f'{name}: it was done', c.clinic.attack.done > 0)
    c.clinic.attack = None
    side.end()


def forged_admission(c, clinician, side):
    """The server's word alone lets nobody in."""
    states = len(clinician.all('call-state'))
    begin(c, clinician, side)
    clinician.wait('arrived')
    for message in ({'type': 'welcome', 'server_time': int(time.time()), 'ice_servers': [], 'ttl': 600, 'position': 1,
                     'peer': b64(os.urandom(12)), 'state': 'admitted', 'host_online': True},
                    {'type': 'relay', 'room': b64(os.urandom(16)), 'peer': b64(os.urandom(12)), 'n': 99,
                     'data': json.dumps({'t': 'sealed', 'from': b64(os.urandom(16)), 'to': b64(os.urandom(16)), 'seq': 1,
                                         'type': 'offer', 'box': b64(os.urandom(200))})}):
        c.clinic.inject('patient', message)
    time.sleep(2)
    c.tap.check('a forged admission begins no call', len(clinician.all('call-state')) == states
                and (side.patient.watch()['peers'] == 0 if isinstance(side, Page) else not side.guest.all('admitted')))
    side.end()


def in_call(c, clinician, side):
    """A message is altered in the middle of a call that was verified."""
    begin(c, clinician, side)
    clinician.wait('arrived')
    clinician.say('admit')
    clinician.wait('call-state', 20, state='connected')
    until('words', lambda: clinician.all('words'), 5)
    time.sleep(0.5)
    clinician.say('words match')
    clinician.wait('verification', result='matched')
    for to, provoke in (('patient', lambda: clinician.say('camera off')), ('clinician', lambda: leave_camera(side))):
        seen = len(clinician.all('call-state', state='connected'))
        tampered = len(clinician.all('call-tampered'))
        c.clinic.attack = Attack(to, ('media',), alter, 1)
        provoke()
        until('the altered message', lambda: c.clinic.attack.done, 5)
        told = to == 'clinician' or isinstance(side, Native) or until('the page\'s words', side.patient.banner, 5, 0.02)
        until('connected again', lambda: len(clinician.all('call-state', state='connected')) > seen, 20)
        c.tap.check(f'in a call, to the {to}: both are in a new session', True)
        c.tap.check(f'in a call, to the {to}: the words are not checked any more',
                    clinician.all('verification')[-1]['result'] == 'not-checked')
        if to == 'clinician':
            c.tap.check('the clinician is told', len(clinician.all('call-tampered')) > tampered)
        elif isinstance(side, Page):
            c.tap.check('the patient is told', 'Nothing is being sent' in told and 'altered' in told, told)
        clinician.say('camera on')
        start = side.media_seen()
        until('pictures', lambda: side.media_seen() > start + 5, 20)
    hang_up(clinician)


def before_the_call(c, clinician, side):
    """Words to somebody who waits are altered: that person is told, and told apart from an app that was started again."""
    begin(c, clinician, side)
    clinician.wait('arrived')
    c.clinic.attack = Attack('patient', ('message',), alter, 1)
    clinician.say('message The doctor is late')
    until('the altered message', lambda: c.clinic.attack.done, 5)
    c.clinic.attack = None
    if isinstance(side, Native):
        c.tap.check('while waiting: the guest is told', bool(side.guest.wait('tampered', 5)))
    else:
        told = until('the page\'s words', lambda: 'altered' in (words := side.patient.browser.text('#waiting-news')) and words, 5)
        c.tap.check('while waiting: the patient is told that a message was altered', bool(told), told)
    clinician.wait('arrived', 10)
    clinician.say('admit')
    clinician.wait('call-state', 20, state='connected')
    c.tap.check('while waiting: a new session carries the call', True)
    hang_up(clinician)
    side.end()


def leave_camera(side):
    if isinstance(side, Native):
        side.guest.say('camera off')
    else:
        side.patient.browser.click('#camera')


def main(build, other):
    with Consultation(build, make_clinic=EvilClinic) as c:
        clinician = c.start_clinician()
        side = Page(c) if other == 'chromium' else Native(c)
        cases = [lambda entry=entry: attack_once(c, clinician, side, *entry) for entry in ATTACKS]
        cases += [lambda: forged_admission(c, clinician, side), lambda: before_the_call(c, clinician, side),
                  lambda: in_call(c, clinician, side)]
        for case in cases:
            case()
        return c.finish()


if __name__ == '__main__':
    run(main)
