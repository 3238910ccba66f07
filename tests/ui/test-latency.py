#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Distributions of latencies, from the chart to the wait itself on the timeline."""
from atspi import Window


def count(text):
    return int(text.split()[0].replace(",", ""))


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

    # A bar that is picked lists its spans, all of them; Shift takes the next ones in.
    w.keys("Return")
    one = w.wait(r"^[\d,]+ from .* to ", "label").name
    w.wait(r"^Picked Spans$")
    w.keys("shift+Right", "shift+Right")
    more = w.wait_for("more of them", lambda: (n := w.find(r"^[\d,]+ from .* to ", "label")) and
                      n.name != one and n.name)
    assert count(more) >= count(one), (one, more)
    w.ok("bars are picked by keys")

    # A drag over the chart picks everything; they are more than the longest 200.
    x, y, width, height = w.area(w.at_rest(r"^Scheduling latency\. "))
    w.drag(x + 70, x + width - 52, y + height // 2)
    everything = w.wait_for("all of them", lambda: (n := w.find(r"^[\d,]+ from .* on$", "label"))
                            and n.name)
    total = count(w.find(r"^Scheduling latency\. ").name.split(". ")[1])
    assert count(everything) == total > 200, (everything, total)
    w.press(w.find(r"^See where they are on the timeline$"))
    w.wait(r"^P \d+$")
    w.keys("alt+Left")
    w.wait(r"^Picked Spans$")
    w.press(w.find(r"^Show the longest of all again$"))
    w.wait(r"^Longest Spans$")
    w.ok("a drag picks a range, and lists all of its spans")

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
