#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""check-icons.py SOURCE: every icon is well formed and can be drawn; the symbolic ones by GTK's own encoder."""
import pathlib
import subprocess
import sys
import tempfile


def main():
    icons = sorted((pathlib.Path(sys.argv[1]) / 'icons').rglob('*.svg'))
    assert len(icons) > 2, icons
    with tempfile.TemporaryDirectory(prefix='bedside-icons.') as folder:
        for icon in icons:
            subprocess.run(['xmllint', '--noout', icon], check=True)
            subprocess.run(['rsvg-convert', '-w', '128', '-o', f'{folder}/icon.png', icon], check=True)
            if icon.stem.endswith('-symbolic'):
                subprocess.run(['gtk4-encode-symbolic-svg', '-o', folder, icon, '16x16'], check=True)
                assert (pathlib.Path(folder) / f'{icon.stem}.symbolic.png').stat().st_size > 0, icon
    print(f'{len(icons)} icons')


if __name__ == '__main__':
    main()
