#!/usr/bin/env python3
"""The whole story of a blocked goroutine without a mouse: every step by keys alone."""
import os
import time

from atspi import SAMPLE, Window
from story import lane, sentence, step_to, tab_to, text_of, wait_all

ANNOTATIONS = os.path.join(os.path.dirname(SAMPLE), "expected", "go1.27", "annotations.trace")

with Window(ANNOTATIONS) as w:
    # 1: a file is opened.
    w.wait(r"goroutines?, (closed|open)$")
    w.keys("ctrl+o")
    w.wait("^Open a File of a Go Program$")
    time.sleep(1)
    w.type(os.path.abspath(SAMPLE))
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
    w.keys("ctrl+f", "ctrl+a", "BackSpace", "Return")
    total = w.wait(r"goroutines  \|  running ").name
    w.keys("w", "w", "w", "d", "a", "s", "Home")
    assert w.wait(r"goroutines  \|  running ").name == total
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
    w.wait("^Its longest waits$")
    w.keys("alt+Left")
    w.wait(r"^[\d,]+ goroutines? started in ")
    w.keys("alt+Right")
    w.wait("^Its longest waits$")
    w.ok("8: from a list to the timeline, Back and Forward")

    # Frames lead on: to the lanes and goroutines that have them, to the flame graph.
    w.keys("Escape")
    lane(w, 27)
    step_to(w, "^waiting in a select")
    w.wait("^Stopped at$")
    tab_to(w, r"^main\.webshop\.func1\.1  webshop\.go:\d+$")
    w.keys("Return")
    w.wait("^Show Only Lanes with It$")
    time.sleep(0.6)
    w.keys("l")
    w.wait(r"^Filter: \d+ of \d+ goroutines, [\d,]+ spans$")
    assert text_of(w.find("^Filter goroutines$")) == "fn:main.webshop.func1.1"
    time.sleep(1)  # the menu's window gives the keys back
    w.keys("shift+F10")
    w.wait("^Show in the Flame Graph$")
    time.sleep(0.6)
    w.keys("f")
    w.wait(r"^all, .* of all$")
    w.wait("^Only stacks with$")
    w.keys("alt+Left")
    w.wait("^Stopped at$")
    w.ok("a frame leads to lanes and to the flame graph")
