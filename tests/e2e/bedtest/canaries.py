# SPDX-License-Identifier: GPL-3.0-or-later
"""What must not be in a log, whoever wrote it: see SECURITY.md."""
import re

PATTERNS = {
    'a line of SDP': re.compile(r'(^|["\s\\rn])(a=(rtpmap|fingerprint|ice-|candidate|ssrc|mid|msid|setup)|c=IN IP|o=\S+ \d+ \d+ IN)'),
    'a candidate': re.compile(r'candidate:|\btyp (host|srflx|relay|prflx)\b'),
    'an address': re.compile(r'\b\d{1,3}(\.\d{1,3}){3}\b|\b([0-9a-f]{1,4}:){5,7}[0-9a-f]{1,4}\b'),
    'a link': re.compile(r'/j/[\w-]|/activate#|#[\w-]{20,}'),
    'a key or token': re.compile(r'(?=[\w+/-]*[a-z])(?=[\w+/-]*[A-Z])(?=[\w+/-]*\d)[\w+/-]{22,}={0,2}'),
    'a key in PEM': re.compile(r'-----BEGIN'),
}


LIBRARY = re.compile(r'\b((libnice|libsoup|GLib|Gtk|Gdk|Pango)[\w-]*)-(DEBUG|INFO|Message)')


def find_private(text, words, as_libraries_log=False):
    """Lines of a log with one of the words (in any case, or as JSON or URLs write them) or of the patterns, and why.

    as_libraries_log: the lines of libraries may have patterns, for they did not pass the app's own log writer."""
    forms = {}
    for word in words:
        for form in (word, word.replace(' ', '%20'), word.replace(' ', '+'), word.encode('unicode_escape').decode()):
            forms[form.lower()] = word
    for line in text.splitlines():
        low = line.lower()
        for form, word in forms.items():
            if form in low:
                yield f'the word {word!r}', line
        for what, pattern in PATTERNS.items():
            if as_libraries_log and LIBRARY.search(line):
                continue
            if pattern.search(line):
                yield what, line
