#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`bedside-server doctor` on broken set-ups: each finding is told with what to do next. As TAP."""
import datetime, os, subprocess, sys, threading
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from clinic import *

results = []


def check(name, good, detail=''):
    results.append(bool(good))
    print('%s %d %s' % ('ok' if good else 'not ok', len(results), name), flush=True)
    if not good:
        print('# ' + str(detail).replace('\n', '\n# '), flush=True)


def doctor(clinic, without='', **settings):
    """Its findings, each with its lines; with other settings than the clinic's, or without a section, for this once."""
    good = clinic.config.read_text()
    text = good.replace('[%s]' % without, '[unused]')
    for name, value in settings.items():
        line = next(l for l in text.splitlines() if l.startswith(name + '='))
        text = text.replace(line, '%s=%s' % (name, value))
    clinic.config.write_text(text)
    done = clinic.command('doctor', check=False)
    clinic.config.write_text(good)
    findings = []
    for line in done.stdout.splitlines():
        if line.startswith(('good ', 'warning ', 'BAD ')):
            findings.append(line)
        elif line.strip().startswith('Next:'):
            findings[-1] += '\n' + line.strip()
    return done.returncode, findings


def told(name, clinic, verdict, finding, *words, **settings):
    code, findings = doctor(clinic, **settings)
    found = [f for f in findings if f.startswith(verdict) and finding in f]
    check(name, len(found) == 1 and all(w in found[0].partition('Next:')[2] for w in words), findings)
    bad = [f for f in findings if f.startswith('BAD')]
    check(name + ': nothing bad without a next step', code == bool(bad)
          and all('\nNext: ' in f for f in findings if not f.startswith('good')), findings)


def word_of_dns():
    """What is to do depends on whether the DNS answers at all here."""
    try:
        socket.getaddrinfo('clinic.test', None)
    except socket.gaierror as error:
        return 'A record' if error.errno == socket.EAI_NONAME else 'resolv.conf'
    raise AssertionError('clinic.test has an address')


class FakeTurn:
    """Takes datagrams and answers with an error, or never."""

    def __init__(self, code=None):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(('127.0.0.1', 0))
        self.url = 'turn:127.0.0.1:%d' % self.socket.getsockname()[1]
        self.code = code
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            request, address = self.socket.recvfrom(2048)
            if self.code:
                error = struct.pack('>HHHBB', 9, 4, 0, self.code // 100, self.code % 100)
                self.socket.sendto(struct.pack('>HH', 0x0113, len(error)) + request[4:20] + error, address)


def certificate_for(clinic, begins, ends):
    """Of the clinic's key; in days from now."""
    key = serialization.load_pem_private_key((clinic.folder / 'private-key.pem').read_bytes(), None)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, 'clinic.test')])
    now = datetime.datetime.now(datetime.timezone.utc)
    made = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
            .not_valid_before(now + datetime.timedelta(days=begins)).not_valid_after(now + datetime.timedelta(days=ends))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName('clinic.test')]), False).sign(key, hashes.SHA256()))
    path = clinic.folder / 'other.pem'
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return path


def tell_of_the_clock(clinic):
    # The sanitizer's library wants to be loaded first; nothing that it watches is in the clock's.
    options = os.environ.get('ASAN_OPTIONS', '')
    os.environ.update(LD_PRELOAD=os.environ['FAKE_CLOCK_LIBRARY'], FAKE_CLOCK='off',
                      ASAN_OPTIONS=f'{options}:verify_asan_link_order=0')
    try:
        told('a clock that nothing sets', clinic, 'warning', 'The clock is not synchronised', 'timedatectl set-ntp true')
        os.environ['FAKE_CLOCK'] = 'synchronised'
        told('a clock that is set', clinic, 'good', 'The clock is synchronised')
    finally:
        del os.environ['LD_PRELOAD']
        os.environ['ASAN_OPTIONS'] = options


def main():
    clinic = Clinic()
    nothing = clinic.folder / 'nothing'
    nothing.mkdir()
    short = clinic.folder / 'short'
    short.write_text('too short\n')
    make_certificate(nothing, 'elsewhere.test')
    try:
        told('a name that is not in the DNS', clinic, 'BAD', 'clinic.test (public_url) is not in the DNS', word_of_dns())
        told('nothing listens at the relay', clinic, 'BAD', 'refused', 'start coturn', urls='turn:127.0.0.1:%d' % free_port())
        told('the relay is silent', clinic, 'BAD', 'no answer', 'firewall', urls=FakeTurn().url)
        told('the relay takes no credentials', clinic, 'BAD', '(401)', 'static-auth-secret', urls=FakeTurn(401).url)
        told('the relay has no place', clinic, 'BAD', 'it answered 486', 'quota', urls=FakeTurn(486).url)
        told('no relay at all', clinic, 'warning', 'No TURN server', 'install coturn', urls='')
        told('a short secret', clinic, 'BAD', 'shorter than 16', 'openssl rand', secret_file=short)
        told('a certificate that ends soon', clinic, 'warning', 'ends in', 'certbot renew',
             certificate=certificate_for(clinic, -1, 5))
        told('one that has ended', clinic, 'BAD', 'has expired', 'certbot renew', certificate=certificate_for(clinic, -9, -1))
        told('one of the future', clinic, 'BAD', 'not valid yet', 'timedatectl', certificate=certificate_for(clinic, 1, 9))
        told('a certificate for another name', clinic, 'BAD', 'not for clinic.test', 'public_url',
             certificate=nothing / 'certificate.pem', private_key=nothing / 'private-key.pem')
        told('a key of another certificate', clinic, 'BAD', 'does not belong', 'private_key', private_key=nothing / 'private-key.pem')
        told('no certificate', clinic, 'BAD', 'cannot be read', 'certificate', certificate=nothing / 'none.pem')
        told('a store with another key', clinic, 'BAD', 'The store', 'key_file', key_file=short)
        told('nothing to agree to', clinic, 'BAD', 'no consent text', '[consent 1]', without='consent 1')
        told('no telephone', clinic, 'warning', 'no number to call', 'telephone', telephone='')
        told('a server that is not tried', clinic, 'warning', 'was not tried', 'turn:', urls=f'stun:127.0.0.1:{free_port()}')
        tell_of_the_clock(clinic)
        told('no page', clinic, 'BAD', "The patient's page", 'web_dir', web_dir=nothing)
    finally:
        clinic.close()
    print('1..%d' % len(results))
    sys.exit(0 if all(results) else 1)


main()
