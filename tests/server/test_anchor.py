# SPDX-License-Identifier: GPL-3.0-or-later
"""What an account keeps for a vault: only its owner's, small, and not often."""
import asyncio, os, sys

from clinic import Api, Clinician, b64, run_all, totp, unb64


def path(vault):
    return '/account/anchors/' + b64(vault)


async def test_kept(clinic, http):
    person = await Clinician(clinic, http, 'keeper').add().activate()
    vault, other = os.urandom(16), os.urandom(16)
    assert await person.api('GET', path(vault)) == (404, {'error': 'not-found'})
    for value in (os.urandom(1), os.urandom(1024), os.urandom(93)):
        assert await person.api('POST', path(vault), {'value': b64(value)}) == (204, None)
        status, answer = await person.api('GET', path(vault))
        assert status == 200 and unb64(answer['value']) == value
    assert (await person.api('GET', path(other)))[0] == 404
    # It outlives the session and the process.
    assert (await person.api('POST', '/logout'))[0] == 204
    clinic.stop()
    clinic.start()
    async with clinic.session() as fresh:
        person.api.http = fresh
        status, session = await person.login_with(totp(person.secret))
        assert status == 200
        person.take(session)
        assert unb64((await person.api('GET', path(vault)))[1]['value']) == value


async def test_only_the_owner(clinic, http):
    one = await Clinician(clinic, http, 'one').add().activate()
    two = await Clinician(clinic, http, 'two').add().activate()
    vault, value = os.urandom(16), os.urandom(93)
    assert (await one.api('POST', path(vault), {'value': b64(value)}))[0] == 204
    # The same name in another account is another thing.
    assert (await two.api('GET', path(vault)))[0] == 404
    assert (await two.api('POST', path(vault), {'value': b64(os.urandom(93))}))[0] == 204
    assert unb64((await one.api('GET', path(vault)))[1]['value']) == value
    nobody = Api(clinic, http)
    for token in (None, b64(os.urandom(32)), one.refresh, 'x'):
        for method, body in (('GET', None), ('POST', {'value': b64(b'forged')})):
            answer = await nobody(method, path(vault), body, token=token)
            assert answer == (401, {'error': 'unauthorized'}), (token, method, answer)
    room, admission = await one.invite()
    headers = {'Bedside-Room': b64(room), 'Bedside-Admission': b64(admission)}
    assert (await nobody('GET', path(vault), headers=headers))[0] == 401
    assert (await one.api('POST', '/logout'))[0] == 204
    assert (await one.api('GET', path(vault)))[0] == 401
    assert (await one.api('POST', path(vault), {'value': b64(b'late')}))[0] == 401


async def test_refused(clinic, http):
    person = await Clinician(clinic, http, 'refused').add().activate()
    vault, value = os.urandom(16), os.urandom(93)
    assert (await person.api('POST', path(vault), {'value': b64(value)}))[0] == 204
    for large in (1025, 1026, 2000, 40000):
        answer = await person.api('POST', path(vault), {'value': b64(os.urandom(large))})
        assert answer == (413, {'error': 'too-large'}), (large, answer)
    for body in ({}, {'value': None}, {'value': 7}, {'value': ''}, {'value': '='}, {'value': 'a b'}, {'value': 'A'},
                 {'value': [b64(value)]}):
        assert (await person.api('POST', path(vault), body)) == (400, {'error': 'bad-request'}), body
    for raw in (b'', b'{', b'[]'):
        assert (await person.api('POST', path(vault), raw=raw))[0] == 400, raw
    for name in ('', b64(os.urandom(15)), b64(os.urandom(17)), 'x' * 22, '..', b64(vault) + '/more', 'ä'):
        assert (await person.api('GET', '/account/anchors/' + name))[0] == 404, name
        assert (await person.api('POST', '/account/anchors/' + name, {'value': b64(value)}))[0] == 404, name
    assert (await person.api('DELETE', path(vault)))[0] == 404
    assert unb64((await person.api('GET', path(vault)))[1]['value']) == value


async def test_not_often(clinic, http):
    person = await Clinician(clinic, http, 'often').add().activate()
    other = await Clinician(clinic, http, 'seldom').add().activate()
    vault = os.urandom(16)
    answers = [(await person.api('POST', path(vault), {'value': b64(bytes([i]))}))[0] for i in range(30)]
    assert answers[:20] == [204] * 20 and 429 in answers, answers
    assert int(person.api.headers['Retry-After']) > 0
    assert unb64((await person.api('GET', path(vault)))[1]['value']) == bytes([answers.index(429) - 1])
    assert (await other.api('POST', path(vault), {'value': b64(b'x')}))[0] == 204


async def test_few_vaults(clinic, http):
    person = await Clinician(clinic, http, 'vaults').add().activate()
    vaults = [os.urandom(16) for _ in range(10)]
    for vault in vaults:
        assert (await person.api('POST', path(vault), {'value': b64(vault)}))[0] == 204
        if vault is vaults[0]:
            await asyncio.sleep(1.1)
    statuses = [(await person.api('GET', path(vault)))[0] for vault in vaults]
    assert statuses.count(200) == 8 and statuses[0] == 404 and statuses[-1] == 200, statuses


if __name__ == '__main__':
    run_all(sys.modules[__name__])
