# SPDX-License-Identifier: GPL-3.0-or-later
"""A client of our own that has a link and no manners: raw messages to the clinic's server."""
import base64
import json
import os
import socket
import ssl
import struct
import time

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b'=').decode()


class Stranger:
    def __init__(self, clinic, link):
        self.room = link.split('/j/')[1].split('#')[0]
        secret = base64.urlsafe_b64decode(link.split('#')[1] + '=')
        token = HKDF(hashes.SHA256(), 32, None, b'bedside admission v1').derive(secret)
        self.hop = b64(os.urandom(16))
        self.n = 0
        self.buffer = b''
        context = ssl.create_default_context(cafile=str(clinic.folder / 'ca.pem'))
        plain = socket.create_connection(('127.0.0.1', clinic.port), 10)
        self.socket = context.wrap_socket(plain, server_hostname='localhost')
        self.socket.sendall((f'GET /ws HTTP/1.1\r\nHost: {clinic.authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
                             f'Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\nSec-WebSocket-Version: 13\r\n'
                             'Sec-WebSocket-Protocol: bedside.v1\r\n\r\n').encode())
        head = b''
        while b'\r\n\r\n' not in head:
            head += self.socket.recv(1)
        if b' 101 ' not in head.split(b'\r\n')[0]:
            raise AssertionError(head)
        self.send({'type': 'join', 'room': self.room, 'token': b64(token), 'seat': b64(os.urandom(16)), 'hop': self.hop})

    @staticmethod
    def key():
        key = ec.generate_private_key(ec.SECP256R1()).public_key()
        return b64(key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    @staticmethod
    def peer(answers):
        return next(m['peer'] for m in answers if m['type'] == 'welcome')

    def send(self, message):
        payload = json.dumps(message).encode()
        head = struct.pack('>BB', 0x81, 0x80 | len(payload)) if len(payload) < 126 else \
            struct.pack('>BBH', 0x81, 0x80 | 126, len(payload))
        self.socket.sendall(head + b'\0\0\0\0' + payload)

    def relay(self, data):
        self.n += 1
        self.send({'type': 'relay', 'n': self.n, 'data': json.dumps(data)})

    def read(self, seconds):
        """What comes within that time."""
        messages = []
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            self.socket.settimeout(left)
            try:
                data = self.socket.recv(65536)
            except (TimeoutError, ssl.SSLError):
                break
            if not data:
                break
            self.buffer += data
            while (message := self._take()) is not None:
                messages.append(message)
        return messages

    def _take(self):
        if len(self.buffer) < 2:
            return None
        length, start = self.buffer[1] & 0x7f, 2
        if length == 126:
            if len(self.buffer) < 4:
                return None
            length, start = struct.unpack('>H', self.buffer[2:4])[0], 4
        if len(self.buffer) < start + length:
            return None
        opcode, payload = self.buffer[0] & 15, self.buffer[start:start + length]
        self.buffer = self.buffer[start + length:]
        return json.loads(payload) if opcode == 1 else {'type': f'frame {opcode}'}

    def close(self):
        self.socket.close()
