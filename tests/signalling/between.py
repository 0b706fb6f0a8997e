#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands between a client and a clinic's server with the server's own key: between.py <certificate> <key>
<port to listen on> <port of the server> <file that gets each byte the client says>

Takes one word at a time on its input: "lose <path>" answers "ok"; the next answer to a request for that path
is swallowed and its connection cut."""
import asyncio
import ssl
import sys

certificate, key, own_port, server_port, log_path = sys.argv[1:]
inside = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
inside.load_cert_chain(certificate, key)
outside = ssl.create_default_context(cafile=certificate)
log = open(log_path, 'ab', buffering=0)
losing = set()


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
        far_reader, far_writer = await asyncio.open_connection('127.0.0.1', int(server_port), ssl=outside, server_hostname='127.0.0.1')
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


async def main():
    await asyncio.start_server(serve, '127.0.0.1', int(own_port), ssl=inside)
    print('ready', flush=True)
    commands = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
    while line := await commands.readline():
        losing.add(line.split()[1])
        print('ok', flush=True)


asyncio.run(main())
