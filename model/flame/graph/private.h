/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between the steps of making a flame graph; model/flame-*.c only. */
#pragma once

#include "model/base/times.h"
#include "model/flame/graph/flame.h"
#include "model/store/decode.h"

/* ---- Weighed stacks: what a source and a scope give ------------------------------------ */

typedef struct {
  guint32 group;  /* index into groups; 0: none */
  guint32 node;   /* 0: no stack */
  gint64 time_ns; /* BY_TIME only: of a trace; of a profile the sample's place. Else 0 */
  gint64 value;
  gint64 count; /* of what was added up */
} UnparkFlameEntry;

typedef struct {
  gint64 value, count;
} UnparkFlameSum;

/* Nodes number 1.. with parents before their children (0: outermost), as in UnparkStacks. */
typedef struct {
  UnparkStore *store; /* for texts; not owned */
  guint n_nodes, n_frames;
  const guint32 *node_parent, *node_frame; /* by node - 1 */
  const gint64 *frames;                    /* function, file, line, inlined; by frame - 1 */
  gboolean are_regions;                    /* frames are names of regions */
  gpointer owned[3];                       /* of the arrays above; freed */
  GArray *entries;                         /* UnparkFlameEntry, sorted by group, then node
                                              or time; no two alike but BY_TIME */
  GPtrArray *groups;                       /* texts, owned; [0] is NULL */
  GHashTable *group_ids;                   /* text -> index */
  gint64 total;
  gboolean are_delays; /* the values are times that something took, each counted once */
  char *unit, *title;
} UnparkFlameInput;

/* Worker. NULL on failure. */
UnparkFlameInput *unpark_flame_collect(UnparkStore *store, const UnparkFlameSpec *spec,
                                       GCancellable *cancellable, GError **error);
void unpark_flame_input_free(UnparkFlameInput *input);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkFlameInput, unpark_flame_input_free)

/* For the collectors of flame-collect-*.c. */
typedef struct {
  UnparkStore *store;
  const UnparkFlameSpec *spec;
  const UnparkStacks *stacks;
  UnparkFlameInput *input;
  UnparkFlameSum *dense; /* sums by node of group 0; NULL: everything goes to the entries */
  guint compact_at;      /* number of entries at which equal ones are joined */
  GHashTable *intervals; /* goroutine -> GArray of gint64 pairs; NULL: no task scope */
  gboolean by_goroutine; /* the scope names goroutines in some way */
  gint64 trace_start_ns, trace_end_ns;
  GCancellable *cancellable;
  GError **error;
} UnparkFlameCollector;

guint32 unpark_flame_group(UnparkFlameCollector *c, const char *text);
void unpark_flame_add(UnparkFlameCollector *c, guint32 group, guint32 stack, gint64 time_ns,
                      gint64 value);
void unpark_flame_add_node(UnparkFlameCollector *c, guint32 group, guint32 node, gint64 time_ns,
                           gint64 value);
/* What of [start, end] counts for the goroutine; 0 if nothing, -1 if it is out of scope. */
gint64 unpark_flame_overlap(UnparkFlameCollector *c, gint64 goroutine, gint64 start, gint64 end);
/* The group of something a goroutine did, by the spec's grouping. */
guint32 unpark_flame_group_of(UnparkFlameCollector *c, gint64 goroutine, const char *state);

gboolean unpark_flame_scope_begin(UnparkFlameCollector *c);
gboolean unpark_flame_collect_spans(UnparkFlameCollector *c);
gboolean unpark_flame_collect_rows(UnparkFlameCollector *c);
gboolean unpark_flame_collect_samples(UnparkFlameCollector *c);
gboolean unpark_flame_collect_regions(UnparkFlameCollector *c);

/* ---- Names ---------------------------------------------------------------------------------- */

/* Texts and names of one tree; interned over all inputs. */
typedef struct {
  GStringChunk *chunk;
  GHashTable *by_key; /* text -> name + 1 */
  GArray *names;      /* UnparkFlameName */
} UnparkFlameNames;

UnparkFlameNames *unpark_flame_names_new(void);
void unpark_flame_names_free(UnparkFlameNames *names);
guint32 unpark_flame_names_special(UnparkFlameNames *names, UnparkFlameNameKind kind,
                                   const char *text);
/* The name of what has no stack. */
guint32 unpark_flame_no_stack(UnparkFlameNames *names);
guint32 unpark_flame_names_frame(UnparkFlameNames *names, UnparkFlameMerge merge,
                                 const char *function, const char *file, guint32 line);

/* What the spec's expressions say of each frame, and what that makes of each node. */
enum {
  FLAME_FOCUS = 1,     /* frame matches; node: it or a caller does */
  FLAME_IGNORE = 2,    /* likewise */
  FLAME_HIDDEN = 4,    /* the frame is left out */
  FLAME_FROM = 8,      /* frame matches show_from; node: the stack is shown from here or above */
  FLAME_FUNCTION = 16, /* frame is the spec's function; node: it or a caller is */
  FLAME_IS_TOP = 32,   /* node: the outermost frame of that function */
};

typedef struct {
  guint32 *frame_name; /* by frame - 1: name + 1; 0: not resolved */
  guint8 *frame_flags; /* by frame - 1 */
  guint8 *node_flags;  /* by node; NULL: no expression */
} UnparkFlameFilter;

/* Resolves the frames that the entries' nodes use. */
gboolean unpark_flame_filter_init(UnparkFlameFilter *filter, const UnparkFlameInput *input,
                                  const UnparkFlameSpec *spec, UnparkFlameNames *names,
                                  GError **error);
void unpark_flame_filter_clear(UnparkFlameFilter *filter);
/* Whether an entry counts at all. */
gboolean unpark_flame_filter_keeps(const UnparkFlameFilter *filter, const UnparkFlameSpec *spec,
                                   guint32 node);
/* Whether the node's own frame is shown. */
static inline gboolean unpark_flame_filter_shows(const UnparkFlameFilter *filter,
                                                 const UnparkFlameSpec *spec, guint32 node) {
  guint8 flags = filter->node_flags ? filter->node_flags[node] : 0;
  return !(flags & FLAME_HIDDEN) && (!spec->show_from || !*spec->show_from || flags & FLAME_FROM) &&
         (spec->part <= UNPARK_FLAME_THROUGH || flags & FLAME_FUNCTION);
}

#define UNPARK_FLAME_NO_NAME G_MAXUINT32

/* What the node's frame is called; NO_NAME: it has none (Go writes such frames where a stack could
 * not be walked), or is not shown. */
static inline guint32 unpark_flame_filter_name(const UnparkFlameFilter *filter,
                                               const UnparkFlameInput *input, guint32 node) {
  guint32 frame = input->node_frame[node - 1];
  const gint64 *row = frame > 0 ? input->frames + ((gsize)frame - 1) * 4 : NULL;
  if (!row || (row[0] == 0 && row[1] == 0 && row[2] == 0 && !input->are_regions))
    return UNPARK_FLAME_NO_NAME;
  return filter->frame_name[frame - 1] - 1;
}

/* ---- Building ------------------------------------------------------------------------------- */

typedef struct {
  guint32 parent, name;
  guint32 first, next; /* child made last, sibling made before; 0: none */
  gint64 self[2];      /* ours, the base's */
  gint64 count;        /* of what self[0] is the sum of */
} UnparkFlameDraft;

typedef struct {
  UnparkFlameDraft *nodes; /* parents before children; [0] is the root */
  guint n, size;
  guint32 *table; /* of the children of those that have many: open addressing over (parent, name);
                     0: free */
  guint table_size, n_in_table;
  guint64 n_cut;
  GArray *times; /* gint64 by node: the time of its first entry; NULL: there are none */
} UnparkFlameBuilder;

void unpark_flame_builder_init(UnparkFlameBuilder *b);
void unpark_flame_builder_clear(UnparkFlameBuilder *b);
/* The child of that name, made if there is none. */
guint32 unpark_flame_builder_child(UnparkFlameBuilder *b, guint32 parent, guint32 name);
/* To what the node has itself; `count`: of how many things `value` is the sum. */
void unpark_flame_builder_add(UnparkFlameBuilder *b, guint32 node, guint side, gint64 value,
                              gint64 count);
/* Takes `names`; clears `b`. The base's values are multiplied with `scale`. */
UnparkFlame *unpark_flame_builder_finish(UnparkFlameBuilder *b, UnparkFlameNames *names,
                                         UnparkFlameOrder order, gboolean has_base, double scale);

/* Adds the entries of input number `side` (0: ours, 1: the base). */
gboolean unpark_flame_insert(UnparkFlameBuilder *b, UnparkFlameNames *names,
                             const UnparkFlameInput *input, const UnparkFlameFilter *filter,
                             const UnparkFlameSpec *spec, guint side, GCancellable *cancellable,
                             GError **error);
/* The same with the innermost frames first. */
gboolean unpark_flame_insert_inverted(UnparkFlameBuilder *b, UnparkFlameNames *names,
                                      const UnparkFlameInput *input,
                                      const UnparkFlameFilter *filter, const UnparkFlameSpec *spec,
                                      guint side, GCancellable *cancellable, GError **error);

static inline gint64 unpark_flame_abs(gint64 a) {
  return a == G_MININT64 ? G_MAXINT64 : ABS(a);
}
