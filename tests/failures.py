#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints all that the failed tests of a run said: failures.py BUILD-FOLDER.

The test runner itself shows the last 100 lines, which may leave out the one that tells why."""
import json
import os
import sys

MOST = 200_000  # characters of one test: far more than any says that does not run away


def shown(text):
    if len(text) <= MOST:
        return text
    return f"{text[:MOST // 10]}\n... {len(text) - MOST} characters ...\n{text[-MOST * 9 // 10:]}"


log = os.path.join(sys.argv[1], "meson-logs", "testlog.json")
if os.path.exists(log):
    with open(log, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            test = json.loads(line)
            if test["result"] in ("OK", "EXPECTEDFAIL", "SKIP"):
                continue
            said = [shown(test.get(stream) or "").rstrip() for stream in ("stdout", "stderr")]
            print(f"\n--- {test['name']}: {test['result']} after {test['duration']:.0f} s, "
                  f"status {test['returncode']}\n" + "\n".join(s for s in said if s))
