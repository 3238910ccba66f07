#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The story of a blocked goroutine without a mouse, steps 7 and 8: times, places, frames."""
from atspi import Window
from story import lane, step_to, tab_to, text_of

with Window() as w:
    w.wait(r"goroutines, closed")
    lane(w, 27)
    step_to(w, "^created, then waiting for a processor for ")

    # 7: time: that of the span; then, at the ruler, more of it.
    w.keys("t")
    w.wait("^Selection: ")
    selected = w.wait("^Time scale, .* selected$").name
    w.keys("Escape")
    w.wait_gone("^Time scale, .* selected$")
    w.keys("Home")
    tab_to(w, "^Time scale$")
    w.keys("Return")
    whole = w.wait_focus("^Time scale, .* selected$").name
    assert whole != selected
    w.keys("shift+Left", "shift+Left", "Right")
    w.wait_for("another selection", lambda: w.focused("^Time scale, ").name != whole)
    part = w.focused("^Time scale, ").name
    w.keys("ctrl+2")
    w.wait("^Selected time$|selected")
    w.ok("7: time is selected, and the other views know it")

    # 8: from a list to the place, and back.
    w.wait(r"^[\d,]+ goroutines? started in ")
    tab_to(w, r"^G \d+$")
    w.keys("Return")
    w.wait("^Longest waits$")
    w.keys("alt+Left")
    w.wait(r"^[\d,]+ goroutines? started in ")
    w.keys("alt+Right")
    w.wait("^Longest waits$")
    w.ok("8: from a list to the timeline, Back and Forward")

    # Frames lead on: to the lanes and goroutines that have them, to the flame graph.
    w.keys("Escape")
    lane(w, 27)
    step_to(w, "^waiting in a select")
    w.wait("^Stopped at$")
    tab_to(w, r"^main\.webshop\.func1\.1  webshop\.go:\d+$")
    w.keys("Return")
    w.wait("^Show Only Lanes With This$")
    w.wait_menu()
    w.keys("l")
    w.wait(r"^Filter: \d+ of \d+ goroutines, [\d,]+ spans$")
    assert text_of(w.find("^Filter goroutines$")) == "fn:main.webshop.func1.1"
    w.wait_focus(r"^main\.webshop\.func1\.1  ")  # the menu gives the keys back
    w.keys("shift+F10")
    w.wait("^Show in the Flame Graph$")
    w.wait_menu()
    w.keys("f")
    w.wait(r"^all, .* of all$")
    w.wait("^Only stacks with$")
    w.keys("alt+Left")
    w.wait("^Stopped at$")
    w.ok("a frame leads to lanes and to the flame graph")
