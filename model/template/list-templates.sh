#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Prints the GResource description of the templates in a folder.
#
# Usage: list-templates.sh FOLDER
set -eu
cd "$1"

echo '<?xml version="1.0" encoding="UTF-8"?>'
echo '<gresources>'
echo '  <gresource prefix="/io/github/unpark/templates">'
for file in *.sql; do
  echo "    <file>$file</file>"
done
echo '  </gresource>'
echo '</gresources>'
