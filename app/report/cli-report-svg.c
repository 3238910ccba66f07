/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures of a report. Colours are classes of its style, so that they follow light and dark. */
#include <glib/gi18n.h>

#include "app/report/cli-report-private.h"
#include "model/base/format.h"
#include "model/flame/picture/export.h"

#define WIDTH 960.0
#define BARS 96.0     /* height of bars */
#define LEAST_BARS 16 /* a single one is not as wide as the page */
#define AXIS 22.0     /* height of what is written below */
#define LABEL 20.0    /* height of a lane's name */
#define LANE 22.0     /* height of a lane */

/* A number of a picture, whatever the locale. */
static void append_number(GString *to, const char *name, double n) {
  char buf[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_printf(to, " %s=\"%s\"", name, g_ascii_formatd(buf, sizeof buf, "%.2f", n));
}

static void append_rect(GString *to, const char *class, double x, double y, double width,
                        double height) {
  g_string_append_printf(to, "<rect class=\"%s\"", class);
  append_number(to, "x", x);
  append_number(to, "y", y);
  append_number(to, "width", width);
  append_number(to, "height", height);
  g_string_append(to, "/>");
}

static void append_text(GString *to, const char *class, double x, double y, const char *anchor,
                        const char *text) {
  g_string_append_printf(to, "<text class=\"%s\" text-anchor=\"%s\"", class, anchor);
  append_number(to, "x", x);
  append_number(to, "y", y);
  g_string_append(to, ">");
  unpark_flame_append_xml(to, text);
  g_string_append(to, "</text>");
}

static GString *begin(double height, const char *label) {
  GString *to = g_string_new("<svg role=\"img\"");
  char buf[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_printf(to, " viewBox=\"0 0 %.0f %s\"><title>", WIDTH,
                         g_ascii_formatd(buf, sizeof buf, "%.0f", height));
  unpark_flame_append_xml(to, label);
  g_string_append(to, "</title>");
  return to;
}

static char *end(GString *to) {
  g_string_append(to, "</svg>");
  return g_string_free(to, FALSE);
}

char *cli_report_svg_bars(const CliReportBars *bars) {
  GString *to = begin(BARS + AXIS, bars->label);
  double most = 0, step = WIDTH / MAX(bars->n, LEAST_BARS);

  for (guint i = 0; i < bars->n; i++)
    most = MAX(most, bars->heights[i]);
  for (guint i = 0; i < bars->n; i++) {
    double height = most > 0 ? bars->heights[i] / most * BARS : 0;

    /* What is there can be seen, however small. */
    height = bars->heights[i] > 0 ? MAX(height, 1.5) : 0;
    if (height > 0)
      append_rect(to, "r-bar", i * step + step * 0.06, BARS - height, step * 0.88, height);
    if (bars->ticks && bars->ticks[i] && *bars->ticks[i])
      append_text(to, "r-t", i * step, BARS + AXIS - 6, "start", bars->ticks[i]);
  }
  g_string_append(to, "<path class=\"r-axis\"");
  g_string_append_printf(to, " d=\"M0 %.0fH%.0f\"/>", BARS, WIDTH);
  if (bars->left)
    append_text(to, "r-t", 0, BARS + AXIS - 6, "start", bars->left);
  if (bars->right)
    append_text(to, "r-t", WIDTH, BARS + AXIS - 6, "end", bars->right);
  return end(to);
}

/* ---- Lanes ---------------------------------------------------------------------------------- */

static const char *class_of(UnparkStore *store, guint16 kind) {
  static const char *const classes[UNPARK_N_STATES] = {"r-running", "r-runnable", "r-waiting",
                                                       "r-syscall"};
  const UnparkKind *k = unpark_store_kind(store, kind);

  return classes[k && k->state < UNPARK_N_STATES ? k->state : UNPARK_STATE_WAITING];
}

static double x_of(const CliReportLanes *lanes, gint64 ns) {
  double whole = (double)MAX(lanes->to_ns - lanes->from_ns, 1);

  return (double)(CLAMP(ns, lanes->from_ns, lanes->to_ns) - lanes->from_ns) / whole * WIDTH;
}

static void append_lane(GString *to, const CliReportLanes *lanes, const UnparkLaneItems *items,
                        double y) {
  const UnparkGoroutine *g = unpark_store_goroutine(lanes->store, items->key.id);
  char id[UNPARK_FORMAT_SIZE];
  g_autofree char *name =
      g_strdup_printf("G %s %s", unpark_format_number((guint64)items->key.id, id),
                      g ? unpark_format_function_short(g->name) : "");

  append_text(to, "r-l", 0, y + LABEL - 6, "start", name);
  for (guint i = 0; i < items->n_items; i++) {
    double x = x_of(lanes, items->items[i].start_ns);

    append_rect(to, class_of(lanes->store, items->items[i].kind), x, y + LABEL,
                MAX(x_of(lanes, items->items[i].end_ns) - x, 0.5), LANE);
  }
}

static void append_legend(GString *to, double y) {
  static const struct {
    const char *class, *name;
  } states[] = {{"r-running", N_("running")},
                {"r-runnable", N_("runnable")},
                {"r-waiting", N_("waiting")},
                {"r-syscall", N_("system call")}};
  double x = WIDTH / 2 - 190;

  for (guint i = 0; i < G_N_ELEMENTS(states); i++, x += 100) {
    append_rect(to, states[i].class, x, y + 6, 11, 11);
    append_text(to, "r-t", x + 16, y + 16, "start", _(states[i].name));
  }
}

char *cli_report_svg_lanes(const CliReportLanes *lanes, GCancellable *cancellable, GError **error) {
  double height = lanes->n * (LABEL + LANE) + AXIS;
  gint64 resolution = MAX((lanes->to_ns - lanes->from_ns) / (gint64)WIDTH, 1);
  g_autofree UnparkLaneKey *keys = g_new0(UnparkLaneKey, lanes->n + 1);
  char from[UNPARK_FORMAT_SIZE], until[UNPARK_FORMAT_SIZE];

  for (guint i = 0; i < lanes->n; i++)
    keys[i] = (UnparkLaneKey){UNPARK_LANE_GOROUTINE, lanes->goroutines[i]};
  UnparkLaneItems *items = unpark_store_lanes(lanes->store, keys, lanes->n, lanes->from_ns,
                                              lanes->to_ns, resolution, cancellable, error);
  if (!items)
    return NULL;
  GString *to = begin(height, lanes->label);
  for (guint i = 0; i < lanes->n; i++)
    append_lane(to, lanes, &items[i], i * (LABEL + LANE));
  unpark_lane_items_free(items, lanes->n);
  double x = x_of(lanes, lanes->mark_from_ns);
  append_rect(to, "r-mark", x, LABEL - 1, MAX(x_of(lanes, lanes->mark_to_ns) - x, 1), LANE + 2);
  append_text(to, "r-t", 0, height - 6, "start",
              unpark_format_time(lanes->from_ns, resolution, from));
  append_text(to, "r-t", WIDTH, height - 6, "end",
              unpark_format_time(lanes->to_ns, resolution, until));
  append_legend(to, height - AXIS);
  return end(to);
}
