#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""bed-peer against a browser: frames, tone and data channel, both ways, checked for content. TAP on stdout.

test_browser.py BED_PEER chromium|firefox offer|answer    (the role of bed-peer)
"""
import asyncio
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from aiohttp import WSMsgType, web

from browsers import Browser
from netns import enter_private_network

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from traced import traced  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
DEADLINE = int(os.environ.get("BED_DEADLINE", "100"))
ENOUGH_FRAMES = 60  # read on either side
WAIT_FRAMES = 100  # at the page, before the call is ended
ENOUGH_TONE = 10


class Call:
    def __init__(self, peer_path, browser, role, directory):
        self.peer_path, self.browser_name, self.role, self.directory = peer_path, browser, role, directory
        self.peer = None
        self.socket = None
        self.report = {}
        self.lines = []
        self.page_errors = []
        self.done = asyncio.Event()

    async def start_peer(self):
        self.peer = await asyncio.create_subprocess_exec(
            self.peer_path, "--role", self.role, "--data-echo", "--seconds", str(DEADLINE),
            "--stats", os.path.join(self.directory, "stats.json"),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, limit=1 << 20, env=traced(self.peer_path))
        self.reader = asyncio.create_task(self.read_peer())

    async def read_peer(self):
        async for text in self.peer.stdout:
            line = json.loads(text)
            self.lines.append(line)
            self.trace("peer", line)
            if line["type"] in ("offer", "answer", "candidate", "end-of-candidates") and self.socket is not None:
                await self.socket.send_json(line)

    @staticmethod
    def trace(who, line):
        if os.environ.get("BED_TRACE"):
            print("#", who, line.get("sdp", "").replace("\r\n", "\n#   ") or line, flush=True)

    async def page(self, request):
        name = os.path.basename(request.path) or "page.html"
        return web.FileResponse(os.path.join(HERE, name))

    async def signal(self, request):
        self.socket = web.WebSocketResponse(max_msg_size=1 << 20)
        await self.socket.prepare(request)
        await self.start_peer()
        async for message in self.socket:
            if message.type != WSMsgType.TEXT:
                break
            await self.from_page(json.loads(message.data), message.data)
        return self.socket

    async def from_page(self, line, text):
        if line["type"] == "report":
            self.report = line["report"]
            if self.enough():
                self.done.set()
        elif line["type"] == "page-error":
            self.page_errors.append(line["message"])
        else:
            self.trace("page", line)
            self.peer.stdin.write(text.encode() + b"\n")

    def enough(self):
        report = self.report
        return (report.get("numbered", 0) >= WAIT_FRAMES and report["tone"] >= ENOUGH_TONE
                and "echo: ping" in report["messages"])

    async def finish(self):
        if self.peer is None:
            return -1
        if self.peer.returncode is None:
            self.peer.terminate()
        try:
            await asyncio.wait_for(self.peer.wait(), 30)
            await asyncio.wait_for(self.reader, 30)
        except asyncio.TimeoutError:
            self.peer.kill()
            return -2
        return self.peer.returncode


async def run(call):
    application = web.Application()
    application.router.add_get("/signal", call.signal)
    for path in ("/", "/page.js"):
        application.router.add_get(path, call.page)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]
    other = "answer" if call.role == "offer" else "offer"
    with open(os.path.join(call.directory, "browser.log"), "wb") as log:
        browser = Browser(call.browser_name, "http://localhost:%d/?role=%s" % (port, other), log)
        try:
            await asyncio.wait_for(call.done.wait(), DEADLINE)
        except asyncio.TimeoutError:
            print("# not enough came within %d s" % DEADLINE)
        finally:
            status = await call.finish()
            browser.close()
            await runner.cleanup()
    return status


def find(stats, kind, **members):
    for entry in stats:
        if entry["type"] == kind and all(entry.get(key) == value for key, value in members.items()):
            return entry
    return {}


def check(results, ok, name):
    results.append(ok)
    print("%s %d - %s" % ("ok" if ok else "not ok", len(results), name), flush=True)


def main():
    peer_path, browser, role = sys.argv[1:4]
    enter_private_network()
    with tempfile.TemporaryDirectory(prefix="bed-call-") as directory:
        call = Call(peer_path, browser, role, directory)
        status = asyncio.run(run(call))
        stats = []
        if os.path.exists(os.path.join(directory, "stats.json")):
            with open(os.path.join(directory, "stats.json"), encoding="utf-8") as file:
                stats = json.load(file)
    report, results = call.report, []
    content = find(stats, "bedside-content")
    transport = find(stats, "transport")
    times = {line["value"]: round(line["ms"], 1) for line in call.lines if line["type"] == "state"}
    times.update({"first-frame": round(line["ms"], 1) for line in call.lines if line["type"] == "first-frame"})
    print("# bed-peer (ms):", times)
    print("# page (ms):", report.get("states"))
    print("# page got:", {key: report.get(key) for key in ("frames", "numbered", "backwards", "tone", "blocks", "width", "height", "messages", "stats")})
    print("# bed-peer got:", content, transport)
    check(results, not call.page_errors, "the page had no error %s" % call.page_errors)
    check(results, status == 0, "bed-peer ended in order (%d)" % status)
    check(results, report.get("numbered", 0) >= ENOUGH_FRAMES, "the browser read the frame counter")
    check(results, report.get("backwards", 1) == 0, "the browser's frames came in order")
    check(results, report.get("tone", 0) >= ENOUGH_TONE, "the browser heard the tone")
    check(results, "echo: ping" in report.get("messages", []), "the browser's text came back as an echo")
    check(results, content.get("framesWithNumber", 0) >= ENOUGH_FRAMES, "bed-peer read the frame counter")
    check(results, content.get("framesBackwards", 1) == 0, "bed-peer's frames came in order")
    check(results, content.get("toneBlocks", 0) >= 100, "bed-peer heard the tone")
    check(results, transport.get("tlsVersion") == "FEFD", "DTLS 1.2")
    # The DTLS server chooses the profile: we, when we offer; then it is AES-GCM.
    wanted = "GCM" if role == "offer" else "AES"
    check(results, wanted in transport.get("srtpCipher", ""), "SRTP with %s" % wanted)
    print("1..%d" % len(results))
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
