/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An answer in JSON as a tree. Whole texts of a bounded size, for what a debugger says; files are
 * read by importers/speedscope/json.h, as a stream. Any thread. */
#pragma once

#include <glib.h>

#define UNPARK_JSON_TREE_DEPTH 32
#define UNPARK_JSON_TREE_NODES 4000000

typedef enum {
  UNPARK_JSON_TREE_WORD, /* a number, true, false, null */
  UNPARK_JSON_TREE_STRING,
  UNPARK_JSON_TREE_ARRAY,
  UNPARK_JSON_TREE_OBJECT,
} UnparkJsonTreeType;

typedef struct _UnparkJsonTree UnparkJsonTree;
struct _UnparkJsonTree {
  UnparkJsonTreeType type;
  char *key;                    /* in an object; else NULL */
  char *text;                   /* of a string (valid UTF-8) or word */
  UnparkJsonTree *first, *next; /* members or elements, in their order */
};

/* NULL: it is not one JSON value and nothing else, or larger than the limits. */
UnparkJsonTree *unpark_json_tree_parse(const char *text, gsize size);
void unpark_json_tree_free(UnparkJsonTree *tree);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkJsonTree, unpark_json_tree_free)

/* All take NULL for `tree`. A member that is not there: NULL, "", 0, FALSE. */
const UnparkJsonTree *unpark_json_tree_get(const UnparkJsonTree *tree, const char *key);
const char *unpark_json_tree_text(const UnparkJsonTree *tree, const char *key);
gint64 unpark_json_tree_number(const UnparkJsonTree *tree, const char *key);
gboolean unpark_json_tree_flag(const UnparkJsonTree *tree, const char *key);
