# SPDX-License-Identifier: GPL-3.0-or-later
"""The encrypted export, opened by docs/export.md alone: libsodium and a tar reader, none of our code."""
import ctypes
import ctypes.util
import hashlib
import io
import tarfile

PIECE = 64 * 1024 + 17


def open_export(data, passphrase):
    """Returns {name: bytes}; raises ValueError when anything is wrong."""
    sodium = ctypes.CDLL(ctypes.util.find_library('sodium') or 'libsodium.so.23')
    sodium.sodium_init()
    header, rest = data[:64], data[64:]
    if header[:16] != b'BEDSIDE-EXPORT-1':
        raise ValueError('no export')
    passes, memory = int.from_bytes(header[16:20], 'big'), int.from_bytes(header[20:24], 'big')
    words = passphrase.encode()
    key = ctypes.create_string_buffer(32)
    if sodium.crypto_pwhash(key, ctypes.c_ulonglong(32), words, ctypes.c_ulonglong(len(words)), header[24:40],
                            ctypes.c_ulonglong(passes), ctypes.c_size_t(memory * 1024), ctypes.c_int(2)) != 0:
        raise ValueError('memory')
    state = ctypes.create_string_buffer(sodium.crypto_secretstream_xchacha20poly1305_statebytes())
    sodium.crypto_secretstream_xchacha20poly1305_init_pull(state, header[40:64], key)
    archive, first, tag = io.BytesIO(), True, ctypes.c_ubyte(0)
    for at in range(0, len(rest), PIECE):
        sealed = rest[at:at + PIECE]
        plain, length = ctypes.create_string_buffer(len(sealed)), ctypes.c_ulonglong(0)
        if tag.value == 3 or sodium.crypto_secretstream_xchacha20poly1305_pull(
                state, plain, ctypes.byref(length), ctypes.byref(tag), sealed, ctypes.c_ulonglong(len(sealed)),
                header if first else None, ctypes.c_ulonglong(64 if first else 0)) != 0:
            raise ValueError('a piece does not open')
        first = False
        archive.write(plain.raw[:length.value])
    if tag.value != 3:
        raise ValueError('cut off')
    archive.seek(0)
    with tarfile.open(fileobj=archive) as tar:
        files = {member.name: tar.extractfile(member).read() for member in tar if member.isfile()}
    check_sums(files)
    return files


def check_sums(files):
    seen = {'SHA256SUMS'}
    for name in [n for n in files if n.endswith('SHA256SUMS')]:
        for line in files[name].decode().splitlines():
            digest, target = line.split('  ')
            target = name[:-len('SHA256SUMS')] + target
            if hashlib.sha256(files[target]).hexdigest() != digest:
                raise ValueError(f'{target} is not as its sum says')
            seen.add(target)
    if seen != set(files):
        raise ValueError(f'not vouched for: {set(files) - seen}')
