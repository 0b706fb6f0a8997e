#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a desktop offers on its buses, as far as the app uses it: notifications and the session's inhibitors on the session
bus, sleep and the session's lock on the system bus. Each call of the app is one line of JSON on stdout; `sleep`, `wake` and
`lock` on stdin announce what logind would."""
import json
import os
import sys
import threading

import gi

gi.require_version('Gio', '2.0')
from gi.repository import Gio, GLib  # noqa: E402

NOTIFICATIONS = '''<node><interface name="org.freedesktop.Notifications">
<method name="Notify"><arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/>
<arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="as" direction="in"/><arg type="a{sv}" direction="in"/>
<arg type="i" direction="in"/><arg type="u" direction="out"/></method>
<method name="CloseNotification"><arg type="u" direction="in"/></method>
<method name="GetCapabilities"><arg type="as" direction="out"/></method>
</interface></node>'''
SESSION = '''<node><interface name="org.gnome.SessionManager">
<method name="RegisterClient"><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="o" direction="out"/></method>
<method name="UnregisterClient"><arg type="o" direction="in"/></method>
<method name="Inhibit"><arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/>
<arg type="u" direction="in"/><arg type="u" direction="out"/></method>
<method name="Uninhibit"><arg type="u" direction="in"/></method>
</interface></node>'''
LOGIND = '''<node><interface name="org.freedesktop.login1.Manager">
<method name="Inhibit"><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/>
<arg type="s" direction="in"/><arg type="h" direction="out"/></method>
<signal name="PrepareForSleep"><arg type="b"/></signal>
</interface></node>'''
USER = '''<node><interface name="org.freedesktop.login1.User">
<property name="Display" type="(so)" access="read"/>
</interface></node>'''
LOGIND_PATH = '/org/freedesktop/login1'
LOGIND_SESSION = '/org/freedesktop/login1/session/_32'


def say(event, **members):
    print(json.dumps({'event': event, **members}), flush=True)


class Services:
    def __init__(self):
        self.count = 0
        self.session = Gio.bus_get_sync(Gio.BusType.SESSION)
        self.offer(self.session, 'org.freedesktop.Notifications', '/org/freedesktop/Notifications', NOTIFICATIONS)
        self.offer(self.session, 'org.gnome.SessionManager', '/org/gnome/SessionManager', SESSION)
        self.system = Gio.bus_get_sync(Gio.BusType.SYSTEM)
        self.system.register_object(LOGIND_PATH + '/user/self', Gio.DBusNodeInfo.new_for_xml(USER).interfaces[0], None,
                                    self.display, None)
        self.offer(self.system, 'org.freedesktop.login1', LOGIND_PATH, LOGIND)

    def offer(self, bus, name, path, xml):
        bus.register_object(path, Gio.DBusNodeInfo.new_for_xml(xml).interfaces[0], self.called, None, None)
        answer = bus.call_sync('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus', 'RequestName',
                               GLib.Variant('(su)', (name, 4)), None, 0, 5000, None)
        assert answer.unpack()[0] == 1, name

    def called(self, bus, sender, path, interface, method, parameters, call):
        self.count += 1
        arguments = parameters.unpack()
        if method == 'Notify':
            say('notification', title=arguments[3], body=arguments[4])
            call.return_value(GLib.Variant('(u)', (self.count,)))
        elif method == 'GetCapabilities':
            call.return_value(GLib.Variant('(as)', (['actions', 'body'],)))
        elif method == 'RegisterClient':
            call.return_value(GLib.Variant('(o)', (f'/org/gnome/SessionManager/Client{self.count}',)))
        elif method == 'Inhibit' and path == LOGIND_PATH:
            self.delay(arguments, call)
        elif method == 'Inhibit':
            say('inhibit', cookie=self.count, flags=arguments[3])
            call.return_value(GLib.Variant('(u)', (self.count,)))
        else:
            if method == 'Uninhibit':
                say('uninhibit', cookie=arguments[0])
            call.return_value(None)

    def delay(self, arguments, call):
        """As logind: the lock is held until the last copy of the descriptor is closed."""
        read, write = os.pipe()
        say('delay', what=arguments[0], mode=arguments[3], number=self.count)
        fds = Gio.UnixFDList.new_from_array([write])
        call.return_value_with_unix_fd_list(GLib.Variant('(h)', (0,)), fds)
        GLib.unix_fd_add_full(GLib.PRIORITY_DEFAULT, read, GLib.IOCondition.HUP, self.released, self.count)

    @staticmethod
    def released(descriptor, condition, number):
        os.close(descriptor)
        say('released', number=number)
        return False

    @staticmethod
    def display(bus, sender, path, interface, name):
        return GLib.Variant('(so)', ('2', LOGIND_SESSION))

    def lock(self):
        """As when a desktop locks the screen."""
        self.system.emit_signal(None, LOGIND_SESSION, 'org.freedesktop.DBus.Properties', 'PropertiesChanged', GLib.Variant(
            '(sa{sv}as)', ('org.freedesktop.login1.Session', {'LockedHint': GLib.Variant('b', True)}, [])))
        return False

    def announce(self, begins):
        self.system.emit_signal(None, LOGIND_PATH, 'org.freedesktop.login1.Manager', 'PrepareForSleep',
                                GLib.Variant('(b)', (begins,)))
        return False

    def read_lines(self, loop):
        for line in sys.stdin:
            if line.strip() == 'quit':
                break
            if line.strip() == 'lock':
                GLib.idle_add(self.lock)
            else:
                GLib.idle_add(self.announce, line.strip() == 'sleep')
        loop.quit()


def main():
    loop = GLib.MainLoop()
    services = Services()
    threading.Thread(target=services.read_lines, args=(loop,), daemon=True).start()
    say('ready')
    loop.run()


main()
