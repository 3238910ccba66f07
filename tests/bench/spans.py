#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast spans are imported, beside a plain reader of JSON in the same minutes.

    spans.py UNPARK_CLI [MEGABYTES]

Processor time of all threads, the median of five rounds in turn; memory is the peak. The file is
tests/data/spans/js.otlp.* over and over, with other trace ids each time."""
import os, re, shutil, statistics, subprocess, sys, tempfile

ROUNDS = 5
DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data", "spans")


def make(folder, size):
    """One line of OTLP JSON a repetition, and the same as protobuf messages one after another."""
    text = open(os.path.join(DATA, "js.otlp.json"), encoding="utf-8").read().strip()
    message = open(os.path.join(DATA, "js.otlp.pb"), "rb").read()
    ids = sorted(set(re.findall(r'"traceId":"([0-9a-f]{32})"', text)))
    pieces = re.split("(" + "|".join(ids) + ")", text)
    raw = [bytes.fromhex(i) for i in ids]
    parts = re.split(b"(" + b"|".join(map(re.escape, raw)) + b")", message, flags=re.S)
    files = os.path.join(folder, "spans.json"), os.path.join(folder, "spans.pb")
    with open(files[0], "w", encoding="utf-8") as f:
        for n in range(max(1, size // len(text.encode()))):
            f.write("".join("%08x" % n + p[8:] if i % 2 else p for i, p in enumerate(pieces)) + "\n")
    with open(files[1], "wb") as f:
        for n in range(max(1, size // len(message))):
            f.write(b"".join(n.to_bytes(4, "big") + p[4:] if i % 2 else p for i, p in enumerate(parts)))
    return files


def measure(command):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command[0]}: status {process.returncode}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main(cli, megabytes=200):
    with tempfile.TemporaryDirectory() as folder:
        text, message = make(folder, int(megabytes) * 1000000)
        store = os.path.join(folder, "spans.unpark")
        commands = {
            "unpark-cli, OTLP JSON": (text, [cli, "import", text, "-o", store]),
            "unpark-cli, OTLP protobuf": (message, [cli, "import", message, "-o", store]),
            "python3 json.loads": (text, [sys.executable, "-c", "import json, sys\n"
                                         "for line in open(sys.argv[1]): json.loads(line)", text]),
        }
        if shutil.which("jq"):
            commands["jq"] = (text, ["jq", "-c", "length", text])
        taken = {name: [] for name in commands}
        for _ in range(ROUNDS):
            for name, (_, command) in commands.items():
                taken[name].append(measure(command))
                if os.path.exists(store):
                    os.unlink(store)
        for name, (path, _) in commands.items():
            seconds = statistics.median(s for s, _ in taken[name])
            memory = max(m for _, m in taken[name])
            print(f"{name:28} {os.path.getsize(path) / 1e6 / seconds:7.0f} MB/s {seconds:7.2f} s "
                  f"{memory:6.0f} MiB")


main(*sys.argv[1:3])
