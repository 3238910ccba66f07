#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several files in one tab: three execution traces and the spans of their services on one axis."""
import os
import tempfile

from gi.repository import GLib

from atspi import SAMPLE, Window
from story import save_to, tab_to, wait_all

FOLDER = os.path.join(os.path.dirname(SAMPLE), "together")
GATEWAY, ORDER, STOCK, SPANS = (os.path.join(FOLDER, name) for name in (
    "gateway.trace.zst", "order.trace.zst", "stock.trace.zst", "all.otlp.json.zst"))
TEMPORARY = tempfile.TemporaryDirectory()


def pressed(w, pattern):
    """Whether it could be pressed: the list is made anew when a file has moved."""
    node = w.find(pattern)
    try:
        if node:
            node.act()
        return node
    except GLib.Error:
        return None


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
    w.keys("ctrl+4")
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
    w.ok("a source is taken out, and that is taken back")

    # Both at once: the move waits a moment for further keys, and is not lost.
    tab_to(w, r"^Move order\.trace\.zst later by \(ms\)$")
    w.keys("ctrl+a")
    w.type("7.5\t")
    w.wait_for("the button that takes stock.trace out",
               lambda: pressed(w, r"^Take out of this view: stock\.trace\.zst$"))
    w.wait(r"^gateway\.trace\.zst and 2 more files$")
    w.wait(r"^Begins at .* Moved by hand\.$")
    w.press(w.wait_button("^Undo$"))
    w.wait(r"^gateway\.trace\.zst and 3 more files$")
    w.wait(r"^Begins at .* Moved by hand\.$")
    w.press(w.wait_button("^Undo$"))
    w.wait_gone(r"Moved by hand\.$")
    w.keys("Escape")
    w.ok("a move is not lost when another source is taken out at once")

    # The session names its files, and opens them again.
    saved = os.path.join(TEMPORARY.name, "shop.unpark")
    w.keys("ctrl+s")
    save_to(w, saved)
    w.wait_for("the saved session", lambda: os.path.exists(saved))

with Window(saved) as w:
    w.wait(r"^gateway\.trace\.zst and 3 more files$")
    w.wait(r"^stock\.trace\.zst, open$")
    w.ok("a session keeps all files")

# From a slow request to its goroutine, to the lock it waited for and who held it; and back.
with Window("--together", GATEWAY, ORDER, STOCK, SPANS) as w:
    w.wait(r"^gateway, \d+ spans$")
    w.click(r"^gateway, \d+ spans$")
    w.wait(r"^gateway, \d+ spans, with goroutines$")
    w.keys("Right")
    wait_all(w, r"^POST /buy of gateway took ", "^Goroutine$", "^Longest Waits$", "^Longest Calls$",
             r"^G \d+  .*, gateway\.trace\.zst$", r"^Known by its task")
    w.ok("a span tells what its goroutine did, and how that is known")

    w.press(w.wait(r"^GET /order of gateway, ", "push button"))
    w.wait(r"^GET /order of gateway took ")
    w.press(w.wait(r"^order of order, ", "push button"))
    wait_all(w, r"^order of order took ", r"^Known by the span’s ID in the log")
    w.press(w.wait(r"^waiting, sync, .*s$", "push button"))
    wait_all(w, r"^waiting .* for ", "^Woken by$", r"^Why G \d+ waited ", "^For the Request$",
             r"^POST /buy of gateway, .*s$")
    w.ok("from a slow request to the lock its goroutine waited for, and who held it")
    w.press(w.wait(r"^POST /buy of gateway, .*s$", "push button"))
    w.wait(r"^POST /buy of gateway took ")
    w.ok("a goroutine leads back to its request")
    w.keys("alt+Left")
    w.wait(r"^waiting .* for ")
    w.wait("^For the Request$")
    w.ok("Back leads into the file one came from")

with Window("--together", FOLDER) as w:
    w.wait(r"^all\.otlp\.json\.zst and 5 more files$")
    w.wait(r"^gateway\.trace\.zst, (open|closed)$")
    w.ok("a folder is its files")

with Window(FOLDER) as w:
    w.press(w.wait_button("^Open Together$"))
    w.wait(r"^all\.otlp\.json\.zst and 5 more files$")
    w.ok("a folder's files are opened together from its table")
