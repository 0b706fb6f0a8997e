#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the offer to connected, and to the first frame, on both sides: bed-peer and Chromium in all pairs, at a round
trip of 0 and 50 ms. bench-setup.py BUILD [--quick] [--calls N]"""
import asyncio
import os
import subprocess
import sys

from benchlib import BenchError, enter_private_network, INSIDE, main, options, progress, Report, version

PAIRS = {'bed-peer > bed-peer': 'pp', 'bed-peer > Chromium': 'pc', 'Chromium > bed-peer': 'cp',
         'Chromium > Chromium': 'cc'}
PEER = 'Chromium > Chromium'


async def measure(arguments, rtt):
    from calls import ChromiumSide, end_call, later, PeerSide, Relay
    relay = Relay(('10.0.0.1', '10.0.9.1') if rtt else None)
    bind = '10.0.0.1' if rtt else '10.99.0.1'
    program = arguments.build / 'tests/tools/bed-peer'
    await relay.start()

    def make(kind, role):
        return PeerSide(role, program, bind) if kind == 'p' else ChromiumSide(role, relay)

    try:
        for i in range(-arguments.warm, arguments.n):  # the first of each is not counted: a browser's first call is slow
            for name, kinds in PAIRS.items():
                sides = make(kinds[0], 'offer'), make(kinds[1], 'answer')
                await relay.call(*sides)
                times = later(*sides, 'connected'), later(*sides, 'decoded')
                await end_call(*sides)
                await asyncio.sleep(0.2)
                if i >= 0:
                    print('%d|%s|%.3f|%.3f' % (rtt, name, *times), flush=True)
            progress(f'RTT {rtt}: round {i + 1} of {arguments.n}')
    finally:
        await relay.stop()


def inside(arguments, rtt):
    mirror = enter_private_network(arguments.build / 'tests/bench/mirror' if rtt else None, rtt / 2)
    try:
        asyncio.run(measure(arguments, rtt))
    finally:
        if mirror:
            mirror.terminate()


def run():
    arguments = options()
    if INSIDE in os.environ:
        return inside(arguments, int(os.environ['BED_BENCH_RTT']))
    report = Report('setup', arguments)
    for rtt in (0, 50):
        unshare = ['unshare', '-n'] if os.geteuid() == 0 else ['unshare', '-rn']
        done = subprocess.run([*unshare, sys.executable, *sys.argv], stdout=subprocess.PIPE, text=True,
                              env={**os.environ, INSIDE: '1', 'BED_BENCH_RTT': str(rtt)})
        if done.returncode != 0:
            raise BenchError(f'the calls at RTT {rtt} failed')
        for line in done.stdout.splitlines():
            _, name, connected, decoded = line.split('|')
            for what, value in (('connected', connected), ('first frame', decoded)):
                peer = None if name == PEER else f'RTT {rtt} {what}: {PEER}'
                report.add(f'RTT {rtt} {what}: {name}', float(value), peer=peer)
    report.note('from the offer until the later side; ">": who offers. First frame: out of the decoder, 1280x720.')
    report.note('bed-peer is a new process each time; Chromium is warm, with a camera that runs. ' +
                version('chromium', '--version'))
    report.finish()
    return None


main(run)
