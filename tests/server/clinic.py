# SPDX-License-Identifier: GPL-3.0-or-later
"""A real bedside-server in a private directory, with a certificate of its own, and clients for it."""
import asyncio, base64, hashlib, hmac, json, os, pathlib, shutil, signal, socket, ssl, struct, subprocess, sys, tempfile, time
import aiohttp, websockets

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / 'support'))
from free_port import free_port
from traced import traced

SERVER = os.environ['BEDSIDE_SERVER']
OTP_PERIOD = 30
OPEN = 'requests_per_minute=100000\nlogins_per_minute=100000\nconnections_per_address=500'


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b'=').decode()


def unb64(text):
    return base64.urlsafe_b64decode(text + '=' * (-len(text) % 4))


def totp(secret, when=None, step=0):
    key = base64.b32decode(secret + '=' * (-len(secret) % 8))
    if when is None and step < 0 and time.time() % OTP_PERIOD > OTP_PERIOD - 2:
        time.sleep(2)  # the code of the last step must still be that when it arrives
    counter = int((time.time() if when is None else when) // OTP_PERIOD) + step
    digest = hmac.new(key, struct.pack('>Q', counter), hashlib.sha1).digest()
    at = digest[-1] & 15
    return '%06d' % ((struct.unpack('>I', digest[at:at + 4])[0] & 0x7fffffff) % 10**6)


def make_certificate(folder, name='clinic.test'):
    key, certificate = folder / 'private-key.pem', folder / 'certificate.pem'
    new_key, new_certificate = folder / 'new-key.pem', folder / 'new-certificate.pem'
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
                    '-keyout', new_key, '-out', new_certificate, '-days', '30', '-subj', '/CN=' + name,
                    '-addext', 'subjectAltName=DNS:' + name + ',IP:127.0.0.1'],
                   check=True, capture_output=True)
    os.replace(new_key, key)
    os.replace(new_certificate, certificate)
    return certificate, key


class Clinic:
    def __init__(self, limits='', turn='', extra='', tls=True):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='bedside-server-'))
        self.port = free_port()
        self.url = 'https://clinic.test:%d' % self.port
        self.config = self.folder / 'etc' / 'server.conf'
        subprocess.run([SERVER, 'init', '--config', self.config, self.url, self.folder / 'state'],
                       check=True, capture_output=True)
        make_certificate(self.folder)
        web = self.folder / 'web'
        web.mkdir()
        (web / 'index.html').write_text('<!doctype html><title>Visit</title><script type=module src=/web/app.js></script>')
        (web / 'app.js').write_text('export const answer = 42;\n' * 200)
        (self.folder / 'consent-en.txt').write_text('You agree to a video visit.\n')
        (self.folder / 'turn-secret').write_text('a-shared-secret-of-the-test\n')
        tls_lines = ('certificate=%s\nprivate_key=%s\n' % (self.folder / 'certificate.pem', self.folder / 'private-key.pem')
                     if tls else '')
        self.config.write_text('''[clinic]
name=Test clinic
telephone=+49 30 1234
[consent 1]
version=2026-01
language=en
summary=Short
file=%s
[server]
public_url=%s
listen=127.0.0.1:%d
state_dir=%s
key_file=%s
web_dir=%s
%s[turn]
urls=%s
secret_file=%s
[limits]
%s
%s
''' % (self.folder / 'consent-en.txt', self.url, self.port, self.folder / 'state', self.folder / 'etc' / 'store.key',
            web, tls_lines, turn or 'turn:127.0.0.1:3478', self.folder / 'turn-secret',
            limits or OPEN, extra))
        self.log_path = self.folder / 'server.log'
        self.process = None
        self.tls = tls
        self.sockets = []  # of the test that runs

    def start(self, host='127.0.0.1'):
        self.log = open(self.log_path, 'ab')
        env = traced(SERVER, dict(os.environ, G_DEBUG='fatal-warnings'))
        self.process = subprocess.Popen([SERVER, 'serve', '--config', self.config], stderr=self.log, env=env)
        for _ in range(600):
            try:
                socket.create_connection((host, self.port), 1).close()
                return self
            except OSError:
                assert self.process.poll() is None, self.log_path.read_text()
                time.sleep(0.05)
        raise AssertionError('the server does not listen')

    def stop(self, kill=False):
        if not self.process:
            return
        self.process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
        code = self.process.wait(20)
        self.log.close()
        self.process = None
        if not kill:
            assert code == 0, 'exit status %d\n%s' % (code, self.log_path.read_text()[-4000:])

    def command(self, *arguments, check=True):
        done = subprocess.run([SERVER, *arguments, '--config', str(self.config)], capture_output=True, text=True, timeout=60)
        assert not check or done.returncode == 0, done.stderr
        return done

    def rss_kb(self):
        for line in open('/proc/%d/status' % self.process.pid):
            if line.startswith('VmRSS'):
                return int(line.split()[1])

    def context(self):
        context = ssl.create_default_context(cafile=str(self.folder / 'certificate.pem'))
        context.check_hostname = False
        return context

    def base(self):
        return ('https' if self.tls else 'http') + '://127.0.0.1:%d' % self.port

    def session(self):
        connector = aiohttp.TCPConnector(ssl=self.context() if self.tls else None, limit=0)
        return aiohttp.ClientSession(connector=connector)

    def drop_sockets(self):
        """What a test left open: an orderly close would wait for it."""
        for socket in self.sockets:
            socket.transport.abort()
        self.sockets.clear()

    def close(self):
        self.stop()
        shutil.rmtree(self.folder)


def dial(clinic, address):
    """A connection from this address that says nothing."""
    s = socket.socket()
    s.setsockopt(socket.SOL_IP, 24, 1)  # IP_BIND_ADDRESS_NO_PORT: ports may be used once for each address
    s.bind((address, 0))
    s.settimeout(20)
    s.connect(('127.0.0.1', clinic.port))
    return s


def is_open(s):
    s.setblocking(False)
    try:
        return s.recv(1) != b''
    except (BlockingIOError, ssl.SSLWantReadError):
        return True
    except OSError:
        return False


class Api:
    def __init__(self, clinic, http, token=None):
        self.clinic, self.http, self.token = clinic, http, token

    async def __call__(self, method, path, body=None, headers=None, raw=None, token=None):
        headers = dict(headers or {})
        token = token or self.token
        if token:
            headers['Authorization'] = 'Bearer ' + token
        data = raw if raw is not None else (json.dumps(body).encode() if body is not None else None)
        async with self.http.request(method, self.clinic.base() + '/api/v1' + path, data=data, headers=headers) as r:
            text = await r.text()
            self.headers = r.headers
            return r.status, (json.loads(text) if text else None)


def auth_of(password, salt):
    # The server takes any 32 bytes: the client's Argon2id is not its business.
    return b64(hashlib.sha256(password.encode() + unb64(salt)).digest())


class Clinician:
    """An account and its session."""
    def __init__(self, clinic, http, login, password='correct horse'):
        self.clinic, self.http, self.login, self.password = clinic, http, login, password
        self.api = Api(clinic, http)
        self.used = -1

    def add(self):
        link = self.clinic.command('user', 'add', self.login, 'Dr ' + self.login).stdout.strip()
        return self.take_link(link)

    def take_link(self, link):
        self.link = link
        self.code = link.split('#')[1].split('.')[0]
        return self

    async def activate(self):
        status, begun = await self.api('POST', '/activation/begin', {'code': self.code})
        assert status == 200, begun
        self.salt = begun['salt']
        status, answer = await self.api('POST', '/activation/password', {'code': self.code, 'auth': auth_of(self.password, self.salt)})
        assert status == 200, answer
        self.secret = answer['otp']['secret']
        status, session = await self.api('POST', '/activation/confirm',
                                         {'code': self.code, 'ticket': answer['ticket'], 'totp': totp(self.secret, step=-1)})
        assert status == 200, session
        self.recovery = session['recovery_codes']
        return self.take(session)

    def take(self, session):
        self.session = session
        self.api.token = session['access_token']
        self.refresh = session['refresh_token']
        return self

    async def ticket(self, password=None):
        status, begun = await self.api('POST', '/login/begin', {'login': self.login})
        assert status == 200
        return await self.api('POST', '/login/password', {'login': self.login, 'auth': auth_of(password or self.password, begun['salt'])})

    async def login_with(self, code):
        status, answer = await self.ticket()
        assert status == 200, answer
        return await self.api('POST', '/login/second-factor', {'ticket': answer['ticket'], 'code': code})

    async def invite(self, expires=3600):
        room, token = os.urandom(16), os.urandom(32)
        status, answer = await self.api('POST', '/rooms', {
            'room': b64(room), 'token_hash': b64(hashlib.sha256(token).digest()),
            'expires': int(time.time()) + expires, 'card': b64(os.urandom(200))})
        assert status == 201, answer
        return room, token


class Socket:
    def __init__(self, clinic):
        self.clinic = clinic

    async def open(self, token=None, origin=None, subprotocols=('bedside.v1',), path='/ws', headers=(), **options):
        headers = {**dict(headers), **({'Authorization': 'Bearer ' + token} if token else {})}
        url = ('wss' if self.clinic.tls else 'ws') + '://127.0.0.1:%d' % self.clinic.port + path
        self.ws = await websockets.connect(url, ssl=self.clinic.context() if self.clinic.tls else None, extra_headers=headers, origin=origin,
                                           subprotocols=list(subprotocols), compression=None, max_size=2**20, **options)
        self.clinic.sockets.append(self.ws)
        return self

    async def say(self, **message):
        await self.ws.send(json.dumps(message))

    async def hear(self, kind=None, timeout=30):
        while True:
            message = json.loads(await asyncio.wait_for(self.ws.recv(), timeout))
            if kind is None or message['type'] == kind:
                return message

    async def attach(self, token, hop=None):
        await self.open(token)
        self.hop = hop or os.urandom(16)
        await self.say(type='attach', hop=b64(self.hop))
        return await self.hear('welcome')

    async def join(self, room, token, seat=None, hop=None):
        await self.open()
        self.seat, self.hop, self.room = seat or os.urandom(16), hop or os.urandom(16), room
        await self.say(type='join', room=b64(room), token=b64(token), seat=b64(self.seat), hop=b64(self.hop))
        answer = await self.hear()
        self.peer = answer.get('peer')
        return answer

    async def closed(self, timeout=30):
        try:
            while True:
                await asyncio.wait_for(self.ws.recv(), timeout)
        except websockets.ConnectionClosed:
            return self.ws.close_code

    async def close(self):
        await self.ws.close()


def run_all(module, make=Clinic):
    """Runs every test_* coroutine of a module, or those named in argv, on one server, as TAP."""
    tests = [(n, f) for n, f in vars(module).items() if n.startswith('test_')]
    assert set(sys.argv[1:]) <= {n for n, _ in tests}, sys.argv
    tests = [(n, f) for n, f in tests if not sys.argv[1:] or n in sys.argv[1:]]
    print('1..%d' % len(tests), flush=True)
    failed = 0
    clinic = make().start()
    try:
        for number, (name, function) in enumerate(tests, 1):
            async def one():
                async with clinic.session() as http:
                    try:
                        await asyncio.wait_for(function(clinic, http), 90)
                    finally:
                        clinic.drop_sockets()
            try:
                began = time.monotonic()
                asyncio.run(one())
                print('ok %d %s (%.1f s)' % (number, name, time.monotonic() - began), flush=True)
            except BaseException as problem:
                import traceback
                failed += 1
                print('not ok %d %s' % (number, name))
                print('\n'.join('# ' + line for line in traceback.format_exc().splitlines()), flush=True)
                if clinic.process is None or clinic.process.poll() is not None:
                    print('# log: ' + clinic.log_path.read_text()[-3000:].replace('\n', '\n# '))
                    clinic.process = None
                    clinic.start()
    finally:
        clinic.close()
    sys.exit(1 if failed else 0)
