#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests of distributed traces: kinds, the slowest, the waterfall of one, the search."""
import os

from atspi import Window
from story import wait_all

SPANS = os.path.join(os.environ["UNPARK_TEST_DATA"], "spans", "shop.otlp.json")

with Window(SPANS) as w:
    # A file of spans shows its requests first, and no view of goroutines.
    w.wait(r"^5 requests · 35 spans$")
    w.wait(r"^Kinds of requests$")
    wait_all(w, "^Spans of distributed traces$", "^Findings$",
             r"^From order to stock \(GET /reserve\), 2 of 6 calls lost the context")
    assert not w.find(r"^Timeline$"), w.names()
    w.ok("a file of spans shows its requests")

    # The slowest of the first kind is drawn, each span in a row below its parent.
    top = w.wait(r"^POST /buy, gateway, .*, level 1, expanded$").name
    w.wait(r"^GET /order, gateway, .*On the critical path for .*, level 2, expanded$")
    w.wait(r"^reserve, stock, ")
    w.ok("the slowest request is drawn as a waterfall")

    # Keys walk over the rows, close and open them.
    w.click(r"^POST /buy, gateway, .*level 1")
    w.wait_focus(r"^POST /buy, gateway")
    w.keys("Down")
    w.wait_focus(r"^GET /order, gateway, ")
    w.keys("Left")
    w.wait_focus(r"^GET /order, gateway, .*, level 2, collapsed$")
    w.wait_gone(r"^order, order, .*level 3")
    w.keys("Right")
    w.wait(r"^order, order, .*level 3")
    w.keys("Home")
    w.wait_focus(r"^POST /buy, gateway")
    w.keys("w", "w", "Escape", "f")
    w.wait_focus(r"^POST /buy, gateway")
    w.ok("keys walk, open, close and zoom")

    # The inspector tells of all spans first, then of the one that was clicked.
    w.click(r"^GET /order, gateway, .*level 2")
    wait_all(w, r"^GET /order of gateway took ", "^On the critical path$", "^Goroutine$",
             r"^Add the execution trace of this service ", "^Attributes$", "^IDs$")
    w.press(w.wait(r"^POST /buy of gateway, ", "push button"))
    w.wait(r"^POST /buy of gateway took ")
    w.wait(r"^Kinds of requests$")
    w.keys("alt+Left")
    w.wait(r"^GET /order of gateway took ")
    w.ok("the inspector tells of a span, and its links stay among the requests")

    # Another request of the kind.
    w.click(r"^Requests of this kind$", dx=40, dy=62)
    w.wait_for("another request", lambda: (n := w.find(r"^POST /buy, gateway, .*level 1"))
               and n.name != top)
    w.ok("another request is drawn")

    # The search leaves requests that have such a span, and goes to it.
    w.click(r"^Search spans$")
    w.type("status=error")
    w.wait(r"^[12] of 5 requests · 35 spans$")
    w.wait(r"Error")
    w.keys("ctrl+a")
    w.type("no-such-word")
    w.wait(r"^No request matches\.$")
    w.press(w.wait(r"Show All Requests$", "push button"))
    w.wait(r"^5 requests · 35 spans$")
    w.ok("spans are searched")

    w.click(r"^Search spans$")
    w.type("duration>soon")
    w.wait(r"Invalid duration “soon”")
    w.keys("ctrl+a", "BackSpace")
    w.wait(r"^5 requests · 35 spans$")
    w.ok("a number that cannot be read is said")

# A trace of goroutines has no requests.
with Window() as w:
    w.wait(r"^P \d+$")
    assert not w.find(r"^Requests$"), w.names()
    w.ok("a trace without spans shows no requests")

# With the execution traces of the services, a span tells what its goroutine waited for, and why.
FOLDER = os.path.join(os.environ["UNPARK_TEST_DATA"], "together")
FILES = [os.path.join(FOLDER, name) for name in (
    "gateway.trace.zst", "order.trace.zst", "stock.trace.zst", "all.otlp.json.zst")]
with Window("--together", *FILES) as w:
    w.wait(r"^gateway, \d+ spans$")
    w.keys("ctrl+2")
    w.click(r"^order, order, .*level 3")
    wait_all(w, r"^order of order took ", r"^Known by the span’s ID in the log", "^Longest Waits$")
    # The timeline, which is hidden, has an inspector of its own.
    w.press(w.all(r"^waiting, sync, .*s$", "push button")[-1])
    wait_all(w, r"^waiting .* for ", "^Woken by$", r"^Why G \d+ waited ")
    w.ok("from a request to the lock that its goroutine waited for")
