/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A running Go program over time: how many goroutines there are, in which state and at which stack,
 * its heap and its collections. Stacks at which goroutines only ever become more are what a leak
 * looks like while it happens.
 *
 * A sample is what goroutine?debug=2 and heap?debug=1 of net/http/pprof say at one moment. The
 * first stops the program for as long as it takes to walk all stacks: some milliseconds for
 * thousands.
 *
 * Plain data: one thread at a time. */
#pragma once

#include "live/service/service.h"

typedef enum {
  UNPARK_WATCH_RUNNING,
  UNPARK_WATCH_RUNNABLE,
  UNPARK_WATCH_WAITING,
  UNPARK_WATCH_SYSCALL,
  UNPARK_WATCH_N_STATES
} UnparkWatchState;

typedef struct {
  gint64 wall_us; /* Unix time */
  guint goroutines;
  guint states[UNPARK_WATCH_N_STATES];
  gint64 heap_bytes, next_gc_bytes, sys_bytes; /* -1: not said */
  gint64 gc_count, pause_total_ns;             /* since the program began; -1: not said */
} UnparkWatchSample;

/* Goroutines in the same state at the same stack. */
typedef struct {
  char *state;    /* as printed: "chan receive" */
  char *function; /* the innermost that is not of the runtime or the standard library, */
  char *place;    /* and where in it: "/src/main.go:30" */
  char *stack;    /* a line for each function and each place */
  GArray *counts; /* guint: of each sample */
} UnparkWatchStack;

typedef struct {
  GArray *samples;      /* UnparkWatchSample */
  GPtrArray *stacks;    /* UnparkWatchStack, in the order in which they were seen */
  GHashTable *by_stack; /* private */
} UnparkWatch;

UnparkWatch *unpark_watch_new(void);
void unpark_watch_free(UnparkWatch *watch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkWatch, unpark_watch_free)

/* What one moment looked like, as the service wrote it. */
typedef struct {
  gint64 wall_us;
  GString *dump, *heap;
} UnparkWatchAnswer;

void unpark_watch_answer_free(UnparkWatchAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkWatchAnswer, unpark_watch_answer_free)

/* Blocks; any thread but the main. The heap is left out where the service does not offer it. */
UnparkWatchAnswer *unpark_watch_ask(const UnparkService *service, const UnparkReach *reach,
                                    GCancellable *cancellable, GError **error);
/* Writes the dump into the folder: FOLDER/goroutine-20261130-194500.txt. Blocks. The path; free
 * with g_free(). */
char *unpark_watch_keep(const UnparkWatchAnswer *answer, const char *folder, GError **error);

/* One sample more. */
void unpark_watch_add(UnparkWatch *watch, const UnparkWatchAnswer *answer);

/* How many more there are than at the first sample. */
int unpark_watch_growth(const UnparkWatchStack *stack);
/* At least three samples, and never fewer than at the one before while it grew in all: a leak? */
gboolean unpark_watch_only_grows(const UnparkWatchStack *stack);
/* The stacks, those that grew most first, then those with most goroutines. Free the array alone. */
GPtrArray *unpark_watch_by_growth(const UnparkWatch *watch);
