#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""app-templates.py BUILD OUTPUT: own templates are put into an order, by the menu and by the keyboard; what was deleted
of them and of the snippets is taken back or erased days later. Run by run-app."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.desktop import DesktopError  # noqa: E402
from bedtest.record import Record  # noqa: E402

OWN = ('Physiotherapy', 'Vaccination')
SHORT = 'bp'


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
        app.write_entry('Headings', 'Findings\n' + 'A heading of many words, ' * 6)
        app.press('Save')
        app.wait('label', 'Heading 2 is too long. Shorten it to a few words.')
        self.display.screenshot(self.output / 'heading-too-long.png')
        app.write_entry('Headings', 'Findings')
        self.display.key('Escape')
        app.at_window('Preferences')

    def refuse_taken(self):
        app = self.app
        app.point('New snippet…')
        app.at_window('New snippet')
        app.write_entry('Text', 'Backpack')
        for short, words in (('b p', 'An abbreviation is one short word: take out spaces, or shorten it.'),
                             (SHORT, 'Another snippet has this abbreviation. Give this one another.')):
            app.write_entry('Abbreviation', short)
            app.press('Save')
            app.wait('label', words)
        self.display.screenshot(self.output / 'abbreviation-refused.png')
        self.display.key('Escape')
        app.at_window('Preferences')

    def wait_order(self, wanted):
        def there():
            labels = [e for e in self.app.walk() if e.role == 'label' and e.name in OWN and e.on_screen()]
            return [e.name for e in sorted(labels, key=lambda e: e.extents()[1])] == list(wanted)
        self.app._try(f'the order {wanted}', there, 15)

    def edit(self):
        """The later of the templates under another heading, and back."""
        app = self.app
        pens = [e for e in app.walk() if e.name == 'Edit this template' and e.on_screen() and app._has_action(e)]
        pens[-1].click()
        app.at_window('Edit template')
        app.write_entry('Headings', 'Reaction')
        app.press('Save')
        app.at_window('Preferences')
        app.wait('label', 'Reaction')
        app.point('Undo')
        app.wait_gone('label', 'Reaction')
        self.ok('what was saved of a template is taken back')

    def delete(self):
        """The later of the templates, and the snippet."""
        app = self.app
        self.make_snippet(SHORT, 'Blood pressure')
        bins = [e for e in app.walk() if e.name == 'Delete this template' and e.on_screen() and app._has_action(e)]
        bins[-1].click()
        app.wait_gone('label', OWN[1])
        app.press('Delete this snippet')
        app.wait_gone('label', SHORT)

    def again(self, page):
        self.close_preferences()
        self.quit()
        self.start()
        self.unlock()
        self.open_preferences('Notes', page)

    def button_of(self, row, name):
        """Of several such buttons the one in the row of this name."""
        app = self.app
        middle = app.wait('label', row)
        middle = middle.extents()[1] + middle.extents()[3] // 2
        buttons = [e for e in app.walk() if e.name == name and e.on_screen() and app._has_action(e)]
        return min(buttons, key=lambda e: abs(e.extents()[1] + e.extents()[3] // 2 - middle))

    def take_back(self):
        self.again('Keep and erase')
        app = self.app
        app.wait('', 'A template', contains=True)
        app.wait('', 'A snippet', contains=True)
        self.ok('a deleted template and snippet are listed after the next start')
        self.button_of(OWN[1], 'Take back').click()
        app.wait_gone('label', OWN[1])
        self.button_of(SHORT, 'Erase…').click()
        app.at_window(f'Erase {SHORT} for good?')
        app.press('Erase for good', contains=True, role='push button')
        app.at_window('Preferences')
        app.wait('', 'Nothing is deleted', 30)
        app.wait('', '1 snippet', 10)
        self.again('Templates and snippets')
        self.wait_order(OWN)
        if self.app.find('label', SHORT):
            raise DesktopError('the erased snippet is there')
        self.ok('the template is taken back, the snippet erased for good')

    def taken(self):
        """The abbreviation was given away meanwhile."""
        app = self.app
        self.make_snippet(SHORT, 'Blood pressure')
        app.press('Delete this snippet')
        app.wait_gone('label', SHORT)
        self.make_snippet(SHORT, 'Birth plan')
        self.refuse_taken()
        self.ok('an abbreviation that is taken, and one of two words, are refused in words')
        self.again('Keep and erase')
        self.button_of(SHORT, 'Take back').click()
        self.app.wait_toast('Another snippet has this abbreviation now. Give that one another, then take this one back.')
        self.ok('a snippet whose abbreviation was given away says so, and stays')

    def steps(self):
        self.make_profile()
        self.start()
        self.unlock()
        self.open_preferences('Notes', 'Templates and snippets')
        for name in OWN:
            self.make(name)
        self.wait_order(OWN)
        self.refuse_ninth()
        self.ok('a ninth heading and one that is too long are refused in words')
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
        self.again('Templates and snippets')
        self.wait_order(OWN)
        self.ok('the order is there after the next unlock')
        self.edit()
        self.delete()
        self.take_back()
        self.taken()


if __name__ == '__main__':
    Templates(sys.argv[1], sys.argv[2]).run()
