#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A folder as a table: rows, what is broken, the filter, a file opened by a double click."""
import os
import shutil
import tempfile

from atspi import SAMPLE, Window
from story import save_to

data = os.path.dirname(SAMPLE)
folder = tempfile.mkdtemp(prefix="unpark-folder-")
try:
    shutil.copy(SAMPLE, os.path.join(folder, "instance-1.trace"))
    os.mkdir(os.path.join(folder, "deeper"))
    shutil.copy(os.path.join(data, "profiles", "go1.27", "webshop", "cpu.pprof"), os.path.join(folder, "deeper", "cpu.pprof"))
    with open(os.path.join(folder, "broken.trace"), "wb") as f:
        f.write(b"nothing")
    with Window(folder) as w:
        w.wait(r"^3 files$")
        w.wait(r"^instance-1\.trace$")
        w.wait(r"^cpu\.pprof$")
        w.wait(r"^1 file could not be read$")
        w.ok("every file below the folder has a row, and what is broken is named")

        w.keys("ctrl+f")
        w.type("profile")
        w.wait_gone(r"^instance-1\.trace$")
        w.wait(r"^cpu\.pprof$")
        w.keys("ctrl+a")
        w.type("instance")
        w.wait(r"^instance-1\.trace$")
        w.wait_gone(r"^cpu\.pprof$")
        w.ok("the filter narrows the table")

        saved = os.path.join(folder, "saved.parquet")
        w.keys("ctrl+e")
        w.wait(r"^Save the Table")
        save_to(w, saved)
        w.wait(r"^Saved “saved\.parquet”$")
        with open(saved, "rb") as f:
            content = f.read()
        assert content[:4] == content[-4:] == b"PAR1" and b"longest_pause_ns" in content
        w.ok("the table is saved as Parquet")

        w.click(r"^instance-1\.trace$")
        w.keys("Return")
        w.wait(r"^P \d+$")
        w.ok("a row opens its file")
finally:
    shutil.rmtree(folder)
