/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Flame graphs: stacks of a store, weighed by a source, as one tree.
 *
 * A tree is made from a store in three steps, all of them here: a source says which stacks count
 * and how much (processor samples, time blocked, bytes allocated ...), a scope says of which time
 * and goroutines, and a shape says what becomes of the frames (filters, merging, inversion,
 * order). The result is immutable, holds its own texts and may be used from any thread.
 *
 * Cost: every distinct stack of the store is seen once, and shared beginnings of stacks are shared
 * here as well; 10^6 stacks of depth 500 with common beginnings are a matter of seconds, most of
 * it reading. Values add up with saturation: a hostile file gives a wrong sum, never a crash.
 *
 *   UnparkFlameSpec spec = UNPARK_FLAME_SPEC_INIT;
 *   unpark_flame_source_parse("off-cpu:channel", &spec.source);
 *   flame = unpark_flame_new(store, &spec, NULL, NULL, cancellable, &error);
 */
#pragma once

#include <gio/gio.h>

#include "model/store/store.h"

/* ---- What is counted ---------------------------------------------------------------- */

typedef enum {
  UNPARK_FLAME_CPU,        /* trace: processor samples, each 1 */
  UNPARK_FLAME_OFF_CPU,    /* trace: where goroutines stopped, and for how long */
  UNPARK_FLAME_SCHED,      /* trace: time runnable, by the stack that made them runnable */
  UNPARK_FLAME_WAKER,      /* trace: who ended waits; the time is that of the wait */
  UNPARK_FLAME_CREATION,   /* trace: where goroutines were created, each 1 */
  UNPARK_FLAME_REGIONS,    /* trace: regions inside regions; the frames are their names */
  UNPARK_FLAME_SAMPLES,    /* profile: one sample type */
  UNPARK_FLAME_GOROUTINES, /* dump: goroutines by where they are */
  UNPARK_FLAME_RACES,      /* race report: every stack of every race */
} UnparkFlameKind;

/* Which stops OFF_CPU counts. */
typedef enum {
  UNPARK_STOPS_ALL,     /* every wait and every system call */
  UNPARK_STOPS_WAIT,    /* waits of one UnparkWait; SYSCALL: system calls */
  UNPARK_STOPS_GO_SYNC, /* what `go tool trace -pprof=sync` takes: chan, sync, select */
  UNPARK_STOPS_GO_NET,  /* what -pprof=net takes: the reason "network" */
} UnparkFlameStops;

typedef struct {
  UnparkFlameKind kind;
  UnparkFlameStops stops;
  UnparkWait wait;
  /* TRUE: as `go tool trace` counts: a span only when it has ended in the trace, and from the
   * goroutine's first run in the trace on. FALSE: all the time there is. */
  gboolean as_go;
  gboolean count;     /* how often, not how long */
  gboolean no_idle;   /* OFF_CPU: without waits of pollers, and of workers without work */
  gint64 profile;     /* SAMPLES: profile id, sample type index */
  gint64 sample_type; /* -1: the profile's default */
} UnparkFlameSource;

/* A source by name: cpu, off-cpu, off-cpu:KIND (KIND of unpark_wait_name()), net, sync, syscall
 * and sched (the last four exactly as `go tool trace -pprof=` counts them), waker, creation,
 * regions, samples, goroutines, races. FALSE: no such source; *source is untouched. */
gboolean unpark_flame_source_parse(const char *name, UnparkFlameSource *source);

/* "Off-CPU time: network"; translated; free with g_free(). Not for SAMPLES, whose title is the
 * sample type's. */
char *unpark_flame_source_title(const UnparkFlameSource *source);

/* A source that a store has something for. */
typedef struct {
  UnparkFlameSource source;
  char *name;        /* for unpark_flame_source_parse(), or the sample type's */
  char *title;       /* translated */
  char *unit;        /* "nanoseconds", "count", "bytes" ... */
  gboolean in_order; /* what is counted has an order in time: for UNPARK_FLAME_BY_TIME */
} UnparkFlameOffer;

/* Worker. The sources of a store, the one to show first at index *first. Elements are
 * UnparkFlameOffer, owned by the array. */
GPtrArray *unpark_flame_offers(UnparkStore *store, guint *first, GCancellable *cancellable,
                               GError **error);

/* ---- Of which part ---------------------------------------------------------------------- */

typedef struct {
  gint64 from_ns, to_ns;    /* spans are cut at both; [G_MININT64 + 1, G_MAXINT64]: all */
  const gint64 *goroutines; /* ascending ids; NULL: all. Must outlive the call only */
  guint n_goroutines;
  const char *entry;  /* goroutines that started in this function; NULL: all */
  gint64 task;        /* within regions of this task and of those below it; UNPARK_NONE: all */
  gboolean no_system; /* leave out the runtime's own goroutines */
} UnparkFlameScope;

/* What is put below the root as frames of their own. */
typedef enum {
  UNPARK_FLAME_BY_NOTHING,
  UNPARK_FLAME_BY_STATE,     /* reason of a wait, state of a dumped goroutine */
  UNPARK_FLAME_BY_ENTRY,     /* function the goroutine started in */
  UNPARK_FLAME_BY_GOROUTINE, /* one goroutine each */
  UNPARK_FLAME_BY_LABEL,     /* value of a label */
} UnparkFlameGrouping;

/* ---- In what shape ------------------------------------------------------------------------ */

typedef enum {
  UNPARK_FLAME_MERGE_FUNCTION,
  UNPARK_FLAME_MERGE_FILE,
  UNPARK_FLAME_MERGE_PACKAGE,
  UNPARK_FLAME_MERGE_LINE,
} UnparkFlameMerge;

typedef enum {
  UNPARK_FLAME_HEAVY,   /* heaviest child first */
  UNPARK_FLAME_BY_NAME, /* children by name */
  UNPARK_FLAME_BY_TIME, /* samples one after the other, equal neighbours joined */
} UnparkFlameOrder;

typedef enum {
  UNPARK_FLAME_WHOLE,   /* whole stacks */
  UNPARK_FLAME_THROUGH, /* whole stacks, of those that have `function` */
  UNPARK_FLAME_CALLEES, /* below the outermost call of `function` */
  UNPARK_FLAME_CALLERS, /* above it, inverted: `function` is the first frame */
} UnparkFlamePart;

typedef struct {
  UnparkFlameSource source;
  UnparkFlameScope scope;
  /* Regular expressions over function and file names, with the meaning pprof gives them; NULL
   * or "": none. */
  const char *focus, *ignore, *hide, *show, *show_from;
  const char *label_key;   /* for BY_LABEL, and for label_match */
  const char *label_match; /* keep samples of which a label of this key (NULL: any) matches */
  UnparkFlameGrouping grouping;
  UnparkFlameMerge merge;
  UnparkFlameOrder order;
  UnparkFlamePart part;
  const char *function; /* of THROUGH, CALLEES, CALLERS: the frame's exact name */
  gboolean invert;      /* innermost frames first */
  gboolean collapse;    /* direct recursion as one frame */
  gboolean normalise;   /* of a difference: scale the base to the same total */
} UnparkFlameSpec;

#define UNPARK_FLAME_SPEC_INIT                                                                     \
  {                                                                                                \
    .source = {.sample_type = -1}, .scope = {                                                      \
      .from_ns = G_MININT64 + 1,                                                                   \
      .to_ns = G_MAXINT64,                                                                         \
      .task = UNPARK_NONE                                                                          \
    }                                                                                              \
  }

/* ---- The tree --------------------------------------------------------------------------- */

/* A frame, or what takes the place of frames. */
typedef enum {
  UNPARK_NAME_USER,
  UNPARK_NAME_STANDARD, /* Go's standard library */
  UNPARK_NAME_RUNTIME,  /* package runtime and its helpers */
  UNPARK_NAME_GROUP,    /* a grouping's value, a region */
  UNPARK_NAME_ROOT,     /* node 0 */
  UNPARK_NAME_NO_STACK, /* what has a weight and no stack */
} UnparkFlameNameKind;

typedef struct {
  const char *text;     /* what the frame is called; valid UTF-8 */
  const char *function; /* "" where merging has no function */
  const char *file;     /* of one of the merged lines; "" if not known */
  const char *package;  /* "" if there is none */
  guint32 line;         /* MERGE_LINE only; else 0 */
  UnparkFlameNameKind kind;
} UnparkFlameName;

/* Nodes are in depth-first order from the root, node 0; children stand in the spec's order. The
 * descendants of node i are i + 1 .. nodes[i].end - 1. `start` and `weight` are the place on the
 * horizontal axis: without a base, weight is |total| (and never less than the children's sum);
 * with one, a frame is as wide as the larger of both sides. */
typedef struct {
  guint32 parent; /* of the root: itself */
  guint32 end;
  guint32 name;
  guint32 depth; /* root: 0 */
  gint64 total, self;
  gint64 base_total, base_self; /* scaled; 0 without a base */
  gint64 count;                 /* of what `self` is the sum of: waits, calls, samples */
  gint64 start, weight;
} UnparkFlameNode;

typedef struct _UnparkFlame UnparkFlame; /* atomically reference-counted */

struct _UnparkFlame {
  gint ref_count;
  UnparkFlameNode *nodes;
  guint n_nodes; /* at least 1 */
  gint64 *times; /* by node: when it was seen first, in a trace BY_TIME; else NULL */
  UnparkFlameName *names;
  guint n_names;
  guint8 *package_classes; /* by name: the colour of its package (colour.h) */
  guint max_depth;
  gboolean has_base;
  gboolean has_delays; /* values are times waited, or (unit "count") how often */
  double base_scale;   /* what the base's values were multiplied with */
  gint64 source_total; /* before filters */
  guint64 n_cut;       /* inverted: frames not walked further because they weigh too little */
  char *unit;          /* "nanoseconds", "bytes", "count" ... */
  char *title;         /* of the source, translated */
  gboolean inverted;
  gpointer texts; /* private */
};

/* Worker. `base`: NULL, or the store (perhaps the same) to compare with; `base_spec` then gives
 * its source and scope, the rest is taken from `spec`. Errors: those of reading the store,
 * G_REGEX_ERROR, G_IO_ERROR_CANCELLED. */
UnparkFlame *unpark_flame_new(UnparkStore *store, const UnparkFlameSpec *spec, UnparkStore *base,
                              const UnparkFlameSpec *base_spec, GCancellable *cancellable,
                              GError **error);
/* Widths by one side of a difference alone, the base or the other. Before anybody else has it. */
void unpark_flame_weigh(UnparkFlame *flame, gboolean base);
UnparkFlame *unpark_flame_ref(UnparkFlame *flame);
void unpark_flame_unref(UnparkFlame *flame);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkFlame, unpark_flame_unref)

/* From "outer;inner VALUE" lines; a second number is the base's. For tests. NULL: a line is
 * wrong. */
UnparkFlame *unpark_flame_new_from_text(const char *text, UnparkFlameOrder order);

static inline const UnparkFlameName *unpark_flame_name(const UnparkFlame *flame, guint32 node) {
  return &flame->names[flame->nodes[node].name];
}

/* The child of `node` whose subtree holds `inner` (a descendant). */
guint32 unpark_flame_child_towards(const UnparkFlame *flame, guint32 node, guint32 inner);
/* The first node in [first, last) that starts at `at` or later; last if there is none. */
guint32 unpark_flame_find_start(const UnparkFlame *flame, guint32 first, guint32 last, gint64 at);

/* ---- Tables and search ---------------------------------------------------------------------- */

/* One function (or file ...) over all its frames; recursion counts once in `total`. */
typedef struct {
  guint32 name;
  guint32 n_frames;
  gint64 self, total, base_self, base_total;
} UnparkFlameRow;

/* Any thread; takes a walk over the tree. By descending |total|; free with g_free(). */
UnparkFlameRow *unpark_flame_table(const UnparkFlame *flame, guint *n);

typedef struct {
  guint8 *names;    /* by name: 1 if it matches */
  guint32 *before;  /* by node, one more than there are: matching frames in front of it */
  guint64 n_frames; /* that match */
  gint64 total;     /* covered by them, recursion counted once */
  gint64 weight;    /* the same in widths */
} UnparkFlameMatches;

/* Any thread. `pattern`: text found in names in any letter case, or a regular expression. FALSE:
 * the expression is wrong; *matches is untouched. Free with unpark_flame_matches_clear(). */
gboolean unpark_flame_search(const UnparkFlame *flame, const char *pattern, gboolean regex,
                             UnparkFlameMatches *matches, GError **error);
void unpark_flame_matches_clear(UnparkFlameMatches *matches);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(UnparkFlameMatches, unpark_flame_matches_clear)

/* ---- Text ----------------------------------------------------------------------------------- */

/* "1.23 ms", "4.2 MiB", "12,345" by the unit; `buf` is filled and returned. */
#define UNPARK_FLAME_TEXT_SIZE 64
const char *unpark_flame_format(gint64 value, const char *unit, char buf[UNPARK_FLAME_TEXT_SIZE]);
/* "12.3%", "<0.1%". */
const char *unpark_flame_format_share(gint64 part, gint64 whole, char buf[UNPARK_FLAME_TEXT_SIZE]);
/* What a person reads about a frame: name, value, shares of all and of the caller, and the
 * change where there is a base. Free with g_free(). */
char *unpark_flame_describe(const UnparkFlame *flame, guint32 node);
