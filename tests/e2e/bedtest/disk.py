# SPDX-License-Identifier: GPL-3.0-or-later
"""A small disk that the app alone sees, to be filled."""
import os

SMALL = 'mount -t tmpfs -o size=4m,mode=700 tmpfs "$1" && cp -rL "$2" "$1/" && shift 2 && exec "$@"'


def small_disk(disk, profile):
    """What the app is started by; the disk is at that folder, with a copy of the profile on it."""
    namespace = ['unshare', '--mount'] + ([] if os.geteuid() == 0 else ['--user', '--map-root-user'])
    return [*namespace, 'sh', '-c', SMALL, 'sh', str(disk), str(profile)]


def fill(disk):
    """To the last byte. Returns the file that does it."""
    with open(disk / 'filler', 'wb', 0) as file:
        for size in (65536, 4096, 1):
            try:
                while file.write(bytes(size)) == size:
                    pass
            except OSError:
                pass
    return disk / 'filler'
