#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs a command on a display, a session bus and in a home of its own, and removes all three.
#
# Usage: run-headless.sh COMMAND [ARGUMENT...]
#
# Nothing of the person's own desktop is read or written: XDG folders lie in a temporary folder.
# A command may call it again: what is inside then has a display, a bus and a home of its own.
set -eu

# The session bus starts services with its own environment, so the home is made before the bus:
# the accessibility bus, above all, has a socket there that no other session may share.
if [ "${UNPARK_HEADLESS:-}" != inside ]; then
  unset DBUS_SESSION_BUS_ADDRESS DBUS_SESSION_BUS_PID DBUS_STARTER_ADDRESS DBUS_STARTER_BUS_TYPE
  home=$(mktemp -d)
  trap 'rm -rf "$home"' EXIT
  trap 'exit 130' INT TERM HUP
  mkdir -m 700 "$home/run" "$home/config" "$home/cache" "$home/data" "$home/state" "$home/tmp"
  export HOME="$home" TMPDIR="$home/tmp"
  export XDG_RUNTIME_DIR="$home/run" XDG_CONFIG_HOME="$home/config" XDG_CACHE_HOME="$home/cache"
  export XDG_DATA_HOME="$home/data" XDG_STATE_HOME="$home/state"
  unset WAYLAND_DISPLAY DISPLAY XAUTHORITY AT_SPI_BUS_ADDRESS
  status=0
  UNPARK_HEADLESS=inside dbus-run-session -- "$0" "$@" || status=$?
  exit $status
fi

unset UNPARK_HEADLESS
home=$HOME
server=
cleanup() {
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
}
trap cleanup EXIT
trap 'exit 130' INT TERM HUP

# The server chooses a free display and says which.
Xvfb -displayfd 3 -screen 0 1920x1080x24 -nolisten tcp -noreset \
  3>"$home/display" >"$home/xvfb.log" 2>&1 &
server=$!
tries=0
while [ ! -s "$home/display" ]; do
  tries=$((tries + 1))
  if [ $tries -gt 100 ] || ! kill -0 "$server" 2>/dev/null; then
    echo "Xvfb did not start:" >&2
    cat "$home/xvfb.log" >&2
    exit 1
  fi
  sleep 0.1
done
DISPLAY=":$(cat "$home/display")"
export DISPLAY

export GDK_BACKEND=x11 GSK_RENDERER=cairo GSETTINGS_BACKEND=memory
export GIO_USE_VFS=local GIO_USE_VOLUME_MONITOR=unix GTK_USE_PORTAL=0 ADW_DISABLE_PORTAL=1
export LC_ALL=C.UTF-8 TZ=UTC G_SLICE=always-malloc
unset GTK_THEME

"$@"
