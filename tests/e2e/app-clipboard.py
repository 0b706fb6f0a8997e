#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""app-clipboard.py BUILD OUTPUT: what was copied out of a note is on the clipboard, and a minute later it is not. Run by
run-app."""
import pathlib
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.desktop import DesktopError  # noqa: E402
from bedtest.record import Record  # noqa: E402

WORDS = 'Dizzy since Tuesday.'
READER = '''
import gi
gi.require_version('Gtk', '4.0')
from gi.repository import Gdk, GLib, Gtk
Gtk.init()
loop = GLib.MainLoop()
def done(clipboard, result):
    try:
        print(clipboard.read_text_finish(result) or '')
    except GLib.Error:
        pass
    loop.quit()
Gdk.Display.get_default().get_clipboard().read_text_async(None, done)
GLib.timeout_add_seconds(10, loop.quit)
loop.run()
'''


class Clipboard(Record):
    def read(self):
        """As another program would."""
        return subprocess.run([sys.executable, '-c', READER], env=self.display.environment, check=True,
                              capture_output=True, text=True, timeout=30).stdout.strip()

    def copy(self):
        app = self.app
        self.begin_note('Ruth Lindqvist', WORDS)
        app.fill_display(1280, 800)

        def copied():
            field = next(e for e in app.walk() if e.name == 'Subjective' and e.node.get_editable_text_iface())
            app.point_at(field)
            self.display.key('ctrl+a')
            self.display.key('ctrl+c')
            return self.read() == WORDS
        app._try('the words on the clipboard', copied, 30)
        self.ok('another program reads what was copied')
        return time.monotonic()

    def steps(self):
        self.make_profile()
        self.start()
        self.unlock()
        copied = self.copy()
        while time.monotonic() < copied + 50:
            time.sleep(1)
        if self.read() != WORDS:
            raise DesktopError('it is gone too early')
        while self.read() == WORDS:
            if time.monotonic() > copied + 75:
                raise DesktopError('it is still on the clipboard')
            time.sleep(1)
        self.ok(f'gone after {time.monotonic() - copied:.0f} s')


if __name__ == '__main__':
    Clipboard(sys.argv[1], sys.argv[2]).run()
