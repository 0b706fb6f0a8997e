#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs one file of node tests against the page that was built: run-unit.py <page> <test file>"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

page, test = map(pathlib.Path, sys.argv[1:3])
with tempfile.TemporaryDirectory() as directory:
    # node reads a .js file as a module only below a package that says so.
    copy = pathlib.Path(directory, 'page')
    shutil.copytree(page, copy)
    (copy / 'package.json').write_text(json.dumps({'type': 'module'}))
    # node 18 has WebCrypto, but not by the name that browsers give it.
    environment = {**os.environ, 'BEDSIDE_PAGE': str(copy), 'NODE_OPTIONS': '--experimental-global-webcrypto'}
    result = subprocess.run(['node', '--test', str(test)], env=environment, timeout=60)
sys.exit(result.returncode)
