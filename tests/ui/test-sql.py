#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A query written by hand, one that is wrong, and a question of the list."""
from atspi import Window

with Window() as w:
    w.wait(r"^P \d+$")
    w.keys("ctrl+7")
    w.click(r"^SQL query$", dy=20)
    w.type("select count(*) as n from goroutine")
    w.keys("ctrl+Return")
    w.wait(r"^1 row in ")
    w.wait(r"^796$")
    w.ok("a query runs by keys")

    w.keys("ctrl+a")
    w.type("delete from span")
    w.keys("ctrl+Return")
    w.wait(r"^The Query Cannot Be Run$")
    w.wait(r"^Queries can only read")
    w.ok("what would write is refused")

    w.press(w.wait(r"^Longest waits and their wakers$", "push button"))
    w.wait(r"^100 rows in ")
    x, y, width, height = w.area(w.wait(r"^Rows of the query$"))
    w.xdotool("mousemove", "--window", w.id, str(x + 30), str(y + 40), "click", "--repeat", "2", "1")
    w.wait(r"^(waiting|sleeping|blocked).* for ")
    w.ok("a row leads to the timeline")
