#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Holds flame graphs against Go's own tools: the sums per stack of traces against
# `go tool trace -pprof=TYPE`, those of profiles against `go tool pprof`, our pprof export as
# `go tool pprof` reads it back, and what it prints of a profile (-traces) as we read that.
#
# Usage: compare-go.sh UNPARK-CLI GO FILE...      (*.trace and *.pprof)
# Prints one line for each file and type that differs, and the number compared. Status 1 if any
# differs, 77 if GO is not there.
set -eu
cli=$1
go=$2
shift 2
[ -x "$go" ] || exit 77
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# "VALUE... STACK" by stack, function names outermost first, from the text of `pprof -raw`.
# The column of the value is $1, counted from 1.
sums() {
  awk -v column="$1" '
    /^Samples:/ { part = "samples"; next }
    /^Locations/ { part = "locations"; next }
    /^Mappings/ { part = ""; next }
    part == "samples" && /^ *-?[0-9]/ && index($0, ":") {
      split($0, half, ":")
      n = split(half[1], values, " ")
      value[++samples] = values[column]
      stack[samples] = half[2]
      next
    }
    part == "locations" {
      line = $0
      if (match(line, /^ *[0-9]+: 0x[0-9a-f]+ /)) {
        id = line + 0
        address = line
        sub(/^ *[0-9]+: /, "", address)
        sub(/ .*/, "", address)
        rest = substr(line, RLENGTH + 1)
        sub(/^M=[0-9]+ /, "", rest)
        names[id] = ""
      } else {
        rest = line
      }
      sub(/^ +/, "", rest)
      # "function file:line:column s=0", the function may hold blanks
      sub(/ s=[0-9]+(\(.*\))?$/, "", rest)
      sub(/ [^ ]*:[0-9]+(:[0-9]+)?$/, "", rest)
      if (rest ~ /^:[0-9]/) rest = address == "0x0" ? "(no stack)" : address # it has no name
      names[id] = rest (names[id] == "" ? "" : ";" names[id])
    }
    END {
      for (i = 1; i <= samples; i++) {
        n = split(stack[i], ids, " ")
        path = ""
        for (k = n; k >= 1; k--) path = path (path == "" ? "" : ";") names[ids[k]]
        if (path == "") path = "(no stack)"
        total[path] += value[i]
      }
      for (path in total) if (total[path] != 0) printf "%s %.0f\n", path, total[path]
    }' "$2" | LC_ALL=C sort
}

compared=0
differing=0
judge() { # TITLE EXPECTED GOT
  compared=$((compared + 1))
  if ! cmp -s "$2" "$3"; then
    differing=$((differing + 1))
    echo "$1: $(diff "$2" "$3" | grep -c '^[<>]') lines differ"
    diff "$2" "$3" | head -"${LINES_SHOWN:-4}"
  fi
}

compare_trace() {
  for type in net sync syscall sched; do
    if ! "$go" tool trace -pprof="$type" "$1" >"$scratch/go.pprof" 2>"$scratch/error"; then
      echo "$1 $type: go: $(head -1 "$scratch/error")"
      continue
    fi
    "$go" tool pprof -raw "$scratch/go.pprof" >"$scratch/raw" 2>/dev/null
    # Nothing is written where there is nothing to draw.
    if "$cli" flamegraph "$1" --source "$type" -o "$scratch/ours.pb.gz" 2>/dev/null; then
      "$go" tool pprof -raw "$scratch/ours.pb.gz" >"$scratch/raw2" 2>/dev/null
      sed -n '/^Samples:/{n;p;q}' "$scratch/raw" >"$scratch/expected"
      sed -n '/^Samples:/{n;p;q}' "$scratch/raw2" >"$scratch/got"
      judge "$1 $type, types" "$scratch/expected" "$scratch/got"
    else
      : >"$scratch/raw2"
    fi
    for column in 2 1; do
      count=
      [ "$column" = 2 ] || count=--count
      sums "$column" "$scratch/raw" >"$scratch/expected"
      # shellcheck disable=SC2086 # one word or none
      "$cli" flamegraph "$1" --source "$type" $count -o - --format folded 2>/dev/null |
        LC_ALL=C sort >"$scratch/got"
      judge "$1 $type $count" "$scratch/expected" "$scratch/got"
      sums "$column" "$scratch/raw2" >"$scratch/got"
      judge "$1 $type $count read back" "$scratch/expected" "$scratch/got"
    done
  done
}

# What pprof prints of one type of a profile, in the smallest unit, else values are rounded; the sums
# to expect are in $scratch/expected.
compare_text() {
  case $2 in
  */nanoseconds) unit=ns ;;
  */bytes) unit=B ;;
  *) unit=count ;;
  esac
  "$go" tool pprof -traces -unit=$unit -sample_index="${2%%/*}" "$1" >"$scratch/traces" 2>/dev/null
  "$cli" flamegraph "$scratch/traces" -o - --format folded 2>/dev/null |
    LC_ALL=C sort >"$scratch/got"
  grep -v '^(no stack) ' "$scratch/expected" >"$scratch/printed" || true # pprof prints none of it
  judge "$1 ${2%%/*} from -traces" "$scratch/printed" "$scratch/got"
}

compare_profile() {
  "$go" tool pprof -raw "$1" >"$scratch/raw" 2>/dev/null
  types=$(sed -n '/^Samples:/{n;p;q}' "$scratch/raw" | sed 's/\[dflt\]//')
  column=0
  for type in $types; do
    column=$((column + 1))
    sums "$column" "$scratch/raw" >"$scratch/expected"
    "$cli" flamegraph "$1" --type "${type%%/*}" -o - --format folded 2>/dev/null |
      LC_ALL=C sort >"$scratch/got"
    judge "$1 ${type%%/*}" "$scratch/expected" "$scratch/got"
    "$cli" flamegraph "$1" --type "${type%%/*}" -o "$scratch/ours.pb.gz" 2>/dev/null
    "$go" tool pprof -raw "$scratch/ours.pb.gz" >"$scratch/raw2" 2>/dev/null
    sums 1 "$scratch/raw2" >"$scratch/got"
    judge "$1 ${type%%/*} read back" "$scratch/expected" "$scratch/got"
    compare_text "$1" "$type"
  done
}

for file; do
  case $file in
  *.trace) compare_trace "$file" ;;
  *) compare_profile "$file" ;;
  esac
done
# Of the larger collection, where it is, the last type of each profile as text: those of one program, or
# all with $UNPARK_SHARED. Frames without a name, as those of threads, pprof prints as it likes.
shared=${UNPARK_SHARED:-${UNPARK_SOURCE_ROOT:-.}/../shared}
folders=go1.27/webshop
[ -z "${UNPARK_SHARED:-}" ] || folders='*/*'
# shellcheck disable=SC2231 # one of them is a pattern
for file in "$shared"/profiles/$folders/*.pprof; do
  [ -s "$file" ] || continue
  "$go" tool pprof -raw "$file" >"$scratch/raw" 2>/dev/null
  types=$(sed -n '/^Samples:/{n;p;q}' "$scratch/raw" | sed 's/\[dflt\]//')
  sums "$(echo "$types" | wc -w)" "$scratch/raw" >"$scratch/expected"
  if grep -q 0xffffffff "$scratch/expected" || ! grep -qv '^(no stack) ' "$scratch/expected"; then
    continue
  fi
  compare_text "$file" "${types##* }"
done
echo "$compared compared, $differing differ"
[ "$differing" -eq 0 ]
