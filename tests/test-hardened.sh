#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# test-hardened.sh ROOT BUILD: a build for use is protected as Debian's own programs are.
#
# What a daily or a sanitizer build lacks on purpose is asked of one configured as ./dev install
# does it: every protection must be among its compiler's and linker's flags. What is linked in
# every build is read from the programs themselves.
set -eu
root=$1 build=$2
failed=0

fail() {
  echo "hardening: $*" >&2
  failed=1
}

# Of a program: position independent, no writable code, all addresses bound before it starts.
check_program() { # FILE hardened|plain
  name=$(basename "$1")
  header=$(LC_ALL=C readelf -Wh "$1") segments=$(LC_ALL=C readelf -Wl "$1")
  dynamic=$(LC_ALL=C readelf -Wd "$1")
  case $header in *"DYN ("*) ;; *) fail "$name is not position independent" ;; esac
  printf '%s\n' "$segments" | grep -q 'GNU_STACK.* RW ' || fail "$name has an executable stack"
  printf '%s\n' "$segments" | grep -q GNU_RELRO || fail "$name has no RELRO segment"
  printf '%s\n' "$dynamic" | grep -q TEXTREL && fail "$name relocates its code"
  [ "$2" = hardened ] || return 0
  printf '%s\n' "$dynamic" | grep -q BIND_NOW || fail "$name binds addresses late"
  symbols=$(LC_ALL=C readelf -Ws "$1")
  printf '%s\n' "$symbols" | grep -q __stack_chk_fail || fail "$name has no stack protector"
  printf '%s\n' "$symbols" | grep -q '__[a-z]*_chk' || fail "$name has no checked functions"
  case $(uname -m) in
  x86_64)
    # The note of the whole program is gone where the system's own start files lack it.
    objdump -d --disassemble=main "$1" | grep -q endbr64 ||
      fail "$name has no control-flow protection"
    ;;
  esac
}

command -v readelf >/dev/null && command -v objdump >/dev/null || exit 77
hardened=plain
grep -q -- -D_FORTIFY_SOURCE=2 "$build/build.ninja" && hardened=hardened
for program in "$build/app/unpark" "$build/app/unpark-cli" "$build/app/unpark-capture"; do
  [ ! -x "$program" ] || check_program "$program" "$hardened"
done

# The flags of a build for use, and a program that is made with them.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
meson setup "$scratch/build" "$root" -Dtests=false -Dgui=false -Dwerror=false >"$scratch/log" 2>&1 ||
  { cat "$scratch/log" && fail "the build for use cannot be configured"; }
flags=$(grep -h -m 1 '^ ARGS = .*-O3' "$scratch/build/build.ninja" || true)
for flag in -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fstack-clash-protection -fcf-protection; do
  # A compiler for another processor may not have it.
  printf 'int main(void) { return 0; }' | cc "$flag" -O2 -x c -o /dev/null - 2>/dev/null || continue
  case $flags in *"$flag"*) ;; *) fail "a build for use lacks $flag" ;; esac
done
for flag in -Wl,-z,relro -Wl,-z,now; do
  grep -q -- "LINK_ARGS = .*$flag" "$scratch/build/build.ninja" || fail "a build for use lacks $flag"
done
if [ "$hardened" = plain ]; then
  cat >"$scratch/a.c" <<'END'
#include <stdio.h>
#include <string.h>
int main(int argc, char **argv) {
  char text[64];
  snprintf(text, sizeof text, "%s", argv[argc - 1]);
  strcat(text, argv[0]);
  return puts(text) < 0;
}
END
  # shellcheck disable=SC2046 # flags are words
  cc $(printf '%s\n' "$flags" | tr ' ' '\n' | grep -E '^-(f(stack|cf)|[DU]_FORTIFY|O)' | sort -u) \
    -Wl,-z,relro,-z,now -o "$scratch/a" "$scratch/a.c" && check_program "$scratch/a" hardened
fi
[ $failed -eq 0 ] || exit 1
echo "hardening: $hardened build of unpark, unpark-cli and unpark-capture, and the flags of a build for use: good"
