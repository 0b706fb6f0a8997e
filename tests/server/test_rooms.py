# SPDX-License-Identifier: GPL-3.0-or-later
"""Rooms, the waiting line, the relay; who may do what to whom."""
import asyncio, os, sys, time
from clinic import *


def admission(token):
    return {'Bedside-Admission': b64(token)}


async def pair(clinic, http, login):
    person = await Clinician(clinic, http, login).add().activate()
    host = Socket(clinic)
    await host.attach(person.api.token)
    return person, host


async def test_life_of_a_room(clinic, http):
    person, host = await pair(clinic, http, 'life')
    guest = Api(clinic, http)
    room, token = await person.invite()
    card = '/rooms/%s/card' % b64(room)
    assert (await guest('GET', card))[0] == 404
    assert (await guest('GET', card, headers=admission(os.urandom(32)))) == (404, {'error': 'not-found'})
    assert (await guest('GET', '/rooms/%s/card' % b64(os.urandom(16)), headers=admission(token))) == (404, {'error': 'not-found'})
    assert (await person.api('GET', '/rooms'))[1]['rooms'][0]['state'] == 'created'
    status, answer = await guest('GET', card, headers=admission(token))
    assert status == 200 and answer['state'] == 'opened' and len(unb64(answer['card'])) == 200
    assert (await host.hear('room'))['state'] == 'opened'
    patient = Socket(clinic)
    welcome = await patient.join(room, token)
    assert welcome['type'] == 'welcome' and welcome['position'] == 1 and welcome['state'] == 'waiting' and welcome['host_online']
    assert welcome['peer'] == b64(hashlib.sha256(b'bedside peer v1' + room + patient.seat).digest()[:12])
    assert (await host.hear('room'))['state'] == 'waiting'
    arrived = await host.hear('arrived')
    assert arrived['peer'] == patient.peer and not arrived['admitted'] and not arrived['second_device']
    await host.say(type='admit', room=b64(room), peer=patient.peer)
    assert (await host.hear('room'))['state'] == 'admitted'
    assert (await person.api('POST', '/rooms/%s/end' % b64(room)))[0] == 204
    assert (await patient.hear('over'))['reason'] == 'ended'
    await patient.closed()
    assert (await guest('GET', card, headers=admission(token))) == (410, {'error': 'used'})
    again = Socket(clinic)
    assert await again.join(room, token, seat=patient.seat) == {'type': 'error', 'code': 'used'}
    await again.closed()
    assert (await person.api('DELETE', '/rooms/' + b64(room)))[0] == 410
    assert (await person.api('POST', '/rooms/%s/end' % b64(room)))[0] == 204


async def test_revoked_and_expired(clinic, http):
    person, host = await pair(clinic, http, 'revoke')
    room, token = await person.invite()
    patient = Socket(clinic)
    await patient.join(room, token)
    assert (await person.api('DELETE', '/rooms/' + b64(room)))[0] == 204
    assert (await patient.hear('over'))['reason'] == 'revoked'
    assert await Socket(clinic).join(room, token) == {'type': 'error', 'code': 'revoked'}
    room, token = await person.invite(expires=5)
    patient = Socket(clinic)
    await patient.join(room, token)
    assert (await patient.hear('over'))['reason'] == 'expired'
    assert (await Api(clinic, http)('GET', '/rooms/%s/card' % b64(room), headers=admission(token)))[0] == 410
    bad = {'room': b64(os.urandom(16)), 'token_hash': b64(os.urandom(32)), 'card': b64(b'x')}
    for expires in (int(time.time()) - 1, int(time.time()) + 31 * 86400, 'soon', None):
        assert (await person.api('POST', '/rooms', {**bad, 'expires': expires}))[0] == 400
    assert (await person.api('POST', '/rooms', {**bad, 'expires': int(time.time()) + 60, 'card': b64(os.urandom(49152 + 65))}))[0] == 400
    assert (await person.api('POST', '/rooms', {**bad, 'expires': int(time.time()) + 60, 'card': b64(os.urandom(48500))}))[0] == 201
    assert (await person.api('POST', '/rooms', {**bad, 'expires': int(time.time()) + 60}))[0] == 409


async def test_line(clinic, http):
    person, host = await pair(clinic, http, 'line')
    guests = []
    for n in range(3):
        room, token = await person.invite()
        guest = Socket(clinic)
        assert (await guest.join(room, token))['position'] == n + 1
        guests.append(guest)
        await asyncio.sleep(1.05)
    await host.say(type='admit', room=b64(guests[0].room), peer=guests[0].peer)
    assert (await guests[1].hear('position'))['position'] == 1
    assert (await guests[2].hear('position'))['position'] == 2
    await guests[1].say(type='leave')
    assert (await guests[2].hear('position'))['position'] == 1
    assert (await host.hear('left'))['peer'] == guests[1].peer
    await host.say(type='decline', room=b64(guests[2].room), peer=guests[2].peer)
    assert (await guests[2].hear('over'))['reason'] == 'declined'
    await host.close()
    assert (await guests[0].hear('host'))['online'] is False


async def test_second_person_with_the_same_link(clinic, http):
    person, host = await pair(clinic, http, 'second')
    room, token = await person.invite()
    first, second = Socket(clinic), Socket(clinic)
    await first.join(room, token)
    await host.hear('arrived')
    await host.say(type='admit', room=b64(room), peer=first.peer)
    welcome = await second.join(room, token)
    assert welcome['state'] == 'waiting'
    arrived = await host.hear('arrived')
    assert arrived['second_device'] and not arrived['admitted'] and arrived['peer'] == second.peer
    await host.say(type='admit', room=b64(room), peer=second.peer)
    assert (await first.hear('over'))['reason'] == 'replaced'
    extra = [Socket(clinic) for _ in range(4)]
    answers = [await e.join(room, token) for e in extra]
    assert [a['type'] for a in answers] == ['welcome'] * 3 + ['error'] and answers[3]['code'] == 'conflict'
    # Somebody else's seat in another room is no way in.
    other, other_token = await person.invite()
    await host.say(type='admit', room=b64(other), peer=second.peer)
    assert (await host.hear('error'))['code'] == 'not-found'


async def test_seat_comes_back(clinic, http):
    person, host = await pair(clinic, http, 'back')
    room, token = await person.invite()
    patient = Socket(clinic)
    await patient.join(room, token)
    await host.hear('arrived')
    await host.say(type='admit', room=b64(room), peer=patient.peer)
    await host.hear('room')
    await patient.close()
    assert (await host.hear('left'))['peer'] == patient.peer
    again = Socket(clinic)
    assert (await again.join(room, token, seat=patient.seat))['state'] == 'admitted'
    assert (await host.hear('arrived'))['admitted']
    # The same seat in a third connection pushes the second out without a word to the clinician.
    third = Socket(clinic)
    assert (await third.join(room, token, seat=patient.seat))['state'] == 'admitted'
    await again.closed()


async def exchange(clinic, http, login, interrupt):
    """Both sides send 40 numbered texts while `interrupt` cuts them off; each must arrive once, in order."""
    person = await Clinician(clinic, http, login).add().activate()
    room, token = await person.invite()
    seat, hops = os.urandom(16), (os.urandom(16), os.urandom(16))
    patient, host = Socket(clinic), Socket(clinic)
    await host.attach(person.api.token, hops[0])
    await patient.join(room, token, seat, hops[1])
    peer = patient.peer
    pending = {0: [], 1: []}     # what is not confirmed, for each side
    seen = {0: [], 1: []}
    made = 0

    async def reader(side, socket):
        try:
            while True:
                message = json.loads(await socket.ws.recv())
                if message['type'] == 'ok':
                    pending[side][:] = [p for p in pending[side] if p['n'] > message['n']]
                elif message['type'] == 'relay':
                    if not seen[side] or message['n'] > seen[side][-1][0]:
                        seen[side].append((message['n'], message['data']))
                    await socket.say(type='ok', n=message['n'])
                assert message['type'] != 'error', message
        except websockets.ConnectionClosed:
            pass

    sockets, tasks = [host, patient], []
    tasks = [asyncio.create_task(reader(i, s)) for i, s in enumerate(sockets)]
    for n in range(1, 41):
        for side, socket in enumerate(sockets):
            message = {'type': 'relay', 'n': n, 'data': '%d from %d' % (n, side)}
            if side == 0:
                message.update(room=b64(room), peer=peer)
            pending[side].append(message)
            try:
                await socket.say(**message)
            except websockets.ConnectionClosed:
                pass
        if n % 10 == 5:
            await interrupt(sockets)
            await asyncio.gather(*tasks)
            sockets = [Socket(clinic), Socket(clinic)]
            await sockets[0].attach(person.api.token, hops[0])
            answer = await sockets[1].join(room, token, seat, hops[1])
            assert answer['type'] == 'welcome', answer
            tasks = [asyncio.create_task(reader(i, s)) for i, s in enumerate(sockets)]
            for side in (0, 1):
                for message in list(pending[side]):
                    await sockets[side].say(**message)
    for _ in range(600):
        if not pending[0] and not pending[1] and len(seen[0]) + len(seen[1]) == 80:
            break
        await asyncio.sleep(0.05)
    assert [d for _, d in seen[0]] == ['%d from 1' % n for n in range(1, 41)], seen[0]
    assert [d for _, d in seen[1]] == ['%d from 0' % n for n in range(1, 41)], seen[1]
    for s in sockets:
        await s.close()
    await asyncio.gather(*tasks)


async def test_relay_over_reconnects(clinic, http):
    async def cut(sockets):
        for s in sockets:
            s.ws.transport.abort()
    await exchange(clinic, http, 'cut', cut)


async def test_relay_over_kill_and_restart(clinic, http):
    async def kill(sockets):
        clinic.stop(kill=True)
        clinic.start()
    await exchange(clinic, http, 'kill', kill)


async def test_relay_numbers(clinic, http):
    person, host = await pair(clinic, http, 'numbers')
    room, token = await person.invite()
    patient = Socket(clinic)
    await patient.join(room, token)
    await patient.say(type='relay', n=1, data='a')
    assert await patient.hear('ok') == {'type': 'ok', 'n': 1}
    await patient.say(type='relay', n=1, data='a')
    assert await patient.hear() == {'type': 'ok', 'n': 1}
    await patient.say(type='relay', n=3, data='c')
    assert await patient.hear() == {'type': 'error', 'code': 'conflict'}
    await patient.say(type='relay', n=2, data='b')
    assert await patient.hear() == {'type': 'ok', 'n': 2}
    got = [await host.hear('relay'), await host.hear('relay')]
    assert [(g['n'], g['data']) for g in got] == [(1, 'a'), (2, 'b')]
    # A new hop begins at 1 and inherits what was not confirmed.
    await host.say(type='ok', n=1)
    await asyncio.sleep(0.2)
    await host.close()
    host = Socket(clinic)
    await host.attach(person.api.token)
    got = await host.hear('relay')
    assert (got['n'], got['data']) == (1, 'b')


async def test_queue_is_capped(clinic, http):
    person, host = await pair(clinic, http, 'queue')
    await host.close()
    room, token = await person.invite()
    patient = Socket(clinic)
    await patient.join(room, token)
    for n in range(1, 101):
        await patient.say(type='relay', n=n, data='%d' % n)
        assert (await patient.hear('ok'))['n'] == n
    host = Socket(clinic)
    await host.attach(person.api.token)
    got = [await host.hear('relay') for _ in range(64)]
    assert [g['data'] for g in got] == ['%d' % n for n in range(37, 101)]
    await host.close()
    for n in range(101, 111):
        await patient.say(type='relay', n=n, data='x' * 60000)
        assert (await patient.hear('ok'))['n'] == n
    host = Socket(clinic)
    await host.attach(person.api.token)
    got = [await host.hear('relay') for _ in range(4)]
    assert all(len(g['data']) == 60000 for g in got)
    try:
        assert not await host.hear('relay', 1)
    except asyncio.TimeoutError:
        pass


async def test_idor(clinic, http):
    """Every endpoint that names a thing, asked by somebody else's account, a guest and nobody."""
    owner, host = await pair(clinic, http, 'owner')
    thief, thief_host = await pair(clinic, http, 'thief')
    nobody = Api(clinic, http)
    room, token = await owner.invite()
    other, other_token = await thief.invite()
    patient = Socket(clinic)
    await patient.join(room, token)
    own = (await owner.api('GET', '/account'))[1]['sessions'][0]['id']
    matrix = [
        ('DELETE', '/account/sessions/' + own, None, 404),
        ('POST', '/rooms/%s/end' % b64(room), {}, 403),
        ('DELETE', '/rooms/' + b64(room), None, 403),
        ('GET', '/rooms/%s/card' % b64(room), None, 404),
    ]
    for method, path, body, expected in matrix:
        assert (await thief.api(method, path, body))[0] == expected, path
        assert (await nobody(method, path, body))[0] == (404 if path.endswith('/card') else 401), path
    for method, path in (('GET', '/account'), ('GET', '/rooms'), ('POST', '/rooms'), ('GET', '/ice'), ('POST', '/logout'), ('POST', '/password')):
        assert (await nobody(method, path, {} if method == 'POST' else None))[0] == 401, path
        assert (await nobody(method, path, {} if method == 'POST' else None, token=b64(os.urandom(32))))[0] == 401, path
    assert room not in [unb64(r['room']) for r in (await thief.api('GET', '/rooms'))[1]['rooms']]
    # A guest's token opens its own room's card and TURN, nothing else.
    assert (await nobody('GET', '/ice', headers={'Bedside-Room': b64(room), **admission(token)}))[0] == 200
    assert (await nobody('GET', '/ice', headers={'Bedside-Room': b64(other), **admission(token)}))[0] == 404
    assert (await nobody('GET', '/rooms/%s/card' % b64(other), headers=admission(token)))[0] == 404
    assert (await Socket(clinic).join(other, token))['code'] == 'not-found'
    # Over the WebSocket: another's room and peer, and acts that are not this role's.
    for kind in ('admit', 'decline'):
        await thief_host.say(type=kind, room=b64(room), peer=patient.peer)
        assert (await thief_host.hear('error'))['code'] == 'not-found'
        await patient.say(type=kind, room=b64(room), peer=patient.peer)
        assert (await patient.hear('error'))['code'] == 'forbidden'
    await thief_host.say(type='relay', room=b64(room), peer=patient.peer, n=1, data='x')
    assert (await thief_host.hear('error'))['code'] == 'not-found'
    await patient.say(type='attach', hop=b64(os.urandom(16)))
    assert (await patient.hear('error'))['code'] == 'bad-request'
    # Nobody gets beyond waiting without the clinician.
    assert [r['state'] for r in (await owner.api('GET', '/rooms'))[1]['rooms']] == ['waiting']
    sneak = await Socket(clinic).open()
    await sneak.say(type='attach', hop=b64(os.urandom(16)))
    assert (await sneak.hear('error'))['code'] == 'unauthorized'
    await sneak.closed()
    for headers in ({'Authorization': 'Bearer ' + b64(os.urandom(32))}, {'Authorization': 'Basic eDp5'}):
        try:
            await websockets.connect(clinic.base().replace('https', 'wss') + '/ws', ssl=clinic.context(), extra_headers=headers, subprotocols=['bedside.v1'])
            raise AssertionError('let in')
        except websockets.InvalidStatusCode as refused:
            assert refused.status_code == 401


async def test_turn_credentials(clinic, http):
    person, host = await pair(clinic, http, 'turn')
    status, answer = await person.api('GET', '/ice')
    server = answer['ice_servers'][0]
    expiry, _, random = server['username'].partition(':')
    assert abs(int(expiry) - time.time() - answer['ttl']) < 5 and len(random) == 16
    expected = base64.b64encode(hmac.new(b'a-shared-secret-of-the-test', server['username'].encode(), hashlib.sha1).digest()).decode()
    assert server['credential'] == expected and server['urls'] == ['turn:127.0.0.1:3478']


async def test_tls_relay_is_for_patients(clinic, http):
    """The app's library speaks no turns:, so a clinician is told of none; a patient's browser is."""
    urls = ['turn:127.0.0.1:3478', 'turns:relay.test:443?transport=tcp']
    own = Clinic(turn=';'.join(urls)).start()
    try:
        async with own.session() as mine:
            person = await Clinician(own, mine, 'relay').add().activate()
            room, token = await person.invite()
            host, patient = Socket(own), Socket(own)
            told = [(await host.attach(person.api.token))['ice_servers'], (await person.api('GET', '/ice'))[1]['ice_servers']]
            assert [server['urls'] for servers in told for server in servers] == [urls[:1]] * 2, told
            guest = {'Bedside-Room': b64(room), **admission(token)}
            told = [(await patient.join(room, token))['ice_servers'],
                    (await Api(own, mine)('GET', '/ice', headers=guest))[1]['ice_servers']]
            assert [server['urls'] for servers in told for server in servers] == [urls] * 2, told
    finally:
        own.drop_sockets()
        own.close()


if __name__ == '__main__':
    run_all(sys.modules[__name__])
