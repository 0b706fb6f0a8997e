# SPDX-License-Identifier: GPL-3.0-or-later
"""Disks that the app alone sees: a small one, to be filled, and one that does not answer."""
import os

from .clinic import traced

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


def held_disk(build, prefix, hold):
    """What the app's environment needs: where the paths begin so, it waits with writing while there is a file `hold`."""
    tracer = traced(build / 'src/app/bedside', {}).get('LD_PRELOAD')
    held = str(build / 'tests/support/held-disk.so')
    # A sanitizer wants to be loaded first, and does as well behind this.
    sanitizer = os.environ.get('ASAN_OPTIONS', '') + ':verify_asan_link_order=0'
    return {'LD_PRELOAD': f'{tracer}:{held}' if tracer else held, 'ASAN_OPTIONS': sanitizer.lstrip(':'),
            'BED_HELD_DISK': str(prefix), 'BED_HOLD': str(hold)}
