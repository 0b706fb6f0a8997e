#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole way through the page in a real browser: test-page.py --browser chromium|firefox|webkit --page DIR [--screens DIR]"""
import argparse
import asyncio
import concurrent.futures
import functools
import inspect
import pathlib
import sys
import tempfile

from browsers import Chromium, Firefox, WebKit
from sealed import b64, Invitation
from standin import Clinic, CONSENT, until

HERE = pathlib.Path(__file__).resolve().parent
CARD = {'clinic': 'Northgate Family Practice', 'clinician': 'Dr Amara Okafor', 'time': None, 'language': 'en',
        'telephone': '01632 960 100', 'relay_only': False, 'consent': CONSENT}
HOSTILE = '<img src=x onerror="document.title=1">\u202e'
TAB, ENTER = '\ue004', '\ue007'  # W3C WebDriver, 17.4.2
passed = 0


def check(name, condition, detail=''):
    global passed
    assert not inspect.isawaitable(condition) and not callable(condition), f'{name}: no answer, but {condition!r}'
    passed += 1
    print(f'{"ok" if condition else "not ok"} {passed} - {name}{"" if condition else f": {detail}"}', flush=True)
    if not condition:
        raise AssertionError(name)


class Driver:
    """Runs the browser's blocking calls beside the stand-in, in one thread of their own."""

    def __init__(self, make):
        self.pool = concurrent.futures.ThreadPoolExecutor(1)
        self.make = make
        self.browser = None

    async def start(self): self.browser = await self.run(self.make)

    def run(self, function, *arguments):
        return asyncio.get_running_loop().run_in_executor(self.pool, functools.partial(function, *arguments))

    def __getattr__(self, name): return lambda *arguments: self.run(getattr(self.browser, name), *arguments)


async def fill_details(d, name=HOSTILE):
    await d.click('#continue')
    reason = await d.text('#join-reason')
    check('Join says what is missing', 'name' in reason, reason)
    await d.click('#join')
    check('Join without a name goes nowhere', await d.script('return document.activeElement.id') == 'name')
    await d.type('#name', name)
    await d.type('#callback', '01632 960 200')
    await d.type('#location', '12 Mill Lane, Northgate')
    await d.click('#privacy-notice summary')
    check("the clinic's privacy notice can be read", 'for ten years' in await d.text('#privacy-notice'))
    check('"I agree" is not ticked', await d.script('return document.querySelector("#agree").checked') is False)
    await d.click('#agree')
    await d.click('#join')
    await d.find('#ready')


async def switched_on(d, name):
    await until(lambda: d.script(f'return document.querySelector("#check-{name}").getAttribute("aria-checked") === "true"'), 20, f'the {name}')


async def check_devices(d):
    check('no device before the act', await d.script('return document.querySelector("#preview").srcObject === null'))
    for name in ('camera', 'microphone'):
        await d.click(f'#check-{name}')
        await switched_on(d, name)
    await d.click('#check-sound')
    await d.click('#sound-yes')


async def call(d, clinic, room, url):
    patient = await d.window()
    other = await d.new_window()
    await d.switch(other)
    await d.go(f'{url}/clinician.html')
    await until(lambda: clinic.tab is not None, 15, "the clinician's tab")
    await d.switch(patient)
    await clinic.admit(room)
    await until(lambda: ('state', {'value': 'connected'}) in clinic.tab_events, 40, 'a connection')
    await until(lambda: d.script('const v = document.querySelector("#remote-video"); return v && v.videoWidth > 0 && v.currentTime > 0.3'), 20, 'the picture')
    check('the clinician is seen', True)

    async def frames():
        await clinic.tab.send_json({'type': 'stats'})
        await asyncio.sleep(0.5)
        stats = [body for kind, body in clinic.tab_events if kind == 'stats']
        return bool(stats) and stats[-1]['frames'] > 5 and stats[-1]['audio'] > 20 and stats[-1]
    seen = await until(frames, 30, 'frames from the patient')
    check(f'the patient is seen and heard ({seen["frames"]} frames, {seen["audio"]} audio packets)', True)
    await until(lambda: room.bodies('media'), 10, 'the media state')
    check('what is sent is said', room.bodies('media')[-1] == {'camera': True, 'microphone': True}, room.bodies('media'))


async def words(d, clinic, room):
    await until(lambda: room.words, 10, 'the words')
    await d.click('#lock')
    listed = await d.find('#words-dialog')
    check('the dialog opens', bool(listed))
    shown = [word.strip() for word in (await d.script('return [...document.querySelectorAll("#words b")].map(e => e.textContent)'))]
    lists = clinic.page / 'sas' / 'en.txt'
    expected = [lists.read_text().splitlines()[byte] for byte in room.words]
    check('the same four words on both sides', shown == expected, (shown, expected))
    await d.click('#words-match')
    await until(lambda: room.bodies('sas-result'), 10, 'the result')
    check('the comparison is told', room.bodies('sas-result') == [{'match': True}])


async def chat(d, clinic, room):
    await d.click('#chat-open')
    await d.type('#chat-text', HOSTILE)
    await d.click('#chat-send')
    await until(lambda: ('chat', {'text': HOSTILE}) in clinic.tab_events, 10, 'the message at the other side')
    await until(lambda: d.script('return document.querySelectorAll("#chat-log .theirs").length === 1'), 10, 'the echo')
    check('typed markup stays text', await d.script('return document.querySelectorAll("#chat-log img").length') == 0)
    await d.click('#chat-close')


async def long_chat(d, clinic):
    """Of very many messages the oldest go, and a line says so."""
    async def shown():
        return await d.script('return [document.querySelectorAll("#chat-log .bubble").length, '
                              'document.querySelector("#chat-log").firstElementChild.innerText, '
                              'document.querySelector("#chat-log").lastElementChild.innerText]')

    async def send(texts):
        for text in texts:
            await clinic.tab.send_json({'type': 'chat', 'text': text})
        await until(lambda: d.script('return document.querySelector("#chat-log").innerText.includes(arguments[0])', texts[-1]),
                    30, 'the last of the messages')
        return await shown()
    await d.click('#chat-open')
    number, first, _ = await send([f'Message {n}.' for n in range(3, 501)])  # two are there
    check('500 messages are shown', number == 500 and HOSTILE.rstrip('\u202e') in first, (number, first))
    number, first, last = await send(['One more.'])
    check('of more the oldest go, and it says so', number == 500 and 'no longer shown' in first and 'One more.' in last,
          (number, first, last))
    await d.script('document.querySelector("#chat-log").scrollTop = 0')
    await d.click('#chat-close')


async def controls(d, room):
    await d.click('#camera')
    await until(lambda: room.bodies('media')[-1] == {'camera': False, 'microphone': True}, 10, 'camera off')
    check('camera off lets the device go', await d.script('return document.querySelector("#self-video").srcObject === null'))
    await d.click('#camera')
    await until(lambda: room.bodies('media')[-1] == {'camera': True, 'microphone': True}, 10, 'camera on')


async def lose_network(d, room):
    joins = len(room.joins)
    await room.socket.close()
    await until(lambda: len(room.joins) > joins, 15, 'a new attach')
    check('the page comes back with the same seat and hop',
          all(room.joins[-1][name] == room.joins[0][name] for name in ('seat', 'hop')))
    check('a lost signalling connection leaves the call alone', await d.script('return document.querySelector("#remote-video").srcObject !== null'))
    await room.seal('media', {'camera': False, 'microphone': True})
    await until(lambda: d.script('return document.querySelector("#peer-state").innerText.includes("camera is off")'), 10, 'a message after the loss')
    check('the sealed session goes on after the loss', room.hellos == 1, room.hellos)
    await room.seal('media', {'camera': True, 'microphone': True})


async def lose_session(d, clinic, room):
    """A repeat has no effect; an altered message ends the session, and a new hello, connection and words follow."""
    message = room.session.seal('message', {'text': 'once'})
    await room.to_patient(message)
    await room.to_patient(message)
    await room.seal('media', {'camera': False, 'microphone': True})
    await until(lambda: d.script('return document.querySelector("#peer-state").innerText.includes("camera is off")'), 10, 'a message after the repeat')
    check('a repeated message alarms nobody', room.hellos == 1 and await d.script('return document.querySelector("#banner").hidden'), room.hellos)
    altered = room.session.seal('message', {'text': 'twice'})
    altered['box'] = ('B' if altered['box'][0] == 'A' else 'A') + altered['box'][1:]
    await room.to_patient(altered)
    await until(lambda: room.hellos == 2, 10, 'a new hello')
    check('an altered message ends the session', True)
    check('the person reads that nothing is sent', 'Nothing is being sent' in await d.text('#banner'), await d.text('#banner'))
    await until(lambda: len(room.bodies('join')) == 2, 10, 'the join of the new session')
    clinic.tab_events.clear()
    await clinic.admit(room)
    await until(lambda: ('state', {'value': 'connected'}) in clinic.tab_events, 30, 'the new connection')
    await until(lambda: d.script('return document.querySelector("#banner").innerText.includes("four words again")'), 10, 'the advice to compare')
    await d.click('#lock')
    await d.find('#words-dialog')
    await d.click('#words-match')
    await until(lambda: d.script('return document.querySelector("#banner").hidden'), 10, 'the banner to go')
    await until(lambda: len(room.bodies('sas-result')) == 2, 10, 'the result of the second comparison')
    check('a new session carries a new call, and its words are compared', room.bodies('sas-result')[1] == {'match': True})


async def whole(d, clinic, url):
    room = clinic.add(Invitation(**CARD))
    await d.go(url + room.invitation.link)
    await d.find('#continue')
    check('the secret is gone from the address', await d.script('return location.hash') == '')
    await d.go(url + room.invitation.path)
    await d.find('#continue')
    check('a reload works', True)
    check('nothing was claimed by loading', not room.joins)
    await fill_details(d)
    await check_devices(d)
    await d.click('#ready')
    await until(lambda: room.bodies('join'), 15, 'the sealed join')
    join = room.bodies('join')[0]
    check('the sealed join says who and where', join['name'] == HOSTILE and join['callback'] == '01632 960 200' and
          join['location'] == '12 Mill Lane, Northgate' and join['devices'] == {'camera': True, 'microphone': True, 'speaker': True}, join)
    check('and what was agreed to', join['consent']['agreed'] is True and join['consent']['version'] == '2026-01' and
          isinstance(join['consent']['time'], int), join)
    await room.seal('message', {'text': HOSTILE})
    await until(lambda: d.script('return document.querySelectorAll("#clinic-messages p").length === 1'), 10, 'the message')
    check("a message from the clinic is text",
          await d.script('return document.querySelectorAll("#clinic-messages img").length') == 0)
    await call(d, clinic, room, url)
    await words(d, clinic, room)
    await chat(d, clinic, room)
    await long_chat(d, clinic)
    await controls(d, room)
    await lose_network(d, room)
    await lose_session(d, clinic, room)
    await d.click('#leave')
    await d.find('#kept')
    await until(lambda: ('leave', {}) in room.opened, 10, 'the leave')
    check('leaving is told, sealed and in the clear', room.bodies('hang-up') == [{'reason': 'left'}], room.opened[-3:])
    check('the page says what was kept', 'recorded no sound' in await d.text('#kept'))
    await d.click('#again')
    await d.click('#ready')
    await until(lambda: len(room.bodies('join')) == 3, 15, 'the join after coming back')
    await room.seal('hang-up', {'reason': 'failed'})
    await until(lambda: d.script('return document.querySelector("#end-title")?.innerText === "The connection failed"'), 10, 'the words')
    check('a call that failed is not told as one that is over', await d.script('return !!document.querySelector("#again")'))
    check('no request carried the secret', not any(b64(room.invitation.secret) in path for _, path in clinic.requests))


async def reach(d, name, stops=30):
    """On with Tab, until the focus is there and is seen to be."""
    passed = []
    while (now := await d.script('return document.activeElement.id || document.activeElement.tagName')) != name:
        passed.append(now)
        if len(passed) > stops:
            break
        await d.press(TAB)
    check(f'Tab leads to {name}', now == name, passed)
    seen = await d.script('const s = getComputedStyle(document.activeElement); '
                          'return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2;')
    check('and one sees that it is there', seen)


async def by_keyboard(d, clinic, url):
    """From the link to the waiting room without a pointer."""
    room = clinic.add(Invitation(**CARD))
    await d.go(url + room.invitation.link)
    await d.find('#continue')
    await reach(d, 'continue')
    await d.press(ENTER)
    await d.find('#join')
    for name, text in (('name', 'Elin Marsh'), ('callback', '01632 960 200'), ('location', '12 Mill Lane')):
        await reach(d, name)
        await d.press(*text)
    await reach(d, 'agree')
    await d.press(' ')
    await reach(d, 'join')
    await d.press(ENTER)
    await d.find('#ready')
    for name in ('camera', 'microphone'):
        await reach(d, f'check-{name}')
        await d.press(ENTER)
        await switched_on(d, name)
    await reach(d, 'ready')
    await d.press(ENTER)
    await until(lambda: room.bodies('join'), 15, 'the sealed join')
    await d.find('#position')
    join = room.bodies('join')[0]
    check('by keyboard alone a patient comes to the waiting room', (join['name'], join['callback'], join['location'])
          == ('Elin Marsh', '01632 960 200', '12 Mill Lane') and join['consent']['agreed'] is True
          and join['devices']['camera'] and join['devices']['microphone'], join)


async def bad_links(d, clinic, url):
    for state, words_of in (('used', 'was used'), ('expired', 'has run out'), ('revoked', 'withdrawn')):
        room = clinic.add(Invitation(**CARD), state)
        await d.go(url + room.invitation.link)
        await d.find('#problem-title')
        title = await d.text('#problem-title')
        check(f'{state} is said, with the telephone', words_of in title and '960 100' in await d.text('main'), title)
    await d.go(url + clinic.add(Invitation(**{**CARD, 'consent': []})).invitation.link)
    await d.find('#problem-title')
    check('a clinic without a text to agree to is said', 'not ready' in await d.text('#problem-title'))
    other = clinic.add(Invitation(**CARD)).invitation
    await d.go(f'{url}{other.path}x#short')
    await d.find('#problem-title')
    check('a link that is not whole is said', 'not whole' in await d.text('#problem-title'))
    forged = clinic.add(Invitation(**CARD))
    forged.invitation.card = other.card
    await d.go(url + forged.invitation.link)
    await d.find('#problem-title')
    check('a card of another room is refused', 'cannot be trusted' in await d.text('#problem-title'))


async def webkit(d, clinic, url, screens):
    """Debian's WebKitGTK has no WebRTC: the page must say so; then its modules and its layout are tried all the same."""
    room = clinic.add(Invitation(**CARD))
    await d.go(url + room.invitation.link)
    await d.find('#problem-title')
    check('a browser without WebRTC reads which will do', 'too old' in await d.text('#problem-title'))
    await until(lambda: d.script('return document.body.innerText.includes("960 100")'), 10, 'the telephone')
    check('and how to reach the clinic', True)
    await d.script('import("/web/app.js").then(({ App }) => new App().start())')
    await d.find('#continue')
    await picture(d, screens, 'landing')
    await fill_details(d)
    await picture(d, screens, 'check')
    await d.click('#check-camera')
    await d.find('#device-help')
    check('a camera that does not come is explained', 'join without it' in await d.text('#device-help'), await d.text('#device-help'))
    await d.click('#ready')
    await until(lambda: room.bodies('join'), 15, 'the sealed join')
    check('WebKit seals as the protocol says', room.bodies('join')[0]['name'] == HOSTILE)
    await d.find('#position')
    await picture(d, screens, 'waiting')


async def picture(d, screens, name):
    wide = await d.script('return document.documentElement.scrollWidth - document.documentElement.clientWidth')
    check(f'{name}: nothing is wider than the window', wide <= 0, wide)
    if screens:
        screens.mkdir(parents=True, exist_ok=True)
        (screens / f'web-webkit-{name}.png').write_bytes(await d.screenshot())


async def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--browser', choices=['chromium', 'firefox', 'webkit'], required=True)
    parser.add_argument('--page', type=pathlib.Path, required=True)
    parser.add_argument('--screens', type=pathlib.Path)
    options = parser.parse_args()
    clinic = Clinic(options.page, HERE)
    make = {'chromium': lambda: Chromium('--use-fake-ui-for-media-stream'), 'firefox': Firefox, 'webkit': WebKit}[options.browser]
    d = Driver(make)
    with tempfile.TemporaryDirectory() as directory:
        url = await clinic.start(pathlib.Path(directory))
        await d.start()
        try:
            if options.browser == 'webkit':
                await webkit(d, clinic, url, options.screens)
            else:
                await bad_links(d, clinic, url)
                await by_keyboard(d, clinic, url)
                await whole(d, clinic, url)
                if options.browser == 'chromium':
                    complaints = [line for line in await d.complaints() if '410' not in line and '404' not in line]
                    check('the console is quiet (no CSP violation)', complaints == [], complaints)
        except AssertionError:
            if options.browser == 'chromium':
                print('# console:', await d.complaints(), [[kind for kind, _ in r.opened] for r in clinic.rooms.values() if r.joins])
            if options.screens:
                options.screens.mkdir(parents=True, exist_ok=True)
                (options.screens / f'web-failed-{options.browser}.png').write_bytes(await d.screenshot())
            raise
        finally:
            await d.close()
            await clinic.stop()
    print(f'1..{passed}')


if __name__ == '__main__':
    try:
        asyncio.run(asyncio.wait_for(main(), 560))
    except AssertionError as error:
        print(f'Bail out! {error}')
        sys.exit(1)
