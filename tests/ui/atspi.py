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
where pyatspi or xdotool are missing. Files opened lie in the headless home of run-headless.sh.
"""
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

try:
    import pyatspi
except ImportError:
    print("skipped: there is no pyatspi for", sys.executable)
    sys.exit(77)
if not shutil.which("xdotool"):
    print("skipped: there is no xdotool")
    sys.exit(77)

# What one test leaves open or hidden is remembered: the next one begins without.
SETTINGS = tempfile.TemporaryDirectory(prefix="unpark-ui-")

PROGRAM = sys.argv[1] if len(sys.argv) > 1 else None
SAMPLE = sys.argv[2] if len(sys.argv) > 2 else None


def walk(node, depth=0):
    """The node and all below it; what is hidden, or goes away meanwhile, is left out."""
    if node is None or depth > 40 or (depth > 0 and not has_state(node, pyatspi.STATE_VISIBLE)):
        return
    yield node
    try:
        children = [node.getChildAtIndex(i) for i in range(node.childCount)]
    except Exception:
        return
    for child in children:
        yield from walk(child, depth + 1)


def has_state(node, state):
    try:
        return node.getState().contains(state)
    except Exception:
        return False


def name_of(node):
    try:
        return node.name or ""
    except Exception:
        return ""


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
        self.environment.update(environment)
        self.process = None
        self.id = None

    def __enter__(self):
        self.process = subprocess.Popen([PROGRAM, *self.files], env=self.environment,
                                        stderr=subprocess.PIPE, text=True, errors="replace")
        try:
            self.wait_for("the program", self.application)
            found = subprocess.run(
                ["xdotool", "search", "--sync", "--onlyvisible", "--class", "unpark"],
                check=True, capture_output=True, text=True, timeout=self.TIMEOUT).stdout.split()
            self.id = found[-1]
            width, height = map(str, self.size)
            self.xdotool("windowmove", self.id, "0", "0")
            self.xdotool("windowsize", "--sync", self.id, width, height)
            self.xdotool("windowfocus", "--sync", self.id)
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

    # ---- finding -----------------------------------------------------------------------

    def application(self):
        desktop = pyatspi.Registry.getDesktop(0)
        for i in range(desktop.childCount):
            app = desktop.getChildAtIndex(i)
            if app is not None and name_of(app) == "unpark":
                return app
        return None

    def all(self, pattern, role=None):
        """Every node whose name matches, and whose role is `role` ("push button", "label")."""
        return [n for n in walk(self.application())
                if re.search(pattern, name_of(n)) and (role is None or n.getRoleName() == role)]

    def find(self, pattern, role=None):
        for node in walk(self.application()):
            if re.search(pattern, name_of(node)) and (role is None or node.getRoleName() == role):
                return node
        return None

    def focused(self, pattern=""):
        for node in walk(self.application()):
            if has_state(node, pyatspi.STATE_FOCUSED) and re.search(pattern, name_of(node)):
                return node
        return None

    def names(self):
        return sorted({name_of(n) for n in walk(self.application()) if name_of(n)})

    def wait_for(self, what, find):
        """What find() gives as soon as it is not None or False."""
        end = time.monotonic() + self.TIMEOUT
        while time.monotonic() < end:
            found = find()
            if found is not None and found is not False:
                return found
            if self.process.poll() is not None:
                sys.stderr.write(self.process.stderr.read())
                sys.exit(f"the program ended (status {self.process.returncode}) while waiting for {what}")
            time.sleep(0.1)
        sys.exit(f"not found: {what}\nthere is:\n  " + "\n  ".join(self.names()))

    def wait(self, pattern, role=None):
        return self.wait_for(pattern, lambda: self.find(pattern, role))

    def wait_gone(self, pattern, role=None):
        return self.wait_for(f"no {pattern}", lambda: self.find(pattern, role) is None)

    def wait_focus(self, pattern):
        return self.wait_for(f"focus on {pattern}", lambda: self.focused(pattern))

    # ---- doing -------------------------------------------------------------------------

    @staticmethod
    def xdotool(*arguments):
        subprocess.run(["xdotool", *arguments], check=True, timeout=30)

    def keys(self, *names):
        for name in names:
            self.xdotool("key", name)
            time.sleep(0.2)

    def type(self, text):
        self.xdotool("type", "--delay", "15", text)

    def area(self, node):
        """x, y, width, height in the window."""
        e = node.queryComponent().getExtents(pyatspi.WINDOW_COORDS)
        return e.x, e.y, e.width, e.height

    def press(self, node):
        """What a click on a button, row or switch does."""
        action = node.queryAction()
        action.doAction(0)
        time.sleep(0.2)

    def click(self, node):
        x, y, width, height = self.area(node)
        self.xdotool("mousemove", str(x + width // 2), str(y + height // 2), "click", "1")

    @staticmethod
    def ok(text):
        print("ok:", text, flush=True)
