#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The layer check itself: what is forbidden must be found."""
import pathlib
import subprocess
import sys
import tempfile

CHECK = pathlib.Path(__file__).with_name('check-layers.py')
LICENCE = '/* SPDX-License-Identifier: GPL-3.0-or-later */\n'
BAD = {
    'an arrow against the order': ('src/base/a.c', '#include "bed-db.h"\n'),
    'a private header of another room': ('src/vault/a.c', '#include "bed-db-private.h"\n'),
    'a library of another room': ('src/ui/a.c', '#include <nice/agent.h>\n'),
    'the environment in a room': ('src/vault/a.c', 'x = g_getenv ("HOME");\n'),
    'words outside ui': ('src/vault/a.c', 'x = _("Hello");\n'),
    "an error's text in a log": ('src/vault/a.c', 'g_warning ("x (%s): %s",\n           why (a), error->message);\n'),
    "an error's text in the server's log": ('src/server/a.c', 'bed_server_log (l, "x", "t", "why", e->message);\n'),
    'an unknown room': ('src/attic/a.c', ''),
    'a file that is too long': ('src/base/a.c', 'int x;\n' * 1001),
}


def run(files):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(LICENCE + text)
        return subprocess.run([sys.executable, CHECK, folder], capture_output=True, text=True).returncode


def main():
    house = {'src/db/bed-db.h': '', 'src/db/bed-db-private.h': '', 'src/vault/bed-vault.c': '#include "bed-db.h"\n'}
    fine = {'src/vault/a.c': 'g_warning ("x: " BED_ERROR_FORMAT, BED_ERROR_CODE (e));\ntell (e->message);\n',
            'src/server/a.c': 'bed_server_log (l, "reload-failed", "t", "reason", e->message);\n'}
    results = [('what is allowed', run({**house, **fine}) == 0)]
    results += [(what, run({**house, name: text}) == 1) for what, (name, text) in BAD.items()]
    print(f'1..{len(results)}')
    for number, (what, good) in enumerate(results, 1):
        print(f'{"ok" if good else "not ok"} {number} {what}')
    return 0 if all(good for _, good in results) else 1


if __name__ == '__main__':
    sys.exit(main())
