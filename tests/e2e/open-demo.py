#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""open-demo.py BUILD: the app on the person's own display, with a demo clinic, clinician and invitation."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bedtest.clinic import Clinic, totp  # noqa: E402
from bedtest.processes import end, end_when_told  # noqa: E402

PASSWORD = 'a lamp beside the bed'


def main():
    end_when_told()
    build = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory(prefix='bedside-demo.') as folder:
        folder = pathlib.Path(folder)
        clinic = Clinic(build, folder / 'clinic')
        clinic.start()
        try:
            activation = clinic.add_user('okafor', 'Dr Amara Okafor')
            made = subprocess.run([build / 'tests/tools/make-profile', folder / 'data/bedside', activation, PASSWORD],
                                  check=True, capture_output=True, text=True).stdout
            secret = re.search(r'^secret (\S+)$', made, re.M)[1]
            link = re.search(r'^link (\S+)$', made, re.M)[1]
            print(f'''
A demo clinic runs on https://{clinic.authority}. Everything is deleted when you close the app.

  Password of the demo clinician:   {PASSWORD}
  Second factor, if it is asked:    {totp(secret)} (now; secret {secret})

  The patient's link, for a browser on this machine. Its certificate is the demo's own, so the browser will
  warn; with Chromium, this opens it without a warning:

  chromium --user-data-dir={folder}/patient --ignore-certificate-errors-spki-list={clinic.spki_hash()} \\
    '{link}'
''', flush=True)
            app = subprocess.Popen([build / 'src/app/bedside'],
                                   env={**os.environ, 'XDG_DATA_HOME': str(folder / 'data')})
            try:
                return app.wait()
            finally:
                end(app)
        except KeyboardInterrupt:
            return 130
        finally:
            clinic.stop()


if __name__ == '__main__':
    sys.exit(main())
