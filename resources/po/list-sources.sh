#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Prints every file with translatable text, as it has to stand in POTFILES.
#
# Usage: list-sources.sh PROJECT-ROOT
set -eu
cd "$1"
{
  grep -rlE --include='*.[ch]' '(^|[^A-Za-z0-9_])(_|N_|C_|NC_|Q_|ngettext|dngettext|g_dngettext) ?\(' \
    model importers live ui app || true
  grep -rlE --include='*.ui' 'translatable="(yes|true|1)"' ui || true
  find resources -maxdepth 1 -name '*.in' ! -name '*.service.in'
} | LC_ALL=C sort -u
