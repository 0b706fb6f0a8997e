#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs a command in a private X server, D-Bus session and home; ends all of it by its own process ids.
#   SCREEN (1600x1000x24), GTK_A11Y (atspi)
set -u
work=$(mktemp -d "${TMPDIR:-/tmp}/bedside-gui.XXXXXX")
export XDG_RUNTIME_DIR=$work/run HOME=$work/home XDG_CONFIG_HOME=$work/config XDG_DATA_HOME=$work/data XDG_CACHE_HOME=$work/cache
mkdir -p -m 700 "$XDG_RUNTIME_DIR" "$HOME" "$XDG_CONFIG_HOME" "$XDG_DATA_HOME" "$XDG_CACHE_HOME"
mkfifo "$work/display"
Xvfb -displayfd 3 -screen 0 "${SCREEN:-1600x1000x24}" -nolisten tcp -noreset 3>"$work/display" 2>"$work/x.log" &
x=$!
read -r number <"$work/display" || { cat "$work/x.log" >&2; exit 1; }
export DISPLAY=:$number GDK_BACKEND=x11 GSETTINGS_BACKEND=memory NO_AT_BRIDGE=0 GTK_A11Y="${GTK_A11Y:-atspi}"
export GSK_RENDERER="${GSK_RENDERER:-cairo}"
unset WAYLAND_DISPLAY
dbus-run-session -- "$@" 2> >(grep -v -e 'Failed to set fd limit' -e 'Unable to register' >&2)
status=$?
kill $x
wait $x 2>/dev/null
rm -rf "$work"
exit $status
