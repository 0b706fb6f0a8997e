# SPDX-License-Identifier: GPL-3.0-or-later
"""A port for a server that a test starts."""
import random
import socket


def free_port():
    """Nobody listens there, and, being below what the kernel gives out, no connection takes it meanwhile."""
    while True:
        port = random.SystemRandom().randrange(20000, 32000)
        with socket.socket() as probe:
            try:
                probe.bind(('127.0.0.1', port))
                return port
            except OSError:
                continue  # taken
