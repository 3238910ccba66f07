# SPDX-License-Identifier: GPL-3.0-or-later
"""A window in which nothing happens uses no processor time: whatever turns, blinks or asks again
and again stops when it is done, and when it is not seen."""
import os
import sys
import time

from atspi import Window

TICK = 1 / os.sysconf("SC_CLK_TCK")
SECONDS = 3
MOST = 0.01 * SECONDS


def used(process):
    """Processor time so far, in seconds, of all its threads."""
    with open(f"/proc/{process.pid}/stat", encoding="utf-8") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * TICK


def check(w, what):
    """Soon nothing happens any more: what was asked for is there, memory is given back, and the
    caret of a field, which blinks for ten seconds after the last key, stands still."""
    end = time.monotonic() + 30
    while True:
        before = used(w.process)
        time.sleep(SECONDS)
        seconds = used(w.process) - before
        if seconds < MOST:
            w.ok(f"{what}: {seconds:.2f} s of processor time in {SECONDS} s")
            return
        if time.monotonic() > end:
            sys.exit(f"{what}: {seconds:.2f} s of processor time in {SECONDS} s in which nothing "
                     "happens")


with Window() as w:
    w.wait(r"^P \d+$")
    check(w, "timeline")
    views = {
        2: ("goroutines", r"^[\d,]+ goroutines, started in \d+ functions$"),
        3: ("latency", r"^[\d,]+ times, .* total$"),
        4: ("flame graph", r"^Flame [Gg]raph"),
        5: ("tasks", r"^\d+ tasks · \d+ names$"),
        6: ("findings", r"^\d+ findings$"),
        7: ("SQL", r"^SQL query$"),
    }
    for n, (name, there) in views.items():
        w.keys(f"ctrl+{n}")
        w.wait(there)
        check(w, name)
        if name == "flame graph":
            # Steps of the wheel and jumps into frames are on their way a moment, not for ever.
            frame = r"^net/http\.\(\*conn\)\.serve, .*% of all"
            x, y, width, height = w.area(w.at_rest(frame, "list item"))
            w.xdotool("mousemove", "--window", w.id, str(x + width // 2), str(y + height // 2),
                      "keydown", "ctrl", "click", "--repeat", "6", "4", "keyup", "ctrl")
            w.click(frame, "list item")
            check(w, "flame graph after zooming")

    # What was made by then stays as it is behind the first view.
    w.keys("ctrl+1")
    w.wait(r"^P \d+$")
    check(w, "timeline, the other views behind it")
