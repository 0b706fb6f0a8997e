# SPDX-License-Identifier: GPL-3.0-or-later
"""Which words are in the memory of a process, or in files."""
import re

SANITIZERS_OWN = 1 << 33  # bytes: no mapping of the app itself is as large


def words_in(memory, words):
    """Each word ends with `marker`: as text is kept in UTF-8, UTF-16 and UTF-32."""
    for code, width in (('utf-8', 1), ('utf-16-le', 2), ('utf-32-le', 4)):
        tail = 'marker'.encode(code)
        at = memory.find(tail)
        while at >= 0:
            text = memory[max(0, at - 10 * width):at + len(tail)].decode(code, 'replace')
            yield from (word for word in words if text.endswith(word))
            at = memory.find(tail, at + len(tail))


def found_in_memory(pid, words, tries=5):
    """Which of the words are anywhere in the memory of a process; anew when some of it went away meanwhile."""
    found = set()
    with open(f'/proc/{pid}/maps', encoding='utf-8') as maps, open(f'/proc/{pid}/mem', 'rb', 0) as memory:
        for line in maps:
            match = re.match(r'([0-9a-f]+)-([0-9a-f]+) r', line)
            if match is None or '[v' in line:  # what the kernel maps cannot be read
                continue
            start, end = (int(text, 16) for text in match.groups())
            if end - start > SANITIZERS_OWN:
                continue
            try:
                memory.seek(start)
                found.update(words_in(memory.read(end - start), words))
            except OSError:
                if 'rw-p' not in line or '/dev/' in line:
                    continue
                if tries == 1:
                    raise
                return found | found_in_memory(pid, words, tries - 1)
    return found


def found_at_rest(places, words):
    """What is in the name or the content of any file, and all files that were looked at."""
    found, seen = set(), set()
    for path in (path for place in places for path in place.rglob('*')):
        found.update((word, str(path)) for word in words_in(path.name.encode(), words))
        if not path.is_symlink() and path.is_file():
            try:
                found.update((word, str(path)) for word in words_in(path.read_bytes(), words))
            except FileNotFoundError:
                continue
            seen.add(path)
    return found, seen
