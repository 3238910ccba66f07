#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Interactive flame graphs in a real browser: a click zooms, search counts, reset brings all back.
Static ones look the same there as in rsvg-convert.

Usage: test-svg.py UNPARK-CLI PROFILE
Exits with 77 (skipped) where chromium is missing; without rsvg-convert only the pictures are not
compared. The browser is driven through its debugging pipe: nothing else has to be installed.
"""
import base64
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import xml.dom.minidom
import zlib

CLI, PROFILE = sys.argv[1], sys.argv[2]
EVIL = "</text><script>document.title='broken'</script>"


class Browser:
    def __init__(self, program, folder):
        to_browser, self.write_end = os.pipe()
        self.read_end, from_browser = os.pipe()

        def wire():  # it reads from 3 and writes to 4
            a, b = os.dup(to_browser), os.dup(from_browser)
            os.dup2(a, 3)
            os.dup2(b, 4)

        self.process = subprocess.Popen(
            [program, "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe",
             "--disable-dev-shm-usage", "--no-first-run", "--force-device-scale-factor=1",
             "--hide-scrollbars", f"--user-data-dir={folder}/profile", "about:blank"],
            close_fds=False, preexec_fn=wire, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.buffer, self.n, self.session = b"", 0, None

    def call(self, method, **parameters):
        self.n += 1
        message = {"id": self.n, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.write_end, json.dumps(message).encode() + b"\0")
        while True:
            while b"\0" not in self.buffer:
                more = os.read(self.read_end, 1 << 20)
                if not more:
                    sys.exit("the browser has gone")
                self.buffer += more
            text, self.buffer = self.buffer.split(b"\0", 1)
            answer = json.loads(text)
            if answer.get("id") == self.n:
                if "error" in answer:
                    sys.exit(f"{method}: {answer['error']['message']}")
                return answer["result"]

    def open(self, path, width, height):
        self.session = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=False)
        self.call("Page.enable")
        self.call("Page.navigate", url="file://" + path)
        end = time.monotonic() + 30
        while self.get("document.readyState") != "complete" or \
                not self.get("location.href").startswith("file:"):
            if time.monotonic() > end:
                sys.exit("the page did not load")
            time.sleep(0.05)

    def get(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in result:
            sys.exit(f"{expression}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def click(self, element):
        x, y = self.get(f"(() => {{ const r = ({element}).getBoundingClientRect();"
                        "return [r.left + r.width / 2, r.top + r.height / 2]; })()")
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def key(self, name):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=name, code=name,
                      windowsVirtualKeyCode={"Escape": 27, "ArrowDown": 40}[name])

    def close(self):
        self.session = None
        self.call("Browser.close")
        self.process.wait(20)


def check(what, good, detail=""):
    if not good:
        sys.exit(f"not so: {what} {detail}")
    print("ok:", what, flush=True)


def pixels(png):
    """Rows of RGB bytes of an 8-bit PNG that is not interlaced."""
    place, packed = 8, b""
    while place < len(png):
        size, kind = struct.unpack(">I4s", png[place:place + 8])
        chunk = png[place + 8:place + 8 + size]
        place += size + 12
        if kind == b"IHDR":
            width, height, depth, colour = struct.unpack(">IIBB", chunk[:10])
            assert depth == 8 and colour in (2, 6), (depth, colour)
        elif kind == b"IDAT":
            packed += chunk
    step = 3 if colour == 2 else 4
    raw, rows, before = zlib.decompress(packed), [], bytes(width * step)
    for y in range(height):
        at = y * (width * step + 1)
        kind, line = raw[at], bytearray(raw[at + 1:at + 1 + width * step])
        for i in range(len(line) if kind else 0):
            left = line[i - step] if i >= step else 0
            up, corner = before[i], before[i - step] if i >= step else 0
            if kind == 1:
                add = left
            elif kind == 2:
                add = up
            elif kind == 3:
                add = (left + up) // 2
            else:
                p = left + up - corner
                d = (abs(p - left), abs(p - up), abs(p - corner))
                add = left if d[0] <= d[1] and d[0] <= d[2] else up if d[1] <= d[2] else corner
            line[i] = (line[i] + add) & 255
        before = bytes(line)
        rows.append(before if step == 3 else
                    b"".join(before[i:i + 3] for i in range(0, len(before), 4)))
    return width, height, rows


def difference(a, b):
    """The share of pixels that are clearly not of one colour: letters are drawn by two programs."""
    (width, height, rows), (other_width, other_height, others) = pixels(a), pixels(b)
    assert (width, height) == (other_width, other_height), ((width, height), (other_width, other_height))
    apart = 0
    for row, other in zip(rows, others):
        if row == other:
            continue
        for x in range(0, len(row), 3):
            apart += max(abs(row[x + k] - other[x + k]) for k in range(3)) > 48
    return apart / (width * height)


def make(folder, name, *options, source=PROFILE):
    path = os.path.join(folder, name)
    subprocess.run([CLI, "flamegraph", "--no-cache", source, "-o", path, *options], check=True)
    document = xml.dom.minidom.parse(path)
    root = document.documentElement
    return path, int(root.getAttribute("width")), int(root.getAttribute("height"))


FRAME = """[...document.querySelectorAll('#frames > g')]"""
WIDTHS = FRAME + """.map(g => parseFloat(g.querySelector('rect').getAttribute('width')))"""


def interactive(browser, folder):
    path, width, height = make(folder, "interactive.svg")
    browser.open(path, width, height)
    frames, before = browser.get(FRAME + ".length"), browser.get(WIDTHS)
    check("all frames are there", frames > 20, frames)
    full = before[0]
    # One that is neither the root nor as wide.
    n = next(i for i, w in enumerate(before) if full * 0.2 < w < full * 0.6)
    name = browser.get(FRAME + f"[{n}].querySelector('title').textContent").split("\n")[0]

    browser.click(FRAME + f"[{n}]")
    check("a click zooms", abs(browser.get(WIDTHS)[n] - full) < 0.1, browser.get(WIDTHS)[n])
    check("what is beside it is gone", browser.get(FRAME + ".some(g => g.classList.contains('out'))"))
    check("there is a way back", browser.get("document.querySelector('#reset').getAttribute('visibility')")
          == "visible")
    browser.click("document.querySelector('#reset')")
    after = browser.get(WIDTHS)
    check("reset brings all back", all(abs(a - b) < 0.01 for a, b in zip(before, after)))
    check("none is left out", not browser.get(FRAME + ".some(g => g.classList.contains('out'))"))

    browser.click("document.querySelector('#search')")
    browser.call("Input.insertText", text=name)
    titles = browser.get(FRAME + ".map(g => g.querySelector('title').textContent)")
    expected = sum(name.lower() in t.split("\n")[0].lower() for t in titles[1:])
    status = browser.get("document.querySelector('#status').textContent")
    marked = browser.get(FRAME + ".filter(g => g.classList.contains('found')).length")
    check("search counts", status.startswith(f"{expected} ") and "%" in status, status)
    check("search marks", marked == expected, (marked, expected))
    share = float(re.search(r"([\d.]+)%", status).group(1))
    check("the share is at least that of the frame", share >= 100 * before[n] / full - 0.1, share)
    browser.key("Escape")
    check("Escape ends the search", browser.get(FRAME + ".every(g => !g.classList.contains('found'))"))
    browser.key("ArrowDown")
    check("arrows walk", browser.get("document.querySelectorAll('.f.at').length") == 1)
    text = open(path, encoding="utf-8").read()
    links = set(re.findall(r"https?://[^\"'\s<]+", text))
    check("no network", links <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xhtml"}, links)


def hostile(browser, folder):
    source = os.path.join(folder, "hostile.folded")
    with open(source, "w", encoding="utf-8") as file:
        file.write(f"main.main;{EVIL} 30\nmain.main;a&b<i>]]> 10\n名前.関数 5\n")
    path, width, height = make(folder, "hostile.svg", source=source)
    browser.open(path, width, height)
    titles = browser.get(FRAME + ".map(g => g.querySelector('title').textContent.split('\\n')[0])")
    check("hostile names stay names", EVIL in titles and "a&b<i>]]>" in titles, titles)
    check("and run nothing", browser.get("document.querySelectorAll('script').length") == 1)
    check("other scripts are whole", "名前.関数" in titles, titles)


def static(browser, folder):
    path, width, height = make(folder, "static.svg", "--static")
    check("a static one has no script", "<script" not in open(path, encoding="utf-8").read())
    if not shutil.which("rsvg-convert"):
        print("not compared: there is no rsvg-convert")
        return
    browser.open(path, width, height)
    shot = base64.b64decode(browser.call("Page.captureScreenshot", format="png")["data"])
    drawn = subprocess.run(["rsvg-convert", path], check=True, capture_output=True).stdout
    apart = difference(shot, drawn)
    check("the same picture in rsvg-convert and in the browser", apart < 0.04, f"{apart:.4f}")
    print(f"{apart:.2%} of the pixels are apart: letters")


def main():
    program = shutil.which("chromium") or shutil.which("chromium-browser") or \
        shutil.which("google-chrome")
    if not program:
        print("skipped: there is no chromium")
        sys.exit(77)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        browser = Browser(program, folder)
        try:
            interactive(browser, folder)
            hostile(browser, folder)
            static(browser, folder)
            browser.close()
        finally:
            if browser.process.poll() is None:
                browser.process.kill()


main()
