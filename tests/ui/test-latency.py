#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Distributions of latencies, from the chart to the wait itself on the timeline."""
from atspi import Window

with Window() as w:
    w.wait(r"^P \d+$")
    w.keys("ctrl+3")
    w.wait(r"^Scheduling latency\. [\d,]+ times, .* median ")
    w.wait(r"^After it was woken$")
    w.ok("the chart says what it shows")

    # The arrow keys walk over the bars; each says what is in it.
    w.click(r"^Scheduling latency\. ")
    w.keys("Right")
    w.wait_for("a bar's description",
               lambda: "took longer" in (w.find(r"^Scheduling latency\. ").description))
    w.ok("bars are reached by keys")

    # A click on a row shows that part alone.
    w.click(r"^After it was woken$", dx=20)
    w.wait(r"^Scheduling latency: After it was woken\. ")
    w.ok("a series is shown alone")

    # One of the longest leads to the timeline, and the inspector tells about it.
    w.click(r"^Longest Spans$", dx=40, dy=40)
    w.wait(r"^runnable for |^waiting to run|for .* (ms|µs)$")
    w.wait(r"^P \d+$")
    w.ok("the longest is shown on the timeline")

    # And back.
    w.keys("alt+Left")
    w.wait(r"^Scheduling latency: After it was woken\. ")
    w.ok("back leads to the list")
