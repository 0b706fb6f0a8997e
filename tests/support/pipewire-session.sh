#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# pipewire-session.sh [virtual-devices options --] command…
#
# Runs a command in a session of its own: private directories, session bus, PipeWire and WirePlumber, with a
# virtual loudspeaker and, where $BED_VIRTUAL_DEVICES names that program, a virtual camera and microphone.
# With $BED_WITH_PULSE there is a PulseAudio socket too, and $BED_ONLY_PULSE hides PipeWire's own from the command.
# Everything ends by its process id when the command does. Logs are kept in $BED_SESSION_LOGS, if set.
set -u
devices=()
case " $* " in *" -- "*) while [ "$1" != -- ]; do devices+=("$1"); shift; done; shift ;; esac

[ "${#devices[@]}" -eq 0 ] || : "${BED_VIRTUAL_DEVICES:?names the program that makes the devices}"

W=$(mktemp -d "${TMPDIR:-/tmp}/bed-pw.XXXXXX")
LOGS=${BED_SESSION_LOGS:-$W}
mkdir -p "$LOGS"
export XDG_RUNTIME_DIR=$W/runtime XDG_CONFIG_HOME=$W/config XDG_STATE_HOME=$W/state XDG_CACHE_HOME=$W/cache
export XDG_DATA_HOME=${BED_DATA_HOME:-$W/data} HOME=$W/home
mkdir -p -m 700 "$XDG_RUNTIME_DIR" "$XDG_CONFIG_HOME/pipewire/pipewire.conf.d" "$XDG_STATE_HOME" "$XDG_CACHE_HOME" "$XDG_DATA_HOME" "$HOME"
cat > "$XDG_CONFIG_HOME/pipewire/pipewire.conf.d/10-loudspeaker.conf" <<'CONF'
context.objects = [
  { factory = adapter
    args = {
      factory.name = support.null-audio-sink
      node.name = virtual-loudspeaker
      node.description = "Virtual loudspeaker"
      media.class = "Audio/Sink"
      audio.position = "FL,FR"
      object.linger = true
    }
  }
]
CONF
# Bluetooth would need logind: without it WirePlumber ends at once.
mkdir -p "$XDG_CONFIG_HOME/wireplumber/bluetooth.lua.d"
echo 'bluez_monitor.enabled = false' >"$XDG_CONFIG_HOME/wireplumber/bluetooth.lua.d/80-none.lua"
unset DBUS_SESSION_BUS_ADDRESS WAYLAND_DISPLAY
pids=()
cleanup () {
  for ((i = ${#pids[@]} - 1; i >= 0; i--)); do kill "${pids[i]}" 2>/dev/null; wait "${pids[i]}" 2>/dev/null; done
  rm -rf "$W"
}
trap cleanup EXIT
trap 'exit 143' TERM INT

# await WHAT command…: until the command succeeds; half a minute is a broken machine, and ends the session.
await () {
  local what=$1 end=$((SECONDS + 30))
  shift
  until "$@"; do
    if [ "$SECONDS" -ge "$end" ]; then
      echo "pipewire-session: $what did not come up within 30 s" >&2
      tail -n 20 "$LOGS"/*.log >&2
      exit 70
    fi
    sleep .02
  done
}
listed () { pw-cli ls "$1" 2>/dev/null | grep -q "$2"; }
is_default () { pw-metadata -n default 0 "default.audio.$1" 2>/dev/null | grep -q "$2"; }

export DBUS_SESSION_BUS_ADDRESS=unix:path=$XDG_RUNTIME_DIR/bus
dbus-daemon --session --nofork --nopidfile --address="$DBUS_SESSION_BUS_ADDRESS" >"$LOGS/dbus.log" 2>&1 & pids+=($!)
await 'the session bus' test -S "$XDG_RUNTIME_DIR/bus"
pipewire >"$LOGS/pipewire.log" 2>&1 & pids+=($!)
await PipeWire test -S "$XDG_RUNTIME_DIR/pipewire-0"
wireplumber >"$LOGS/wireplumber.log" 2>&1 & pids+=($!)
await WirePlumber listed Client '"WirePlumber"'
if [ "${#devices[@]}" -gt 0 ] || [ -n "${BED_VIRTUAL_DEVICES:-}" ]; then
  "$BED_VIRTUAL_DEVICES" "${devices[@]}" >"$LOGS/virtual-devices.log" 2>&1 & pids+=($!)
  export BED_VIRTUAL_DEVICES_PID=$!
  await 'the program of virtual devices' grep -q ready "$LOGS/virtual-devices.log"
  for kind in camera microphone; do
    case " ${devices[*]} " in *" --no-$kind "*) ;; *) await "the virtual $kind" listed Node "virtual-$kind" ;; esac
  done
fi
# Once WirePlumber has chosen what is used by default, it links what asks for it.
await 'the virtual loudspeaker' is_default sink virtual-loudspeaker
if [ -n "${BED_WITH_PULSE:-}" ]; then
  pipewire-pulse >"$LOGS/pipewire-pulse.log" 2>&1 & pids+=($!)
  await 'the PulseAudio socket' test -S "$XDG_RUNTIME_DIR/pulse/native"
fi
[ -z "${BED_ONLY_PULSE:-}" ] || export PIPEWIRE_REMOTE=hidden
"$@" & command=$!
wait "$command"; code=$?
exit $code
