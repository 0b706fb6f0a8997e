#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""open-flatpak.py WORK: starts the installed Flatpak in its sandbox and waits for its first page.

The session's directories were exchanged by pipewire-session.sh; Flatpak's own are in WORK/home.
"""
import os
import pathlib
import sys
import time

import gi

gi.require_version('Atspi', '2.0')
from gi.repository import Atspi  # noqa: E402

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.desktop import Application, DesktopError, Display  # noqa: E402


class Sandboxed(Application):
    """Behind a proxy of the bus its process is not the one that was started; it is alone there."""

    def _find_on_bus(self):
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self.process.poll() is None:
            desktop = Atspi.get_desktop(0)
            for i in range(desktop.get_child_count()):
                child = desktop.get_child_at_index(i)
                if child is not None and child.get_child_count() > 0:
                    return child
            time.sleep(0.1)
        raise DesktopError('the application did not come up')


def main():
    work = pathlib.Path(sys.argv[1])
    display = Display(1280, 800)
    environment = {'HOME': str(work / 'home'), 'XDG_DATA_HOME': str(work / 'home/data'),
                   'XDG_CACHE_HOME': str(work / 'home/cache')}
    app = None
    try:
        app = Sandboxed(display, ['flatpak', 'run', '--user', 'org.bedside.Bedside'], environment, str(work / 'app.log'))
        app.at('BedWelcomePage')
        display.screenshot(work / 'flatpak.png')
        print(f'the app drew its first page in the sandbox: {work / "flatpak.png"}')
    finally:
        if app is not None:
            app.stop()
        display.close()
    return 0


if __name__ == '__main__':
    sys.exit(main())
