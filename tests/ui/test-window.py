#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Opens a trace in the real window and finds things by the names a screen reader would say."""
import os
import re
import shutil
import tempfile

from atspi import SAMPLE, Window

EMPTY = os.path.join(os.path.dirname(SAMPLE), "damaged", "header-only-1.27.trace")
DAMAGED = os.path.join(os.path.dirname(SAMPLE), "damaged", "truncated-last-generation-1.27.trace")
SPAN = r"^G 1 \S+, (running|runnable|waiting|in a system call).* at "

with Window() as w:
    w.wait(r"^G \d+ |goroutines, closed")
    w.wait(r"^P \d+$")
    w.wait(r"goroutines   ■ running .*waiting")

    # Narrow to one goroutine by its number, walk down to its lane, step to its first span.
    w.keys("ctrl+f")
    w.type("G 1")
    w.wait(r"^G 1 ")
    w.wait(r"^Filter: 1 of ")
    w.ok("lanes, sums and the filter are named")

    w.keys("Return")
    w.wait_focus(r"^G 1 ")
    w.keys("n")
    first = w.wait_focus(SPAN).name
    w.keys("n")
    w.wait_for("the next span", lambda: w.focused(SPAN) and w.focused(SPAN).name != first)
    w.keys("p")
    w.wait_focus("^" + re.escape(first) + "$")
    w.wait(r"(running|waiting|runnable) for ")
    w.ok("spans are named and reached by keys")

with Window(DAMAGED) as w:
    w.wait("^The file was cut off; everything before that is shown")
    w.press(w.wait_button("^Details$"))
    details = w.wait(r"^The file was cut off.*shown\.\n", "label")
    assert not details.selected_text(), details.selected_text()
    w.ok("what is wrong with a file is told, and not marked")

# A name that would read as another in the title, and one that no reader knows.
with tempfile.TemporaryDirectory() as folder:
    for content, told in ((SAMPLE, r"^a\ufffdecart\ufffd\.x – "), (__file__, r"^a\ufffdecart\ufffd\.x$")):
        path = os.path.join(folder, "a\u202eecart\x1b.x")
        shutil.copy(content, path)
        with Window(path) as w:
            w.wait(told)
            assert w.find("[\u202e\x1b]") is None, w.find("[\u202e\x1b]").name
w.ok("a file's name is shown without what turns its letters around")

with Window(EMPTY) as w:
    w.wait("^Nothing Was Recorded$")
    assert w.find("^Timeline$") is None
    w.ok("a trace without events says so")
