# SPDX-License-Identifier: GPL-3.0-or-later
"""What the rules need to know about a C file: includes, exported names, types, struct sizes.

Not a C parser: it reads the layout that clang-format gives the project's sources.
"""
import re

INCLUDE = re.compile(r'[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)')
TAG = re.compile(r'\b(struct|union|enum)\b(?:\s+(\w+))?\s*$')
DECLARE = re.compile(r'G_DECLARE_\w+\((\w+),\s*(\w+)')
NOT_A_NAME = re.compile(r'^(G_[A-Z0-9_]+|__\w+|\w*attribute\w*|sizeof|if|for|while|switch|return)$')


def without_comments(text):
    """The text with comments and literals blanked, so that braces and names are code."""
    pattern = r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
    return re.sub(pattern, lambda m: re.sub(r'[^\n]', ' ', m.group()), text, flags=re.S)


class Struct:
    def __init__(self, name, members, line):
        self.name, self.members, self.line = name, members, line


class Source:
    def __init__(self, path, text):
        self.path, self.text = path, text
        self.includes = []  # (line, quote, target)
        for number, line in enumerate(text.split('\n'), 1):
            found = INCLUDE.match(line)
            if found:
                self.includes.append((number, found.group(1), found.group(2)))
        code = without_comments(text)
        self.code = re.sub(r'^[ \t]*#(?:[^\n]*\\\n)*[^\n]*', self._blank, code, flags=re.M)
        self.structs, self.functions = [], {}
        self.types = {}  # name -> (line, whether it is defined here and not only declared)
        self._read(self.code)

    @staticmethod
    def _blank(match):
        return re.sub(r'[^\n]', ' ', match.group())

    def _line(self, offset):
        return self.code.count('\n', 0, offset) + 1

    def _read(self, code):
        """Splits the file into its outermost statements and looks at each."""
        start, depth, body, i = 0, 0, None, 0
        for i, c in enumerate(code):
            if c == '{':
                if depth == 0:
                    body = i
                depth += 1
            elif c == '}':
                depth -= 1
                head = code[start:body] if body is not None else ''
                if depth == 0 and not TAG.search(head) and '=' not in head:
                    self._statement(start, head, '', '')  # a function's body ends here
                    start, body = i + 1, None
            elif c == ';' and depth == 0:
                if body is None:
                    self._statement(start, code[start:i], '', '')
                else:
                    end = code.rindex('}', 0, i)
                    self._statement(start, code[start:body], code[body + 1:end], code[end + 1:i])
                start, body = i + 1, None

    def _statement(self, start, head, body, tail):
        for found in DECLARE.finditer(head):
            self._type(found.group(1), start + found.start(), False)
            self.functions.setdefault(found.group(2) + '_get_type', self._line(start))
        head = re.sub(r'\bG_[A-Z0-9_]+\s*\([^()]*\)', self._blank, head)
        if not head.strip():
            return
        at = start + len(head) - len(head.lstrip())
        tag = TAG.search(head)
        if tag and body:
            names = re.findall(r'\w+', tail) if head.strip().startswith('typedef') else []
            name = (names or [tag.group(2)])[0]
            if name:
                self._type(name, at, True)
            if tag.group(1) != 'enum':
                self.structs.append(Struct((name or '').lstrip('_'), members(body), self._line(at)))
        elif head.strip().startswith('typedef'):
            pointer = re.search(r'\(\s*\*\s*(\w+)\s*\)', head)
            name = pointer.group(1) if pointer else re.findall(r'\w+', head)[-1]
            self._type(name, at, not re.match(r'\s*typedef\s+(struct|union)\s+\w+\s+\w+\s*$', head))
        elif not body or '=' in head:
            self._function(head, at)

    def _type(self, name, offset, defined):
        name = name.lstrip('_')
        if defined or name not in self.types:
            self.types[name] = (self._line(offset), defined)

    def _function(self, head, offset):
        if re.match(r'\s*(static(?!\s+inline)|struct\s+\w+\s*$)', head):
            return
        for name in re.findall(r'(\w+)\s*\(', head):
            if not NOT_A_NAME.match(name):
                self.functions.setdefault(name, self._line(offset))
                return
        found = re.match(r'\s*extern\b.*?(\w+)\s*(\[[^\]]*\]\s*)*(=.*)?$', head, flags=re.S)
        if found:
            self.functions.setdefault(found.group(1), self._line(offset))


def members(body):
    """How many members a struct has; those of a struct inside it count, too."""
    count = 0
    for part in re.split(r'[;{}]', body):
        part = re.sub(r'\([^()]*\)(?=\s*$)', '', part.strip())  # a function pointer's arguments
        part = re.sub(r'\bG_[A-Z_]+\s*\([^()]*\)', '', part)
        if part and not re.search(r'\b(struct|union|enum)(\s+\w+)?\s*$', part):
            count += 1 + re.sub(r'\[[^\]]*\]', '', part).count(',')
    return count
