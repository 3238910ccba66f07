/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stores made by hand for tests: through the writer, or from a short text.
 *
 *   TIME GOROUTINE WORD [ARGUMENT...]      one event a line, ascending time
 *
 *   begin            the goroutine is there (first heard of), runnable, without a cause
 *   new by P         it was created by P
 *   run [on PROC]    it runs (processor: its own id where none is given)
 *   ready [by W [closing]]   it is runnable: woken; `closing`: the waker's stack is in
 * internal/poll switch by W      its wait ends and it runs at once: a coroutine switch yield it is
 * runnable: preempted wait REASON      _ stands for a blank call             it is in a system call
 *   end              it has ended
 *   metric VALUE     GOMAXPROCS (GOROUTINE is ignored)
 *   range NAME END   a global range (GOROUTINE is ignored)
 *   stop             the trace ends (GOROUTINE is ignored)
 *
 * Every event has a stack of its own: "gGOROUTINE.TIME" called by "main.gGOROUTINE", which is thus
 * the goroutine's name; wakers' stacks are "wake.TIME". Waits for one reason of one goroutine
 * share the stack "gGOROUTINE.REASON". Every function asserts. */
#pragma once

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "model/writer/writer.h"
#include "tests/support.h"

typedef struct {
  TestStore *made; /* its store is opened by made_finish() */
  UnparkWriter *w;
  GHashTable *lanes; /* id -> UnparkLane */
} Made;

static inline Made made_new(void) {
  Made m = {.made = g_new0(TestStore, 1)};
  m.made->dir = g_dir_make_tmp("unpark-made-XXXXXX", NULL);
  ck_assert_ptr_nonnull(m.made->dir);
  m.made->path = g_build_filename(m.made->dir, "made.unpark", NULL);
  m.w = unpark_writer_new(m.made->path, FALSE, NULL);
  ck_assert_ptr_nonnull(m.w);
  unpark_writer_set_source(m.w, UNPARK_SOURCE_TRACE, "made", "by hand", "", UNPARK_NONE);
  m.lanes = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  return m;
}

static inline TestStore *made_finish(Made *m, gint64 duration_ns) {
  GError *error = NULL;
  ck_assert_msg(unpark_writer_finish(m->w, duration_ns, TRUE, &error), "%s",
                error ? error->message : "");
  g_clear_pointer(&m->w, unpark_writer_free);
  g_clear_pointer(&m->lanes, g_hash_table_unref);
  m->made->store = unpark_store_open(m->made->path, &error);
  ck_assert_msg(m->made->store != NULL, "%s", error ? error->message : "");
  return g_steal_pointer(&m->made);
}

static inline guint32 made_string(Made *m, const char *text) {
  return unpark_writer_string(m->w, text, strlen(text));
}

/* A stack of `inner` called by `outer`. */
static inline guint32 made_stack(Made *m, const char *inner, const char *outer) {
  const guint32 file = made_string(m, "made.go");
  const guint32 frames[] = {unpark_writer_frame(m->w, made_string(m, inner), file, 10, FALSE),
                            unpark_writer_frame(m->w, made_string(m, outer), file, 20, FALSE)};
  return unpark_writer_stack(m->w, frames, 2);
}

static inline guint16 made_kind(Made *m, UnparkState state, const char *reason, UnparkCause cause) {
  return unpark_writer_kind(m->w, state, *reason ? made_string(m, reason) : 0, cause);
}

static inline UnparkLane *made_lane(Made *m, gint64 id, gint64 time_ns, gint64 parent,
                                    guint32 create_stack) {
  UnparkLane *lane = g_hash_table_lookup(m->lanes, &id);
  if (!lane) {
    lane = unpark_writer_lane_new(m->w, id, time_ns, parent, create_stack);
    g_hash_table_insert(m->lanes, g_memdup2(&id, sizeof id), lane);
  }
  return lane;
}

static inline void made_range(Made *m, const char *name, gint64 from_ns, gint64 to_ns) {
  const gint64 row[] = {made_string(m, name), UNPARK_SCOPE_GLOBAL, UNPARK_NONE, from_ns, to_ns, 0};
  unpark_writer_append(m->w, UNPARK_TABLE_RANGE, row);
}

static inline void made_metric(Made *m, gint64 time_ns, gint64 value) {
  const gint64 row[] = {made_string(m, "/sched/gomaxprocs:threads"), time_ns, value};
  unpark_writer_append(m->w, UNPARK_TABLE_METRIC, row);
}

/* The goroutine's part of a line. `number`: what follows "by" and "on", UNPARK_NONE if nothing. */
static inline void made_switch(Made *m, gint64 t, gint64 id, const char *word, const char *argument,
                               gint64 number, gboolean closing) {
  char inner[64], outer[64], by[64];
  g_snprintf(inner, sizeof inner, "g%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT, id, t);
  g_snprintf(outer, sizeof outer, "main.g%" G_GINT64_FORMAT, id);
  g_snprintf(by, sizeof by, "main.g%" G_GINT64_FORMAT, number);
  guint32 waker_stack = 0, stack;
  if (number != UNPARK_NONE && strcmp(word, "run") != 0) {
    char wake[64];
    g_snprintf(wake, sizeof wake, "wake.%" G_GINT64_FORMAT, t);
    waker_stack = made_stack(m, closing ? "internal/poll.(*FD).Close" : wake, by);
  }
  if (strcmp(word, "wait") == 0)
    g_snprintf(inner, sizeof inner, "g%" G_GINT64_FORMAT ".%s", id, argument);
  stack = made_stack(m, inner, outer);
  gboolean created = strcmp(word, "new") == 0;
  UnparkLane *lane = made_lane(m, id, t, created ? number : UNPARK_NONE, created ? waker_stack : 0);
  if (strcmp(word, "end") == 0) {
    unpark_lane_end(m->w, lane, t);
    g_hash_table_remove(m->lanes, &id);
    return;
  }
  UnparkState state = UNPARK_STATE_RUNNABLE;
  UnparkCause cause = UNPARK_CAUSE_NONE;
  gint64 waker = UNPARK_NONE;
  guint32 place = 0;
  if (created) {
    cause = UNPARK_CAUSE_CREATED;
  } else if (strcmp(word, "ready") == 0) {
    cause = UNPARK_CAUSE_WOKEN;
    waker = number;
  } else if (strcmp(word, "yield") == 0) {
    cause = UNPARK_CAUSE_PREEMPTED;
  } else if (strcmp(word, "run") == 0 || strcmp(word, "switch") == 0) {
    gboolean switched = *word == 's';
    state = UNPARK_STATE_RUNNING;
    waker = switched ? number : UNPARK_NONE;
    place = unpark_writer_place(m->w, number == UNPARK_NONE || switched ? id : number, id);
    stack = 0;
  } else if (strcmp(word, "call") == 0) {
    state = UNPARK_STATE_SYSCALL;
    place = unpark_writer_place(m->w, id, id);
  } else if (strcmp(word, "wait") == 0) {
    state = UNPARK_STATE_WAITING;
  } else {
    ck_assert_msg(strcmp(word, "begin") == 0, "no such word: %s", word);
  }
  unpark_lane_switch(m->w, lane, t,
                     made_kind(m, state, state == UNPARK_STATE_WAITING ? argument : "", cause),
                     stack, place, waker, waker_stack);
}

static inline void made_line(Made *m, const char *line, gint64 *stop_ns) {
  g_auto(GStrv) words = g_strsplit(line, " ", -1);
  guint n = g_strv_length(words);
  ck_assert_uint_ge(n, 3);
  gint64 t = g_ascii_strtoll(words[0], NULL, 10), id = g_ascii_strtoll(words[1], NULL, 10);
  gint64 number = n > 4 ? g_ascii_strtoll(words[4], NULL, 10) : UNPARK_NONE;
  for (guint i = 3; i < n; i++)
    g_strdelimit(words[i], "_", ' ');
  if (strcmp(words[2], "stop") == 0)
    *stop_ns = t;
  else if (strcmp(words[2], "metric") == 0)
    made_metric(m, t, g_ascii_strtoll(words[3], NULL, 10));
  else if (strcmp(words[2], "range") == 0)
    made_range(m, words[3], t, number);
  else
    made_switch(m, t, id, words[2], n > 3 ? words[3] : "", number, n > 5);
}

/* Lines may be separated by newlines or semicolons; blanks at their starts are skipped. */
static inline TestStore *made_script(const char *script) {
  Made m = made_new();
  gint64 stop_ns = 0;
  g_auto(GStrv) lines = g_strsplit_set(script, "\n;", -1);
  for (guint i = 0; lines[i]; i++)
    if (*g_strstrip(lines[i]))
      made_line(&m, lines[i], &stop_ns);
  return made_finish(&m, stop_ns);
}
