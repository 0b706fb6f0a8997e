# SPDX-License-Identifier: GPL-3.0-or-later
"""A display of its own and an application on it, driven through the accessibility bus as a person would.

Only what is on the screen is acted on: an element needs an extent inside its window, and must not be greyed.
"""
import os
import pathlib
import re
import subprocess
import time

import gi

gi.require_version('Atspi', '2.0')
from gi.repository import Atspi, GLib  # noqa: E402

from .clinic import traced
from .processes import call_all, end, is_true, patience  # noqa: E402


# Of all whom the tests invent: none of it is in a window's title, which the desktop shows, lists and may keep.
PEOPLE = ('Lindqvist', 'Marsh', 'Long Ago', 'Hartung', 'marker', 'Zärvask')


class DesktopError(Exception):
    pass


class Display:
    """Xvfb, with the environment that a GTK application needs."""

    def __init__(self, width=1280, height=800):
        read, write = os.pipe()
        self.process = subprocess.Popen(
            ['Xvfb', '-displayfd', str(write), '-screen', '0', f'{width}x{height}x24', '-nolisten', 'tcp', '-noreset'],
            pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as pipe:
            number = pipe.readline().strip()
        if not number:
            end(self.process)
            raise DesktopError('Xvfb did not start')
        self.environment = dict(os.environ, DISPLAY=f':{number}', GDK_BACKEND='x11', GSETTINGS_BACKEND='memory',
                                GTK_A11Y='atspi', GSK_RENDERER='cairo', NO_AT_BRIDGE='0')
        self.environment.pop('WAYLAND_DISPLAY', None)
        self.width, self.height = width, height
        # Without a compositor popovers have black corners.
        self.compositor = subprocess.Popen(['picom', '--backend', 'xrender', '--config', '/dev/null'],
                                           env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def screenshot(self, path):
        subprocess.run(['import', '-window', 'root', str(path)], env=self.environment, check=True, timeout=30)

    def run(self, *words):
        subprocess.run(['xdotool', *words], env=self.environment, check=True, timeout=30)

    def key(self, *keys):
        subprocess.run(['xdotool', 'key', '--clearmodifiers', *keys], env=self.environment, check=True, timeout=30)

    def type(self, text):
        subprocess.run(['xdotool', 'type', '--clearmodifiers', '--delay', '12', text], env=self.environment, check=True,
                       timeout=60)

    def titles(self):
        """Of the windows that are to be seen; "" when one went away meanwhile."""
        found = subprocess.run(['xdotool', 'search', '--onlyvisible', '--name', '.', 'getwindowname', '%@'],
                               env=self.environment, capture_output=True, text=True, timeout=30)
        return found.stdout if found.returncode == 0 else ''

    def click(self, x, y):
        subprocess.run(['xdotool', 'mousemove', str(int(x)), str(int(y)), 'click', '1'], env=self.environment, check=True,
                       timeout=30)

    def close(self):
        call_all(lambda: end(self.compositor), lambda: end(self.process))


class Element:
    def __init__(self, node):
        self.node = node

    @property
    def name(self):
        """As it reads: a space that does not break is a space."""
        return (self.node.get_name() or '').replace('\u00a0', ' ')

    @property
    def role(self):
        return self.node.get_role_name()

    def extents(self):
        r = self.node.get_component_iface().get_extents(Atspi.CoordType.WINDOW)
        return r.x, r.y, r.width, r.height

    def on_screen(self):
        """Has an extent. Pages that were shown before keep theirs: see Application.at."""
        try:
            _, _, width, height = self.extents()
        except (AttributeError, GLib.Error):
            return False
        return width > 1 and height > 1

    def met_by_pointer(self):
        """It is what the pointer meets in its middle. Only for elements without parts, such as labels."""
        x, y, width, height = self.extents()
        top = self.node
        while top is not None and top.get_role() not in (Atspi.Role.FRAME, Atspi.Role.DIALOG, Atspi.Role.WINDOW):
            top = top.get_parent()
        met = top and top.get_component_iface().get_accessible_at_point(x + width // 2, y + height // 2,
                                                                        Atspi.CoordType.WINDOW)
        return met is not None and met == self.node

    def states(self):
        return self.node.get_state_set()

    def sensitive(self):
        return self.states().contains(Atspi.StateType.SENSITIVE)

    def checked(self):
        return self.states().contains(Atspi.StateType.CHECKED)

    def text(self):
        """What an entry or a text view holds; for others, their name."""
        iface = self.node.get_text_iface()
        if iface is None:
            return self.name
        return iface.get_text(0, iface.get_character_count())

    def click(self):
        if not self.on_screen() or not self.sensitive():
            raise DesktopError(f'{self.role} "{self.name}" cannot be pressed')
        iface = self.node.get_action_iface()
        if iface is None or iface.get_n_actions() == 0 or not iface.do_action(0):
            raise DesktopError(f'{self.role} "{self.name}" has no action')

    def write(self, text):
        if not self.on_screen() or not self.sensitive():
            raise DesktopError(f'{self.role} "{self.name}" cannot be written to')
        iface = self.node.get_editable_text_iface()
        if iface is None or not iface.set_text_contents(text):
            raise DesktopError(f'{self.role} "{self.name}" takes no text')


class Application:
    """A running application, found on the bus by its process id."""

    def __init__(self, display, command, environment=None, log=None, process=None):
        """process: one that runs already, in place of a start of the command."""
        self.display = display
        self.command, self.log_path = command, log
        self.log = open(log, 'ab') if log else subprocess.DEVNULL
        self.process = process or subprocess.Popen(
            command, env={**traced(command[0], display.environment), **(environment or {})},
            stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL)
        self.started = time.monotonic()
        os.environ['DISPLAY'] = display.environment['DISPLAY']
        self.page = None
        try:
            Atspi.init()
            # Of what does not answer in time the tree has nothing; by itself it waits for less than a second.
            Atspi.set_timeout(int(patience() * 1000), int(patience() * 1000))
            self.node = self._find_on_bus()
        except BaseException:
            self.process.kill()
            self.process.wait(timeout=20)
            raise

    def _ended(self):
        """What is known of an application that is no longer there: its crash, with names and lines."""
        told = [f'the application ended with {self.process.returncode}; crash-trace:']
        text = pathlib.Path(self.log_path).read_text(errors='replace') if self.log_path else ''
        program = str(pathlib.Path(self.command[0]).resolve())
        for line in text.partition('crash-trace:')[2].splitlines()[1:]:
            match = re.match(r'(\S+)\(\+(0x[0-9a-f]+)\)', line)
            if match and pathlib.Path(match[1]).resolve() == pathlib.Path(program):
                line = subprocess.run(['addr2line', '-fpse', program, match[2]], capture_output=True, text=True,
                                      timeout=60).stdout.strip()
            told.append('  ' + line)
        return DesktopError('\n'.join(told))

    def again(self):
        """The same process begins anew: finds it when it is there."""
        before = self.node
        self.page = None
        deadline = time.monotonic() + patience()
        while time.monotonic() < deadline:
            self.node = self._find_on_bus()
            if self.node != before:
                return
            time.sleep(0.05)
        raise DesktopError('the application did not begin anew')

    def _find_on_bus(self):
        deadline = time.monotonic() + patience()
        while time.monotonic() < deadline:
            desktop = Atspi.get_desktop(0)
            for i in range(desktop.get_child_count()):
                child = desktop.get_child_at_index(i)
                try:
                    if child is not None and child.get_process_id() == self.process.pid and child.get_child_count() > 0:
                        return child
                except GLib.Error:
                    continue
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise DesktopError('the application did not come up')

    def at(self, name, seconds=20):
        """From now on acts within this page, a widget by its type's name, once the pointer meets a label of it."""
        def act():
            self.page = None
            for element in self._matching(name, False):
                self.page = element.node
                labels = (e for e in self.walk() if e.role == 'label' and e.name and e.on_screen())
                if any(e.met_by_pointer() for e in labels):
                    return element
            self.page = None
            return None
        return self._try(f'the page {name}', act, seconds)

    def _windows(self):
        nodes = [self.node.get_child_at_index(i) for i in range(self.node.get_child_count())]
        return {node.get_name(): node for node in reversed(nodes) if node is not None}

    def at_window(self, title, seconds=20):
        """From now on acts within the window that is read aloud so. What the desktop is told of it names nobody."""
        def act():
            self.page = self._windows().get(title)
            return self.page
        found = self._try(f'the window {title}', act, seconds)
        titles = self._try('the titles of the windows', self.display.titles, seconds)
        if 'Bedside' not in titles or any(name in titles for name in PEOPLE):
            raise DesktopError(f'titles of windows: {titles!r}')
        return found

    def no_window(self, title, seconds=20):
        self.anywhere()
        return self._try(f'the end of {title}', lambda: title not in self._windows(), seconds)

    def anywhere(self):
        self.page = None

    def walk(self):
        stack = [self.page or self.node]
        while stack:
            node = stack.pop()
            try:
                children = [node.get_child_at_index(i) for i in range(node.get_child_count())]
            except GLib.Error:
                continue
            yield Element(node)
            stack.extend(c for c in reversed(children) if c is not None)

    def find(self, role, name, contains=False):
        """The first element on the screen with this role ('' for any) and name."""
        for element in self.walk():
            try:
                if (not role or element.role == role) and (
                        element.name == name or (contains and name in element.name)) and element.on_screen():
                    return element
            except GLib.Error:
                continue
        return None

    def wait(self, role, name, seconds=15, contains=False):
        deadline = time.monotonic() + patience(seconds)
        while time.monotonic() < deadline:
            element = self.find(role, name, contains)
            if element is not None:
                return element
            if self.process.poll() is not None:
                raise self._ended()
            time.sleep(0.1)
        raise DesktopError(f'{role} "{name}" did not appear; there is:\n{self.describe()}')

    def wait_toast(self, text, seconds=15):
        """What stands below for some seconds only: looked for outside of the pages, as a walk through all may take longer."""
        def act():
            level = [self.node]
            while level:
                level = [child for node in level for i in range(node.get_child_count())
                         if (child := node.get_child_at_index(i)) is not None
                         and not re.fullmatch(r'Bed\w+Page', child.get_name())]
                for self.page in (node for node in level if node.get_name() == 'AdwToastWidget'):
                    found = self.find('', text)
                    if found is not None:
                        return found
            return None
        try:
            return self._try(f'"{text}"', act, seconds)
        finally:
            self.page = None

    def wait_gone(self, role, name, seconds=15):
        deadline = time.monotonic() + patience(seconds)
        while time.monotonic() < deadline:
            if self.find(role, name) is None:
                return
            time.sleep(0.1)
        raise DesktopError(f'{role} "{name}" stayed')

    def _try(self, what, act, seconds):
        """Repeats until it worked: pages slide in and become sensitive."""
        deadline = time.monotonic() + patience(seconds)
        while True:
            error = None
            try:
                found = act()
                if is_true(found):
                    return found
            except (DesktopError, GLib.Error) as caught:
                error = caught
            if self.process.poll() is not None:
                raise self._ended()
            if time.monotonic() > deadline:
                raise error or DesktopError(f'{what} is not there; there is:\n{self.describe()}')
            time.sleep(0.1)

    def _matching(self, name, contains):
        for element in self.walk():
            try:
                if (element.name == name or (contains and name in element.name)) and element.on_screen():
                    yield element
            except GLib.Error:
                continue

    def press(self, name, contains=False, seconds=15, role=None):
        """The first element of this name that has an action: a button, a switch, a check box."""
        def act():
            for element in self._matching(name, contains):
                if element.role == 'label' or (role and element.role != role) or not element.sensitive():
                    continue
                if self._has_action(element):
                    element.click()
                    return element
                if element.role == 'check box':  # has none in GTK 4.8
                    self.point_at(element)
                    return element
            return None
        return self._try(f'something to press called "{name}"', act, seconds)

    @staticmethod
    def _has_action(element):
        iface = element.node.get_action_iface()
        try:
            return iface is not None and bool(iface.get_action_name(0))
        except GLib.Error:
            return False

    def point(self, name, contains=False, seconds=15):
        """Clicks the label of this name with the mouse: rows of a list have no action of their own."""
        def act():
            for element in self._matching(name, contains):
                if element.role == 'label' and element.met_by_pointer():
                    self.point_at(element)
                    return element
            return None
        return self._try(f'a label called "{name}"', act, seconds)

    def where(self, element):
        """Left, top, width and height on the display; for the window that fills it."""
        x, y, width, height = element.extents()
        frame = Element(self.node.get_child_at_index(0)).extents()
        border = (self.display.width - frame[2]) // 2
        return border + x, border + y, width, height

    def point_at(self, element):
        """A click of the mouse; for the window that fills the display."""
        x, y, width, height = self.where(element)
        self.display.click(x + min(width // 2, 20), y + height // 2)

    def write_entry(self, name, text, contains=False, seconds=15):
        def act():
            for element in self._matching(name, contains):
                if element.node.get_editable_text_iface() is not None:
                    element.write(text)
                    return element
            return None
        return self._try(f'an entry called "{name}"', act, seconds)

    def open_dialog(self, title, path):
        """GTK's own: a slash opens the field where a path is typed."""
        self.at_window(title)
        time.sleep(.5)  # until it takes keys
        self.display.type(str(path))
        self.display.key('Return')

    def save_dialog(self, target):
        """GTK's own: it takes a whole path where the name is asked, once it has chosen what to replace itself."""
        def named():
            self.display.key('ctrl+a')
            self.display.type(str(target))
            return any(e.node.get_editable_text_iface() and e.text() == str(target) for e in self.walk())
        self.anywhere()
        self._try('the name of the file', named, 20)
        self.display.key('Return')

    def fill_display(self, width, height):
        """There is no window manager: gives the window the whole display and the focus."""
        out = subprocess.run(['xdotool', 'search', '--onlyvisible', '--pid', str(self.process.pid)],
                             env=self.display.environment, capture_output=True, text=True, timeout=30).stdout.split()
        for window in out:
            subprocess.run(['xdotool', 'windowmove', window, '0', '0', 'windowsize', window, str(width), str(height),
                            'windowfocus', window], env=self.display.environment, timeout=30, check=False)

    def frame_size(self):
        return Element(self.node.get_child_at_index(0)).extents()[2:]

    def describe(self):
        lines = []
        for element in self.walk():
            try:
                if element.on_screen() and element.name:
                    lines.append(f'  {element.role} "{element.name}" {element.extents()}')
            except GLib.Error:
                continue
        return '\n'.join(lines)

    def stop(self, kill=False):
        if kill:
            self.process.kill()
            self.process.wait(timeout=20)
        else:
            end(self.process)
