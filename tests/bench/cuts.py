#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much of a trace that was cut off is recovered: prints a table.

Usage: cuts.py UNPARK-CLI TRACES EXPECTED [NAME...]

Every TRACES/VERSION/NAME.trace is cut at 10, 20, ... 90 %. Of the reference's spans
(EXPECTED/VERSION/NAME.spans.tsv.zst, those of the whole trace) that end before the last time in the
cut file, the first number of a cell says how many per cent are recovered: goroutine, state, reason,
start and end are the same. Buffers of other threads that the file does not have any more count as
lost there; the second number is of those spans only whose two ends lie in the bytes that are left.
"""
import bisect
import collections
import glob
import os
import subprocess
import sys
import tempfile

CUTS = range(10, 100, 10)
SQL = ("SELECT goroutine, start_ns, end_ns, state, coalesce(reason, '') FROM span "
       "ORDER BY goroutine, start_ns")
# Nanoseconds: events of equal times move by one each, clocks of cut v1 traces are estimated.
TOLERANCE = 2000


def spans_of_text(text):
    for line in text.splitlines():
        g, start, end, state, reason = line.split("\t")
        yield int(g), int(start), int(end), state, reason


def reference(path):
    text = subprocess.run(["zstd", "-dcq", path], capture_output=True, text=True, check=True).stdout
    return None if "error" in text.split("\n", 1)[0] + text[-300:] else list(spans_of_text(text))


def varint(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        at += 1
        if data[at - 1] < 128:
            return value, at
        shift += 7


class Times:
    """When the events in a trace's bytes happened, in ticks, as far as the bytes go.

    ticks_per_second is what a whole trace says."""

    # Numbers of each v2 event, the time among them.
    V2 = (0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 3, 1, 4, 3, 4, 2, 3, 1, 1, 3, 3, 4, 3, 1, 1, 4, 3, 1, 2, 3, 2,
          2, 2, 3, 2, 2, 1, 2, 2, 2, 5, 3, 4, 4, 5, 3, 3, 4, 5)
    V2_EXPERIMENTS = (4, 4, 2, 3, 3, 2, 3, 3, 2)

    def __init__(self, trace):
        self.ticks, self.syncs, self.ticks_per_second = [], {}, None
        self.exits = []
        self.is_v1 = trace[5:7] in (b"11", b"19", b"21")
        try:
            (self.read_v1 if self.is_v1 else self.read_v2)(trace)
        except IndexError:
            pass  # cut off: what came before is there
        self.first = min(self.ticks, default=0)
        self.ticks = sorted(self.ticks + self.exits)

    def read_v1(self, trace):
        batch, frequency, stack, string, timer, sys_exit, log = 1, 2, 3, 37, 35, 29, 48
        at, now = 16, 0
        while at < len(trace):
            kind, count = trace[at] & 63, trace[at] >> 6
            at, numbers, end = at + 1, [], None
            if kind == string:
                _, at = varint(trace, at)
                length, at = varint(trace, at)
                at += length
                continue
            if count == 3:
                length, at = varint(trace, at)
                end = at + length
            while at < end if end else len(numbers) <= count:
                value, at = varint(trace, at)
                numbers.append(value)
            if kind == log:
                length, at = varint(trace, at)
                at += length
            if kind == frequency:
                self.ticks_per_second = numbers[0]
            elif kind == batch:
                now = numbers[1]
            elif kind not in (stack, timer):
                now += numbers[0]
                self.ticks.append(now)
                if kind == sys_exit and numbers[3]:
                    self.exits.append(numbers[3])

    def read_v2(self, trace):
        at = 16
        while at < len(trace):
            kind = trace[at]
            at += 1
            if kind == 52:
                continue
            at += kind == 49
            generation, at = varint(trace, at)
            _, at = varint(trace, at)
            now, at = varint(trace, at)
            size, at = varint(trace, at)
            self.syncs[generation] = min(now, self.syncs.get(generation, now))
            if kind == 1:
                self.read_v2_batch(trace[at:at + size], now)
            at += size
        self.ticks += self.syncs.values()

    def read_v2_batch(self, data, now):
        at = data[0] == 50
        if data[at] == 8:
            self.ticks_per_second, _ = varint(data, at + 1)
            return
        while at < len(data) and data[at] != 50:
            kind = data[at]
            n = self.V2_EXPERIMENTS[kind - 128] if kind > 127 else self.V2[kind]
            if n == 0:
                return
            delta, at = varint(data, at + 1)
            now += delta
            for _ in range(n - 1):
                _, at = varint(data, at)
            self.ticks.append(now)

    def origin(self):
        return self.syncs[min(self.syncs)] if self.syncs else self.first


class Kept:
    """Which times of the reference are those of events that a cut file still has."""

    def __init__(self, whole, cut, wanted):
        nanoseconds, origin = 1e9 / whole.ticks_per_second, whole.origin()
        # Time 0 of a v1 trace lies behind its first event.
        first = min(span[1] for span in wanted) if whole.is_v1 else 0
        self.times = [(tick - origin) * nanoseconds + first for tick in cut.ticks]

    def has(self, time):
        at = bisect.bisect_left(self.times, time - 200)
        return at < len(self.times) and self.times[at] <= time + 200


def import_cut(cli, data, is_v1, folder):
    path = os.path.join(folder, "cut.trace")
    with open(path, "wb") as file:
        file.write(data)
    run = lambda sql: subprocess.run([cli, "query", "--no-cache", "--format", "tsv", path, sql],
                                     capture_output=True, text=True).stdout
    notes = run("SELECT detail FROM import_note WHERE name = 'unknown-clock'") if is_v1 else ""
    digits = [w for w in notes.replace("estimated ", "\0").partition("\0")[2].split() if w.isdigit()]
    return list(spans_of_text(run(SQL))), float(digits[0]) if digits else None


def shift_of(ours, wanted, cut, whole):
    """What has to be added to our times: the bytes that say where time begins may be missing."""
    ticks = cut.origin() - whole.origin()
    shift = ticks * 1e9 / whole.ticks_per_second
    if whole.is_v1:
        # Time 0 lies behind the first event, which is where the first span begins.
        shift += min(span[1] for span in wanted) - min(span[1] for span in ours)
    return shift


def share(cli, trace, whole, wanted, percent, folder):
    """(recovered, before the cut), and the same of the spans whose ends are both in the file."""
    cut = trace[:len(trace) * percent // 100]
    ours, estimated = import_cut(cli, cut, whole.is_v1, folder)
    if not ours:
        return None
    scale = estimated / whole.ticks_per_second if estimated else 1.0
    ours = [(g, start * scale, end * scale, state, reason) for g, start, end, state, reason in ours]
    times = Times(cut)
    shift = shift_of(ours, wanted, times, whole)
    kept = Kept(whole, times, wanted)
    found = collections.defaultdict(list)
    for g, start, end, state, reason in ours:
        found[g, state, reason].append((start + shift, end + shift))
    counts = [0, 0, 0, 0]
    for g, start, end, state, reason in wanted:
        if not kept.times or end > kept.times[-1]:
            continue
        same = any(abs(a - start) <= TOLERANCE and abs(b - end) <= TOLERANCE
                   for a, b in nearby(found.get((g, state, reason), ()), start))
        there = kept.has(start) and kept.has(end)
        for i, value in enumerate((same, True, same and there, there)):
            counts[i] += value
    return counts


def nearby(pairs, start):
    """Those of the ordered pairs that begin about there."""
    low, high = 0, len(pairs)
    while low < high:
        middle = (low + high) // 2
        if pairs[middle][0] < start - TOLERANCE:
            low = middle + 1
        else:
            high = middle
    for pair in pairs[low:low + 50]:
        if pair[0] > start + TOLERANCE:
            return
        yield pair


def cases(traces, expected, names):
    for path in sorted(glob.glob(os.path.join(expected, "*", "*.spans.tsv.zst"))):
        version = os.path.basename(os.path.dirname(path))
        name = os.path.basename(path)[:-len(".spans.tsv.zst")]
        source = os.path.join(traces, version, name + ".trace")
        if os.path.exists(source) and (not names or name in names):
            yield version, name, source, path


def cell(counts):
    return "".join("%5.0f" % (100 * counts[i] / counts[i + 1]) if counts and counts[i + 1]
                   else "    -" for i in (0, 2))


def main():
    cli, traces, expected, names = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]
    print(__doc__.partition("\n\n")[2].partition("\n\n")[2])
    print("%-24s" % "cut at" + "".join("%8d %%" % cut for cut in CUTS))
    totals = collections.defaultdict(lambda: [0] * 4)
    with tempfile.TemporaryDirectory(prefix="unpark-bench-") as folder:
        for version, name, source, path in cases(traces, expected, names):
            wanted = reference(path)
            if not wanted:
                continue
            with open(source, "rb") as file:
                trace = file.read()
            whole, cells = Times(trace), []
            for cut in CUTS:
                counts = share(cli, trace, whole, wanted, cut, folder)
                cells.append(cell(counts))
                for total in (totals[version, cut], totals["all", cut]):
                    total[:] = [a + b for a, b in zip(total, counts or [0] * 4)]
            print("%-24s" % (version + "/" + name) + "".join(cells), flush=True)
    for version in sorted({key[0] for key in totals}, key=lambda v: (v == "all", v)):
        print("%-24s" % ("together, " + version) + "".join(cell(totals[version, c]) for c in CUTS))


if __name__ == "__main__":
    main()
