#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A query written by hand, one that is wrong, and a question of the list."""
import os
import tempfile

from atspi import Window
from story import text_of

with Window() as w:
    w.wait(r"^P \d+$")
    w.keys("ctrl+7")
    w.click(r"^SQL query$", dy=20)
    w.type("select count(*) as n from goroutine")
    w.keys("ctrl+Return")
    w.wait(r"^1 row in ")
    w.wait(r"^796$")
    w.ok("a query runs by keys")

    with tempfile.TemporaryDirectory() as folder:
        saved = os.path.join(folder, "rows.parquet")
        w.keys("ctrl+e")
        w.wait(r"^Save the Rows")
        name = w.wait_focus(r"^Name:$")  # of the file chooser
        w.keys("ctrl+a")
        w.type(saved)
        w.wait_for("the whole name", lambda: text_of(name) == saved)
        w.keys("Return")
        w.wait(r"^Saved “rows\.parquet”$")
        with open(saved, "rb") as f:
            content = f.read()
        assert content[:4] == content[-4:] == b"PAR1", content
    w.ok("rows are saved as Parquet")
    w.click(r"^SQL query$", dy=20)

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
