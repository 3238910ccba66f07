# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of rooms.ini, each a generator of sentences about what breaks it."""
import collections
import configparser
import fnmatch
import os
import re

from source import Source

HEADER_MEMBERS, ANY_MEMBERS, FOLDER_FILES, VIEW_WIDGETS = 25, 30, 40, 6
EXPORTED_TYPE = re.compile(r'(Unpark|Gotrace|Cli)[A-Z]')


def read_ini(text):
    ini = configparser.ConfigParser(delimiters='=', comment_prefixes='#', allow_no_value=True)
    ini.optionxform = str
    ini.read_string(text)
    return ini


class House:
    """The sources by path, the rooms' rows, and the exceptions that are left."""

    def __init__(self, files, rooms, exceptions):
        self.files = files
        self.sources = {
            path: Source(path, text) for path, text in files.items() if path.endswith(('.c', '.h'))
        }
        ini = read_ini(rooms)
        self.headers = {name: ini['headers'][name].split() for name in ini['headers']}
        self.dependencies = dict(ini['dependencies'])
        self.rows = {
            name: {key: (ini[name][key] or '').split() for key in ini[name]}
            for name in ini.sections()
            if name not in ('headers', 'dependencies', 'only', 'not')
        }
        self.only = dict(ini['only'])
        self.never = {word: ini['not'][word].split() for word in ini['not']}
        self.exceptions = read_ini(exceptions)

    def row(self, room, key):
        return self.rows.get(room, {}).get(key, [])

    def rooms(self):
        return sorted({os.path.dirname(path) for path in self.sources})

    def is_public(self, header):
        room, name = os.path.split(header)
        public = self.row(room, 'public')
        return name in public or ('*' in public and not name.endswith('private.h'))


def allowed(house, section, key, found, limit):
    """Whether an exception covers `found`; says so when it is larger than it has to be."""
    recorded = house.exceptions.getint(section, key, fallback=None)
    if recorded is None:
        return found <= limit, limit
    return found == recorded and found > limit, recorded


def counted(house, section, counts, limit, what):
    """The rule "at most `limit`" for every key of `counts`, with exceptions that may only shrink."""
    for key, (place, found) in sorted(counts.items()):
        fine, most = allowed(house, section, key, found, limit)
        if fine:
            continue
        if found > most:
            yield f'{place}: {key} has {found} {what}; at most {most} are allowed'
        elif found > limit:
            yield f'{place}: {key} has {found} {what}: lower its number in [{section}] of exceptions.ini'
        else:
            yield f'{place}: {key} has {found} {what}: remove it from [{section}] of exceptions.ini'
    for key in house.exceptions[section] if section in house.exceptions else []:
        if key not in counts:
            yield f'exceptions.ini: [{section}] {key} does not exist any more: remove it'


def judge_room_include(house, path, line, target):
    room, other = os.path.dirname(path), os.path.dirname(target)
    if target not in house.sources:
        yield f'{path}:{line}: {target}: there is no such file; start at the project root'
    elif other != room:
        if other not in house.row(room, 'uses'):
            yield f'{path}:{line}: {room} may not include {other} ({target})'
        elif not house.is_public(target):
            yield f'{path}:{line}: {target} is not a public header of {other}'


def judge_includes(house):
    """1. A room includes only the rooms and system headers of its row, and only public headers."""
    for room in house.rooms():
        if room not in house.rows:
            yield f'{room}: the room has no row in rooms.ini'
    for path, source in sorted(house.sources.items()):
        room = os.path.dirname(path)
        patterns = [p for name in house.row(room, 'system') for p in house.headers.get(name, [])]
        for line, quote, target in source.includes:
            if quote == '"':
                yield from judge_room_include(house, path, line, target)
            elif not any(fnmatch.fnmatch(target, pattern) for pattern in patterns):
                yield f'{path}:{line}: {room} may not include <{target}>'


def judge_rows(house):
    """What a row allows is used, so that the table stays true."""
    used, system, public = (collections.defaultdict(set) for _ in range(3))
    for path, source in house.sources.items():
        room = os.path.dirname(path)
        for _, quote, target in source.includes:
            other, name = os.path.split(target)
            if quote == '<':
                system[room] |= {
                    group
                    for group, patterns in house.headers.items()
                    if any(fnmatch.fnmatch(target, p) for p in patterns)
                }
            elif other != room:
                used[room].add(other)
                public[other].add(name)
    for room, row in sorted(house.rows.items()):
        if room not in house.rooms():
            yield f'rooms.ini: {room} does not exist any more: remove its row'
        for key, seen in ('uses', used), ('system', system), ('public', public):
            for name in row.get(key, []):
                if name != '*' and name not in seen[room]:
                    yield f'rooms.ini: [{room}] {key}: {name} is not needed any more: remove it'


def judge_circles(house):
    """2. The graph of rooms has no circle."""
    graph = collections.defaultdict(set)
    for path, source in house.sources.items():
        room = os.path.dirname(path)
        graph[room] |= {os.path.dirname(t) for _, q, t in source.includes if q == '"'} - {room}
    done = set()

    def walk(room, way):
        if room in way:
            yield 'circle of rooms: ' + ' -> '.join(way[way.index(room):] + [room])
        elif room not in done:
            for other in sorted(graph[room]):
                yield from walk(other, way + [room])
            done.add(room)

    for room in sorted(graph):
        yield from walk(room, [])


def is_free(house, path):
    room, name = os.path.split(path)
    stem = name.rsplit('.', 1)[0]
    free = house.row(room, 'free')
    return '*' in free or name in free or stem == 'layout' or stem.endswith('-layout')


def judge_free(house):
    """3. Rooms and files said to be free of GTK are so in their whole include closure."""
    toolkit = [p for name in ('gtk', 'adwaita') for p in house.headers.get(name, [])]
    for path in sorted(house.sources):
        if not is_free(house, path):
            continue
        seen, ways = {path}, [[path]]
        for way in ways:
            for _, quote, target in house.sources[way[-1]].includes:
                if quote == '<' and any(fnmatch.fnmatch(target, p) for p in toolkit):
                    yield f'{path} is free of GTK, but includes <{target}> by {" -> ".join(way)}'
                elif target in house.sources and target not in seen:
                    seen.add(target)
                    ways.append(way + [target])


def words_of(room, stem):
    """The words with which a header's names may begin: its own and its room's, plural or not."""
    words = set(stem.split('-')) | set(room.split('/')[1:]) | {stem.replace('-', '_')}
    return words | {word[:-1] for word in words if word.endswith('s')}


def plain_name(name):
    """unpark_store_open, UnparkStore and gotrace_order_new without the project's part."""
    snake = re.sub(r'(?<=[a-z0-9])(?=[A-Z])', '_', name).lower()
    return re.sub(r'^(unpark|cli)_', '', snake)


def judge_names(house):
    """4. Exported names begin with the file's or the room's prefix, or with a word of its row."""
    needed = set()
    for path, source in sorted(house.sources.items()):
        room, name = os.path.split(path)
        if not name.endswith('.h'):
            continue
        words = words_of(room, name[:-2])
        for exported, line in exported_names(source):
            plain = plain_name(exported)
            if any(plain == word or plain.startswith(word + '_') for word in words):
                continue
            fits = [w for w in house.row(room, 'names') if (plain + '_').startswith(w + '_')]
            needed |= {(room, word) for word in fits}
            if not fits:
                yield f'{path}:{line}: {exported} does not begin with {" or ".join(sorted(words))}'
    for room, row in sorted(house.rows.items()):
        for word in row.get('names', []):
            if (room, word) not in needed:
                yield f'rooms.ini: [{room}] names: {word} is not needed any more: remove it'


def exported_names(source):
    for name, line in source.functions.items():
        yield name, line
    for name, (line, _) in source.types.items():
        yield name, line


def judge_types(house):
    """4. No type name exists twice."""
    defined, rooms = collections.defaultdict(list), collections.defaultdict(set)
    for path, source in sorted(house.sources.items()):
        for name, (line, is_definition) in source.types.items():
            if not EXPORTED_TYPE.match(name):
                continue
            rooms[name].add(os.path.dirname(path))
            if is_definition:
                defined[name].append(f'{path}:{line}')
    for name in sorted(rooms):
        if len(defined[name]) > 1:
            yield f'{name} is defined twice: {", ".join(defined[name])}'
        elif len(rooms[name]) > 1:
            yield f'{name} is a type of more than one room: {", ".join(sorted(rooms[name]))}'


def judge_structs(house):
    """5. A struct in a header has at most 25 members, any other at most 30."""
    for end, limit, section in ('.h', HEADER_MEMBERS, 'header structs'), ('.c', ANY_MEMBERS, 'structs'):
        counts = {}
        for path, source in house.sources.items():
            for struct in source.structs if path.endswith(end) else []:
                known = counts.get(struct.name, ('', 0))
                if struct.members > known[1]:
                    counts[struct.name] = (f'{path}:{struct.line}', struct.members)
        yield from counted(house, section, counts, limit, 'members')


def judge_folders(house):
    """6. A folder has at most 40 files."""
    counts = collections.Counter(os.path.dirname(path) for path in house.files)
    counts = {folder: (folder, n) for folder, n in counts.items()}
    yield from counted(house, 'folders', counts, FOLDER_FILES, 'files')


def judge_widgets(house):
    """7. A view builds at most six widgets by hand; the rest are in its template."""
    counts = {}
    for path, source in house.sources.items():
        if re.search(r'(^|[/-])view\.c$', path):
            counts[path] = (path, len(re.findall(r'\bgtk_\w+_new\w*\s*\(', source.code)))
    yield from counted(house, 'widgets', counts, VIEW_WIDGETS, 'calls of gtk_*_new()')


def judge_dependencies(house):
    """8. A dependency() is included by the library that names it."""
    for path, text in sorted(house.files.items()):
        if os.path.basename(path) != 'meson.build':
            continue
        below = os.path.dirname(path) + '/'
        included = [
            target
            for source in house.sources.values()
            if source.path.startswith(below)
            for _, quote, target in source.includes
            if quote == '<'
        ]
        for name in sorted(set(re.findall(r'\b\w+_dep\b', text)) & set(house.dependencies)):
            if not any(fnmatch.fnmatch(t, p) for t in included for p in house.dependencies[name].split()):
                yield f'{path}: {name} is named, but nothing in {below} includes it'


TRANSLATES = re.compile(r'(?<!\w)(?:_|N_|C_|NC_|Q_|\w*gettext)\s*\(')
FORMAT_MACRO = re.compile(r'\b(?:G_\w+_(?:FORMAT|MODIFIER)|PRI[a-zA-Z]+\d*)\b')


def arguments(code, start):
    """What stands between the bracket before `start` and its partner."""
    depth = 1
    for i in range(start, len(code)):
        depth += {'(': 1, ')': -1}.get(code[i], 0)
        if depth == 0:
            return code[start:i]
    return code[start:]


def judge_messages(house):
    """9. A text to be translated has no macro inside, where xgettext would cut it off."""
    for path, source in sorted(house.sources.items()):
        for call in TRANSLATES.finditer(source.code):
            macro = FORMAT_MACRO.search(arguments(source.code, call.end()))
            if macro:
                line = source.code.count('\n', 0, call.start()) + 1
                yield (f'{path}:{line}: {macro.group()} cuts a text off that is to be translated: '
                       'use "%s" and unpark_format_number()')


def judge_only(house):
    """10. Some words are for one file alone; all others call it."""
    for word, only in sorted(house.only.items()):
        users = [path for path, source in house.sources.items() if re.search(rf'\b{word}\b', source.code)]
        if only not in users:
            yield f'rooms.ini: [only] {word}: {only} does not say it any more: remove it'
        for path in sorted(set(users) - {only}):
            yield f'{path}: {word} is for {only} alone'


def judge_not(house):
    """11. Some words are not for some rooms: what paints does not wait for what a store decodes."""
    for word, rooms in sorted(house.never.items()):
        for path, source in sorted(house.sources.items()):
            if os.path.dirname(path) in rooms and re.search(rf'\b{word}\b', source.code):
                yield f'{path}: {word} is not for {os.path.dirname(path)}'


RULES = [
    judge_includes,
    judge_rows,
    judge_circles,
    judge_free,
    judge_names,
    judge_types,
    judge_structs,
    judge_folders,
    judge_widgets,
    judge_dependencies,
    judge_messages,
    judge_only,
    judge_not,
]


def judge(house):
    return [sentence for rule in RULES for sentence in rule(house)]
