#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two bed-peers joined by pipes are a call: frames and sound checked for content, texts echoed both ways.
TAP on stdout. test_pair.py BED_PEER generated|files|relay

generated: what they make themselves; files: what they are given, read again in what they record; relay: behind symmetric
NATs, by the shipped relay alone."""
import base64
import contextlib
import hashlib
import hmac
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

from files import count_tone, FPS, read_video, write_audio, write_video
from netns import enter_private_network

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "support"), str(TESTS / "e2e")]
from bedtest.homes import Homes, Mirror, Relay, ROUTER, WORLD  # noqa: E402
from free_port import free_port  # noqa: E402
from traced import traced  # noqa: E402

SECONDS = 60  # at most: they end when both have enough
FRAMES, TONE = 60, 200
FILE_SECONDS = 4  # then it begins anew
FILES = {"offer": (1000, 600), "answer": (5000, 700)}  # what is sent: first number, hertz


class Peer:
    def __init__(self, path, role, directory, *options, within=(), tone=TONE):
        self.role, self.tone, self.lines = role, tone, []
        self.stats_path = os.path.join(directory, role + ".json")
        self.process = subprocess.Popen(
            [*within, path, "--role", role, "--data-echo", "--seconds", str(2 * SECONDS), "--stats", self.stats_path, *options],
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
        return echoed and bool(contents) and contents[-1]["frames"] >= FRAMES and contents[-1]["tone"] >= self.tone

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
    check(results, any(text.startswith("hello") for text in messages), peer.role + " was greeted")
    check(results, any(text.startswith("echo: hello") for text in messages), peer.role + " got an echo")
    check(results, last["type"] == "stats" and last["video"] >= FRAMES and last["audio"] >= 100 and last["messages"] == len(messages),
          peer.role + " closed with its figures")
    check(results, "GCM" in transport["srtpCipher"] and transport["tlsVersion"] == "FEFD", peer.role + " is encrypted")


def check_generated(results, peer):
    content = peer.find("bedside-content")
    check(results, content["framesBackwards"] == 0, peer.role + "'s frames came in order")
    check(results, content["toneBlocks"] >= TONE, peer.role + " heard the tone")


def run_pair(results, peers):
    """Until both have enough."""
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


def generated(results, path, directory):
    peers = [Peer(path, role, directory, "--bind", "127.0.0.1") for role in ("offer", "answer")]
    run_pair(results, peers)
    for peer in peers:
        check_generated(results, peer)


def files(results, path, directory):
    peers = []
    for role, (first, hertz) in FILES.items():
        names = {name: os.path.join(directory, role + name) for name in (".y4m", ".wav", "-got.y4m", "-got.wav")}
        write_video(names[".y4m"], range(first, first + FILE_SECONDS * FPS))
        write_audio(names[".wav"], hertz, FILE_SECONDS)
        peers.append(Peer(path, role, directory, "--bind", "127.0.0.1", "--video", names[".y4m"], "--audio", names[".wav"],
                          "--record-video", names["-got.y4m"], "--record-audio", names["-got.wav"], tone=0))
    run_pair(results, peers)
    for role, other in (("offer", "answer"), ("answer", "offer")):
        first, hertz = FILES[other]
        numbers = [number for number in read_video(os.path.join(directory, role + "-got.y4m")) if number is not None]
        steps = [(b - a) % (FILE_SECONDS * FPS) for a, b in zip(numbers, numbers[1:])]
        tone = count_tone(os.path.join(directory, role + "-got.wav"), hertz)
        print("# %s recorded %d numbers from %s on, and the tone in %d tenths of a second" % (
            role, len(numbers), numbers[:1], tone))
        check(results, len(numbers) >= FRAMES, role + " recorded frames with a counter")
        check(results, all(first <= number < first + FILE_SECONDS * FPS for number in numbers),
              role + " recorded nothing but the other's file")
        check(results, all(step < FPS for step in steps), role + " recorded it in order")
        check(results, tone >= 10, role + " recorded the tone of the other's file")


def candidates(peer):
    return [line["candidate"] for line in peer.lines if line["type"] == "candidate"]


def check_reflexive(results, path, homes, stun):
    """Of its own router no home knows the address."""
    command = [*homes.enter(homes.a), path, "--role", "offer", "--seconds", "20", "--stun", "%s:%d" % (WORLD, stun.port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=traced(path)) as process:
        lines = (json.loads(text) for text in process.stdout)
        found = next((line["candidate"] for line in lines if " typ srflx" in line.get("candidate", "")), "")
        process.terminate()
    check(results, " %s " % ROUTER in found, "by STUN a peer learns the address of its router (%s)" % found)


def relay(results, path, directory):
    secret, user = "a secret of two peers", "%d:bed-peer" % (time.time() + 600)
    password = base64.b64encode(hmac.new(secret.encode(), user.encode(), hashlib.sha1).digest()).decode()
    folder = pathlib.Path(directory)
    with contextlib.closing(Homes(free_port())) as homes, contextlib.closing(Relay(TESTS.parent, folder, secret)), \
            contextlib.closing(Mirror(folder)) as mirror:
        check_reflexive(results, path, homes, mirror)
        options = ("--ice-policy", "relay", "--turn", WORLD + ":3478", "--turn-user", user, "--turn-password", password)
        peers = [Peer(path, role, directory, *options, within=homes.enter(home))
                 for role, home in (("offer", homes.a), ("answer", homes.b))]
        run_pair(results, peers)
    for peer in peers:
        check_generated(results, peer)
        told = candidates(peer)
        check(results, bool(told) and all(" typ relay " in one for one in told), "%s tells of relays only" % peer.role)
        ends = [peer.find(kind)["candidateType"] for kind in ("local-candidate", "remote-candidate")]
        check(results, ends == ["relay", "relay"], "%s's path is relayed at both ends (%s)" % (peer.role, ends))


def main():
    mode = {"generated": generated, "files": files, "relay": relay}[sys.argv[2]]
    if mode is relay:
        enter_private_network()
    results = []
    with tempfile.TemporaryDirectory(prefix="bed-pair-") as directory:
        mode(results, sys.argv[1], directory)
    print("1..%d" % len(results))
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
