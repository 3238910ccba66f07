#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions and their goroutines in numbers, and from there to the timeline and back."""
from atspi import Window

with Window() as w:
    w.wait(r"^P \d+$")
    w.keys("ctrl+2")
    w.wait(r"^[\d,]+ goroutines, started in \d+ functions$")
    w.wait(r"^[\d,]+ goroutines? started in ")
    w.wait(r"^(running|waiting.*|sleeping) .* \(.* %\)")
    w.ok("functions, goroutines and breakdowns are named")

    # Columns that not everybody needs are chosen, and stay.
    assert not w.find("^Ended$"), "a column that nobody chose"
    w.click("^Columns$", "label")
    w.wait_focus("^Created$")
    w.keys("Tab")
    w.wait_focus("^Ended$")
    w.keys("space", "Tab", "Tab", "Tab")
    w.wait_focus("^Waiting for Channels$")
    w.keys("space")
    w.keys("Escape")
    w.wait_gone("^Ended$", "check box")
    w.wait("^Ended$")
    w.wait("^Waiting for Channels$")
    w.ok("columns are chosen")

    # The window's filter is that of every view.
    w.keys("ctrl+f")
    w.type("serveDatabase.func1")
    w.wait(r"^[\d,]+ goroutines started in main\.serveDatabase\.func1$")
    w.wait_gone(r"^net/http\.\(\*conn\)\.serve$")
    w.ok("functions are found")

    # A goroutine leads to its lane.
    w.click(r"^Goroutines of the function$", dx=40, dy=40)
    w.wait(r"^G \d+ main\.serveDatabase\.func1|^G \d+ serveDatabase\.func1")
    w.ok("a goroutine is shown on the timeline")
