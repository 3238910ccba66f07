# SPDX-License-Identifier: GPL-3.0-or-later
"""The real window as a screen reader sees it: helpers of the tests in this folder.

A test is a file test-NAME.py that is called with the program and the sample trace:

    from atspi import Window
    with Window() as w:
        w.wait(r"^G 1 ")
        w.keys("ctrl+f")
        w.type("state:waiting")

Everything is found by accessible names and done by keys or clicks. Whatever does not appear
within Window.TIMEOUT ends the test with a list of what is there. The exit status is 77 (skipped)
where PyGObject or xdotool are missing. Files opened lie in the headless home of run-headless.sh.
"""
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from a11y import BUSY, FOCUSED, Bus, Program, matching

if not shutil.which("xdotool"):
    print("skipped: there is no xdotool")
    sys.exit(77)

# What one test leaves open or hidden is remembered: the next one begins without.
SETTINGS = tempfile.TemporaryDirectory(prefix="unpark-ui-")

PROGRAM = sys.argv[1] if len(sys.argv) > 1 else None
SAMPLE = sys.argv[2] if len(sys.argv) > 2 else None


class Window:
    """The program with files open. Leaving the block ends it; that it had not ended before, and
    had nothing to complain about, is part of the test."""

    TIMEOUT = float(os.environ.get("UNPARK_UI_TIMEOUT", "30"))

    def __init__(self, *files, size=(1280, 800), **environment):
        self.files = files or (SAMPLE,)
        self.size = size
        # The suites run without assistive technology; here it is what one tests with.
        self.environment = {k: v for k, v in os.environ.items()
                            if k not in ("GTK_A11Y", "NO_AT_BRIDGE")}
        self.environment["XDG_CONFIG_HOME"] = SETTINGS.name
        if SAMPLE:
            self.environment["UNPARK_SAMPLE"] = os.path.abspath(SAMPLE)
        self.environment.update(environment)
        self.process = None
        self.program = None
        self.id = None
        self.had_focus = []

    def __enter__(self):
        self.process = subprocess.Popen([PROGRAM, *self.files], env=self.environment,
                                        stderr=subprocess.PIPE, text=True, errors="replace")
        try:
            bus = Bus()
            self.program = Program(bus, self.wait_for("the program",
                                                      lambda: bus.application("unpark")))
            self.id = self.wait_for("the window", self.largest)
            width, height = map(str, self.size)
            self.xdotool("windowmove", self.id, "0", "0")
            self.xdotool("windowsize", "--sync", self.id, width, height)
            self.wait_for("the focus on the window", self.takes_focus)
        except BaseException:
            self.process.kill()
            raise
        return self

    def __exit__(self, kind, value, trace):
        early = self.process.poll()
        if early is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            _, errors = self.process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            sys.exit("the program did not end")
        sys.stderr.write(errors)
        if kind is None and early is not None:
            sys.exit(f"the program ended by itself, status {early}")
        if kind is None and re.search(r"CRITICAL|Sanitizer|runtime error:", errors):
            sys.exit("the program complained: see above")
        return False

    def keep_focus(self):
        """What a window manager does when the window that has the keys goes away: the one that had
        them before gets them again, unless another one is just coming, as one dialog after another."""
        end = time.monotonic() + 0.5
        while self.id:
            now = self.asked("getwindowfocus")
            if now == self.had_focus[-1:]:
                return
            if now and not self.is_root(now[0]):
                self.had_focus.append(now[0])
                return
            if time.monotonic() > end:
                break
            time.sleep(0.05)
        else:
            return
        shown = self.asked("search", "--onlyvisible", "--class", "unpark")
        self.had_focus = [window for window in self.had_focus or [self.id] if window in shown]
        if self.had_focus:
            self.asked("windowfocus", self.had_focus[-1])

    def is_root(self, window):
        """Whether it is the background, which has the keys when no window has them."""
        size = self.asked("getdisplaygeometry")
        geometry = self.asked("getwindowgeometry", "--shell", window)
        return [f"WIDTH={size[0]}", f"HEIGHT={size[1]}"] == geometry[3:5]

    @staticmethod
    def asked(*arguments):
        """The lines that xdotool prints, or none where it fails."""
        return subprocess.run(["xdotool", *arguments], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True, timeout=30).stdout.split()

    def largest(self):
        """The program's window among those that it shows; others come and go while it starts."""
        areas = {window: self.area_of(window)
                 for window in self.asked("search", "--onlyvisible", "--class", "unpark")}
        return max(areas, key=areas.get) if any(areas.values()) else None

    def area_of(self, window):
        """Its pixels; 0: it has gone."""
        geometry = dict(line.split("=") for line in
                        self.asked("getwindowgeometry", "--shell", window))
        return int(geometry["WIDTH"]) * int(geometry["HEIGHT"]) if geometry else 0

    def takes_focus(self):
        """A window that is not on the screen yet refuses it."""
        self.asked("windowfocus", self.id)
        return self.asked("getwindowfocus") == [self.id]

    # ---- finding -----------------------------------------------------------------------

    def nodes(self):
        """Everything that is to be seen now, in the order of the tree."""
        return self.program.tree().below() if self.program else ()

    def all(self, pattern, role=None):
        """Every node whose name matches, and whose role is `role` ("push button", "label")."""
        return list(matching(self.nodes(), pattern, role))

    def find(self, pattern, role=None):
        return next(matching(self.nodes(), pattern, role), None)

    def focused(self, pattern=""):
        return next(matching((n for n in self.nodes() if n.has(FOCUSED)), pattern), None)

    def names(self):
        return sorted({n.name for n in self.nodes() if n.name})

    def wait_for(self, what, find):
        """What find() gives as soon as it is not None or False."""
        end = time.monotonic() + self.TIMEOUT
        while time.monotonic() < end:
            self.keep_focus()
            found = find()
            if found is not None and found is not False:
                return found
            if self.process.poll() is not None:
                sys.stderr.write(self.process.stderr.read())
                sys.exit(f"the program ended (status {self.process.returncode}) while waiting for {what}")
            time.sleep(0.05)
        sys.exit("there is:\n  " + "\n  ".join(self.names()) + f"\nnot found: {what}")

    def wait(self, pattern, role=None):
        return self.wait_for(pattern, lambda: self.find(pattern, role))

    def wait_button(self, text):
        """The innermost button that shows the text: the button of a menu has a name only in newer
        versions of GTK, and where its text lies is not told there."""
        def look():
            found = [n for n in self.nodes() if n.role in ("push button", "toggle button")
                     and any(matching(n.below(), text, "label"))]
            return found[-1] if found else None
        return self.wait_for(f"a button that shows {text}", look)

    def wait_gone(self, pattern, role=None):
        return self.wait_for(f"no {pattern}", lambda: self.find(pattern, role) is None)

    def wait_focus(self, pattern):
        return self.wait_for(f"focus on {pattern}", lambda: self.focused(pattern))

    def wait_menu(self):
        """Until a menu has the keys."""
        return self.wait_for("a menu that has the keys", lambda: any(
            n.has(FOCUSED) and n.role == "menu item" for n in self.nodes()))

    def wait_dialog(self):
        """Until a window above this one has the keys."""
        def has_keys():
            window = self.asked("getwindowfocus")
            return window and window != [self.id] and self.focused() is not None
        return self.wait_for("a dialog that has the keys", has_keys)

    # ---- doing -------------------------------------------------------------------------

    @staticmethod
    def xdotool(*arguments):
        subprocess.run(["xdotool", *arguments], check=True, timeout=30)

    def settle(self):
        """Until the program has handled what it was sent, and had a frame to show it."""
        self.program.answers()
        time.sleep(0.02)
        self.program.answers()

    def keys(self, *names):
        for name in names:
            self.keep_focus()
            self.xdotool("key", name)
            self.settle()

    def type(self, text, delay=15):
        self.keep_focus()
        self.xdotool("type", "--delay", str(delay), text)
        self.settle()

    @staticmethod
    def area(node):
        """x, y, width, height in the window."""
        return node.extents()

    def press(self, node):
        """What a click on a button, row or switch does."""
        node.act()
        self.settle()

    def at_rest(self, pattern, role=None):
        """The node of that name once what is told of lanes and frames is what is painted: before,
        it may lie where something else is by now."""
        def look():
            nodes = list(self.nodes())
            return (not any(n.has(BUSY) and n.role == "list" for n in nodes)
                    and next(matching(nodes, pattern, role), None))
        return self.wait_for(f"{pattern}, and nothing under way", look)

    def click(self, pattern, role=None, button="1", dx=None, dy=None):
        """In the middle of what has that name, or so far from its left and its top."""
        x, y, width, height = self.area(self.at_rest(pattern, role))
        x += width // 2 if dx is None else dx
        y += height // 2 if dy is None else dy
        self.xdotool("mousemove", "--window", self.id, str(x), str(y), "click", button)
        self.settle()

    def drag(self, from_x, to_x, y):
        """From left to right, with the first button."""
        for command in (("mousemove", "--window", self.id, str(from_x), str(y)), ("mousedown", "1"),
                        ("mousemove", "--window", self.id, str(from_x + 40), str(y)),
                        ("mousemove", "--window", self.id, str(to_x), str(y)), ("mouseup", "1")):
            self.xdotool(*command)
            self.settle()

    @staticmethod
    def ok(text):
        print("ok:", text, flush=True)
