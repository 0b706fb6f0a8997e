#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The app's own screen, seen from outside: from exec to the unlock page, from the password's Enter to Today, from there
to the list of notes and to a note's text, over 10 notes, over 60, and over 100,000.
bench-shown.py BUILD [--quick] [--calls N]"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from benchlib import BenchError, HERE, main, options, progress, Report
from profiles import checked, DOCTOR, made_profile, PASSWORD

INSIDE = 'BED_BENCH_DISPLAY'
WIDTH, HEIGHT = 1280, 800
SECONDS = '60'
TEXT = 'Cough for six days'  # how the notes of unlock-probe begin
SECTIONS = 140  # px: the part of the list beside every page that has words
ROWS = 4  # of the list
LINES = 60  # px: the first lines of the note
NOTES = 10, 60, 100000  # 60 are more than the list's height holds, so that it draws as much as with any number above
STAGES = ('exec to the unlock page', 'Enter to Today', 'a click to the list of notes', 'a click to the note\'s text')
ALONE = 'Argon2id alone'


class Screen:
    """The display of the session that this runs in."""
    width, height = WIDTH, HEIGHT
    environment = os.environ


class Way:
    """Goes through the stages once over the accessibility bus and keeps what each looks like in the end; then goes
    the same way again by keys and clicks alone."""

    def __init__(self, build, folder, name):
        self.probe, self.command = build / 'tests/bench/shown', build / 'src/app/bedside'
        self.folder, self.data, self.steps = folder, folder / name, []
        self.prefix = str(folder / f'{name}-')

    @property
    def environment(self):
        return {'XDG_DATA_HOME': str(self.data), 'LANGUAGE': 'en', 'LANG': 'C.UTF-8'}

    def run(self, *words):
        done = subprocess.run([self.probe, SECONDS, *words], capture_output=True, text=True,
                              env={**os.environ, **self.environment}, timeout=600)
        if done.returncode != 0:
            raise BenchError(f'{self.data.name}: {done.stderr[-500:]}')
        return [float(word) for word in done.stdout.split()]

    def keep(self, rectangle, *act):
        picture = [f'{self.prefix}{len(self.steps)}', *(str(int(n)) for n in rectangle)]
        self.run('keep', *picture)
        self.steps += [('until', *picture, *act)]

    def learn(self):
        from bedtest.desktop import Application
        app = Application(Screen, [self.command], self.environment, str(self.folder / 'app.log'))
        try:
            app.fill_display(WIDTH, HEIGHT)
            app.at('BedUnlockPage')
            self.keep(app.where(app.wait('label', DOCTOR)), 'start')
            self.steps.append(('type', PASSWORD))
            self.unlock(app)
            self.open_list(app)
            self.open_note(app)
        finally:
            app.stop()

    def unlock(self, app):
        app.write_entry('Password', PASSWORD)
        self.run('press', 'return')
        app.at('BedHomePage', 60)
        left, top, width, _ = app.where(app.wait('list', 'Sections'))
        self.keep((left, top, width, SECTIONS), 'return')

    def click(self, app, rectangle, found):
        """Returns: the act, once what it leads to is found."""
        x, y, _, height = rectangle
        act = 'click', str(int(x + 20)), str(int(y + height // 2))
        self.run('press', *act)
        app._try('what the click leads to', found, 30)
        return act

    def open_list(self, app):
        act = self.click(app, app.where(app.wait('label', 'Notes')), lambda: app.find('label', TEXT, contains=True))
        rows = [app.where(e) for e in app.walk() if e.role == 'list item' and e.on_screen() and ', ' in e.name][:ROWS]
        left, top, width, _ = rows[0]
        self.keep((left, top, width, rows[-1][1] + rows[-1][3] - top), *act)
        self.first = rows[0]

    def open_note(self, app):
        def text():
            return next((e for e in app.walk() if e.role == 'text' and e.on_screen() and TEXT in e.text()), None)
        act = self.click(app, self.first, text)
        left, top, width, height = app.where(text())
        self.keep((left, top, width, min(height, LINES)), *act)

    def measure(self):
        """Returns: ms of each stage."""
        return self.run(*(word for step in self.steps for word in step), '--', str(self.command))


def make_records(build, folder, counts):
    """Returns: a name for each of the records, of the same profile."""
    names = [f'{n} notes' for n in counts]
    made_profile(build, folder, folder / names[0] / 'bedside')
    for name in names[1:]:
        shutil.copytree(folder / names[0], folder / name)
    for name in names:
        profile = folder / name / 'bedside'
        checked(build / 'tests/bench/record-probe', 'make', profile, name.split()[0], seconds=3000)
        checked(build / 'tests/bench/unlock-probe', 'make', profile, PASSWORD, 1)
    return names


class Alone:
    """Argon2id without anything else, at the cost of the profile, when it is asked for."""

    def __init__(self, build, profile, count):
        self.process = subprocess.Popen([build / 'tests/bench/unlock-probe', 'derive', profile, PASSWORD, str(count)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def measure(self):
        self.process.stdin.write('\n')
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait(60)


def add(report, label, times, peer):
    """peer: the other record's label, or None for the one that is compared with Argon2id."""
    for stage, value in zip(STAGES, times):
        other = f'{stage}, {peer}' if peer else ALONE if stage == STAGES[1] else None
        report.add(f'{stage}, {label}', value, 'ms', other)
    total = 'Enter to the note\'s text'
    report.add(f'{total}, {label}', sum(times[1:]), 'ms', f'{total}, {peer}' if peer else ALONE)


def inside(arguments):
    report = Report('shown', arguments)
    with tempfile.TemporaryDirectory(prefix='bed-bench-') as folder:
        folder = pathlib.Path(folder)
        names = make_records(arguments.build, folder, NOTES[:2] if arguments.quick else NOTES)
        alone = Alone(arguments.build, folder / names[0] / 'bedside', arguments.n)
        try:
            ways = {name: Way(arguments.build, folder, name) for name in names}
            for way in ways.values():
                way.learn()
            for i in range(-arguments.warm, arguments.n):  # the first of each warms the files
                turn = names if i % 2 else names[::-1]  # what came before is still ending
                times = {name: ways[name].measure() for name in turn}
                if i >= 0:
                    report.add(ALONE, alone.measure())
                    for name in names:
                        add(report, name, times[name], names[0] if name != names[0] else None)
                progress(f'shown: round {i + 1} of {arguments.n}')
        finally:
            alone.close()
    report.note(f'Xvfb {WIDTH}x{HEIGHT}, GSK_RENDERER=' + os.environ.get('GSK_RENDERER', '?') + ', the accessibility bus is on.')
    report.note('The server is stopped. A stage ends when the screen has every pixel of what is there in the end, so with the pages\' sliding in.')
    report.note('"Enter to the note\'s text": the three stages, without the time in which a person finds the next click.')
    report.finish()


def run():
    arguments = options()
    if INSIDE in os.environ:
        return inside(arguments)
    session = HERE.parent / 'support/gui-session.sh'
    done = subprocess.run([session, sys.executable, *sys.argv],
                          env={**os.environ, INSIDE: '1', 'SCREEN': f'{WIDTH}x{HEIGHT}x24'})
    if done.returncode != 0:
        sys.exit(done.returncode)
    return None


main(run)
