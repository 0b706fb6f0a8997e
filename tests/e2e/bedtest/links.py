# SPDX-License-Identifier: GPL-3.0-or-later
"""Links that do not lead to a waiting room."""
import base64
import time


def make_bad_links(clinician, whole):
    """By what is wrong with them; `clinician` makes, ends and revokes, `whole` is one that leads there."""
    made = {}
    for name, line in (('used', 'end-invitation'), ('revoked', 'revoke'), ('expired', None)):
        clinician.say('invite 2' if line is None else 'invite')
        made[name] = clinician.wait('invited')['link']
        if line is not None:
            clinician.say(line)
            clinician.wait('invitation-over')
    made['cut'] = whole[:-8]
    made['of another secret'] = whole[:whole.index('#') + 1] + base64.urlsafe_b64encode(bytes(32)).decode().rstrip('=')
    time.sleep(3)  # one of them expires
    return made
