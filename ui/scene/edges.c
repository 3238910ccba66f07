/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands at the edges of lanes: what the full height of a plot is, and a way to what lies
 * outside of the visible time where the lane is blank. */
#include "ui/scene/edges.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "ui/scene/frame.h"
#include "ui/text/format.h"

/* Width of a mark that leads to something, px. */
#define EDGE_PX 22
/* Before a text, and behind it. */
#define TEXT_GAP 4

/* ---- the way to what is outside ---------------------------------------------------------- */

int unpark_scene_outside(const UnparkScene *scene, const UnparkRow *row, gint64 *ns) {
  if ((double)row->to_ns < scene->axis.start_ns) {
    *ns = row->to_ns;
    return -1;
  }
  if ((double)row->from_ns > unpark_axis_end(&scene->axis)) {
    *ns = row->from_ns;
    return 1;
  }
  return 0;
}

gboolean unpark_scene_edge_at(const UnparkScene *scene, guint n, double x, gint64 *ns) {
  int side = unpark_scene_outside(scene, &scene->rows->rows[n], ns);
  return (side < 0 && x >= scene->lanes_x && x < scene->lanes_x + EDGE_PX) ||
         (side > 0 && x >= scene->width - EDGE_PX);
}

char *unpark_scene_edge_text(const UnparkScene *scene, const UnparkRow *row) {
  char at[UNPARK_FORMAT_SIZE];
  gint64 ns;
  int side = unpark_scene_outside(scene, row, &ns);
  if (side == 0)
    return NULL;
  unpark_format_time(ns, 1000, at);
  return side < 0 ? g_strdup_printf(_("Ended at %s"), at) : g_strdup_printf(_("Begins at %s"), at);
}

static void paint_way(UnparkSceneFrame *f, const UnparkRow *row, double y) {
  gint64 ns;
  int width, height, side = unpark_scene_outside(f->scene, row, &ns);
  if (side == 0)
    return;
  const char *sign = side < 0 ? "◂" : "▸";
  unpark_text_cache_get(f->texts, UNPARK_TEXT_NORMAL, sign, &width, &height);
  double x = side < 0 ? f->scene->lanes_x + TEXT_GAP : f->scene->width - width - TEXT_GAP;
  unpark_frame_text(f, UNPARK_TEXT_NORMAL, sign, x, y + floor((row->bar - height) / 2.0),
                    unpark_frame_ink(f, UNPARK_INK_ACCENT, 1));
}

/* ---- what is being read ------------------------------------------------------------------ */

gboolean unpark_scene_coming(const UnparkScene *scene, const UnparkRow *row, gint64 (*parts)[2]) {
  UnparkLaneKey key;
  const UnparkLaneData *data = unpark_scene_lane(scene, row);
  gint64 from, to;
  unpark_session_get_own_time(scene->session, &from, &to);
  from = MAX(row->from_ns, from);
  to = MIN(row->to_ns, to);
  memset(parts, 0, 2 * sizeof *parts);
  if (!unpark_row_lane(row, &key) || row->type == UNPARK_ROW_TASK)
    return FALSE;
  from = MAX(from, (gint64)scene->axis.start_ns);
  to = MIN(to, (gint64)unpark_axis_end(&scene->axis));
  if (!data) {
    parts[0][0] = from;
    parts[0][1] = MAX(to, from);
    return from < to;
  }
  parts[0][0] = from;
  parts[0][1] = MAX(MIN(to, data->from_ns), from);
  parts[1][0] = MIN(MAX(from, data->to_ns), to);
  parts[1][1] = to;
  return parts[0][0] < parts[0][1] || parts[1][0] < parts[1][1];
}

void unpark_frame_paint_coming(UnparkSceneFrame *f, const UnparkRow *row, double y) {
  double gap = unpark_frame_row_gap(row), top = y + floor(gap / 2);
  gint64 parts[2][2];
  int width, height;
  if (!unpark_scene_coming(f->scene, row, parts))
    return;
  const char *text = _("Reading…");
  unpark_text_cache_get(f->texts, UNPARK_TEXT_SMALL, text, &width, &height);
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
    double x0 = MAX(unpark_scene_x(f->scene, (double)parts[i][0]), f->scene->lanes_x);
    double x1 = MIN(unpark_scene_x(f->scene, (double)parts[i][1]), f->scene->width);
    if (x1 - x0 < 1)
      continue;
    unpark_frame_box(f, x0, top, x1 - x0, row->bar - gap,
                     unpark_frame_ink(f, UNPARK_INK_STRIPE, 1));
    if (x1 - x0 > width + 2 * TEXT_GAP)
      unpark_frame_text(f, UNPARK_TEXT_SMALL, text, x0 + TEXT_GAP,
                        y + floor((row->bar - height) / 2.0),
                        unpark_frame_ink(f, UNPARK_INK_DIM_TEXT, 1));
  }
}

/* ---- the scale --------------------------------------------------------------------------- */

static char *number(double value) {
  char buf[UNPARK_FORMAT_SIZE];
  if (value >= 1000)
    return g_strdup(unpark_format_count((gint64)floor(value + 0.5), buf));
  return g_strdup_printf("%.3g", value);
}

char *unpark_scene_scale_text(const UnparkScene *scene, const UnparkRow *row) {
  g_autofree char *top = NULL;
  if (row->type == UNPARK_ROW_GROUP || row->type == UNPARK_ROW_STATES) {
    const UnparkLaneData *data = unpark_scene_lane(scene, row);
    gboolean hides = unpark_scene_hides_waiting(scene, row);
    if (!data || data->lane.n_items == 0 || (hides && data->active <= 0))
      return NULL;
    top = number(hides ? data->active : data->peak);
    return hides ? g_strdup_printf(_("↑ %s, without waiting"), top) : g_strdup_printf("↑ %s", top);
  }
  const UnparkTaskCount *tasks = row->type == UNPARK_ROW_TASK_GROUP && scene->task_counts
                                     ? unpark_task_counts_of(scene->task_counts, (guint32)row->id)
                                     : NULL;
  if (!tasks)
    return NULL;
  top = number(tasks->top);
  return g_strdup_printf("↑ %s", top);
}

/* At the upper left corner, on a little of the background. */
static void paint_scale(UnparkSceneFrame *f, const UnparkRow *row, double y) {
  g_autofree char *text = unpark_scene_scale_text(f->scene, row);
  int width, height;
  if (!text)
    return;
  unpark_text_cache_get(f->texts, UNPARK_TEXT_SMALL, text, &width, &height);
  unpark_frame_box(f, f->scene->lanes_x, y + 1, width + 2 * TEXT_GAP, MIN(height, row->bar - 2),
                   unpark_frame_ink(f, UNPARK_INK_BACKGROUND, 0.8));
  unpark_frame_text(f, UNPARK_TEXT_SMALL, text, f->scene->lanes_x + TEXT_GAP, y + 1,
                    unpark_frame_ink(f, UNPARK_INK_DIM_TEXT, 1));
}

void unpark_frame_paint_edges(UnparkSceneFrame *f, const UnparkRow *row, double y) {
  paint_way(f, row, y);
  paint_scale(f, row, y);
}
