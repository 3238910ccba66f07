/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes into a writer comes out of the store. */
#include <glib/gstdio.h>
#include <math.h>
#include <stdlib.h>

#include "tests/support.h"
#include "model/base/times.h"
#include "model/base/error.h"
#include "model/store/facts.h"
#include "tests/why/script.h"

/* ---- spans ------------------------------------------------------------------------------ */

typedef struct {
  gint64 id, open_ns, parent;
  guint16 kind;
  guint32 stack, place;
  gboolean there;
  UnparkLane *lane;
  GArray *spans; /* UnparkSpan as they should come out */
  gint64 total_ns[UNPARK_N_STATES], longest_wait_ns;
} Told;

typedef struct {
  Made m;
  GRand *rand;
  Told *lanes;
  guint n;
  guint16 kinds[UNPARK_N_STATES][16];
  guint32 stacks[40];
  GArray *places; /* guint32 id, then its proc and thread */
} Teller;

typedef struct {
  guint32 id;
  gint64 proc, thread;
} Place;

static Teller teller_new(guint n, guint n_places, gint64 id_step) {
  Teller t = {.m = made_new(), .rand = g_rand_new_with_seed(11), .n = n};
  t.lanes = g_new0(Told, n);
  t.places = g_array_new(FALSE, FALSE, sizeof(Place));
  for (guint i = 0; i < n; i++) {
    t.lanes[i].id = (gint64)i * id_step;
    t.lanes[i].spans = g_array_new(FALSE, FALSE, sizeof(UnparkSpan));
  }
  for (UnparkState s = 0; s < UNPARK_N_STATES; s++)
    for (guint i = 0; i < 16; i++) {
      g_autofree char *reason = g_strdup_printf("reason %u", i);
      t.kinds[s][i] =
          made_kind(&t.m, s, s == UNPARK_STATE_WAITING ? reason : "",
                    s == UNPARK_STATE_RUNNABLE ? (UnparkCause)(i % UNPARK_N_CAUSES) : 0);
    }
  for (guint i = 1; i < G_N_ELEMENTS(t.stacks); i++) {
    g_autofree char *inner = g_strdup_printf("inner%u", i),
                    *outer = g_strdup_printf("outer%u", i % 5);
    t.stacks[i] = made_stack(&t.m, inner, outer);
  }
  for (guint i = 0; i < n_places; i++) {
    const Place place = {unpark_writer_place(t.m.w, i % 7 == 6 ? -1 : (int)(i % 300), i),
                         i % 7 == 6 ? UNPARK_NONE : i % 300, i};
    g_array_append_val(t.places, place);
  }
  return t;
}

static const Place *find_place(const Teller *t, guint32 id) {
  static const Place nowhere = {0, UNPARK_NONE, UNPARK_NONE};
  for (guint i = 0; i < t->places->len; i++)
    if (g_array_index(t->places, Place, i).id == id)
      return &g_array_index(t->places, Place, i);
  return &nowhere;
}

static UnparkState state_of(const Teller *t, guint16 kind) {
  for (UnparkState s = 0; s < UNPARK_N_STATES; s++)
    for (guint i = 0; i < 16; i++)
      if (t->kinds[s][i] == kind)
        return s;
  return UNPARK_STATE_GONE;
}

/* The open span ends. */
static void close_told(Teller *t, Told *g, gint64 time_ns, gint64 waker, guint32 waker_stack) {
  UnparkState state = state_of(t, g->kind);
  const Place *place = find_place(t, g->place);
  UnparkSpan span = {.goroutine = g->id,
                     .start_ns = g->open_ns,
                     .end_ns = time_ns,
                     .kind = g->kind,
                     .stack = g->stack,
                     .proc = place->proc,
                     .thread = place->thread,
                     .waker = UNPARK_NONE};
  if (state == UNPARK_STATE_WAITING) {
    span.waker = waker;
    span.waker_stack = waker_stack;
    g->longest_wait_ns = MAX(g->longest_wait_ns, time_ns - g->open_ns);
  }
  g->total_ns[state] += time_ns - g->open_ns;
  g_array_append_val(g->spans, span);
}

/* Any of the lanes goes to any state, or ends. */
static void tell(Teller *t, gint64 time_ns) {
  Told *g = &t->lanes[g_rand_int_range(t->rand, 0, (gint)t->n)];
  UnparkState state = (UnparkState)g_rand_int_range(t->rand, 0, UNPARK_N_STATES);
  gboolean executes = state == UNPARK_STATE_RUNNING || state == UNPARK_STATE_SYSCALL;
  gboolean woken = g_rand_boolean(t->rand);
  gint64 waker = woken ? t->lanes[g_rand_int_range(t->rand, 0, (gint)t->n)].id : UNPARK_NONE;
  guint32 waker_stack = woken ? t->stacks[g_rand_int_range(t->rand, 0, 40)] : 0;
  if (!g->there) {
    g->parent = g->lane || g->spans->len ? g->parent : waker;
    g->lane = unpark_writer_lane_new(t->m.w, g->id, time_ns, waker, 0);
    g->there = TRUE;
  } else if (g->kind) {
    close_told(t, g, time_ns, waker, waker_stack);
    if (g_rand_int_range(t->rand, 0, 60) == 0) {
      unpark_lane_end(t->m.w, g->lane, time_ns);
      /* the last span was told with a waker that an end has not */
      UnparkSpan *last = &g_array_index(g->spans, UnparkSpan, g->spans->len - 1);
      last->waker = UNPARK_NONE;
      last->waker_stack = 0;
      g->there = FALSE;
      g->kind = 0;
      return;
    }
  }
  g->open_ns = time_ns;
  g->kind = t->kinds[state][g_rand_int_range(t->rand, 0, 16)];
  g->stack = t->stacks[g_rand_int_range(t->rand, 0, 40)];
  g->place =
      executes
          ? g_array_index(t->places, Place, g_rand_int_range(t->rand, 0, (gint)t->places->len)).id
          : 0;
  unpark_lane_switch(t->m.w, g->lane, time_ns, g->kind, g->stack, g->place, waker, waker_stack);
}

static TestStore *finish_told(Teller *t, gint64 end_ns) {
  for (guint i = 0; i < t->n; i++)
    if (t->lanes[i].there && t->lanes[i].kind)
      close_told(t, &t->lanes[i], end_ns, UNPARK_NONE, 0);
  return made_finish(&t->m, end_ns);
}

static void teller_clear(Teller *t) {
  for (guint i = 0; i < t->n; i++)
    g_array_unref(t->lanes[i].spans);
  g_array_unref(t->places);
  g_free(t->lanes);
  g_rand_free(t->rand);
}

static void check_span(const UnparkSpan *got, const UnparkSpan *told) {
  ck_assert_int_eq(got->goroutine, told->goroutine);
  ck_assert_int_eq(got->start_ns, told->start_ns);
  ck_assert_int_eq(got->end_ns, told->end_ns);
  ck_assert_uint_eq(got->kind, told->kind);
  ck_assert_uint_eq(got->stack, told->stack);
  ck_assert_int_eq(got->proc, told->proc);
  ck_assert_int_eq(got->thread, told->thread);
  ck_assert_int_eq(got->waker, told->waker);
  ck_assert_uint_eq(got->waker_stack, told->waker_stack);
}

static void check_told(const Teller *t, UnparkStore *store) {
  guint n_goroutines, n;
  guint64 spans = 0;
  const UnparkGoroutine *all = unpark_store_goroutines(store, &n_goroutines, NULL);
  ck_assert_ptr_nonnull(all);
  for (guint i = 0; i < t->n; i++) {
    const Told *told = &t->lanes[i];
    g_autofree UnparkSpan *got =
        unpark_store_spans(store, told->id, G_MININT64, G_MAXINT64, 0, &n, NULL, NULL);
    ck_assert_uint_eq(n, told->spans->len);
    for (guint k = 0; k < n; k++)
      check_span(&got[k], &g_array_index(told->spans, UnparkSpan, k));
    spans += n;
  }
  ck_assert_uint_eq(unpark_store_span_count(store), spans);
  /* An id that came again after its end has a row for each time; together they add up. */
  for (guint i = 0; i < t->n; i++) {
    gint64 total[UNPARK_N_STATES] = {0}, longest = 0;
    for (guint k = 0; k < n_goroutines; k++) {
      if (all[k].id != t->lanes[i].id)
        continue;
      for (guint s = 0; s < UNPARK_N_STATES; s++)
        total[s] += all[k].total_ns[s];
      longest = MAX(longest, all[k].longest_wait_ns);
    }
    for (guint s = 0; s < UNPARK_N_STATES; s++)
      ck_assert_int_eq(total[s], t->lanes[i].total_ns[s]);
    ck_assert_int_eq(longest, t->lanes[i].longest_wait_ns);
  }
}

/* Short spans, some of no length, ids that end and come again; over three segments. */
START_TEST(test_many_spans) {
  Teller t = teller_new(300, 50, 3);
  gint64 time = 0;
  for (guint i = 0; i < 330000; i++) {
    time += g_rand_int_range(t.rand, 0, 4) * 64;
    tell(&t, time);
  }
  g_autoptr(TestStore) made = finish_told(&t, time + 1000);
  check_told(&t, made->store);
  teller_clear(&t);
}
END_TEST

/* Spans over 4 s, huge ids and wakers: what the compact records cannot hold. */
START_TEST(test_long_and_huge) {
  Teller t = teller_new(50, 20, G_MAXINT64 / 50);
  gint64 time = 0;
  for (guint i = 0; i < 20000; i++) {
    time += g_rand_int_range(t.rand, 0, 10) ? g_rand_int_range(t.rand, 0, 1000)
                                            : (gint64)g_rand_int(t.rand) * 8;
    tell(&t, time);
  }
  g_autoptr(TestStore) made = finish_told(&t, time + G_GINT64_CONSTANT(5000000000000));
  check_told(&t, made->store);
  teller_clear(&t);
}
END_TEST

START_TEST(test_many_places) {
  Teller t = teller_new(60, 70000, 1);
  gint64 time = 0;
  guint n;
  for (guint i = 0; i < 6000; i++)
    tell(&t, time += 100);
  g_autoptr(TestStore) made = finish_told(&t, time);
  check_told(&t, made->store);
  const gint64 *threads = unpark_store_threads(made->store, &n);
  ck_assert_uint_eq(n, 70000);
  ck_assert_int_eq(threads[69999], 69999);
  unpark_store_procs(made->store, &n);
  ck_assert_uint_eq(n, 300);
  teller_clear(&t);
}
END_TEST

/* Executions by processor say the same as the spans. */
START_TEST(test_executions) {
  Teller t = teller_new(40, 20, 1);
  gint64 time = 0;
  for (guint i = 0; i < 40000; i++)
    tell(&t, time += 10);
  g_autoptr(TestStore) made = finish_told(&t, time);
  for (guint p = 0; p < t.places->len; p++) {
    const Place *place = &g_array_index(t.places, Place, p);
    gint64 told = 0;
    for (guint i = 0; i < t.n; i++)
      for (guint k = 0; k < t.lanes[i].spans->len; k++) {
        const UnparkSpan *span = &g_array_index(t.lanes[i].spans, UnparkSpan, k);
        if (span->thread == place->thread)
          told += span->end_ns - span->start_ns;
      }
    g_autofree char *proc =
        place->proc == UNPARK_NONE ? g_strdup("NULL") : g_strdup_printf("%d", (int)place->proc);
    g_autofree char *sql =
        g_strdup_printf("SELECT sum(duration_ns) FROM thread_span WHERE thread = %d AND proc IS %s",
                        (int)place->thread, proc);
    ck_assert_int_eq(test_query_int(made->store, sql, 0, NULL), told);
  }
  teller_clear(&t);
}
END_TEST

START_TEST(test_moves) {
  Made m = made_new();
  UnparkLane *lane = made_lane(&m, 5, 0, UNPARK_NONE, 0);
  guint32 p0 = unpark_writer_place(m.w, 0, 10), p1 = unpark_writer_place(m.w, 1, 10),
          none = unpark_writer_place(m.w, -1, 10);
  unpark_lane_switch(m.w, lane, 0, made_kind(&m, UNPARK_STATE_RUNNING, "", 0), 0, p0, UNPARK_NONE,
                     0);
  unpark_lane_switch(m.w, lane, 10, made_kind(&m, UNPARK_STATE_SYSCALL, "", 0), 0, p0, UNPARK_NONE,
                     0);
  unpark_lane_move(m.w, lane, 15, none); /* its processor was taken */
  unpark_lane_switch(m.w, lane, 30, made_kind(&m, UNPARK_STATE_RUNNING, "", 0), 0, p1, UNPARK_NONE,
                     0);
  g_autoptr(TestStore) made = made_finish(&m, 40);
  g_autoptr(GString) rows = test_query(
      made->store, "SELECT proc, start_ns, end_ns, goroutine FROM thread_span ORDER BY 2", NULL);
  ck_assert_str_eq(rows->str, "0\t0\t15\t5\n\t15\t30\t5\n1\t30\t40\t5\n");
  g_autoptr(GString) procs =
      test_query(made->store, "SELECT proc, start_ns, end_ns FROM proc_span ORDER BY 2", NULL);
  ck_assert_str_eq(procs->str, "0\t0\t15\n1\t30\t40\n");
}
END_TEST

START_TEST(test_many_kinds) {
  Made m = made_new();
  const guint n = 66000;
  g_autofree guint16 *kinds = g_new(guint16, n);
  for (guint i = 0; i < n; i++) {
    g_autofree char *reason = g_strdup_printf("reason %u", i);
    kinds[i] = made_kind(&m, UNPARK_STATE_WAITING, reason, UNPARK_CAUSE_NONE);
    made_lane(&m, 1, 0, UNPARK_NONE, 0);
    unpark_lane_switch(m.w, made_lane(&m, 1, 0, UNPARK_NONE, 0), (gint64)i * 10, kinds[i], 0, 0,
                       UNPARK_NONE, 0);
  }
  ck_assert_uint_eq(made_kind(&m, UNPARK_STATE_WAITING, "reason 7", UNPARK_CAUSE_NONE), kinds[7]);
  g_autoptr(TestStore) made = made_finish(&m, (gint64)n * 10);
  for (guint i = 0; i < n; i += 501) {
    g_autofree char *reason = g_strdup_printf("reason %u", i);
    const UnparkKind *kind = unpark_store_kind(made->store, kinds[i]);
    ck_assert_ptr_nonnull(kind);
    ck_assert_int_eq(kind->state, UNPARK_STATE_WAITING);
    ck_assert_str_eq(kind->reason, i < 65000 ? reason : ""); /* too many: they share one */
  }
  guint got;
  g_autofree UnparkSpan *spans =
      unpark_store_spans(made->store, 1, 0, G_MAXINT64, 0, &got, NULL, NULL);
  ck_assert_uint_eq(got, n);
  for (guint i = 0; i < n; i++)
    ck_assert_uint_eq(spans[i].kind, kinds[i]);
}
END_TEST

/* ---- strings and stacks --------------------------------------------------------------------- */

START_TEST(test_strings) {
  static const struct {
    const char *text;
    gsize size;
    const char *expected;
  } cases[] = {{"plain", 5, "plain"},
               {"", 0, ""},
               {"Grüße, 世界", 15, "Grüße, 世界"},
               {"a\xff"
                "b",
                3,
                "a\xef\xbf\xbd"
                "b"},
               {"\xc3", 1, "\xef\xbf\xbd"},
               {"x\0y", 3, "x\xef\xbf\xbdy"},
               {"\xed\xa0\x80", 3, NULL}, /* half a surrogate: however many U+FFFD */
               {"tail not counted", 4, "tail"}};
  Made m = made_new();
  guint32 ids[G_N_ELEMENTS(cases)], many[20000];
  guint n;
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    ids[i] = unpark_writer_string(m.w, cases[i].text, cases[i].size);
  for (guint i = 0; i < G_N_ELEMENTS(many); i++) {
    g_autofree char *text = g_strdup_printf("string number %u", i);
    many[i] = made_string(&m, text);
  }
  ck_assert_uint_eq(ids[1], 0);
  ck_assert_uint_eq(made_string(&m, "plain"), ids[0]);
  g_autofree char *huge = g_strnfill(3000000, 'h');
  guint32 huge_id = made_string(&m, huge);
  g_autoptr(TestStore) made = made_finish(&m, 0);
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    const char *got = unpark_store_string(made->store, ids[i]);
    ck_assert(g_utf8_validate(got, -1, NULL));
    if (cases[i].expected)
      ck_assert_str_eq(got, cases[i].expected);
  }
  for (guint i = 0; i < G_N_ELEMENTS(many); i++) {
    g_autofree char *text = g_strdup_printf("string number %u", i);
    ck_assert_str_eq(unpark_store_string(made->store, many[i]), text);
  }
  ck_assert_str_eq(unpark_store_string(made->store, huge_id), huge);
  ck_assert_str_eq(unpark_store_string(made->store, G_MAXUINT32), "");
  ck_assert_str_eq(unpark_store_string(made->store, huge_id + 1), "");
  const UnparkNote *notes = unpark_store_notes(made->store, &n);
  ck_assert_uint_eq(n, 1);
  ck_assert_str_eq(notes[0].name, "invalid-utf8");
}
END_TEST

START_TEST(test_stacks) {
  Made m = made_new();
  const guint deep = 100000;
  g_autofree guint32 *frames = g_new(guint32, deep);
  guint32 file = made_string(&m, "x.go"), distinct[50], stacks[1000], first;
  guint n;
  for (guint i = 0; i < 50; i++) {
    g_autofree char *name = g_strdup_printf("f%u", i);
    distinct[i] = unpark_writer_frame(m.w, made_string(&m, name), file, i, i % 2);
  }
  ck_assert_uint_eq(unpark_writer_frame(m.w, made_string(&m, "f7"), file, 7, TRUE), distinct[7]);
  ck_assert_uint_ne(unpark_writer_frame(m.w, made_string(&m, "f7"), file, 8, TRUE), distinct[7]);
  for (guint i = 0; i < deep; i++)
    frames[i] = distinct[i % 50];
  first = unpark_writer_stack(m.w, frames, deep);
  ck_assert_uint_eq(unpark_writer_stack(m.w, frames, deep), first);
  ck_assert_uint_eq(unpark_writer_stack(m.w, frames, 0), 0);
  for (guint i = 0; i < 1000; i++)
    stacks[i] = unpark_writer_stack(m.w, frames + i, 1 + i % 60);
  ck_assert_uint_eq(unpark_writer_stack_root(m.w, first), made_string(&m, "f49"));
  g_autoptr(TestStore) made = made_finish(&m, 0);
  g_autofree UnparkFrame *got = unpark_store_stack(made->store, first, 0, &n);
  ck_assert_uint_eq(n, deep);
  for (guint i = 0; i < deep; i++) {
    ck_assert_uint_eq(got[i].line, i % 50);
    ck_assert_int_eq(got[i].inlined, i % 2);
  }
  ck_assert_str_eq(got[3].function, "f3");
  ck_assert_str_eq(got[3].file, "x.go");
  for (guint i = 0; i < 1000; i++) {
    g_autofree UnparkFrame *some = unpark_store_stack(made->store, stacks[i], 0, &n);
    ck_assert_uint_eq(n, 1 + i % 60);
    for (guint k = 0; k < n; k++)
      ck_assert_uint_eq(some[k].line, (i + k) % 50);
  }
  g_autofree UnparkFrame *three = unpark_store_stack(made->store, first, 3, &n);
  ck_assert_uint_eq(n, 3);
  ck_assert_ptr_null(unpark_store_stack(made->store, 0, 0, &n));
  ck_assert_ptr_null(unpark_store_stack(made->store, G_MAXUINT32, 0, &n));
  ck_assert_uint_eq(n, 0);
}
END_TEST

/* ---- rows ---------------------------------------------------------------------------------- */

START_TEST(test_rows) {
  Made m = made_new();
  GRand *rand = g_rand_new_with_seed(9);
  GArray *told[UNPARK_N_ROW_TABLES];
  for (guint table = 0; table < UNPARK_N_ROW_TABLES; table++) {
    told[table] = g_array_new(FALSE, FALSE, sizeof(gint64));
    for (guint i = 0; i < 10000 + table; i++)
      for (guint c = 0; c < unpark_facts[table].n_columns; c++) {
        gint64 value = c == 0 ? i / 3 : (gint64)(g_rand_int(rand) >> g_rand_int_range(rand, 0, 31));
        if (c > 0 && g_rand_int_range(rand, 0, 8) == 0)
          value = UNPARK_NONE;
        if (c == 2 && g_rand_int_range(rand, 0, 100) == 0)
          value = (gint64)((guint64)g_rand_int(rand) << 33);
        if (value != UNPARK_NONE &&
            ((gint)c == unpark_facts[table].start || (gint)c == unpark_facts[table].end))
          value = unpark_time_clamp(value);
        g_array_append_val(told[table], value);
      }
  }
  /* In turns, as an importer would. */
  for (guint i = 0; i < 10000 + UNPARK_N_ROW_TABLES; i++)
    for (guint table = 0; table < UNPARK_N_ROW_TABLES; table++)
      if (i < 10000 + table)
        unpark_writer_append(
            m.w, (UnparkTable)table,
            &g_array_index(told[table], gint64, (gsize)i * unpark_facts[table].n_columns));
  g_autoptr(TestStore) made = made_finish(&m, 0);
  for (guint table = 0; table < UNPARK_N_ROW_TABLES; table++) {
    guint n, width;
    g_autofree gint64 *rows =
        unpark_store_rows(made->store, (int)table, G_MININT64, G_MAXINT64, &n, &width, NULL, NULL);
    ck_assert_uint_eq(unpark_store_count(made->store, (int)table), 10000 + table);
    ck_assert_uint_eq(width, unpark_facts[table].n_columns);
    ck_assert_uint_eq(n, 10000 + table);
    ck_assert_mem_eq(rows, told[table]->data, (gsize)n * width * sizeof(gint64));
    g_array_unref(told[table]);
  }
  g_rand_free(rand);
}
END_TEST

START_TEST(test_notes_and_source) {
  Made m = made_new();
  guint n;
  unpark_writer_set_source(m.w, UNPARK_SOURCE_TRACE, "one", "format", NULL, UNPARK_NONE);
  unpark_writer_set_source(m.w, UNPARK_SOURCE_TRACE, NULL, NULL, "go1.99", 123456789);
  unpark_writer_set_path(m.w, "/some/\xff/path", 4711);
  unpark_writer_count_events(m.w, 5);
  unpark_writer_count_events(m.w, 6);
  unpark_writer_note(m.w, UNPARK_NOTE_INFO, "a", 2, "first %d", 1);
  unpark_writer_note(m.w, UNPARK_NOTE_WARNING, "b", 1, "bad \xff");
  unpark_writer_note(m.w, UNPARK_NOTE_ERROR, "a", 3, "second");
  g_autoptr(TestStore) made = made_finish(&m, 42);
  const UnparkSource *source = unpark_store_source(made->store);
  ck_assert_str_eq(source->importer, "one");
  ck_assert_str_eq(source->format, "format");
  ck_assert_str_eq(source->go_version, "go1.99");
  ck_assert_int_eq(source->start_wall_ns, 123456789);
  ck_assert_int_eq(source->duration_ns, 42);
  ck_assert_int_eq(source->byte_count, 4711);
  ck_assert_int_eq(source->event_count, 11);
  ck_assert(source->complete);
  ck_assert(g_utf8_validate(source->path, -1, NULL));
  const UnparkNote *notes = unpark_store_notes(made->store, &n);
  ck_assert_uint_eq(n, 2);
  ck_assert_str_eq(notes[0].name, "a");
  ck_assert_str_eq(notes[0].detail, "first 1");
  ck_assert_int_eq(notes[0].count, 5);
  ck_assert_int_eq(notes[0].severity, UNPARK_NOTE_ERROR);
  ck_assert(g_utf8_validate(notes[1].detail, -1, NULL));
}
END_TEST

/* ---- files --------------------------------------------------------------------------------- */

static guint count_files(const char *folder) {
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  guint n = 0;
  while (g_dir_read_name(dir))
    n++;
  return n;
}

START_TEST(test_unfinished) {
  Made m = made_new();
  g_autoptr(GError) error = NULL;
  for (guint i = 0; i < 200000; i++)
    made_switch(&m, i, i % 10, i / 10 % 2 ? "run" : "call", "", UNPARK_NONE, FALSE);
  g_autofree char *temp = g_strdup(unpark_writer_temp_path(m.w));
  ck_assert(g_file_test(temp, G_FILE_TEST_EXISTS));
  ck_assert(!g_file_test(m.made->path, G_FILE_TEST_EXISTS));
  ck_assert_str_ne(temp, m.made->path);
  /* What a killed process leaves is no store. */
  ck_assert_ptr_null(unpark_store_open(temp, &error));
  ck_assert(g_error_matches(error, UNPARK_ERROR, UNPARK_ERROR_STORE));
  unpark_writer_free(m.w);
  ck_assert_uint_eq(count_files(m.made->dir), 0);
  g_hash_table_unref(m.lanes);
  test_store_free(m.made);
}
END_TEST

START_TEST(test_bad_paths) {
  g_autoptr(GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp("unpark-made-XXXXXX", NULL);
  g_autofree char *nowhere = g_build_filename(dir, "none", "x.unpark", NULL);
  g_autofree char *taken = g_build_filename(dir, "taken", NULL);
  ck_assert_ptr_null(unpark_writer_new(nowhere, FALSE, &error));
  ck_assert_ptr_nonnull(error);
  g_clear_error(&error);
  /* A folder stands where the store should go: found out at the end. */
  g_autofree char *inside = g_build_filename(taken, "file", NULL);
  g_mkdir(taken, 0700);
  g_file_set_contents(inside, "x", 1, NULL);
  UnparkWriter *w = unpark_writer_new(taken, FALSE, &error);
  ck_assert_ptr_nonnull(w);
  ck_assert(!unpark_writer_finish(w, 0, TRUE, &error));
  ck_assert_ptr_nonnull(error);
  unpark_writer_free(w);
  ck_assert_uint_eq(count_files(dir), 1);
  test_remove_tree(dir);
}
END_TEST

/* Two writers of one name do not meet; the last to finish stays. */
START_TEST(test_two_writers) {
  g_autofree char *dir = g_dir_make_tmp("unpark-made-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(dir, "x.unpark", NULL);
  g_autoptr(UnparkWriter) a = unpark_writer_new(path, FALSE, NULL);
  g_autoptr(UnparkWriter) b = unpark_writer_new(path, FALSE, NULL);
  ck_assert_str_ne(unpark_writer_temp_path(a), unpark_writer_temp_path(b));
  ck_assert(unpark_writer_finish(a, 1, TRUE, NULL));
  ck_assert(unpark_writer_finish(b, 2, FALSE, NULL));
  g_autoptr(UnparkStore) store = unpark_store_open(path, NULL);
  ck_assert_int_eq(unpark_store_source(store)->duration_ns, 2);
  ck_assert(!unpark_store_source(store)->complete);
  ck_assert_uint_eq(count_files(dir), 1);
  test_remove_tree(dir);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("writer");
  TCase *spans = tcase_create("spans"), *rows = tcase_create("rows"),
        *files = tcase_create("files");
  tcase_add_test(spans, test_many_spans);
  tcase_add_test(spans, test_long_and_huge);
  tcase_add_test(spans, test_many_places);
  tcase_add_test(spans, test_executions);
  tcase_add_test(spans, test_moves);
  tcase_add_test(spans, test_many_kinds);
  tcase_add_test(rows, test_strings);
  tcase_add_test(rows, test_stacks);
  tcase_add_test(rows, test_rows);
  tcase_add_test(rows, test_notes_and_source);
  tcase_add_test(files, test_unfinished);
  tcase_add_test(files, test_bad_paths);
  tcase_add_test(files, test_two_writers);
  suite_add_tcase(suite, spans);
  suite_add_tcase(suite, rows);
  suite_add_tcase(suite, files);
  return test_run(suite);
}
