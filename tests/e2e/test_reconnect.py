#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a call survives: test_reconnect.py BUILD reload|server|crash|cut-6|cut-20 [chromium|firefox|guest]"""
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.consultation import Consultation, run, until  # noqa: E402
from bedtest.network import cut, mend  # noqa: E402


def begin(c, browser='chromium'):
    clinician = c.start_clinician()
    patient = c.make_patient(browser)
    patient.open(c.link)
    patient.join()
    clinician.wait('arrived')
    clinician.say('admit')
    clinician.wait('call-state', 30, state='connected')
    until('frames at the page', lambda: patient.watch()['numbered'] > 10, 20)
    until('frames at the clinician', lambda: clinician.stats()['frames'] > 10, 20)
    return clinician, patient


def check_alive(c, clinician, patient, what):
    """New frames both ways, and a chat each way."""
    before = clinician.stats()['frames']
    patient.frames_go_on(30, 15)
    until('frames at the clinician', lambda: clinician.stats()['frames'] >= before + 30, 15)
    c.tap.check(f'{what}: pictures both ways', True)
    patient.chat(f'{what}?')
    c.tap.check(f'{what}: chat to the clinician', clinician.wait('chat')['text'] == f'{what}?')
    before = len(patient.chat_log())
    clinician.say(f'chat {what}!')
    until('chat at the page', lambda: len(patient.chat_log()) > before, 10)
    c.tap.check(f'{what}: chat to the patient', f'{what}!' in patient.chat_log()[-1])


def hang_up(c, clinician, patient):
    clinician.say('hang-up')
    clinician.wait('ended', reason='here')
    patient.browser.wait('#kept')
    c.tap.check('hang-up arrives', True)
    return c.finish()


def page_reload(c):
    clinician, patient = begin(c)
    until('words', lambda: clinician.all('words'), 5)
    clinician.say('words match')
    clinician.wait('verification', result='matched')
    arrived = len(clinician.all('arrived'))
    start = time.monotonic()
    patient.browser.reload()
    lost = clinician.wait('call-state', 30, state='reconnecting')
    c.tap.note(f'the clinician reads "reconnecting" {lost["at"] - start:.2f} s after the reload')
    patient.arrive()
    patient.join()
    joined = time.monotonic()
    back = clinician.wait('call-state', 30, state='connected')
    until('frames at the page', lambda: patient.watch()['numbered'] > 10, 20)
    c.tap.note(f'join to connected {1000 * (back["at"] - joined):.0f} ms')
    c.tap.check('nobody pressed Admit again', len(clinician.all('admitted')) == 1)
    c.tap.check('and nobody is announced as new', len(clinician.all('arrived')) == arrived, clinician.all('arrived'))
    c.tap.check('the words are not checked any more', clinician.all('verification')[-1]['result'] == 'not-checked',
                clinician.all('verification'))
    words = clinician.all('words')
    c.tap.check('there are new words', len(words) == 2 and words[0]['numbers'] != words[1]['numbers'], words)
    check_alive(c, clinician, patient, 'after a reload')
    return hang_up(c, clinician, patient)


def server_killed(c):
    clinician, patient = begin(c)
    states = len(clinician.all('call-state'))
    before = patient.watch()
    patient.browser.script('window.bedWatch.gap = 0')
    c.clinic.stop(kill=True)
    time.sleep(4)
    during = patient.watch()
    c.tap.note(f'frames read in 4 s without a server: {during["numbered"] - before["numbered"]}, longest gap {during["gap"]} ms')
    c.tap.check('frames go on without the server', during['numbered'] - before['numbered'] >= 60, during)
    c.tap.check('with no gap that is seen', during['gap'] < 1000, during['gap'])
    c.clinic.start()
    started = time.monotonic()
    sockets = lambda: c.clinic.log.read_text().split('"started"')[-1].count('"socket-open"')  # noqa: E731
    until('both sides at the server again', lambda: sockets() >= 2, 20)
    c.tap.note(f'both are back {time.monotonic() - started:.2f} s after the server is')
    c.tap.check('signalling is back by itself', sockets() >= 2)
    c.tap.check('the call never was anything but connected', len(clinician.all('call-state')) == states,
                clinician.all('call-state'))
    check_alive(c, clinician, patient, 'with a new server')
    return hang_up(c, clinician, patient)


CUTS = {'cut-6': [(6, 'media'), (6, 'refused')], 'cut-20': [(20, 'media'), (20, 'all')]}


def since(clinician, at, event, **members):
    """Seconds from `at` to the first such event after it; None while there is none."""
    return next((entry['at'] - at for entry in clinician.all(event, **members) if entry['at'] >= at), None)


def sent_so_far(clinician, patient):
    """Pictures, packets of sound, pictures and reports; and the page's bytes of sound and pictures."""
    stats = clinician.stats()
    return stats['frames_sent'], stats['media_packets_sent'], patient.stats()['sent']


def path_cut(c, clinician, patient, seconds, what):
    """A cut of 6 s is over before ICE gives up; one of 20 s at most lasts until both sides have, and for one try more."""
    name = f'{what} cut, {seconds} s'
    admitted = len(clinician.all('admitted'))
    at = cut(what, c.clinic.port)
    lost = banner = quiet = silent = words = enough = unsent = None
    while time.monotonic() < (enough or at + seconds):
        silent = silent or since(clinician, at, 'quality', reason='silence')
        lost = lost or since(clinician, at, 'call-state', state='reconnecting')
        said = patient.banner()
        if words is None and 'not getting through' in said:
            words = time.monotonic() - at
        if banner is None and 'sent' in said:
            banner = time.monotonic() - at
        if lost is not None and banner is not None and quiet is None:
            time.sleep(0.3)
            quiet = sent_so_far(clinician, patient)
            clinician.say('chat Not now')
            unsent = clinician.wait('chat-not-sent')
            if seconds >= 20:
                enough = time.monotonic() + 4
        time.sleep(0.1)
    after = sent_so_far(clinician, patient)
    mended = mend()
    c.tap.note(f'{name}: told that nothing gets through after: clinician {silent and round(silent, 1)} s, '
               f'page {words and round(words, 1)} s; of the loss: clinician {lost and round(lost, 1)} s, page {banner and round(banner, 1)} s')
    if what != 'refused':
        c.tap.check(f'{name}: within 4 s both are told that nothing gets through', silent is not None and words is not None
                    and max(silent, words) < 4, (silent, words))
    if seconds >= 20:
        c.tap.check(f'{name}: both are told that the connection is lost', lost is not None and banner is not None, (lost, banner))
        c.tap.check(f'{name}: and nothing is sent meanwhile', quiet == after, (quiet, after))
        c.tap.check(f'{name}: nor a text', unsent is not None)
    until('connected again', lambda: clinician.all('call-state')[-1]['state'] == 'connected', 40)
    until('the page\'s banner to go', lambda: patient.banner() == '', 30, 0.1)
    back = clinician.all('call-state')[-1]['at'] - mended
    patient.frames_go_on(5, 20)
    c.tap.note(f'{name}: after the path is back: connected {max(0, back):.2f} s, pictures {time.monotonic() - mended:.2f} s, '
               f'states {[e["state"] for e in clinician.all("call-state")]}')
    until('the clinician to read that it gets through again',
          lambda: not (q := clinician.all('quality')) or q[-1]['reason'] != 'silence', 5)
    c.tap.check(f'{name}: it recovers by itself', len(clinician.all('admitted')) == admitted)
    c.tap.check(f'{name}: on the same connection', patient.watch()['peers'] == 1)
    check_alive(c, clinician, patient, name)


def path_cuts(c, cuts, browser):
    clinician, patient = begin(c, browser)
    for seconds, what in cuts:
        path_cut(c, clinician, patient, seconds, what)
    return hang_up(c, clinician, patient)


def app_crash(c):
    clinician, patient = begin(c)
    encounter = clinician.all('admitted')[-1]['encounter']
    clinician.kill()
    time.sleep(1)
    clinician = c.start_clinician()
    arrived = clinician.wait('arrived', 20)
    c.tap.check('who was in the call is announced as coming back', arrived['returning'] == 'yes', arrived)
    c.tap.check('the page says that nothing is sent', 'sent' in until('the banner', patient.banner, 15))
    peers = patient.watch()['peers']
    time.sleep(1)
    c.tap.check('nobody is in the call before the new Admit', patient.watch()['peers'] == peers)
    patient.browser.script('window.bedWatch.last = -1')  # another run of the tool counts from 0
    clinician.say('admit')
    admitted = clinician.wait('admitted')
    c.tap.check('the encounter goes on', admitted['encounter'] == encounter and encounter != '0', (encounter, admitted))
    clinician.wait('call-state', 30, state='connected')
    c.tap.check('the patient did nothing, and is on the call', patient.screen() == 'call')
    check_alive(c, clinician, patient, 'after a crash')
    return hang_up(c, clinician, patient)


def main(build, what, browser='chromium'):
    with Consultation(build) as c:
        if what == 'reload':
            return page_reload(c)
        if what == 'server':
            return server_killed(c)
        if what == 'crash':
            return app_crash(c)
        return path_cuts(c, CUTS[what], browser)


if __name__ == '__main__':
    run(main)
