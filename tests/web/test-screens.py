#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every screen of the page at 360 and 1280 px, light and dark, in English, German and right to left, and
with text of twice the size, as pictures and with what can be measured: nothing cut off, every control named and large enough, contrast.

test-screens.py --page DIR --screens DIR
"""
import argparse
import asyncio
import pathlib
import sys
import tempfile
import threading

from browsers import Chromium
from sealed import Invitation
from standin import Clinic, CONSENT, until

HERE = pathlib.Path(__file__).resolve().parent
CARD = {'clinic': 'Northgate Family Practice', 'clinician': 'Dr Amara Okafor', 'time': '2026-03-14T10:30:00Z', 'language': 'en',
        'telephone': '01632 960 100', 'relay_only': False, 'consent': CONSENT}
VIEWS = [(360, 740, 'light'), (360, 740, 'dark'), (1280, 800, 'light'), (1280, 800, 'dark')]
# Colours do not depend on the language, nor does the layout on the colours: English is seen in all, the others in each
# width and in each scheme once.
OTHER_VIEWS = [VIEWS[0], VIEWS[3]]
MEASURE = r'''
const faults = [];
const shown = (e) => { const r = e.getBoundingClientRect(); const s = getComputedStyle(e); return r.width > 1 && r.height > 1 && s.visibility === 'visible' && !e.closest('[hidden],.hidden-text'); };
const name = (e) => e.id ? '#' + e.id : e.tagName.toLowerCase() + '.' + e.className;
const width = document.documentElement.clientWidth;
if (document.documentElement.scrollWidth > width) faults.push('the page is wider than the window: ' + document.documentElement.scrollWidth);
const modal = document.querySelector('dialog[open]');
const inert = (e) => modal && !modal.contains(e);
for (const e of document.querySelectorAll('button, input, select, textarea, summary, a')) {
  if (!shown(e) || inert(e)) continue;
  const r = e.getBoundingClientRect();
  if (r.left < -0.5 || r.right > width + 0.5) faults.push(name(e) + ' is cut off');
  const label = e.getAttribute('aria-label') || e.innerText || [...(e.labels || [])].map((l) => l.innerText).join('');
  if (!label.trim()) faults.push(name(e) + ' has no name');
  const target = e.closest('label') || e;
  if (target.getBoundingClientRect().height < 47.5) faults.push(name(e) + ' is ' + target.getBoundingClientRect().height + ' px high');
  if (e.scrollWidth > e.clientWidth + 1 && e.tagName === 'BUTTON') faults.push(name(e) + ': its text is cut off');
}
const parse = (c) => { const m = c.match(/[\d.]+/g).map(Number); if (c.startsWith('color(')) return [m[0] * 255, m[1] * 255, m[2] * 255, m[3] ?? 1]; return [m[0], m[1], m[2], m[3] ?? 1]; };
const over = (a, b) => [0, 1, 2].map((i) => a[i] * a[3] + b[i] * (1 - a[3])).concat(1);
const lum = (c) => { const f = c.slice(0, 3).map((v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * f[0] + 0.7152 * f[1] + 0.0722 * f[2]; };
const overVideo = (e) => e.closest('.bar, .controls, .no-picture') && !e.closest('.glass');
for (const e of document.querySelectorAll('#main *, .top *, dialog *')) {
  const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  if (!own || !shown(e) || inert(e) || overVideo(e) || e.tagName === 'OPTION') continue;
  let back = [0, 0, 0, 0];
  for (let p = e; p; p = p.parentElement) { const c = parse(getComputedStyle(p).backgroundColor); back = back[3] === 0 ? c : back[3] < 1 ? over(back, c) : back; if (back[3] === 1) break; }
  const text = over(parse(getComputedStyle(e).color), back);
  const [a, b] = [lum(text), lum(back)].sort((x, y) => y - x);
  const ratio = (a + 0.05) / (b + 0.05);
  if (ratio < 4.5) faults.push(name(e) + ' has contrast ' + ratio.toFixed(2) + ': ' + e.textContent.trim().slice(0, 30));
}
return faults;
'''
DENY = "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));"

LINES = threading.Lock()  # two browsers are looked at in threads of their own


class Screens:
    def __init__(self, browser, directory, seen):
        self.browser, self.directory, self.seen = browser, directory, seen
        self.prefix = ''

    async def take(self, name, views=VIEWS):
        for width, height, scheme in OTHER_VIEWS if views is VIEWS and self.prefix != 'en' else views:
            await asyncio.to_thread(self._take, name, width, height, scheme)
        if self.prefix != 'rtl':
            await self.do('script', 'document.documentElement.style.fontSize = "212.5%"')
            await asyncio.to_thread(self._take, f'{name}-large', 360, 740, 'light')
            await self.do('script', 'document.documentElement.style.fontSize = ""')
        await asyncio.to_thread(self.browser.view, 360, 740, 'light')

    def _take(self, name, width, height, scheme):
        self.browser.view(width, height, scheme)
        if self.prefix == 'rtl':
            self.browser.script('document.documentElement.dir = "rtl"')
        self.browser.script('return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
        title = f'web-{name}-{self.prefix}-{width}-{scheme}'
        faults = self.browser.script(MEASURE)
        full = self.browser.script('return document.documentElement.scrollHeight')
        if full > height:
            self.browser.view(width, full, scheme)
        (self.directory / f'{title}.png').write_bytes(self.browser.screenshot())
        with LINES:
            self.seen.append((title, faults))
            print(f'{"not ok" if faults else "ok"} {len(self.seen)} - {title}{"".join(chr(10) + "# " + fault for fault in faults)}', flush=True)

    async def do(self, name, *arguments):
        return await asyncio.to_thread(getattr(self.browser, name), *arguments)


async def problems(s, clinic, url):
    for state in ('used', 'expired', 'revoked'):
        await s.do('go', url + clinic.add(Invitation(**{**CARD, 'language': s.language}), state).invitation.link)
        await s.do('find', '#problem-title')
        await choose(s)
        await s.take(state, VIEWS[:2] if state != 'used' else VIEWS)


async def choose(s):
    await s.do('script', 'const l = document.querySelector("#language"); l.value = arguments[0]; l.dispatchEvent(new Event("change"))', s.language)
    await until(lambda: s.do('script', 'return document.documentElement.lang === arguments[0]', s.language), 5, 'the language')


async def walk(s, clinic, url, language, prefix):
    s.language, s.prefix = language, prefix
    await s.do('view', 360, 740, 'light')
    await problems(s, clinic, url)
    guarded = prefix != 'rtl'  # with a passcode, told by telephone
    room = clinic.add(Invitation(**{**CARD, 'language': language, 'passcode': guarded}))
    await s.do('go', url + room.invitation.link)
    await s.do('find', '#continue')
    await s.take('landing')
    await s.do('click', '#continue')
    await s.take('details-empty')
    for selector, text in (('#name', 'Ruth Ellison'), ('#callback', '01632 960 200'), ('#location', '12 Mill Lane, Northgate')):
        await s.do('type', selector, text)
    if guarded:
        await s.do('type', '#passcode', '123 456')
    await s.do('click', 'summary')
    await s.do('click', '#agree')
    await s.take('details')
    await s.do('click', '#join')
    await s.do('find', '#ready')
    await s.take('check-off')
    await s.do('script', 'window.askDevices = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);' + DENY)
    await s.do('click', '#check-camera')
    await s.do('find', '#permission-help')
    await s.take('check-denied')
    await s.do('script', 'navigator.mediaDevices.getUserMedia = window.askDevices')
    for name in ('camera', 'microphone'):
        await s.do('click', f'#check-{name}')
        await until(lambda: s.do('script', f'return document.querySelector("#check-{name}").getAttribute("aria-checked") === "true"'), 20, name)
    await s.do('click', '#check-sound')
    await asyncio.sleep(1)
    await s.take('check-on')
    await s.do('click', '#ready')
    await until(lambda: room.bodies('join'), 15, 'the join')
    await s.take('waiting')
    if guarded:
        await passcode(s, room)
    await room.seal('message', {'text': 'The doctor is a few minutes late. Thank you for waiting.'})
    await s.do('find', '#clinic-messages p')
    await s.take('waiting-message')
    await in_call(s, clinic, room)


async def passcode(s, room):
    """What the clinic says to the one that was typed."""
    await until(lambda: room.bodies('passcode'), 10, 'the passcode')
    await room.seal('passcode-result', {'right': False, 'left': 4})
    await s.do('find', '#passcode-again')
    await s.take('waiting-passcode', VIEWS[::3])
    await room.seal('passcode-result', {'right': False, 'left': 0})
    await until(lambda: s.do('script', 'return !document.querySelector("#passcode-again")'), 10, 'the last word')
    await s.take('waiting-passcode-spent', VIEWS[:1])
    await room.seal('passcode-result', {'right': True, 'left': 0})


# As a person chooses it; the other side here knows no files and does not answer.
FILE = """const list = new DataTransfer();
list.items.add(new File([new Uint8Array([0x25, 0x50, 0x44, 0x46, 0x2d, 49])], 'letter-of-the-hospital.pdf'));
const picker = document.querySelector('#chat-picker');
picker.files = list.files;
picker.dispatchEvent(new Event('change'));"""


async def in_call(s, clinic, room):
    clinic.tab_events.clear()
    await clinic.admit(room)
    await until(lambda: ('state', {'value': 'connected'}) in clinic.tab_events and room.words, 40, 'a connection')
    await until(lambda: s.do('script', 'return document.querySelector("#remote-video").videoWidth > 600'), 30, 'the picture')
    await asyncio.sleep(1)
    await s.take('call', [(360, 740, 'dark'), (1280, 800, 'dark'), (740, 360, 'dark'), (820, 1180, 'dark')])
    await s.do('click', '#lock')
    await s.do('find', '#words li')
    await s.take('words')
    await s.do('click', '#words-match')
    await s.do('click', '#chat-open')
    await s.do('type', '#chat-text', 'Can you hear me well?')
    await s.do('click', '#chat-send')
    await s.do('find', '#chat-log .theirs')
    await s.take('chat')
    await s.do('script', FILE)
    await s.do('find', '#chat-log .mine .chat-file')
    await s.take('chat-file')
    await s.do('click', '#chat-close')
    await clinic.tab.send_json({'type': 'chat', 'text': 'Please take your time.'})
    await s.do('click', '#microphone')
    await s.do('click', '#camera')
    await room.seal('media', {'camera': False, 'microphone': False})
    await s.do('find', '#banner')
    await s.take('call-off', VIEWS[::2])
    await room.to_patient({'t': 'lost'})
    await until(lambda: room.hellos == 2, 10, 'a new hello')
    await s.take('reconnecting', VIEWS[::2])
    await s.do('click', '#leave')
    await s.do('find', '#kept')
    await s.take('end')


async def too_old(s, url):
    s.prefix = 'en'
    await s.do('cdp', 'Page.enable')
    script = s.browser.cdp('Page.addScriptToEvaluateOnNewDocument', source='delete window.RTCPeerConnection')
    await s.do('go', f'{url}/j/{"A" * 22}')
    await s.do('find', '#problem-title')
    await until(lambda: s.do('script', 'return document.body.innerText.includes("960 100")'), 5, 'the telephone')
    await s.take('too-old')
    s.browser.cdp('Page.removeScriptToEvaluateOnNewDocument', identifier=script['identifier'])


async def world(options, seen, walks, with_old):
    """A browser with a clinic of its own, that goes through `walks`."""
    clinic = Clinic(options.page, HERE)
    with tempfile.TemporaryDirectory() as directory:
        url = await clinic.start(pathlib.Path(directory))
        browser = await asyncio.to_thread(Chromium, '--use-fake-ui-for-media-stream')
        s = Screens(browser, options.screens, seen)
        try:
            patient = await s.do('window')
            await s.do('switch', await s.do('new_window'))
            await s.do('go', f'{url}/clinician.html')
            await until(lambda: clinic.tab is not None, 15, "the clinician's tab")
            await s.do('switch', patient)
            if with_old:
                await too_old(s, url)
            for language, prefix in walks:
                await walk(s, clinic, url, language, prefix)
        except AssertionError:
            (options.screens / f'web-failed-screens-{walks[0][1]}.png').write_bytes(browser.screenshot())
            raise
        finally:
            await asyncio.to_thread(browser.close)
            await clinic.stop()


async def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--page', type=pathlib.Path, required=True)
    parser.add_argument('--screens', type=pathlib.Path, required=True)
    options = parser.parse_args()
    options.screens.mkdir(parents=True, exist_ok=True)
    seen = []
    async with asyncio.TaskGroup() as group:
        group.create_task(world(options, seen, [('en', 'en')], True))
        group.create_task(world(options, seen, [('de', 'de'), ('en', 'rtl')], False))
    print(f'1..{len(seen)}')
    return 1 if any(faults for _, faults in seen) else 0


if __name__ == '__main__':
    try:
        sys.exit(asyncio.run(asyncio.wait_for(main(), 860)))
    except ExceptionGroup as group:
        print(f'Bail out! {group.exceptions[0]}')
        sys.exit(1)
