# SPDX-License-Identifier: GPL-3.0-or-later
"""The clinician's end of docs/protocol.md sections 1 and 4, written anew so that the page is checked against it."""
import base64
import hashlib
import json
import os
import struct

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def b64(data):
    return base64.urlsafe_b64encode(data).decode().rstrip('=')


def unb64(text):
    return base64.urlsafe_b64decode(text + '=' * (-len(text) % 4))


def hkdf(secret, info, length, salt=None):
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def public_bytes(key):
    return key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def exchange(key, point):
    return key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point))


class Invitation:
    """What the clinician's app makes for one patient."""

    def __init__(self, **card):
        self.secret = os.urandom(32)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.point = public_bytes(self.key)
        self.room = hkdf(self.secret, b'bedside room v1' + self.point, 16)
        self.admission = hkdf(self.secret, b'bedside admission v1', 32)
        self.seal_root = hkdf(self.secret, b'bedside seal v1', 32)
        plain = {'v': 1, 'key': b64(self.point), **card}
        nonce = os.urandom(12)
        box = AESGCM(hkdf(self.secret, b'bedside card v1', 32)).encrypt(
            nonce, json.dumps(plain).encode(), b'bedside card v1' + self.room)
        self.card = b64(nonce + box)

    @property
    def path(self):
        return f'/j/{b64(self.room)}'

    @property
    def link(self):
        return f'{self.path}#{b64(self.secret)}'


class Session:
    """One session, begun by a patient's hello."""

    def __init__(self, invitation, hello):
        self.room = invitation.room
        self.patient = unb64(hello['id'])
        self.id = os.urandom(16)
        fresh = ec.generate_private_key(ec.SECP256R1())
        point = public_bytes(fresh)
        patient_point = unb64(hello['key'])
        self.hello = {'t': 'hello', 'v': 1, 'role': 'clinician', 'id': b64(self.id), 'key': b64(point), 'to': hello['id']}
        ikm = exchange(invitation.key, patient_point) + exchange(fresh, patient_point) + invitation.seal_root
        salt = hashlib.sha256(b'bedside hello v1\0' + self.patient + patient_point +
                              b'bedside hello v1\1' + self.id + point).digest()
        keys = [hkdf(ikm, b'bedside channel v1' + self.room + bytes([d]), 44, salt) for d in (0, 1)]
        self.ciphers = [(AESGCM(key[:32]), key[32:]) for key in keys]
        self.sequence = [0, 0]

    def _nonce(self, direction, sequence):
        return bytes(a ^ b for a, b in zip(self.ciphers[direction][1], bytes(4) + struct.pack('>Q', sequence)))

    def _associated(self, direction, sequence, kind):
        return (b'bedside sealed v1' + self.room + self.patient + self.id + bytes([direction]) +
                struct.pack('>Q', sequence) + kind.encode())

    def seal(self, kind, body):
        self.sequence[1] += 1
        n = self.sequence[1]
        box = self.ciphers[1][0].encrypt(self._nonce(1, n), json.dumps(body).encode(), self._associated(1, n, kind))
        return {'t': 'sealed', 'from': b64(self.id), 'to': b64(self.patient), 'seq': n, 'type': kind, 'box': b64(box)}

    def open(self, message):
        n = message['seq']
        assert n == self.sequence[0] + 1, f'sequence {n} after {self.sequence[0]}'
        self.sequence[0] = n
        plain = self.ciphers[0][0].decrypt(self._nonce(0, n), unb64(message['box']), self._associated(0, n, message['type']))
        return json.loads(plain)


def fingerprint(sdp):
    line = next(line for line in sdp.splitlines() if line.startswith('a=fingerprint:sha-256 '))
    return bytes.fromhex(line.split(' ')[1].replace(':', ''))


class Verification:
    """The clinician's half of section 4.2."""

    def __init__(self, session, patient_fingerprint, clinician_fingerprint):
        self.context = b'bedside sas v1' + session.patient + session.id + patient_fingerprint + clinician_fingerprint
        self.nonce = os.urandom(32)
        self.commit = hashlib.sha256(self.nonce + self.context).digest()

    def words(self, patient_nonce):
        return list(hashlib.sha256(b'bedside sas words v1' + self.nonce + patient_nonce + self.context).digest()[:4])
