#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Queries written by hand, with completion and history, one that is wrong, one that is stopped, and
their results as a table and as a chart; also where there is little room."""
import os
import tempfile

from atspi import Window
from story import save_to

STATES = "select state, sum(duration_ns) as total_ns from span group by state order by 2 desc"
# Counts for longer than anybody waits.
ENDLESS = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"


def editor(w):
    return w.wait(r"^SQL query$")


def write(w, sql):
    w.click(r"^SQL query$", dy=20)
    w.keys("ctrl+a", "Delete")
    first, *more = sql.split("\n")
    w.type(first)
    for line in more:
        w.keys("Escape", "Return")
        w.type(line)
    w.keys("Escape")
    w.wait_for(f"the text {sql!r}", lambda: text(w) == sql)


def text(w):
    return editor(w).text()


def inside(w, *names):
    """What has these names lies within the window."""
    for name in names:
        x, y, width, height = w.area(w.wait(name))
        assert 0 <= x and x + width <= w.size[0], (name, x, width)
        assert 0 <= y and y + height <= w.size[1], (name, y, height)


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
        save_to(w, saved)
        w.wait(r"^Saved “rows\.parquet”$")
        with open(saved, "rb") as f:
            content = f.read()
        assert content[:4] == content[-4:] == b"PAR1", content
    w.ok("rows are saved as Parquet")
    w.click(r"^SQL query$", dy=20)

    w.keys("ctrl+a", "Delete")
    w.type("select dur")
    w.keys("ctrl+space")
    w.wait(r"^duration_ns$", "label")
    w.keys("Tab")
    w.wait_for("the column", lambda: text(w) == "select duration_ns")
    w.type(" from sched")
    w.wait(r"^sched_latency$", "label")
    w.keys("Tab")
    w.wait_for("the table", lambda: text(w) == "select duration_ns from sched_latency")
    w.keys("ctrl+Return")
    w.wait(r" rows in ")
    w.ok("tables and columns are completed")

    write(w, "select goroutine,\n  missing from span")
    w.keys("ctrl+Return")
    w.wait(r"^The Query Cannot Be Run$")
    w.wait(r"^no such column: missing")
    at = text(w).index("missing")
    w.wait_for("the cursor at the error",
               lambda: editor(w).ask("Text", "GetAttributes", "(i)", at)[1:] == (at, at + 7))
    attributes, start, end = editor(w).ask("Text", "GetAttributes", "(i)", at)
    assert attributes.get("underline") == "error", attributes
    w.ok("an error is marked where it is")
    w.type("x")
    w.wait_for("no mark", lambda: editor(w).ask("Text", "GetAttributes", "(i)", at)[0]
               .get("underline") != "error")
    w.ok("the mark goes away with a change")

    write(w, "delete from span")
    w.keys("ctrl+Return")
    w.wait(r"^The Query Cannot Be Run$")
    w.wait(r"^Queries can only read")
    w.ok("what would write is refused")

    for how in ("key", "button"):
        write(w, ENDLESS)
        w.keys("ctrl+Return")
        w.wait(r"^running for \d+ ms|^running for .* s$")
        if how == "key":
            w.keys("Escape")
        else:
            # The import has one of that name, too.
            w.press(w.all(r"^Stop$", "push button")[-1])
        w.wait_gone(r"^running for ")
        w.wait(r"^Stopped$")
        w.wait(r"^Run$", "push button")
    w.ok("a query tells how long it runs, and is stopped by a key and a button")

    write(w, STATES)
    w.keys("ctrl+Return")
    w.wait(r"^4 rows in ")
    w.wait(r"^\d+(\.\d+)? (s|min|h)$")
    w.press(w.wait_button(r"^Readable Times$"))
    w.wait(r"^\d{9,}$")
    w.press(w.wait_button(r"^Readable Times$"))
    w.wait_gone(r"^\d{9,}$")
    w.ok("times are readable, or nanoseconds")

    w.press(w.wait_button(r"^Chart$"))
    chart = w.wait(r"^Bars of total_ns by state: waiting .* (s|min|h), ")
    assert "running" in chart.name and "syscall" in chart.name, chart.name
    x, y, width, height = w.area(chart)
    w.xdotool("mousemove", "--window", w.id, str(x + width // 2), str(y + 45))
    w.wait(r"^waiting: .* (s|min|h)$")
    w.ok("two columns make a chart that tells what is pointed at")
    w.press(w.wait_button(r"^Chart$"))

    w.click(r"^SQL query$", dy=20)
    w.keys("ctrl+Up")
    w.wait_for("the query before", lambda: text(w) == ENDLESS)
    w.keys("ctrl+Up")
    w.wait_for("the one before", lambda: text(w) == "delete from span")
    w.keys("ctrl+Down", "ctrl+Down")
    w.wait_for("what was there", lambda: text(w) == STATES)
    w.ok("Ctrl+Up and Ctrl+Down walk through earlier queries")

    w.press(w.wait(r"^Longest waits and their wakers$", "push button"))
    w.wait(r"^100 rows in ")
    x, y, width, height = w.area(w.wait(r"^Rows of the query$"))
    w.xdotool("mousemove", "--window", w.id, str(x + 30), str(y + 40), "click", "--repeat", "2", "1")
    w.wait(r"^(waiting|sleeping|blocked).* for ")
    w.ok("a row leads to the timeline")

with Window(size=(800, 600)) as w:
    w.wait(r"^P \d+$")
    w.keys("ctrl+7")
    write(w, "select 1 as one")
    w.keys("ctrl+Return")
    w.wait(r"^1 row in ")
    w.press(w.wait_button(r"^History$"))
    w.wait(r"^select 1 as one$", "list item")
    w.wait(r"^select count\(\*\) as n from goroutine$", "list item")
    w.ok("the history is kept over sessions")

    inside(w, r"^SQL query$", r"^Run$", r"^Save all rows as CSV$", r"^Rows of the query$")
    w.press(w.wait_button(r"^Tables$"))
    w.press(w.wait(r"^Time by state and reason$", "push button"))
    w.wait(r"^\d+ rows in ")
    inside(w, r"^Rows of the query$", r"^Copy all rows$")
    w.ok("where there is little room, examples and tables fold away, and nothing is pushed out")

with Window(os.path.join(os.environ["UNPARK_TEST_DATA"], "spans", "shop.otlp.json")) as w:
    w.click(r"^SQL$", "page tab")
    w.press(w.wait(r"^Hops between services that lose the context$", "push button"))
    w.wait(r"^3 rows in ")
    w.wait(r"^GET /reserve$")
    w.press(w.wait(r"^Slowest requests$", "push button"))
    w.wait(r"^5 rows in ")
    w.ok("a file with spans alone can be queried")
