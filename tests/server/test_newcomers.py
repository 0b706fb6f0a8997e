# SPDX-License-Identifier: GPL-3.0-or-later
"""As many connections as may be there without a WebSocket, none of which says anything: who comes next is let in, one of
the oldest goes for it, and who is in stays."""
import asyncio, resource, sys
from clinic import *

NEWCOMERS = 1024  # NEWCOMERS_MAX of bed-listener-address.c
GREEDY, SINGLES, EACH = 40, 20, 32  # connections of one address; addresses with one; of each of the others
LATE = 200


async def ask(clinic):
    """A request over a connection of its own."""
    async with clinic.session() as http:
        status, answer = await asyncio.wait_for(Api(clinic, http)('GET', '/clinic'), 10)
    assert status == 200 and answer['name'] == 'Test clinic'


def dial_many(clinic, count, network):
    return [dial(clinic, '127.%d.%d.1' % (network, n // EACH)) for n in range(count)]


async def until(condition):
    for _ in range(200):
        if condition():
            return
        await asyncio.sleep(0.05)
    raise AssertionError('not within 10 s')


async def talk(host, patient, words):
    await patient.say(type='relay', n=1, data=words)
    assert (await host.hear('relay', 5))['data'] == words


async def test_one_more(clinic, http):
    async with clinic.session() as early:
        person = await Clinician(clinic, early, 'newcomers').add().activate()
        room, token = await person.invite()
        later, later_token = await person.invite()
    host, patient = Socket(clinic), Socket(clinic)
    await host.attach(person.api.token)
    await patient.join(room, token)

    # The oldest are many of one address and one each of others.
    greedy = [dial(clinic, '127.9.9.9') for _ in range(GREEDY)]
    singles = [dial(clinic, '127.8.0.%d' % (n + 1)) for n in range(SINGLES)]
    rest = dial_many(clinic, NEWCOMERS - 1 - GREEDY - SINGLES, 10)
    everybody = greedy + singles + rest
    await ask(clinic)  # the last that there is room for; by its answer the others are in, too
    assert all(map(is_open, everybody))

    for n in range(1, 6):
        everybody.append(dial(clinic, '127.11.0.1'))
        await ask(clinic)
        await until(lambda: sum(not is_open(s) for s in greedy) >= n)
    assert all(map(is_open, singles)) and all(map(is_open, rest))

    # A wave of them: no more than may stay, and nobody who is in goes.
    everybody += dial_many(clinic, LATE, 12)
    await ask(clinic)
    await until(lambda: sum(map(is_open, everybody)) <= NEWCOMERS)
    stay = sum(map(is_open, everybody))
    print('# %d of %d stay' % (stay, len(everybody)))
    assert stay > NEWCOMERS - 40, stay
    await talk(host, patient, 'still here')
    second = Socket(clinic)
    assert (await second.join(later, later_token))['type'] == 'welcome'
    for s in everybody:
        s.close()


def make():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
    return Clinic(limits='connections=4096\nconnections_per_address=64\nrequest_seconds=300\nrequests_per_minute=100000')


if __name__ == '__main__':
    run_all(sys.modules[__name__], make)
