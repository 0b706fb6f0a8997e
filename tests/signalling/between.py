#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands between a client and a clinic's server with the server's own key: between.py <certificate> <key>
<port to listen on> <port of the server> <file that gets each byte the client says>

Takes one command at a time on its input, and answers "ok". "lose <path>": the next answer to a request for that path
is swallowed and its connection cut. "from <address>": new connections come to the server from there. "guess <login>":
wrong passwords, each from another address, until the server does not say any more that they are wrong."""
import asyncio
import base64
import http.client
import json
import ssl
import sys

certificate, key, own_port, server_port, log_path = sys.argv[1:]
inside = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
inside.load_cert_chain(certificate, key)
outside = ssl.create_default_context(cafile=certificate)
log = open(log_path, 'ab', buffering=0)
losing = set()
source = '127.0.0.1'
GUESSES = 100


class Pair:
    lost = False

    async def up(self, source, target):
        while data := await source.read(65536):
            log.write(data)
            for path in [path for path in losing if b' ' + path + b' HTTP/1.1\r\n' in data]:
                losing.discard(path)
                self.lost = True
            target.write(data)

    async def down(self, source, target):
        while (data := await source.read(65536)) and not self.lost:
            target.write(data)


async def serve(reader, writer):
    pair = Pair()
    ends = [writer]
    try:
        far_reader, far_writer = await asyncio.open_connection('127.0.0.1', int(server_port), ssl=outside, server_hostname='127.0.0.1',
                                                                local_addr=(source, 0))
        ends.append(far_writer)
        tasks = [asyncio.ensure_future(pair.up(reader, far_writer)), asyncio.ensure_future(pair.down(far_reader, writer))]
        _, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    except OSError:
        pass  # The server is away, as some tests want it.
    for end in ends:
        end.close()


def guess(login):
    body = json.dumps({'login': login, 'auth': base64.urlsafe_b64encode(bytes(32)).rstrip(b'=').decode()})
    for number in range(GUESSES):
        server = http.client.HTTPSConnection('127.0.0.1', int(server_port), context=outside,
                                             source_address=(f'127.0.7.{number + 1}', 0))
        server.request('POST', '/api/v1/login/password', body, {'Content-Type': 'application/json'})
        status = server.getresponse().status
        server.close()
        if status == 200:
            return
        assert status == 401, status
    raise AssertionError(f'{GUESSES} guesses were judged')


async def obey(command, argument):
    global source
    if command == 'lose':
        losing.add(argument)
    elif command == 'from':
        source = argument.decode()
    else:
        assert command == 'guess', command
        await asyncio.to_thread(guess, argument.decode())


async def main():
    await asyncio.start_server(serve, '127.0.0.1', int(own_port), ssl=inside)
    print('ready', flush=True)
    commands = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
    while line := await commands.readline():
        command, argument = line.split()
        await obey(command.decode(), argument)
        print('ok', flush=True)


asyncio.run(main())
