/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the lanes share; nobody else includes this. */
#pragma once

#include "ui/kit/worker.h"
#include "ui/lanes/time-axis.h"
#include "ui/spans/lanes.h"
#include "ui/spans/states.h"

/* px: a span; what its goroutine did, below it; between services. */
#define SPAN_LANES_BAR 14
#define SPAN_LANES_STATES 8
#define SPAN_LANES_GAP 6
#define SPAN_LANES_MIN 26

struct _UnparkSpanLanes {
  UnparkCanvas parent_instance;

  UnparkSession *session; /* NULL once disposed of */
  UnparkSpanLayout *layout;
  UnparkSpanStates *states;
  gint64 states_from_ns, states_to_ns;
  UnparkWorker loading, fetching;
  guint fetch_source;
  gboolean *open; /* by service */
  double header_width, hover_ns;
  int width, height; /* as it was laid out last */
  guint service;     /* that has the focus */
  gint32 picked;     /* number of a span; -1 */
  double drag_from_ns, drag_to_ns, drag_scroll;
  gboolean dragging;
};

/* lanes.c */
UnparkTimeAxis unpark_span_lanes_axis(UnparkSpanLanes *self);
/* Where the service begins, from the top of all, and how high it is; px. */
double unpark_span_lanes_service_y(UnparkSpanLanes *self, guint service);
double unpark_span_lanes_service_height(UnparkSpanLanes *self, guint service);
double unpark_span_lanes_track_height(UnparkSpanLanes *self, guint service);
/* The service at y of the widget; -1. */
int unpark_span_lanes_service_at(UnparkSpanLanes *self, double y);
/* -1: none. */
gint32 unpark_span_lanes_span_at(UnparkSpanLanes *self, double x, double y);
void unpark_span_lanes_pick(UnparkSpanLanes *self, gint32 span);
void unpark_span_lanes_toggle(UnparkSpanLanes *self, guint service);
void unpark_span_lanes_show_service(UnparkSpanLanes *self, guint service);
/* "POST /buy of gateway, 4.2 ms at 0.4 s"; free with g_free(). */
char *unpark_span_lanes_describe(UnparkSpanLanes *self, gint32 span);
char *unpark_span_lanes_describe_service(UnparkSpanLanes *self, guint service);

/* paint.c */
void unpark_span_lanes_paint(UnparkSpanLanes *self, GtkSnapshot *snapshot);

/* input.c */
void unpark_span_lanes_init_input(UnparkSpanLanes *self);
