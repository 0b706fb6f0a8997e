# SPDX-License-Identifier: GPL-3.0-or-later
"""A small stand-in for a clinic's server and the clinician's app, to run the page against without them.

It seals and opens as docs/protocol.md says; the media of the clinician come from a second tab of the same
browser (clinician.html), which it reaches over a socket of its own at /clinician.
"""
import asyncio
import datetime
import inspect
import json
import ssl
import time

from aiohttp import web, WSMsgType
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sealed import b64, fingerprint, Session, unb64, Verification

CSP = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
       "connect-src 'self' wss://{host}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
CONSENT = [
    {'version': '2026-01', 'language': 'en',
     'summary': 'You agree to talk with us by video. Nothing is recorded. You can stop at any time.',
     'text': 'A video consultation has limits: we cannot examine you by hand.\n\nSound and picture go straight between your device '
             'and ours, encrypted. We keep what you write before joining and the notes that we would also write in our rooms.'},
    {'version': '2026-01', 'language': 'de',
     'summary': 'Sie stimmen zu, per Video mit uns zu sprechen. Nichts wird aufgezeichnet. Sie können jederzeit abbrechen.',
     'text': 'Eine Videosprechstunde hat Grenzen: Wir können Sie nicht körperlich untersuchen.\n\nTon und Bild gehen verschlüsselt '
             'unmittelbar zwischen Ihrem Gerät und unserem. Wir behalten Ihre Angaben und die Notizen, die wir auch in der Praxis schreiben.'}]
CLINIC = {'protocol': 1, 'name': 'Northgate Family Practice', 'telephone': '01632 960 100', 'consent': CONSENT,
          'privacy_notice': 'We keep your record for ten years. Dr Okafor answers questions about it.'}


def make_certificate(directory):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, 'localhost')])
    now = datetime.datetime.utcnow()
    certificate = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
                   .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
                   .not_valid_after(now + datetime.timedelta(days=2))
                   .add_extension(x509.SubjectAlternativeName([x509.DNSName('localhost')]), False).sign(key, hashes.SHA256()))
    (directory / 'key.pem').write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    (directory / 'cert.pem').write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(directory / 'cert.pem', directory / 'key.pem')
    return context


class Room:
    """One invitation: its state, the hop to the patient, the sealed session and what was seen."""

    def __init__(self, clinic, invitation, state='created'):
        self.clinic, self.invitation, self.state = clinic, invitation, state
        self.socket = self.session = self.verification = self.words = None
        self.hop = None
        self.taken = self.numbered = 0
        self.unconfirmed = {}
        self.joins = []
        self.opened = []        # (type, body) of everything the page sealed
        self.hellos = 0
        self.offer = None

    async def to_patient(self, data):
        self.numbered += 1
        self.unconfirmed[self.numbered] = {'type': 'relay', 'room': b64(self.invitation.room), 'peer': 'x', 'n': self.numbered,
                                           'data': json.dumps(data)}
        if self.socket is not None and not self.socket.closed:
            await self.socket.send_json(self.unconfirmed[self.numbered])

    async def seal(self, kind, body):
        await self.to_patient(self.session.seal(kind, body))

    async def attach(self, socket, message):
        assert unb64(message['token']) == self.invitation.admission
        assert len(unb64(message['seat'])) == 16 and len(unb64(message['hop'])) == 16
        self.joins.append(message)
        if message['hop'] != self.hop:
            self.hop, self.taken, self.numbered, self.unconfirmed = message['hop'], 0, 0, {}
        self.socket = socket
        await socket.send_json({'type': 'welcome', 'server_time': int(time.time()), 'ice_servers': [], 'ttl': 3600, 'position': 1,
                                'peer': 'x', 'state': 'waiting', 'host_online': True})
        for relay in self.unconfirmed.values():
            await socket.send_json(relay)

    async def receive(self, message):
        if message['type'] == 'ok':
            self.unconfirmed.pop(message['n'], None)
        elif message['type'] == 'relay':
            await self.socket.send_json({'type': 'ok', 'n': message['n']})
            if message['n'] == self.taken + 1:
                self.taken += 1
                await self.take(json.loads(message['data']))
        elif message['type'] == 'leave':
            self.opened.append(('leave', {}))

    async def take(self, data):
        if data['t'] == 'hello':
            self.hellos += 1
            self.session = Session(self.invitation, data)
            self.verification = None
            await self.to_patient(self.session.hello)
            return
        if data['to'] != b64(self.session.id):
            return
        body = self.session.open(data)
        self.opened.append((data['type'], body))
        await self.react(data['type'], body)

    async def react(self, kind, body):
        tab = self.clinic.tab
        if kind in ('answer', 'candidate', 'end-of-candidates', 'hang-up') and tab is not None:
            await tab.send_json({'type': kind, **body})
        if kind == 'answer' and not self.verification:
            self.verification = Verification(self.session, fingerprint(body['sdp']), fingerprint(self.offer))
            await self.seal('sas-commit', {'commit': b64(self.verification.commit)})
        elif kind == 'sas-nonce':
            self.words = self.verification.words(unb64(body['nonce']))
            await self.seal('sas-reveal', {'nonce': b64(self.verification.nonce)})
        elif kind == 'restart' and tab is not None:
            await tab.send_json({'type': 'offer-please', 'ice_restart': True})

    def bodies(self, kind):
        return [body for name, body in self.opened if name == kind]


class Clinic:
    def __init__(self, page, here):
        self.page, self.here = page, here
        self.rooms = {}
        self.tab = self.current = self.port = None
        self.tab_events = []
        self.requests = []

    def add(self, invitation, state='created'):
        room = Room(self, invitation, state)
        self.rooms[b64(invitation.room)] = room
        return room

    @web.middleware
    async def headers(self, request, handler):
        self.requests.append((request.method, request.path_qs))
        response = await handler(request)
        if not isinstance(response, web.WebSocketResponse):
            response.headers['Content-Security-Policy'] = CSP.format(host=request.host)
            response.headers['X-Content-Type-Options'] = 'nosniff'
            response.headers['Referrer-Policy'] = 'no-referrer'
            response.headers['Cache-Control'] = 'no-store'
            response.headers['Permissions-Policy'] = 'camera=(self), microphone=(self)'
        return response

    async def get_clinic(self, request):
        return web.json_response({**CLINIC, 'server_time': int(time.time())})

    async def get_card(self, request):
        room = self.rooms.get(request.match_info['room'])
        if not room or request.headers.get('Bedside-Admission') != b64(room.invitation.admission):
            return web.json_response({'error': 'not-found'}, status=404)
        if room.state in ('used', 'expired', 'revoked'):
            return web.json_response({'error': room.state}, status=410)
        return web.json_response({'card': room.invitation.card, 'server_time': int(time.time()), 'state': room.state})

    async def patient_socket(self, request):
        socket = web.WebSocketResponse(protocols=('bedside.v1',), max_msg_size=65536)
        await socket.prepare(request)
        room = None
        async for message in socket:
            if message.type != WSMsgType.TEXT:
                continue
            data = json.loads(message.data)
            if data['type'] == 'join':
                room = self.rooms[data['room']]
                await room.attach(socket, data)
            else:
                await room.receive(data)
        return socket

    async def clinician_socket(self, request):
        self.tab = socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for message in socket:
            data = json.loads(message.data)
            kind = data.pop('type')
            self.tab_events.append((kind, data))
            if kind == 'offer':
                self.current.offer = data['sdp']
            if kind in ('offer', 'candidate', 'end-of-candidates'):
                await self.current.seal(kind, data)
        return socket

    async def admit(self, room):
        self.current = room
        await self.tab.send_json({'type': 'offer-please', 'ice_restart': False})

    async def start(self, directory):
        app = web.Application(middlewares=[self.headers])
        app.router.add_get('/api/v1/clinic', self.get_clinic)
        app.router.add_get('/api/v1/rooms/{room}/card', self.get_card)
        app.router.add_get('/ws', self.patient_socket)
        app.router.add_get('/clinician', self.clinician_socket)
        app.router.add_get('/clinician.html', lambda request: web.FileResponse(self.here / 'clinician.html'))
        app.router.add_get('/clinician.js', lambda request: web.FileResponse(self.here / 'clinician.js'))
        app.router.add_get('/j/{room}', lambda request: web.FileResponse(self.page / 'index.html'))
        app.router.add_static('/web/', self.page)
        self.runner = web.AppRunner(app)
        await self.runner.setup()
        site = web.TCPSite(self.runner, '127.0.0.1', 0, ssl_context=make_certificate(directory))
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]
        return f'https://localhost:{self.port}'

    async def stop(self):
        for room in self.rooms.values():
            if room.socket is not None:
                await room.socket.close()
        if self.tab is not None:
            await self.tab.close()
        await self.runner.cleanup()


async def until(condition, seconds=20, what='a condition'):
    """`seconds` is what a quiet machine may need; a busy one gets a minute at least. Waits for condition(), which may
    return what is to be awaited; returns its value."""
    seconds = max(seconds, 60)
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if inspect.isawaitable(value):
            value = await value
        assert not callable(value), f'{what}: no answer, but {value!r}'
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f'waited {seconds} s in vain for {what}')
        await asyncio.sleep(0.1)
