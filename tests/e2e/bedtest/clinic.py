# SPDX-License-Identifier: GPL-3.0-or-later
"""A clinic of its own on loopback: certificate authority, settings, the real bedside-server."""
import base64
import hashlib
import hmac
import json
import pathlib
import re
import ssl
import struct
import subprocess
import sys
import time
import urllib.request

from .processes import end, patience

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / 'support'))
from free_port import free_port  # noqa: E402
from traced import traced  # noqa: E402

PRIVACY = 'Your record is kept for ten years. Ask Dr Okafor about it.\n'
CONSENT = {
    'en': ('You agree to a video consultation. It is encrypted between you and the clinic and is not recorded.',
           'You agree to a consultation by video.\n\nPicture and sound go encrypted from your device to the '
           'clinician\'s. Nobody records them. The clinician writes a note, as in every consultation, and keeps it '
           'in the clinic\'s records.\n\nYou may stop at any time by closing the page.\n'),
    'de': ('Sie willigen in eine Videosprechstunde ein. Sie ist zwischen Ihnen und der Praxis verschlüsselt und wird '
           'nicht aufgezeichnet.',
           'Sie willigen in eine Sprechstunde per Video ein.\n\nBild und Ton gehen verschlüsselt von Ihrem Gerät zu '
           'dem der Praxis. Niemand zeichnet sie auf. Wie bei jeder Sprechstunde wird eine Notiz geschrieben und in '
           'der Akte der Praxis aufbewahrt.\n\nSie können jederzeit aufhören, indem Sie die Seite schließen.\n'),
}


def totp(secret_base32, when=None):
    """The six digits of RFC 6238 for a secret as an authenticator is given it."""
    text = re.sub(r'[\s-]', '', secret_base32).upper()
    key = base64.b32decode(text + '=' * (-len(text) % 8))
    counter = struct.pack('>Q', int((time.time() if when is None else when) // 30))
    digest = hmac.new(key, counter, hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f'{(struct.unpack(">I", digest[offset:offset + 4])[0] & 0x7fffffff) % 1000000:06d}'


def run(*command, **more):
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60, **more).stdout


class Clinic:
    """Makes everything in `folder`; `start` and `stop` the server as often as wanted."""

    def __init__(self, build, folder, turn=None):
        self.program = pathlib.Path(build) / 'src/server/bedside-server'
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.authority = f'localhost:{self.port}'
        self.config = self.folder / 'bedside-server.conf'
        self.log = self.folder / 'server.log'
        self.process = None
        self._make_certificates()
        run(self.program, 'init', '--config', self.config, f'https://{self.authority}', self.folder / 'state')
        self.key_file = re.search(r'^key_file=(.*)$', self.config.read_text(), re.M)[1]
        self._write_settings(pathlib.Path(build) / 'src/web/dist', turn)

    def _make_certificates(self):
        f = self.folder
        run('openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30',
            '-subj', '/CN=Demo clinic authority', '-keyout', f / 'ca.key', '-out', f / 'ca.pem')
        certificate, _ = self.make_certificate('server', 'DNS:localhost,IP:127.0.0.1')
        (f / 'server.pem').write_text(certificate.read_text() + (f / 'ca.pem').read_text())

    def make_certificate(self, name, names):
        """A certificate of the clinic's authority and its key, as files."""
        f = self.folder
        certificate, key = f / f'{name}.crt', f / f'{name}.key'
        run('openssl', 'req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj',
            f'/CN={name}', '-keyout', key, '-out', f / f'{name}.csr')
        (f / 'ext').write_text(f'subjectAltName={names}\nextendedKeyUsage=serverAuth\n')
        run('openssl', 'x509', '-req', '-in', f / f'{name}.csr', '-CA', f / 'ca.pem', '-CAkey', f / 'ca.key',
            '-CAcreateserial', '-days', '30', '-extfile', f / 'ext', '-out', certificate)
        return certificate, key

    def spki_hash(self):
        """base64 SHA-256 of the SubjectPublicKeyInfo, as Chromium's switch takes it."""
        key = subprocess.run(['openssl', 'x509', '-in', self.folder / 'server.crt', '-pubkey', '-noout'], check=True,
                             capture_output=True).stdout
        der = subprocess.run(['openssl', 'pkey', '-pubin', '-outform', 'der'], input=key, check=True,
                             capture_output=True).stdout
        return base64.b64encode(hashlib.sha256(der).digest()).decode()

    def _write_settings(self, web, turn):
        (self.folder / 'privacy.txt').write_text(PRIVACY)
        lines = ['[clinic]', 'name=Lindenhof Practice', 'telephone=+49 30 5550100', 'privacy_notice=privacy.txt', '', '[server]',
                 f'state_dir={self.folder / "state"}', f'key_file={self.key_file}', f'web_dir={web}',
                 f'listen=127.0.0.1:{self.port}', f'public_url=https://{self.authority}',
                 f'certificate={self.folder / "server.pem"}', f'private_key={self.folder / "server.key"}', '']
        for language, (summary, text) in CONSENT.items():
            (self.folder / f'consent-{language}.txt').write_text(text)
            lines += [f'[consent {language}]', 'version=2026-01', f'language={language}', f'summary={summary}',
                      f'file=consent-{language}.txt', '']
        if turn:
            (self.folder / 'turn.secret').write_text(turn['secret'] + '\n')
            lines += ['[turn]', f'urls={turn["url"]}', f'secret_file={self.folder / "turn.secret"}', '']
        self.config.write_text('\n'.join(lines) + '\n')

    def start(self):
        self.process = subprocess.Popen([self.program, 'serve', '--config', self.config], stdout=subprocess.DEVNULL,
                                        stderr=self.log.open('ab'), stdin=subprocess.DEVNULL, env=traced(self.program))
        context = ssl.create_default_context(cafile=str(self.folder / 'ca.pem'))
        deadline = time.monotonic() + patience()
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f'https://{self.authority}/healthz', context=context, timeout=10) as answer:
                    if json.load(answer)['status'] == 'ok':
                        return
            except OSError:
                time.sleep(0.1)
            if self.process.poll() is not None:
                break
        raise RuntimeError(f'the server did not start:\n{self.log.read_text()[-2000:]}')

    def stop(self, kill=False):
        if self.process is None:
            return
        process, self.process = self.process, None
        if kill:
            process.kill()
            process.wait(timeout=15)
        else:
            end(process)

    def tell_user(self, *words):
        """One of the administrator's commands; returns the activation link where it makes one."""
        link = re.search(r'https://\S+/activate#\S+', run(self.program, 'user', *words, '--config', self.config))
        return link and link[0]

    def add_user(self, login, display_name):
        """Returns the activation link."""
        return self.tell_user('add', login, display_name)
