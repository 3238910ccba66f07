#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a running service to a tab: what it offers, a recording, one that is stopped, a password."""
import base64
import glob
import os
import socketserver
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from atspi import SAMPLE, SETTINGS, Window
from story import tab_to

KINDS = ("allocs", "goroutine", "heap", "profile", "trace")
INDEX = "<html><head><title>/debug/pprof/</title></head><table>" + "".join(
    f"<tr><td>3</td><td><a href='{kind}?debug=1'>{kind}</a></td></tr>" for kind in KINDS)
DUMP = "goroutine 1 [chan receive]:\nmain.waitForever()\n\t/src/main.go:30 +0x1d\n"
LEAK = "\ngoroutine %d [chan send]:\nmain.publish(...)\n\t/src/bus.go:41 +0x1d\n"
HEAP = b"""heap profile: 0: 0 [0: 0] @ heap/1048576
# runtime.MemStats
# HeapAlloc = 5242880
# NextGC = 9437184
# NumGC = 7
"""
looks, leaking = [], None
with open(SAMPLE, "rb") as f:
    TRACE = f.read()
gone, told = threading.Event(), threading.Event()


class Service(BaseHTTPRequestHandler):
    """Under /safe it asks for a password; a trace of more than 9 seconds is never complete."""

    def log_message(self, *_):
        pass

    def answer(self, body, status=200):
        self.send_response(status)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        path = self.path
        if path.startswith("/safe/"):
            if self.headers.get("Authorization", "") != "Basic " + base64.b64encode(b"me:secret").decode():
                self.answer(b"who?", 401)
                return
            told.set()
            path = path[len("/safe"):]
        path = path[len("/debug/pprof/"):] if path.startswith("/debug/pprof/") else None
        if path is None:
            self.answer(b"nothing", 404)
        elif path == "":
            self.answer(INDEX.encode())
        elif path == "heap?debug=1":
            self.answer(HEAP)
        elif path == "goroutine?debug=2":
            looks.append(path)
            leaked = 0 if leaking is None else 5 * (len(looks) - leaking)
            self.answer((DUMP + "".join(LEAK % i for i in range(10, 10 + leaked))).encode())
        elif path.startswith("trace?seconds="):
            self.answer(TRACE)
            if int(path[14:]) > 9:
                try:
                    while True:
                        time.sleep(0.05)
                        self.wfile.write(b"\0")
                except OSError:
                    gone.set()
        else:
            self.answer(b"Unknown profile\n", 404)


class NoDelve(socketserver.StreamRequestHandler):
    def handle(self):
        asked.append(self.rfile.readline())
        self.wfile.write(b"hello\n")


asked = []
delve = socketserver.ThreadingTCPServer(("127.0.0.1", 0), NoDelve)
threading.Thread(target=delve.serve_forever, daemon=True).start()
server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
threading.Thread(target=server.serve_forever, daemon=True).start()
HERE = f"127.0.0.1:{server.server_port}"
HOME = os.environ["HOME"]


def connect(w, address):
    w.wait_focus("^Address$")
    w.keys("ctrl+a")
    w.type(address)
    w.keys("Return")


def recorded(pattern):
    return glob.glob(os.path.join(HOME, pattern))


with Window() as w:
    w.keys("ctrl+r")
    connect(w, f"{HERE}/nowhere")
    w.wait("add it to the address")
    w.ok("an address without a service says so")
    connect(w, HERE)
    w.wait("^Execution trace$", "check box")
    w.wait(r"^Goroutines \(3\)$", "check box")
    w.ok("what the service offers is listed")

    tab_to(w, "^Execution trace$")
    w.keys("space")
    tab_to(w, r"^Goroutines \(3\)$")
    w.keys("space")
    w.wait_button("Record and Open").act()
    w.wait("waitForever")
    w.wait_gone("^Address$")
    assert len(recorded("127.0.0.1-*-goroutine-*.txt")) == 1, os.listdir(HOME)
    w.ok("a recording is a file and opens in a tab, and the dialog goes")

    w.keys("ctrl+r")
    w.wait_for("the address used before", lambda: w.wait("^Address$").text() == HERE)
    w.keys("Return")
    w.wait("^Execution trace$", "check box")
    tab_to(w, "^Seconds$")
    w.keys("ctrl+a")
    w.type("30")
    w.keys("Tab")
    w.wait_button("Record and Open").act()
    w.wait(r"^\d+ of 30 s, ")
    w.wait_for("all of the trace", lambda: any(os.path.getsize(p) >= len(TRACE) for p in
               recorded(".127.0.0.1-*-trace-*.part")))
    w.wait_button("Stop and Keep").act()
    w.wait(r"^127\.0\.0\.1-\d+-trace-\d+-\d+\.trace")
    assert len(recorded("127.0.0.1-*-trace-*.trace")) == 1, os.listdir(HOME)
    assert not recorded(".127*"), os.listdir(HOME)
    assert gone.wait(10), "the service still records"
    w.ok("a recording that is stopped is kept, and opens")

    w.keys("ctrl+r")
    connect(w, f"{HERE}/safe")
    w.wait("asks for a user name and password")
    w.wait_focus("^User Name$")
    w.type("me")
    w.keys("Tab")
    w.wait_focus("^Password or Token$")
    w.type("secret")
    w.keys("Return")
    w.wait_for("the password", told.is_set)
    w.keys("Escape")
    w.wait_gone("^Address$")
    w.ok("a service that asks for a password gets it")

    leaking = len(looks)
    w.keys("ctrl+r")
    connect(w, HERE)
    w.wait("^Execution trace$", "check box")
    w.wait_button("^Watch$").act()
    w.wait_gone("^Address$")
    w.wait(f"^Watching {HERE}$")
    w.wait(r"^\d samples? · \d+ goroutines \(\+\d+\) · heap 5 MiB · 0 collections$", "label")
    tab_to(w, "^Seconds between two samples$")
    w.keys("ctrl+a")
    w.type("1")
    w.keys("Tab")
    w.wait(r"^\d+ samples · \d+ goroutines \(\+[1-9]\d\)", "label")
    w.wait_button("^Stop$").act()
    w.wait(r"^\+\d+$", "label")
    w.wait("^only grows$", "label")
    w.wait("^main.publish$", "label")
    w.wait("^bus.go:41$", "label")
    w.wait(r"^Goroutines and heap over time: 6 goroutines at first, \d+ now$")
    seen = len(looks)
    time.sleep(1.5)
    assert len(looks) <= seen + 1, "it looks although it was stopped"
    w.ok("a leak is watched while it happens")
    w.keys("ctrl+w")
    w.wait_gone("^Watching")

    w.keys("ctrl+r")
    connect(w, f"dlv://127.0.0.1:{delve.server_address[1]}")
    tab_to(w, "^Goroutines, and the target may be stopped$")
    assert not asked, asked
    w.keys("space")
    w.wait_button("Record and Open").act()
    w.wait(r"does not answer as Delve does")
    assert asked, "nobody asked"
    w.keys("Escape")
    w.wait_gone("^Address$")
    w.ok("Delve is asked only once the user says so, and what is no Delve is told")

settings = os.path.join(SETTINGS.name, "unpark", "settings.ini")
with open(settings, encoding="utf-8") as f:
    text = f.read()
assert HERE in text and "secret" not in text, text
Window.ok("addresses are remembered, passwords are not")
