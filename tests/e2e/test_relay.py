#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two people behind symmetric NATs, with the shipped relay: test_relay.py BUILD none|all|relay-only|tls chromium|guest

none: without a relay there is no call (so it is the relay that makes the others); relay-only: no address of either side
is told to anybody; tls: nothing leaves the patient's network but TCP to the clinic and to the relay's port 443."""
import os
import pathlib
import re
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.clinic import Clinic  # noqa: E402
from bedtest.consultation import Consultation, Patient, ROOT, run, until  # noqa: E402
from bedtest.homes import Elsewhere, Homes, Relay, WORLD  # noqa: E402
from bedtest.webdriver import Chromium  # noqa: E402

SECRET = 'a secret of the clinic and its relay'
NAME = 'relay.clinic.test'  # what the certificate on the relay's TLS port is for


def check_said(c, patient):
    """Every word of addresses that passed the sealed channel, as the page said and heard it."""
    said = patient.browser.script('return window.bedWatch.said')
    for who in ('page', 'clinician'):
        text = '\n'.join(entry for name, entry in said if name == who)
        candidates = re.findall(r'candidate:[^\r\n]*', text)
        c.tap.note(f'{who}: {len(candidates)} candidates: {sorted(set(re.findall(r"typ .*", chr(10).join(candidates))))[:4]}')
        c.tap.check(f'{who}: relays only', candidates and all(' typ relay ' in one + ' ' for one in candidates), candidates)
        found = set(re.findall(r'\b\d{1,3}(?:\.\d{1,3}){3}\b', text)) - {WORLD, '0.0.0.0', '127.0.0.1'}
        c.tap.check(f'{who}: no address of either side in any description or candidate', not found, found)
        c.tap.check(f'{who}: no IPv6 address and no local name', not re.search(r'fe80:|fd00:|\.local', text), candidates)
        c.tap.check(f'{who}: 127.0.0.1 only where SDP wants an origin',
                    all(line.startswith('o=') for line in text.splitlines() if '127.0.0.1' in line))


def check_tls(c, patient, homes):
    """The patient's end is on the relay, over TLS; what else the browser tried did not get out."""
    stats = patient.stats()
    c.tap.check('the page reached the relay over TLS', (stats['local'], stats['relay']) == ('relay', 'tls'), stats)
    c.tap.check('and had no other way', homes.refused() > 0, 'nothing was refused')
    time.sleep(2)
    c.tap.check('the call goes on', patient.frames_go_on() > 0)
    told = patient.browser.script('return window.bedWatch.peers.at(-1).getConfiguration().iceServers')
    c.tap.note(f'told to the page: {[url for server in told for url in server["urls"]]}')


def run_doctor(c):
    """Says that the TLS port gives an allocation and that its certificate is good, or what is wrong."""
    strange = {**os.environ, 'RES_OPTIONS': 'timeout:1 attempts:1'}  # there is no name server to wait for
    trusting = {**strange, 'SSL_CERT_FILE': str(c.clinic.folder / 'ca.pem')}
    for name, environment, words in (('trusts', trusting, 'gave an allocation'),
                                     ('does not trust', strange, 'its certificate is not good')):
        text = subprocess.run([c.clinic.program, 'doctor', '--config', c.clinic.config], env=environment, text=True,
                              capture_output=True, timeout=30).stdout
        line = next(line for line in text.splitlines() if f'turns:{WORLD}' in line)
        c.tap.check(f'doctor, where the machine {name} the authority', words in line, text)


def main(build, policy, other='chromium'):
    urls = f'turn:{WORLD}:3478?transport=udp'
    if policy == 'tls':
        urls += f';turns:{NAME}:443?transport=tcp;turns:{WORLD}:443'
    turn = None if policy == 'none' else {'secret': SECRET, 'url': urls}
    with Consultation(build, turn) as c:
        tls = policy == 'tls' and [*c.clinic.make_certificate('relay', f'DNS:{NAME},IP:{WORLD}'), 443]
        homes = c.keep(Homes(c.clinic.port, b_only=tls and [c.clinic.port, 443]))
        if turn:
            c.keep(Relay(ROOT, c.folder, SECRET, tls))
        if tls:
            run_doctor(c)
        only = ['--relay-only'] if policy == 'relay-only' else []
        clinician = c.start_clinician(*only, wrap=homes.enter(homes.a))
        clinician.say('invite')
        link = clinician.wait('invited')['link']
        patient = guest = None
        if other == 'chromium':
            options = {'spki': c.clinic.spki_hash()}
            if tls:
                options = {'authority': c.clinic.folder / 'ca.pem', 'arguments': [f'--host-resolver-rules=MAP {NAME} {WORLD}']}
            patient = c.keep(Patient(Elsewhere(homes.pool(homes.b), lambda: Chromium(**options))))
            patient.open(link)
            patient.join()
        else:
            guest = c.start_guest(link, wrap=homes.enter(homes.b))
        clinician.wait('arrived', 30)
        admitted = clinician.say('admit')
        if policy == 'none':
            time.sleep(12)
            c.tap.check('without a relay nothing connects', not clinician.all('call-state', state='connected'))
            c.tap.check('and nothing is sent', clinician.stats()['frames_sent'] == 0)
            return c.finish()
        connected = clinician.wait('call-state', 30, state='connected')
        first = clinician.wait('first-frame', 20)
        seen = (lambda: patient.watch()['numbered']) if patient else (lambda: guest.stats()['with_number'])
        until('the clinician is seen', lambda: seen() >= 60, 20)
        until('the patient is seen', lambda: clinician.stats()['frames'] >= 60, 20)
        stats = clinician.stats()
        c.tap.note(f'admit to connected {1000 * (connected["at"] - admitted):.0f} ms, to the first frame '
                   f'{1000 * (first["at"] - admitted):.0f} ms, path {stats["local"]} to {stats["remote"]}, round trip {stats["rtt_ms"]} ms')
        c.tap.check('pictures both ways, counted', True)
        c.tap.check('by the relay', 'relay' in (stats['local'], stats['remote']), stats)
        if policy == 'relay-only':
            c.tap.check('at both ends', stats['local'] == 'relay', stats)
            if patient:
                check_said(c, patient)
                c.tap.check('the page\'s end, too', patient.stats()['local'] == 'relay', patient.stats())
        if tls:
            check_tls(c, patient, homes)
        clinician.say('hang-up')
        clinician.wait('ended', reason='here')
        return c.finish()


if __name__ == '__main__':
    run(main)
