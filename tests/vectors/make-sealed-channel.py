#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes sealed-channel.json: docs/protocol.md sections 1, 3.2 and 4 done a second time, with python3-cryptography."""
import base64
import hashlib
import json
import sys

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b'=').decode()


def fixed(label, length=32):
    return hashlib.sha256(b'bedside test vector ' + label).digest()[:length]


def hkdf(ikm, info, length, salt=None):
    return HKDF(hashes.SHA256(), length, salt, info).derive(ikm)


def key(label):
    private = ec.derive_private_key(int.from_bytes(fixed(label), 'big'), ec.SECP256R1())
    return private, private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def compact(value):
    return json.dumps(value, separators=(',', ':'), ensure_ascii=False)


secret, room_key = fixed(b'secret'), key(b'C')
room = hkdf(secret, b'bedside room v1' + room_key[1], 16)
token = hkdf(secret, b'bedside admission v1', 32)
seal_root = hkdf(secret, b'bedside seal v1', 32)
card_key = hkdf(secret, b'bedside card v1', 32)
seat = fixed(b'seat', 16)

card = compact({'v': 1, 'key': b64(room_key[1]), 'clinic': 'Praxis am See', 'clinician': 'Dr. Jana Färber',
                'time': '2026-03-14T10:30:00Z', 'language': 'de', 'telephone': '+49 30 1234567', 'relay_only': False,
                'consent': [{'version': '2026-01', 'language': 'de', 'summary': 'Kurz.', 'text': 'In voller Länge.'}]})
card_nonce = fixed(b'card nonce', 12)
card_box = card_nonce + AESGCM(card_key).encrypt(card_nonce, card.encode(), b'bedside card v1' + room)

patient, clinician = key(b'patient'), key(b'clinician')
ids = [fixed(b'patient id', 16), fixed(b'clinician id', 16)]


def hello_bytes(role, point):
    return b'bedside hello v1' + bytes([role]) + ids[role] + point


ikm = (patient[0].exchange(ec.ECDH(), room_key[0].public_key()) +
       patient[0].exchange(ec.ECDH(), clinician[0].public_key()) + seal_root)
salt = hashlib.sha256(hello_bytes(0, patient[1]) + hello_bytes(1, clinician[1])).digest()
directions = [hkdf(ikm, b'bedside channel v1' + room + bytes([d]), 44, salt) for d in (0, 1)]


def seal(direction, seq, kind, text):
    data, iv = directions[direction][:32], directions[direction][32:]
    nonce = bytes(a ^ b for a, b in zip(iv, bytes(4) + seq.to_bytes(8, 'big')))
    associated = (b'bedside sealed v1' + room + ids[0] + ids[1] + bytes([direction]) + seq.to_bytes(8, 'big') +
                  kind.encode())
    return {'from_role': ['patient', 'clinician'][direction], 'seq': seq, 'type': kind, 'plaintext': text,
            'nonce': b64(nonce), 'associated_data': b64(associated),
            'message': {'t': 'sealed', 'from': b64(ids[direction]), 'to': b64(ids[1 - direction]), 'seq': seq,
                        'type': kind, 'box': b64(AESGCM(data).encrypt(nonce, text.encode(), associated))}}


messages = [
    seal(0, 1, 'message', compact({'text': 'Guten Tag, ich höre Sie noch nicht.'})),
    seal(1, 1, 'message', compact({'text': 'One moment, please \U0001f9ad'})),
    seal(1, 2, 'offer', compact({'sdp': 'v=0\r\n', 'ice_restart': False})),
    seal(0, 2, 'end-of-candidates', '{}'),
]

prints = [fixed(b'patient fingerprint'), fixed(b'clinician fingerprint')]
nonces = [fixed(b'patient nonce'), fixed(b'clinician nonce')]
context = b'bedside sas v1' + ids[0] + ids[1] + prints[0] + prints[1]

json.dump({
    'about': 'docs/protocol.md sections 1, 3.2 and 4; made by make-sealed-channel.py; base64url without padding',
    'invite': {
        'secret': b64(secret), 'private_key': b64(fixed(b'C')), 'public_key': b64(room_key[1]), 'room': b64(room),
        'token': b64(token), 'token_hash': b64(hashlib.sha256(token).digest()), 'seal_root': b64(seal_root),
        'card_key': b64(card_key), 'authority': 'clinic.example:8443',
        'link': 'https://clinic.example:8443/j/%s#%s' % (b64(room), b64(secret)),
        'app_link': 'bedside://clinic.example:8443/j/%s#%s' % (b64(room), b64(secret)),
    },
    'card': {'nonce': b64(card_nonce), 'plaintext': card, 'sealed': b64(card_box)},
    'peer': {'seat': b64(seat), 'peer': b64(hashlib.sha256(b'bedside peer v1' + room + seat).digest()[:12])},
    'session': {
        'patient': {'id': b64(ids[0]), 'private_key': b64(fixed(b'patient')), 'public_key': b64(patient[1]),
                    'hello': {'t': 'hello', 'v': 1, 'role': 'patient', 'id': b64(ids[0]), 'key': b64(patient[1])},
                    'key': b64(directions[0][:32]), 'iv': b64(directions[0][32:])},
        'clinician': {'id': b64(ids[1]), 'private_key': b64(fixed(b'clinician')), 'public_key': b64(clinician[1]),
                      'hello': {'t': 'hello', 'v': 1, 'role': 'clinician', 'id': b64(ids[1]),
                                'key': b64(clinician[1]), 'to': b64(ids[0])},
                      'key': b64(directions[1][:32]), 'iv': b64(directions[1][32:])},
        'salt': b64(salt), 'messages': messages,
    },
    'sas': {
        'patient_fingerprint': b64(prints[0]), 'clinician_fingerprint': b64(prints[1]),
        'patient_nonce': b64(nonces[0]), 'clinician_nonce': b64(nonces[1]),
        'commit': b64(hashlib.sha256(nonces[1] + context).digest()),
        'words': list(hashlib.sha256(b'bedside sas words v1' + nonces[1] + nonces[0] + context).digest()[:4]),
    },
}, sys.stdout, indent=1, ensure_ascii=False)
print()
