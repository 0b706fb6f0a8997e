#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A clinic's server that means ill: hostile_server.py <certificate> <key>

Listens on one port of loopback for each way to misbehave and prints {"way": port, ...}. On its input it takes
one word at a time: "seen <way>" answers with the number of requests that came in on that port."""
import base64
import gzip
import hashlib
import itertools
import json
import signal
import socket
import ssl
import struct
import sys
import threading
import time

signal.signal(signal.SIGPIPE, signal.SIG_IGN)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])
seen = {}
ROOM = base64.urlsafe_b64encode(bytes(16)).decode().rstrip('=')
PEER = base64.urlsafe_b64encode(bytes(12)).decode().rstrip('=')
CLINIC = json.dumps({'protocol': 1, 'server_time': 1, 'name': 'n', 'telephone': 't', 'privacy_notice': '', 'consent': []}).encode()
WELCOME = json.dumps({'type': 'welcome', 'server_time': 1, 'ice_servers': [], 'ttl': 60, 'position': 1, 'peer': PEER,
                      'state': 'waiting', 'host_online': True}).encode()


def read_head(sock):
    head = b''
    while not head.endswith(b'\r\n\r\n') and len(head) < 16384:
        piece = sock.recv(1)
        if not piece:
            raise ConnectionError
        head += piece
    return head


def answer(sock, body, status='200 OK', version='HTTP/1.1', headers=''):
    sock.sendall(f'{version} {status}\r\nContent-Type: application/json\r\n{headers}Content-Length: {len(body)}\r\n\r\n'.encode() + body)


def drip(sock, text=b'x', pause=0.05):
    while True:
        sock.sendall(text)
        time.sleep(pause)


def flood(sock, make):
    for i in itertools.count(1):
        sock.sendall(make(i))


def gone(sock):
    """Waits until the client closes, as one that does no harm."""
    while sock.recv(4096):
        pass


# --- Requests ---

def head_then(head, piece):
    def way(sock, request):
        sock.sendall(head)
        flood(sock, lambda i: piece)
    return way


def plain(body, **how):
    return lambda sock, request: (answer(sock, body, **how), gone(sock))


REST = {
    'rest-well': plain(CLINIC),
    'rest-http10': plain(CLINIC, version='HTTP/1.0'),
    'rest-endless-body': head_then(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n', b'{"a":"' + b'x' * 65536),
    'rest-endless-chunks': head_then(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', b'8000\r\n' + b' ' * 32768 + b'\r\n'),
    'rest-long-length': head_then(b'HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n', b' ' * 65536),
    'rest-endless-error': head_then(b'HTTP/1.1 500 No\r\n\r\n', b' ' * 65536),
    'rest-endless-head': head_then(b'HTTP/1.1 200 OK\r\n', b'X-A: ' + b'b' * 4096 + b'\r\n'),
    'rest-endless-line': head_then(b'HTTP/1.1 200 ', b'b' * 65536),
    'rest-endless-interim': head_then(b'', b'HTTP/1.1 100 Continue\r\n\r\n'),
    'rest-large': plain(b'{"protocol":1,"x":"' + b'x' * 65536 + b'"}'),
    'rest-deep': plain(b'{"a":' + b'[' * 30000 + b']' * 30000 + b'}'),
    'rest-array': plain(b'[]'),
    'rest-empty': plain(b''),
    'rest-mistyped': plain(CLINIC.replace(b'"protocol": 1', b'"protocol": "1"')),
    'rest-not-utf8': plain(b'{"name":"\xff"}'),
    'rest-redirect': lambda sock, request: (answer(sock, b'', '302 Found', headers=f'Location: https://127.0.0.1:{ports["rest-well"]}/\r\n'), gone(sock)),
    'rest-html-error': plain(b'<html>oh</html>', status='500 Internal Server Error'),
    'rest-bomb': plain(gzip.compress(b' ' * 50_000_000), headers='Content-Encoding: gzip\r\n'),
    'rest-garbage': lambda sock, request: (sock.sendall(b'\0\1\2 no http \r\n\r\n'), gone(sock)),
    'rest-closes': lambda sock, request: None,
    'rest-slow-head': lambda sock, request: drip(sock),
    'rest-slow-body': lambda sock, request: (sock.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n'), drip(sock)),
    'rest-silent': lambda sock, request: gone(sock),
}


# --- The WebSocket ---

def upgrade(sock, request, change=lambda text: text):
    key = next(line.split(': ', 1)[1] for line in request.decode().split('\r\n') if line.lower().startswith('sec-websocket-key:'))
    accept = base64.b64encode(hashlib.sha1((key + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').encode()).digest()).decode()
    sock.sendall(change('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
                        f'Sec-WebSocket-Accept: {accept}\r\nSec-WebSocket-Protocol: bedside.v1\r\n\r\n').encode())


def frame(payload, first=0x81, mask=0):
    size = struct.pack('!BB', first, len(payload) | mask) if len(payload) < 126 else struct.pack('!BBH', first, 126 | mask, len(payload)) \
        if len(payload) < 65536 else struct.pack('!BBQ', first, 127 | mask, len(payload))
    return size + payload


def changed(old, new):
    return lambda sock, request: (upgrade(sock, request, lambda text: text.replace(old, new)), sock.sendall(frame(WELCOME)), gone(sock))


def framed(*frames, welcome=False):
    def way(sock, request):
        upgrade(sock, request)
        if welcome:
            sock.sendall(frame(WELCOME))
        for piece in frames:
            sock.sendall(piece)
        gone(sock)
    return way


def flooded(make, welcome=False):
    def way(sock, request):
        upgrade(sock, request)
        if welcome:
            sock.sendall(frame(WELCOME))
        flood(sock, make)
    return way


def relay(n):
    return frame(json.dumps({'type': 'relay', 'room': ROOM, 'peer': PEER, 'n': n, 'data': 'x' * 100}).encode())


def renews(sock, request):
    """Credentials that run out while the connection stands; each time that is asked there are others."""
    if b' /api/v1/ice ' in request:
        asked = seen['ws-renews']
        fresh = {'ice_servers': [{'urls': ['turn:relay.test'], 'username': f'u{asked}', 'credential': 'c'}], 'ttl': 2}
        answer(sock, json.dumps(fresh).encode(), headers='Connection: close\r\n')
        return
    upgrade(sock, request)
    first = json.loads(WELCOME)
    first.update(ttl=2, ice_servers=[{'urls': ['turn:relay.test'], 'username': 'first', 'credential': 'c'}])
    sock.sendall(frame(json.dumps(first).encode()))
    gone(sock)


SOCKET = {
    'ws-renews': renews,
    'ws-well': framed(welcome=True),
    'ws-wrong-accept': changed('Accept: ', 'Accept: A'),
    'ws-no-subprotocol': changed('Sec-WebSocket-Protocol: bedside.v1\r\n', ''),
    'ws-other-subprotocol': changed('bedside.v1', 'chat'),
    'ws-extension': changed('\r\n\r\n', '\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n'),
    'ws-no-upgrade': changed('Upgrade: websocket\r\n', ''),
    'ws-http10-200': lambda sock, request: (answer(sock, b'hello', version='HTTP/1.0'), gone(sock)),
    'ws-200': lambda sock, request: (answer(sock, b'hello'), gone(sock)),
    'ws-redirect': lambda sock, request: (answer(sock, b'', '302 Found', headers=f'Location: https://127.0.0.1:{ports["rest-well"]}/\r\n'), gone(sock)),
    'ws-garbage': lambda sock, request: (sock.sendall(b'\0\1\2\r\n\r\n'), gone(sock)),
    'ws-closes': lambda sock, request: None,
    'ws-slow-head': lambda sock, request: drip(sock),
    'ws-silent': lambda sock, request: gone(sock),
    'ws-endless-head': lambda sock, request: flood(sock, lambda i: b'HTTP/1.1 101 Switching Protocols\r\nX-A: b\r\n'),
    'ws-no-welcome': framed(),
    'ws-slow-welcome': lambda sock, request: (upgrade(sock, request), drip(sock, frame(b'', 0x89))),
    'ws-fragments': flooded(lambda i: frame(b'x' * 1000, 0x01 if i == 1 else 0x00)),
    'ws-empty-fragments': flooded(lambda i: frame(b'', 0x01 if i == 1 else 0x00)),
    'ws-declared-huge': flooded(lambda i: struct.pack('!BBQ', 0x81, 127, 1 << 40) if i == 1 else b' ' * 65536),
    'ws-negative-length': framed(struct.pack('!BBQ', 0x81, 127, (1 << 64) - 1)),
    'ws-large': framed(frame(b' ' * 65537)),
    'ws-deep': framed(frame(b'{"type":' + b'[' * 30000)),
    'ws-binary': framed(frame(WELCOME, 0x82)),
    'ws-masked': framed(frame(WELCOME, mask=0x80)),
    'ws-not-utf8': framed(frame(b'{"type":"\xff"}')),
    'ws-reserved-bits': framed(frame(WELCOME, 0xC1)),
    'ws-reserved-opcode': framed(frame(WELCOME, 0x83)),
    'ws-large-ping': framed(frame(b'x' * 126, 0x89)),
    'ws-wrong-first': framed(frame(b'{"type":"left","room":"%s","peer":"%s"}' % (ROOM.encode(), PEER.encode()))),
    'ws-unknown-later': framed(frame(b'{"type":"dance"}'), welcome=True),
    'ws-ping-flood': flooded(lambda i: frame(b'x' * 125, 0x89), welcome=True),
    'ws-relay-flood': flooded(relay, welcome=True),
}
WAYS = {**REST, **SOCKET}


def serve_one(way, raw):
    try:
        raw.settimeout(30)
        with context.wrap_socket(raw, server_side=True) as sock:
            request = read_head(sock)
            seen[way] = seen.get(way, 0) + 1
            WAYS[way](sock, request)
    except (OSError, ConnectionError):
        pass  # The client closed, as it should.


def serve(way, listener):
    while True:
        raw, _ = listener.accept()
        threading.Thread(target=serve_one, args=(way, raw), daemon=True).start()


listeners = {way: socket.create_server(('127.0.0.1', 0)) for way in WAYS}
ports = {way: listener.getsockname()[1] for way, listener in listeners.items()}
for name, listening in listeners.items():
    threading.Thread(target=serve, args=(name, listening), daemon=True).start()
print(json.dumps(ports), flush=True)
for line in sys.stdin:
    print(seen.get(line.split()[1], 0), flush=True)
