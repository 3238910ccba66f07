#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a pprof profile with many distinct stacks, for measuring.

Usage: make-profile.py OUT.pb.gz [STACKS [DEPTH]]     default: 1000000 stacks, up to 500 frames

Stacks look like those of a big service: neighbours share most of their callers, most are some
dozens of frames deep, and some recurse down to DEPTH. The same arguments give the same file.
"""
import gzip
import random
import sys

FUNCTIONS = 20000
PACKAGES = ["main", "net/http", "runtime", "encoding/json", "database/sql", "sync", "strings",
            "example.com/shop/order", "example.com/shop/cart", "example.com/shop/stock",
            "github.com/acme/cache", "github.com/acme/rpc/internal/wire", "compress/flate"]


def varint(n):
    out = bytearray()
    while n > 0x7f:
        out.append(n & 0x7f | 0x80)
        n >>= 7
    out.append(n)
    return bytes(out)


def field(number, payload):
    return varint(number << 3 | 2) + varint(len(payload)) + payload


def number(field_number, value):
    return varint(field_number << 3) + varint(value)


def stacks(count, depth, chance):
    """Stacks as lists of function numbers, outermost first; no two are alike."""
    seen = set()
    stack = [1]
    while len(seen) < count:
        if chance.random() < 0.001:
            goal = depth
        else:
            goal = min(depth, int(chance.lognormvariate(3.5, 0.6)) + 2)
        del stack[max(1, min(len(stack), goal) - chance.randrange(1, 12)):]
        while len(stack) < goal:
            # Few callees are called often, many seldom.
            fan = int(chance.paretovariate(0.9))
            stack.append((stack[-1] * 31 + fan * 7) % FUNCTIONS + 1)
        key = hash(tuple(stack))
        if key not in seen:
            seen.add(key)
            yield stack


def main():
    out = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 1000000
    depth = int(sys.argv[3]) if len(sys.argv) > 3 else 500
    chance = random.Random(20)
    strings = ["", "cpu", "nanoseconds", "samples", "count"]
    with gzip.open(out, "wb", compresslevel=1) as file:
        file.write(field(1, number(1, 3) + number(2, 4)))
        file.write(field(1, number(1, 1) + number(2, 2)))
        ids = [varint(i) for i in range(FUNCTIONS + 2)]
        for stack in stacks(count, depth, chance):
            frames = b"".join([ids[i] for i in reversed(stack)])
            hits = int(chance.paretovariate(1.2))
            values = varint(hits) + varint(hits * 10000000)
            file.write(field(2, field(1, frames) + field(2, values)))
        for i in range(1, FUNCTIONS + 1):
            package = PACKAGES[i * 7919 % len(PACKAGES)]
            strings.append(f"{package}.work{i}" if i % 3 else f"{package}.(*Server).handle{i}")
            strings.append(f"/src/{package}/file{i % 50}.go")
            file.write(field(4, number(1, i) + field(4, number(1, i) + number(2, 10 + i % 900))))
            file.write(field(5, number(1, i) + number(2, len(strings) - 2) +
                             number(4, len(strings) - 1)))
        for text in strings:
            file.write(field(6, text.encode()))
        file.write(number(12, 10000000))


main()
