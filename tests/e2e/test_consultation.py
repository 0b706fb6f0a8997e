#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole consultation, media checked for content both ways: test_consultation.py BUILD chromium|firefox|guest here|there

here: the clinician hangs up; there: the patient leaves; differ: somebody finds that the words differ."""
import base64
import hashlib
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.consultation import Consultation, run, until, word_list  # noqa: E402

PICTURE = b'\x89PNG\r\n\x1a\n' + bytes(range(256)) * 800


def check_media(c, clinician, patient):
    tap = c.tap
    patient.frames_go_on(60, 15)
    patient.listen()
    page, stats, own = patient.watch(), patient.stats(), clinician.stats()
    tap.note(f'page: {page} {stats}')
    tap.note(f'clinician: {own}')
    tap.check('the page reads the counter of the clinician\'s picture', page['numbered'] >= 60, page)
    tap.check('its frames come in order', page['backwards'] == 0, page)
    tap.check('the page hears the clinician\'s tone', page['tone'] >= 5, page)
    tap.check('the clinician sees the patient', own['frames'] >= 60, own)
    tap.check('the clinician hears the patient', until('sound', lambda: clinician.stats()['rms'] > 0.001, 10) is True)
    tap.check('no script of the page failed', page['errors'] == [], page['errors'])
    tap.check('the clinician\'s media is SRTP over DTLS 1.2', 'AES' in own['srtp'] and own['tls'] == 'FEFD', own)


def check_words(c, clinician, patient):
    numbers = [int(n) for n in clinician.all('words')[-1]['numbers'].split()]
    expected = [word_list()[n] for n in numbers]
    patient.browser.click('#lock')
    patient.browser.wait('#words-dialog')
    c.tap.check('the same four words on both sides', patient.words() == expected, (patient.words(), expected))
    patient.browser.click('#words-match')
    c.tap.check('what the patient finds does not check the words for the clinician',
                not clinician.all('verification', result='matched'))
    clinician.say('words match')
    c.tap.check('the clinician\'s own finding does', bool(clinician.wait('verification', result='matched')))


def check_consent(c, encounter, agreed):
    """What the patient agreed to, read back by another start of the app."""
    later = c.start_clinician()
    later.say(f'consent {encounter}')
    kept = later.wait('consent')
    text = (c.clinic.folder / f'consent-{kept["language"]}.txt').read_text().strip().encode()
    c.tap.check('the record holds which text the patient agreed to, when, and with which devices',
                (kept['version'], kept['language'], kept['camera'], kept['microphone']) == ('2026-01', 'en', 'yes', 'yes')
                and kept['hash'] == base64.b64encode(hashlib.sha256(text).digest()).decode()
                and abs(int(kept['time']) - agreed) < 60, (kept, agreed))
    chat = read_chat(later, encounter)
    c.tap.check('and the chat that was to be kept', chat == [
        ('patient', 'Good morning, <b>doctor</b>'), ('clinician', 'Good morning, <i>Elin</i>'), ('clinician', 'Goodbye')], chat)
    c.tap.check('and the app ends in order', later.close() == 0)


def check_chat(c, clinician, patient):
    patient.chat('Good morning, <b>doctor</b>')
    c.tap.check('a message reaches the clinician', clinician.wait('chat')['text'] == 'Good morning, <b>doctor</b>')
    clinician.say('chat Good morning, <i>Elin</i>')
    log = until('the answer', patient.chat_log, 10)
    c.tap.check('and the answer the patient, as text', '<i>Elin</i>' in log[0], log)


def check_files_from_page(c, clinician, patient):
    """A picture and a PDF of the largest size, as the patient and the clinician send them."""
    pdf = c.clinic.folder / 'letter.pdf'
    content = b'%PDF-1.7\n' + bytes(i * 7 % 256 for i in range(10 * 1024 * 1024 - 9))
    pdf.write_bytes(content)
    picture = patient.send_file('knee.png', PICTURE)
    c.tap.check('a picture reaches the clinician whole', clinician.wait('file', 20, state='done')['sha256'] == picture)
    clinician.say('keep-file')
    c.tap.check('and is kept with the record', bool(clinician.wait('file-kept')))
    clinician.say(f'file {pdf}')
    c.tap.check('a PDF of the largest size is sent', bool(clinician.wait('file', 60, state='done', mine='yes')))
    c.tap.check('and reaches the patient whole', patient.saved_file('letter.pdf') == hashlib.sha256(content).hexdigest())


def check_files_from_guest(c, clinician, guest):
    pdf = c.clinic.folder / 'letter.pdf'
    content = b'%PDF-1.7\n' + bytes(i * 5 % 256 for i in range(300000))
    pdf.write_bytes(content)
    for name, one, other in (('guest', guest, clinician), ('clinician', clinician, guest)):
        one.say(f'file {pdf}')
        got = other.wait('file', 20, state='done', mine='no')
        c.tap.check(f'a file of the {name} arrives whole', got['sha256'] == hashlib.sha256(content).hexdigest(), got)
    guest.say('keep-file')
    c.tap.check('a guest has nowhere to keep it', bool(guest.wait('file-not-kept')))


def check_kept(c, clinician, patient):
    """Kept by the clinician's choice, which the patient is told; what follows too."""
    kept = lambda: patient.browser.script('const e = document.querySelector("#chat-kept"); return e && !e.hidden ? e.textContent : "";')  # noqa: E731
    c.tap.check('nothing is said to be kept before', kept() == '')
    clinician.say('keep-chat')
    c.tap.check('the patient is told that the chat is kept', 'keeps this chat' in until('the words', kept, 5))
    clinician.say('chat Goodbye')
    until('one more', lambda: len(patient.chat_log()) > 1, 10)


def read_chat(clinician, encounter):
    clinician.say(f'kept-chat {encounter}')
    clinician.wait('kept-end')
    return [(entry['from'], entry['text']) for entry in clinician.all('kept')]


def check_unsafe(c, clinician, other, finds):
    """`finds` says that the words differ: neither side sends picture, sound, text or files any more."""
    pdf = c.clinic.folder / 'large.pdf'
    pdf.write_bytes(b'%PDF-1.7\n' + bytes(10 * 1024 * 1024 - 9))
    clinician.say(f'file {pdf}')
    clinician.wait('file', 20, state='moving', mine='yes')
    finds()
    c.tap.check('the clinician is told', bool(clinician.wait('verification', 10, result='differed')))
    c.tap.check('the file that was on its way is stopped', bool(clinician.wait('file', 10, state='stopped', mine='yes')))
    clinician.say('chat Is it you?')
    c.tap.check('the clinician\'s text is not sent', bool(clinician.wait('chat-not-sent')))
    clinician.say(f'file {pdf}')
    c.tap.check('nor a file', bool(clinician.wait('file-not-sent')))
    clinician.say('camera off')
    clinician.say('camera on')
    clinician.say('words match')
    until('the other side\'s pictures to end', lambda: still(clinician, 'frames'), 10)
    until('the clinician\'s pictures to end', lambda: still(clinician, 'frames_sent'), 10)
    c.tap.check('the words stay different', clinician.all('verification')[-1]['result'] == 'differed')


def still(side, name):
    """Whether none was added in a second."""
    before = side.stats()[name]
    time.sleep(1)
    return side.stats()[name] == before


def page_unsafe(c, clinician, patient):
    patient.browser.click('#lock')
    patient.browser.wait('#words-dialog')
    check_unsafe(c, clinician, patient, lambda: patient.browser.click('#words-differ'))
    c.tap.check('the patient reads that nothing is sent', 'Nothing is being sent' in patient.banner(), patient.banner())
    patient.chat('Are you there?')
    left = lambda: patient.browser.script('return document.querySelector("#chat-text").value')  # noqa: E731
    c.tap.check('what the patient writes is not sent', left() == 'Are you there?' and not clinician.all('chat'), left())
    patient.send_file('knee.png', PICTURE)
    note = lambda: patient.browser.script('return document.querySelector("#chat-note").textContent')  # noqa: E731
    c.tap.check('nor a file', 'Not sent' in until('the note', lambda: 'Not sent' in note() and note(), 5))
    c.tap.check('neither side shows one', not clinician.all('file', mine='no'))


def with_page(build, browser, who):
    with Consultation(build) as c:
        clinician = c.start_clinician()
        patient = c.make_patient(browser)
        patient.open(c.link)
        patient.join()
        agreed = time.time()
        arrived = clinician.wait('arrived')
        c.tap.check('who arrived is told', (arrived['name'], arrived['callback'], arrived['location'])
                    == ('Elin Marsh', '01632 960 200', '12 Mill Lane, Northgate'), arrived)
        time.sleep(1)
        c.tap.check('nobody is in a call without the Admit', patient.screen() == 'waiting' and patient.watch()['peers'] == 0)
        admitted = time.time(), clinician.say('admit')
        connected = clinician.wait('call-state', 30, state='connected')
        first = clinician.wait('first-frame', 20)
        until('frames at the page', lambda: patient.watch()['firstAt'] > 0, 20)
        c.tap.note(f'admit to connected {1000 * (connected["at"] - admitted[1]):.0f} ms, to the first frame at the clinician '
                   f'{1000 * (first["at"] - admitted[1]):.0f} ms, at the page '
                   f'{patient.watch()["firstAt"] - 1000 * admitted[0]:.0f} ms')
        check_media(c, clinician, patient)
        if who == 'differ':
            page_unsafe(c, clinician, patient)
        else:
            check_words(c, clinician, patient)
            check_chat(c, clinician, patient)
        if who == 'here':
            check_kept(c, clinician, patient)
        elif who == 'there':
            check_files_from_page(c, clinician, patient)
        if who == 'here':
            clinician.say('hang-up')
            c.tap.check('the clinician hangs up', clinician.wait('ended')['reason'] == 'here')
        else:
            patient.leave()
            c.tap.check('the patient leaves, and the clinician is told', clinician.wait('ended')['reason'] == 'left')
        patient.browser.wait('#kept')
        c.tap.check('the page says what was kept', 'recorded no sound' in patient.browser.text('#kept'))
        sent = clinician.stats()['packets_sent']
        time.sleep(0.5)
        c.tap.check('nothing is sent after the end', clinician.stats()['packets_sent'] == sent)
        if who != 'here':
            chat = read_chat(clinician, clinician.all('admitted')[-1]['encounter'])
            c.tap.check('without the choice nothing of the chat is kept', chat == [], chat)
        c.tap.check('the clinician\'s app ends in order', clinician.close() == 0)
        if who == 'here':
            check_consent(c, clinician.all('admitted')[-1]['encounter'], agreed)
        return c.finish()


def with_guest(build, who):
    with Consultation(build) as c:
        clinician = c.start_clinician()
        guest = c.start_guest()
        guest.wait('invited')
        clinician.wait('arrived')
        admitted = clinician.say('admit')
        times = [clinician.wait('call-state', 30, state='connected')['at'], clinician.wait('first-frame')['at'],
                 guest.wait('first-frame')['at']]
        c.tap.note('admit to connected, first frame here, there: ' + ', '.join(f'{1000 * (t - admitted):.0f} ms' for t in times))
        sides = (('clinician', clinician), ('guest', guest))
        for name, side in sides:
            until(f'{name}: media', lambda: (s := side.stats())['with_number'] >= 60 and s['tone_blocks'] >= 100, 15)
            c.tap.note(f'{name}: {side.stats()}')
            c.tap.check(f'{name} reads the counter, in order, and hears the tone', side.stats()['backwards'] == 0)
        words = [until('words', lambda: side.all('words'), 5)[-1]['numbers'] for _, side in sides]
        c.tap.check('the same four words', words[0] == words[1], words)
        clinician.say('chat Hello')
        c.tap.check('chat to the guest', guest.wait('chat')['text'] == 'Hello')
        guest.say('chat Good morning')
        c.tap.check('chat to the clinician', clinician.wait('chat')['text'] == 'Good morning')
        if who == 'differ':
            check_unsafe(c, clinician, guest, lambda: clinician.say('words differ'))
            guest.say('chat Is it you?')
            c.tap.check('the guest sends nothing either', bool(guest.wait('chat-not-sent')) and still(guest, 'frames_sent'))
        else:
            check_files_from_guest(c, clinician, guest)
        if who == 'here':
            clinician.say('hang-up')
            c.tap.check('the guest is told', guest.wait('ended')['reason'] == 'there')
        else:
            guest.say('hang-up')
            c.tap.check('the clinician is told', clinician.wait('ended')['reason'] == 'left')
        guest.wait('over', reason='ended')
        c.tap.check('both end in order', (guest.close(), clinician.close()) == (0, 0))
        return c.finish()


def main(build, other, who):
    return with_guest(build, who) if other == 'guest' else with_page(build, other, who)


if __name__ == '__main__':
    run(main)
