/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/tasks/text.h"

#include "ui/text/csv.h"

/* Texts in quotes in a table that is separated by commas. */
static void append_name(GString *text, const char *name, char separator) {
  if (separator == ',')
    unpark_csv_append(text, name);
  else
    g_string_append(text, name);
}

static void append_number(GString *text, gint64 number, char separator) {
  g_string_append_c(text, separator);
  if (number != UNPARK_NONE)
    g_string_append_printf(text, "%" G_GINT64_FORMAT, number);
}

static void append_tally(GString *text, const UnparkTally *tally, gboolean known, char separator) {
  for (guint i = 0; i < UNPARK_N_STATES; i++)
    append_number(text, known ? tally->state_ns[i] : UNPARK_NONE, separator);
  g_string_append_c(text, '\n');
}

void unpark_task_text_head(GString *text, char separator) {
  gsize at = text->len;
  g_string_append(text, "task,count,unfinished,total_ns,median_ns,p95_ns,p99_ns,longest_ns,"
                        "running_ns,runnable_ns,waiting_ns,syscall_ns\n");
  g_strdelimit(text->str + at, ",", separator);
}

void unpark_task_text_kind(GString *text, const UnparkTaskTable *table, guint32 kind,
                           char separator) {
  const UnparkTaskKind *k = &table->kinds[kind];
  const UnparkTaskStates *states = unpark_task_table_states(table);
  const UnparkTally none = {0};
  const gint64 lengths[] = {k->total_ns, k->p50_ns, k->p95_ns, k->p99_ns, k->longest_ns};
  append_name(text, k->name, separator);
  append_number(text, k->count, separator);
  append_number(text, k->n_unfinished, separator);
  for (guint i = 0; i < G_N_ELEMENTS(lengths); i++)
    append_number(text, k->n_unfinished < k->count ? lengths[i] : UNPARK_NONE, separator);
  append_tally(text, states ? &states->kinds[kind] : &none, states != NULL, separator);
}

char *unpark_task_text_csv(gpointer data) {
  UnparkTaskTable *table = data;
  GString *text = g_string_new("task,id,parent,goroutine,start_ns,end_ns,duration_ns,goroutines,"
                               "regions,logs,running_ns,runnable_ns,waiting_ns,syscall_ns\n");
  gboolean known = unpark_task_table_count(table, NULL, NULL);
  for (guint32 i = 0; i < table->n_rows; i++) {
    const UnparkTaskRow *row = &table->rows[i];
    const gint64 numbers[] = {
        row->id,           row->parent,
        row->goroutine,    row->start_ns,
        row->end_ns,       unpark_task_row_finished(row) ? row->length_ns : UNPARK_NONE,
        row->n_goroutines, row->n_regions,
        row->n_logs};
    UnparkTally tally;
    append_name(text, table->kinds[row->kind].name, ',');
    for (guint n = 0; n < G_N_ELEMENTS(numbers); n++)
      append_number(text, numbers[n], ',');
    unpark_task_row_tally(table, i, &tally);
    append_tally(text, &tally, known, ',');
  }
  return g_string_free(text, FALSE);
}
