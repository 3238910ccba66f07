/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "model/base/times.h"
#include "model/findings/findings.h"
#include "model/parquet/parquet.h"
#include "model/export/export.h"
#include "model/summary/summary.h"

const char *const unpark_summary_columns[UNPARK_SUMMARY_COLUMNS] = {
    "path",
    "kind",
    "program",
    "go_version",
    "start",
    "duration_ns",
    "goroutines",
    "gc_share",
    "longest_pause_ns",
    "sched_p50_ns",
    "sched_p99_ns",
    "waiting_sync_ns",
    "waiting_channel_ns",
    "waiting_select_ns",
    "waiting_network_ns",
    "waiting_sleep_ns",
    "waiting_syscall_ns",
    "waiting_gc_ns",
    "waiting_other_ns",
    "findings_severe",
    "findings_notable",
    "findings_minor",
    "complete",
};

const char *unpark_summary_kind_name(UnparkSourceKind kind) {
  static const char *const names[] = {[UNPARK_SOURCE_TRACE] = "trace",
                                      [UNPARK_SOURCE_PROFILE] = "profile",
                                      [UNPARK_SOURCE_DUMP] = "dump",
                                      [UNPARK_SOURCE_RACE] = "race",
                                      [UNPARK_SOURCE_SPANS] = "spans"};

  return (guint)kind < G_N_ELEMENTS(names) ? names[kind] : "";
}

static UnparkSummaryValue text(const char *value) {
  return (UnparkSummaryValue){
      .type = UNPARK_SUMMARY_TEXT, .null = !value || !*value, .text = value ? value : ""};
}

static UnparkSummaryValue number(gint64 value) {
  return (UnparkSummaryValue){
      .type = UNPARK_SUMMARY_INT, .null = value == UNPARK_NONE, .number = value};
}

/* What the trace's own machinery waits for, and the rest. */
static gint64 other_waits(const UnparkSummary *s) {
  const gint64 *ns = s->waiting_ns;

  if (ns[UNPARK_WAIT_OTHER] == UNPARK_NONE)
    return UNPARK_NONE;
  return unpark_time_add(unpark_time_add(ns[UNPARK_WAIT_OTHER], ns[UNPARK_WAIT_SYSTEM]),
                         ns[UNPARK_WAIT_FOREVER]);
}

void unpark_summary_values(const UnparkSummary *s, UnparkSummaryValue *values) {
  static const UnparkWait waits[] = {UNPARK_WAIT_SYNC,    UNPARK_WAIT_CHANNEL, UNPARK_WAIT_SELECT,
                                     UNPARK_WAIT_NETWORK, UNPARK_WAIT_SLEEP,   UNPARK_WAIT_SYSCALL,
                                     UNPARK_WAIT_GC};
  UnparkSummaryValue *v = values;

  *v++ = text(s->path);
  *v++ = text(unpark_summary_kind_name(s->kind));
  *v++ = text(s->program);
  *v++ = text(s->go_version);
  *v = number(s->start_wall_ns);
  v++->type = UNPARK_SUMMARY_TIME;
  *v++ = number(s->duration_ns);
  *v++ = number(s->goroutines);
  *v++ = (UnparkSummaryValue){
      .type = UNPARK_SUMMARY_REAL, .null = s->gc_share < 0, .real = s->gc_share};
  *v++ = number(s->longest_pause_ns);
  *v++ = number(s->sched_p50_ns);
  *v++ = number(s->sched_p99_ns);
  for (guint i = 0; i < G_N_ELEMENTS(waits); i++)
    *v++ = number(s->waiting_ns[waits[i]]);
  *v++ = number(other_waits(s));
  *v++ = number(s->findings[UNPARK_FINDING_SEVERE]);
  *v++ = number(s->findings[UNPARK_FINDING_NOTABLE]);
  *v++ = number(s->findings[UNPARK_FINDING_MINOR]);
  *v++ = number(s->complete);
  g_assert(v == values + UNPARK_SUMMARY_COLUMNS);
}

/* ---- Text -------------------------------------------------------------------------------------
 */

char *unpark_summary_time(gint64 ns) {
  gint64 seconds = ns / 1000000000 - (ns % 1000000000 < 0);
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(seconds);
  g_autofree char *text = time ? g_date_time_format(time, "%Y-%m-%dT%H:%M:%S") : g_strdup("");

  return g_strdup_printf("%s.%09" G_GINT64_FORMAT "Z", text, ns - seconds * 1000000000);
}

/* As queries are printed: tab, newline, carriage return and backslash are escaped. */
static void append_text(GString *to, const char *value) {
  for (; *value; value++) {
    if (*value == '\t' || *value == '\n' || *value == '\r' || *value == '\\') {
      g_string_append_c(to, '\\');
      g_string_append_c(to, *value == '\t'   ? 't'
                            : *value == '\n' ? 'n'
                            : *value == '\r' ? 'r'
                                             : '\\');
    } else {
      g_string_append_c(to, *value);
    }
  }
}

static void append_value(GString *to, const UnparkSummaryValue *value) {
  char real[G_ASCII_DTOSTR_BUF_SIZE];

  if (value->null)
    return;
  if (value->type == UNPARK_SUMMARY_TEXT) {
    append_text(to, value->text);
  } else if (value->type == UNPARK_SUMMARY_TIME) {
    g_autofree char *time = unpark_summary_time(value->number);
    g_string_append(to, time);
  } else if (value->type == UNPARK_SUMMARY_REAL) {
    g_string_append(to, g_ascii_dtostr(real, sizeof real, value->real));
  } else {
    g_string_append_printf(to, "%" G_GINT64_FORMAT, value->number);
  }
}

char *unpark_summary_tsv(UnparkSummary *const *summaries, guint n) {
  GString *to = g_string_new(NULL);

  for (guint c = 0; c < UNPARK_SUMMARY_COLUMNS; c++)
    g_string_append_printf(to, "%s%s", c ? "\t" : "", unpark_summary_columns[c]);
  g_string_append_c(to, '\n');
  for (guint i = 0; i < n; i++) {
    UnparkSummaryValue values[UNPARK_SUMMARY_COLUMNS];

    unpark_summary_values(summaries[i], values);
    for (guint c = 0; c < UNPARK_SUMMARY_COLUMNS; c++) {
      if (c > 0)
        g_string_append_c(to, '\t');
      append_value(to, &values[c]);
    }
    g_string_append_c(to, '\n');
  }
  return g_string_free(to, FALSE);
}

/* ---- Parquet ------------------------------------------------------------------------------------
 */

static UnparkParquet *new_writer(int fd) {
  static const UnparkParquetType types[] = {[UNPARK_SUMMARY_TEXT] = UNPARK_PARQUET_TEXT,
                                            [UNPARK_SUMMARY_INT] = UNPARK_PARQUET_INT,
                                            [UNPARK_SUMMARY_REAL] = UNPARK_PARQUET_REAL,
                                            [UNPARK_SUMMARY_TIME] = UNPARK_PARQUET_TIME};
  static const UnparkSummary none = {0};
  UnparkParquetColumn columns[UNPARK_SUMMARY_COLUMNS];
  UnparkSummaryValue values[UNPARK_SUMMARY_COLUMNS];

  unpark_summary_values(&none, values);
  for (guint i = 0; i < UNPARK_SUMMARY_COLUMNS; i++)
    columns[i] = (UnparkParquetColumn){unpark_summary_columns[i], types[values[i].type]};
  return unpark_parquet_new(fd, columns, UNPARK_SUMMARY_COLUMNS);
}

static void put_value(UnparkParquet *parquet, guint i, const UnparkSummaryValue *value) {
  if (value->null)
    unpark_parquet_null(parquet, i);
  else if (value->type == UNPARK_SUMMARY_TEXT)
    unpark_parquet_text(parquet, i, value->text, strlen(value->text));
  else if (value->type == UNPARK_SUMMARY_REAL)
    unpark_parquet_real(parquet, i, value->real);
  else
    unpark_parquet_number(parquet, i, value->number);
}

gboolean unpark_summary_write_fd(UnparkSummary *const *summaries, guint n, int fd, GError **error) {
  g_autoptr(UnparkParquet) parquet = new_writer(fd);

  for (guint i = 0; i < n; i++) {
    UnparkSummaryValue values[UNPARK_SUMMARY_COLUMNS];

    unpark_summary_values(summaries[i], values);
    for (guint c = 0; c < UNPARK_SUMMARY_COLUMNS; c++)
      put_value(parquet, c, &values[c]);
    if (!unpark_parquet_rows(parquet, 1, error))
      return FALSE;
  }
  return unpark_parquet_finish(parquet, error);
}

gboolean unpark_summary_write(UnparkSummary *const *summaries, guint n, const char *path,
                              GError **error) {
  UnparkExportFile file;

  return unpark_export_file_open(&file, path, error) &&
         unpark_export_file_close(&file, unpark_summary_write_fd(summaries, n, file.fd, error),
                                  error);
}
