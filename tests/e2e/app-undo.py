#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""app-undo.py BUILD OUTPUT: what was changed or deleted is taken back, by toasts and by Ctrl+Z, and what is typed in a note is
helped by snippets and the spelling. Run by run-app."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.desktop import DesktopError  # noqa: E402
from bedtest.record import Record  # noqa: E402

PATIENT, OTHER = 'Ruth Lindqvist', 'Rut Lindkvist'
SHORT, LONG = 'bp', 'Blood pressure 120/80'
FIRST, SECOND = 'Dizzy since', 'Tuesday'
WRONG, RIGHT = 'hospitall', 'hospital'


class Undo(Record):
    def edit(self):
        app = self.app
        app.press('Edit this patient')
        app.at_window('Edit patient')
        app.write_entry('Name', OTHER)
        app.press('Save')
        app.at('BedPatientsPage')
        app.wait('label', OTHER)
        app.wait_toast('Details saved.')
        app.point('Undo')
        app.at('BedPatientsPage')
        app.wait('label', PATIENT)
        app.wait_gone('label', OTHER)
        self.ok('what was saved of a patient is taken back')

    def delete(self):
        app = self.app
        app.press('Delete this patient; can be taken back')
        app.wait('', 'No patients yet')
        app.wait_toast('Deleted. It can be taken back in Preferences, Notes.')
        app.point('Undo')
        app.at('BedPatientsPage')
        app.wait('list item', PATIENT, contains=True)
        app.point(PATIENT)
        app.wait('', 'Write a note')
        self.ok('a deleted patient is taken back by the toast')

    def field(self):
        return next(e for e in self.app.walk() if e.name == 'Subjective' and e.node.get_editable_text_iface())

    def expect(self, text):
        self.app._try(f'"{text}" in the note', lambda: self.field().text() == text, 10)

    def take_back(self, key, text):
        """By so many strokes as there are steps."""
        for _ in range(8):
            if self.field().text() == text:
                return
            before = self.field().text()
            self.display.key(key)
            self.app._try(f'what {key} does', lambda: self.field().text() != before, 10)
        raise DesktopError(f'{key} does not lead to "{text}", but to "{self.field().text()}"')

    def write(self):
        app = self.app
        app.press('Write a note')
        app.wait('', 'Sign…')
        self.choose('Template', 'SOAP')
        app.at('BedHomePage')
        app.fill_display(1280, 800)
        app.wait('', 'Subjective')
        app.point_at(self.field())
        self.display.type(FIRST)
        self.expect(FIRST)
        self.display.type(f' {SECOND}')
        self.expect(f'{FIRST} {SECOND}')
        self.take_back('ctrl+z', FIRST)
        self.ok('Ctrl+Z takes back what was typed last')
        self.take_back('ctrl+shift+z', f'{FIRST} {SECOND}')
        self.say_saved()
        self.ok('Ctrl+Shift+Z brings it again, and it is saved')
        self.clear()

    def clear(self):
        self.display.key('ctrl+a')
        self.display.key('BackSpace')
        self.expect('')

    def expand(self):
        self.display.type(SHORT)
        self.expect(SHORT)
        self.display.key('space')
        self.expect(f'{LONG} ')
        self.ok('the space bar makes the text of an abbreviation')
        self.take_back('ctrl+z', SHORT)
        self.ok('and Ctrl+Z the abbreviation again')
        self.clear()

    def underlined(self, offset):
        run = self.field().node.get_text_iface().get_attribute_run(offset, True)
        return run[0].get('underline', 'none') == 'error'

    def spell(self):
        app = self.app
        self.display.type(f'{WRONG} food ')
        self.expect(f'{WRONG} food ')
        app._try('the underline', lambda: self.underlined(0), 15)
        if self.underlined(len(WRONG) + 2):
            raise DesktopError('a word that is right is underlined')
        self.ok('a word that is not in the dictionary is underlined, one that is there is not')
        self.display.key('Home')
        self.display.key('shift+F10')
        self.display.screenshot(self.output / 'suggestions.png')
        self.press_menu(RIGHT)
        app.at('BedHomePage')
        self.expect(f'{RIGHT} food ')
        app._try('the end of the underline', lambda: not self.underlined(0), 15)
        self.ok('and what the menu suggests takes its place')
        self.take_back('ctrl+z', f'{WRONG} food ')
        self.ok('until Ctrl+Z')

    def steps(self):
        self.make_profile()
        self.start()
        self.unlock()
        self.add_patient(PATIENT)
        self.edit()
        self.delete()
        self.open_preferences('Notes', 'Templates and snippets')
        self.make_snippet(SHORT, LONG)
        self.close_preferences()
        self.write()
        self.expand()
        self.spell()


if __name__ == '__main__':
    Undo(sys.argv[1], sys.argv[2]).run()
