#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Installs the page that was put together: install-page.py <built directory> <directory below the prefix>"""
import os
import pathlib
import shutil
import sys

target = pathlib.Path(os.environ['MESON_INSTALL_DESTDIR_PREFIX']) / sys.argv[2]
shutil.rmtree(target, ignore_errors=True)
shutil.copytree(sys.argv[1], target, copy_function=shutil.copyfile)
