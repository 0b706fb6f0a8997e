# SPDX-License-Identifier: GPL-3.0-or-later
"""forward.py LISTEN TO PORT: passes TCP connections on."""
import asyncio
import sys


async def pipe(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    writer.close()


async def main():
    listen, to, port = sys.argv[1], sys.argv[2], int(sys.argv[3])

    async def on_client(reader, writer):
        try:
            other_reader, other_writer = await asyncio.open_connection(to, port)
        except OSError:
            writer.close()
            return
        await asyncio.gather(pipe(reader, other_writer), pipe(other_reader, writer))

    server = await asyncio.start_server(on_client, listen, port)
    print('ready', flush=True)
    await server.serve_forever()


asyncio.run(main())
