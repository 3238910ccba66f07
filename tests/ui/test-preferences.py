#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Preferences: each has effect at once, and is remembered."""
import os
import re

from atspi import SAMPLE, SETTINGS, Window

INI = os.path.join(SETTINGS.name, "unpark", "settings.ini")
DEFAULT = os.path.join(os.environ["XDG_CACHE_HOME"], "unpark", "stores")
PROFILE = os.path.join(os.path.dirname(SAMPLE), "profiles/go1.27/webshop/cpu.pprof")
CACHE = os.path.join(SETTINGS.name, "elsewhere", "unpark-stores")


def stores(folder):
    return [f for f in os.listdir(folder) if f.endswith(".unpark")]


def remembered(key, value):
    """Whether the settings have that line; they are written a moment after the last change."""
    return os.path.exists(INI) and re.search(f"^{key}={value}$", open(INI, encoding="utf-8").read(), re.M)


def click(w, text):
    """On what shows the text in the dialog."""
    x, y, width, height = w.area(w.wait(text))
    w.xdotool("mousemove", "--window", w.asked("getwindowfocus")[-1], str(x + width // 2),
              str(y + height // 2), "click", "1")
    w.settle()


def choose(w, row, downs):
    """The item of a drop-down so many below the one that is chosen."""
    click(w, row)
    w.keys(*["Down"] * downs, "Return")


with Window(PROFILE) as w:
    w.wait("^Flame Graph$")
    w.wait_for("its store", lambda: os.path.isdir(DEFAULT) and stores(DEFAULT))

with Window() as w:
    w.wait(r"\(\*Server\)\.Serve$", "label")
    w.wait(r"^12\.3 s  ·  98 %$", "label")
    w.keys("ctrl+comma")
    w.wait_dialog()
    w.wait(r"^1,234,567  ·  12.3 ms  ·  83.25 s  ·  14:03:27.120000\n", "label")
    choose(w, "^Numbers$", 2)
    w.wait(r"^1\.234\.567  ·  12,3 ms  ·  83,25 s  ·  14:03:27,120000\n", "label")
    choose(w, "^Times$", 1)
    w.wait(r"^1\.234\.567  ·  12,3 ms  ·  1:23,25  ·  ", "label")
    choose(w, "^Functions$", 2)
    w.wait(r"\n\(\*Server\)\.handle$", "label")
    w.ok("texts are written as they are preferred")
    w.keys("Escape")
    w.wait_gone("^Time of Day$")
    w.wait(r"^12,3 s  ·  98 %$", "label")
    w.wait(r"^(G 24  )?\(\*Server\)\.Serve$", "label")
    w.wait_gone(r"http\.\(\*Server\)\.Serve$", "label")
    w.ok("what is on screen is written so at once")
    w.wait_for("the settings", lambda: remembered("numbers", 2) and remembered("times", 1)
               and remembered("names", 2))
    w.keys("ctrl+comma")
    w.wait_dialog()
    click(w, "^Files$")
    w.wait(r"^\d[\d,]* [KM]iB$", "label")
    assert len(stores(DEFAULT)) == 2, os.listdir(DEFAULT)
    w.press(w.wait_button("^Empty$"))
    w.wait_for("the store that is open, alone", lambda: len(stores(DEFAULT)) == 1)
    w.ok("the cache can be emptied of what is not open")

with open(INI, "a", encoding="utf-8") as settings:
    settings.write(f"\n[cache]\nfolder={CACHE}\n")

with Window() as w:
    w.wait(r"^12,3 s  ·  98 %$", "label")
    assert len(stores(CACHE)) == 1, os.listdir(CACHE)
    w.ok("the folder of the cache is used")
    w.keys("ctrl+comma")
    w.wait_dialog()
    click(w, "^Files$")
    w.wait("^" + re.escape(CACHE) + "$", "label")
    w.press(w.wait_button("^Reset$"))
    w.wait(r"/unpark/stores$", "label")
    w.wait_for("the settings", lambda: remembered("folder", ""))
    w.ok("the default folder comes back")
