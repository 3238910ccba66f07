#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services of distributed traces: the graph, the calls, and what is wrong with the spans."""
import os

from atspi import Window

SPANS = os.path.join(os.environ["UNPARK_TEST_DATA"], "spans", "shop.otlp.json")

with Window(SPANS) as w:
    w.wait(r"^5 requests · 35 spans$")
    w.keys("ctrl+2")
    w.wait(r"^3 services · 3 operations between them · \d+ findings?$")
    w.wait(r"^gateway, 6 spans$|^gateway, 6 spans ")
    w.wait(r"^From gateway to order: 3 calls, 100 % joined, 0 with errors$")
    w.wait(r"^From order to stock: 6, 2 lost, 67 % joined, ")
    w.ok("services and their calls are drawn")

    w.wait(r"^From order to stock \(GET /reserve\), 2 of 6 calls lost the context")
    w.ok("the hop that loses the context is named")

    # Keys walk over the services; one that is picked leaves its calls.
    w.click(r"^stock, \d+ spans")
    w.wait_focus(r"^stock, ")
    w.wait(r"^2 of 3 operations$")
    w.keys("Left", "Left", "Return")
    w.wait_focus(r"^gateway, ")
    w.wait(r"^1 of 3 operations$")
    w.keys("Right")
    w.wait_focus(r"^order, ")
    w.keys("Escape")
    w.wait_gone(r" of 3 operations$")
    w.ok("a service is picked by keys")

    w.click(r"^Search calls$")
    w.type("SELECT")
    w.wait(r"^1 of 3 operations$")
    w.keys("ctrl+a", "BackSpace")
    w.wait_gone(r" of 3 operations$")
    w.ok("calls are searched")

    # An example is shown among the requests, and Back returns.
    w.press(w.wait(r"^Show the example GET /reserve, ", "push button"))
    w.wait_focus(r"^GET /reserve, |^Kinds of requests|^gateway")
    w.wait(r"^Kinds of requests$")
    w.wait(r"^GET /reserve, order, ")
    w.keys("alt+Left")
    w.wait(r"^Calls between services$")
    w.ok("an example opens among the requests")
