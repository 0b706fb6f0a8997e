# SPDX-License-Identifier: GPL-3.0-or-later
"""Floods, broken input, certificates, restarts, backups and what the log says."""
import asyncio, os, ssl, sys, time
from clinic import *

PATIENCE = 4  # seconds for a request
# A sanitizer keeps what was freed, up to the size of its quarantine.
GROWTH_KB = 100000 if os.environ.get('BEDSIDE_SANITIZED') else 8000
CANARIES = ['canary-login', 'Canary Display', 'canary-data']


async def raw_tls(clinic, sock=None):
    to = {'sock': sock, 'server_hostname': 'clinic.test'} if sock else {'host': '127.0.0.1', 'port': clinic.port}
    return await asyncio.open_connection(ssl=clinic.context(), **to)


async def upgraded(clinic, token=None, sock=None):
    reader, writer = await raw_tls(clinic, sock)
    bearer = b'Authorization: Bearer %s\r\n' % token.encode() if token else b''
    writer.write(b'GET /ws HTTP/1.1\r\nHost: clinic.test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n' + bearer +
                 b'Sec-WebSocket-Key: ' + base64.b64encode(os.urandom(16)) + b'\r\nSec-WebSocket-Protocol: bedside.v1\r\n\r\n')
    answer = await reader.readuntil(b'\r\n\r\n')
    assert b' 101 ' in answer, answer
    return reader, writer


def frame(payload, opcode, final):
    length = len(payload)
    head = bytes([opcode | (0x80 if final else 0)])
    head += bytes([0x80 | length]) if length < 126 else bytes([0x80 | 126]) + struct.pack('>H', length) if length < 65536 else bytes([0x80 | 127]) + struct.pack('>Q', length)
    return head + b'\0\0\0\0' + payload


async def test_fragment_flood(clinic, http):
    """Endless fragments of one message: the connection goes, the memory stays."""
    before = clinic.rss_kb()
    async def flood():
        reader, writer = await upgraded(clinic)
        sent = 0
        try:
            while sent < 50:
                writer.write(frame(b'x' * 60000, 1 if sent == 0 else 0, False))
                await asyncio.wait_for(writer.drain(), 25)
                sent += 1
        except (ConnectionError, ssl.SSLError):
            pass
        try:
            rest = await asyncio.wait_for(reader.read(4), 25)
        except (ConnectionError, ssl.SSLError):
            rest = b''
        assert rest == b'' or (rest[:1] == b'\x88' and struct.unpack('>H', rest[2:4])[0] == 1009), rest[:20]
        writer.close()
    await asyncio.gather(*(flood() for _ in range(20)))
    grown = clinic.rss_kb() - before
    print('# fragment flood: %d kB more' % grown)
    assert grown < GROWTH_KB


async def test_empty_fragments(clinic, http):
    reader, writer = await upgraded(clinic)
    try:
        for n in range(3000):
            writer.write(frame(b'', 1 if n == 0 else 0, False))
            if n % 100 == 0:
                await writer.drain()
        rest = await asyncio.wait_for(reader.read(1), 25)
        assert rest in (b'', b'\x88'), rest
    except (ConnectionError, ssl.SSLError):
        pass
    writer.close()


async def test_bad_messages(clinic, http):
    for text in ('', 'x', '[]', '{"type":', '[' * 60000, '{"a":' * 1000 + '1' + '}' * 1000, '{"type":7}', '{"type":"relay"}', '{"type":"join"}'):
        socket = await Socket(clinic).open()
        await socket.ws.send(text)
        assert (await socket.hear())['code'] == 'bad-request', text[:20]
        await socket.closed()
    socket = await Socket(clinic).open()
    await socket.ws.send('x' * 70000)
    assert await socket.closed() == 1009
    socket = await Socket(clinic).open()
    await socket.ws.send(b'binary')
    assert await socket.closed() == 1003
    reader, writer = await upgraded(clinic)
    writer.write(frame(b'\xff\xfe{"type":"attach"}', 1, True))
    rest = await asyncio.wait_for(reader.read(1), 25)
    assert rest in (b'', b'\x88'), rest
    writer.close()


async def test_message_flood(clinic, http):
    person = await Clinician(clinic, http, 'flood').add().activate()
    host = Socket(clinic)
    await host.attach(person.api.token)
    try:
        for n in range(2000):
            await host.say(type='ok', n=1)
        await host.closed()
    except websockets.ConnectionClosed:
        pass
    assert clinic.process.poll() is None


async def test_slow_reader(clinic, http):
    """Who does not read is cut off when too much waits for him; nobody else waits, and he gets what is kept."""
    person = await Clinician(clinic, http, 'slow').add().activate()
    patients, host = [Socket(clinic) for _ in range(7)], Socket(clinic)
    for patient in patients:
        await patient.join(*await person.invite())
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    narrow.connect(('127.0.0.1', clinic.port))
    reader, writer = await upgraded(clinic, person.api.token, narrow)
    writer.write(frame(json.dumps({'type': 'attach', 'hop': b64(os.urandom(16))}).encode(), 1, True))
    await asyncio.sleep(0.3)
    writer.transport.pause_reading()
    before, slowest = clinic.rss_kb(), 0
    for n in range(1, 33):
        for patient in patients:
            began = time.monotonic()
            await patient.say(type='relay', n=n, data='x' * 60000)
            assert (await patient.hear('ok'))['n'] == n
            slowest = max(slowest, time.monotonic() - began)
    grown = clinic.rss_kb() - before
    print('# 13 MB for one who does not read: %d kB more, the slowest ok after %.0f ms' % (grown, slowest * 1e3))
    assert grown < GROWTH_KB and slowest < 2, slowest
    writer.transport.resume_reading()
    try:
        while await asyncio.wait_for(reader.read(65536), 30):
            pass
    except (ConnectionError, ssl.SSLError):
        pass
    writer.transport.abort()
    await host.attach(person.api.token)
    assert [len((await host.hear('relay'))['data']) for _ in range(28)] == [60000] * 28


async def test_wrong_doors(clinic, http):
    for options, status in (({'path': '/other'}, 404), ({'origin': 'https://evil.test'}, 403), ({'origin': 'null'}, 403)):
        try:
            await Socket(clinic).open(**options)
            raise AssertionError('let in: %r' % options)
        except websockets.InvalidStatusCode as refused:
            assert refused.status_code == status, options
    await (await Socket(clinic).open(origin=clinic.url)).close()
    try:
        await Socket(clinic).open(subprotocols=[])
        raise AssertionError('let in without the subprotocol')
    except (websockets.InvalidStatusCode, websockets.InvalidMessage, websockets.InvalidHandshake):
        pass
    status, _ = await Api(clinic, http)('POST', '/login/begin', {'login': 'x'}, headers={'Origin': 'https://evil.test'})
    assert status == 403


async def test_http_tricks(clinic, http):
    tricks = [
        b'POST /api/v1/login/begin HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
        b'POST /api/v1/login/begin HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
        b'POST /api/v1/login/begin HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n',
        b'POST /api/v1/login/begin HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n',
        b'GET /' + b'a' * 20000 + b' HTTP/1.1\r\nHost: x\r\n\r\n',
        b'GET / HTTP/1.1\r\nHost: x\r\n' + b'X-Filler: ' + b'b' * 20000 + b'\r\n\r\n',
        b'\x16\x03\x01' * 100, b'\r\n\r\n\r\n', b'GET\r\n\r\n',
    ]
    for trick in tricks:
        reader, writer = await raw_tls(clinic)
        writer.write(trick)
        try:
            answer = await asyncio.wait_for(reader.read(), 25)
        except (ConnectionError, ssl.SSLError):
            answer = b''
        writer.close()
        assert b' 200 ' not in answer.split(b'\r\n')[0], (trick[:40], answer[:80])
    assert (await Api(clinic, http)('GET', '/clinic'))[0] == 200


async def test_slow_connections(clinic, http):
    """Half-made requests are dropped within the time limit, and others are served meanwhile."""
    slow = [await raw_tls(clinic) for _ in range(60)]
    for _, writer in slow:
        writer.write(b'GET / HTTP/1.1\r\nHost')
    before = time.monotonic()
    assert (await Api(clinic, http)('GET', '/clinic'))[0] == 200
    assert time.monotonic() - before < 1
    await asyncio.wait_for(asyncio.gather(*(r.read() for r, _ in slow), return_exceptions=True), 40)
    took = time.monotonic() - before
    print('# slow connections dropped after %.0f s' % took)
    assert PATIENCE - 1 <= took <= PATIENCE + 6, took
    for _, writer in slow:
        writer.close()


async def test_pages(clinic, http):
    base = clinic.base()
    async with http.get(base + '/j/' + b64(os.urandom(16))) as r:
        text = await r.text()
        assert r.status == 200 and 'Visit' in text and r.headers['Content-Type'].startswith('text/html')
        policy = r.headers['Content-Security-Policy']
        assert "default-src 'none'" in policy and "script-src 'self';" in policy and 'unsafe' not in policy
        assert ("connect-src 'self' wss://clinic.test:%d;" % clinic.port) in policy
        for name, value in (('X-Content-Type-Options', 'nosniff'), ('Referrer-Policy', 'no-referrer'), ('X-Frame-Options', 'DENY')):
            assert r.headers[name] == value
        assert 'max-age' in r.headers['Strict-Transport-Security'] and 'camera=(self)' in r.headers['Permissions-Policy']
        assert 'Server' not in r.headers or 'libwebsockets' not in r.headers['Server'], r.headers
    async with http.get(base + '/web/app.js', headers={'Accept-Encoding': 'gzip'}) as r:
        assert r.status == 200 and r.headers['Content-Encoding'] == 'gzip' and 'javascript' in r.headers['Content-Type']
        assert (await r.text()).startswith('export const answer')
        etag = r.headers['ETag']
    async with http.get(base + '/web/app.js', headers={'If-None-Match': etag}) as r:
        assert r.status == 304 and await r.read() == b''
    for path in ('/j/short', '/web/../store.key', '/web/%2e%2e/state/store.db', '/web/none.js', '/etc/passwd', '/j/'):
        async with http.get(base + path) as r:
            assert r.status == 404, path
    for path, status in (('/', 200), ('/activate', 200), ('/robots.txt', 200), ('/healthz', 200)):
        async with http.get(base + path) as r:
            assert r.status == status, path
    status, clinic_answer = await Api(clinic, http)('GET', '/clinic')
    assert clinic_answer['name'] == 'Test clinic' and clinic_answer['consent'][0]['text'] == 'You agree to a video visit.'


async def reload(clinic):
    """Both lines are the last of a reload, good or not."""
    def count():
        log = clinic.log_path.read_text()
        return log.count('"reloaded"') + log.count('"reload-failed"')
    before = count()
    clinic.process.send_signal(signal.SIGHUP)
    while count() == before:
        await asyncio.sleep(0.05)


async def test_certificate_reload(clinic, http):
    person = await Clinician(clinic, http, 'reload').add().activate()
    host = Socket(clinic)
    await host.attach(person.api.token)
    old = ssl.get_server_certificate(('127.0.0.1', clinic.port))
    # A pair that does not fit is left alone.
    key = (clinic.folder / 'private-key.pem').read_bytes()
    make_certificate(clinic.folder)
    good = (clinic.folder / 'private-key.pem').read_bytes()
    (clinic.folder / 'private-key.pem').write_bytes(key)
    await reload(clinic)
    assert ssl.get_server_certificate(('127.0.0.1', clinic.port)) == old
    (clinic.folder / 'private-key.pem').write_bytes(good)
    await reload(clinic)
    new = ssl.get_server_certificate(('127.0.0.1', clinic.port))
    assert new != old and new.strip() == (clinic.folder / 'certificate.pem').read_text().strip()
    # By itself, when the file changes.
    make_certificate(clinic.folder)
    for _ in range(300):
        if ssl.get_server_certificate(('127.0.0.1', clinic.port)) != new:
            break
        await asyncio.sleep(0.1)
    assert ssl.get_server_certificate(('127.0.0.1', clinic.port)).strip() == (clinic.folder / 'certificate.pem').read_text().strip()
    # The connection from before is still there.
    await host.say(type='ok', n=1)
    await host.say(type='nonsense')
    assert (await host.hear('error'))['code'] == 'bad-request'


async def test_old_tls_is_refused(clinic, http):
    for version in ('-tls1', '-tls1_1'):
        done = subprocess.run(['openssl', 's_client', version, '-cipher', 'ALL:@SECLEVEL=0', '-connect', '127.0.0.1:%d' % clinic.port],
                              input=b'', capture_output=True, timeout=20)
        assert b'New, TLS' not in done.stdout or b'Cipher is (NONE)' in done.stdout, done.stdout[-300:]


async def test_backup_and_restore(clinic, http):
    person = await Clinician(clinic, http, 'backup').add().activate()
    room, token = await person.invite()
    backup = str(clinic.folder / 'backup.db')
    clinic.command('backup', backup)
    assert b'backup' not in open(backup, 'rb').read() and not open(backup, 'rb').read(16).startswith(b'SQLite')
    later, _ = await person.invite()
    assert clinic.command('restore', backup, check=False).returncode == 1   # it runs
    clinic.stop()
    clinic.command('restore', backup)
    clinic.start()
    async with clinic.session() as fresh:
        person.api.http = fresh
        await restored(clinic, person, room, later, backup)


async def restored(clinic, person, room, later, backup):
    rooms = [unb64(r['room']) for r in (await person.api('GET', '/rooms'))[1]['rooms']]
    assert room in rooms and later not in rooms
    clinic.stop()
    (clinic.folder / 'state' / 'store.db').write_bytes(os.urandom(8192))
    refused = subprocess.run([SERVER, 'serve', '--config', clinic.config], capture_output=True, timeout=20)
    assert refused.returncode == 1 and b'key does not open' in refused.stderr, refused.stderr
    clinic.command('restore', backup)
    clinic.start()
    async with clinic.session() as fresh:
        person.api.http = fresh
        assert (await person.api('GET', '/account'))[0] == 200
    os.chmod(clinic.folder / 'etc' / 'store.key', 0o644)
    refused = clinic.command('user', 'list', check=False)
    assert refused.returncode == 1 and 'chmod 600' in refused.stderr
    os.chmod(clinic.folder / 'etc' / 'store.key', 0o600)


async def test_log_and_state_hold_nobody(clinic, http):
    person = Clinician(clinic, http, 'canary-login').take_link(clinic.command('user', 'add', 'canary-login', 'Canary Display').stdout.strip())
    await person.activate()
    await person.ticket('wrong')
    room, token = await person.invite()
    host, patient = Socket(clinic), Socket(clinic)
    await host.attach(person.api.token)
    await patient.join(room, token)
    await patient.say(type='relay', n=1, data='canary-data')
    await host.hear('relay')
    async with http.get(clinic.base() + '/j/' + b64(room)) as r:
        assert r.status == 200
    secrets = CANARIES + [person.api.token, person.refresh, b64(room), b64(token), b64(patient.seat), patient.peer, person.secret, person.code, '127.0.0.1']
    log = clinic.log_path.read_text()
    assert len(log.splitlines()) > 20
    for line in log.splitlines():
        assert set(json.loads(line)) >= {'time', 'event'}
    assert not [s for s in secrets if s in log]
    for file in (clinic.folder / 'state').iterdir():
        data = file.read_bytes()
        assert not [s for s in CANARIES if s.encode() in data], file
        assert file.stat().st_mode & 0o077 == 0, file


async def test_memory_stays_flat(clinic, http):
    person = await Clinician(clinic, http, 'memory').add().activate()
    room, token = await person.invite()
    async def round():
        sockets = []
        for _ in range(40):
            s = await Socket(clinic).open()
            sockets.append(s)
            await s.say(type='join', room=b64(room), token=b64(os.urandom(32)), seat=b64(os.urandom(16)), hop=b64(os.urandom(16)))
        for s in sockets:
            assert (await s.hear())['code'] == 'not-found'
            await s.closed()
        for _ in range(100):
            assert (await person.api('GET', '/rooms'))[0] == 200
    await round()
    before = clinic.rss_kb()
    for _ in range(6):
        await round()
    grown = clinic.rss_kb() - before
    print('# 240 connections and 600 requests: %d kB more, %d kB in all' % (grown, clinic.rss_kb()))
    assert grown < GROWTH_KB / 4


def make():
    return Clinic(limits=OPEN + '\nrequest_seconds=%d' % PATIENCE)


if __name__ == '__main__':
    run_all(sys.modules[__name__], make)
