/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Go execution traces of the first format: records, ids, order, and what hand-made and damaged
 * traces become. Whole recorded traces are compared by test-expected.c. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "importers/gotrace1/frequency.h"
#include "importers/gotrace1/resync.h"
#include "model/base/error.h"
#include "tests/support.h"

#define FREQUENCY 1000000000 /* a tick is a nanosecond */

/* ---- Traces made by hand ------------------------------------------------------ */

static void put_number(GByteArray *trace, guint64 value) {
  do {
    guint8 byte = (guint8)((value & 0x7f) | (value > 0x7f ? 0x80 : 0));
    g_byte_array_append(trace, &byte, 1);
    value >>= 7;
  } while (value);
}

static void put_byte(GByteArray *trace, guint byte) {
  guint8 b = (guint8)byte;
  g_byte_array_append(trace, &b, 1);
}

static GByteArray *new_trace(const char *header) {
  GByteArray *trace = g_byte_array_new();
  guint8 head[UNPARK_V1_HEADER_SIZE] = {0};

  memcpy(head, header, strlen(header));
  return g_byte_array_append(trace, head, sizeof head);
}

static void batch(GByteArray *trace, guint64 pid, guint64 ticks) {
  put_byte(trace, UNPARK_V1_BATCH | 1 << 6);
  put_number(trace, pid);
  put_number(trace, ticks);
}

/* `n` values: the time since the last event, arguments, the stack. */
static void event(GByteArray *trace, UnparkV1Type type, guint n, const guint64 *values) {
  GByteArray *body = g_byte_array_new();

  for (guint i = 0; i < n; i++)
    put_number(body, values[i]);
  put_byte(trace, type | MIN(n - 1, 3) << 6);
  if (n > 3)
    put_number(trace, body->len);
  g_byte_array_append(trace, body->data, body->len);
  g_byte_array_unref(body);
}

#define EVENT(trace, type, ...)                                                                    \
  event(trace, UNPARK_V1_##type, G_N_ELEMENTS(((const guint64[]){__VA_ARGS__})),                   \
        (const guint64[]){__VA_ARGS__})

static void string(GByteArray *trace, guint64 id, const char *text) {
  put_byte(trace, UNPARK_V1_STRING);
  put_number(trace, id);
  put_number(trace, strlen(text));
  g_byte_array_append(trace, (const guint8 *)text, (guint)strlen(text));
}

/* A stack of one frame. */
static void stack(GByteArray *trace, guint64 id, guint64 pc, guint64 function) {
  const guint64 values[] = {id, 1, pc, function, function, 12};
  event(trace, UNPARK_V1_STACK, G_N_ELEMENTS(values), values);
}

static void end_trace(GByteArray *trace, guint64 ticks) {
  batch(trace, 0, ticks);
  put_byte(trace, UNPARK_V1_FREQUENCY);
  put_number(trace, FREQUENCY);
}

/* The list at the begin: goroutine 1 runs on processor 0 from tick 1005 on, 2 waits, 3 is
 * runnable. */
static void begin_trace(GByteArray *trace) {
  batch(trace, 0, 1000);
  EVENT(trace, GO_CREATE, 1, 1, 0, 0);
  EVENT(trace, GO_CREATE, 1, 2, 0, 0);
  EVENT(trace, GO_WAITING, 1, 2);
  EVENT(trace, GO_CREATE, 1, 3, 0, 0);
  EVENT(trace, PROC_START, 1, 0);
  EVENT(trace, GO_START_LOCAL, 1, 1);
  EVENT(trace, GOMAXPROCS, 1, 4, 0);
}

static TestStore *open_trace(GByteArray *trace) {
  g_autoptr(GError) error = NULL;
  TestStore *store = test_import_bytes(trace->data, trace->len, &error);

  ck_assert_msg(store != NULL, "%s", error ? error->message : "");
  g_byte_array_unref(trace);
  return store;
}

static void assert_rows(TestStore *store, const char *sql, const char *expected) {
  g_autoptr(GError) error = NULL;
  GString *rows = test_query(store->store, sql, &error);

  ck_assert_msg(rows != NULL, "%s", error ? error->message : "");
  ck_assert_str_eq(rows->str, expected);
  g_string_free(rows, TRUE);
}

#define SPANS                                                                                      \
  "SELECT goroutine, start_ns, end_ns, state, reason FROM span ORDER BY goroutine, start_ns"

/* ---- Records ------------------------------------------------------------------- */

START_TEST(numbers) {
  static const guint64 values[] = {0,          1,          127,        128,        16383,
                                   16384,      2097151,    2097152,    1ull << 28, 1ull << 35,
                                   1ull << 56, 1ull << 63, G_MAXUINT64};
  for (guint i = 0; i < G_N_ELEMENTS(values); i++) {
    GByteArray *bytes = g_byte_array_new();
    guint64 value = 42;
    const guint8 *p;
    guint size;

    put_number(bytes, values[i]);
    size = bytes->len;
    for (guint short_by = 1; short_by <= size; short_by++) {
      p = bytes->data;
      ck_assert(!unpark_v1_number(&p, bytes->data + size - short_by, &value));
      ck_assert_ptr_eq(p, bytes->data);
    }
    p = bytes->data;
    ck_assert(unpark_v1_number(&p, bytes->data + size, &value));
    ck_assert_uint_eq(value, values[i]);
    ck_assert_ptr_eq(p, bytes->data + size);
    g_byte_array_set_size(bytes, size + 8);
    p = bytes->data;
    ck_assert_uint_eq(unpark_v1_known_number(&p), values[i]);
    ck_assert_ptr_eq(p, bytes->data + size);
    g_byte_array_unref(bytes);
  }
}
END_TEST

START_TEST(too_long_number) {
  guint8 bytes[16];
  const guint8 *p = bytes;
  guint64 value;

  memset(bytes, 0xff, sizeof bytes);
  ck_assert(!unpark_v1_number(&p, bytes + sizeof bytes, &value));
  bytes[9] = 2; /* bit 64 */
  ck_assert(!unpark_v1_number(&p, bytes + sizeof bytes, &value));
  bytes[9] = 1;
  ck_assert(unpark_v1_number(&p, bytes + sizeof bytes, &value));
  ck_assert_uint_eq(value, G_MAXUINT64);
}
END_TEST

START_TEST(headers) {
  static const struct {
    const char *text;
    gsize size;
    guint version;
  } cases[] = {
      {"go 1.11 trace\0\0", 16, 11}, {"go 1.21 trace\0\0", 16, 21},  {"go 1.5 trace\0\0\0", 16, 5},
      {"go 1.22 trace\0\0", 16, 22}, {"go 1.21 trace\0\0", 15, 0},   {"go 1.2x trace\0\0", 16, 0},
      {"go 1.211 trace\0", 16, 0},   {"go 1. trace\0\0\0\0", 16, 0}, {"go 1.5 trace\0\0x", 16, 0},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    ck_assert_uint_eq(unpark_v1_header_version((const guint8 *)cases[i].text, cases[i].size),
                      cases[i].version);
}
END_TEST

/* Decodes the record at the begin of `bytes`, once right before the end and once far from it:
 * both ways of decoding must agree. */
static UnparkV1Status decode(GByteArray *bytes, guint version, UnparkV1Record *record) {
  guint size = bytes->len;
  const guint8 *p = bytes->data;
  UnparkV1Status status = unpark_v1_decode(&p, p + size, version, record), far;

  if (status == UNPARK_V1_OK)
    ck_assert_ptr_eq(p, bytes->data + size);
  g_byte_array_set_size(bytes, size + 100);
  memset(bytes->data + size, 0, 100);
  p = bytes->data;
  far = unpark_v1_decode(&p, p + size + 100, version, record);
  if (status != UNPARK_V1_CUT)
    ck_assert_int_eq(far, status);
  if (status == UNPARK_V1_OK)
    ck_assert_ptr_eq(p, bytes->data + size);
  g_byte_array_unref(bytes);
  return status;
}

START_TEST(records) {
  UnparkV1Record record;
  GByteArray *bytes = g_byte_array_new();

  EVENT(bytes, GO_UNBLOCK, 5, 1000, 7, 300);
  ck_assert_int_eq(decode(bytes, 21, &record), UNPARK_V1_OK);
  ck_assert_uint_eq(record.n_values, 4);
  ck_assert(record.has_stack);
  ck_assert_uint_eq(record.values[0], 5);
  ck_assert_uint_eq(record.values[3], 300);

  bytes = g_byte_array_new(); /* newer than the header */
  EVENT(bytes, CPU_SAMPLE, 1, 2, 3, 4, 5);
  ck_assert_int_eq(decode(bytes, 11, &record), UNPARK_V1_BROKEN);

  bytes = g_byte_array_new(); /* a value too few, a value too many */
  EVENT(bytes, GO_SYS_EXIT, 1, 2, 3);
  ck_assert_int_eq(decode(bytes, 21, &record), UNPARK_V1_BROKEN);
  bytes = g_byte_array_new();
  EVENT(bytes, GO_SYS_EXIT, 1, 2, 3, 4, 5);
  ck_assert_int_eq(decode(bytes, 21, &record), UNPARK_V1_BROKEN);

  bytes = g_byte_array_new();
  put_byte(bytes, 63);
  ck_assert_int_eq(decode(bytes, 21, &record), UNPARK_V1_BROKEN);
  bytes = g_byte_array_new();
  put_byte(bytes, UNPARK_V1_GO_START | 2 << 6);
  put_byte(bytes, 1);
  ck_assert_int_eq(decode(bytes, 21, &record), UNPARK_V1_CUT);

  bytes = g_byte_array_new();
  string(bytes, 9, "main.main");
  ck_assert_int_eq(decode(bytes, 21, &record), UNPARK_V1_OK);
  ck_assert_uint_eq(record.body_size, 9);
}
END_TEST

START_TEST(ids) {
  UnparkV1Ids map = {0};
  guint32 value = 0;

  for (guint64 i = 1; i < 5000; i++)
    unpark_v1_ids_set(&map, i * i * i, (guint32)i);
  for (guint64 i = 1; i < 5000; i++) {
    ck_assert(unpark_v1_ids_get(&map, i * i * i, &value));
    ck_assert_uint_eq(value, i);
  }
  ck_assert(!unpark_v1_ids_get(&map, 2, &value));
  ck_assert(!unpark_v1_ids_get(&map, G_MAXUINT64, &value));
  unpark_v1_ids_clear(&map);
}
END_TEST

START_TEST(map_removes) {
  UnparkV1Map map = {0};
  guint32 value = 0;

  for (guint64 i = 0; i < 10000; i++)
    unpark_v1_map_set(&map, i << 40, (guint32)i);
  for (guint64 i = 0; i < 10000; i += 2)
    unpark_v1_map_remove(&map, i << 40);
  unpark_v1_map_remove(&map, 1); /* not there */
  for (guint64 i = 0; i < 10000; i++)
    ck_assert_int_eq(unpark_v1_map_get(&map, i << 40, &value), i % 2 == 1);
  ck_assert_uint_eq(map.n, 5000);
  unpark_v1_map_clear(&map);
}
END_TEST

/* ---- States -------------------------------------------------------------------- */

START_TEST(states) {
  GByteArray *trace = new_trace("go 1.19 trace");

  begin_trace(trace); /* the last event at 1007 */
  EVENT(trace, GO_CREATE, 100, 4, 0, 0);
  EVENT(trace, GO_BLOCK_RECV, 100, 0);
  EVENT(trace, GO_START_LOCAL, 100, 4);
  EVENT(trace, GO_UNBLOCK_LOCAL, 100, 1, 0);
  EVENT(trace, GO_END, 100);
  end_trace(trace, 3000);
  g_autoptr(TestStore) store = open_trace(trace);

  /* Time 0 is the first event that says something: that 2 waits, at 1003. */
  assert_rows(store, SPANS,
              "1\t-3\t204\trunning\t\n"
              "1\t204\t404\twaiting\tchan receive\n"
              "1\t404\t505\trunnable\t\n"
              "2\t-3\t505\twaiting\t\n"
              "3\t-3\t505\trunnable\t\n"
              "4\t104\t304\trunnable\t\n"
              "4\t304\t504\trunning\t\n");
  assert_rows(store, "SELECT goroutine, waker FROM span WHERE waker NOT NULL AND state = 'waiting'",
              "1\t4\n");
  assert_rows(store, "SELECT goroutine, duration_ns, cause, waker FROM sched_latency",
              "4\t200\tcreated\t1\n");
  assert_rows(store, "SELECT count(*) FROM import_note", "0\n");
}
END_TEST

/* Two processors at one time: the numbers decide. */
START_TEST(ties) {
  GByteArray *trace = new_trace("go 1.21 trace");

  begin_trace(trace);
  EVENT(trace, GO_UNBLOCK, 93, 2, 2, 0); /* at 1100 */
  EVENT(trace, GO_STOP, 50, 0);
  batch(trace, 1, 1050);
  EVENT(trace, PROC_START, 10, 3);
  EVENT(trace, GO_START, 40, 2, 3); /* at 1100 as well */
  EVENT(trace, GO_SLEEP, 20, 0);
  end_trace(trace, 3000);
  g_autoptr(TestStore) store = open_trace(trace);

  assert_rows(store, SPANS,
              "1\t-3\t147\trunning\t\n"
              "1\t147\t148\twaiting\tforever\n"
              "2\t-3\t97\twaiting\t\n"
              "2\t97\t98\trunnable\t\n"
              "2\t98\t117\trunning\t\n"
              "2\t117\t148\twaiting\tsleep\n"
              "3\t-3\t148\trunnable\t\n");
  assert_rows(store, "SELECT count(*) FROM import_note", "0\n");
}
END_TEST

/* A blocked syscall returned before its event was written; one that does not block takes 1 ns. */
START_TEST(syscalls) {
  GByteArray *trace = new_trace("go 1.19 trace");

  begin_trace(trace);
  EVENT(trace, GO_SYSCALL, 93, 0);  /* at 1100: does not block */
  EVENT(trace, GO_SYSCALL, 100, 0); /* at 1200: blocks */
  EVENT(trace, GO_SYS_BLOCK, 50);
  EVENT(trace, PROC_STOP, 1);
  batch(trace, 1, 1210);
  EVENT(trace, PROC_START, 10, 3);
  EVENT(trace, HEAP_ALLOC, 180, 77);          /* at 1400 */
  EVENT(trace, GO_SYS_EXIT, 100, 1, 2, 1300); /* at 1500 */
  EVENT(trace, GO_START_LOCAL, 10, 1);
  end_trace(trace, 3000);
  g_autoptr(TestStore) store = open_trace(trace);

  assert_rows(store, "SELECT start_ns, end_ns, state, proc FROM span WHERE goroutine = 1",
              "-3\t97\trunning\t0\n"
              "97\t98\tsyscall\t0\n"
              "98\t197\trunning\t0\n"
              "197\t297\tsyscall\t0\n"
              "297\t507\trunnable\t\n"
              "507\t508\trunning\t1\n");
  assert_rows(store, "SELECT time_ns, value FROM metric", "397\t77\n");
  assert_rows(store, "SELECT cause FROM sched_latency", "syscall\n");
}
END_TEST

START_TEST(annotations) {
  GByteArray *trace = new_trace("go 1.11 trace");

  begin_trace(trace);
  string(trace, 1, "job");
  string(trace, 2, "step");
  EVENT(trace, USER_TASK_CREATE, 93, 5, 0, 1, 0);
  EVENT(trace, USER_REGION, 10, 5, 0, 2, 0);
  EVENT(trace, USER_LOG, 10, 5, 1, 0);
  put_number(trace, 5);
  g_byte_array_append(trace, (const guint8 *)"hello", 5);
  EVENT(trace, USER_REGION, 10, 5, 1, 2, 0);
  EVENT(trace, USER_TASK_END, 10, 5, 0);
  EVENT(trace, STW_START, 10, 1);
  EVENT(trace, STW_DONE, 10);
  EVENT(trace, GC_START, 10, 0, 0);
  EVENT(trace, GC_DONE, 10);
  end_trace(trace, 3000);
  g_autoptr(TestStore) store = open_trace(trace);

  assert_rows(store, "SELECT id, parent, name, goroutine, start_ns, end_ns FROM task",
              "5\t\tjob\t1\t97\t137\n");
  assert_rows(store, "SELECT task, goroutine, name, start_ns, end_ns, depth FROM region",
              "5\t1\tstep\t107\t127\t0\n");
  assert_rows(store, "SELECT task, goroutine, time_ns, category, message FROM log",
              "5\t1\t117\tjob\thello\n");
  assert_rows(store, "SELECT name, scope, scope_id, start_ns, end_ns FROM range ORDER BY start_ns",
              "stop-the-world (GC sweep termination)\tgoroutine\t1\t147\t157\n"
              "GC concurrent mark phase\tglobal\t\t167\t177\n");
}
END_TEST

/* ---- Damage --------------------------------------------------------------------- */

static void assert_note(TestStore *store, const char *name, gint64 count) {
  g_autofree char *sql =
      g_strdup_printf("SELECT sum(count) FROM import_note WHERE name = '%s'", name);
  ck_assert_msg(test_query_int(store->store, sql, 0, NULL) == count, "%s: %d, not %d", name,
                (int)test_query_int(store->store, sql, 0, NULL), (int)count);
}

START_TEST(fault_in_a_batch) {
  GByteArray *trace = new_trace("go 1.21 trace");

  begin_trace(trace);
  EVENT(trace, GO_SLEEP, 93, 0);
  put_byte(trace, 0xff); /* no such record */
  for (guint i = 0; i < 20; i++)
    EVENT(trace, HEAP_ALLOC, 10, i);
  batch(trace, 1, 1500);
  EVENT(trace, PROC_START, 10, 3);
  EVENT(trace, GO_START, 10, 3, 1);
  EVENT(trace, GO_SLEEP, 20, 0);
  end_trace(trace, 3000);
  g_autoptr(TestStore) store = open_trace(trace);

  assert_rows(store,
              "SELECT goroutine, state, reason FROM span WHERE goroutine IN (1, 3) "
              "ORDER BY goroutine, start_ns",
              "1\trunning\t\n1\twaiting\tsleep\n"
              "3\trunnable\t\n3\trunning\t\n3\twaiting\tsleep\n");
  assert_rows(store, "SELECT count(*) FROM metric", "20\n"); /* it goes on behind the fault */
  assert_rows(store, "SELECT complete FROM source", "0\n");
  assert_note(store, "damaged-batch", 1);
  assert_note(store, "lost-bytes", 1);
}
END_TEST

START_TEST(fault_in_a_stack) {
  GByteArray *trace = new_trace("go 1.21 trace");
  guint damaged = 0;

  begin_trace(trace);
  EVENT(trace, GO_CREATE, 93, 4, 1, 0);
  EVENT(trace, GO_CREATE, 10, 5, 2, 0);
  EVENT(trace, GO_CREATE, 10, 6, 5, 0);
  end_trace(trace, 3000);
  for (guint i = 1; i <= 6; i++) {
    g_autofree char *name = g_strdup_printf("main.f%u", i);
    string(trace, i, name);
    if (i == 2)
      damaged = trace->len;
    stack(trace, i, 0x400000 + i, i);
  }
  trace->data[damaged + 1] = 200; /* its length */
  g_autoptr(TestStore) store = open_trace(trace);

  assert_rows(store, "SELECT id, name FROM goroutine WHERE id > 3",
              "4\tmain.f1\n5\t\n6\tmain.f5\n");
  assert_note(store, "damaged-batch", 1);
  assert_rows(store, "SELECT complete FROM source", "0\n");
}
END_TEST

START_TEST(cut_off) {
  GByteArray *trace = new_trace("go 1.21 trace");

  begin_trace(trace);
  EVENT(trace, GO_BLOCK_SYNC, 93, 17);
  put_byte(trace, UNPARK_V1_GO_START | 2 << 6);
  g_autoptr(TestStore) store = open_trace(trace);

  assert_rows(store, "SELECT state, reason FROM span WHERE goroutine = 1 ORDER BY start_ns",
              "running\t\nwaiting\tsync\n");
  assert_note(store, "cut-off", 1);
  assert_note(store, "unknown-clock", 1);
  assert_note(store, "missing-stack", 1);
  assert_rows(store, "SELECT complete FROM source", "0\n");
}
END_TEST

START_TEST(only_a_header) {
  g_autoptr(TestStore) store = open_trace(new_trace("go 1.19 trace"));

  assert_note(store, "no-events", 1);
  assert_rows(store, "SELECT complete FROM source", "0\n");
}
END_TEST

/* What woke goroutine 2 was lost: it runs at its time all the same. */
START_TEST(lost_wakeup) {
  GByteArray *trace = new_trace("go 1.21 trace");

  begin_trace(trace);
  EVENT(trace, GO_STOP, 1000000, 0);
  batch(trace, 1, 1050);
  EVENT(trace, PROC_START, 10, 3);
  EVENT(trace, GO_START, 40, 2, 3);
  EVENT(trace, GO_SLEEP, 20, 0);
  end_trace(trace, 3000000);
  g_autoptr(TestStore) store = open_trace(trace);

  assert_rows(store,
              "SELECT start_ns, end_ns, state FROM span WHERE goroutine = 2 "
              "ORDER BY start_ns LIMIT 2",
              "-3\t97\twaiting\n97\t117\trunning\n");
  assert_note(store, "forced-order", 1);
}
END_TEST

START_TEST(stray_batch) {
  GByteArray *trace = new_trace("go 1.21 trace");

  begin_trace(trace);
  EVENT(trace, GO_SCHED, 93, 0);
  batch(trace, 0, G_GUINT64_CONSTANT(1) << 50);
  EVENT(trace, GO_START_LOCAL, 10, 1);
  batch(trace, 1, 1050);
  EVENT(trace, PROC_START, 10, 3);
  for (guint i = 0; i < 50; i++)
    EVENT(trace, HEAP_ALLOC, 1, i);
  end_trace(trace, 3000);
  g_autoptr(TestStore) store = open_trace(trace);

  assert_note(store, "damaged-time", 1);
  assert_rows(store, "SELECT duration_ns < 2000 FROM source", "1\n");
}
END_TEST

/* ---- cgo --------------------------------------------------------------------------- */

/* Go 1.19: the goroutine of a thread that C created returns from C without having been
 * created. Go 1.21: it starts without having returned. */
START_TEST(callbacks) {
  GByteArray *trace = new_trace("go 1.21 trace");

  begin_trace(trace);
  EVENT(trace, GO_CREATE, 93, 40, 0, 0);
  EVENT(trace, GO_IN_SYSCALL, 1, 40);
  batch(trace, 1, 1200);
  EVENT(trace, PROC_START, 10, 3);
  EVENT(trace, GO_SYS_EXIT, 10, 17, 1, 0);
  EVENT(trace, GO_START_LOCAL, 10, 17);
  EVENT(trace, GO_SLEEP, 10, 0);
  EVENT(trace, GO_START, 10, 40, 2);
  EVENT(trace, GO_SLEEP, 10, 0);
  end_trace(trace, 3000);
  g_autoptr(TestStore) store = open_trace(trace);

  assert_rows(store,
              "SELECT goroutine, start_ns, state FROM span WHERE goroutine > 10 "
              "ORDER BY goroutine, start_ns",
              "17\t217\trunnable\n17\t227\trunning\n17\t237\twaiting\n"
              "40\t97\trunnable\n40\t98\tsyscall\n40\t247\trunning\n40\t257\twaiting\n");
  assert_note(store, "cgo-callback", 2);
  assert_note(store, "forced-order", 0);
  assert_rows(store, "SELECT complete FROM source", "1\n");
}
END_TEST

/* ---- Versions and clocks ------------------------------------------------------------ */

START_TEST(too_old) {
  g_autoptr(GError) error = NULL;
  GByteArray *trace = new_trace("go 1.7 trace");

  ck_assert_ptr_null(test_import_bytes(trace->data, trace->len, &error));
  ck_assert(g_error_matches(error, UNPARK_ERROR, UNPARK_ERROR_UNSUPPORTED_VERSION));
  ck_assert_ptr_nonnull(strstr(error->message, "1.7"));
  g_byte_array_unref(trace);
}
END_TEST

START_TEST(clock_of_sleeps) {
  gint64 sleeps[200];
  const double ticks_per_ms = 31250; /* 2 GHz */

  for (guint i = 0; i < G_N_ELEMENTS(sleeps); i++)
    sleeps[i] = (gint64)((3 + i % 8 + 0.01 * (i % 9)) * ticks_per_ms);
  ck_assert_uint_eq(unpark_v1_frequency_of_sleeps(sleeps, G_N_ELEMENTS(sleeps)), 31250000);
  for (guint i = 0; i < G_N_ELEMENTS(sleeps); i++)
    sleeps[i] = (gint64)((3 + 0.37 * i) * ticks_per_ms);
  ck_assert_uint_eq(unpark_v1_frequency_of_sleeps(sleeps, G_N_ELEMENTS(sleeps)), 37500000);
  ck_assert_uint_eq(unpark_v1_frequency_of_sleeps(sleeps, 0), 37500000);
}
END_TEST

int main(void) {
  const TTest *const tests[] = {
      numbers,          too_long_number, headers,       records,          ids,
      map_removes,      states,          ties,          syscalls,         annotations,
      fault_in_a_batch, cut_off,         only_a_header, fault_in_a_stack, lost_wakeup,
      callbacks,        stray_batch,     too_old,       clock_of_sleeps,
  };
  Suite *suite = suite_create("gotrace1");
  TCase *tcase = tcase_create("gotrace1");

  for (guint i = 0; i < G_N_ELEMENTS(tests); i++)
    tcase_add_test(tcase, tests[i]);
  suite_add_tcase(suite, tcase);
  return test_run(suite);
}
