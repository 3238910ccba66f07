/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/latency/columns.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ui/text/format.h"
#include "ui/kit/palette.h"
#include "ui/kit/profile-item.h"
#include "ui/page/table-menu.h"

const char *unpark_latency_measure_title(UnparkLatencyMeasure measure) {
  switch (measure) {
  case UNPARK_LATENCY_SCHED:
    return _("Scheduling latency");
  case UNPARK_LATENCY_WAIT:
    return _("Waits");
  case UNPARK_LATENCY_SYSCALL:
    return _("System calls");
  case UNPARK_LATENCY_RUN:
    return _("Running without a break");
  case UNPARK_LATENCY_RANGE:
    return _("GC and stop-the-world");
  case UNPARK_LATENCY_REGION:
    return _("Regions");
  case UNPARK_LATENCY_TASK:
    return _("Tasks");
  default:
    return "";
  }
}

static const char *cause_title(const char *name) {
  static const struct {
    UnparkCause cause;
    const char *title;
  } titles[] = {{UNPARK_CAUSE_CREATED, N_("After it was created")},
                {UNPARK_CAUSE_WOKEN, N_("After it was woken")},
                {UNPARK_CAUSE_PREEMPTED, N_("After it was preempted")},
                {UNPARK_CAUSE_SYSCALL, N_("After a system call")},
                {UNPARK_CAUSE_YIELD, N_("After it yielded")}};
  for (guint i = 0; i < G_N_ELEMENTS(titles); i++)
    if (strcmp(unpark_cause_name(titles[i].cause), name) == 0)
      return _(titles[i].title);
  return _("Runnable when the trace began");
}

char *unpark_latency_row_title(const UnparkLatency *latency, guint32 row) {
  const UnparkLatencySeries *series = unpark_latency_row(latency, row);
  if (row == 0)
    return g_strdup(_("All"));
  if (latency->grouping == UNPARK_LATENCY_BY_ENTRY)
    return g_strdup(*series->name ? series->name : _("(unknown function)"));
  if (latency->measure == UNPARK_LATENCY_SCHED)
    return g_strdup(cause_title(series->name));
  if (*series->name)
    return g_strdup(series->name);
  if (latency->measure == UNPARK_LATENCY_SYSCALL || latency->measure == UNPARK_LATENCY_RUN)
    return g_strdup(unpark_latency_measure_title(latency->measure));
  return g_strdup(_("(no reason given)"));
}

guint unpark_latency_row_class(const UnparkLatency *latency, guint32 row) {
  const UnparkLatencySeries *series = unpark_latency_row(latency, row);
  switch (latency->measure) {
  case UNPARK_LATENCY_RANGE:
    return UNPARK_CLASS_WAIT + UNPARK_WAIT_GC;
  case UNPARK_LATENCY_REGION:
  case UNPARK_LATENCY_TASK:
    return UNPARK_CLASS_WAIT + UNPARK_WAIT_SYNC;
  default:
    return unpark_class_of(series->state, series->wait);
  }
}

/* ---- Series ----------------------------------------------------------------------------- */

static const UnparkHistogram *histogram_of(UnparkProfileItem *item) {
  const UnparkLatency *latency = unpark_profile_item_get_data(item);
  return &unpark_latency_row(latency, unpark_profile_item_get_row(item))->histogram;
}

static void bind_name(GtkWidget *cell, UnparkProfileItem *item) {
  guint32 row = unpark_profile_item_get_row(item);
  const UnparkLatency *latency = unpark_profile_item_get_data(item);
  g_autofree char *title = unpark_latency_row_title(latency, row);
  unpark_profile_cell_set_text(cell, title, title);
  /* Of a function the end says most, of words the beginning. */
  gtk_label_set_ellipsize(GTK_LABEL(cell), latency->grouping == UNPARK_LATENCY_BY_ENTRY
                                               ? PANGO_ELLIPSIZE_START
                                               : PANGO_ELLIPSIZE_END);
  if (row == 0)
    gtk_widget_add_css_class(cell, "heading");
  else
    gtk_widget_remove_css_class(cell, "heading");
}

static void bind_count(GtkWidget *cell, UnparkProfileItem *item) {
  char text[UNPARK_FORMAT_SIZE];
  gint64 count = (gint64)histogram_of(item)->count;
  gtk_label_set_text(GTK_LABEL(cell), unpark_format_count(count, text));
}

static void bind_total(GtkWidget *cell, UnparkProfileItem *item) {
  unpark_profile_cell_set_duration(cell, histogram_of(item)->total_ns);
}

static void bind_most(GtkWidget *cell, UnparkProfileItem *item) {
  unpark_profile_cell_set_duration(cell, histogram_of(item)->most_ns);
}

#define PERCENTILE(name, share)                                                                    \
  static void bind_##name(GtkWidget *cell, UnparkProfileItem *item) {                              \
    unpark_profile_cell_set_duration(cell,                                                         \
                                     unpark_histogram_percentile(histogram_of(item), share));      \
  }                                                                                                \
  static int compare_##name(UnparkProfileItem *a, UnparkProfileItem *b) {                          \
    gint64 x = unpark_histogram_percentile(histogram_of(a), share);                                \
    gint64 y = unpark_histogram_percentile(histogram_of(b), share);                                \
    return (x > y) - (x < y);                                                                      \
  }
PERCENTILE(median, 0.5)
PERCENTILE(p90, 0.9)
PERCENTILE(p99, 0.99)
PERCENTILE(p999, 0.999)

static int compare_name(UnparkProfileItem *a, UnparkProfileItem *b) {
  g_autofree char *x =
      unpark_latency_row_title(unpark_profile_item_get_data(a), unpark_profile_item_get_row(a));
  g_autofree char *y =
      unpark_latency_row_title(unpark_profile_item_get_data(b), unpark_profile_item_get_row(b));
  return g_utf8_collate(x, y);
}

static int compare_count(UnparkProfileItem *a, UnparkProfileItem *b) {
  guint64 x = histogram_of(a)->count, y = histogram_of(b)->count;
  return (x > y) - (x < y);
}

static int compare_total(UnparkProfileItem *a, UnparkProfileItem *b) {
  gint64 x = histogram_of(a)->total_ns, y = histogram_of(b)->total_ns;
  return x != y ? (x > y) - (x < y)
                : (int)(unpark_profile_item_get_row(b) > unpark_profile_item_get_row(a)) -
                      (int)(unpark_profile_item_get_row(b) < unpark_profile_item_get_row(a));
}

static int compare_most(UnparkProfileItem *a, UnparkProfileItem *b) {
  gint64 x = histogram_of(a)->most_ns, y = histogram_of(b)->most_ns;
  return (x > y) - (x < y);
}

void unpark_latency_series_columns(GtkColumnView *view) {
  static const UnparkProfileColumn columns[] = {
      {"name", N_("Cause"), 0, unpark_profile_cell_text, bind_name, compare_name},
      {"count", N_("Count"), 90, unpark_profile_cell_number, bind_count, compare_count},
      {"total", N_("Total"), 84, unpark_profile_cell_number, bind_total, compare_total},
      {"median", N_("Median"), 84, unpark_profile_cell_number, bind_median, compare_median},
      {"p90", N_("p90"), 84, unpark_profile_cell_number, bind_p90, compare_p90},
      {"p99", N_("p99"), 84, unpark_profile_cell_number, bind_p99, compare_p99},
      {"p999", N_("p99.9"), 84, unpark_profile_cell_number, bind_p999, compare_p999},
      {"most", N_("Longest"), 84, unpark_profile_cell_number, bind_most, compare_most},
  };
  unpark_profile_columns_add(view, "latency", columns, G_N_ELEMENTS(columns), "total");
  unpark_table_menu_attach(view, NULL);
}

/* ---- Cases --------------------------------------------------------------------------------- */

UnparkLatencyCases *unpark_latency_cases_new(UnparkLatency *latency, guint32 row) {
  UnparkLatencyCases *cases = g_atomic_rc_box_new0(UnparkLatencyCases);
  const UnparkLatencySeries *series = unpark_latency_row(latency, row);
  cases->latency = unpark_latency_ref(latency);
  cases->cases = series->cases;
  cases->n = series->n_cases;
  return cases;
}

UnparkLatencyCases *unpark_latency_cases_of_list(UnparkLatencyList *list) {
  UnparkLatencyCases *cases = g_atomic_rc_box_new0(UnparkLatencyCases);
  cases->latency = unpark_latency_ref(list->latency);
  cases->list = unpark_latency_list_ref(list);
  cases->cases = list->cases;
  cases->n = list->n;
  return cases;
}

UnparkLatencyCases *unpark_latency_cases_ref(UnparkLatencyCases *cases) {
  return g_atomic_rc_box_acquire(cases);
}

static void cases_clear(gpointer box) {
  UnparkLatencyCases *cases = box;
  unpark_latency_list_unref(cases->list);
  unpark_latency_unref(cases->latency);
}

void unpark_latency_cases_unref(UnparkLatencyCases *cases) {
  g_atomic_rc_box_release_full(cases, cases_clear);
}

static const UnparkLatencyCase *case_of(UnparkProfileItem *item) {
  const UnparkLatencyCases *cases = unpark_profile_item_get_data(item);
  return &cases->cases[unpark_profile_item_get_row(item)];
}

static void bind_length(GtkWidget *cell, UnparkProfileItem *item) {
  unpark_profile_cell_set_duration(cell, case_of(item)->end_ns - case_of(item)->start_ns);
}

static void bind_start(GtkWidget *cell, UnparkProfileItem *item) {
  char text[UNPARK_FORMAT_SIZE];
  const UnparkLatencyCase *one = case_of(item);
  gint64 fine = MAX((one->end_ns - one->start_ns) / 4, 1);
  gtk_label_set_text(GTK_LABEL(cell), unpark_format_time(one->start_ns, fine, text));
}

static void bind_goroutine(GtkWidget *cell, UnparkProfileItem *item) {
  const UnparkLatencyCase *one = case_of(item);
  g_autofree char *text = NULL;
  if (one->goroutine == UNPARK_NONE)
    text = g_strdup(_("the whole program"));
  else
    text = g_strdup_printf("G %" G_GINT64_FORMAT "  %s", one->goroutine,
                           unpark_format_function_short(one->entry));
  unpark_profile_cell_set_text(cell, text, one->entry);
  gtk_label_set_ellipsize(GTK_LABEL(cell), PANGO_ELLIPSIZE_END);
}

static int compare_length(UnparkProfileItem *a, UnparkProfileItem *b) {
  gint64 x = case_of(a)->end_ns - case_of(a)->start_ns;
  gint64 y = case_of(b)->end_ns - case_of(b)->start_ns;
  return (x > y) - (x < y);
}

static int compare_start(UnparkProfileItem *a, UnparkProfileItem *b) {
  gint64 x = case_of(a)->start_ns, y = case_of(b)->start_ns;
  return (x > y) - (x < y);
}

static int compare_goroutine(UnparkProfileItem *a, UnparkProfileItem *b) {
  gint64 x = case_of(a)->goroutine, y = case_of(b)->goroutine;
  return (x > y) - (x < y);
}

void unpark_latency_case_columns(GtkColumnView *view) {
  static const UnparkProfileColumn columns[] = {
      {"length", N_("Duration"), 84, unpark_profile_cell_number, bind_length, compare_length},
      {"start", N_("At"), 110, unpark_profile_cell_number, bind_start, compare_start},
      {"goroutine", N_("Goroutine"), 0, unpark_profile_cell_text, bind_goroutine,
       compare_goroutine},
  };
  static const UnparkTableMenu menu = {N_("Show on the _Timeline"), NULL};
  unpark_profile_columns_add(view, "latency-cases", columns, G_N_ELEMENTS(columns), "length");
  unpark_table_menu_attach(view, &menu);
}
