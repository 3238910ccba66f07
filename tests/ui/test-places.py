#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Places one goes to: bookmarks with notes, and Ctrl+G."""
import os
import subprocess

from atspi import SAMPLE, Window
from story import lane


def stored(sql):
    """What another program reads from the store meanwhile."""
    return subprocess.run([os.environ["UNPARK_CLI"], "query", SAMPLE, sql], check=True,
                          capture_output=True, text=True).stdout


with Window() as w:
    w.wait(r"goroutines, closed")

    # Bookmarks: marked, listed, changed places, removed and taken back.
    lane(w, 1)
    w.keys("m")
    w.wait_focus("^Note for the new bookmark$")
    w.type("here it hangs")
    w.keys("Return")
    w.wait_gone("^Note for the new bookmark$")
    w.keys("m")
    w.wait("^Note for the bookmark at ")
    w.wait_for("the note in the store", lambda: "here it hangs" in stored("SELECT note FROM bookmark"))
    w.press(w.wait("^Remove the bookmark at "))
    w.wait_gone("^Note for the bookmark at ")
    w.keys("Escape")
    w.press(w.wait("Undo$", "push button"))
    w.keys("m")
    w.wait("^Note for the bookmark at ")
    w.press(w.wait("^Go to the bookmark at "))
    w.wait_gone("^Note for the new bookmark$")
    w.ok("bookmarks with notes")

    # Go to a goroutine by its number, a function by a part of its name.
    w.keys("ctrl+g")
    w.wait("^Time, goroutine or function$")
    w.type("36")
    w.wait(r"^G 36, net/http\.\(\*conn\)\.serve$")
    w.keys("Return")
    w.wait(r"^G 36  ")
    w.wait("^Longest waits$")
    w.keys("ctrl+g")
    w.wait("^Time, goroutine or function$")
    w.type("servedata")
    w.wait(r"^main\.serveDatabase\.func1, \d+ goroutines$")
    w.keys("Return")
    w.wait(r"goroutines started in this function")
    w.ok("Ctrl+G goes to what one types")
