#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""One process for all starts, files that come back, what was copied, and what files are."""
import os
import shutil
import subprocess
import sys
import threading
import time

from atspi import PROGRAM, SAMPLE, SETTINGS, Window
from gi.repository import Gio, GLib

DATA = os.path.dirname(SAMPLE)
ROOT = os.path.dirname(os.path.dirname(DATA))
CPU = os.path.join(DATA, "profiles/go1.27/webshop/cpu.pprof")
MUTEX = os.path.join(DATA, "profiles/go1.27/webshop/mutex.pprof")
NAME, PATH = "io.github.unpark.Unpark", "/io/github/unpark/Unpark"


def call(method, arguments):
    """Of the program that runs, as a file manager does."""
    Gio.bus_get_sync(Gio.BusType.SESSION).call_sync(
        NAME, PATH, "org.freedesktop.Application", method, arguments, None,
        Gio.DBusCallFlags.NONE, 20_000, None)


def click(w, text):
    """On what shows the text in the dialog."""
    x, y, width, height = w.area(w.wait(text, "label"))
    w.xdotool("mousemove", "--window", w.asked("getwindowfocus")[-1], str(x + width // 2),
              str(y + height // 2), "click", "1")
    w.settle()


def windows(w):
    """How many there are; small ones are tooltips."""
    found = w.asked("search", "--onlyvisible", "--class", "unpark")
    return len([window for window in found if w.area_of(window) > 200_000])


with Window(SAMPLE) as w:
    w.wait("^sample.trace – 206 ms$")
    before = windows(w)
    second = subprocess.run([PROGRAM, CPU], env=w.environment, timeout=60)
    assert second.returncode == 0, second.returncode
    w.wait("^cpu.pprof$")
    w.wait("^sample.trace – 206 ms$")
    assert windows(w) == before, "another window"
    w.ok("a second start opens its file in a tab of the first")
    call("Open", GLib.Variant("(asa{sv})", ([GLib.filename_to_uri(os.path.abspath(MUTEX))], {})))
    w.wait("^mutex.pprof$")
    w.ok("a file is opened by way of the bus")

    # Copied from the field of the timeline's filter.
    w.keys("alt+1")
    w.keys("ctrl+f")
    w.type("127.0.0.1:9")
    w.keys("ctrl+a", "ctrl+c", "ctrl+shift+v")
    w.wait("^Connection refused: nothing listens")
    w.keys("Escape")
    w.wait_gone("^Connection refused")
    w.ok("an address that was copied is connected to")
    w.keys("ctrl+f", "ctrl+a")
    w.type("goroutine 1 is here")
    w.keys("ctrl+a", "ctrl+c", "ctrl+shift+v")
    w.wait(r"^pasted-\d{8}-\d{6}\.txt$")
    w.ok("a text that was copied opens in a tab")
    time.sleep(1.2)  # settings are written a moment later

nobody = Window()
nobody.files = ()
with nobody as w:
    w.wait("^sample.trace – 206 ms$")
    w.wait("^cpu.pprof$")
    w.wait("^mutex.pprof$")
    assert w.find("^pasted-") is None, "what could not be opened comes back"
    w.ok("files that were open are opened again")
    w.keys("ctrl+comma")
    w.wait_dialog()
    click(w, "^Files$")
    click(w, "^Reopen Files$")
    time.sleep(1.2)

with open(os.path.join(SETTINGS.name, "unpark", "settings.ini"), encoding="utf-8") as settings:
    text = settings.read()
if "restore=0" not in text:
    sys.exit("the switch is not remembered:\n" + text)

started = threading.Timer(2, call, ("Activate", GLib.Variant("(a{sv})", ({},))))
service = Window()
service.files = ("--gapplication-service",)
started.start()
with service as w:
    w.wait("^Open File…$")
    assert w.find("^sample.trace") is None
    w.ok("the bus starts the program, and nothing is opened again where that is not wanted")

if shutil.which("update-mime-database"):
    home = os.path.join(SETTINGS.name, "data")
    os.makedirs(os.path.join(home, "mime", "packages"))
    shutil.copy(os.path.join(ROOT, "resources", NAME + ".mime.xml"), os.path.join(home, "mime", "packages"))
    subprocess.run(["update-mime-database", os.path.join(home, "mime")], check=True,
                   stderr=subprocess.DEVNULL)
    guess = """
import sys
from gi.repository import Gio
for name in sys.argv[1:]:
    with open(name, 'rb') as file:
        print(Gio.content_type_guess('anything', file.read(4000))[0])
"""
    dump = os.path.join(SETTINGS.name, "dump")
    with open(dump, "w", encoding="utf-8") as file:
        file.write("goroutine 41 [chan receive, 3 minutes]:\nmain.work()\n\t/src/main.go:1 +0x1\n")
    crash = os.path.join(SETTINGS.name, "crash")
    with open(crash, "w", encoding="utf-8") as file:
        file.write("panic: no\n\ngoroutine 1 [running]:\nmain.main()\n\t/src/main.go:1 +0x1\n")
    race = os.path.join(SETTINGS.name, "race")
    with open(race, "w", encoding="utf-8") as file:
        file.write("==================\nWARNING: DATA RACE\nWrite at 0x00c000012345 by goroutine 7:\n")
    log = os.path.join(SETTINGS.name, "log")
    with open(log, "w", encoding="utf-8") as file:
        file.write("goroutine pools are discussed here [1]\n")
    found = subprocess.run([sys.executable, "-c", guess, SAMPLE, dump, crash, race, log],
                           env={**os.environ, "XDG_DATA_HOME": home}, stdout=subprocess.PIPE,
                           text=True, check=True).stdout.split()
    assert found == ["application/x-go-trace", "text/x-go-dump", "text/x-go-dump",
                     "text/x-go-race-report", "text/plain"], found
    Window.ok("files are known by what is in them")
