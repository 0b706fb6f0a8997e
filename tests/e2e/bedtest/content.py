# SPDX-License-Identifier: GPL-3.0-or-later
"""What is really on the screen and at the loudspeaker, measured from outside of the app."""
import array
import math
import signal
import subprocess

from .consultation import until
from .processes import patience

RATE = 48000
BLOCK = RATE // 100
LOUD = 0.01  # RMS of full scale, -40 dB: well above silence
SQUARES = (32, 18)  # that a part of the screen is averaged to


def decibels(rms):
    """Of full scale; silence is -96."""
    return round(20 * math.log10(max(rms, 2 ** -16)))


def heard(path, seconds=2):
    """All that the virtual loudspeaker plays, recorded: how many blocks of 10 ms are loud, of how many, and the RMS
    (0 to 1) of the loudest."""
    path.unlink(missing_ok=True)
    recorder = subprocess.Popen(
        ['pw-cat', '-r', '--target', 'virtual-loudspeaker', '-P', 'stream.capture.sink=true', '--format', 's16',
         '--rate', str(RATE), '--channels', '1', str(path)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until('what the loudspeaker plays', lambda: path.exists() and path.stat().st_size >= 2 * RATE * seconds)
    finally:
        recorder.send_signal(signal.SIGINT)
        recorder.wait(patience())
    data = path.read_bytes()[2 * BLOCK:]  # its header is in the first
    samples = array.array('h', data[:len(data) // (2 * BLOCK) * 2 * BLOCK])
    blocks = [math.sqrt(sum(x * x for x in samples[at:at + BLOCK]) / BLOCK) / 32768 for at in range(0, len(samples), BLOCK)]
    return sum(rms > LOUD for rms in blocks), len(blocks), max(blocks)


def colours(display, left, top, width, height):
    """A part of the screen, as the mean colours (red, green, blue) of its squares."""
    columns, rows = SQUARES
    pixels = subprocess.run(
        ['import', '-window', 'root', '-crop', f'{width}x{height}+{left}+{top}', '+repage', '-resize', f'{columns}x{rows}!',
         '-depth', '8', 'rgb:-'], env=display.environment, capture_output=True, check=True, timeout=30).stdout
    return [tuple(pixels[at:at + 3]) for at in range(0, 3 * columns * rows, 3)]


def differ(one, other):
    """Whether two colours are told apart at a glance, and not only by what a codec makes of them."""
    return max(abs(a - b) for a, b in zip(one, other)) > 40


def lively(display, part, seconds=10):
    """That a part of the screen is not black, has more than one colour, and moves: how many of its squares have
    changed."""
    first = colours(display, *part)
    assert any(max(colour) > 60 for colour in first), 'the picture is black'
    assert any(differ(first[0], colour) for colour in first), f'the picture is of one colour: {first[0]}'
    moved = lambda: sum(map(differ, first, colours(display, *part)))  # noqa: E731
    return until('a picture that moves', lambda: (n := moved()) >= 5 and n, seconds, 0.2)
