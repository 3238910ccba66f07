#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Writes a C source with a sum over everything that decides what is in a store.
#
# Usage: build-stamp.sh PROJECT-ROOT SOURCE DEPFILE
set -eu

cd "$1"
source=$2 depfile=$3
case $source in /*) ;; *) source=$OLDPWD/$source ;; esac
case $depfile in /*) ;; *) depfile=$OLDPWD/$depfile ;; esac

files=$(find importers model/base model/store model/writer -name '*.[ch]' | LC_ALL=C sort)
# shellcheck disable=SC2086 # no name has a space
stamp=$(cat $files | cksum | tr ' ' '-')
cat >"$source" <<END
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/store/cache.h"

const char unpark_cache_build[] = "$stamp";
END
printf '%s:' "$2" >"$depfile"
for file in $files; do
  printf ' %s/%s' "$1" "$file"
done >>"$depfile"
printf '\n' >>"$depfile"
