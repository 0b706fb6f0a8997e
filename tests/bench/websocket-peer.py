#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""websocket-peer.py PORT CERTIFICATE KEY: a relay on Debian's python3-websockets, as little as can carry the same
traffic: two connections with one name are joined, what one relays goes to the other, both say ok."""
import asyncio
import json
import ssl
import sys

import websockets

rooms = {}


async def serve(socket):
    name = json.loads(await socket.recv())['room']
    room = rooms.setdefault(name, [])
    room.append(socket)
    await socket.send(json.dumps({'type': 'welcome'}))
    taken = 0
    try:
        async for text in socket:
            message = json.loads(text)
            if message['type'] != 'relay':
                continue
            taken += 1
            await socket.send(json.dumps({'type': 'ok', 'n': message['n']}))
            for other in room:
                if other is not socket:
                    await other.send(json.dumps({'type': 'relay', 'n': taken, 'data': message['data']}))
    except websockets.ConnectionClosed:
        pass
    finally:
        room.remove(socket)
        if not room:
            del rooms[name]


async def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[2], sys.argv[3])
    async with websockets.serve(serve, '127.0.0.1', int(sys.argv[1]), ssl=context, compression=None, max_size=2**20,
                                 ping_interval=None):
        await asyncio.Future()


asyncio.run(main())
