#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# run.sh CLI SCRIPT [ARG...]: a script of this folder, with a folder for what it writes as its second
# argument. Status 77: skipped, because node or a package is missing. compare.mjs takes the larger
# collection as well if $UNPARK_SHARED names it: some 300 files, a quarter of an hour.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cli=$1
script=$2
shift 2
command -v node >/dev/null || {
  echo 'SKIP: there is no node'
  exit 77
}
if [ "$script" = compare.mjs ] && [ -n "${UNPARK_SHARED:-}" ]; then
  set -- "$@" "$UNPARK_SHARED/traces" "$UNPARK_SHARED/profiles" "$UNPARK_SHARED/races"
fi
work=$(mktemp -d "${TMPDIR:-/tmp}/unpark-warehouse.XXXXXX")
trap 'rm -rf "$work"' EXIT INT TERM
node "$here/$script" "$cli" "$work" "$@"
