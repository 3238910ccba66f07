/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A chart of two columns, drawn with cairo: on the screen and into files. No GTK. Any thread, each
 * with a pango context of its own. */
#pragma once

#include <pango/pangocairo.h>

#include "ui/sql/chart-layout.h"

typedef struct {
  const UnparkSqlSeries *series;
  double width, height;
  gboolean dark;
  int picked; /* a point that is marked; -1 */
} UnparkSqlPicture;

/* Where the points are, for a picture of that size. */
typedef struct {
  double left, top, width, height; /* of the plot */
  double row_height;               /* of bars */
  UnparkSqlAxis x, y;
  double *px, *py; /* points: in pixels of the picture; bars have none */
} UnparkSqlPlot;

/* Bars are as high as they have to be; lines and points take what they get. */
double unpark_sql_picture_height(PangoContext *context, const UnparkSqlSeries *series);
void unpark_sql_plot_init(UnparkSqlPlot *plot, PangoContext *context,
                          const UnparkSqlPicture *picture);
void unpark_sql_plot_clear(UnparkSqlPlot *plot);
/* The point at that place of the picture; -1. */
int unpark_sql_plot_hit(const UnparkSqlPlot *plot, const UnparkSqlSeries *series, double x,
                        double y);
/* `plot`: of this picture; what is picked and whether it is dark may have changed since. */
void unpark_sql_paint(cairo_t *cr, PangoContext *context, const UnparkSqlPicture *picture,
                      const UnparkSqlPlot *plot);

/* As a document; free with g_free(). Any thread. */
char *unpark_sql_svg(const UnparkSqlSeries *series, const char *title);
