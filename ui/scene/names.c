/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/scene/names.h"

#include <glib/gi18n.h>

#include "ui/text/format.h"
#include "ui/text/words.h"
#include "ui/scene/edges.h"
#include "ui/scene/hit.h"

static const char *section_name(UnparkSection section, gboolean partial) {
  switch (section) {
  case UNPARK_SECTION_PINNED:
    return _("Pinned");
  case UNPARK_SECTION_RUNTIME:
    return _("Runtime");
  case UNPARK_SECTION_PROCS:
    return _("Processors");
  case UNPARK_SECTION_THREADS:
    return _("Threads");
  case UNPARK_SECTION_TASKS:
    return partial ? _("Tasks active here") : _("Tasks");
  case UNPARK_SECTION_GOROUTINES:
    return partial ? _("Goroutines active here") : _("Goroutines");
  case UNPARK_SECTION_SYSTEM:
    return _("System goroutines");
  case UNPARK_N_SECTIONS:
  default:
    return "";
  }
}

static const char *function_name(const char *name, guint max_chars) {
  return name && *name ? unpark_format_function(name, max_chars) : _("unknown function");
}

static const char *number(gint64 id, char buf[UNPARK_FORMAT_SIZE]) {
  g_snprintf(buf, UNPARK_FORMAT_SIZE, "%" G_GINT64_FORMAT, id);
  return buf;
}

char *unpark_scene_row_label(const UnparkRow *row, guint max_chars) {
  char buf[UNPARK_FORMAT_SIZE];
  switch ((UnparkRowType)row->type) {
  case UNPARK_ROW_SECTION:
    return g_strdup(section_name((UnparkSection)row->id, row->partial));
  case UNPARK_ROW_GC:
    return g_strdup(_("GC"));
  case UNPARK_ROW_STW:
    return g_strdup(_("Stop-the-world"));
  case UNPARK_ROW_HEAP:
    return g_strdup(_("Heap"));
  case UNPARK_ROW_TASK_GROUP:
    return g_strdup(row->name && *row->name ? row->name : _("unnamed task"));
  case UNPARK_ROW_TASK:
    if (row->depth > 1)
      return g_strdup_printf(_("Task %s"), number(row->id, buf));
    return g_strdup_printf(_("Task %s  %s"), number(row->id, buf), row->name);
  case UNPARK_ROW_THREADS:
    return g_strdup("GOMAXPROCS");
  case UNPARK_ROW_STATES:
    return g_strdup(_("Goroutines by state"));
  case UNPARK_ROW_PROC:
    return g_strdup_printf("P %" G_GINT64_FORMAT, row->id);
  case UNPARK_ROW_THREAD:
    return g_strdup_printf("M %" G_GINT64_FORMAT, row->id);
  case UNPARK_ROW_GROUP:
    return g_strdup(function_name(row->name, max_chars));
  case UNPARK_ROW_GOROUTINE:
  default: {
    g_autofree char *id = g_strdup_printf("G %" G_GINT64_FORMAT, row->id);
    if (row->depth > 1)
      return g_steal_pointer(&id);
    guint used = (guint)g_utf8_strlen(id, -1) + 2;
    return g_strdup_printf("%s  %s", id,
                           function_name(row->name, max_chars > used ? max_chars - used : 0));
  }
  }
}

char *unpark_scene_row_name(const UnparkRow *row) {
  char count[UNPARK_FORMAT_SIZE];
  g_autofree char *label = unpark_scene_row_label(row, 60);
  if (row->type == UNPARK_ROW_GOROUTINE)
    return g_strdup_printf("G %" G_GINT64_FORMAT " %s", row->id, function_name(row->name, 60));
  if (row->type == UNPARK_ROW_GROUP)
    return g_strdup_printf(ngettext("%s, %s goroutine, %s", "%s, %s goroutines, %s", row->count),
                           label, unpark_format_count(row->count, count),
                           row->expanded ? _("open") : _("closed"));
  if (row->type == UNPARK_ROW_TASK_GROUP)
    return g_strdup_printf(ngettext("%s, %s task, %s", "%s, %s tasks, %s", row->count), label,
                           unpark_format_count(row->count, count),
                           row->expanded ? _("open") : _("closed"));
  if (row->type == UNPARK_ROW_SECTION)
    return g_strdup_printf("%s, %s", label, row->expanded ? _("open") : _("closed"));
  return g_steal_pointer(&label);
}

/* "waiting, sync" of one span. */
static char *state_text(const UnparkKind *kind) {
  return kind ? unpark_words_state(kind) : g_strdup(_("running"));
}

static char *owner_name(UnparkStore *store, gint64 id) {
  const UnparkGoroutine *g = id == UNPARK_NONE ? NULL : unpark_store_goroutine(store, id);
  if (!g)
    return g_strdup_printf("G %" G_GINT64_FORMAT, id);
  return g_strdup_printf("G %" G_GINT64_FORMAT " %s", id, function_name(g->name, 40));
}

/* A span by its own times: the lane may show a piece of it. */
static char *span_name(UnparkStore *store, const char *who, const UnparkItem *item) {
  char duration[UNPARK_FORMAT_SIZE], at[UNPARK_FORMAT_SIZE];
  g_autofree char *state = state_text(unpark_store_kind(store, item->kind));
  unpark_format_duration(item->longest_ns, duration);
  if (item->longest_start_ns == UNPARK_NONE)
    return g_strdup_printf("%s, %s, %s", who, state, duration);
  unpark_format_time(item->longest_start_ns, MAX(item->longest_ns / 20, 1000), at);
  /* Translators: who, in which state, how long, when. */
  return g_strdup_printf(_("%s, %s, %s at %s"), who, state, duration, at);
}

char *unpark_scene_item_name(UnparkStore *store, const UnparkRow *row, const UnparkItem *item) {
  char duration[UNPARK_FORMAT_SIZE], at[UNPARK_FORMAT_SIZE], count[UNPARK_FORMAT_SIZE];
  gint64 length = item->end_ns - item->start_ns;
  g_autofree char *who =
      row->type == UNPARK_ROW_GROUP || row->type == UNPARK_ROW_STATES
          ? unpark_scene_row_label(row, 60)
          : owner_name(store, row->type == UNPARK_ROW_GOROUTINE ? row->id : item->goroutine);
  unpark_format_time(item->start_ns, MAX(length / 20, 1000), at);
  unpark_format_duration(length, duration);
  if (row->type == UNPARK_ROW_GROUP || row->type == UNPARK_ROW_STATES)
    return g_strdup_printf(
        _("%s: running %.3g, runnable %.3g, waiting %.3g, system call %.3g at %s"), who,
        (double)item->mean[UNPARK_STATE_RUNNING], (double)item->mean[UNPARK_STATE_RUNNABLE],
        (double)item->mean[UNPARK_STATE_WAITING], (double)item->mean[UNPARK_STATE_SYSCALL], at);
  if (item->count == 1 || item->longest_ns >= length)
    return span_name(store, who, item);
  return g_strdup_printf(_("%s, %s spans in %s at %s"), who,
                         unpark_format_count(item->count, count), duration, at);
}

char *unpark_scene_plot_text(const UnparkScene *scene, const UnparkRow *row, gint64 ns) {
  const UnparkSeries *series = scene->series;
  double value, goal;
  char a[UNPARK_FORMAT_SIZE], b[UNPARK_FORMAT_SIZE];
  if (!series)
    return NULL;
  if (row->type == UNPARK_ROW_HEAP && unpark_series_at(series->heap, ns, &value)) {
    unpark_format_bytes((gint64)value, a);
    if (!unpark_series_at(series->goal, ns, &goal))
      return g_strdup_printf(_("Heap: %s live"), a);
    return g_strdup_printf(_("Heap: %s live, next collection at %s"), a,
                           unpark_format_bytes((gint64)goal, b));
  }
  const UnparkTaskCount *tasks = row->type == UNPARK_ROW_TASK_GROUP
                                     ? unpark_task_counts_of(scene->task_counts, (guint32)row->id)
                                     : NULL;
  if (tasks && unpark_series_at(tasks->samples, ns, &value))
    return g_strdup_printf(ngettext("%s: %s in progress", "%s: %s in progress", (gulong)value),
                           row->name, unpark_format_count((gint64)value, a));
  if (row->type == UNPARK_ROW_THREADS && unpark_series_at(series->gomaxprocs, ns, &value))
    return g_strdup_printf("GOMAXPROCS %.0f", value);
  return NULL;
}

char *unpark_scene_value_text(const UnparkScene *scene, guint n, double x) {
  const UnparkRow *row = &scene->rows->rows[n];
  if (row->type != UNPARK_ROW_GROUP && row->type != UNPARK_ROW_STATES)
    return unpark_scene_plot_text(scene, row,
                                  (gint64)unpark_axis_ns(&scene->axis, x - scene->lanes_x));
  const UnparkItem *item = unpark_scene_item_at(scene, n, x);
  if (!item)
    return NULL;
  return g_strdup_printf(
      _("%.3g running, %.3g runnable, %.3g waiting, %.3g in system calls"),
      (double)item->mean[UNPARK_STATE_RUNNING], (double)item->mean[UNPARK_STATE_RUNNABLE],
      (double)item->mean[UNPARK_STATE_WAITING], (double)item->mean[UNPARK_STATE_SYSCALL]);
}

char *unpark_scene_tooltip(const UnparkScene *scene, double x, double y) {
  int n = unpark_scene_row_at(scene, y);
  if (n < 0)
    return NULL;
  const UnparkRow *row = &scene->rows->rows[n];
  if (x < scene->lanes_x)
    return row->type == UNPARK_ROW_GROUP || row->type == UNPARK_ROW_GOROUTINE
               ? g_strdup(row->name && *row->name ? row->name : _("unknown function"))
               : NULL;
  UnparkHit hit;
  gint64 outside;
  if (unpark_scene_edge_at(scene, (guint)n, x, &outside))
    return unpark_scene_edge_text(scene, row);
  if (unpark_hit_find(scene, (guint)n, x, y, &hit))
    return unpark_hit_text(&hit);
  /* What the value text says of plots and groups stands beside the line at the pointer. */
  if (row->type == UNPARK_ROW_GROUP || row->type == UNPARK_ROW_STATES)
    return NULL;
  const UnparkItem *item = unpark_scene_item_at(scene, (guint)n, x);
  return item ? unpark_scene_item_name(scene->rows->store, row, item) : NULL;
}
