# SPDX-License-Identifier: GPL-3.0-or-later
"""A server that does not keep to its part: it stands before the real one with the same certificate, reads all that
the server reads, and changes what it hands to the two clients."""
import asyncio
import base64
import json
import ssl
import struct
import threading

from .clinic import Clinic, free_port


class EvilClinic(Clinic):
    """`attack (to, data, role's memory)` is asked for each sealed text to "patient" or "clinician"; it returns the texts
    to hand over instead. While `holding` the answers to requests wait. `forge` messages go to a role at once with inject ()."""

    def __init__(self, build, folder, turn=None):
        super().__init__(build, folder, turn)
        self.inner_port = free_port()
        self.config.write_text(self.config.read_text().replace(f'listen=127.0.0.1:{self.port}',
                                                               f'listen=127.0.0.1:{self.inner_port}'))
        self.attack = None
        self.holding = False
        self.sides = {}
        self.loop = asyncio.new_event_loop()
        self.ready = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()
        self.ready.wait(5)

    def _run(self):
        asyncio.set_event_loop(self.loop)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / 'server.pem', self.folder / 'server.key')
        self.inner = ssl.create_default_context(cafile=str(self.folder / 'ca.pem'))
        self.loop.run_until_complete(asyncio.start_server(self._client, '127.0.0.1', self.port, ssl=context))
        self.ready.set()
        self.loop.run_forever()

    async def _client(self, reader, writer):
        try:
            head = await reader.readuntil(b'\r\n\r\n')
            real_reader, real_writer = await asyncio.open_connection('localhost', self.inner_port, ssl=self.inner)
        except (OSError, asyncio.IncompleteReadError):
            writer.close()
            return
        side = None
        if b'upgrade: websocket' in head.lower():
            lines = [line for line in head.split(b'\r\n') if not line.lower().startswith(b'sec-websocket-extensions')]
            head = b'\r\n'.join(lines)
            side = Side(self, writer, real_writer)
        real_writer.write(head)
        try:
            if side is None:
                await asyncio.gather(pipe(reader, real_writer), pipe(real_reader, writer, lambda: self.holding))
            else:
                writer.write(await real_reader.readuntil(b'\r\n\r\n'))
                await asyncio.gather(side.read(reader, side.from_client), side.read(real_reader, side.from_server))
        except (OSError, asyncio.IncompleteReadError, ssl.SSLError):
            pass
        for one in (writer, real_writer):
            one.close()

    def inject(self, role, message):
        """Hands a message of the server's own to a client."""
        self.loop.call_soon_threadsafe(lambda: self.sides[role].to_client(message))

    def cut(self, role):
        """Ends a client's connection; it comes back by itself."""
        self.loop.call_soon_threadsafe(self.sides[role].writer.close)


async def pipe(reader, writer, hold=lambda: False):
    while data := await reader.read(65536):
        while hold():
            await asyncio.sleep(0.05)
        writer.write(data)
        await writer.drain()
    writer.close()


def alter(data):
    """One bit of a sealed box."""
    message = json.loads(data)
    box = bytearray(base64.urlsafe_b64decode(message['box'] + '=' * (-len(message['box']) % 4)))
    box[len(box) // 2] ^= 1
    return json.dumps({**message, 'box': base64.urlsafe_b64encode(box).decode().rstrip('=')})


def frame(payload, opcode=1, masked=False):
    mask = 0x80 if masked else 0
    if len(payload) < 126:
        head = struct.pack('>BB', 0x80 | opcode, mask | len(payload))
    else:
        head = struct.pack('>BBH', 0x80 | opcode, mask | 126, len(payload))
    return head + (b'\0\0\0\0' if masked else b'') + payload


class Side:
    """One client's WebSocket. Relays to it are numbered anew, so that its hop sees no gap whatever is done."""

    def __init__(self, clinic, writer, real_writer):
        self.clinic, self.writer, self.real_writer = clinic, writer, real_writer
        self.role = None
        self.n = 0
        self.real = {}

    async def read(self, reader, take):
        while True:
            first, second = await reader.readexactly(2)
            length = second & 0x7f
            if length == 126:
                length = struct.unpack('>H', await reader.readexactly(2))[0]
            elif length == 127:
                length = struct.unpack('>Q', await reader.readexactly(8))[0]
            mask = await reader.readexactly(4) if second & 0x80 else b'\0\0\0\0'
            payload = bytes(byte ^ mask[i & 3] for i, byte in enumerate(await reader.readexactly(length)))
            opcode = first & 15
            if opcode == 1:
                take(json.loads(payload))
            elif take == self.from_client:
                self.real_writer.write(frame(payload, opcode, True))
            else:
                self.writer.write(frame(payload, opcode))
            if opcode == 8:
                return

    def from_client(self, message):
        if message['type'] in ('attach', 'join'):
            self.role = 'clinician' if message['type'] == 'attach' else 'patient'
            before = self.clinic.sides.get((self.role, message['hop']))
            if before is not None:
                self.n, self.real = before.n, before.real
            self.clinic.sides[self.role] = self.clinic.sides[(self.role, message['hop'])] = self
        if message['type'] == 'ok':
            if message['n'] not in self.real:
                return
            message['n'] = self.real.pop(message['n'])
        self.real_writer.write(frame(json.dumps(message).encode(), masked=True))

    def from_server(self, message):
        if message['type'] != 'relay':
            self.to_client(message)
            return
        attack = self.clinic.attack
        texts = [message['data']] if attack is None else attack(self.role, message['data'])
        if not texts:
            self.real_writer.write(frame(json.dumps({'type': 'ok', 'n': message['n']}).encode(), masked=True))
        for text in texts:
            self.n += 1
            self.real[self.n] = message['n']
            self.to_client({**message, 'n': self.n, 'data': text})

    def to_client(self, message):
        self.writer.write(frame(json.dumps(message).encode()))
