#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every lane answers when it is clicked, a span has a menu, and Why? begins with its answer."""
from atspi import Window
from story import lane, step_to, unfilter, wait_all


def menu_on_span(w, item):
    """Opens the menu of the picked span's lane by its key, and takes the item."""
    w.keys("Menu")
    w.wait_menu()
    wait_all(w, "^Why\\?$", "^Copy$", "^Filter to This Function$", "^Select Its Time$",
             "^Bookmark…$", "^Flame Graph of It$")
    w.press(w.wait(item, "menu item"))


with Window() as w:
    w.wait(r"goroutines, closed")

    # What has a header has a page: none of them keeps the one before.
    for header, title in ((r"^Goroutines by state\b", "^Goroutines by state$"),
                          (r"^GC$", r"^\d+ garbage collections?$"),
                          (r"^Stop-the-world$", r"^\d+ stop-the-world pauses?$"),
                          (r"^POST /order, \d+ tasks, closed$", r"^\d+ tasks of this name\.$"),
                          (r"^Heap$", r"^Heap: .* live$")):
        w.click(header, "list item", dx=60)
        w.wait(title, "label")
    w.click(r"^POST /order, \d+ tasks, open$", "list item", dx=60)
    w.ok("every lane of the runtime and every group of tasks has a page of its own")

    # A span's menu, and what each of its items does.
    lane(w, 27)
    step_to(w, "^waiting in a select")
    w.wait("^Why G 27 waited ", "label")
    w.wait(r"^\d[\d.]* %: ", "label")
    w.ok("Why? begins with its answer")
    menu_on_span(w, "^Why\\?$")
    w.wait_for("the keys at the wait chain", lambda: w.focused() is not None and any(
        w.focused().name in [n.name for n in c.below()] for c in w.all("^Why\\?$")))
    w.ok("Why? leads to the wait chain")

    lane(w, 27)
    step_to(w, "^waiting in a select")
    menu_on_span(w, "^Select Its Time$")
    w.wait("^Selection: ")
    menu_on_span(w, "^Bookmark…$")
    w.wait_focus("^Note for the new bookmark$")
    w.keys("Escape")
    w.wait_gone("^Note for the new bookmark$")
    w.ok("its time is selected, and marked")

    lane(w, 27)
    step_to(w, "^waiting in a select")
    menu_on_span(w, "^Filter to This Function$")
    w.wait(r"^Filter: 8 of \d+ goroutines, ")
    w.wait("^main.webshop.func1, 8 goroutines, ")
    w.ok("the filter is that of its function")

    # Only what is there in the visible time.
    unfilter(w)
    w.click("^Lane options$")
    w.wait_menu()
    w.press(w.wait("^Only What Is Active Here$"))
    w.wait("^Goroutines active here, open$")
    w.ok("lanes that are blank here can be left out")
