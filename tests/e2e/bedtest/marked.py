# SPDX-License-Identifier: GPL-3.0-or-later
"""A consultation in which each word that is typed or shown is one to be looked for: each ends with `marker`."""
import os
import pathlib

from .consultation import until
from .desk import Desk

NAME = 'Quorvexmarker Ostrilmarker'
CHAT = 'zanthemarker'
TYPED = [f'{"bdfglmnprst"[n % 11]}{"aeiou"[n % 5]}{"kvxz"[n % 4]}{n:03d}marker' for n in range(197)]
MARKERS = [*TYPED, *NAME.split(), CHAT]
PASSWORD_MARKER = 'vesquilmarker'
SECTIONS = ('Subjective', 'Objective', 'Assessment', 'Plan')


class MarkedDesk(Desk):
    """With a password to be looked for, and with temporary files where they are found."""

    password = f'a lamp beside the {PASSWORD_MARKER}'

    def begin(self):
        super().begin()
        self.temporary_files = self.folder / 'tmp'
        self.temporary_files.mkdir()

    def places(self):
        """Where the app may write: its own, the session's and the clinic's folders."""
        named = {os.environ[name] for name in ('HOME', 'XDG_RUNTIME_DIR', 'XDG_CONFIG_HOME', 'XDG_STATE_HOME',
                                               'XDG_CACHE_HOME', 'XDG_DATA_HOME')}
        return [self.folder, *sorted(pathlib.Path(place) for place in named)]


def type_everything(desk, guest):
    app = desk.app
    desk.admit()
    guest.wait('admitted')
    app.press('Note', contains=True)
    for index, section in enumerate(SECTIONS):
        app.write_entry(section, ' '.join(TYPED[index::4]))
    app.wait('', 'Saved', 15, contains=True)
    app.press('Chat', contains=True)
    until('the chat', lambda: write_chat(app), 15, 0.3)


def write_chat(app):
    app.write_entry('Message', CHAT)
    app.press('Send')
    return app.find('', CHAT, contains=True)
