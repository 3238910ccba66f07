#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several files in one tab: three execution traces and the spans of their services on one axis."""
import os

from atspi import SAMPLE, Window
from story import tab_to, wait_all

FOLDER = os.path.join(os.path.dirname(SAMPLE), "together")
GATEWAY, ORDER, STOCK, SPANS = (os.path.join(FOLDER, name) for name in (
    "gateway.trace.zst", "order.trace.zst", "stock.trace.zst", "all.otlp.json.zst"))

with Window("--together", GATEWAY, ORDER, STOCK, SPANS) as w:
    wait_all(w, r"^gateway\.trace\.zst, open$", r"^order\.trace\.zst, open$",
             r"^stock\.trace\.zst, open$", r"^gateway\.trace\.zst and 3 more files$",
             r"^This view shows all 4 files together\.$")
    w.ok("lanes of every trace, below each other")

    # A file's lanes are closed and opened.
    w.press(w.wait(r"^stock\.trace\.zst, open$"))
    w.wait(r"^stock\.trace\.zst, closed$")
    w.press(w.wait(r"^stock\.trace\.zst, closed$"))
    w.wait(r"^stock\.trace\.zst, open$")
    w.ok("the lanes of a file are closed and opened")

    # Other views are about one file, and one chooses which.
    w.keys("ctrl+2")
    w.wait(r"^This view shows one file at a time:$")
    before = w.wait(r"^\d+ goroutines, started in ").name
    w.click("^File that this view shows$")
    w.keys("Down", "Return")
    w.wait_for("the goroutines of the other file", lambda: any(
        n.name != before for n in w.all(r"^\d+ goroutines, started in ")))
    w.ok("a view of one file says so, and shows the one that is chosen")

    # Back in the lanes the inspector is of that file.
    w.keys("ctrl+1")
    order = w.wait("^Whole trace: ").name
    w.ok("the lanes follow the choice")

    # Sources: where each is, and by what.
    w.press(w.wait_button("^Sources$"))
    wait_all(w, r"^Begins at .* By the monotonic clock", r"^Begins at .* By the time of day",
             r"^Move order\.trace\.zst later by \(ms\)$")
    w.ok("each source says where it is and how that is known")

    # One is moved by hand, and that is taken back.
    tab_to(w, r"^Move order\.trace\.zst later by \(ms\)$")
    w.keys("ctrl+a")
    w.type("7.5\t")
    w.wait(r"^Begins at .* Moved by hand\.$")
    w.press(w.wait_button("^Undo$"))
    w.wait_gone(r"Moved by hand\.$")
    w.ok("a source is moved by hand, and that is taken back")

    # One is taken out, and that is taken back.
    w.press(w.wait(r"^Take out of this view: stock\.trace\.zst$"))
    w.wait(r"^gateway\.trace\.zst and 2 more files$")
    w.wait_gone(r"^stock\.trace\.zst, open$")
    w.press(w.wait_button("^Undo$"))
    w.wait(r"^gateway\.trace\.zst and 3 more files$")
    w.wait(r"^stock\.trace\.zst, open$")
    w.keys("Escape")
    w.ok("a source is taken out, and that is taken back")

with Window("--together", FOLDER) as w:
    w.wait(r"^all\.otlp\.json\.zst and 5 more files$")
    w.wait(r"^gateway\.trace\.zst, (open|closed)$")
    w.ok("a folder is its files")
