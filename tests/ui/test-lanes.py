#!/usr/bin/env python3
"""Lanes by keyboard: filter with counts, matches, completion; pin; tasks; export."""
import os
import tempfile

from atspi import Window

with Window() as w:
    w.wait(r"^POST /order, \d+ tasks, closed$")
    w.ok("tasks are grouped by name")

    # Words are offered; Tab takes one; the number of spans is told.
    w.keys("ctrl+f")
    w.type("sta")
    w.wait(r"^state:$")
    w.keys("Tab")
    w.type("runna")
    w.wait(r"^state:runnable$")
    w.keys("Tab", "Escape")
    w.wait(r"^Filter: [\d,]+ of [\d,]+ goroutines, [\d,]+ spans$")
    w.wait(r"^Matching: ")
    w.ok("the filter completes words, counts lanes and spans")

    w.keys("Return")
    w.keys("F3")
    first = w.wait_focus(r"^G \d+ .*runnable.* at ").name
    w.keys("F3")
    w.wait_for("the next match", lambda: w.focused(r"runnable.* at ")
               and w.focused(r"runnable.* at ").name != first)
    w.ok("F3 goes from match to match")

    w.keys("i")
    w.wait(r"^Pinned, open$")
    w.keys("i")
    w.wait_gone(r"^Pinned, open$")
    w.ok("lanes are pinned by key")

    # A picture with title, scale and legend.
    path = os.path.join(tempfile.mkdtemp(), "lanes.svg")
    w.keys("ctrl+e")
    w.wait(r"Export the Timeline")
    w.keys("Return")
    w.wait(r"Save the Timeline")
    w.keys("ctrl+a")
    w.type(path)
    w.keys("Return")
    w.wait_for("the picture", lambda: os.path.exists(path) and os.path.getsize(path) > 1000)
    w.ok("the timeline is exported")
