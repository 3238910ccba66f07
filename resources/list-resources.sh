#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Prints the GResource description of this folder and of the templates in the rooms of ../ui: every
# template, style sheet and icon. Adding a file there is all it takes.
set -eu
cd "$1"

echo '<?xml version="1.0" encoding="UTF-8"?>'
echo '<gresources>'
echo '  <gresource prefix="/io/github/unpark/Unpark">'
for file in style*.css; do
  [ -f "$file" ] && echo "    <file>$file</file>"
done
(cd .. && find ui -type f -name '*.ui') | LC_ALL=C sort | while read -r file; do
  # The window looks for its help overlay under gtk/.
  case $file in
    ui/shell/help-overlay.ui) echo "    <file alias=\"gtk/help-overlay.ui\">$file</file>" ;;
    *) echo "    <file>$file</file>" ;;
  esac
done
find icons/hicolor -type f -name '*.svg' | LC_ALL=C sort | while read -r file; do
  # An icon theme inside resources has no theme folder: icons/scalable/apps/NAME.svg.
  echo "    <file alias=\"icons/${file#icons/hicolor/}\">$file</file>"
done
echo '  </gresource>'
echo '</gresources>'
