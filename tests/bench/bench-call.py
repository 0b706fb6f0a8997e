#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""CPU and memory of both ends of one call, 1280x720 at 30 frames a second each way: bed-peer (the engine with a
generated picture) against the Chromium that it talks with. bench-call.py BUILD [--quick] [--calls N]"""
import asyncio
import os
import time

from benchlib import BenchError, cpu_seconds, enter_private_network, main, options, progress, pss_mib, Report, tree

SECONDS = 4
SETTLE = 6  # until the estimate of the path has come up
ENOUGH_FPS = 24


def roles(browser):
    """Process trees of Chromium without its driver: the whole browser, and the tab's own process with what serves it."""
    pids = [pid for pid in tree(browser.driver.pid) if pid != browser.driver.pid]
    tab = []
    for pid in pids:
        try:
            with open(f'/proc/{pid}/cmdline', 'rb') as file:
                if b'--type=renderer' in file.read():
                    tab.append(pid)
        except OSError:
            continue
    return pids, tab


async def one(report, relay, arguments, settle, seconds):
    from calls import ChromiumSide, PeerSide
    peer = PeerSide('answer', arguments.build / 'tests/tools/bed-peer', '10.99.0.1')
    chromium = ChromiumSide('offer', relay, keep_size=True)
    await relay.call(chromium, peer)
    await asyncio.sleep(settle)
    groups = {'bed-peer': [peer.process.pid]}
    groups['Chromium, whole'], groups['Chromium, tab process'] = roles(relay.browser)
    first = dict(await chromium.get_stats())
    started, before = time.monotonic(), {name: cpu_seconds(pids) for name, pids in groups.items()}
    await asyncio.sleep(seconds)
    spent = {name: cpu_seconds(pids) - before[name] for name, pids in groups.items()}
    took = time.monotonic() - started
    memory = {name: pss_mib(pids) for name, pids in groups.items()}
    last = dict(await chromium.get_stats())
    await chromium.end()
    await peer.end()
    sizes = (last['widthIn'], last['widthOut'])
    rates = [(last[k] - first[k]) / took for k in ('framesIn', 'framesOut')]
    if not arguments.quick and (sizes != (1280, 1280) or min(rates) < ENOUGH_FPS):
        report.unlike += 1
    if min(rates) < 1:
        raise BenchError(f'no frames: {rates} in a second')
    for name in groups:
        other = 'Chromium, whole' if name == 'bed-peer' else None
        report.add(f'{name}: CPU', spent[name] / took * 100, '%core', other and f'{other}: CPU')
        report.add(f'{name}: memory (PSS)', memory[name], 'MiB', other and f'{other}: memory (PSS)')
    report.add('frames a second: from bed-peer', rates[0], '1/s')
    report.add('frames a second: from Chromium', rates[1], '1/s')
    report.add('width: from bed-peer', sizes[0], 'px')
    report.add('width: from Chromium', sizes[1], 'px')


async def measure(report, arguments):
    from calls import Relay
    settle, seconds = (1, 1) if arguments.quick else (SETTLE, SECONDS)
    relay = await Relay().start()
    try:
        for i in range(arguments.n):
            await one(report, relay, arguments, settle, seconds)
            progress(f'call: round {i + 1} of {arguments.n}')
    finally:
        await relay.stop()


def run():
    arguments = options()
    enter_private_network()
    report = Report('call', arguments)
    report.unlike = 0
    asyncio.run(measure(report, arguments))
    report.note(f'{report.unlike} of {arguments.n} windows were not 1280 px at {ENOUGH_FPS}/s or more both ways;'
                f' {os.cpu_count()} cores = {os.cpu_count() * 100} %.')
    report.note('Chromium is told to keep its resolution. It')
    report.note('also composes the picture (headless, in software), bed-peer shows nothing but reads the picture\'s')
    report.note('number; Chromium whole: browser, tab, GPU, audio and network processes.')
    report.finish()


main(run)
