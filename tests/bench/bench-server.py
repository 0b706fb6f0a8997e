#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The signalling server: memory for a connection, CPU for a relayed message, messages in a second, against a bare
relay on python3-websockets. Both with TLS, the same load generator in turns. bench-server.py BUILD [--quick]"""
import asyncio
import functools
import json
import os
import pathlib
import ssl
import subprocess
import sys
import time

from benchlib import BenchError, HERE, main, options, progress, pss_mib, Report, version

PAIRS = 12
BURST = 60  # relays of one connection in a sample; the server allows 300 at once and 30 in a second
CONNECTIONS = 60
DATA = 'x' * 700  # about what a sealed candidate takes
PEER = 'python3-websockets'


def cpu_us(pid):
    """Run time of all threads, finer than the ticks of stat."""
    total = 0
    for path in pathlib.Path(f'/proc/{pid}/task').glob('*/schedstat'):
        total += int(path.read_text().split()[0])
    return total / 1000


class Ours:
    name = 'bedside-server'

    def __init__(self, helpers):
        self.helpers = helpers
        self.clinic = helpers.Clinic().start()
        self.count = 0

    @property
    def pid(self):
        return self.clinic.process.pid

    async def pairs(self, count):
        made = []
        async with self.clinic.session() as http:
            for _ in range(count):
                self.count += 1
                person = await self.helpers.Clinician(self.clinic, http, f'user{self.count}').add().activate()
                host, guest = self.helpers.Socket(self.clinic), self.helpers.Socket(self.clinic)
                await host.attach(person.api.token)
                room, token = await person.invite()
                await guest.join(room, token)
                made.append((guest.ws, host.ws))
        return made

    async def connections(self, count):
        sockets = []
        async with self.clinic.session() as http:
            person = await self.helpers.Clinician(self.clinic, http, 'many').add().activate()
            rooms = [await person.invite() for _ in range(count)]
            first = self.helpers.Socket(self.clinic)
            await first.join(*rooms[0])
            before = pss_mib([self.pid])
            for room, token in rooms[1:]:
                socket = self.helpers.Socket(self.clinic)
                await socket.join(room, token)
                sockets.append(socket.ws)
        sockets.append(first.ws)
        return before, sockets

    def close(self):
        self.clinic.close()


class Theirs:
    name = PEER

    def __init__(self, helpers):
        import websockets
        self.connect, self.folder = websockets.connect, helpers.tempfile.mkdtemp(prefix='bed-bench-')
        self.shutil = helpers.shutil
        certificate, key = helpers.make_certificate(pathlib.Path(self.folder))
        self.port = helpers.free_port()
        self.process = subprocess.Popen([sys.executable, HERE / 'websocket-peer.py', str(self.port), certificate, key])
        self.context = ssl.create_default_context(cafile=str(certificate))
        self.context.check_hostname = False
        for _ in range(100):
            try:
                helpers.socket.create_connection(('127.0.0.1', self.port), 1).close()
                break
            except OSError:
                time.sleep(0.05)

    @property
    def pid(self):
        return self.process.pid

    async def join(self, name):
        socket = await self.connect(f'wss://127.0.0.1:{self.port}/', ssl=self.context, compression=None, max_size=2**20)
        await socket.send(json.dumps({'type': 'join', 'room': name}))
        await socket.recv()
        return socket

    async def pairs(self, count):
        return [(await self.join(str(i)), await self.join(str(i))) for i in range(count)]

    async def connections(self, count):
        first = await self.join('0')
        before = pss_mib([self.pid])
        return before, [await self.join(str(i)) for i in range(1, count)] + [first]

    def close(self):
        self.process.terminate()
        self.process.wait(10)
        self.shutil.rmtree(self.folder)


class Pair:
    """A patient that relays and a clinician that confirms, each waiting for all that is due."""

    def __init__(self, guest, host):
        self.guest, self.host, self.sent = guest, host, 0

    async def run(self):
        await asyncio.gather(self._send(), self._confirm())

    async def _send(self):
        for _ in range(BURST):
            self.sent += 1
            await self.guest.send(json.dumps({'type': 'relay', 'n': self.sent, 'data': DATA}))
            while True:
                answer = json.loads(await self.guest.recv())
                if answer['type'] == 'ok':
                    break
                if answer['type'] == 'error':
                    raise BenchError(f'a relay was refused: {answer["code"]}')

    async def _confirm(self):
        got = 0
        while got < BURST:
            message = json.loads(await self.host.recv())
            if message['type'] == 'error':
                raise BenchError(f'a confirmation was refused: {message["code"]}')
            if message['type'] == 'relay':
                got += 1
                await self.host.send(json.dumps({'type': 'ok', 'n': message['n']}))


async def relays(report, arguments, servers):
    pairs = {server.name: [Pair(*p) for p in await server.pairs(PAIRS)] for server in servers}
    for i in range(arguments.n):
        for server in servers:
            before, cpu = time.monotonic(), cpu_us(server.pid)
            await asyncio.wait_for(asyncio.gather(*(pair.run() for pair in pairs[server.name])), 60)
            seconds, cpu = time.monotonic() - before, cpu_us(server.pid) - cpu
            ratio = server.name != PEER
            report.add(f'{server.name}: CPU for a relay', cpu / (PAIRS * BURST), 'us',
                       f'{PEER}: CPU for a relay' if ratio else None)
            report.add(f'{server.name}: relays in a second', PAIRS * BURST / seconds, '1/s',
                       f'{PEER}: relays in a second' if ratio else None)
        progress(f'relays: round {i + 1} of {arguments.n}')
        await asyncio.sleep(BURST / 30)
    await asyncio.gather(*(socket.close() for all_pairs in pairs.values() for p in all_pairs for socket in (p.guest, p.host)))


async def memory(report, server, count):
    before, sockets = await server.connections(count)
    await asyncio.sleep(0.2)
    after = pss_mib([server.pid])
    report.add(f'{server.name}: memory for a connection', (after - before) * 1024 / (count - 1), 'KiB',
               f'{PEER}: memory for a connection' if server.name != PEER else None)
    report.add(f'{server.name}: memory with {count} connections', after, 'MiB',
               f'{PEER}: memory with {count} connections' if server.name != PEER else None)
    await asyncio.gather(*(socket.close() for socket in sockets))


def run():
    arguments = options()
    os.environ['BEDSIDE_SERVER'] = str(arguments.build / 'src/server/bedside-server')
    sys.path.insert(0, str(HERE.parent / 'server'))
    import clinic as helpers
    # No pings of the library's own: they are no part of the load, and under load they end connections.
    helpers.websockets.connect = functools.partial(helpers.websockets.connect, ping_interval=None)
    report = Report('server', arguments)
    servers = [Ours(helpers), Theirs(helpers)]
    try:
        asyncio.run(relays(report, arguments, servers))
    finally:
        for server in servers:
            server.close()
    for i in range(arguments.n):
        for make in (Ours, Theirs):
            server = make(helpers)  # a new one: what was freed would be used again
            try:
                asyncio.run(memory(report, server, 12 if arguments.quick else CONNECTIONS))
            finally:
                server.close()
        progress(f'memory: round {i + 1} of {arguments.n}')
    report.note(f'a relay: 700 bytes in and out, and an ok each way; {PAIRS} pairs; the load generator shares the machine.')
    report.note('bedside-server checks admission and rates, queues and confirms for reconnects; the peer only carries.')
    report.note(version('dpkg-query', '-W', PEER).replace('\t', ' '))
    report.finish()


main(run)
