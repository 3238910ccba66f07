#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The story of a blocked goroutine without a mouse, steps 1 to 6: from the file to why it waited.

The others are in test-keyboard-places.py."""
import os

from atspi import SAMPLE, Window
from story import lane, sentence, step_to, tab_to, unfilter, wait_all

ANNOTATIONS = os.path.join(os.path.dirname(SAMPLE), "expected", "go1.27", "annotations.trace")

with Window(ANNOTATIONS) as w:
    # 1: a file is opened.
    w.wait(r"goroutines?, (closed|open)$")
    w.keys("ctrl+o")
    w.wait("^Open File$")
    w.wait_dialog()
    # At once: what the chooser completes meanwhile would stand between the letters.
    w.type(os.path.abspath(SAMPLE), delay=1)
    w.keys("Return")
    w.wait(r"^POST /order, \d+ tasks, closed$")
    w.ok("1: Ctrl+O opens a file in a tab of its own")

    # 2: groups in another order, opened, filtered.
    tab_to(w, "^Order of groups and lanes$")
    w.keys("Return", "Home", "Return")  # by name
    tab_to(w, "^(Timeline|Runtime, open)$")
    w.keys("ctrl+f")
    w.type("serveDatabase.func1")
    w.wait("^Filter: ")
    w.keys("Return")
    w.wait_focus(r"goroutines, closed$")
    w.keys("Return")
    w.wait(r"goroutines, open$")
    w.keys("Down")
    w.wait_focus(r"^G \d+ ")
    w.ok("2: groups are sorted, filtered and opened")

    # 3: zoom in and out; the sums stay.
    unfilter(w)
    total = w.wait(r"goroutines   ■ running ").name
    w.keys("w", "w", "w", "d", "a", "s", "Home")
    assert w.wait(r"goroutines   ■ running ").name == total
    w.ok("3: zooming and panning")

    # 4, 5: a wait, its stack, its waker; along its chain and back.
    lane(w, 27)
    first = step_to(w, "^waiting in a select")
    wait_all(w, "^Stopped at$", "^Woken by$", "^Why G 27 waited ")
    w.keys("bracketright")
    w.wait_for("the next link", lambda: sentence(w) != first and sentence(w))
    w.keys("alt+Left")
    w.wait_for("where the walk began", lambda: sentence(w) == first)
    w.ok("4, 5: a wait in plain words, and why")

    # 6: a span that was late.
    lane(w, 27)
    step_to(w, "^created, then waiting for a processor for ")
    w.wait("^Why it was late$")
    w.ok("6: why a runnable span was late")
