#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The story of a blocked goroutine, from the open file to the line that kept it waiting: by
accessible names, and by the keyboard but for the drag over the ruler."""
from atspi import Window
from story import lane, ruler, sentence, step_to, wait_all

with Window() as w:
    # 1, 2: lanes, grouped; their order.
    w.wait(r"goroutines, closed")
    w.wait("^Order of groups and lanes$")
    w.ok("lanes are there, grouped by function")

    # 3: zooming loses nothing: the sums at the bottom stay those of everything.
    total = w.wait(r"goroutines   ■ running ").name
    w.keys("w", "w", "s", "Home")
    assert w.wait(r"goroutines   ■ running ").name == total
    w.ok("zooming keeps the sums")

    # 6: why a runnable span was late. The first span of this goroutine is one.
    lane(w, 27)
    step_to(w, "^created, then waiting for a processor for ")
    wait_all(w, "^Why it was late$", r"^Running on the \d+ processors? meanwhile$",
             "^How it became runnable$")
    w.ok("a runnable span says why it was late")

    # 4: a waiting span, in plain words, with its stack, its waker and the comparison.
    step_to(w, "^waiting in a select")
    wait_all(w, "^Stopped at$", "^Woken by$", "^Then waited to run$", "^Woken at$",
             "^All waits here$", r"^(Longer than .* of|The (long|short)est of) the \d+ waits",
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
    w.drag(400, 560, ruler(w))
    w.wait("^Selection: ")
    lane(w, 1)
    w.wait("^What G 1 did for ")
    w.ok("a goroutine and a selected time: what it did then, link by link")

    # 8: from a list to the place on the timeline, and back.
    w.keys("ctrl+f", "ctrl+a", "BackSpace")
    w.press(w.wait("^Longest waits$") and w.wait(r"^\w+ at .*, .*s$", "push button"))
    w.wait("^waiting ")
    w.keys("alt+Left")
    w.wait("^Longest waits$")
    w.keys("alt+Right")
    w.wait("^waiting ")
    w.ok("one click goes to the place, Back and Forward return")
