#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""app-typing.py BUILD OUTPUT: killed while a note is typed without a pause, the app has all but the last 2 s of it. Run by
run-app."""
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.desktop import Atspi, DesktopError  # noqa: E402
from bedtest.record import Record  # noqa: E402

PATIENT = 'Ruth Lindqvist'
BEGUN = 'Typed: '
MAY_BE_LOST = 2.0  # seconds
KILLED_AFTER = (3.3, 4.1, 5.6)  # seconds of typing: at other moments between two saves


class Typing(Record):
    def begin(self):
        self.make_profile()
        self.start()
        self.unlock()
        self.begin_note(PATIENT, BEGUN)
        self.app.wait('', 'Saved', 10, contains=True)

    def field(self):
        def act():
            return next((e for e in self.app.walk() if e.on_screen() and (e.text() or '').startswith(BEGUN)), None)
        return self.app._try('the note', act, 20)

    def focused_field(self):
        """The page may still be moving when it is looked for."""
        def act():
            field = self.field()
            x, y, width, _ = field.extents()
            self.display.click(x + width / 2, y + 12)
            time.sleep(0.2)
            return field.node.get_state_set().contains(Atspi.StateType.FOCUSED) and field
        return self.app._try('the focus in the note', act, 15)

    def type_and_kill(self, seconds):
        """Returns what stood on the screen, when, and the moment of the kill."""
        field = self.focused_field()
        self.display.key('ctrl+End')
        begun, shown, word = time.monotonic(), [], 0
        while time.monotonic() - begun < seconds:
            word += 1
            self.display.type(f'w{word} ')
            text = field.text()
            shown.append((time.monotonic(), text))
        killed = time.monotonic()
        self.app.stop(kill=True)
        return shown, killed

    def look(self, shown, killed):
        self.start()
        self.unlock()
        self.app.point('Notes')
        self.app.point(PATIENT, contains=True)
        kept = self.field().text()
        lost = [at for at, text in shown if not kept.startswith(text)]
        pause = max(b - a for (a, _), (b, _) in zip(shown, shown[1:]))
        if killed - shown[0][0] <= MAY_BE_LOST or shown[-1][1] == shown[0][1]:
            raise DesktopError('too little was typed to tell anything')
        seconds = killed - lost[0] if lost else 0.0
        if seconds > MAY_BE_LOST:
            raise DesktopError(f'{seconds:.2f} s of typing were lost')
        self.ok(f'killed after {len(shown)} words, {pause:.2f} s apart at most: the last {seconds:.2f} s are lost')

    def steps(self):
        self.begin()
        for seconds in KILLED_AFTER:
            self.look(*self.type_and_kill(seconds))


if __name__ == '__main__':
    Typing(sys.argv[1], sys.argv[2]).run()
