#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lanes by keyboard: filter with counts, matches, completion; pin; tasks; export."""
import os
import tempfile

from atspi import Window
from story import save_to, tab_to, text_of

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
    w.keys("Tab")
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
    w.wait(r"^G \d+ pinned to the top$")
    w.keys("Page_Up", "Page_Up", "Page_Up")
    w.wait(r"^Pinned, open$")
    w.keys("Down")
    w.wait_focus(r"^G \d+ ")
    w.keys("i")
    w.wait_gone(r"^Pinned, open$")
    w.press(w.wait("Undo$", "push button"))
    w.wait(r"^Pinned, open$")
    w.ok("lanes are pinned by key, let go, and taken back")

    # The same by the menu: at the pointer, and by its key.
    lane = w.at_rest(r"^G \d+ \S+$", "list item").name
    w.click(r"^G \d+ \S+$", "list item", button="3", dx=60)
    w.press(w.wait("^Unpin$"))
    w.wait_gone(r"^Pinned, open$")
    w.keys("ctrl+f", "ctrl+a", "BackSpace")
    w.type(" ".join(lane.split()[:2]))
    w.wait(r"^Filter: 1 of ")
    w.keys("Return")
    w.wait_focus("^" + " ".join(lane.split()[:2]) + " ")
    w.keys("Menu")
    w.wait("^Pin to the Top$")
    w.wait_menu()
    w.keys("Down", "Return")
    w.wait(r"^Pinned, open$")
    w.keys("shift+F10")
    w.wait("^(Unpin|Pin to the Top)$")
    w.wait_menu()
    w.keys("Escape")
    w.wait_gone("^(Unpin|Pin to the Top)$")
    w.ok("lanes are pinned by the menu")

    # Filtered: what runs around stays in sight, only tasks that take part are left.
    w.keys("ctrl+f", "ctrl+a", "BackSpace")
    w.type("task:stock")
    w.wait(r"^GET /stock, \d+ tasks, closed$")
    w.wait_gone(r"^POST /order, ")
    w.wait(r"^Runtime, open$")
    w.wait(r"^P 2$")
    w.keys("Return")
    w.wait_focus(r"^GET /stock, |^G \d+ |goroutines, closed$")
    w.ok("a filter keeps processors and the runtime, and narrows tasks")

    # A picture with title, scale and legend.
    path = os.path.join(tempfile.mkdtemp(), "lanes.svg")
    w.keys("ctrl+e")
    w.wait(r"Export the Timeline")
    w.keys("Return")
    w.wait(r"Save the Timeline")
    save_to(w, path)
    w.wait_for("the picture", lambda: os.path.exists(path) and os.path.getsize(path) > 1000)
    w.ok("the timeline is exported")

    # A task that is picked is the one the flame graph can be asked for.
    w.keys("ctrl+f", "Return")
    for _ in range(40):
        if w.focused(r"^GET /stock, "):
            break
        w.keys("Down")
    w.keys("Return")
    w.wait(r"^GET /stock, \d+ tasks, open$")
    w.keys("Down")
    number = w.wait_focus(r"^Task \d+").name.split()[1]
    w.wait(r"^Task$")
    w.press(w.find(r"^Flame Graph$"))
    w.wait(r"^all, .* of all")
    tab_to(w, "^Goroutines to include$")
    w.keys("Return")
    w.wait_for("the open list", lambda: (n := w.focused()) and n.role == "list item")
    w.keys("End", "Return")
    entry = w.wait("^Task number$")
    w.wait_for("the task's number", lambda: text_of(entry) == number)
    w.wait("one task")
    w.ok("the task that is picked is known to the flame graph")

with Window() as w:
    w.wait(r"^POST /order, \d+ tasks, closed$")
    # A filter that nothing passes says so, and can be taken off at once.
    w.keys("ctrl+f")
    w.type("no.such.function")
    w.wait(r"^No goroutine matches the filter\.$")
    w.press(w.wait(r"Clear the Filter$", "push button"))
    w.wait_gone(r"^No goroutine matches the filter\.$")
    w.wait(r"^POST /order, \d+ tasks, (open|closed)$")
    w.ok("what matches nothing says so")
