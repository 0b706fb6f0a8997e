#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""CPU time to encode a 720p frame and 20 ms of sound, against the libraries alone. bench-codec.py BUILD [--quick]"""
import subprocess

from benchlib import BenchError, main, options, Report

PEERS = {'VP8 720p, Bedside': 'VP8 720p, libvpx speed 6', 'Opus 20 ms, Bedside': 'Opus 20 ms, libopus complexity 9'}


def run():
    arguments = options()
    report = Report('codec', arguments)
    sizes = {}
    done = subprocess.run([arguments.build / 'tests/bench/codec-probe', str(arguments.n)], stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise BenchError(f'codec-probe ended with {done.returncode}')
    for line in done.stdout.splitlines():
        name, value, sizes[name] = line.split('|')
        report.add(name, float(value), 'ms', PEERS.get(name))
    report.note('CPU time of the encoding thread for one frame or packet; a sample is a mean over 90 frames or 500 packets.')
    report.note('bytes: ' + ', '.join(f'{name} {size}' for name, size in sizes.items()))
    report.finish()


main(run)
