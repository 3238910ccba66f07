/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Painting charts of latencies with cairo: the same on screen and in exported pictures. */
#pragma once

#include <pango/pangocairo.h>

#include "ui/latency/layout.h"

typedef enum { UNPARK_LATENCY_HISTOGRAM, UNPARK_LATENCY_HEAT } UnparkLatencyMode;

typedef struct {
  const UnparkLatencySeries *series;
  gint64 heat_from_ns, heat_to_ns;
  UnparkLatencyMode mode;
  gboolean log_counts, dark;
  double width, height;
  guint32 fill;                      /* 0xRRGGBB of bars */
  const char *title;                 /* NULL: none */
  int bar;                           /* highlighted bar; -1 */
  double range_from_ns, range_to_ns; /* lengths that are picked; equal: none */
  int column, row;                   /* highlighted cell of the heat map; -1 */
} UnparkLatencyPicture;

/* The plot inside the picture, and what its bars are. */
typedef struct {
  double x, y, width, height; /* px */
  UnparkLatencyAxis axis;     /* over width; of the heat map: over height */
  guint n_bars;
  guint first_row, n_rows; /* rows of the heat map that are shown */
} UnparkLatencyPlot;

/* Any thread; no painting. */
UnparkLatencyPlot unpark_latency_plot(const UnparkLatencyPicture *picture);

/* `context`: where fonts come from. */
void unpark_latency_paint(cairo_t *cr, PangoContext *context, const UnparkLatencyPicture *picture);
