# SPDX-License-Identifier: GPL-3.0-or-later
"""Behind a reverse proxy, over plain HTTP: whom the limits count, and whom nobody can pretend to be."""
import asyncio, os, sys
from clinic import *

PROXY, STRANGER = '127.0.0.2', '127.0.0.3'
BURST = 30  # of requests at the lowest rate
LIMITS = 'requests_per_minute=10\nlogins_per_minute=1\nconnections_per_address=4\nconnections=200'
HEADER = '[proxy]\nheader=X-Forwarded-For\naddresses=192.0.2.77; 127.0.0.2'


def make():
    return Clinic(limits=LIMITS, extra=HEADER, tls=False)


async def ask(clinic, source, *headers, count=1, path='/api/v1/clinic', host='127.0.0.1'):
    """The statuses of `count` requests over one connection from this address."""
    reader, writer = await asyncio.open_connection(host, clinic.port, local_addr=(source, 0))
    lines = ''.join('X-Forwarded-For: %s\r\n' % h for h in headers)
    found = []
    for _ in range(count):
        writer.write(('GET %s HTTP/1.1\r\nHost: x\r\n%s\r\n' % (path, lines)).encode())
        head = await asyncio.wait_for(reader.readuntil(b'\r\n\r\n'), 30)
        found.append(int(head.split()[1]))
        length = [int(line.split(b':')[1]) for line in head.lower().split(b'\r\n') if line.startswith(b'content-length:')]
        await reader.readexactly(length[0])
    writer.close()
    return found


async def use_up(clinic, source, *headers, **more):
    found = await ask(clinic, source, *headers, count=BURST + 2, **more)
    assert found[:BURST] == [200] * BURST and found[-1] == 429, found


async def test_each_client_for_itself(clinic, http):
    await use_up(clinic, PROXY, '203.0.113.1')
    assert await ask(clinic, PROXY, '203.0.113.1') == [429]
    assert await ask(clinic, PROXY, '203.0.113.2') == [200]
    assert await ask(clinic, '127.0.0.1') == [200]


async def test_forged_in_front_of_the_proxy(clinic, http):
    """A client may write what it likes into the header: the proxy adds whom it heard to the right."""
    await use_up(clinic, PROXY, '203.0.113.10')
    for forged in ('203.0.113.11, ', '203.0.113.11,127.0.0.2,', 'x, ' * 200, ', , ,', '1.2.3.4:80, ', '"::1", ', 'unknown,'):
        assert await ask(clinic, PROXY, forged + '203.0.113.10') == [429], forged
    # The same in a line of its own, and with a second proxy of ours in between.
    assert await ask(clinic, PROXY, '203.0.113.11', '203.0.113.10') == [429]
    assert await ask(clinic, PROXY, '203.0.113.11, 203.0.113.10, 192.0.2.77') == [429]
    assert await ask(clinic, PROXY, '203.0.113.11') == [200]


async def test_forged_by_a_stranger(clinic, http):
    """Who is no proxy of ours counts as himself, whatever he says, and uses up nobody else's."""
    found = []
    for n in range(BURST + 2):
        found += await ask(clinic, STRANGER, '203.0.113.%d' % (100 + n))
    assert found[:BURST] == [200] * BURST and found[-1] == 429, found
    assert await ask(clinic, STRANGER, PROXY) == [429]
    assert await ask(clinic, PROXY, '203.0.113.100') == [200]


async def test_malformed_counts_as_the_proxy(clinic, http):
    forms = ['', 'x', '203.0.113.300', '203.0.113.20, x', '203.0.113.20,', 'a' * 5000, '[2001:db8::1]', '1.2.3', '0x7f000001', '::1%lo']
    found = []
    for n in range(BURST + 2):
        found += await ask(clinic, PROXY, forms[n % len(forms)])
    assert found[:BURST] == [200] * BURST and found[-1] == 429, found
    assert await ask(clinic, PROXY, '203.0.113.20') == [200]


async def test_ipv6_by_its_network(clinic, http):
    await use_up(clinic, PROXY, '2001:db8:1:2::1')
    assert await ask(clinic, PROXY, '2001:db8:1:2:ffff::7') == [429]
    assert await ask(clinic, PROXY, '2001:db8:1:3::1') == [200]
    await use_up(clinic, PROXY, '::ffff:203.0.113.30')
    assert await ask(clinic, PROXY, '203.0.113.30') == [429]
    assert await ask(clinic, PROXY, '::ffff:cb00:711e') == [429]


async def test_logins(clinic, http):
    """Attempts count for the address that the proxy names."""
    async def attempts(address, count):
        found = []
        for _ in range(count):
            headers = {'X-Forwarded-For': address}
            connector = aiohttp.TCPConnector(local_addr=(PROXY, 0))
            async with aiohttp.ClientSession(connector=connector) as session:
                found.append((await Api(clinic, session)('POST', '/login/begin', {'login': 'x'}, headers=headers))[0])
        return found
    found = await attempts('203.0.113.40', 22)
    assert found[:20] == [200] * 20 and found[21] == 429, found
    assert await attempts('203.0.113.41', 1) == [200]


async def test_connections(clinic, http):
    """A proxy may hold as many as all; each of its clients, as many WebSockets as an address may."""
    async def opened(address):
        try:
            return await Socket(clinic).open(local_addr=(PROXY, 0), headers={'X-Forwarded-For': address})
        except websockets.InvalidStatusCode as refused:
            return refused.status_code
    first = [await opened('203.0.113.50') for _ in range(5)]
    assert [isinstance(s, Socket) for s in first] == [True] * 4 + [False] and first[4] == 429, first
    others = [await opened('203.0.113.%d' % (51 + n)) for n in range(12)]
    assert all(isinstance(s, Socket) for s in others), others
    await first[0].close()
    for _ in range(300):
        again = await opened('203.0.113.50')
        if isinstance(again, Socket):
            break
        await asyncio.sleep(0.1)
    assert isinstance(again, Socket)
    # A stranger's count is his own: he has four, however he calls himself.
    strangers = []
    for n in range(5):
        try:
            strangers.append(await Socket(clinic).open(local_addr=(STRANGER, 0), headers={'X-Forwarded-For': '203.0.113.%d' % (80 + n)}))
        except (OSError, websockets.InvalidHandshake, EOFError):
            strangers.append(None)
    assert [bool(s) for s in strangers] == [True] * 4 + [False], strangers


async def test_proxy_over_ipv6(clinic, http):
    own = Clinic(limits=LIMITS, extra='[proxy]\nheader=X-Real-IP\naddresses=::1', tls=False)
    own.config.write_text(own.config.read_text().replace('listen=127.0.0.1:', 'listen=[::1]:'))
    own.start('::1')
    try:
        async def one(value):
            reader, writer = await asyncio.open_connection('::1', own.port)
            writer.write(('GET /api/v1/clinic HTTP/1.1\r\nHost: x\r\nX-Real-IP: %s\r\nConnection: close\r\n\r\n' % value).encode())
            status = int((await asyncio.wait_for(reader.read(), 30)).split()[1])
            writer.close()
            return status
        found = [await one('203.0.113.60') for _ in range(BURST + 2)]
        assert found[:BURST] == [200] * BURST and found[-1] == 429, found
        assert await one('203.0.113.61') == 200
    finally:
        own.close()


async def test_plain_http_only_behind_a_proxy_here(clinic, http):
    good = clinic.config.read_text()
    config = clinic.folder / 'etc' / 'other.conf'
    for old, new, words in (
            ('listen=127.0.0.1:', 'listen=0.0.0.0:', 'only listens on 127.0.0.1'),
            ('listen=127.0.0.1:', 'listen=192.0.2.1:', 'only listens on 127.0.0.1'),
            ('listen=127.0.0.1:', 'listen=[::]:', 'only listens on 127.0.0.1'),
            (HEADER, '', '[proxy]'),
            ('header=X-Forwarded-For', '', '[proxy] needs header'),
            ('addresses=192.0.2.77; 127.0.0.2', '', '[proxy] needs addresses'),
            ('192.0.2.77', '192.0.2.0/24', 'no address is'),
            ('X-Forwarded-For', 'Forwarded', 'a list of addresses'),
            ('X-Forwarded-For', 'X Y', 'a list of addresses')):
        assert old in good
        config.write_text(good.replace(old, new))
        done = subprocess.run([SERVER, 'serve', '--config', config], capture_output=True, text=True, timeout=60)
        assert done.returncode == 1 and words in done.stderr, (new, done.stderr)


if __name__ == '__main__':
    run_all(sys.modules[__name__], make)
