#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two bed-peers joined by pipes are a call: frames and sound checked for content, texts echoed both ways.
TAP on stdout. test_pair.py BED_PEER"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from traced import traced  # noqa: E402

SECONDS = 60  # at most: they end when both have enough
FRAMES, TONE = 60, 200


class Peer:
    def __init__(self, path, role, directory):
        self.role, self.lines = role, []
        self.stats_path = os.path.join(directory, role + ".json")
        self.process = subprocess.Popen(
            [path, "--role", role, "--bind", "127.0.0.1", "--data-echo", "--seconds", str(2 * SECONDS), "--stats", self.stats_path],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=traced(path))

    def pump(self, other):
        for text in self.process.stdout:
            self.lines.append(json.loads(text))
            try:
                other.process.stdin.write(text)
                other.process.stdin.flush()
            except BrokenPipeError:
                pass
        other.process.stdin.close()

    def has_enough(self):
        """Asks, and goes by what was answered before."""
        try:
            self.process.stdin.write(b'{"type":"ask-content"}\n')
            self.process.stdin.flush()
        except (BrokenPipeError, ValueError):
            return True  # it has ended: no more will come
        contents = [line for line in self.lines if line["type"] == "content"]
        echoed = any(line["type"] == "message" and line["value"].startswith("echo: ") for line in self.lines)
        return echoed and bool(contents) and contents[-1]["frames"] >= FRAMES and contents[-1]["tone"] >= TONE

    def find(self, kind):
        with open(self.stats_path, encoding="utf-8") as file:
            return next(entry for entry in json.load(file) if entry["type"] == kind)

    def ms(self, kind, value=None):
        return next((line["ms"] for line in self.lines if line["type"] == kind and value in (None, line.get("value"))), -1)


def check(results, ok, name):
    results.append(ok)
    print("%s %d - %s" % ("ok" if ok else "not ok", len(results), name), flush=True)


def check_peer(results, peer):
    content, transport = peer.find("bedside-content"), peer.find("transport")
    messages = [line["value"] for line in peer.lines if line["type"] == "message"]
    last = peer.lines[-1]
    print("# %s: connected %.0f ms, first frame %.0f ms, %s" % (
        peer.role, peer.ms("state", "connected"), peer.ms("first-frame"), content))
    check(results, peer.process.returncode == 0, peer.role + " ended in order")
    check(results, content["framesWithNumber"] >= FRAMES, peer.role + " read the frame counter")
    check(results, content["framesBackwards"] == 0, peer.role + "'s frames came in order")
    check(results, content["toneBlocks"] >= TONE, peer.role + " heard the tone")
    check(results, any(text.startswith("hello") for text in messages), peer.role + " was greeted")
    check(results, any(text.startswith("echo: hello") for text in messages), peer.role + " got an echo")
    check(results, last["type"] == "stats" and last["video"] >= FRAMES and last["audio"] >= 100 and last["messages"] == len(messages),
          peer.role + " closed with its figures")
    check(results, "GCM" in transport["srtpCipher"] and transport["tlsVersion"] == "FEFD", peer.role + " is encrypted")


def main():
    results = []
    with tempfile.TemporaryDirectory(prefix="bed-pair-") as directory:
        peers = [Peer(sys.argv[1], role, directory) for role in ("offer", "answer")]
        threads = [threading.Thread(target=a.pump, args=(b,)) for a, b in (peers, peers[::-1])]
        for thread in threads:
            thread.start()
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline and not all([peer.has_enough() for peer in peers]):
            time.sleep(0.1)
        for peer in peers:
            peer.process.terminate()
        for thread in threads:
            thread.join(SECONDS)
        for peer in peers:
            peer.process.wait(10)
            check_peer(results, peer)
    print("1..%d" % len(results))
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
