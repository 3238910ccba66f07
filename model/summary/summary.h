/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one line can say of a file: which of many traces is worth opening. */
#pragma once

#include <gio/gio.h>

#include "model/store/store.h"

#define UNPARK_SUMMARY_BUCKETS 32

/* UNPARK_NONE: not known, or not of this kind of file. */
typedef struct {
  char *path;
  UnparkSourceKind kind;
  char *program;    /* the folder of its main package, or its binary; NULL: not known */
  char *go_version; /* "" if not known */
  gint64 start_wall_ns, duration_ns;
  gint64 goroutines;
  double gc_share;         /* of the time, while the collector was marking; -1: not known */
  gint64 longest_pause_ns; /* stop-the-world */
  gint64 sched_p50_ns, sched_p99_ns;
  gint64 waiting_ns[UNPARK_N_WAITS]; /* by what the waits are for */
  gint64 findings[3];                /* minor, notable, severe: UnparkFindingLevel */
  gboolean complete;
  float activity[UNPARK_SUMMARY_BUCKETS]; /* goroutines running on average, over the trace */
} UnparkSummary;

/* Worker. `path`: what it is called in the summary. NULL: *error. */
UnparkSummary *unpark_summary_new(UnparkStore *store, const char *path, GCancellable *cancellable,
                                  GError **error);
void unpark_summary_free(UnparkSummary *summary);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkSummary, unpark_summary_free)

/* "trace", "profile", "dump", "race". */
const char *unpark_summary_kind_name(UnparkSourceKind kind);

/* ---- As rows ----------------------------------------------------------------------------------
 */

typedef enum {
  UNPARK_SUMMARY_TEXT,
  UNPARK_SUMMARY_INT,
  UNPARK_SUMMARY_REAL,
  UNPARK_SUMMARY_TIME /* nanoseconds of Unix time */
} UnparkSummaryType;

typedef struct {
  UnparkSummaryType type;
  gboolean null;
  const char *text; /* of the summary */
  gint64 number;
  double real;
} UnparkSummaryValue;

#define UNPARK_SUMMARY_COLUMNS 23

extern const char *const unpark_summary_columns[UNPARK_SUMMARY_COLUMNS];
/* `values` has UNPARK_SUMMARY_COLUMNS of them; NULL ones have a type, too. */
void unpark_summary_values(const UnparkSummary *summary, UnparkSummaryValue *values);

/* All of them as tab-separated values with a line of names; free with g_free(). */
char *unpark_summary_tsv(UnparkSummary *const *summaries, guint n);
/* "2026-11-23T10:00:00.123456789Z"; free with g_free(). */
char *unpark_summary_time(gint64 unix_ns);
/* All of them as a Parquet file at `path`, which appears when it is whole. */
gboolean unpark_summary_write(UnparkSummary *const *summaries, guint n, const char *path,
                              GError **error);
/* The same to `fd`. */
gboolean unpark_summary_write_fd(UnparkSummary *const *summaries, guint n, int fd, GError **error);

/* ---- Many files -------------------------------------------------------------------------------
 */

/* How files are opened: importers are not known here. Any thread. */
typedef struct {
  /* The store of the file, the caller's reference, and what keeps it; NULL: *error. */
  UnparkStore *(*open)(const char *path, gpointer *handle, GCancellable *cancellable,
                       GError **error);
  void (*close)(gpointer handle);
} UnparkSummaryOpener;

/* On the threads of unpark_summary_run(), one call at a time. Takes `summary`, which is NULL where
 * the file could not be read: `error` says why. */
typedef void (*UnparkSummaryDone)(const char *path, UnparkSummary *summary, const GError *error,
                                  gpointer data);

/* Worker. Reads the files, several at a time as long as their imports fit into some 200 MB, and
 * returns when the last is done or `cancellable` is cancelled. */
void unpark_summary_run(const GPtrArray *paths, const UnparkSummaryOpener *opener,
                        UnparkSummaryDone done, gpointer data, GCancellable *cancellable);
