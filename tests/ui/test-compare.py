#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Comparing: another file, another time; the answer, the table, curves, flame graphs, timelines."""
import json
import os
import re
import subprocess

from atspi import Window

DATA = os.path.join(os.environ["UNPARK_TEST_DATA"], "compare")
BASE, LOCK = os.path.join(DATA, "base.trace"), os.path.join(DATA, "lock.trace")


def command_line(*arguments):
    out = subprocess.run([os.environ["UNPARK_CLI"], "compare", "-f", "json", *arguments],
                         check=True, capture_output=True, text=True).stdout
    return json.loads(out)


with Window(BASE, LOCK) as w:
    w.wait(r"^P \d+$")
    w.keys("ctrl+d")
    w.wait_dialog()
    w.wait(r"^What was before “lock.trace”\?$")
    w.keys("Return")
    w.wait(r"places? takes? more")
    w.ok("a file in another tab is compared with")

    # The figures are those of the command line.
    told = command_line(BASE, LOCK)
    answer = w.find(r"places? takes? more").name
    more = {r["name"] + r["kind"] for r in told["rows"] if r["verdict"] == "more"}
    assert int(re.match(r"\d+", answer).group()) == len(more), (answer, more)
    facts = w.wait(rf"^Of {len(told['rows']):,} figures".replace(",", "")).name
    assert f" {told['certain']} changed" in facts, facts
    w.wait(r"^base\.trace · .* · \d+ processors? · ")
    w.wait(r"^lock\.trace · .* · \d+ processors? · ")
    w.ok("answer and figures equal those of unpark-cli")

    w.press(w.find(r"^Only Clear Changes$"))
    w.wait(rf"^{told['certain']} of {len(told['rows'])}$")
    w.press(w.find(r"^Only Clear Changes$"))
    w.wait_gone(rf"^{told['certain']} of {len(told['rows'])}$")
    w.ok("only clear changes are shown")

    # The first row has a curve, whose quantiles are reached by keys.
    w.click(r"^Quantile curves of ")
    w.keys("Right")
    w.wait_for("a quantile", lambda: "took at most" in w.find(r"^Quantile curves of ").description)
    w.ok("quantile curves are told")

    w.click(r"^Flame Graphs$")
    w.wait(r"^Difference, as wide as A")
    w.wait(r"^Difference, as wide as B")
    w.ok("both flame graphs are shown")

    w.click(r"^Timelines$")
    w.wait_for("two timelines", lambda: len(w.all(r"^Time scale")) >= 2)
    w.ok("both timelines are shown")

    w.press(w.find(r"^Exchange A and B$"))
    w.wait(r"places? takes? less")
    w.ok("the sides are exchanged")

    # The same file at another time.
    w.keys("ctrl+d")
    w.wait_dialog()
    w.keys("Down", "Return")
    w.wait_for("lock.trace on both sides", lambda: len(w.all(r"^lock\.trace · ")) == 2)
    w.ok("two times of one trace are compared")
