/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables for a warehouse: the columns that are written are what SQL has, files are whole or not
 * there. What is in the files is read by others: tests/warehouse. */
#include <check.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "model/export/export.h"
#include "model/parquet/private.h"
#include "model/sql/reader.h"
#include "model/sql/row-sort.h"
#include "model/sql/schema.h"
#include "tests/support.h"

/* That a trace fills, or has empty. */
#define N_TABLES 17

/* ---- Encodings ------------------------------------------------------------------------------ */

static guint32 unpack(const guint8 *bytes, guint bit, guint width) {
  guint32 value = 0;

  for (guint i = 0; i < width; i++)
    value |= (guint32)(bytes[(bit + i) / 8] >> (bit + i) % 8 & 1) << i;
  return value;
}

/* What a reader makes of it, as parquet-format's Encodings.md has it. */
static guint decode(const GByteArray *from, guint32 *values, guint room, guint width) {
  guint at = 0, n = 0;

  while (at < from->len) {
    guint32 head = 0;
    guint shift = 0;

    do
      head |= (guint32)(from->data[at] & 0x7f) << shift, shift += 7;
    while (from->data[at++] & 0x80);
    ck_assert_uint_gt(head >> 1, 0);
    if (head & 1) {
      for (guint i = 0; i < (head >> 1) * 8 && n < room; i++)
        values[n++] = unpack(from->data + at, i * width, width);
      at += (head >> 1) * width;
    } else {
      guint32 value = 0;
      memcpy(&value, from->data + at, (width + 7) / 8);
      for (guint i = 0; i < head >> 1 && n < room; i++)
        values[n++] = GUINT32_FROM_LE(value);
      at += (width + 7) / 8;
    }
    ck_assert_uint_le(at, from->len);
  }
  return n;
}

START_TEST(test_hybrid) {
  g_autoptr(GRand) rand = g_rand_new_with_seed(7);

  for (guint round = 0; round < 2000; round++) {
    guint width = (guint)g_rand_int_range(rand, 1, 20), n = (guint)g_rand_int_range(rand, 1, 300);
    g_autofree guint32 *values = g_new0(guint32, n);
    g_autofree guint32 *back = g_new0(guint32, n);
    g_autoptr(GByteArray) bytes = g_byte_array_new();

    for (guint i = 0; i < n;) {
      guint32 value = g_rand_int(rand) & ((1u << width) - 1);
      guint run = (guint)g_rand_int_range(rand, 1, g_rand_boolean(rand) ? 3 : 60);
      for (; run > 0 && i < n; run--)
        values[i++] = value;
    }
    unpark_hybrid_append(bytes, values, n, width);
    ck_assert_uint_eq(decode(bytes, back, n, width), n);
    ck_assert_int_eq(memcmp(values, back, n * sizeof *values), 0);
  }
  ck_assert_uint_eq(unpark_hybrid_width(0), 0);
  ck_assert_uint_eq(unpark_hybrid_width(1), 1);
  ck_assert_uint_eq(unpark_hybrid_width(255), 8);
  ck_assert_uint_eq(unpark_hybrid_width(256), 9);
}
END_TEST

/* More rows than are held in memory. */
START_TEST(test_sort) {
  enum { BATCH = 8192, BATCHES = 400, COLUMNS = 3 };
  g_autoptr(GError) error = NULL;
  g_autoptr(GRand) rand = g_rand_new_with_seed(9);
  UnparkRowSort *sort = unpark_row_sort_new(COLUMNS, 1, 2);
  gint64 *columns[COLUMNS];
  gint64 last[COLUMNS] = {0}, seen = 0;
  guint n = 1;
  guint64 sum = 0;

  for (guint c = 0; c < COLUMNS; c++)
    columns[c] = g_new(gint64, BATCH);
  for (guint b = 0; b < BATCHES; b++) {
    for (guint i = 0; i < BATCH; i++) {
      columns[0][i] = (gint64)b * BATCH + i;
      columns[1][i] = g_rand_int_range(rand, -5, 5);
      columns[2][i] = g_rand_int_range(rand, 0, 1000);
    }
    ck_assert(unpark_row_sort_add(sort, columns, BATCH, &error));
  }
  ck_assert(unpark_row_sort_end(sort, &error));
  while (n > 0) {
    ck_assert(unpark_row_sort_take(sort, columns, BATCH, &n, &error));
    for (guint i = 0; i < n; i++, seen++) {
      gboolean ascends =
          columns[1][i] > last[1] || (columns[1][i] == last[1] && columns[2][i] > last[2]) ||
          (columns[1][i] == last[1] && columns[2][i] == last[2] && columns[0][i] > last[0]);
      ck_assert(seen == 0 || ascends);
      sum += (guint64)columns[0][i];
      for (guint c = 0; c < COLUMNS; c++)
        last[c] = columns[c][i];
    }
  }
  ck_assert_int_eq(seen, (gint64)BATCH * BATCHES);
  ck_assert_uint_eq(sum, (guint64)seen * (guint64)(seen - 1) / 2);
  for (guint c = 0; c < COLUMNS; c++)
    g_free(columns[c]);
  unpark_row_sort_free(sort);
}
END_TEST

/* ---- Columns are what SQL has
 * -------------------------------------------------------------------- */

static int compare_texts(gconstpointer a, gconstpointer b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static GPtrArray *sorted_lines(const char *text) {
  GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
  g_auto(GStrv) split = g_strsplit(text, "\n", -1);

  for (char **line = split; *line; line++)
    if (line[1] || **line)
      g_ptr_array_add(lines, g_strdup(*line));
  g_ptr_array_sort(lines, compare_texts);
  return lines;
}

/* All rows as tsv; checks that they ascend by `first`, then by `second` (-1: not asked). */
static char *read_rows(UnparkStore *store, const char *table, gint first, gint second) {
  g_autoptr(UnparkSqlReader) reader = unpark_sql_reader_new(store, table);
  g_autoptr(GError) error = NULL;
  GString *text = g_string_new(NULL);
  gint64 *const *columns;
  gint64 last[2] = {G_MININT64, G_MININT64};
  guint n = 1;

  while (n > 0) {
    ck_assert(unpark_sql_reader_next(reader, &columns, &n, NULL, &error));
    for (guint i = 0; i < n; i++) {
      for (guint c = 0; c < unpark_sql_reader_n_columns(reader); c++) {
        gsize size = 0;
        gint64 value = columns[c][i];

        g_string_append(text, c ? "\t" : "");
        if (value == UNPARK_NONE)
          continue;
        if (unpark_sql_reader_is_text(reader, c))
          g_string_append(text, unpark_sql_reader_text(reader, c, value, &size));
        else
          g_string_append_printf(text, "%" G_GINT64_FORMAT, value);
      }
      g_string_append_c(text, '\n');
      if (first >= 0) {
        ck_assert_int_ge(columns[first][i], last[0]);
        if (columns[first][i] == last[0])
          ck_assert_int_ge(columns[second][i], last[1]);
        last[0] = columns[first][i];
        last[1] = columns[second][i];
      }
    }
  }
  return g_string_free(text, FALSE);
}

static gint find_column(const UnparkSqlTableInfo *table, const char *name) {
  for (gint i = 0; table->columns[i]; i++)
    if (strcmp(table->columns[i], name) == 0)
      return i;
  return -1;
}

static void compare_tables(TestStore *s) {
  guint n;
  const UnparkSqlTableInfo *tables = unpark_sql_tables(&n);

  for (guint i = 0; i < n; i++) {
    g_autofree char *sql = g_strdup_printf("SELECT * FROM \"%s\"", tables[i].name);
    g_autoptr(UnparkSqlReader) reader = unpark_sql_reader_new(s->store, tables[i].name);
    g_autoptr(GError) error = NULL;
    gint first = find_column(&tables[i], "goroutine"), second = find_column(&tables[i], "start_ns");

    if (!reader)
      continue;
    if (strcmp(tables[i].name, "proc_span") == 0 || strcmp(tables[i].name, "thread_span") == 0)
      first = 0;
    second = second < 0 ? find_column(&tables[i], "time_ns") : second;
    for (guint c = 0; tables[i].columns[c]; c++)
      ck_assert_str_eq(unpark_sql_reader_name(reader, c), tables[i].columns[c]);
    g_autoptr(GString) theirs = test_query(s->store, sql, &error);
    g_autofree char *ours = read_rows(s->store, tables[i].name, second < 0 ? -1 : first, second);
    g_autoptr(GPtrArray) wanted = sorted_lines(theirs->str);
    g_autoptr(GPtrArray) got = sorted_lines(ours);
    ck_assert_msg(wanted->len == got->len, "%s: %u rows, not %u", tables[i].name, got->len,
                  wanted->len);
    for (guint k = 0; k < wanted->len; k++)
      ck_assert_str_eq(got->pdata[k], wanted->pdata[k]);
  }
}

START_TEST(test_columns) {
  static const char *const files[] = {
      UNPARK_TEST_DATA "/sample.trace",
      UNPARK_TEST_DATA "/profiles/go1.27/webshop/cpu.pprof",
      UNPARK_TEST_DATA "/profiles/go1.27/webshop/mutex.pprof",
      UNPARK_TEST_DATA "/expected/go1.27/selects.trace",
  };

  for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(TestStore) s = test_import(files[i], &error);

    ck_assert_msg(s != NULL, "%s", error ? error->message : "");
    compare_tables(s);
  }
}
END_TEST

/* ---- The folder
 * -------------------------------------------------------------------------------------- */

static void find_files(const char *folder, GPtrArray *files) {
  g_autoptr(GDir) listing = g_dir_open(folder, 0, NULL);
  const char *name;

  while (listing && (name = g_dir_read_name(listing))) {
    g_autofree char *path = g_build_filename(folder, name, NULL);

    if (g_file_test(path, G_FILE_TEST_IS_DIR))
      find_files(path, files);
    else
      g_ptr_array_add(files, g_steal_pointer(&path));
  }
  g_ptr_array_sort(files, compare_texts);
}

static GPtrArray *files_of(const char *folder) {
  GPtrArray *files = g_ptr_array_new_with_free_func(g_free);

  find_files(folder, files);
  return files;
}

/* Whole, for a reader: the marks at both ends, and a footer that fits. */
static void check_file(const char *path) {
  g_autofree char *bytes = NULL;
  gsize size;
  guint32 footer;

  ck_assert(g_file_get_contents(path, &bytes, &size, NULL));
  ck_assert_msg(size > 12 && memcmp(bytes, "PAR1", 4) == 0 &&
                    memcmp(bytes + size - 4, "PAR1", 4) == 0,
                "%s is not whole", path);
  memcpy(&footer, bytes + size - 8, 4);
  ck_assert_uint_lt(GUINT32_FROM_LE(footer), size - 8);
}

/* Every file with its name is whole; a source that is there has all its tables. */
static void check_folder(const char *folder) {
  g_autoptr(GPtrArray) files = files_of(folder);
  gboolean source = FALSE;
  guint parts = 0;

  for (guint i = 0; i < files->len; i++) {
    const char *path = files->pdata[i];

    if (!g_str_has_suffix(path, ".parquet"))
      continue;
    check_file(path);
    parts++;
    source = source || strstr(path, "/table=source/") != NULL;
  }
  if (source)
    ck_assert_uint_eq(parts, N_TABLES);
}

static char *make_folder(void) {
  char *dir = g_dir_make_tmp("unpark-export-XXXXXX", NULL);

  ck_assert_ptr_nonnull(dir);
  return dir;
}

START_TEST(test_layout) {
  g_autofree char *dir = make_folder();
  g_autofree char *out = NULL, *err = NULL, *out2 = NULL, *err2 = NULL, *out3 = NULL, *err3 = NULL;
  g_autofree char *to = g_build_filename(dir, "to", NULL);
  g_autofree char *copy = g_build_filename(dir, "copy of it.trace", NULL);
  g_autofree char *bytes = NULL;
  gsize size;

  ck_assert_int_eq(
      test_run_cli(NULL, &out, &err, "export", UNPARK_TEST_DATA "/sample.trace", "-o", to, NULL),
      0);
  g_autoptr(GPtrArray) files = files_of(to);
  ck_assert_uint_eq(files->len, N_TABLES);
  for (guint i = 0; i < files->len; i++)
    ck_assert_msg(
        g_regex_match_simple("/table=[a-z_]+/date=\\d{4}-\\d\\d-\\d\\d/source=[0-9a-f]{16}"
                             "/part-0\\.parquet$",
                             files->pdata[i], 0, 0),
        "%s", (const char *)files->pdata[i]);
  check_folder(to);

  /* The same file elsewhere is the same source. */
  ck_assert(g_file_get_contents(UNPARK_TEST_DATA "/sample.trace", &bytes, &size, NULL));
  ck_assert(g_file_set_contents(copy, bytes, (gssize)size, NULL));
  ck_assert_int_eq(test_run_cli(NULL, &out2, &err2, "export", copy, "-o", to, NULL), 0);
  g_autoptr(GPtrArray) again = files_of(to);
  ck_assert_uint_eq(again->len, files->len);
  for (guint i = 0; i < files->len; i++)
    ck_assert_str_eq(again->pdata[i], files->pdata[i]);

  /* A broken file spoils nothing of the others. */
  ck_assert(g_file_set_contents(copy, "nothing", -1, NULL));
  ck_assert_int_ne(test_run_cli(NULL, &out3, &err3, "export", copy,
                                UNPARK_TEST_DATA "/profiles/go1.27/webshop/cpu.pprof", "-o", to,
                                NULL),
                   0);
  ck_assert_msg(strstr(err3, "copy of it.trace") != NULL, "%s", err3);
  g_autoptr(GPtrArray) more = files_of(to);
  ck_assert_uint_eq(more->len, files->len + 10);
  test_remove_tree(dir);
}
END_TEST

START_TEST(test_csv) {
  g_autofree char *dir = make_folder();
  g_autofree char *out = NULL, *err = NULL, *count = NULL, *err2 = NULL, *text = NULL;
  g_autofree char *to = g_build_filename(dir, "to", NULL);
  guint lines = 0;

  ck_assert_int_eq(test_run_cli(NULL, &out, &err, "export", "--format", "csv", "-o", to,
                                UNPARK_TEST_DATA "/sample.trace", NULL),
                   0);
  g_autoptr(GPtrArray) files = files_of(to);
  ck_assert_uint_eq(files->len, N_TABLES);
  for (guint i = 0; i < files->len; i++) {
    ck_assert(g_str_has_suffix(files->pdata[i], "/part-0.csv"));
    if (strstr(files->pdata[i], "/table=span/"))
      ck_assert(g_file_get_contents(files->pdata[i], &text, NULL, NULL));
  }
  ck_assert(g_str_has_prefix(text, "\"goroutine\",\"start_ns\",\"end_ns\",\"duration_ns\","));
  for (const char *p = text; (p = strchr(p, '\n')); p++)
    lines++;
  test_run_cli(NULL, &count, &err2, "query", UNPARK_TEST_DATA "/sample.trace",
               "SELECT count(*) FROM span", NULL);
  ck_assert_int_eq(lines, atoi(count) + 1);
  test_remove_tree(dir);
}
END_TEST

/* Their tables are no columns of blocks: each column has the type that the table declares. */
START_TEST(test_spans) {
  static const char *const formats[] = {"csv", "parquet"};
  for (guint i = 0; i < G_N_ELEMENTS(formats); i++) {
    g_autofree char *dir = make_folder();
    g_autofree char *out = NULL, *err = NULL;
    g_autofree char *to = g_build_filename(dir, "to", NULL);
    guint n = 0;
    int status = test_run_cli(NULL, &out, &err, "export", "--format", formats[i], "-o", to,
                              UNPARK_TEST_DATA "/spans/shop.otlp.json", NULL);
    ck_assert_msg(status == 0, "%s", err);
    g_autoptr(GPtrArray) files = files_of(to);
    for (guint f = 0; f < files->len; f++)
      n += strstr(files->pdata[f], "/table=trace_span") != NULL;
    ck_assert_uint_eq(n, 4);
    test_remove_tree(dir);
  }
}
END_TEST

/* The sanitizers change when what is written, not in which order. */
#if defined(__SANITIZE_ADDRESS__)
#define KILLS 4
#else
#define KILLS 24
#endif

/* Killed at any moment, it leaves whole files under their names or none; the next run clears up. */
START_TEST(test_killed) {
  static const char *const args[] = {"export", UNPARK_TEST_DATA "/sample.trace", "-o", "to", NULL};
  g_autofree char *dir = make_folder();
  g_autofree char *to = g_build_filename(dir, "to", NULL);
  g_autoptr(GRand) rand = g_rand_new_with_seed(11);
  int status;

  for (guint i = 0; i < KILLS; i++) {
    pid_t pid = fork();

    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
      if (chdir(dir) != 0)
        _exit(98);
      test_exec_cli(dir, args);
    }
    g_usleep((gulong)g_rand_int_range(rand, 1000, 150000));
    kill(pid, SIGKILL);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    check_folder(to);
  }
  pid_t pid = fork();
  if (pid == 0) {
    if (chdir(dir) != 0)
      _exit(98);
    test_exec_cli(dir, args);
  }
  ck_assert_int_eq(waitpid(pid, &status, 0), pid);
  ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  g_autoptr(GPtrArray) files = files_of(to);
  ck_assert_uint_eq(files->len, N_TABLES);
  check_folder(to);
  test_remove_tree(dir);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("export");
  TCase *encodings = tcase_create("encodings"), *columns = tcase_create("columns"),
        *folder = tcase_create("folder");

  tcase_add_test(encodings, test_hybrid);
  tcase_add_test(encodings, test_sort);
  tcase_add_test(columns, test_columns);
  tcase_add_test(folder, test_layout);
  tcase_add_test(folder, test_csv);
  tcase_add_test(folder, test_spans);
  tcase_add_test(folder, test_killed);
  suite_add_tcase(suite, encodings);
  suite_add_tcase(suite, columns);
  suite_add_tcase(suite, folder);
  return test_run(suite);
}
