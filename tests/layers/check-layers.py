#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fails on any include that the house does not allow.

The table is the one of docs/architecture.md: a room may include its own headers and those of the rooms
listed for it; each heavy library is named by the rooms listed for it alone.
"""
import pathlib
import re
import sys

RTC = ['rtc/media', 'rtc/sdp', 'rtc/rtp', 'rtc/dtls', 'rtc/srtp', 'rtc/sctp', 'rtc/codec', 'rtc/ice', 'rtc/bwe']
ALLOWED = {
    'base': [],
    'protocol': ['base'],
    'db': ['base'],
    'vault': ['base', 'db'],
    'rtc/media': ['base'],
    'rtc/sdp': ['base'],
    'rtc/rtp': ['base'],
    'rtc/dtls': ['base'],
    'rtc/srtp': ['base'],
    'rtc/sctp': ['base'],
    'rtc/codec': ['base', 'rtc/media'],
    'rtc/ice': ['base', 'rtc/sdp'],
    'rtc/bwe': ['base', 'rtc/rtp'],
    'rtc/peer': ['base', *RTC],
    'engine': ['base', 'rtc/media', 'rtc/peer', 'consent'],
    'signalling': ['base', 'protocol'],
    'devices': ['base', 'rtc/media', 'consent'],
    'audit': ['base'],
    'consent': ['base'],
    'records': ['base', 'vault', 'db', 'audit', 'consent'],
    'session': ['base', 'vault', 'signalling', 'protocol', 'audit'],
    'consultation': ['base', 'protocol', 'signalling', 'engine', 'rtc/media', 'records', 'consent', 'audit', 'vault'],
    'ui': ['base', 'session', 'consultation', 'records', 'consent', 'rtc/media', 'engine', 'protocol', 'signalling',
           'vault', 'audit'],
    'server': ['base', 'protocol', 'db'],
    'app': None,  # everything
}
# What a header of an allowed room shows of a room below it is visible too: the last entries of records,
# consultation and ui are there for that, not to be called.
EXTERNAL = [
    (r'^(sqlcipher/|sqlite3\.h)', ['db']),
    (r'^(libsecret/|fido)', ['vault']),
    (r'^nice/', ['rtc/ice']),
    (r'^openssl/(ssl|bio|srtp)\.h', ['rtc/dtls', 'server']),
    (r'^srtp', ['rtc/srtp']),
    (r'^usrsctp', ['rtc/sctp']),
    (r'^(opus|vpx)/', ['rtc/codec']),
    (r'^libyuv', ['rtc/media']),
    (r'^(pipewire|spa|pulse|libportal)/|^turbojpeg\.h', ['devices']),
    (r'^libsoup/', ['signalling']),
    (r'^libwebsockets', ['server']),
    (r'^(cairo|pango|libical|enchant)', ['records', 'ui']),
    (r'^(qrencode|zxcvbn)', ['session']),
    (r'^(gtk|gdk|gsk|adwaita)', ['ui', 'app']),
    (r'^liboath/', ['server', 'session']),
]
TEXT_ROOMS = {'ui', 'app'}
ENVIRONMENT_ROOMS = {'app', 'server'}
LINES_MAX = 1000
# A log names an error by its kind (BED_ERROR_FORMAT): its text is often a library's, and may hold what was read or typed.
LOG_CALL = re.compile(r'\b(?:g_(?:debug|info|message|warning|critical|error|log)|bed_server_log\w*) \(')
ERROR_TEXT = re.compile(r'->message\b')
# To whoever runs the server: which of their own files or settings is wrong, and in what. There is nobody's data in those.
LOGS_OF_SETTINGS = {'certificate-refused', 'reload-failed'}


def room_of(path, root):
    parts = path.relative_to(root / 'src').parts
    return '/'.join(parts[:2]) if parts[0] == 'rtc' else parts[0]


def check_include(name, angle, room, rooms_of_header):
    if not angle and name in rooms_of_header:
        other = rooms_of_header[name]
        if other != room and name.endswith('-private.h'):
            return f'private header of {other}'
        allowed = ALLOWED.get(room)
        if other != room and allowed is not None and other not in allowed:
            return f'{room} may not know {other}'
    for pattern, owners in EXTERNAL:
        if re.search(pattern, name) and room not in owners:
            return f'only {", ".join(owners)} may name this library'
    return None


def call_at(text, start):
    """From the bracket that opens it to the one that closes it."""
    depth = 0
    for match in re.compile(r'"(?:[^"\\]|\\.)*"|[()]').finditer(text, start):
        depth += {'(': 1, ')': -1}.get(match[0], 0)
        if depth == 0:
            return text[start:match.end()]
    return text[start:]


def check_logs(path, text):
    for match in LOG_CALL.finditer(text):
        call = call_at(text, match.end() - 1)
        if ERROR_TEXT.search(call) and not LOGS_OF_SETTINGS & set(re.findall(r'"([^"]*)"', call)):
            number = text.count('\n', 0, match.start()) + 1
            yield f'{path}:{number}: an error goes to the log by its kind (BED_ERROR_FORMAT), not by its text'


def check_file(path, room, rooms_of_header):
    text = path.read_text()
    yield from check_logs(path, text)
    for number, line in enumerate(text.splitlines(), 1):
        match = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
        complaint = match and check_include(match[2], match[1] == '<', room, rooms_of_header)
        if complaint:
            yield f'{path}:{number}: {match[2]}: {complaint}'
        if room not in ENVIRONMENT_ROOMS and re.search(r'\b(g_)?getenv \(', line):
            yield f'{path}:{number}: the environment is read in app and the server only'
        if room not in TEXT_ROOMS and re.search(r'\b(gettext|dgettext) \(|[ (]_\("', line):
            yield f'{path}:{number}: words for people belong to ui'
    if text.count('\n') > LINES_MAX:
        yield f'{path}: over {LINES_MAX} lines'
    if not text.startswith('/* SPDX-License-Identifier: GPL-3.0-or-later */'):
        yield f'{path}: no licence line'


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    files = sorted(p for p in (root / 'src').rglob('*.[ch]'))
    rooms_of_header = {p.name: room_of(p, root) for p in files if p.suffix == '.h'}
    complaints = []
    for path in files:
        room = room_of(path, root)
        if room not in ALLOWED:
            complaints.append(f'{path}: {room} is no room of the house')
            continue
        complaints += check_file(path, room, rooms_of_header)
    for complaint in complaints:
        print(complaint)
    print(f'{len(files)} files, {len(complaints)} complaints')
    return 1 if complaints or not files else 0


if __name__ == '__main__':
    sys.exit(main())
