# SPDX-License-Identifier: GPL-3.0-or-later
"""The clinician's app on a display of its own, with a clinic, a desktop's services and patients; TAP on stdout."""
import json
import os
import pathlib
import re
import subprocess
import sys
import time
import traceback

from .canaries import find_private
from .clinic import Clinic
from .consultation import Consultation, Tool, until
from .desktop import Application, Display
from .processes import call_all, end, end_when_told

HERE = pathlib.Path(__file__).resolve().parent
SYSTEM_BUS = '''<busconfig><type>session</type><listen>unix:path={path}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>'''


def graph():
    """(type, properties) of the objects of the PipeWire graph by their id. pw-dump prints them all and, where something
    changes meanwhile, that once more; what went away has no info."""
    rest = subprocess.run(['pw-dump', '--no-colors'], capture_output=True, text=True, check=True, timeout=20).stdout.strip()
    objects = {}
    while rest:
        part, end_of_part = json.JSONDecoder().raw_decode(rest)
        rest = rest[end_of_part:].lstrip()
        objects.update((entry['id'], entry) for entry in part)
    return {name: (entry['type'], entry['info'].get('props') or {}) for name, entry in objects.items() if entry.get('info')}


def nodes():
    """(name, media class, ids of its processes) of what is in the PipeWire graph: the one that the connection comes from,
    and the one that the client, or the stream itself, says."""
    found, objects = [], graph()
    for kind, props in objects.values():
        if kind == 'PipeWire:Interface:Node':
            _, client = objects.get(props.get('client.id'), ('', {}))
            processes = {client.get('pipewire.sec.pid'), client.get('application.process.id'), props.get('application.process.id')}
            found.append((props.get('node.name', ''), props.get('media.class', ''), {int(pid) for pid in processes if pid}))
    return found


def capture_nodes(process=None):
    """Whatever its name, and whose ever: in a private session nobody else is to capture. process: this one's alone."""
    return sorted(name for name, kind, processes in nodes()
                  if kind.startswith('Stream/Input') and (process is None or process in processes))


def playback_nodes():
    return [name for name, kind, _ in nodes() if kind == 'Stream/Output/Audio']


class Listener:
    def __init__(self, process):
        self.process = process

    def close(self):
        end(self.process)


class Desk(Consultation):
    """As a context manager; `start_app` as often as wanted."""

    def __init__(self, build, output, size=(1280, 800), make_clinic=Clinic):
        super().__init__(build, make_clinic=make_clinic)
        self.output = pathlib.Path(output).resolve()
        self.output.mkdir(parents=True, exist_ok=True)
        self.size = size
        self.pictures = 0
        self.app = self.display = self.bus = None
        self.app_log = self.folder / 'app.log'
        self.bus_log = self.folder / 'bus.log'

    def begin(self):
        super().begin()
        (self.folder / 'share').mkdir()
        (self.folder / 'share/bedside').symlink_to(self.folder / 'data')
        self._start_system_bus()
        self._listen_on_buses()
        self.display = self.keep(Display(*self.size))
        self.services = self.keep(Tool([sys.executable, HERE / 'desktop_services.py'], self.log))
        self.services.wait('ready')

    def __exit__(self, kind, error, trace):
        call_all(lambda: self.picture('failed') if error is not None and self.display is not None else None,
                 lambda: self.app.stop() if self.app is not None else None,
                 lambda: super(Desk, self).__exit__(kind, error, trace),
                 lambda: end(self.bus) if self.bus is not None else None)
        return False

    def show_logs(self):
        super().show_logs()
        if self.app_log.exists():
            for line in self.app_log.read_text(errors='replace').splitlines()[-30:]:
                print(f'# app.log: {line}')

    def _start_system_bus(self):
        path = self.folder / 'system-bus'
        (self.folder / 'system.conf').write_text(SYSTEM_BUS.format(path=path))
        self.bus = subprocess.Popen(['dbus-daemon', f'--config-file={self.folder / "system.conf"}', '--nofork',
                                     '--nopidfile'], stdout=self.log, stderr=self.log)
        until('the system bus', path.exists)
        os.environ['DBUS_SYSTEM_BUS_ADDRESS'] = f'unix:path={path}'

    def _listen_on_buses(self):
        """All that programs of the same person, and of the system, could hear."""
        with open(self.bus_log, 'w') as out:
            for bus in ('--session', '--system'):
                self.keep(Listener(subprocess.Popen(['dbus-monitor', bus], stdout=out, stderr=self.log)))
        until('what is said on the buses', lambda: self.bus_log.read_text(errors='replace').count('NameAcquired') >= 2)

    def picture(self, name):
        self.pictures += 1
        self.display.screenshot(self.output / f'{self.pictures:02d}-{name}.png')

    def start_app(self, *arguments, command=(), data=None, **environment):
        """command: what the app is started by; data: another XDG_DATA_HOME."""
        self.app = Application(self.display, [*command, str(self.build / 'src/app/bedside'), *arguments],
                               {'G_DEBUG': os.environ.get('BED_APP_DEBUG', ''), 'XDG_DATA_HOME': str(data or self.folder / 'share'), **environment}, self.app_log)
        self.app.fill_display(*self.size)
        return self.app

    def unlock(self):
        self.app.at('BedUnlockPage')
        self.app.write_entry('Password', self.password)
        self.app.press('Unlock')
        self.app.at('BedHomePage', 30)
        self.app.wait('', 'Ready for patients', 20)

    def lock(self, fill=True):
        """By the keyboard; the process begins anew."""
        self.display.key('ctrl+l')
        self.app.again()
        if fill:
            self.app.fill_display(*self.size)
        self.app.at('BedUnlockPage')

    def controls_shown(self):
        """Whether something is drawn where the call's buttons are."""
        buttons = self.app.find('', 'Hang up') or self.app.find('', 'Hang up', contains=True)
        x, y, width, height = buttons.extents()
        picture = subprocess.run(['import', '-window', 'root', '-crop', f'{width}x{height}+{x + 5}+{y + 5}', '+repage',
                                  '-depth', '8', 'rgb:-'], capture_output=True, check=True, timeout=20,
                                 env=self.display.environment).stdout
        red = sum(picture[i] > 150 and picture[i + 1] < 100 for i in range(0, len(picture), 3))
        return red > len(picture) / 3 * 0.2  # the button is red

    def check_log(self, words=(), on_buses=True):
        """Nothing private, and no warning, in what the app wrote. on_buses: nor were the words said on one."""
        text = self.app_log.read_text(errors='replace')
        found = [f'{why}: {line}' for why, line in find_private(text, ['Elin Marsh', 'okafor', 'Okafor', *words])]
        self.tap.check('the app\'s log has nothing private', not found, found[:5])
        warnings = [line for line in text.splitlines() if re.search(r'WARNING|CRITICAL|Gtk|GLib', line)]
        self.tap.check('and no warnings', not warnings, warnings[:5])
        self.check_buses(words if on_buses else ())

    def check_buses(self, words):
        """The desktop is told that somebody waits, never who; nor is anything of it offered there to who asks."""
        text = self.bus_log.read_text(errors='replace')
        found = [line for line in text.splitlines() if any(word in line for word in ['Elin Marsh', 'Okafor', *words])]
        self.tap.check('nor is anything of it on a bus of the desktop', 'interface=' in text and not found, found[:5])

    def guest_waits(self, link=None, name='Elin Marsh'):
        guest = self.start_guest(link, name)
        guest.wait('waiting', 20)
        return guest

    def guest_details(self, name):
        """As somebody who was invited and has the app."""
        app = self.app
        app.press('Continue')
        app.write_entry('Your name', name)
        app.write_entry('A number to call you back', '01632 960 200')
        app.write_entry('Where are you now?', '12 Mill Lane')

    def guest_agrees(self):
        """And goes on to the check of the devices."""
        self.app.press('I agree')
        self.app.point('Continue')
        self.app.wait('', 'Microphone', 15, contains=True)

    def admit(self, camera=True, microphone=True, name='', page='BedCallPage'):
        """name: of whom, where somebody else may be there; page: where it leads to."""
        self.app.at('BedHomePage')
        self.app.press(f'Admit {name}', contains=True)
        self.app.at('BedCheckPage')
        for name, wanted in (('Camera', camera), ('Microphone', microphone)):
            if wanted:
                self.app.press(name, contains=True, role='check box')
        until('capture', lambda: len(capture_nodes(self.app.process.pid)) == camera + microphone)
        self.app.press('Start', contains=True)
        self.app.at(page)


def run(main):
    end_when_told()
    try:
        sys.exit(main(*sys.argv[1:]))
    except Exception as error:  # noqa: BLE001
        traceback.print_exc()
        print(f'Bail out! {type(error).__name__}: {error}', flush=True)
        sys.exit(1)
