# SPDX-License-Identifier: GPL-3.0-or-later
"""What a program tells assistive technology, read quickly: a whole window in a few messages.

The accessibility bus is spoken to directly. One call to the program's cache gives the names,
roles and states of everything that was ever asked for; what it leaves out is asked for, all of a
level at once. That is some twenty times less work, for the program above all, than one question
after the other for each node.
"""
import re
import sys

try:
    from gi.repository import Gio, GLib
except ImportError:
    print("skipped: there is no gi (PyGObject) for", sys.executable)
    sys.exit(77)

ACCESSIBLE = "org.a11y.atspi.Accessible"
PROPERTIES = "org.freedesktop.DBus.Properties"
ROOT = "/org/a11y/atspi/accessible/root"
CALL_TIMEOUT = 20_000  # ms

# Numbers of AT-SPI, which never change; its names of roles have.
BUSY = 3
FOCUSED = 12
VISIBLE = 30
WINDOW_COORDS = 1
ROLES = {7: "check box", 16: "dialog", 29: "label", 31: "list", 32: "list item", 35: "menu item",
         37: "page tab", 43: "push button", 61: "text", 62: "toggle button"}


class Bus:
    """The accessibility bus of this session."""

    def __init__(self):
        session = Gio.bus_get_sync(Gio.BusType.SESSION)
        address, = session.call_sync(
            "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", None, None,
            Gio.DBusCallFlags.NONE, CALL_TIMEOUT, None).unpack()
        self.connection = Gio.DBusConnection.new_for_address_sync(
            address, Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
            | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)

    def call(self, name, path, interface, method, arguments=None):
        return self.connection.call_sync(name, path, interface, method, arguments, None,
                                         Gio.DBusCallFlags.NONE, CALL_TIMEOUT, None).unpack()

    def call_all(self, calls):
        """The answers to many calls that are all under way at once; None for those that failed."""
        answers = [None] * len(calls)
        waiting = len(calls)

        def take(connection, result, i):
            nonlocal waiting
            waiting -= 1
            try:
                answers[i] = connection.call_finish(result).unpack()
            except GLib.Error:
                pass  # it went away meanwhile

        for i, call in enumerate(calls):
            self.connection.call(*call, None, Gio.DBusCallFlags.NONE, CALL_TIMEOUT, None, take, i)
        while waiting > 0:
            GLib.MainContext.default().iteration(True)
        return answers

    def application(self, name):
        """The bus name of the program that calls itself `name`, or None."""
        children, = self.call("org.a11y.atspi.Registry", ROOT, ACCESSIBLE, "GetChildren")
        answers = self.call_all([(bus, path, PROPERTIES, "Get",
                                  GLib.Variant("(ss)", (ACCESSIBLE, "Name")))
                                 for bus, path in children])
        for (bus, _), answer in zip(children, answers):
            if answer == (name,):
                return bus
        return None


class Node:
    """What was told about a thing at one moment. The methods ask and do anew."""

    def __init__(self, owner, path, name="", role=0, description="", states=0):
        self.owner = owner
        self.path = path
        self.name = name
        self.role = ROLES.get(role, f"role {role}")
        self.description = description
        self.states = states
        self.parent = None
        self.children = []

    def has(self, state):
        return bool(self.states >> state & 1)

    def below(self):
        """The node and all below it, in the order of the tree."""
        yield self
        for child in self.children:
            yield from child.below()

    def ask(self, interface, method, signature=None, *arguments):
        return self.owner.bus.call(
            self.owner.name, self.path, "org.a11y.atspi." + interface, method,
            GLib.Variant(signature, arguments) if signature else None)

    def extents(self):
        """x, y, width, height in the window.

        GTK counts from the inside of the window's border. GTK 4.18 then adds where the border
        begins, a negative number, instead of taking it off. GTK 4.8 tells nothing of the window
        itself: there it is a few pixels less, the width of the border."""
        x, y, width, height = self.ask("Component", "GetExtents", "(u)", WINDOW_COORDS)[0]
        window = self
        while window.parent.path != ROOT:
            window = window.parent
        if "org.a11y.atspi.Component" in window.ask("Accessible", "GetInterfaces")[0]:
            left, top, _, _ = window.ask("Component", "GetExtents", "(u)", WINDOW_COORDS)[0]
            x, y = x - 2 * left, y - 2 * top
        return x, y, width, height

    def act(self):
        """What a click on a button, row or switch does."""
        self.ask("Action", "DoAction", "(i)", 0)

    def text(self):
        length, = self.owner.bus.call(
            self.owner.name, self.path, PROPERTIES, "Get",
            GLib.Variant("(ss)", ("org.a11y.atspi.Text", "CharacterCount")))
        return self.ask("Text", "GetText", "(ii)", 0, length)[0]

    def selected_text(self):
        count, = self.ask("Text", "GetNSelections")
        return [self.ask("Text", "GetSelection", "(i)", i) for i in range(count)]


class Program:
    """A running program on the bus."""

    def __init__(self, bus, name):
        self.bus = bus
        self.name = name

    def answers(self):
        """Whether it has come to its main loop again: all input before has been handled then."""
        try:
            self.bus.call(self.name, ROOT, PROPERTIES, "Get",
                          GLib.Variant("(ss)", (ACCESSIBLE, "Name")))
            return True
        except GLib.Error:
            return False

    def cached(self):
        """All nodes that the program's cache knows, and the paths of their children where the
        places of these are known for sure."""
        try:
            items, = self.bus.call(self.name, "/org/a11y/atspi/cache", "org.a11y.atspi.Cache",
                                   "GetItems")
        except GLib.Error:
            return {}, {}
        nodes = {}
        places = {}
        counts = {}
        for (_, path), _, (_, parent), index, count, _, name, role, description, states in items:
            nodes[path] = Node(self, path, name, role, description, states[0] | states[1] << 32)
            places.setdefault(parent, []).append((index, path))
            counts[path] = count
        children = {}
        for path in nodes:
            found = sorted(places.get(path, []))
            if path != ROOT and [i for i, _ in found] == list(range(counts[path])):
                children[path] = [child for _, child in found]
        return nodes, children

    def fetch(self, paths):
        """Nodes that are in no cache, as a dictionary."""
        calls = []
        for path in paths:
            calls += [(self.name, path, ACCESSIBLE, "GetState", None),
                      (self.name, path, ACCESSIBLE, "GetRole", None),
                      (self.name, path, PROPERTIES, "GetAll", GLib.Variant("(s)", (ACCESSIBLE,)))]
        answers = self.bus.call_all(calls)
        nodes = {}
        for i, path in enumerate(paths):
            states, role, properties = answers[3 * i:3 * i + 3]
            if states and role and properties:
                nodes[path] = Node(self, path, properties[0].get("Name", ""), role[0],
                                   properties[0].get("Description", ""),
                                   states[0][0] | states[0][1] << 32)
        return nodes

    def tree(self):
        """The program with all that it shows below it: what is hidden is left out."""
        nodes, children = self.cached()
        root = nodes.get(ROOT) or Node(self, ROOT)
        level = [root]
        placed = {root.path}  # GTK 4.18 may name a child, and so all below it, several times
        for _ in range(60):  # deeper than any window
            unsure = [node.path for node in level if node.path not in children]
            answers = self.bus.call_all([(self.name, path, ACCESSIBLE, "GetChildren", None)
                                         for path in unsure])
            for path, answer in zip(unsure, answers):
                children[path] = [child for _, child in answer[0]] if answer else []
            wanted = [child for node in level for child in children[node.path]]
            nodes.update(self.fetch([path for path in wanted if path not in nodes]))
            below = []
            for node in level:
                node.children = [nodes[path] for path in dict.fromkeys(children[node.path])
                                 if path in nodes and nodes[path].has(VISIBLE)
                                 and path not in placed]
                placed.update(child.path for child in node.children)
                for child in node.children:
                    child.parent = node
                below += node.children
            if not below:
                break
            level = below
        return root


def matching(nodes, pattern, role=None):
    """Those of `nodes` whose name matches, and whose role is `role` ("push button", "label")."""
    return (n for n in nodes if (role is None or n.role == role) and re.search(pattern, n.name))
