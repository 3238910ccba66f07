/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making what the flame graph view shows, in workers: the tree, in a sandwich the second one, and
 * the table of functions. No GTK. */
#pragma once

#include "model/flame/graph/colour.h"
#include "ui/session/session.h"

typedef enum {
  UNPARK_FLAME_WHO_ALL,
  UNPARK_FLAME_WHO_FILTER,    /* that pass the window's filter */
  UNPARK_FLAME_WHO_GOROUTINE, /* the picked one */
  UNPARK_FLAME_WHO_ENTRY,     /* that started in the same function as the picked one */
  UNPARK_FLAME_WHO_TASK,
  UNPARK_FLAME_N_WHO
} UnparkFlameWho;

/* One side of a difference: which file, and which part of it. */
typedef struct {
  UnparkStore *store;
  GObject *keeper; /* what must live as long as the store is used; may be NULL */
  gint64 from_ns, to_ns;
  UnparkFlameWho who;
  UnparkFilterResult *filtered; /* FILTER: what passes; NULL: all */
  gint64 goroutine;             /* GOROUTINE, ENTRY */
  guint32 name_id;    /* ENTRY: of the function; 0: the one that the goroutine started in */
  gint64 task;        /* TASK */
  gboolean no_system; /* ALL, FILTER: without the runtime's own goroutines */
} UnparkFlameSide;

enum {
  UNPARK_FLAME_FOCUS,
  UNPARK_FLAME_IGNORE,
  UNPARK_FLAME_HIDE,
  UNPARK_FLAME_SHOW,
  UNPARK_FLAME_SHOW_FROM,
  UNPARK_FLAME_LABEL,
  UNPARK_FLAME_N_PATTERNS
};

typedef struct {
  UnparkFlameSide side, base;
  gboolean has_base;
  char *source;      /* title of an offer; NULL: what the store shows first */
  char *source_name; /* its name: what to look for in another file */
  gboolean count, no_idle;
  char *patterns[UNPARK_FLAME_N_PATTERNS];
  char *label_key;
  UnparkFlameGrouping grouping;
  UnparkFlameMerge merge;
  UnparkFlameOrder order;
  gboolean invert, collapse, normalise;
  char *function; /* of a sandwich; NULL: whole stacks */
} UnparkFlameQuery;

void unpark_flame_query_clear(UnparkFlameQuery *query);
/* With references and copies of its own. */
UnparkFlameQuery *unpark_flame_query_copy(const UnparkFlameQuery *query);
void unpark_flame_query_free(UnparkFlameQuery *query);
void unpark_flame_side_clear(UnparkFlameSide *side);
void unpark_flame_side_copy(UnparkFlameSide *to, const UnparkFlameSide *from);

/* What came out; atomically reference-counted, immutable. */
typedef struct {
  UnparkFlame *flame;   /* whole stacks, or below the sandwich's function */
  UnparkFlame *callers; /* above it; NULL: no sandwich */
  UnparkFlameRow *rows; /* functions of `whole` */
  UnparkFlame *whole;   /* of the sandwich: the whole stacks that its function is in */
  guint n_rows, n_rows_all;
  guint n_goroutines;    /* that passed the filter; G_MAXUINT: not asked */
  GPtrArray *legends[3]; /* by UnparkFlameColouring: UnparkFlameLegend */
} UnparkFlameResult;

#define UNPARK_FLAME_MAX_ROWS 10000 /* of the table: more nobody reads, and sorting takes time */

/* Worker. */
UnparkFlameResult *unpark_flame_query_run(const UnparkFlameQuery *query, GCancellable *cancellable,
                                          GError **error);
UnparkFlameResult *unpark_flame_result_ref(UnparkFlameResult *result);
void unpark_flame_result_unref(UnparkFlameResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkFlameResult, unpark_flame_result_unref)

/* Worker. Keys of the labels that samples have, NULL-terminated; free with g_strfreev(). */
char **unpark_flame_label_keys(UnparkStore *store, GCancellable *cancellable, GError **error);

/* An expression that a frame's function (or file, or package) passes and no other; NULL: the frame
 * is none of code, such as a group. Free with g_free(). */
char *unpark_flame_pattern_of(const UnparkFlameName *name, UnparkFlameMerge merge);
