#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs a command with a D-Bus session, a home and an open gnome-keyring of its own; ends them afterwards.
set -u
work=$(mktemp -d "${TMPDIR:-/tmp}/bedside-keyring.XXXXXX")
export HOME=$work/home XDG_RUNTIME_DIR=$work/run XDG_CONFIG_HOME=$work/config XDG_DATA_HOME=$work/data XDG_CACHE_HOME=$work/cache
mkdir -p -m 700 "$HOME" "$XDG_RUNTIME_DIR" "$XDG_CONFIG_HOME" "$XDG_DATA_HOME" "$XDG_CACHE_HOME"
unset DISPLAY WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS
# shellcheck disable=SC2016
dbus-run-session -- bash -c '
  printf test | env -u G_DEBUG gnome-keyring-daemon --foreground --unlock --components=secrets --control-directory="$XDG_RUNTIME_DIR" \
    >/dev/null 2>"$XDG_RUNTIME_DIR/log" &
  keyring=$!
  gdbus wait --session --timeout 20 org.freedesktop.secrets
  "$@"
  status=$?
  kill $keyring
  wait $keyring 2>/dev/null
  exit $status' sh "$@"
status=$?
rm -rf "$work"
exit $status
