#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a screen reader says of the active window: it reads its name when that changes. A program of its own, that prints
what it hears, as waiting for what is said and asking what is there do not go together."""
import json

import gi

gi.require_version('Atspi', '2.0')
from gi.repository import Atspi  # noqa: E402


def name_changed(event):
    if event.source is not None and event.source.get_role() == Atspi.Role.FRAME:
        print(json.dumps({'event': 'said', 'text': event.any_data}), flush=True)


def main():
    Atspi.init()
    listener = Atspi.EventListener.new(name_changed)
    listener.register('object:property-change:accessible-name')
    print(json.dumps({'event': 'ready'}), flush=True)
    Atspi.event_main()


if __name__ == '__main__':
    main()
