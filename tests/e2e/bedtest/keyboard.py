# SPDX-License-Identifier: GPL-3.0-or-later
"""An application driven by keys alone; the accessibility bus is only read, for where the keys go."""
from .desktop import Atspi, GLib


class Keyboard:
    def __init__(self, display, app):
        self.display, self.app = display, app

    def focused(self):
        """What the keys go to; None: an entry of libadwaita, whose inner part has the focus and is not on the bus."""
        for element in self.app.walk():
            try:
                if element.states().contains(Atspi.StateType.FOCUSED):
                    return element
            except GLib.Error:
                continue  # it went away meanwhile
        return None

    def reach(self, name, stops=30, key='Tab', role=''):
        """On with Tab, or with another key, until this has the focus. role: list items only when it is said."""
        passed = []
        for _ in range(stops):
            element = self.focused()
            passed.append(f'{element.role} "{element.name}"' if element else 'an entry')
            if element and name in element.name and (element.role == role if role else element.role != 'list item'):
                return
            self.display.key(key)
        raise AssertionError(f'{key} does not lead to "{name}", but to {", ".join(passed)}')

    def reach_entry(self, stops=30):
        """On with Tab, until an entry of libadwaita has the focus."""
        for _ in range(stops):
            if self.focused() is None:
                return
            self.display.key('Tab')
        raise AssertionError('Tab does not lead to an entry')

    def press(self, name, key='Return', role=''):
        self.reach(name, role=role)
        self.display.key(key)
