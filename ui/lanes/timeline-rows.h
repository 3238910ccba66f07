/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of the timeline: which lanes there are, in which order, how high, where.
 *
 * Arithmetic and sorting only, no GTK. A list never changes once built; it is built in a worker
 * (300 000 goroutines are sorted) and may be read by any thread. y and heights are in logical
 * pixels.
 */
#pragma once

#include "model/base/id-set.h"
#include "model/lanes/tracks.h"
#include "model/store/store.h"

typedef enum {
  UNPARK_ROW_SECTION,
  UNPARK_ROW_GC,         /* mark and sweep phases */
  UNPARK_ROW_STW,        /* stop-the-world, by kind */
  UNPARK_ROW_HEAP,       /* live bytes and goal */
  UNPARK_ROW_THREADS,    /* GOMAXPROCS */
  UNPARK_ROW_STATES,     /* all goroutines by state */
  UNPARK_ROW_TASK_GROUP, /* id: name_id */
  UNPARK_ROW_TASK,       /* id: task */
  UNPARK_ROW_PROC,
  UNPARK_ROW_THREAD,
  UNPARK_ROW_GROUP, /* id: name_id */
  UNPARK_ROW_GOROUTINE,
} UnparkRowType;

typedef enum {
  UNPARK_SECTION_PINNED,
  UNPARK_SECTION_RUNTIME,
  UNPARK_SECTION_PROCS,
  UNPARK_SECTION_THREADS,
  UNPARK_SECTION_TASKS,
  UNPARK_SECTION_GOROUTINES,
  UNPARK_SECTION_SYSTEM,
  UNPARK_N_SECTIONS
} UnparkSection;

typedef enum {
  UNPARK_SORT_NAME,
  UNPARK_SORT_NUMBER,
  UNPARK_SORT_WAITING,
  UNPARK_SORT_RUNNABLE,
  UNPARK_SORT_LONGEST,
  UNPARK_SORT_CREATION,
  UNPARK_N_SORTS
} UnparkSort;

/* Sorted by what the reader wants to see first: long before short, early before late. Tasks have
 * no states: where goroutines are sorted by them, tasks are by how long they took. */

typedef struct {
  guint8 type; /* UnparkRowType */
  guint8 section;
  guint8 depth;
  guint8 expandable, expanded;
  guint8 region_levels; /* below the bar */
  guint8 stack_levels;  /* below those */
  guint8 waits;         /* of goroutines: more than UNPARK_WAITS_PART of their time was waiting */
  guint8 partial;       /* of a section: only what is there in the asked time is listed */
  guint16 height;
  guint16 bar;   /* from the top: the part that shows states */
  guint32 count; /* goroutines, tasks, lanes in it */
  gint64 id;     /* section, proc, thread, goroutine, task, name_id */
  gint64 y;
  gint64 value; /* what the list is sorted by, ns; UNPARK_NONE if nothing worth showing */
  gint64 from_ns,
      to_ns;        /* of goroutines and tasks: when there is anything; G_MAXINT64: to the end */
  const char *name; /* function; "" if not known; NULL for rows that are named by the view */
} UnparkRow;

/* Where so much of the time was waiting, nothing else can be seen beside it. */
#define UNPARK_WAITS_PART 0.9

typedef struct {
  gatomicrefcount refs;
  UnparkStore *store;
  UnparkRow *rows;
  guint n;
  gint64 height;
  guint n_pinned;       /* rows of the Pinned section, which come first */
  gint64 pinned_height; /* of them */
  guint n_goroutines;   /* that match, of n_all */
  guint n_all;
  guint32 *index; /* of all rows: by type and id, what is pinned last */
} UnparkRows;

/* px of a level of regions or frames, and before the first of them. */
#define UNPARK_LEVEL_HEIGHT 13
#define UNPARK_LEVEL_GAP 1

typedef enum { UNPARK_LANES_LOW, UNPARK_LANES_NORMAL, UNPARK_LANES_HIGH } UnparkLaneHeight;

typedef struct {
  UnparkSort sort;
  /* Set of the names of what is not as by default: unpark_open_name(). */
  GHashTable *open;
  GHashTable *pinned;               /* set of gint64* goroutine ids */
  const UnparkIdSet *passing;       /* goroutines that pass the filter; NULL: all do */
  const UnparkIdSet *passing_tasks; /* the same of tasks */
  gboolean all_open;                /* groups are open by default */
  gboolean has_gc, has_stw, has_heap, has_gomaxprocs;
  gboolean only_active; /* list only what is there at some time within the next two */
  gint64 active_from_ns, active_to_ns;
  UnparkLaneHeight lane_height;
  gboolean show_regions, show_stacks;  /* of every goroutine, not only of open lanes */
  const UnparkTrackIndex *track_index; /* NULL: nothing is known of tasks and regions yet */
} UnparkRowOptions;

/* What a section, a group or a lane is remembered as, from run to run: "section 3",
 * "group main.worker", "system runtime.bgsweep", "tasks checkout", "lane 41". `name`: of groups.
 * Free with g_free(). */
char *unpark_open_name(UnparkRowType type, UnparkSection section, gint64 id, const char *name);
/* Whether that is open. By default Threads, System, groups and lanes are closed. */
gboolean unpark_row_is_open(const UnparkRowOptions *options, UnparkRowType type,
                            UnparkSection section, gint64 id, const char *name);

/* A filter leaves out tasks and goroutines that do not pass. Lanes of the runtime, of processors
 * and of threads stay: they tell what the others ran among. What is pinned stays as well.
 *
 * Worker. NULL with `error` if the goroutines cannot be read. */
UnparkRows *unpark_rows_build(UnparkStore *store, const UnparkRowOptions *options,
                              GCancellable *cancellable, GError **error);
UnparkRows *unpark_rows_ref(UnparkRows *rows);
void unpark_rows_unref(UnparkRows *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkRows, unpark_rows_unref)

/* The row at `y`, the last one below the end; 0 for an empty list. Bisection. */
guint unpark_rows_at(const UnparkRows *rows, double y);

/* Index of the row of that type and id, outside the Pinned section if it stands elsewhere too;
 * -1 if there is none. Bisection. */
int unpark_rows_find(const UnparkRows *rows, UnparkRowType type, gint64 id);
/* The goroutine's row in the Pinned section; -1: it is not pinned, or the section is closed. */
int unpark_rows_find_pinned(const UnparkRows *rows, gint64 goroutine);
/* The same of the group of that function. */
int unpark_rows_find_group(const UnparkRows *rows, guint32 name_id, gboolean system);
/* Makes the index that those two need; part of unpark_rows_build(). */
void unpark_rows_index(UnparkRows *rows);

/* The first row of a task, group or goroutine that is not pinned: of what a filter is about. -1:
 * there is none. */
int unpark_rows_first_passing(const UnparkRows *rows);

/* Height of the part of a row, from its top, that shows states; px. */
double unpark_row_bar_height(const UnparkRow *row);

/* Height of the band at the bar's upper edge that shows what the runtime had the goroutine or the
 * processor do; px. */
double unpark_row_band_height(const UnparkRow *row);

/* Where the regions and the frames of a row begin, from its top; px. */
double unpark_row_regions_y(const UnparkRow *row);
double unpark_row_stacks_y(const UnparkRow *row);

/* FALSE if the row has no lane in the store. */
gboolean unpark_row_lane(const UnparkRow *row, UnparkLaneKey *key);

/* The best of ascending `items` to tell about at [from_ns, to_ns]: the one with the longest
 * span. -1: none touches it. */
int unpark_items_at(const UnparkItem *items, guint n, double from_ns, double to_ns);
/* The first item that ends after ns; n if there is none. Bisection. */
guint unpark_items_first(const UnparkItem *items, guint n, double ns);
