# SPDX-License-Identifier: GPL-3.0-or-later
"""The shipped coturn configuration against the real coturn: who may be reached through the relay."""
import asyncio, base64, hashlib, hmac, ipaddress, os, pathlib, socket, struct, subprocess, sys, tempfile, time
from clinic import *

CONFIG = pathlib.Path(os.environ['TURNSERVER_CONF'])
SECRET = 'a-shared-secret-of-the-test'
COOKIE = 0x2112a442

FORBIDDEN = '''0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.254 127.0.0.1 127.255.255.254 169.254.0.1
169.254.169.254 172.16.0.1 172.31.255.254 192.0.0.1 192.0.0.170 192.0.2.1 192.88.99.1 192.168.0.1 192.168.255.254 198.18.0.1
198.19.255.254 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
:: ::1 ::7f00:1 ::a00:1 ::ffff:127.0.0.1 ::ffff:10.1.2.3 ::ffff:169.254.169.254 ::ffff:192.168.1.1 ::ffff:172.16.5.5 ::ffff:8.8.8.8
64:ff9b::a9fe:a9fe 64:ff9b::7f00:1 64:ff9b::a00:1 64:ff9b:1::a00:1 100::1 2001::1 2001:0:7f00:1:: 2001:2::1 2001:10::1 2001:20::1
2001:db8::1 2002:7f00:1:: 2002:a00:1:: 2002:a9fe:a9fe:: 2002:c0a8:101:: 3fff::1 5f00::1 fc00::1 fd00::1 fdff::1 fe80::1 febf::1 fec0::1
ff02::1 ff0e::1'''.split()
ALLOWED = '1.1.1.1 8.8.8.8 9.9.9.9 52.1.2.3 100.63.255.255 100.128.0.1 172.15.255.255 172.32.0.1 193.0.6.139 223.255.255.254 2001:4860:4860::8888 2606:4700::1111 2a00:1450::1'.split()


class Turn:
    def __init__(self, port):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.settimeout(15)
        self.socket.connect(('127.0.0.1', port))

    def attribute(self, kind, value):
        return struct.pack('>HH', kind, len(value)) + value + b'\0' * (-len(value) % 4)

    def ask(self, method, body, key=None):
        transaction = os.urandom(12)
        def head(length):
            return struct.pack('>HHI', method, length, COOKIE) + transaction
        if key:
            mac = hmac.new(key, head(len(body) + 24) + body, hashlib.sha1).digest()
            body += self.attribute(8, mac)
        self.socket.send(head(len(body)) + body)
        while True:
            answer = self.socket.recv(4096)
            if answer[8:20] == transaction:
                break
        attributes, at = {}, 20
        while at + 4 <= len(answer):
            kind, length = struct.unpack('>HH', answer[at:at + 4])
            attributes[kind] = answer[at + 4:at + 4 + length]
            at += 4 + length + -length % 4
        error = attributes.get(9)
        return (error[2] & 7) * 100 + error[3] if error else 0, attributes

    def allocate(self, username, password, family=1):
        base = self.attribute(0x19, bytes([17, 0, 0, 0])) + self.attribute(0x17, bytes([family, 0, 0, 0]))
        code, attributes = self.ask(3, base)
        assert code == 401, code
        realm, nonce = attributes[0x14], attributes[0x15]
        self.key = hashlib.md5(username.encode() + b':' + realm + b':' + password.encode()).digest()
        self.credentials = self.attribute(6, username.encode()) + self.attribute(0x14, realm) + self.attribute(0x15, nonce)
        return self.ask(3, base + self.credentials, self.key)[0]

    def permit(self, address):
        ip = ipaddress.ip_address(address)
        packed = struct.pack('>BBH', 0, 1 if ip.version == 4 else 2, 4242 ^ (COOKIE >> 16))
        mask = struct.pack('>I', COOKIE) + b'\0' * 12
        packed += bytes(a ^ b for a, b in zip(ip.packed, mask))
        if ip.version == 6:
            raise AssertionError('use permit6')
        return self.ask(8, self.attribute(0x12, packed) + self.credentials, self.key)[0]

    def permit6(self, address):
        transaction = os.urandom(12)
        ip = ipaddress.ip_address(address)
        mask = struct.pack('>I', COOKIE) + transaction
        value = struct.pack('>BBH', 0, 2, 4242 ^ (COOKIE >> 16)) + bytes(a ^ b for a, b in zip(ip.packed, mask))
        body = self.attribute(0x12, value) + self.credentials
        def head(length):
            return struct.pack('>HHI', 8, length, COOKIE) + transaction
        mac = hmac.new(self.key, head(len(body) + 24) + body, hashlib.sha1).digest()
        body += self.attribute(8, mac)
        self.socket.send(head(len(body)) + body)
        answer = self.socket.recv(4096)
        assert answer[8:20] == transaction
        return 0 if answer[:2] == b'\x01\x08' else 403 if b'\x04\x03' in answer[20:40] else -1


def credential(expiry):
    username = '%d:%s' % (expiry, os.urandom(8).hex())
    return username, base64.b64encode(hmac.new(SECRET.encode(), username.encode(), hashlib.sha1).digest()).decode()


async def main():
    port = free_port()
    clinic = Clinic(turn='turn:127.0.0.1:%d' % port).start()
    folder = clinic.folder
    # Test only: IPv6 allocations need an address to relay from, which here is the loopback's.
    command = ['turnserver', '-c', str(CONFIG), '--static-auth-secret=' + SECRET, '--listening-port=%d' % port, '--listening-ip=127.0.0.1',
               '--relay-ip=127.0.0.1', '--relay-ip=::1', '--min-port=50200', '--max-port=50400', '--log-file=stdout', '--simple-log',
               '--pidfile=' + str(folder / 'turn.pid'), '--userdb=' + str(folder / 'turn.db'), '--user-quota=0']
    log = open(folder / 'turn.log', 'wb')
    turn = subprocess.Popen(command, stdout=log, stderr=log)
    results = []
    def check(name, good, detail=''):
        results.append(good)
        print('%s %d %s %s' % ('ok' if good else 'not ok', len(results), name, '' if good else '# %s' % detail), flush=True)
    try:
        for _ in range(300):
            if b'UDP listener opened' in (folder / 'turn.log').read_bytes() or turn.poll() is not None:
                break
            time.sleep(0.1)
        async with clinic.session() as http:
            person = await Clinician(clinic, http, 'turn').add().activate()
            server = (await person.api('GET', '/ice'))[1]['ice_servers'][0]
        four = Turn(port)
        code = four.allocate(server['username'], server['credential'])
        check('credentials that the server issued', code == 0, code)
        six = Turn(port)
        code = six.allocate(*credential(int(time.time()) + 60), family=2)
        check('an IPv6 allocation', code == 0, code)
        code = Turn(port).allocate(*credential(int(time.time()) - 5))
        check('expired credentials', code == 401, code)
        code = Turn(port).allocate(credential(int(time.time()) + 60)[0], 'bm90IHRoZSBwYXNzd29yZA==')
        check('foreign credentials', code == 401, code)
        reached = [a for a in FORBIDDEN if (four.permit(a) if '.' in a and ':' not in a else six.permit6(a)) != 403]
        check('%d forbidden peers are 403' % len(FORBIDDEN), not reached, reached)
        blocked = [(a, code) for a in ALLOWED for code in [four.permit(a) if '.' in a else six.permit6(a)] if code != 0]
        check('%d public peers are permitted' % len(ALLOWED), not blocked, blocked)
        doctor = clinic.command('doctor', check=False).stdout
        check('doctor gets an allocation', 'gave an allocation' in doctor, doctor)
        (folder / 'turn-secret').write_text('another secret altogether\n')
        doctor = clinic.command('doctor', check=False)
        check('doctor finds a wrong secret', '(401)' in doctor.stdout and doctor.returncode == 1, doctor.stdout)
    except BaseException as problem:
        check('no exception', False, repr(problem) + (folder / 'turn.log').read_text()[-1500:].replace('\n', '\n# '))
    finally:
        turn.terminate()
        turn.wait(10)
        clinic.close()
    print('1..%d' % len(results))
    sys.exit(0 if all(results) else 1)


if __name__ == '__main__':
    asyncio.run(main())
