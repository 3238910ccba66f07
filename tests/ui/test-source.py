#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The source of a function with the cost of each line, from a profile and from a stack."""
import os

from atspi import SAMPLE, SETTINGS, Window

DATA = os.path.dirname(SAMPLE)
CPU = os.path.join(DATA, "profiles/go1.27/webshop/cpu.pprof")

# Where the profile says that a line cost something, these lines say which they are.
FOLDER = os.path.join(SETTINGS.name, "sources")
os.makedirs(FOLDER)
with open(os.path.join(FOLDER, "webshop.go"), "w", encoding="utf-8") as source:
    source.writelines(f"\t// line {i} of the shop\n" for i in range(1, 200))


def show_source(w):
    w.keys("ctrl+2")
    w.wait(r"^\d+ functions$")
    w.keys("ctrl+f")
    w.type("handleOrder")
    w.wait("^2 of .* functions$")
    # The row of the table, above those of the stacks, once it has its place below the search.
    _, top, _, _ = w.area(w.wait("^Filter functions$"))
    x, y, _, height = w.wait_for("the row", lambda: min(
        (area for area in map(w.area, w.all(r"shop\)\.handleOrder$", "label")) if area[1] > top + 20),
        key=lambda area: area[1], default=None))
    w.xdotool("mousemove", "--window", w.id, str(x + 30), str(y + height // 2), "click", "3")
    w.settle()
    w.wait_menu()
    w.keys("u")


with Window(CPU) as w:
    show_source(w)
    w.wait("^Source Not Found$")
    w.wait("workloads/webshop.go", "label")
    w.wait("^Choose Folder…$")
    w.keys("Escape")
    w.wait_gone("^Source Not Found$")
    w.ok("a source that is not here is asked for")

os.makedirs(os.path.join(SETTINGS.name, "unpark"), exist_ok=True)
with open(os.path.join(SETTINGS.name, "unpark", "settings.ini"), "a", encoding="utf-8") as settings:
    settings.write(f"\n[source]\nmappings=workloads={FOLDER};\n")

with Window(CPU) as w:
    show_source(w)
    w.wait(r"^Line 78: self 0 ns, total 90 ms \(23 %\)$", "label")
    text = w.wait("^Source$", "text").text()
    assert text.startswith("\t// line 1 of the shop\n\t// line 2 "), text[:60]
    w.keys("Down", "Down", "Down")
    w.wait(r"^Line 81: self 0 ns, total 20 ms \(5.1 %\)$", "label")
    w.keys("Up")
    w.wait("^Line 80$", "label")
    w.ok("each line has its cost")
    w.keys("Escape")
    w.wait_gone("^Line 80$")
    w.ok("the window closes")
