#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one expects everywhere: menus of rows, help, export, names of tabs, pages of errors."""
import os
import shutil
import tempfile

from atspi import SAMPLE, Window
from story import pasted, text_of

DATA = os.path.dirname(SAMPLE)
DUMP = os.path.join(DATA, "dumps", "everything.txt")


def row_menu(w, pattern):
    """The menu of the row that has the keys, by Shift+F10."""
    w.wait_focus(pattern)
    w.keys("shift+F10")
    w.wait("^Copy as CSV$")
    w.wait_menu()


with Window() as w:
    w.wait(r"^P \d+$")
    w.keys("ctrl+2")
    w.wait(r"^[\d,]+ goroutines, started in \d+ functions$")

    # By the second button on a row, and by the keys.
    w.click(r"^Start functions of goroutines$", dx=60, dy=60, button="3")
    w.wait("^Filter to This$")
    w.wait_menu()
    w.keys("Escape")
    w.wait_gone("^Filter to This$")
    name = w.focused().name
    row_menu(w, ".")
    w.press(w.wait("^Copy as CSV$"))
    line = pasted(w)
    assert line.startswith(f'"{name}","'), line
    w.ok("a row is copied as CSV from its menu")

    w.keys("ctrl+2")
    w.click(r"^Start functions of goroutines$", dx=60, dy=60, button="3")
    w.wait("^Filter to This$")
    w.wait_menu()
    w.press(w.wait("^Filter to This$"))
    w.wait_for("the filter", lambda: text_of(w.find("^Filter goroutines$")) == f'"{name}"')
    w.wait(r"^1 function|started in 1 function$|^[\d,]+ goroutines?, started in ")
    w.ok("a row filters to itself")

    # An unknown key is named below the field, with what may be meant.
    w.keys("ctrl+f", "ctrl+a")
    w.type("stack:serve")
    w.wait(r"^Filter, character 1: ")
    w.wait("^fn:serve$")
    w.keys("ctrl+a", "BackSpace", "Escape")
    w.ok("what is wrong with a filter stands below it")

    # One help, of the view on screen, which Escape closes.
    w.keys("F1")
    w.wait("^How to Read the Goroutines$")
    w.wait_dialog()
    w.keys("Escape")
    w.wait_gone("^How to Read the Goroutines$")
    w.keys("ctrl+5")
    w.keys("F1")
    w.wait("^How to Read Tasks$")
    w.wait_dialog()
    assert len(w.all("^How to Read ", "frame")) <= 1
    w.keys("Escape")
    w.wait_gone("^How to Read Tasks$")
    w.ok("F1 is about the view on screen, and Escape closes it")

    # Its other pages are about the whole program.
    w.keys("F1")
    w.wait_dialog()
    dialog = w.asked("getwindowfocus")[-1]
    x, y, width, height = w.area(w.wait("^Recording$", "label"))
    w.xdotool("mousemove", "--window", dialog, str(x + width // 2), str(y + height // 2), "click", "1")
    w.wait("^go test -trace test.trace -run TestSlow", "label")
    w.keys("Right", "Right", "space")
    w.wait("^sched_latency$", "label")
    w.wait("^What each processor .P. ran\nproc, start_ns, end_ns, duration_ns, goroutine, thread$", "label")
    w.keys("Escape")
    w.wait_gone("^sched_latency$")
    w.ok("help tells how to record, and every table of SQL")

with tempfile.TemporaryDirectory() as folder:
    copies = [os.path.join(folder, name, "same.txt") for name in ("before", "after")]
    for copy in copies:
        os.makedirs(os.path.dirname(copy))
        shutil.copy(DUMP, copy)
    empty = os.path.join(folder, "nothing.trace")
    open(empty, "w", encoding="ascii").close()

    with Window(*copies) as w:
        w.wait(r"^same\.txt \(before\)$")
        w.wait(r"^same\.txt \(after\)$")
        w.ok("tabs of one name show their folders")
        w.wait(r"^Groups of goroutines$")
        w.keys("ctrl+e")
        w.wait("Save the Goroutines")
        w.ok("a dump can be exported")

    with Window(empty) as w:
        w.wait("^This File Is Empty$")
        with open(empty, "wb") as target, open(DUMP, "rb") as source:
            target.write(source.read())
        w.press(w.wait_button("^Try Again$"))
        w.wait(r"^Groups of goroutines$")
        w.ok("a file that could not be opened says why, and is tried again")

    with Window(os.path.join(folder, "gone.trace")) as w:
        w.wait("^File Not Found$")
        w.wait_button("^Open Another File…$")
        w.wait_button("^Show Folder$")
        w.ok("a file that is gone is named as such")
