#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands out: the cards, what unfolds from them, the timeline, the filter, the selection."""
from atspi import Window

with Window() as w:
    w.wait(r"^P \d+$")

    # The first screen answers: before anything is clicked, the inspector says what stands out.
    w.wait(r"^Whole trace: 206 ms, 796 goroutines$")
    w.wait(r"^Longest waits by function$")
    w.wait(r"^Most running time by function$")
    w.wait(r"^Longest pause, 1\.02 ms$")
    w.press(w.wait(r"^Goroutines wait for a processor$", "push button"))
    w.wait(r"^Why it was late$")
    w.ok("the overview leads to the longest delay")
    w.keys("alt+Left")
    w.press(w.wait(r"^Show all \d+ findings$"))
    w.wait(r"^\d+ findings?$")
    w.ok("and to all findings")
    w.keys("ctrl+1")
    w.keys("ctrl+6")
    w.wait(r"^\d+ findings?$")
    w.wait(r"^Goroutines wait for a processor$")
    w.ok("findings are named")

    # By keyboard alone: to the first card, unfold it, and to its place on the timeline.
    w.keys("Escape")
    w.keys("Down")
    w.press(w.wait(r"^Show on the timeline: .* at "))
    w.wait(r"^Why it was late$")
    w.ok("the longest is shown on the timeline")
    w.keys("alt+Left")
    w.wait(r"^\d+ findings?$")
    w.ok("and back")

    # The window's filter is that of every view.
    w.keys("ctrl+f")
    w.type("no.such.function")
    w.wait_gone(r"^Goroutines wait for a processor$")
    w.ok("the filter applies")
