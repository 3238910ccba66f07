/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the waterfall share; nobody else includes this. */
#pragma once

#include "ui/lanes/time-axis.h"
#include "ui/requests/waterfall.h"

#define WATERFALL_ROW 22   /* px */
#define WATERFALL_SCALE 26 /* height of the scale above the rows */
#define WATERFALL_MIN_NAMES 120

struct _UnparkWaterfallChart {
  UnparkCanvas parent_instance;

  UnparkWaterfall *waterfall; /* NULL: nothing is shown */
  double from_ns, to_ns;      /* visible */
  int width, height;          /* as allocated last */
  double names;               /* width of the names */
  guint32 focus;              /* a node that has a row */
  guint32 hover;              /* a node, or NONE */
  double pointer_x, pointer_y;
  enum { DRAG_NONE, DRAG_NAMES, DRAG_PAN, DRAG_SCALE } drag;
  double drag_from_ns, drag_length_ns, drag_names, drag_x, drag_to_x, drag_scroll;

  GskRenderNode *painted; /* NULL: to be painted anew */
  guint n_passes;         /* so often it was painted with texts missing */
};

/* waterfall.c */
UnparkTimeAxis unpark_waterfall_chart_axis(UnparkWaterfallChart *self); /* x 0: after the names */
double unpark_waterfall_chart_row_y(UnparkWaterfallChart *self, guint32 row);
/* The node in whose row y is; NONE. */
guint32 unpark_waterfall_chart_node_at(UnparkWaterfallChart *self, double y);
void unpark_waterfall_chart_rows_in_sight(UnparkWaterfallChart *self, guint32 *first,
                                          guint32 *last);
void unpark_waterfall_chart_set_visible(UnparkWaterfallChart *self, double from_ns, double to_ns);
void unpark_waterfall_chart_set_names(UnparkWaterfallChart *self, double width);
void unpark_waterfall_chart_set_focus(UnparkWaterfallChart *self, guint32 node);
void unpark_waterfall_chart_set_hover(UnparkWaterfallChart *self, double x, double y);
void unpark_waterfall_chart_toggle(UnparkWaterfallChart *self, guint32 node, gboolean open);
void unpark_waterfall_chart_activate(UnparkWaterfallChart *self);
void unpark_waterfall_chart_repaint(UnparkWaterfallChart *self);
/* Where the name of a node begins, after its triangle. */
double unpark_waterfall_chart_indent(UnparkWaterfallChart *self, guint32 node);

/* waterfall-paint.c */
void unpark_waterfall_chart_paint(UnparkWaterfallChart *self, GtkSnapshot *snapshot);

/* waterfall-input.c */
void unpark_waterfall_chart_init_input(UnparkWaterfallChart *self);

/* waterfall-tell.c: what assistive technology is told, and the tooltips. */
void unpark_waterfall_chart_announce(UnparkWaterfallChart *self);
void unpark_waterfall_chart_tell(UnparkCanvas *canvas);
/* In lines; free with g_free(). */
char *unpark_waterfall_describe(const UnparkWaterfall *waterfall, guint32 node);
/* "GET /order", "12 × SELECT"; free with g_free(). */
char *unpark_waterfall_title(const UnparkWaterfall *waterfall, guint32 node);
const char *unpark_waterfall_service_name(const UnparkWaterfall *waterfall, guint32 node);
