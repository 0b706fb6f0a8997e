# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of an account, and what an attacker tries with it."""
import asyncio, fcntl, os, resource, sys, time
from clinic import *


class Health:
    """/healthz, which has a second for each answer."""
    def __init__(self, clinic, http):
        self.url, self.http, self.asked = clinic.base() + '/healthz', http, 0

    async def ask(self):
        began = time.monotonic()
        async with self.http.get(self.url) as r:
            body = await r.json(content_type=None)
        took = time.monotonic() - began
        self.asked += 1
        assert took < 1, '%.1f s' % took
        assert body == {'status': {200: 'ok', 503: 'unavailable'}[r.status]}, (r.status, body)
        return r.status

    async def becomes(self, status):
        deadline = time.monotonic() + 10
        while await self.ask() != status:
            assert time.monotonic() < deadline, status
            await asyncio.sleep(0.1)


async def test_whole_life(clinic, http):
    person = await Clinician(clinic, http, 'Änne Müller').add().activate()
    assert person.session['login'] == 'änne müller' and person.session['display_name'] == 'Dr Änne Müller'
    assert len(person.recovery) == 10 and all(len(c) == 11 and c[5] == '-' for c in person.recovery)
    assert (await person.api('GET', '/account'))[0] == 200
    # The code of the link is used up.
    assert (await person.api('POST', '/activation/begin', {'code': person.code}))[0] == 401
    status, session = await person.login_with(totp(person.secret))
    assert status == 200 and session['access_expires_in'] == 900
    status, account = await person.api('GET', '/account')
    assert len(account['sessions']) == 2 and sum(s['current'] for s in account['sessions']) == 1
    other = [s for s in account['sessions'] if not s['current']][0]
    assert (await person.api('DELETE', '/account/sessions/' + other['id']))[0] == 204
    assert (await person.api('GET', '/account', token=session['access_token']))[0] == 401
    assert (await person.api('POST', '/logout'))[0] == 204
    assert (await person.api('GET', '/account'))[0] == 401


async def test_recovery_code_once(clinic, http):
    person = await Clinician(clinic, http, 'recovery').add().activate()
    code = person.recovery[3].upper().replace('-', ' ')
    assert (await person.login_with(code))[0] == 200
    assert (await person.login_with(code))[0] == 401
    assert (await person.login_with(person.recovery[4]))[0] == 200


async def test_wrong_password_and_unknown_login_alike(clinic, http):
    person = await Clinician(clinic, http, 'alike').add().activate()
    answers = []
    for login in ('alike', 'nobody-here'):
        first = await person.api('POST', '/login/begin', {'login': login})
        again = await person.api('POST', '/login/begin', {'login': login})
        assert first == again and first[0] == 200 and len(unb64(first[1]['salt'])) == 16
        answers.append(((await person.api('POST', '/login/password', {'login': login, 'auth': b64(os.urandom(32))})), first[1]['ops'], first[1]['mem']))
    assert answers[0] == answers[1] and answers[0][0] == (401, {'error': 'unauthorized'}), answers


async def test_same_time(clinic, http):
    """Medians of interleaved attempts differ by less than a fifth. Ten of each may differ by more on a busy machine, then
    more are taken: three times as many at most."""
    known, unknown = [], []
    for turn in range(3):
        await Clinician(clinic, http, 'timing%d' % turn).add().activate()
        connector = aiohttp.TCPConnector(ssl=clinic.context(), local_addr=('127.0.0.%d' % (2 + turn), 0))
        async with aiohttp.ClientSession(connector=connector) as elsewhere:
            await take_times(Api(clinic, elsewhere), {'timing%d' % turn: known, 'nobody-timing%d' % turn: unknown})
        a, b = (sorted(t)[len(t) // 2] for t in (known, unknown))
        print('# median known %.1f ms (%d), unknown %.1f ms (%d)' % (a * 1e3, len(known), b * 1e3, len(unknown)))
        assert min(len(known), len(unknown)) >= 10 * (turn + 1)
        if abs(a - b) / max(a, b) < 0.2:
            return
    raise AssertionError('the times differ')


async def take_times(api, times):
    for i in range(24):
        for login in times:
            before = time.perf_counter()
            status, _ = await api('POST', '/login/password', {'login': login, 'auth': b64(os.urandom(32))})
            if status == 401:
                times[login].append(time.perf_counter() - before)


async def test_replayed_code(clinic, http):
    person = await Clinician(clinic, http, 'replay').add().activate()
    code = totp(person.secret)
    assert (await person.login_with(code))[0] == 200
    assert (await person.login_with(code)) == (401, {'error': 'unauthorized'})
    # The step before the one that was used is over too, and a future one is never taken.
    assert (await person.login_with(totp(person.secret, step=-1)))[0] == 401
    assert (await person.login_with(totp(person.secret, step=1)))[0] == 401
    assert (await person.login_with(totp(person.secret, step=-2)))[0] == 401


async def test_parallel_posts_of_one_code(clinic, http):
    person = await Clinician(clinic, http, 'parallel').add().activate()
    tickets = []
    for _ in range(50):
        status, answer = await person.ticket()
        assert status == 200, answer
        tickets.append(answer['ticket'])
    code = totp(person.secret)
    answers = await asyncio.gather(*(person.api('POST', '/login/second-factor', {'ticket': t, 'code': code}) for t in tickets))
    statuses = sorted(s for s, _ in answers)
    assert statuses.count(200) == 1 and set(statuses) <= {200, 401, 429}, statuses


async def test_ticket_is_for_few_tries(clinic, http):
    person = await Clinician(clinic, http, 'tries').add().activate()
    _, answer = await person.ticket()
    for _ in range(5):
        assert (await person.api('POST', '/login/second-factor', {'ticket': answer['ticket'], 'code': '000000'}))[0] == 401
    assert (await person.api('POST', '/login/second-factor', {'ticket': answer['ticket'], 'code': totp(person.secret)}))[0] == 401
    assert (await person.login_with(totp(person.secret)))[0] == 200


async def test_refresh(clinic, http):
    person = await Clinician(clinic, http, 'refresh').add().activate()
    first = person.refresh
    status, second = await person.api('POST', '/token/refresh', {'refresh_token': first})
    assert status == 200 and second['refresh_token'] != first
    # The answer was lost: the predecessor works until the new one is used.
    status, third = await person.api('POST', '/token/refresh', {'refresh_token': first})
    assert status == 200
    status, fourth = await person.api('POST', '/token/refresh', {'refresh_token': third['refresh_token']})
    assert status == 200
    assert (await person.api('GET', '/account', token=fourth['access_token']))[0] == 200
    # Now the first is stolen goods, and the session ends.
    assert (await person.api('POST', '/token/refresh', {'refresh_token': first}))[0] == 401
    assert (await person.api('POST', '/token/refresh', {'refresh_token': fourth['refresh_token']}))[0] == 401
    assert (await person.api('GET', '/account', token=fourth['access_token']))[0] == 401


async def test_password_change(clinic, http):
    person = await Clinician(clinic, http, 'change').add().activate()
    _, other = await person.login_with(totp(person.secret))
    salt = b64(os.urandom(16))
    body = {'auth_old': auth_of('wrong', person.salt), 'auth_new': auth_of('new one', salt), 'salt': salt, 'ops': 4, 'mem': 1 << 27}
    assert (await person.api('POST', '/password', body))[0] == 401
    body['auth_old'] = auth_of(person.password, person.salt)
    for bad in ({'ops': 2}, {'mem': 1 << 25}, {'ops': 1000}, {'mem': 1 << 40}, {'salt': 'x'}, {'auth_new': 7}):
        assert (await person.api('POST', '/password', {**body, **bad}))[0] == 400, bad
    assert (await person.api('POST', '/password', body))[0] == 204
    assert (await person.api('GET', '/account'))[0] == 200
    assert (await person.api('GET', '/account', token=other['access_token']))[0] == 401
    assert (await person.ticket())[0] == 401
    assert (await person.api('POST', '/login/begin', {'login': 'change'}))[1] == {'salt': salt, 'ops': 4, 'mem': 1 << 27}
    assert (await person.ticket('new one'))[0] == 200


async def test_disable_and_reset(clinic, http):
    person = await Clinician(clinic, http, 'offduty').add().activate()
    host = Socket(clinic)
    await host.attach(person.api.token)
    clinic.command('user', 'disable', 'offduty')
    assert (await person.api('GET', '/account'))[0] == 401
    assert (await person.api('POST', '/token/refresh', {'refresh_token': person.refresh}))[0] == 401
    assert (await host.hear('error'))['code'] == 'unauthorized'
    assert (await person.ticket())[0] == 401
    # A link would be refused as long as the account is disabled: none is made.
    for command in ('reset', 'reset-2fa'):
        refused = clinic.command('user', command, 'offduty', check=False)
        assert (refused.returncode, refused.stdout) == (1, '') and 'user enable offduty' in refused.stderr
    clinic.command('user', 'enable', 'offduty')
    assert (await person.ticket())[0] == 200
    # A new second factor keeps the password, and asks for it.
    old = person.secret
    person.take_link(clinic.command('user', 'reset-2fa', 'offduty').stdout.strip())
    assert (await person.api('POST', '/activation/password', {'code': person.code, 'auth': b64(os.urandom(32))}))[0] == 401
    await person.activate()
    assert person.secret != old
    assert (await person.login_with(totp(person.secret)))[0] == 200
    person.password = 'another'
    await person.take_link(clinic.command('user', 'reset', 'offduty').stdout.strip()).activate()
    assert (await person.ticket('correct horse'))[0] == 401
    assert (await person.ticket())[0] == 200
    assert 'offduty\tactive' in clinic.command('user', 'list').stdout
    assert clinic.command('user', 'add', 'OFFDUTY', check=False).returncode == 1


async def test_link_names_the_certificate(clinic, http):
    link = clinic.command('user', 'add', 'pinned').stdout.strip()
    spki = subprocess.run('openssl x509 -in %s -pubkey -noout | openssl pkey -pubin -outform der' % (clinic.folder / 'certificate.pem'),
                          shell=True, check=True, capture_output=True).stdout
    assert link.startswith(clinic.url + '/activate#') and link.split('.')[-1] == b64(hashlib.sha256(spki).digest())


async def test_malformed(clinic, http):
    api = Api(clinic, http)
    for raw in (b'', b'[]', b'{', b'"x"', b'{"login":1}', b'{"login":null}', b'{"login":"\xff"}',
                b'[' * 60000, b'{"a":' * 10000, b'{"login":"' + b'a' * 60000 + b'"}', b'nul'):
        status, answer = await api('POST', '/login/begin', raw=raw)
        assert status == 400 and answer == {'error': 'bad-request'}, (raw[:20], status, answer)
    status, answer = await api('POST', '/login/begin', raw=b'{"login":"' + b'a' * 200000 + b'"}')
    assert status == 413, status
    for path in ('/nothing', '/login', '/rooms/x/y/z', '/account/sessions/', '/../healthz'):
        assert (await api('GET', path))[0] == 404, path


async def test_store_that_cannot_be_written(clinic, http):
    """While something else holds the store, /healthz says so and no code is taken, which is not used up by that."""
    person = await Clinician(clinic, http, 'unwritten').add().activate()
    health = Health(clinic, http)
    await health.becomes(200)
    with open(clinic.folder / 'state' / 'store.db-shm', 'r+b') as index:
        fcntl.lockf(index, fcntl.LOCK_EX, 1, 120)  # SQLite's lock of the one who writes
        logins = [asyncio.create_task(person.login_with(code)) for code in person.recovery[:5]]
        await health.becomes(503)
        for _ in range(20):
            assert await health.ask() == 503
        for status, answer in await asyncio.gather(*logins):
            assert status >= 500, (status, answer)
        assert '"store-failed"' in clinic.log_path.read_text()
    await health.becomes(200)
    assert (await person.login_with(person.recovery[0]))[0] == 200


async def test_full_disk(clinic, http):
    """No file of the server can grow: /healthz says so, at once when a write has failed."""
    person = await Clinician(clinic, http, 'full').add().activate()
    health = Health(clinic, http)
    await health.becomes(200)
    _, most = resource.prlimit(clinic.process.pid, resource.RLIMIT_FSIZE)
    try:
        resource.prlimit(clinic.process.pid, resource.RLIMIT_FSIZE, (8192, most))
        await health.becomes(503)
        resource.prlimit(clinic.process.pid, resource.RLIMIT_FSIZE, (most, most))
        await health.becomes(200)  # it has just probed, and does not again for a while
        resource.prlimit(clinic.process.pid, resource.RLIMIT_FSIZE, (8192, most))
        status, answer = await person.login_with(person.recovery[0])
        assert status >= 500, (status, answer)
        assert await health.ask() == 503
    finally:
        resource.prlimit(clinic.process.pid, resource.RLIMIT_FSIZE, (most, most))
    await health.becomes(200)
    assert (await person.login_with(person.recovery[0]))[0] == 200


async def test_health_is_probed_seldom(clinic, http):
    """However often it is asked."""
    health = Health(clinic, http)
    wal = clinic.folder / 'state' / 'store.db-wal'
    writes = set()
    began = time.monotonic()
    while time.monotonic() - began < 8:
        assert await health.ask() == 200
        writes.add(wal.stat().st_mtime_ns)
    assert 2 <= len(writes) <= 4, writes
    print('# %d probes seen in %d answers' % (len(writes) - 1, health.asked))


if __name__ == '__main__':
    run_all(sys.modules[__name__])
