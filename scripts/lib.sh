# SPDX-License-Identifier: GPL-3.0-or-later
# Shared by the scripts beside it. Sourced.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
jobs=$(nproc)

# install_packages SET…: installs what is missing of the sets in scripts/packages, as root or through sudo.
install_packages () {
  local set names=() missing=() sudo=() log
  for set in "$@"; do
    mapfile -t -O "${#names[@]}" names < <(sed -n "s/^$set: *//p" "$root/scripts/packages" | tr -s ' ' '\n')
  done
  for name in "${names[@]}"; do
    dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q '^install ok installed' || missing+=("$name")
  done
  [ "${#missing[@]}" -gt 0 ] || return 0
  echo "Installing from Debian: ${missing[*]}"
  [ "$(id -u)" -eq 0 ] || sudo=(sudo)
  log=$(mktemp)
  # shellcheck disable=SC2016
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive sh -c \
    'apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@"' sh "${missing[@]}" >"$log" 2>&1 || {
    tail -n 20 "$log" >&2
    echo "The packages could not be installed; install them by hand and give --no-install." >&2
    return 1
  }
  rm -f "$log"
}

# configure DIR [meson options…]: where it is not so already.
configure () {
  local dir=$1 act=(meson setup "$1" "$root")
  shift
  if [ -f "$dir/build.ninja" ]; then
    [ "$(cat "$dir.options" 2>/dev/null)" != "$*" ] || return 0
    act=(meson configure "$dir")
  fi
  "${act[@]}" "$@" >"$dir.setup.log" 2>&1 || { tail -n 30 "$dir.setup.log" >&2; return 1; }
  echo "$*" >"$dir.options"
}

# build DIR [meson options…]: configures and builds, where "targets" is set only those.
targets=()
build () {
  local dir=$1
  configure "$@" || return 1
  ninja -C "$dir" -j "$jobs" "${targets[@]}" >"$dir.build.log" 2>&1 || { grep -A 8 -E 'error: |^FAILED' "$dir.build.log" | head -n 60 >&2; return 1; }
}
