#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is pinned stays in sight while the other lanes scroll below it."""
import re

from atspi import Window
from story import lane, sentence, unfilter

IDS = (27, 36)
ROW = r"^(G \d+ \S+|P \d+|M \d+|.*, (open|closed))$"


def rows(w):
    """Names of the lanes on screen and their y, from the top."""
    found = [(w.area(n)[1], n.name) for n in w.all(ROW, "list item")]
    return sorted(found)


with Window() as w:
    w.wait(r"goroutines, closed")
    for number in IDS:
        lane(w, number)
        w.keys("i")
        w.wait(rf"^G {number} pinned to the top$")
    unfilter(w)
    w.wait_for("both at the top",
               lambda: [n.split()[0:2] for _, n in rows(w)[:3]][1:] == [["G", str(i)] for i in IDS])
    top = rows(w)[:3]
    assert top[0][1] == "Pinned, open", top

    # Down to the last lane: the pinned ones have not moved, and nothing lies over them.
    w.keys(*["Page_Down"] * 4)
    w.wait_focus("^System goroutines, ")
    w.at_rest(r"^System goroutines, ", "list item")
    assert w.find(r"^Runtime, open$", "list item") is None
    assert rows(w)[:3] == top, rows(w)[:4]
    below = top[2][0] + w.area(w.find(rf"^G {IDS[1]} ", "list item"))[3]
    assert rows(w)[3][0] >= below, (rows(w)[:5], below)
    w.ok("pinned lanes stay at the top while the others scroll")

    # They are where they look: by the pointer ...
    w.click(rf"^G {IDS[0]} ", "list item", dx=60)
    w.wait_focus(rf"^G {IDS[0]} ")
    w.wait(rf"^G {IDS[0]}  ", "label")
    assert rows(w)[:3] == top, rows(w)[:4]
    w.click(rf"^G {IDS[1]} ", "list item", dx=500)
    w.wait(r"^Stopped at$|^Why it was late$|^(running|in a system call)\b.* for ")
    w.wait_focus(rf"^G {IDS[1]} .*, .* at ")
    said = sentence(w)
    # ... and by keys: along the pinned lane, and from the last of them to what is below.
    w.keys("n")
    w.wait_for("the next span", lambda: sentence(w) not in (None, said))
    assert rows(w)[:3] == top, rows(w)[:4]
    w.keys("Down")
    w.wait_focus(r"^Runtime, open$")
    w.wait(r"^Runtime, open$", "list item")
    w.keys("Up")
    w.wait_focus(rf"^G {IDS[1]} ")
    w.ok("pinned lanes are picked, by pointer and keys")

    # Another order or filter builds the rows anew: the focus stays.
    w.keys("ctrl+f")
    w.type("state:syscall")
    w.wait(r"^Filter: [\d,]+ of [\d,]+ goroutines, [\d,]+ spans$")
    assert [n for _, n in rows(w)[:3]] == [n for _, n in top]
    # From match to match; that of a pinned lane is shown where it is pinned.
    w.keys("Return", "F3")
    w.wait_focus(r"system call.* at ")
    w.keys("ctrl+f", "ctrl+a")
    w.type(f"G {IDS[1]} state:syscall")
    w.wait(r"^Filter: [\d,]+ of ")
    w.keys("Return", "F3")
    w.wait_focus(rf"^G {IDS[1]} .*system call.* at ")
    assert rows(w)[0][1] == "Pinned, open"
    w.ok("a filter keeps what is pinned, and its matches are found")

    # Closed, they take no room; opened again they are back.
    unfilter(w)
    w.click(r"^Pinned, open$", "list item", dx=60)
    w.wait(r"^Pinned, closed$", "list item")
    assert not [n for _, n in rows(w)[1:3] if re.match(r"G \d+ ", n)], rows(w)[:4]
    w.keys("Return")
    w.wait(r"^Pinned, open$", "list item")
    w.ok("the pinned section opens and closes")

# Where there is little room, the lanes have it, and the inspector comes for what is picked.
with Window(size=(800, 600)) as w:
    w.wait(r"^P \d+$")
    w.wait_gone(r"^Whole trace: ")
    w.keys("ctrl+g")
    w.wait("^Time, goroutine or function$")
    w.type("36")
    w.wait(r"^G 36, ")
    w.keys("Return")
    w.wait(r"^Longest waits$")
    w.keys("Escape")
    w.wait_gone(r"^Longest waits$")
    w.xdotool("windowsize", "--sync", w.id, "1280", "800")
    w.wait(r"^Whole trace: ")
    w.ok("a narrow window shows the inspector when it is asked for")
