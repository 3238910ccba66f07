#!/usr/bin/env python3
"""The story of a blocked goroutine, from the open file to the line that kept it waiting: by
accessible names, and by the keyboard but for the drag over the ruler."""
import os
import re
import subprocess

from atspi import SAMPLE, Window

SENTENCE = r"^(waiting|sleeping|running|woken|created|preempted|in a system call|able|back|gave)\b.* for "


def sentence(w):
    return w.wait(SENTENCE, "label").name


def wait_all(w, *patterns):
    """All of them at once: looking through the window takes a while."""
    def missing():
        names = w.names()
        return [p for p in patterns if not any(re.search(p, n) for n in names)]
    w.wait_for(" and ".join(patterns), lambda: not missing())


def stored(sql):
    """What another program reads from the store meanwhile."""
    return subprocess.run([os.environ["UNPARK_CLI"], "query", SAMPLE, sql], check=True,
                          capture_output=True, text=True).stdout


def lane(w, goroutine):
    """Narrows to one goroutine and puts the focus on its lane."""
    w.keys("ctrl+f", "ctrl+a")
    w.type(f"G {goroutine}")
    w.wait(rf"^Filter: \d+ of ")
    w.keys("Return", "Up", "Down")
    w.wait_focus(rf"^G {goroutine} ")


def step_to(w, pattern, most=8):
    """Along the lane's spans until the inspector says it is of that kind."""
    for _ in range(most):
        before = [n.name for n in w.all(SENTENCE, "label")]
        w.keys("n")
        now = w.wait_for("the next span", lambda: sentence(w) not in before and sentence(w))
        if re.search(pattern, now):
            return now
    raise SystemExit(f"no span is {pattern}")


with Window() as w:
    # 1, 2: lanes, grouped; their order.
    w.wait(r"goroutines, closed")
    w.wait("^Order of groups and lanes$")
    w.ok("lanes are there, grouped by function")

    # 3: zooming loses nothing: the sums at the bottom stay those of everything.
    total = w.wait(r"goroutines  \|  running ").name
    w.keys("w", "w", "s", "Home")
    assert w.wait(r"goroutines  \|  running ").name == total
    w.ok("zooming keeps the sums")

    # 6: why a runnable span was late. The first span of this goroutine is one.
    lane(w, 27)
    step_to(w, "^created, then waiting for a processor for ")
    wait_all(w, "^Why it was late$", r"^Who had the \d+ processors? meanwhile$",
             "^How it became runnable$")
    w.ok("a runnable span says why it was late")

    # 4: a waiting span, in plain words, with its stack, its waker and the comparison.
    step_to(w, "^waiting in a select")
    wait_all(w, "^Stopped at$", "^Woken by$", "^Then waited to run$", "^Where it was woken$",
             "^All waits at this place$", r"^Longer than .* of the \d+ waits",
             r"^G 27  main\.webshop\.func1$", r"^G 34  ", r"^The whole stack, \d+ frames$",
             r"^main\.webshop\.func1\.1\s+webshop\.go:\d+$")
    w.ok("the inspector says what the span is, where it stopped and who ended it")

    # 5: Why? Link by link along the chain, and back.
    wait_all(w, "^Why G 27 waited ", r"^(ran|was ready|waited|slept|was in a system call)\b")
    first = sentence(w)
    w.keys("bracketright")
    second = w.wait_for("the next link", lambda: sentence(w) != first and sentence(w))
    w.wait("^Why G 27 waited ")
    w.keys("bracketright")
    w.wait_for("the link after it", lambda: sentence(w) not in (first, second))
    w.keys("bracketleft")
    w.wait_for("the link before", lambda: sentence(w) == second)
    w.keys("alt+Left")
    w.wait_for("where the walk began", lambda: sentence(w) == first)
    w.ok("] and [ walk along the wait chain, and Back leads out of it")

    # 7: selected time: what held the goroutine up then.
    lane(w, 1)
    w.keys("Home")
    _, top, _, height = w.area(w.find("^Order of groups and lanes$"))
    x, y = 400, top + height // 2  # the ruler stands beside it
    w.xdotool("mousemove", str(x), str(y), "sleep", "0.3", "mousedown", "1", "sleep", "0.2",
              "mousemove", str(x + 60), str(y), "sleep", "0.2",
              "mousemove", str(x + 160), str(y), "sleep", "0.2", "mouseup", "1")
    w.wait("^Selection: ")
    lane(w, 1)
    w.wait("^What G 1 did for ")
    w.ok("a goroutine and a selected time: what it did then, link by link")

    # 8: from a list to the place on the timeline, and back.
    w.keys("ctrl+f", "ctrl+a", "BackSpace")
    w.press(w.wait("^Its longest waits$") and w.wait(r"^\w+ at .*, .*s$", "push button"))
    w.wait("^waiting ")
    w.keys("alt+Left")
    w.wait("^Its longest waits$")
    w.keys("alt+Right")
    w.wait("^waiting ")
    w.ok("one click goes to the place, Back and Forward return")

    # Bookmarks: marked, listed, changed places, removed and taken back.
    lane(w, 1)
    w.keys("m")
    w.wait_focus("^Note of the new bookmark$")
    w.type("here it hangs")
    w.keys("Return")
    w.wait_gone("^Note of the new bookmark$")
    w.keys("m")
    w.wait("^Note of the bookmark at ")
    w.wait_for("the note in the store", lambda: "here it hangs" in stored("SELECT note FROM bookmark"))
    w.press(w.wait("^Remove the bookmark at "))
    w.wait_gone("^Note of the bookmark at ")
    w.keys("Escape")
    w.press(w.wait("Undo$", "push button"))
    w.keys("m")
    w.wait("^Note of the bookmark at ")
    w.press(w.wait("^Go to the bookmark at "))
    w.ok("bookmarks with notes")

    # Go to a goroutine by its number, a function by a part of its name.
    w.keys("ctrl+g")
    w.wait("^Time, goroutine or function$")
    w.type("36")
    w.wait(r"^G 36, net/http\.\(\*conn\)\.serve$")
    w.keys("Return")
    w.wait(r"^G 36  ")
    w.wait("^Its longest waits$")
    w.keys("ctrl+g")
    w.wait("^Time, goroutine or function$")
    w.type("servedata")
    w.wait(r"^main\.serveDatabase\.func1, \d+ goroutines$")
    w.keys("Return")
    w.wait(r"goroutines started in this function")
    w.ok("Ctrl+G goes to what one types")
