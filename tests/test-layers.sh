#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Fails when an #include line breaks the layers of ARCHITECTURE.md.
#
# Usage: test-layers.sh PROJECT-ROOT
set -eu

root=${1:-$(dirname "$0")/..}

# The rules: layer, then "allow" or "deny", then a pattern (shell glob) for what stands between
# the quotes or angle brackets. The first line of a layer that matches decides; what matches no
# line is allowed.
rules='
model      deny   importers/*
model      deny   ui/*
model      deny   app/*
model      deny   gtk/*
model      deny   gdk/*
model      deny   gsk/*
model      deny   graphene*.h
model      deny   adwaita.h
model      deny   libadwaita*
model      deny   json*

importers  allow  model/writer/writer.h
importers  allow  model/base/*
importers  deny   model/*
importers  deny   ui/*
importers  deny   app/*
importers  deny   sqlite3*.h
importers  deny   gtk/*
importers  deny   gdk/*
importers  deny   gsk/*
importers  deny   graphene*.h
importers  deny   pango/*
importers  deny   adwaita.h
importers  deny   libadwaita*

ui         deny   model/writer/*
ui         deny   importers/*
ui         deny   app/*
ui         deny   sqlite3*.h
'

# Every include between quotes has to start with one of these: the include root is the project.
roots='model/ importers/ ui/ app/'

# Reads "LAYER<tab>FILE<tab>LINE<tab>QUOTE<tab>TARGET" lines, prints the ones that break a rule.
judge() {
  awk -F '\t' -v rules="$rules" -v roots="$roots" '
    function glob(pattern,    out, i, c) {
      out = "^"
      for (i = 1; i <= length(pattern); i++) {
        c = substr(pattern, i, 1)
        if (c == "*") out = out ".*"
        else if (index(".+?()[]{}^$|\\", c)) out = out "\\" c
        else out = out c
      }
      return out "$"
    }
    BEGIN {
      n = split(rules, line, "\n")
      for (i = 1; i <= n; i++)
        if (split(line[i], word, " ") == 3) {
          count++
          layer[count] = word[1]; verdict[count] = word[2]
          pattern[count] = glob(word[3]); text[count] = word[3]
        }
      nroots = split(roots, rootlist, " ")
    }
    {
      if ($5 ~ /\.\.\//) {
        print $2 ":" $3 ": " $5 ": include from the project root, not by a relative path"
        next
      }
      if ($4 == "\"") {
        named = 0
        for (i = 1; i <= nroots; i++)
          if (index($5, rootlist[i]) == 1) named = 1
        if (!named) {
          print $2 ":" $3 ": " $5 ": an include line names its layer (" $1 "/" $5 "?)"
          next
        }
      }
      for (i = 1; i <= count; i++)
        if (layer[i] == $1 && $5 ~ pattern[i]) {
          if (verdict[i] == "deny")
            print $2 ":" $3 ": " $1 "/ must not include " $5 " (rule: " text[i] ")"
          next
        }
    }'
}

# Prints the include lines of the C files below $1, in the form that judge() reads.
includes() {
  for layer in model importers ui app; do
    [ -d "$1/$layer" ] || continue
    find "$1/$layer" -name '*.[ch]' -exec awk -v root="$1/" -v layer="$layer" '
      /^[ \t]*#[ \t]*include[ \t]*["<]/ {
        target = $0
        sub(/^[ \t]*#[ \t]*include[ \t]*/, "", target)
        quote = substr(target, 1, 1)
        target = substr(target, 2)
        sub(/[">].*/, "", target)
        file = FILENAME
        if (index(file, root) == 1) file = substr(file, length(root) + 1)
        printf "%s\t%s\t%d\t%s\t%s\n", layer, file, FNR, quote, target
      }' {} +
  done
}

# A test that cannot fail proves nothing: made-up lines first, the bad ones have to be caught.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/model" "$scratch/importers" "$scratch/ui" "$scratch/app"
expected=0
plant() { # layer verdict include-line
  printf '%s\n' "$3" >"$scratch/$1/planted.c"
  found=$(includes "$scratch" | judge)
  rm "$scratch/$1/planted.c"
  if { [ "$2" = bad ] && [ -z "$found" ]; } || { [ "$2" = good ] && [ -n "$found" ]; }; then
    echo "self-check: $1: '$3' should be $2: ${found:-nothing found}" >&2
    exit 1
  fi
  expected=$((expected + 1))
}
plant model good '#include <sqlite3.h>'
plant model good '#include "model/store/store.h"'
plant model bad '#include <gtk/gtk.h>'
plant model bad '  #  include <adwaita.h>'
plant model bad '#include "importers/input/importer.h"'
plant model bad '#include "ui/shell/window.h"'
plant model bad '#include "store.h"'
plant importers good '#include "model/writer/writer.h"'
plant importers good '#include "importers/input/input.h"'
plant importers good '#include <json-c/json.h>'
plant importers bad '#include "model/store/store.h"'
plant importers bad '#include <sqlite3.h>'
plant importers bad '#include "app/open.h"'
plant importers bad '#include "../model/writer/writer.h"'
plant ui good '#include "model/store/store.h"'
plant ui good '#include <gtk/gtk.h>'
plant ui bad '#include <sqlite3.h>'
plant ui bad '#include "model/writer/writer.h"'
plant ui bad '#include "model/writer/sink.h"'
plant ui bad '#include "importers/input/importer.h"'
plant app good '#include "importers/input/importer.h"'
plant app good '#include <sqlite3.h>'

all=$(includes "$root")
broken=$(printf '%s\n' "$all" | judge)
if [ -n "$broken" ]; then
  printf '%s\n' "$broken" >&2
  echo "Layers: the include lines above break ARCHITECTURE.md" >&2
  exit 1
fi
echo "Layers: $(printf '%s\n' "$all" | grep -c .) include lines, $expected planted lines, all as they should be"
