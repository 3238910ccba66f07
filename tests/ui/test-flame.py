#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Flame graphs in the real window: by keys, by clicks, by the names of frames."""
import json
import os
import re
import xml.dom.minidom

from atspi import SAMPLE, Window
from story import ruler, save_to

PROFILE = os.path.join(os.path.dirname(SAMPLE), "profiles", "go1.27", "webshop", "cpu.pprof")

IN_ORDER = os.path.join(os.environ["HOME"], "order.speedscope.json")
with open(IN_ORDER, "w", encoding="utf-8") as file:
    json.dump({"$schema": "https://www.speedscope.app/file-format-schema.json",
               "shared": {"frames": [{"name": f"main.{name}"} for name in "abc"]},
               "profiles": [{"type": "sampled", "name": "in order", "unit": "milliseconds",
                             "startValue": 0, "endValue": 10,
                             "samples": [[0, 1], [0, 2], [0, 1]], "weights": [3, 4, 3]}]}, file)

SERVE = r"^net/http\.\(\*conn\)\.serve, .*% of all"


def choose(w, letter):
    """From the context menu of a frame, by the underlined letter."""
    w.click(SERVE, "list item", button="3")
    w.wait_menu()
    w.keys(letter)


def share(text):
    assert "% of all" in text, text
    return float(re.search(r"([\d.]+) % of all", text).group(1))


with Window() as w:
    w.press(w.wait(r"^Flame Graph$"))
    w.wait(r"^all, .* 100 % of all")
    w.wait(r"^Measure$")
    w.wait(r"whole trace")
    w.wait(r"^Functions$")
    w.press(w.find(r"^Table of functions$"))  # its hundreds of cells make looking slow
    w.wait_gone(r"^Functions$")
    w.ok("the graph of a trace is there, with its table")

    # Into a frame and out again, by pointer and by keys.
    before = share(w.at_rest(SERVE, "list item").name)
    assert 0 < before < 100, before
    w.click(SERVE, "list item")
    w.wait(r"^Zoom to net/http\.\(\*conn\)\.serve$")
    w.wait_focus(r"^net/http\.\(\*conn\)\.serve, .*% of all")
    w.keys("Down")
    w.wait_focus(r"% of all, .*of the frame around it")
    w.keys("BackSpace", "Up", "Up", "Up")
    w.wait_gone(r"^Zoom to net/http\.\(\*conn\)\.serve$")
    w.wait_focus(r"^all, ")
    w.keys("Down")
    first = w.wait_focus(r"% of all").name
    w.keys("Right")
    second = w.wait_focus(r"% of all").name
    assert first != second, first
    w.keys("Return")
    w.wait(r"^Zoom to " + re.escape(second.split(",")[0]) + "$")
    w.keys("Escape")
    w.ok("zoom and walk by click and keys")

    # Search marks, counts, and leads from match to match.
    w.keys("slash")
    w.type("poll")
    w.wait(r"frames? found, .*%")
    w.keys("Return")
    w.wait(r"^internal/poll\..*% of all")
    w.keys("Escape")
    w.wait_gone(r"frames? found")
    w.ok("search")

    # The menu: a sandwich, then a filter; each is a chip that can be taken off.
    w.wait_focus(r"% of all")
    choose(w, "c")
    chip = w.wait(r"^Remove: Callers and callees of net/http")
    w.wait(r"^Back to all stacks$")
    w.wait(r"^Zoom to net/http\.\(\*conn\)\.serve$")
    own = w.at_rest(SERVE, "list item")
    assert share(own.name) == 100, own.name
    w.wait_for("one frame of its own", lambda: len(w.all(SERVE, "list item")) == 1)
    w.press(w.find(r"^Table of functions$"))
    w.wait(r"^Functions$")
    w.wait(r"^net/http\.\(\*conn\)\.serve$", "label")
    assert not w.find(r"^os/signal\.loop$", "label")
    w.press(w.find(r"^Table of functions$"))
    w.wait_gone(r"^Functions$")
    w.press(chip)
    w.wait_gone(r"^Remove: Callers and callees of")
    w.ok("callers and callees: the frame stands once, the path and the table are its")

    # From the bar, and back by the path.
    w.press(w.find(r"^Sandwich$"))
    w.press(w.wait(r"^Back to all stacks$"))
    w.wait_gone(r"^Remove: Callers and callees of")
    w.ok("into a sandwich and out of it")

# A window of its own: without a window manager a second menu may close at once.
with Window() as w:
    w.press(w.wait(r"^Flame Graph$"))
    w.wait_gone(r"^Functions$")  # as it was left
    choose(w, "n")
    w.wait(r"^Remove: No stacks with .*conn.*serve")
    w.wait_gone(r"^net/http\.\(\*conn\)\.serve, .*% of all", "list item")
    w.press(w.find(r"^Remove: No stacks with "))
    w.wait(r"^net/http\.\(\*conn\)\.serve, .*% of all")
    w.ok("filters")

    # Selected time: the graph follows.
    whole = w.wait(r"^all, .* 100 % of all").name
    w.wait(r"^Whole time$", "label")
    w.press(w.find(r"^Timeline$"))
    w.wait_focus(r"^Runtime, open$")
    w.drag(600, 700, ruler(w))
    w.press(w.find(r"^Flame Graph$"))
    w.wait(r" from \d.*s$")
    w.wait(r"^Selected time$", "label")
    w.wait_for("another total", lambda: (n := w.find(r"^all, .* 100 % of all")) and
               n.name != whole)
    w.ok("the selection on the timeline changes the graph")

# What has an order in time is shown in it: what comes again is drawn again.
with Window(IN_ORDER) as w:
    w.wait(r"^main\.b, ", "list item")
    assert len(w.all(r"^main\.b, ", "list item")) == 1
    w.press(w.find(r"^Time Order$"))
    w.wait_for("both of them", lambda: len(w.all(r"^main\.b, ", "list item")) == 2)
    w.press(w.find(r"^Call Tree$"))
    w.wait_for("one again", lambda: len(w.all(r"^main\.b, ", "list item")) == 1)
    w.wait(r"^your code$", "label")
    assert not w.find(r"^standard library$", "label")
    w.ok("time order, and the legend of what is drawn")

with Window(PROFILE) as w:
    # A profile shows it first.
    w.wait(r"^all, .* 100 % of all")
    target = os.path.join(os.environ["HOME"], "picture.svg")
    w.keys("ctrl+e")
    w.wait(r"^Export the Flame Graph$")
    w.wait(r"^Preview$")
    w.keys("alt+s")
    save_to(w, target)
    w.wait_for("the file", lambda: os.path.exists(target) and os.path.getsize(target) > 0)
    w.wait(r"^Saved ")
    document = xml.dom.minidom.parse(target)
    assert document.documentElement.tagName == "svg"
    assert len(document.getElementsByTagName("script")) == 1
    w.ok("export to SVG")
