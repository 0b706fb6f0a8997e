# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benchmarks share: options, statistics, one table, machine facts, process trees, a private network."""
import argparse
import json
import math
import os
import pathlib
import platform
import re
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
TICK = os.sysconf('SC_CLK_TCK')
INSIDE = 'BED_BENCH_NETWORK'
sys.path.insert(0, str(HERE.parent / 'e2e'))


class BenchError(Exception):
    """A call that failed: the benchmark ends, nothing is left out of the figures."""


def options(calls=20, quick=2):
    parser = argparse.ArgumentParser()
    parser.add_argument('build', type=pathlib.Path)
    parser.add_argument('--quick', action='store_true', help=f'{quick} calls of each kind, to see that it works')
    parser.add_argument('--calls', type=int, help=f'of each kind (default: {calls})')
    found = parser.parse_args()
    found.build = found.build.resolve()
    found.n = found.calls or (quick if found.quick else calls)
    found.warm = 0 if found.quick else 1  # rounds that are not counted
    return found


def quantile(values, share):
    """By the nearest rank: always a value that was measured."""
    ordered = sorted(values)
    return ordered[max(math.ceil(share * len(ordered)) - 1, 0)]


def median(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def version(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=20).stdout.strip().splitlines()[0]
    except (OSError, IndexError, subprocess.TimeoutExpired):
        return 'not there'


def machine():
    text = pathlib.Path('/proc/cpuinfo').read_text()
    total = re.search(r'MemTotal:\s+(\d+)', pathlib.Path('/proc/meminfo').read_text())[1]
    return {
        'date': time.strftime('%Y-%m-%d %H:%M %Z'),
        'cpu': (re.search(r'model name\s*:\s*(.*)', text) or [None, platform.machine()])[1],
        'cores': os.cpu_count(),
        'memory_mib': int(total) // 1024,
        'kernel': platform.release(),
        'system': version('sh', '-c', '. /etc/os-release; echo "$PRETTY_NAME"'),
        'load_before': os.getloadavg()[0],
        'commit': version('git', '-C', str(HERE), 'rev-parse', '--short', 'HEAD'),
    }


class Report:
    """Rows of samples; a row may name the row of its peer, and then the ratio of the medians is shown."""

    def __init__(self, name, arguments):
        self.name, self.arguments = name, arguments
        self.rows, self.notes = {}, []
        self.machine = machine()

    def add(self, row, value, unit='ms', peer=None):
        if value is None or not math.isfinite(value) or value < 0:
            raise BenchError(f'{row}: {value} is no measurement')
        entry = self.rows.setdefault(row, {'unit': unit, 'peer': peer, 'samples': []})
        entry['samples'].append(value)

    def note(self, text):
        self.notes.append(text)

    def _figures(self, row):
        entry = self.rows[row]
        values = entry['samples']
        ratio = None
        if entry['peer']:
            below = median(self.rows[entry['peer']]['samples'])
            ratio = median(values) / below if below > 0 else None
        return {'n': len(values), 'median': median(values), 'p95': quantile(values, 0.95), 'max': max(values),
                'unit': entry['unit'], 'peer': entry['peer'], 'ratio': ratio, 'samples': values}

    def finish(self):
        figures = {row: self._figures(row) for row in self.rows}
        for row, f in figures.items():
            if f['n'] < self.arguments.n:
                raise BenchError(f'{row}: {f["n"]} of {self.arguments.n} measurements')
        self.machine['load_after'] = os.getloadavg()[0]
        width = max(len(row) for row in figures)
        print(f'\n{self.name}')
        print(f'{"":{width}} {"n":>4} {"median":>9} {"p95":>9} {"max":>9} {"unit":6} {"ratio":>6}  to peer')
        for row, f in figures.items():
            ratio = f'{f["ratio"]:6.2f}  {f["peer"]}' if f['ratio'] is not None else f'{"":6}'
            print(f'{row:{width}} {f["n"]:4} {f["median"]:9.2f} {f["p95"]:9.2f} {f["max"]:9.2f} {f["unit"]:6} {ratio}'
                  .rstrip())
        for note in self.notes:
            print('  ' + note)
        print('  ' + ', '.join(f'{k} {v:.2f}' if isinstance(v, float) else f'{k} {v}' for k, v in self.machine.items()))
        path = self.arguments.build / f'bench-{self.name}.json'
        path.write_text(json.dumps({'name': self.name, 'quick': self.arguments.quick, 'machine': self.machine,
                                    'rows': figures, 'notes': self.notes}, indent=1) + '\n')
        print(f'  written to {path}', flush=True)


def progress(text):
    print(f'# {time.strftime("%H:%M:%S")} {text}', file=sys.stderr, flush=True)


def enter_private_network(mirror=None, delay_ms=0):
    """Starts this program again in a network of its own and returns there: loopback and 10.99.0.1, or, with the
    mirror, 10.0.0.1 and a way of delay_ms to itself by 10.0.9.1. Returns the mirror's process or None."""
    if os.environ.get(INSIDE) != '1':
        unshare = ['unshare', '-n'] if os.geteuid() == 0 else ['unshare', '-rn']
        os.environ[INSIDE] = '1'
        os.execvp('unshare', [*unshare, sys.executable, *sys.argv])
    commands = ['link set lo up']
    process = None
    if mirror is None:
        commands += ['link add bed0 type veth peer name bed1', 'address add 10.99.0.1/24 dev bed0', 'link set bed1 up',
                     'link set bed0 up', 'route add default via 10.99.0.2']
    else:
        process = subprocess.Popen([mirror, 'bed0', str(delay_ms)], stdout=subprocess.PIPE)
        if process.stdout.readline() != b'ready\n':
            raise BenchError('the mirror did not start')
        commands += ['address add 10.0.0.1/24 dev bed0', 'link set bed0 up', 'route add 10.0.9.0/24 dev bed0',
                     'route add default via 10.0.0.2']
    for command in commands:
        subprocess.run(['ip', *command.split()], check=True)
    return process


def children():
    found = {}
    for path in pathlib.Path('/proc').glob('[0-9]*/stat'):
        try:
            fields = path.read_text().rpartition(')')[2].split()
        except OSError:
            continue  # it has ended meanwhile
        found.setdefault(int(fields[1]), []).append(int(path.parent.name))
    return found


def tree(pid):
    """A process and all below it."""
    below, found, rest = children(), [], [pid]
    while rest:
        found.append(rest.pop())
        rest += below.get(found[-1], [])
    return found


def cpu_seconds(pids):
    """User and system time so far of these processes; those that ended count no more."""
    ticks = 0
    for pid in pids:
        try:
            fields = pathlib.Path(f'/proc/{pid}/stat').read_text().rpartition(')')[2].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / TICK


def pss_mib(pids):
    """Proportional share of memory; a page that several processes share counts once over all of them."""
    total = 0
    for pid in pids:
        try:
            total += int(re.search(r'^Pss:\s+(\d+) kB', pathlib.Path(f'/proc/{pid}/smaps_rollup').read_text(), re.M)[1])
        except (OSError, TypeError):
            continue  # ended, or a zombie
    return total / 1024


def main(function):
    try:
        function()
    except BenchError as error:
        print(f'FAILED: {error}', file=sys.stderr)
        sys.exit(1)
