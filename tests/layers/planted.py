# SPDX-License-Identifier: GPL-3.0-or-later
"""A test that cannot fail proves nothing: a small house without a fault, then one fault at a time."""
import rules

ROOMS = '''
[headers]
glib = glib.h glib/*
sqlite = sqlite3.h
gtk = gtk/*
adwaita = adwaita.h
[dependencies]
sqlite_dep = sqlite3.h
[only]
DEEP = model/store/store.c
[not]
SLOW = ui/list
[model/store]
system = glib sqlite
public = store.h
names = span
[ui/kit]
uses = model/store
public = *
free = *
[ui/list]
uses = model/store ui/kit
system = gtk
'''

FILES = {
    'model/meson.build': "library('model', dependencies: [sqlite_dep])\n",
    'model/store/store.c': '#include "model/store/store.h"\n#include <sqlite3.h>\nint n = DEEP;\n',
    'model/store/store.h': '#include <glib.h>\nvoid unpark_store_open(void);\nint unpark_span(void);\n',
    'model/store/private.h': 'struct _UnparkStore {\n  int a, b;\n};\n',
    'ui/kit/palette.h': '#include "model/store/store.h"\ntypedef enum { RED } UnparkPalette;\n',
    'ui/list/view.c': '#include <gtk/gtk.h>\n#include "ui/list/layout.h"\n',
    'ui/list/layout.h': '#include "ui/kit/palette.h"\n#include "model/store/store.h"\n',
}

EXCEPTIONS = '[header structs]\n[structs]\n[folders]\n[widgets]\n'


def struct(name, members):
    return f'typedef struct {{\n{"  int a;" * members}\n}} {name};\n'


# What the sentence has to contain, the file, what it gets in addition, and exceptions.
PLANTS = [
    # 1. rooms and headers
    ('ui/kit may not include ui/list', 'ui/kit/a.c', '#include "ui/list/layout.h"\n', ''),
    ('may not include <gtk/gtk.h>', 'model/store/a.c', '  #  include <gtk/gtk.h>\n', ''),
    ('may not include <sqlite3.h>', 'ui/list/view.c', '#include <sqlite3.h>\n', ''),
    ('not a public header', 'ui/list/view.c', '#include "model/store/private.h"\n', ''),
    ('there is no such file', 'ui/list/view.c', '#include "layout.h"\n', ''),
    ('there is no such file', 'ui/list/view.c', '#include "../kit/palette.h"\n', ''),
    ('the room has no row', 'ui/new/view.c', '#include "ui/kit/palette.h"\n', ''),
    # 2. circles
    ('circle of rooms: model/store -> ui/kit', 'model/store/a.c', '#include "ui/kit/palette.h"\n', ''),
    # 3. no GTK in the include closure
    ('ui/kit/palette.h is free of GTK', 'model/store/store.h', '#include <gtk/gtk.h>\n', ''),
    ('ui/list/layout.h is free of GTK', 'ui/list/layout.h', '#include <adwaita.h>\n', ''),
    # 4. names
    ('unpark_shop_open does not begin', 'model/store/store.h', 'int\nunpark_shop_open(int a);\n', ''),
    ('unpark_shop does not begin', 'ui/kit/palette.h', 'extern const char *unpark_shop[2];\n', ''),
    ('UnparkShop does not begin', 'ui/kit/palette.h', 'typedef struct _UnparkShop UnparkShop;\n', ''),
    ('UnparkPalette is defined twice', 'ui/list/view.c', struct('UnparkPalette', 1), ''),
    ('more than one room', 'ui/kit/store.h', 'typedef struct _UnparkStore UnparkStore;\n', ''),
    # 5. members
    ('UnparkWide has 26 members', 'ui/list/view.h', struct('UnparkWide', 26), ''),
    ('Wide has 31 members', 'ui/list/a.c', struct('Wide', 31), ''),
    ('UnparkKit has 26', 'ui/kit/kit.h', struct('UnparkKit', 26), '[header structs]\nUnparkKit = 27\n'),
    ('remove it from', 'ui/kit/kit.h', struct('UnparkKit', 25), '[header structs]\nUnparkKit = 26\n'),
    ('UnparkGone does not exist', 'ui/kit/kit.h', '', '[header structs]\nUnparkGone = 26\n'),
    # 7. widgets
    ('has 7 calls', 'ui/list/view.c', 'void f(void) {\n' + '  gtk_box_new(0, 1);\n' * 7 + '}\n', ''),
    # 8. dependencies
    ('sqlite_dep is named', 'ui/meson.build', "library('ui', dependencies: [sqlite_dep])\n", ''),
    # 9. texts to be translated
    ('G_GUINT64_FORMAT cuts', 'ui/list/view.c', '_("at %" G_GUINT64_FORMAT "\\n")', ''),
    ('PRIu64 cuts', 'ui/list/view.c', 'ngettext("(%s) a",\n"%" PRIu64, f(n))', ''),
    # 10. words
    ('DEEP is for model/store/store.c alone', 'ui/list/view.c', 'int n = DEEP;\n', ''),
    ('SLOW is not for ui/list', 'ui/list/view.c', 'int n = SLOW;\n', ''),
]

# Rows that allow more than is used.
ROWS = [
    ('zstd is not needed', 'system = glib sqlite', 'system = glib sqlite zstd'),
    ('ui/list is not needed', 'uses = model/store\npublic', 'uses = model/store ui/list\npublic'),
    ('stores.h is not needed', 'public = store.h', 'public = store.h stores.h'),
    ('SHALLOW: model/store/store.c does not', 'DEEP = ', 'SHALLOW = model/store/store.c\nDEEP = '),
    ('shop is not needed', 'names = span', 'names = span shop'),
    ('does not exist any more', '[ui/list]', '[ui/lost]\n[ui/list]'),
]


def judge(files, rooms, exceptions):
    return rules.judge(rules.House(files, rooms, exceptions))


def plant(wanted, files, rooms=ROOMS, exceptions=EXCEPTIONS):
    found = judge(files, rooms, exceptions)
    if not any(wanted in sentence for sentence in found):
        yield f'self-check: “{wanted}” was planted and not found, but: {found or "nothing"}'


def check():
    """How many faults were planted, and which of them were not found."""
    problems = [f'self-check: no fault is here: {s}' for s in judge(FILES, ROOMS, EXCEPTIONS)]
    for wanted, path, text, extra in PLANTS:
        exceptions = EXCEPTIONS.replace(extra.split('\n')[0] + '\n', extra) if extra else EXCEPTIONS
        problems += plant(wanted, {**FILES, path: FILES.get(path, '') + text}, exceptions=exceptions)
    crowd = {f'ui/list/file-{n}.ui': '' for n in range(rules.FOLDER_FILES)}
    problems += plant('ui/list has 42 files', {**FILES, **crowd})
    for wanted, old, new in ROWS:
        problems += plant(wanted, FILES, ROOMS.replace(old, new))
    return len(PLANTS) + 1 + len(ROWS), problems
