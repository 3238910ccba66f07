#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys act in the view that one has come to, from the first on, without a click or Tab."""
import os

from atspi import SAMPLE, Window

DATA = os.path.dirname(SAMPLE)
HEAP = os.path.join(DATA, "profiles", "go1.19", "contention", "heap.pprof")
DUMP = os.path.join(DATA, "dumps", "everything.txt")


with Window() as w:
    w.wait(r"goroutines, closed$")
    w.wait_focus("^Timeline$|^Runtime, open$")
    w.keys("Down")
    w.wait_focus("^(Runtime, open|Goroutines by state)")
    w.ok("a trace that opens has the keys")

    w.keys("ctrl+2")
    w.wait(r"^[\d,]+ goroutines? started in ")
    w.keys("Down")
    w.wait_focus(r"^(net/http|main)\.")
    w.keys("ctrl+6")
    w.wait_focus("^Goroutines wait for a processor")
    w.keys("ctrl+7")
    w.wait("^Run$")
    w.type("select 40 + 2 as answer")
    w.keys("ctrl+Return")
    w.wait("^42$")
    w.ok("so has the view that Ctrl and a number show")

    w.click("^Timeline$", "page tab")
    w.wait_focus("^(Runtime, open|Goroutines by state)")
    w.ok("and the one whose name was clicked")


with Window(HEAP) as w:
    w.wait("^all, ")
    w.wait_focus("^all, ")
    w.keys("ctrl+2")
    w.wait("^Heap profile$")
    w.keys("Down")
    w.wait_focus(r"^runtime\.")
    w.ok("a profile's flame graph and table have the keys")

with Window(DUMP) as w:
    w.wait("^Search goroutines$")
    w.keys("Down")
    w.wait_focus(r"^main\.")
    w.ok("and the groups of a dump")

with Window(SAMPLE, HEAP) as w:
    w.wait_focus("^all, ")
    w.keys("ctrl+Page_Up")
    w.wait_focus("^(Timeline|Runtime, open)$")
    w.keys("ctrl+2")
    w.wait_focus(r"^((net/http|main)\.|GtkColumnListView$|$)")
    w.keys("ctrl+f", "Escape", "Down")
    w.wait_focus(r"^(net/http|main)\.")
    w.ok("a tab in the background, and Escape in the filter, lead to the view")
