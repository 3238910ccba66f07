#!/usr/bin/env python3
"""Opens a trace in the real window and finds things by the names a screen reader would say.

Usage: tests/run-headless.sh tests/ui/test-window.py PROGRAM TRACE
Needs pyatspi and xdotool; exits with 77 (skipped) where they are missing.
"""
import re
import shutil
import subprocess
import sys
import time

try:
    import pyatspi
except ImportError:
    sys.exit(77)
if not shutil.which("xdotool"):
    sys.exit(77)

TIMEOUT = 20
SPAN = r"^G 1 \S+, (running|runnable|waiting|in a system call).* at "


def walk(node, depth=0):
    if node is None or depth > 40:
        return
    yield node
    try:
        children = [node.getChildAtIndex(i) for i in range(node.childCount)]
    except Exception:  # the node went away while we looked
        return
    for child in children:
        yield from walk(child, depth + 1)


def application():
    desktop = pyatspi.Registry.getDesktop(0)
    for i in range(desktop.childCount):
        app = desktop.getChildAtIndex(i)
        if app is not None and app.name == "unpark":
            return app
    return None


def wait_for(what, find):
    end = time.monotonic() + TIMEOUT
    while time.monotonic() < end:
        found = find()
        if found is not None:
            return found
        time.sleep(0.2)
    names = sorted({n.name for n in walk(application()) if n.name})
    sys.exit(f"not found: {what}\nthere is: " + "\n  ".join(names))


def named(pattern):
    for node in walk(application()):
        if node.name and re.search(pattern, node.name):
            return node
    return None


def focused(pattern):
    for node in walk(application()):
        if (node.name and re.search(pattern, node.name)
                and node.getState().contains(pyatspi.STATE_FOCUSED)):
            return node
    return None


def keys(*names):
    for name in names:
        subprocess.run(["xdotool", "key", name], check=True)
        time.sleep(0.25)


def main():
    program = subprocess.Popen([sys.argv[1], sys.argv[2]])
    try:
        wait_for("the program", application)
        wait_for("a group or lane of goroutines", lambda: named(r"^G \d+ |goroutines, closed"))
        wait_for("the processors", lambda: named(r"^P \d+$"))
        wait_for("sums by state", lambda: named(r"goroutines  \|  running .*waiting"))
        window = subprocess.run(["xdotool", "search", "--sync", "--onlyvisible", "--class", "unpark"],
                                check=True, capture_output=True, text=True).stdout.split()[-1]
        subprocess.run(["xdotool", "windowfocus", window], check=True)

        # Narrow to one goroutine by its number, walk down to its lane, step to its first span.
        keys("ctrl+f")
        subprocess.run(["xdotool", "type", "G 1"], check=True)
        wait_for("the lane of G 1", lambda: named(r"^G 1 "))
        wait_for("the remark of the filter", lambda: named(r"^Filter: 1 of "))
        print("ok: lanes, sums and the filter are named")

        keys("Return")
        wait_for("the lane with the focus", lambda: focused(r"^G 1 "))
        keys("n")
        wait_for("a span of G 1 with the focus", lambda: focused(SPAN))
        first = focused(SPAN).name
        keys("n")
        wait_for("the next span", lambda: focused(SPAN) if focused(SPAN).name != first else None)
        keys("p")
        wait_for("the span before it", lambda: focused("^" + re.escape(first) + "$"))
        wait_for("what the inspector says of it", lambda: named(r"(running|waiting|runnable) for "))
        print("ok: spans are named and reached by keys")
        return 0
    finally:
        program.terminate()
        program.wait(10)


sys.exit(main())
