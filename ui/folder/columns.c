/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/folder/columns.h"

#include <glib/gi18n.h>
#include <string.h>

#include "model/base/printable.h"
#include "ui/folder/sparkline.h"
#include "ui/kit/tally-bar.h"
#include "ui/text/format.h"

const UnparkSummary *unpark_folder_summary(UnparkProfileItem *item) {
  return *(UnparkSummary **)unpark_profile_item_get_data(item);
}

#define ROW(item) unpark_folder_summary(item)

static void set_number(GtkWidget *cell, gint64 n) {
  char text[UNPARK_FORMAT_SIZE];

  gtk_label_set_text(GTK_LABEL(cell), n == UNPARK_NONE ? "–" : unpark_format_count(n, text));
}

/* Unknown ones come first when the least does. */
#define NUMBER(name, set, what)                                                                    \
  static void bind_##name(GtkWidget *cell, UnparkProfileItem *item) {                              \
    set(cell, ROW(item)->what);                                                                    \
  }                                                                                                \
  static int compare_##name(UnparkProfileItem *a, UnparkProfileItem *b) {                          \
    return unpark_profile_compare_numbers(ROW(a)->what, ROW(b)->what);                             \
  }

NUMBER(duration, unpark_profile_cell_set_duration, duration_ns)
NUMBER(goroutines, set_number, goroutines)
NUMBER(pause, unpark_profile_cell_set_duration, longest_pause_ns)
NUMBER(p50, unpark_profile_cell_set_duration, sched_p50_ns)
NUMBER(p99, unpark_profile_cell_set_duration, sched_p99_ns)
NUMBER(severe, set_number, findings[2])
NUMBER(notable, set_number, findings[1])

static void bind_file(GtkWidget *cell, UnparkProfileItem *item) {
  g_autofree char *name = g_filename_display_basename(ROW(item)->path);
  g_autofree char *path = unpark_printable_file_name(ROW(item)->path);

  unpark_profile_cell_set_text(cell, name, path);
}

static int compare_file(UnparkProfileItem *a, UnparkProfileItem *b) {
  return strcmp(ROW(a)->path, ROW(b)->path);
}

static void bind_program(GtkWidget *cell, UnparkProfileItem *item) {
  unpark_profile_cell_set_text(cell, ROW(item)->program ? ROW(item)->program : "–",
                               ROW(item)->go_version);
}

static int compare_program(UnparkProfileItem *a, UnparkProfileItem *b) {
  return g_strcmp0(ROW(a)->program, ROW(b)->program);
}

static const char *kind_words(UnparkSourceKind kind) {
  switch (kind) {
  case UNPARK_SOURCE_TRACE:
    return _("trace");
  case UNPARK_SOURCE_PROFILE:
    return _("profile");
  case UNPARK_SOURCE_DUMP:
    return _("dump");
  case UNPARK_SOURCE_SPANS:
    return _("spans");
  default:
    return _("race report");
  }
}

static void bind_kind(GtkWidget *cell, UnparkProfileItem *item) {
  unpark_profile_cell_set_text(cell, kind_words(ROW(item)->kind), NULL);
}

static int compare_kind(UnparkProfileItem *a, UnparkProfileItem *b) {
  return unpark_profile_compare_numbers(ROW(a)->kind, ROW(b)->kind);
}

static void bind_start(GtkWidget *cell, UnparkProfileItem *item) {
  gint64 ns = ROW(item)->start_wall_ns;
  g_autoptr(GDateTime) time = ns == UNPARK_NONE ? NULL : unpark_format_date_time(ns / 1000000000);
  g_autofree char *text = time ? g_date_time_format(time, "%Y-%m-%d %H:%M:%S") : g_strdup("–");

  unpark_profile_cell_set_text(cell, text, NULL);
}

static int compare_start(UnparkProfileItem *a, UnparkProfileItem *b) {
  return unpark_profile_compare_numbers(ROW(a)->start_wall_ns, ROW(b)->start_wall_ns);
}

static void bind_gc(GtkWidget *cell, UnparkProfileItem *item) {
  char text[UNPARK_FORMAT_SIZE];
  double share = ROW(item)->gc_share;

  gtk_label_set_text(GTK_LABEL(cell), share < 0 ? "–" : unpark_format_share(share, 1, text));
}

static int compare_gc(UnparkProfileItem *a, UnparkProfileItem *b) {
  return (ROW(a)->gc_share > ROW(b)->gc_share) - (ROW(a)->gc_share < ROW(b)->gc_share);
}

/* The waits alone: most goroutines wait most of the time. */
static UnparkTally tally_of(UnparkProfileItem *item) {
  UnparkTally tally = {0};

  for (guint i = 0; i < UNPARK_N_WAITS; i++) {
    tally.wait_ns[i] = MAX(ROW(item)->waiting_ns[i], 0);
    if (__builtin_add_overflow(tally.state_ns[UNPARK_STATE_WAITING], tally.wait_ns[i],
                               &tally.state_ns[UNPARK_STATE_WAITING]))
      tally.state_ns[UNPARK_STATE_WAITING] = G_MAXINT64;
  }
  return tally;
}

static void bind_waits(GtkWidget *cell, UnparkProfileItem *item) {
  UnparkTally tally = tally_of(item);

  unpark_tally_bar_set(UNPARK_TALLY_BAR(cell), &tally);
}

static int compare_waits(UnparkProfileItem *a, UnparkProfileItem *b) {
  return unpark_profile_compare_numbers(ROW(a)->waiting_ns[UNPARK_WAIT_SYNC],
                                        ROW(b)->waiting_ns[UNPARK_WAIT_SYNC]);
}

static float most_running(const UnparkSummary *s) {
  float most = 0;

  for (guint i = 0; i < UNPARK_SUMMARY_BUCKETS; i++)
    most = MAX(most, s->activity[i]);
  return most;
}

static void bind_activity(GtkWidget *cell, UnparkProfileItem *item) {
  const UnparkSummary *s = ROW(item);
  g_autofree char *tip =
      g_strdup_printf(_("Goroutines running, over the trace; %.1f at most"), most_running(s));

  unpark_folder_sparkline_set(UNPARK_FOLDER_SPARKLINE(cell), s->activity,
                              s->kind == UNPARK_SOURCE_TRACE ? tip : NULL);
}

static int compare_activity(UnparkProfileItem *a, UnparkProfileItem *b) {
  float x = most_running(ROW(a)), y = most_running(ROW(b));

  return (x > y) - (x < y);
}

void unpark_folder_columns(GtkColumnView *view) {
  static const UnparkProfileColumn columns[] = {
      {"file", N_("File"), 0, unpark_profile_cell_text, bind_file, compare_file},
      {"kind", N_("Kind"), 80, unpark_profile_cell_text, bind_kind, compare_kind},
      {"program", N_("Program"), 84, unpark_profile_cell_text, bind_program, compare_program},
      {"start", N_("Recorded"), 152, unpark_profile_cell_text, bind_start, compare_start},
      {"duration", N_("Duration"), 78, unpark_profile_cell_number, bind_duration, compare_duration},
      {"goroutines", N_("Goroutines"), 94, unpark_profile_cell_number, bind_goroutines,
       compare_goroutines},
      {"activity", N_("Running"), 84, unpark_folder_sparkline_new, bind_activity, compare_activity},
      {"gc", N_("GC"), 56, unpark_profile_cell_number, bind_gc, compare_gc},
      {"pause", N_("Longest Pause"), 114, unpark_profile_cell_number, bind_pause, compare_pause},
      {"p50", N_("Latency p50"), 98, unpark_profile_cell_number, bind_p50, compare_p50},
      {"p99", N_("Latency p99"), 98, unpark_profile_cell_number, bind_p99, compare_p99},
      {"waits", N_("Waits"), 84, unpark_tally_bar_new, bind_waits, compare_waits},
      {"severe", N_("Severe"), 64, unpark_profile_cell_number, bind_severe, compare_severe},
      {"notable", N_("Notable"), 68, unpark_profile_cell_number, bind_notable, compare_notable},
  };

  unpark_profile_columns_add(view, "folder", columns, G_N_ELEMENTS(columns), "pause");
}
