#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# unpark-cli capture from a real Go service: every kind, every way to it, and what can go wrong.
#
# Usage: test-go.sh UNPARK-CLI CERTIFICATES      (a folder with ca.pem and server.pem)
# Status 77, with the reason, where there is no Go.
set -u
cli=$(cd "$(dirname "$1")" && pwd)/${1##*/}
certificates=$2
here=$(cd "$(dirname "$0")" && pwd)
command -v go >/dev/null || {
  echo "skipped: there is no Go; the package golang-go has it"
  exit 77
}
scratch=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null; rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1
failures=0
fail() {
  echo "FAILED: $*"
  [ ! -s err ] || sed 's/^/    /' err
  failures=$((failures + 1))
}

# What Go 1.20 and later compiles first is kept where it keeps such things.
export GOFLAGS='' GO111MODULE=off
[ -w "${HOME:-/nowhere}" ] || export GOCACHE="$scratch/cache"
go build -o service "$here/service.go" >messages 2>&1 || {
  cat messages
  echo "skipped: this Go cannot build the service"
  exit 77
}
./service "$scratch" "$certificates/server.pem" >addresses &
pid=$!
n=0
until grep -q ready addresses || [ $n -ge 100 ]; do
  sleep 0.1
  n=$((n + 1))
done
at() { awk -v name="$1" '$1 == name { print $2 }' addresses; }
plain=$(at plain)

# expect STATUS TEXT ARGUMENT...: of `unpark-cli capture ARGUMENT...`; TEXT is in what it prints.
expect() {
  status=$1
  text=$2
  shift 2
  "$cli" capture "$@" >out 2>err
  found=$?
  [ $found = "$status" ] || fail "status $found, not $status: capture $*"
  [ -z "$text" ] || cat out err | grep -qF -- "$text" || fail "does not say $text: capture $*"
}

# opens FILE TEXT: what unpark-cli info says of a recording.
opens() {
  "$cli" info --no-cache "$1" >out 2>err || fail "info $1"
  grep -q "$2" out || fail "info $1 has no $2"
}

expect 0 goroutine "$plain"
expect 0 mutex "http://$plain/debug/pprof/"
expect 0 '' "$plain" -s 1 -o all \
  --kind trace,profile,heap,allocs,goroutine --kind mutex --kind block,threadcreate
opens all/trace.trace 'trace$'
opens all/goroutine.txt 'goroutine dump'
for kind in profile heap allocs mutex block threadcreate; do
  opens "all/$kind.pprof" pprof
done
"$cli" query all/goroutine.txt "SELECT count(*) >= 8 FROM dump_goroutine" >out 2>err
[ "$(cat out)" = 1 ] || fail "the dump has not the eight workers"
"$cli" query all/trace.trace "SELECT max(duration_ns) > 500000000 FROM source" >out 2>err
[ "$(cat out)" = 1 ] || fail "the trace is shorter than a second"

expect 0 '' "$plain" --kind mutex,goroutine --difference -s 1 -o difference/
opens difference/mutex-difference.pprof pprof
opens difference/goroutine-difference.pprof pprof
expect 0 '' "http://$plain/debug/pprof/heap" -o one.pprof
opens one.pprof pprof
expect 0 heap "$(at unix)"
expect 0 '' "$(at unix)" --kind heap -o unix.pprof
expect 0 '' "http://$plain" --unix "$scratch/service.sock" --kind heap -o unix2.pprof

# Goroutines that only become more, while they do.
"$cli" watch "$plain" --every 1 --for 4 -o dumps >watched 2>err &
watcher=$!
for _ in 1 2 3 4; do
  "$cli" capture "http://$plain/leak" -o leaked 2>/dev/null
  sleep 0.9
done
wait $watcher || fail "watch: status $?"
[ "$(grep -c ' goroutines ' watched)" -ge 4 ] || fail "watch has not a line for each sample: $(cat watched)"
grep -q 'heap [0-9.]* [KM]iB  .*GC [0-9]' watched || fail "watch has no heap: $(cat watched)"
grep -Eq '^ *\+[0-9]+ .*chan receive .*main\.forget .*service\.go:[0-9]+ .*only grows' watched ||
  fail "watch does not find the leak: $(cat watched)"
for dump in dumps/goroutine-*.txt; do
  opens "$dump" 'goroutine dump'
done
"$cli" query "$dump" "SELECT count(*) >= 10 FROM dump_goroutine WHERE state = 'chan receive'" >out 2>err
[ "$(cat out)" = 1 ] || fail "the last dump has not what leaked"

# What goes wrong.
expect 1 'does not offer “nothing” (404). It offers: trace, profile' "$plain" --kind nothing -o x
expect 1 'add it to the address' "$plain/elsewhere"
expect 1 'WriteTimeout' "$(at short)" --kind profile -s 3 -o x
expect 1 'asks for a user name' "$(at guarded)"
printf 'secret\n' >password
expect 0 heap "$(at guarded)" --user me --password-file password
expect 1 'does not accept this user name' "$(at guarded)" --user you --password-file password
expect 1 'authority that is not known' "https://$(at tls)"
expect 0 heap "https://$(at tls)" --cacert "$certificates/ca.pem"
expect 1 'https://' "$(at tls)"
expect 1 'No safe connection' "https://$plain"
[ ! -e x ] || fail "a failure left a file"

# Through Delve: attached for several clients, attached for one, and to a core. It may not be there,
# not know this Go, or not be allowed to attach.
debugger=
begin_delve() { # ARGUMENT...: of dlv; sets `delve` to its address
  dlv "$@" --headless --listen 127.0.0.1:0 >dlv.log 2>&1 </dev/null &
  debugger=$!
  n=0
  until grep -q 'listening at' dlv.log || [ $n -ge 100 ] || ! kill -0 $debugger 2>/dev/null; do
    sleep 0.1
    n=$((n + 1))
  done
  delve=dlv://$(sed -n 's/.*listening at: //p' dlv.log)
  [ "$delve" != dlv:// ]
}
waits() { # FILE: goroutines that wait for the mutex, of which there are some among eight workers
  "$cli" query "$1" "SELECT count(*) >= 8 FROM dump_goroutine WHERE state IN
    ('semacquire', 'sync.Mutex.Lock', 'sleep', 'runnable', 'running')" >out 2>err
  [ "$(cat out)" = 1 ] || fail "$1 has not the eight workers"
}
if command -v dlv >/dev/null && begin_delve attach "$pid" --accept-multiclient --continue; then
  expect 1 '--halt' "$delve" --kind goroutine -o delve.txt
  expect 0 '' "$delve" --kind goroutine --halt -o delve.txt
  opens delve.txt 'goroutine dump'
  waits delve.txt
  expect 0 goroutine "$plain"
  expect 0 '' "$delve" --kind goroutine --halt -o delve.txt
  kill $debugger
  wait $debugger 2>/dev/null
  begin_delve attach "$pid" || fail "Delve does not attach again"
  expect 0 'Delve ended with the connection.' "$delve" --kind goroutine --halt -o single.txt
  waits single.txt
  wait $debugger 2>/dev/null
  expect 0 goroutine "$plain"
  if command -v gcore >/dev/null && gcore -o core "$pid" >/dev/null 2>&1 &&
    begin_delve core ./service "core.$pid"; then
    expect 0 '' "$delve" --kind goroutine --halt -o core.txt
    waits core.txt
    kill $debugger 2>/dev/null
    wait $debugger 2>/dev/null
  fi
else
  echo "left out: Delve is not there, or cannot attach"
  [ -z "$debugger" ] || kill $debugger 2>/dev/null
fi

# Another recording goes on; then the service exits half-way.
"$cli" capture "http://$plain/recorder" -o half.trace 2>half.err &
recorder=$!
sleep 1
expect 1 'Another recording of this kind' "$plain" --kind trace -s 1 -o x
[ ! -e x ] || fail "a refused recording left a file"
"$cli" capture "http://$plain/exit" -o nothing 2>/dev/null
wait $recorder
found=$?
if grep -q 'half-way' half.err; then
  [ $found = 5 ] || fail "status $found, not 5, of a recording that ended half-way"
  opens half.trace 'trace$'
else
  # Go writes a trace in pieces of 64 KiB: none may have come.
  grep -q 'without an answer' half.err || fail "half-way: $(cat half.err)"
fi
pid=
expect 1 'Connection refused' "$plain"
[ -z "$(find . -name '.*.part')" ] || fail "a temporary file is left"

echo "$failures failures"
[ "$failures" = 0 ]
