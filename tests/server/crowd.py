#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A crowd of connections that say nothing or not enough, from many addresses, and one person who means it:
crowd.py [COUNT]. Prints what a connection takes and how long the person waits, as TAP."""
import asyncio, os, resource, ssl, statistics, sys, threading, time
from clinic import *

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 400
EACH = 64  # connections of one address
NEWCOMERS = 1024  # as many may be there without a WebSocket
VISITS = 20
results = []


def check(name, good, detail=''):
    results.append(bool(good))
    print('%s %d %s%s' % ('ok' if good else 'not ok', len(results), name, '' if good else ' # %s' % (detail,)), flush=True)


def note(text):
    print('# ' + text, flush=True)


def source(number):
    return '127.%d.%d.%d' % (1 + number // 60000, number // 250 % 250, 1 + number % 250)


def half_asked(clinic, address):
    s = clinic.shared.wrap_socket(dial(clinic, address), server_hostname='clinic.test')
    s.send(b'GET /api/v1/clinic HTTP/1.1\r\nHost: cli')
    return s


def pss_kb(clinic):
    for line in open('/proc/%d/smaps_rollup' % clinic.process.pid):
        if line.startswith('Pss:'):
            return int(line.split()[1])


def cap(clinic):
    many = [dial(clinic, '127.200.0.1') for _ in range(EACH + 40)]
    time.sleep(0.5)
    stay = sum(is_open(s) for s in many)
    check('one address gets %d connections' % EACH, stay == EACH, stay)
    for s in many:
        s.close()
    time.sleep(0.5)


async def visit(clinic):
    """From nothing to the clinic's data over a new connection; seconds."""
    began = time.monotonic()
    async with clinic.session() as http:
        status, answer = await Api(clinic, http)('GET', '/clinic')
    assert status == 200 and answer['name'] == 'Test clinic'
    return time.monotonic() - began


async def visits(clinic, what):
    times, failed = [], 0
    for _ in range(VISITS):
        try:
            times.append(await asyncio.wait_for(visit(clinic), 10))
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
            failed += 1
    check('%s: everybody who asks is served' % what, not failed, '%d of %d were not' % (failed, VISITS))
    if times:
        note('%s: median %.0f ms, slowest %.0f ms' % (what, 1e3 * statistics.median(times), 1e3 * max(times)))


def crowd_of(clinic, count, what, make):
    before, began, held = pss_kb(clinic), time.monotonic(), []
    for n in range(count):
        held.append(make(clinic, source(len(results) * 100000 + n // (EACH // 2))))
    deadline = time.monotonic() + 30  # those of the queue are let in first, and then go
    while (stay := sum(map(is_open, held))) > NEWCOMERS and time.monotonic() < deadline:
        time.sleep(0.5)
    # Two places are those of the conversation.
    check('%d %s, as many stay as may' % (count, what), stay >= (min(count, NEWCOMERS) - 2) * 0.99 and stay <= NEWCOMERS,
          stay)
    note('%.0f s to come, %d stay, %.1f KiB each' % (time.monotonic() - began, stay, (pss_kb(clinic) - before) / stay))
    return held


def storm(clinic, stop, made):
    """Opens connections without end, a thousand in a second at most: what comes faster only fills the queue of
    the kernel. Who is first is out first."""
    held = []
    while not stop.is_set():
        try:
            held.append(dial(clinic, source(900000 + made[0] % (COUNT // 20))))
            made[0] += 1
        except OSError:
            pass
        time.sleep(0.001)
        if len(held) > COUNT:
            held.pop(0).close()
    for s in held:
        s.close()


async def stormy(clinic):
    stop, made = threading.Event(), [0]
    thread = threading.Thread(target=storm, args=(clinic, stop, made))
    thread.start()
    began = time.monotonic()
    try:
        await visits(clinic, 'while new ones come all the time')
    finally:
        stop.set()
        thread.join()
    note('%.0f new connections a second meanwhile' % (made[0] / (time.monotonic() - began)))


async def work(clinic):
    clinic.shared = clinic.context()
    async with clinic.session() as http:
        person = await Clinician(clinic, http, 'crowd').add().activate()
        room, token = await person.invite()
    host, patient = Socket(clinic), Socket(clinic)
    await host.attach(person.api.token)
    await patient.join(room, token)
    cap(clinic)
    await visits(clinic, 'with nobody else')
    for s in await asyncio.to_thread(crowd_of, clinic, COUNT // 2, 'connections that say nothing', dial):
        s.close()
    held = await asyncio.to_thread(crowd_of, clinic, COUNT, 'with TLS and half a request', half_asked)
    await visits(clinic, 'with the house full')
    await stormy(clinic)
    await patient.say(type='relay', n=1, data='still here')
    check('a conversation from before goes on', (await host.hear('relay'))['data'] == 'still here')
    note('%d kB in all' % pss_kb(clinic))
    for s in held:
        s.close()
    clinic.drop_sockets()


def main():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    clinic = Clinic(limits='connections=%d\nconnections_per_address=%d\nrequest_seconds=300\nrequests_per_minute=100000' % (COUNT, EACH))
    clinic.start()
    try:
        asyncio.run(work(clinic))
    finally:
        clinic.close()
    print('1..%d' % len(results))
    sys.exit(0 if all(results) else 1)


main()
