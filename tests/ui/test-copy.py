#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ctrl+C copies what is picked, of every kind; Enter and F3 right after typing wait for the filter."""
import os
import re

from atspi import SAMPLE, Window
from story import lane, pasted, step_to, unfilter

ANNOTATIONS = os.path.join(os.path.dirname(SAMPLE), "expected", "go1.27", "annotations.trace")


def back(w):
    """The focus goes back to the lane that had it."""
    w.keys("ctrl+f")
    w.wait_focus("^Filter goroutines$")
    w.keys("Return")
    w.wait_for("the focus on the lanes", lambda: w.focused() is not None
               and w.focused().role == "list")


def copied(w):
    """What Ctrl+C put on the clipboard."""
    w.keys("ctrl+c")
    text = pasted(w)
    back(w)
    return text


def holds(w, kind, *patterns):
    text = copied(w)
    for pattern in patterns:
        if not re.search(pattern, text):
            raise SystemExit(f"{kind}: {pattern} is not in what was copied:\n{text}")
    w.ok(f"{kind} is copied")


with Window() as w:
    w.wait(r"goroutines, closed")

    # Enter while the filter still runs: not the first lane of the filter before.
    lane(w, 27)
    for number in (36, 23, 36):
        w.keys("ctrl+f", "ctrl+a")
        w.xdotool("type", "--delay", "1", f"G {number}")
        w.xdotool("key", "Return")
        w.wait_focus(rf"^G {number} ")
        w.wait(rf"^G {number}  ", "label")
    w.ok("Enter right after typing goes to what was typed")
    w.keys("ctrl+f", "ctrl+a")
    w.xdotool("type", "--delay", "1", "G 23 state:syscall")
    w.xdotool("key", "Return", "key", "F3")
    w.wait_focus(r"^G 23 .*system call.* at ")
    w.ok("F3 right after typing goes to a match of what was typed")

    lane(w, 27)
    holds(w, "a lane", r"^G 27 main\.webshop\.func1")
    step_to(w, "^waiting in a select")
    holds(w, "a span", r"^G 27 main\.webshop\.func1, waiting, select, .* at ")

    w.keys("ctrl+f")
    w.wait_focus("^Filter goroutines$")
    w.keys("ctrl+a")
    w.type("serveDatabase.func1")
    w.wait(r"^Filter: 294 of ")
    w.keys("Return", "Up", "Down")
    while not w.focused(r"goroutines, (open|closed)$"):
        w.keys("Down")
    holds(w, "a group", r"serveDatabase\.func1, 294 goroutines")

    # Of an assist, what the inspector says: G 71 has the longest.
    lane(w, 71)
    w.wait(r"^Runtime work$")
    w.press(w.wait(r"^GC mark assist, ", "push button"))
    w.wait(r"^assisted the garbage collector")
    back(w)
    holds(w, "a range", r"^assisted the garbage collector because it allocated heavily, for 1\.17 ms", r"GC mark assist",
          r"G 71 ")

    # By the pointer, and from measurement to measurement by keys.
    unfilter(w)
    w.keys("Home", *["Page_Up"] * 4)
    w.click(r"^Heap$", "list item", dx=500)
    w.wait(r"^In the visible time$")
    w.wait_focus(r"^Heap: .* live")
    before = w.focused().name
    w.keys("n", "n", "n", "n", "n", "n")
    w.wait_for("another measurement", lambda: w.focused(r"^Heap: ")
               and w.focused(r"^Heap: ").name != before)
    w.keys("t")
    w.wait(r"^In the selected time$")
    holds(w, "the heap", r"^Heap: .* live", r"Goal: ", r"Minimum: ", r"Maximum: ", r"Mean: ",
          r"Since the last collection", r"Change: [+−]")
    w.click(r"^GOMAXPROCS$", "list item", dx=500)
    w.wait(r"^GOMAXPROCS 4: ")
    holds(w, "GOMAXPROCS", r"^GOMAXPROCS 4", r"Value: 4", r"Mean: 4")

    # A task, and a region of it.
    unfilter(w)
    w.click(r"^GET /stock, \d+ tasks, closed$", "list item", dx=60)
    w.wait(r"^GET /stock, \d+ tasks, open$")
    w.keys("Down")
    w.wait_focus(r"^Task \d+")
    w.wait(r"^the task GET /stock took ")
    holds(w, "a task", r"^the task GET /stock took ", r"Started by")

with Window(ANNOTATIONS) as w:
    w.wait(r"goroutines?, (closed|open)$|^G \d+ ")
    tasks = r"^(Task \d+|.* tasks, (open|closed))"
    node = w.wait(tasks, "list item")
    w.click(tasks, "list item", dx=60)
    if re.search("closed$", node.name):
        w.wait(r"tasks, open$")
        w.keys("Down")
    w.wait_focus(r"^Task \d+")
    w.wait(r"^the task .* took ")
    w.press(w.wait(r"^Its .* regions?$|^The longest of its", "label") and
            w.wait(r", [\d.]+ (ns|µs|ms|s)$", "push button"))
    w.wait(r"^the region .* took ")
    back(w)
    holds(w, "a region", r"^the region .* took ")
