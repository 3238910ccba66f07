/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/tasks/compare.h"

#include <glib/gi18n.h>

#include "ui/kit/tally-bar.h"
#include "ui/text/format.h"

#define TYPICAL_FROM 0.4
#define TYPICAL_TO 0.6
#define MOST_PARTS 4
/* Of the whole task: less is not worth a line. */
#define LEAST_SHARE 0.02
/* So many are typical of something. */
#define LEAST_TASKS 5

static gint64 magnitude(gint64 a, gint64 b) {
  return a > b ? a - b : b - a;
}

guint unpark_task_compare_parts(const gint64 parts_ns[UNPARK_TASK_PARTS],
                                const UnparkTaskMean *typical, guint most, guint *parts) {
  gboolean taken[UNPARK_TASK_PARTS] = {FALSE};
  gint64 all = MAX(typical->length_ns, 1);
  guint n = 0;
  for (guint p = 0; p < UNPARK_TASK_PARTS; p++)
    all = MAX(all, parts_ns[p]);
  while (n < most) {
    int best = -1;
    for (guint p = 0; p < UNPARK_TASK_PARTS; p++) {
      gint64 gap = magnitude(parts_ns[p], typical->parts_ns[p]);
      if (!taken[p] &&
          (double)MAX(parts_ns[p], typical->parts_ns[p]) >= (double)all * LEAST_SHARE &&
          (best < 0 || gap > magnitude(parts_ns[best], typical->parts_ns[best])))
        best = (int)p;
    }
    if (best < 0)
      break;
    taken[best] = TRUE;
    parts[n++] = (guint)best;
  }
  return n;
}

static void put(GtkGrid *grid, const char *text, int column, int line, const char *css) {
  GtkWidget *label = gtk_label_new(text);
  gtk_label_set_xalign(GTK_LABEL(label), column == 0 ? 0 : 1);
  gtk_widget_add_css_class(label, css);
  gtk_grid_attach(grid, label, column, line, 1, 1);
}

static void put_times(GtkGrid *grid, int line, const char *name, gint64 here, gint64 typical) {
  char text[UNPARK_FORMAT_SIZE];
  put(grid, name, 0, line, "dim-label");
  put(grid, here > 0 ? unpark_format_duration(here, text) : "–", 1, line, "numeric");
  put(grid, typical > 0 ? unpark_format_duration(typical, text) : "–", 2, line, "numeric");
}

void unpark_task_compare_fill(GtkGrid *grid, const UnparkTaskTable *table, guint32 row) {
  const UnparkTaskRow *task = &table->rows[row];
  const UnparkTaskKind *kind = &table->kinds[task->kind];
  const UnparkTaskStates *states = unpark_task_table_states(table);
  static const gint64 unknown[UNPARK_TASK_PARTS];
  const gint64 *parts_ns = states ? states->rows[row] : unknown;
  guint parts[MOST_PARTS], n;
  UnparkTaskMean typical;
  char count[UNPARK_FORMAT_SIZE];
  for (GtkWidget *child; (child = gtk_widget_get_first_child(GTK_WIDGET(grid)));)
    gtk_grid_remove(grid, child);
  gtk_widget_set_visible(GTK_WIDGET(grid), kind->count - kind->n_unfinished >= LEAST_TASKS);
  if (!gtk_widget_get_visible(GTK_WIDGET(grid)))
    return;
  unpark_task_mean_of(table, task->kind, TYPICAL_FROM, TYPICAL_TO, &typical);
  n = unpark_task_compare_parts(parts_ns, &typical, MOST_PARTS, parts);
  unpark_format_count(typical.n, count);
  g_autofree char *heading =
      g_strdup_printf(ngettext("Typical (%s)", "Typical (%s)", typical.n), count);
  put(grid, _("This Task"), 1, 0, "caption-heading");
  put(grid, heading, 2, 0, "caption-heading");
  put_times(grid, 1, _("duration"), task->length_ns, typical.length_ns);
  for (guint i = 0; i < n; i++)
    put_times(grid, (int)i + 2, unpark_tally_part_name(parts[i]), parts_ns[parts[i]],
              typical.parts_ns[parts[i]]);
}
