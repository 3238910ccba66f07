#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Fails when a source breaks a rule of layers/rooms.ini. Usage: test-layers.sh PROJECT-ROOT
exec python3 "$(dirname "$0")/layers/check.py" "$@"
