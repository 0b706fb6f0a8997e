# SPDX-License-Identifier: GPL-3.0-or-later
"""A clinician's profile as the app has it, and records of many notes in it."""
import subprocess

from benchlib import BenchError  # it finds bedtest
from bedtest.clinic import Clinic

PASSWORD = 'a lamp beside the bed'
DOCTOR = 'Dr Amara Okafor'


def checked(*command, seconds=600):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=seconds)
    if done.returncode != 0:
        raise BenchError(f'{command[0]} {command[1]} ended with {done.returncode}: {done.stderr[-500:]}')
    return done.stdout


def made_profile(build, folder, profile):
    """A folder `profile` with an activated account of a clinic that is gone afterwards."""
    clinic = Clinic(build, folder / 'clinic')
    clinic.start()
    try:
        checked(build / 'tests/tools/make-profile', profile, clinic.add_user('okafor', DOCTOR), PASSWORD)
    finally:
        clinic.stop()
