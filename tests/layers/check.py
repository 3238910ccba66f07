#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fails when a source breaks a rule of rooms.ini. Usage: check.py [PROJECT-ROOT]"""
import os
import sys

sys.dont_write_bytecode = True
here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, here)

import planted  # noqa: E402
import rules  # noqa: E402

LAYERS = ('model', 'importers', 'live', 'ui', 'app')


def read(path):
    with open(path, encoding='utf-8') as file:
        return file.read()


def read_tree(root):
    files = {}
    for layer in LAYERS:
        for folder, _, names in os.walk(os.path.join(root, layer)):
            for name in names:
                if not name.startswith('.'):
                    path = os.path.join(folder, name)
                    files[os.path.relpath(path, root)] = read(path)
    return files


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else os.path.join(here, '..', '..')
    exceptions = read(os.path.join(here, 'exceptions.ini'))
    plants, problems = planted.check()
    house = rules.House(read_tree(root), read(os.path.join(here, 'rooms.ini')), exceptions)
    problems += rules.judge(house)
    if problems:
        print('\n'.join(problems), file=sys.stderr)
        print('layers: the rules are in tests/layers/rooms.ini, the reasons in ARCHITECTURE.md',
              file=sys.stderr)
        return 1
    lines = sum(len(source.includes) for source in house.sources.values())
    print(f'layers: {lines} include lines in {len(house.rooms())} rooms, {plants} planted faults found')
    return 0


if __name__ == '__main__':
    sys.exit(main())
