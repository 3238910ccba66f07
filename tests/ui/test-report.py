#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report from the window: what it is to say, in another language, redacted, of what is selected."""
import os
import tempfile

from atspi import Window
from story import save_to


def saved(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def switch(w, pattern):
    """Switches what has that name, by the keys."""
    for _ in range(30):
        if w.focused(pattern):
            w.keys("space")
            return
        w.keys("Tab")
    raise SystemExit(f"Tab does not lead to {pattern}")


def make(w, path):
    w.keys("alt+s")
    save_to(w, path)
    w.wait(rf"^Saved {os.path.basename(path)}$")


with tempfile.TemporaryDirectory() as folder, Window() as w:
    w.wait(r"^P \d+$")

    w.keys("F10")
    w.wait("^Report…$")
    w.wait_menu()
    w.press(w.wait("^Report…$"))
    w.wait("^Redact$")
    w.wait_dialog()
    assert w.find("^Only the Selected Time$") is None
    assert w.find("^Only What Matches the Filter$") is None
    path = os.path.join(folder, "plain.html")
    make(w, path)
    text = saved(path)
    assert text.startswith("<!DOCTYPE html>") and "handleOrder" in text
    assert "<h1>Report on sample.trace</h1>" in text
    w.wait("^Open Report$")
    w.ok("a report is saved, and offered to be opened")

    switch(w, "^Redact$")
    switch(w, "^Flame graphs$")
    path = os.path.join(folder, "redacted.html")
    make(w, path)
    text = saved(path)
    assert "handleOrder" not in text and "webshop" not in text and "sample.trace" not in text
    assert 'id="flame"' not in text and 'id="findings"' in text
    w.ok("a redacted report names nobody, and has the sections that were chosen")
    w.keys("Escape")
    w.wait_gone("^Redact$")

    w.keys("ctrl+f", "ctrl+a")
    w.type("serveDatabase")
    w.wait(r"^Filter: \d+ of ")
    w.keys("ctrl+shift+e")
    w.wait("^Only What Matches the Filter$")
    w.wait_dialog()
    path = os.path.join(folder, "filtered.html")
    make(w, path)
    assert "<code>serveDatabase</code>" in saved(path)
    w.ok("a report of what matches the filter")
