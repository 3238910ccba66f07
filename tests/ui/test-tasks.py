#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks by name, the slowest of one, its waterfall; the timeline and back; filter and copy."""
import os

from atspi import Window

EXPECTED = os.path.join(os.environ["UNPARK_TEST_DATA"], "expected", "go1.27")

with Window(os.path.join(EXPECTED, "annotations.trace")) as w:
    w.wait(r"^P \d+$")
    w.keys("ctrl+5")
    w.wait(r"^66 tasks · 2 names$")
    w.wait(r"^order · 33 tasks$")
    w.wait(r"^sleeping .* \(.* %\)")
    w.ok("names and breakdowns are there")

    # The slowest is chosen: its regions, the task below it, and the logs.
    first = w.wait(r"^Task \d+  order$").name
    for name in ("validate", "inventory", "reserve", "hash"):
        w.wait(f"^{name}$")
    w.wait(r"^order-id: GZ-")
    w.wait(r"^sum: ")
    w.ok("a task's waterfall")

    # By keyboard alone: the other name, its tasks, the second of them, and to the timeline.
    w.keys("ctrl+f", "Return")
    w.keys("Down")
    w.wait(r"^inventory · 33 tasks$")
    w.keys("Return")
    w.wait_focus(r"^Task \d+$")
    w.keys("Down")
    second = w.wait(r"^Task \d+  inventory$").name
    w.keys("Return")
    w.wait(r"^P \d+$")
    w.wait(r"^the task inventory took ")
    w.wait("^" + second.split("  ")[0] + r"\b", "list item")
    w.ok("a task is shown on the timeline, in its lane")
    w.keys("alt+Left")
    w.wait(r"^inventory · 33 tasks$")
    w.wait("^" + second + "$")
    w.ok("and back, to the same")

    # A region of it.
    w.wait(r"^reserve$")
    x, y, width, height = w.area(w.all(r"^reserve$", "label")[-1])  # not in the table of regions
    w.xdotool("mousemove", "--window", w.id, str(x + 10), str(y + height // 2), "click", "1")
    w.wait(r"^the region reserve took ")
    w.keys("alt+Left")
    w.press(w.wait(r"^Regions$"))
    w.wait(r"^Regions of the tasks$")
    w.ok("regions")

    # The window's filter is that of every view: what it asks of tasks is asked of them.
    w.keys("ctrl+f")
    w.type("task:order")
    w.wait(r"^33 tasks · 1 name$")
    w.keys("Return")
    w.keys("ctrl+c")
    w.wait(r"^Copied$")
    w.keys("ctrl+f", "Escape")
    w.wait(r"^66 tasks · 2 names$")
    w.keys("ctrl+f")
    w.type("no.such.function")
    w.wait(r"^No Tasks$")
    w.ok("the filter applies")

# No empty pages, and no numbers for them.
with Window(os.path.join(EXPECTED, "leak-3s.trace")) as w:
    w.wait(r"^P \d+$")
    if w.find(r"^Tasks$"):
        raise SystemExit("a file without tasks has a page for them")
    w.keys("ctrl+5")
    w.wait(r"^\d+ findings?$")
    w.ok("not without tasks")
