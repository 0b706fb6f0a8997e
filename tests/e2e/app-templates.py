#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""app-templates.py BUILD OUTPUT: own templates are put into an order, by the menu and by the keyboard. Run by run-app."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.desktop import DesktopError  # noqa: E402
from bedtest.record import Record  # noqa: E402

OWN = ('Physiotherapy', 'Vaccination')


class Templates(Record):
    def make(self, name):
        app = self.app
        app.at_window('Preferences')
        app.point('New template…')
        app.at_window('New template')
        app.write_entry('Name', name)
        app.write_entry('Headings', 'Findings')
        app.press('Save')
        app.at_window('Preferences')
        app.wait('label', name)

    def refuse_ninth(self):
        app = self.app
        app.point('New template…')
        app.at_window('New template')
        app.write_entry('Name', 'Long')
        app.write_entry('Headings', '\n'.join(f'Part {n}' for n in range(9)))
        app.press('Save')
        app.wait('label', 'A template has at most eight headings. Take some away.')
        app.write_entry('Headings', 'Findings')
        self.display.key('Escape')
        app.at_window('Preferences')

    def wait_order(self, wanted):
        def there():
            labels = [e for e in self.app.walk() if e.role == 'label' and e.name in OWN and e.on_screen()]
            return [e.name for e in sorted(labels, key=lambda e: e.extents()[1])] == list(wanted)
        self.app._try(f'the order {wanted}', there, 15)

    def steps(self):
        self.make_profile()
        self.start()
        self.unlock()
        self.open_preferences('Notes', 'Templates and snippets')
        for name in OWN:
            self.make(name)
        self.wait_order(OWN)
        self.refuse_ninth()
        self.ok('a ninth heading is refused in words')
        movers = [e for e in self.app.walk() if e.name == 'Move this template (Alt and the arrows)' and e.on_screen()
                  and self.app._has_action(e)]
        if len(movers) != len(OWN):
            raise DesktopError(f'{len(movers)} templates can be moved')
        movers[-1].click()
        self.press_menu('Move up')
        self.app.at_window('Preferences')
        self.wait_order(OWN[::-1])
        self.ok('a template is moved up by its menu')
        self.display.key('alt+Down')
        self.wait_order(OWN)
        self.ok('and down by the keyboard: the focus went with it')
        self.app.stop()
        self.start()
        self.unlock()
        self.open_preferences('Notes', 'Templates and snippets')
        self.wait_order(OWN)
        self.ok('the order is there after the next unlock')


if __name__ == '__main__':
    Templates(sys.argv[1], sys.argv[2]).run()
