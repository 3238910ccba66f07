# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the inspector and its story share."""
import re

SENTENCE = r"^(waiting|sleeping|running|woken|created|preempted|in a system call|able|back|gave)\b.* for "


def sentence(w):
    return w.wait(SENTENCE, "label").name


def wait_all(w, *patterns):
    """All of them at once: looking through the window takes a while."""
    def missing():
        names = w.names()
        return [p for p in patterns if not any(re.search(p, n) for n in names)]
    w.wait_for(" and ".join(patterns), lambda: not missing())


def lane(w, goroutine):
    """Narrows to one goroutine and puts the focus on its lane."""
    w.keys("ctrl+f", "ctrl+a")
    w.type(f"G {goroutine}")
    w.wait(rf"^Filter: \d+ of ")
    w.keys("Return", "Up", "Down")
    w.wait_focus(rf"^G {goroutine} ")


def unfilter(w):
    """Clears the filter. Enter leads to the first lane once all of them are there: keys and clicks
    before that are of the lanes of before."""
    w.keys("ctrl+f", "ctrl+a", "BackSpace", "Return")
    w.wait_gone(r"^Filter: ")
    w.wait_focus(r"^G \d+ ")


def step_to(w, pattern, most=8):
    """Along the lane's spans until the inspector says it is of that kind."""
    for _ in range(most):
        before = [n.name for n in w.all(SENTENCE, "label")]
        w.keys("n")
        now = w.wait_for("the next span", lambda: sentence(w) not in before and sentence(w))
        if re.search(pattern, now):
            return now
    raise SystemExit(f"no span is {pattern}")


def tab_to(w, pattern, most=40):
    """With the Tab key to what has that name."""
    passed = []
    for _ in range(most):
        w.keys("Tab")
        here = w.focused()
        if here is not None and re.search(pattern, here.name or ""):
            return here
        passed.append(here.name if here is not None else None)
    raise SystemExit(f"Tab does not lead to {pattern}, but to {passed}")


def ruler(w):
    """How far down the time scale is: the order of lanes stands beside it."""
    _, top, _, height = w.area(w.at_rest("^Order of groups and lanes$"))
    return top + height // 2


def text_of(node):
    return node.text()


def pasted(w):
    """What is on the clipboard, as text in the field of Go To, where it does no harm."""
    w.keys("ctrl+g")
    entry = w.wait("^Time, goroutine or function$")
    w.wait_focus("^Time, goroutine or function$")
    w.keys("ctrl+a", "BackSpace", "ctrl+v")
    text = w.wait_for("the copied text", lambda: text_of(entry) or None)
    w.keys("Escape")
    w.wait_gone("^Time, goroutine or function$")
    return text


def save_to(w, path):
    """Types a whole name into the file chooser that is coming up, and saves."""
    name = w.wait_focus(r"^Name:$")
    w.keys("ctrl+a")
    w.type(path)
    w.wait_for("the whole name", lambda: text_of(name) == path)
    w.keys("Return")
