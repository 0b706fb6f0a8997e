# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls between bed-peer and Chromium through one relay, the same for every pair. Each side's clock begins with its
description; the relay puts all of them on its own clock: start of a side = the least of (line's arrival - its ms)."""
import asyncio
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import time

from aiohttp import WSMsgType, web

from benchlib import BenchError, HERE
from bedtest.clinic import free_port
from bedtest.webdriver import Chromium

TIMEOUT = 20
DESCRIBING = ('offer', 'answer', 'candidate', 'end-of-candidates')


class Side:
    """One end: what it said, and when each of its events was on the relay's clock."""

    def __init__(self, role):
        self.role = role
        self.start = None
        self.events = {}
        self.stats = None
        self.changed = asyncio.Event()
        self.to_other = None

    def take(self, line):
        now = time.monotonic() * 1000
        kind = line['type']
        if kind in DESCRIBING:
            if self.to_other is not None:
                self.to_other(line)
            return
        if kind == 'state':
            kind, line = 'event', {'event': line['value'], 'ms': line['ms']}
        elif kind == 'first-frame':
            kind, line = 'event', {'event': 'decoded', 'ms': line['ms']}
        if kind == 'event':
            self.events.setdefault(line['event'], line['ms'])
            start = now - line['ms']
            self.start = start if self.start is None else min(self.start, start)
        elif kind == 'stats':
            self.stats = line
        self.changed.set()

    def at(self, event):
        return self.start + self.events[event]

    async def wait(self, what, seconds=TIMEOUT):
        deadline = time.monotonic() + seconds
        while not what():
            self.changed.clear()
            try:
                await asyncio.wait_for(self.changed.wait(), max(deadline - time.monotonic(), 0.01))
            except asyncio.TimeoutError:
                raise BenchError(f'{type(self).__name__} as {self.role}: only {sorted(self.events)} came') from None
            if 'failed' in self.events:
                raise BenchError(f'{type(self).__name__} as {self.role}: the connection failed')


class PeerSide(Side):
    """A bed-peer process of its own for each call."""

    def __init__(self, role, program, bind=None):
        super().__init__(role)
        self.bind = ['--bind', bind] if bind else []
        self.program, self.process, self.reader = program, None, None
        self.folder = tempfile.mkdtemp(prefix='bed-bench-')

    async def prepare(self):
        if self.role == 'answer':
            await self._spawn()
            await asyncio.sleep(0.3)

    async def _spawn(self):
        self.process = await asyncio.create_subprocess_exec(
            self.program, '--role', self.role, '--seconds', '120', '--stats', f'{self.folder}/stats.json', *self.bind,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, limit=1 << 20)
        self.reader = asyncio.create_task(self._read())

    async def _read(self):
        async for text in self.process.stdout:
            self.take(json.loads(text))

    async def begin(self):
        await self._spawn()

    def give(self, line):
        self.process.stdin.write(json.dumps(line).encode() + b'\n')

    async def end(self):
        self.process.terminate()
        try:
            code = await asyncio.wait_for(self.process.wait(), 10)
            await asyncio.wait_for(self.reader, 5)
        except asyncio.TimeoutError:
            self.process.kill()
            raise BenchError('bed-peer did not end') from None
        self.report = json.loads(pathlib.Path(self.folder, 'stats.json').read_text()) if code == 0 else None
        shutil.rmtree(self.folder)
        if code != 0:
            raise BenchError(f'bed-peer ended with {code}')

    def find(self, kind, **members):
        return next(e for e in self.report if e['type'] == kind and all(e.get(k) == v for k, v in members.items()))


class ChromiumSide(Side):
    """One RTCPeerConnection in the page."""

    def __init__(self, role, relay, keep_size=False):
        super().__init__(role)
        self.relay, self.keep_size = relay, keep_size
        self.name = relay.add(self)

    async def prepare(self):
        await self.relay.order(side=self.name, type='prepare', keepSize=self.keep_size)

    async def begin(self):
        await self.relay.order(side=self.name, type='start')

    def give(self, line):
        self.relay.order_soon({**line, 'side': self.name})

    async def get_stats(self):
        self.stats = None
        await self.relay.order(side=self.name, type='get-stats')
        await self.wait(lambda: self.stats is not None)
        return self.stats

    async def end(self):
        await self.relay.order(side=self.name, type='close')


class Relay:
    """Serves the page, and carries lines between its sides and the relay's own."""

    def __init__(self, rewrite=None):
        self.rewrite = rewrite
        self.sides, self.count = {}, 0
        self.ready = asyncio.Event()
        self.socket = self.browser = self.error = None

    async def start(self, width=1280, height=800):
        app = web.Application()
        app.add_routes([web.get('/signal', self._signal), web.get('/{name}', self._file)])
        self.runner = web.AppRunner(app)
        await self.runner.setup()
        port = free_port()
        await web.TCPSite(self.runner, '127.0.0.1', port).start()
        loop = asyncio.get_running_loop()
        self.browser = await loop.run_in_executor(None, lambda: Chromium(
            width, height, arguments=['--disable-features=WebRtcHideLocalIpsWithMdns'], loopback=False))
        await loop.run_in_executor(None, self.browser.open, f'http://localhost:{port}/page.html')
        try:
            await asyncio.wait_for(self.ready.wait(), 30)
        except asyncio.TimeoutError:
            raise BenchError('the page did not start') from None
        return self

    async def stop(self):
        if self.browser is not None:
            await asyncio.get_running_loop().run_in_executor(None, self.browser.close)
        await self.runner.cleanup()

    async def _file(self, request):
        name = request.match_info['name']
        if name not in ('page.html', 'page.js'):
            raise web.HTTPNotFound()
        return web.FileResponse(HERE / name)

    async def _signal(self, request):
        self.socket = web.WebSocketResponse(max_msg_size=1 << 20)
        await self.socket.prepare(request)
        async for message in self.socket:
            if message.type != WSMsgType.TEXT:
                break
            line = json.loads(message.data)
            if line['type'] == 'page-ready':
                self.ready.set()
            elif line['type'] == 'page-error':
                self.error = line['message']
            elif line.get('side') in self.sides:
                self.sides[line['side']].take(line)
        return self.socket

    def add(self, side):
        self.count += 1
        self.sides[str(self.count)] = side
        return str(self.count)

    async def order(self, **line):
        await self.socket.send_json(line)

    def order_soon(self, line):
        asyncio.ensure_future(self.socket.send_json(line))

    def carry(self, line):
        """As it goes to the other side: with the mirror, candidates only trickle, and only those of the mirror."""
        if self.rewrite is None:
            return line
        if 'sdp' in line:
            return {**line, 'sdp': re.sub(r'a=candidate.*\r\n', '', line['sdp'])}
        if line['type'] == 'candidate':
            here, there = self.rewrite
            if f' {here} ' not in line['candidate'] or ' udp ' not in line['candidate'].lower():
                return None
            return {**line, 'candidate': line['candidate'].replace(f' {here} ', f' {there} ')}
        return line

    def join(self, a, b):
        def way(to):
            def carry(line):
                line = self.carry(line)
                if line is not None:
                    to.give(line)
            return carry
        a.to_other, b.to_other = way(b), way(a)

    async def call(self, offerer, answerer, needed=('connected', 'decoded')):
        """Until both sides have all that is needed; the caller ends them."""
        self.join(offerer, answerer)
        await answerer.prepare()
        await offerer.prepare()
        await offerer.begin()
        for side in (offerer, answerer):
            await side.wait(lambda: all(event in side.events for event in needed))
        if self.error:
            raise BenchError(f'the page: {self.error}')


def later(offerer, answerer, event):
    """From the making of the offer until both sides had the event."""
    return max(offerer.at(event), answerer.at(event)) - offerer.start


async def end_call(*sides):
    for side in sides:
        await side.end()
