#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Fails where times are summed up in a way that can overflow: model/base/times.h has the one that
# cannot.
#
# Usage: test-times.sh PROJECT-ROOT
set -eu

root=${1:-$(dirname "$0")/..}

# A sum over rows: "X_ns += Y", "total += Y", "sum += Y" and the like, also of an array's elements.
# Numbers that are doubles in these places have no overflow to fear; they are listed.
judge() {
  grep -nE '([a-z]_ns|total|held|in_stops)(\[[^]]*\])* \+= ' "$@" |
    grep -vE 'axis\.start_ns \+=|\+= (\(double\)|fmax\()|cache\.c:' || true
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
plant() { # verdict line
  printf '%s\n' "$2" >"$scratch/planted.c"
  found=$(judge "$scratch/planted.c" /dev/null)
  if { [ "$1" = bad ] && [ -z "$found" ]; } || { [ "$1" = good ] && [ -n "$found" ]; }; then
    echo "self-check: '$2' should be $1: ${found:-nothing found}" >&2
    exit 1
  fi
}
plant bad '  place->total_ns += part;'
plant bad '  tally->state_ns[kind->state] += ns;'
plant bad '    total += tally->state_ns[i];'
plant good '  unpark_time_sum(&place->total_ns, part);'
plant good '  rows += 1;'

# shellcheck disable=SC2046 # no name has a space
broken=$(judge $(find "$root/model" "$root/importers" "$root/live" "$root/ui" "$root/app" -name '*.[ch]'))
if [ -n "$broken" ]; then
  printf '%s\n' "$broken" >&2
  echo "Times: the sums above can overflow; use unpark_time_sum() of model/base/times.h" >&2
  exit 1
fi
