# SPDX-License-Identifier: GPL-3.0-or-later
"""Picture and sound as files that a peer sends or has recorded: a frame counter in y4m, a tone in wav."""
import array
import math
import re
import wave

WIDTH, HEIGHT, FPS, RATE = 192, 108, 30, 48000
COLUMNS, ROWS = 8, 4
BLACK, GRAY, WHITE = 32, 128, 220
MIDDLE = (BLACK + WHITE) // 2


def check_bits(number):
    """Of the block code of src/rtc/media/bed-test-picture.c."""
    return ((number * 0x9e37) ^ ~number ^ (number >> 7)) & 0xffff


def edges(width, height):
    """Of the code's blocks: columns, rows."""
    return ([width // 8 + width * 3 // 4 * n // COLUMNS for n in range(COLUMNS + 1)],
            [height // 4 + height // 2 * n // ROWS for n in range(ROWS + 1)])


def draw(number):
    code = number << 16 | check_bits(number)
    xs, ys = edges(WIDTH, HEIGHT)
    luma = bytearray([GRAY]) * (WIDTH * HEIGHT)
    for row in range(ROWS):
        line = b"".join(bytes([WHITE if code >> (31 - row * COLUMNS - column) & 1 else BLACK]) * (xs[column + 1] - xs[column])
                        for column in range(COLUMNS))
        for y in range(ys[row], ys[row + 1]):
            luma[y * WIDTH + xs[0]:y * WIDTH + xs[-1]] = line
    return bytes(luma) + bytes([GRAY]) * (WIDTH * HEIGHT // 2)


def write_video(path, numbers):
    with open(path, "wb") as file:
        file.write(b"YUV4MPEG2 W%d H%d F%d:1 Ip A1:1 C420jpeg\n" % (WIDTH, HEIGHT, FPS))
        for number in numbers:
            file.write(b"FRAME\n" + draw(number))


def read_number(luma, width, height):
    """None where there is no code."""
    xs, ys = edges(width, height)
    code = 0
    for row in range(ROWS):
        for column in range(COLUMNS):
            at = (ys[row] + ys[row + 1]) // 2 * width + (xs[column] + xs[column + 1]) // 2
            code = code << 1 | (luma[at] > MIDDLE)
    return code >> 16 if check_bits(code >> 16) == code & 0xffff else None


def read_video(path):
    """The numbers in its frames."""
    with open(path, "rb") as file:
        width, height = (int(n) for n in re.match(rb"YUV4MPEG2 W(\d+) H(\d+) ", file.readline()).groups())
        length = width * height + 2 * ((width + 1) // 2 * ((height + 1) // 2))
        numbers = []
        while file.readline() == b"FRAME\n":
            numbers.append(read_number(file.read(length), width, height))
    return numbers


def write_audio(path, hertz, seconds):
    with wave.open(path, "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(array.array("h", (int(9830 * math.sin(2 * math.pi * hertz * i / RATE))
                                           for i in range(RATE * seconds))).tobytes())


def tone_share(samples, hertz):
    """Goertzel: the share (0 to 1) of the energy that lies at this frequency; 0 for silence."""
    k = 2 * math.cos(2 * math.pi * hertz / RATE)
    a = b = 0.0
    for x in samples:
        a, b = x + k * a - b, a
    energy = sum(x * x for x in samples)
    return 2 * (a * a + b * b - k * a * b) / (energy * len(samples)) if energy > 1000 * len(samples) else 0


def count_tone(path, hertz):
    """Tenths of a second of the file that are this tone."""
    with wave.open(path, "rb") as file:
        assert file.getparams()[:3] == (1, 2, RATE), file.getparams()
        samples = array.array("h", file.readframes(file.getnframes()))
    return sum(tone_share(samples[at:at + RATE // 10], hertz) > 0.5 for at in range(0, len(samples) - RATE // 10, RATE // 10))
