/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "ui/kit/rgba.h"
#include "ui/lanes/lane-raster.h"
#include "ui/spans/private.h"
#include "ui/text/format.h"

#define MIN_TEXT_PX 34
#define PADDING 4

typedef struct {
  UnparkSpanLanes *self;
  GtkSnapshot *snapshot;
  UnparkTextCache *texts;
  UnparkTimeAxis axis;
  double width, height, scroll;
  gboolean dark;
} Frame;

static void box(const Frame *f, double x, double y, double width, double height, GdkRGBA color) {
  gtk_snapshot_append_color(f->snapshot, &color,
                            &GRAPHENE_RECT_INIT((float)x, (float)y, (float)width, (float)height));
}

static GdkRGBA ink(const Frame *f, UnparkInk name, double alpha) {
  return unpark_rgba(unpark_palette_ink(name, f->dark), alpha);
}

static void text(const Frame *f, UnparkTextStyle style, const char *what, double x, double y,
                 GdkRGBA color) {
  unpark_text_cache_append(f->texts, f->snapshot, style, what, x, y, &color);
}

/* x of a time within the lanes, cut at their edges. */
static double clip_x(const Frame *f, gint64 ns) {
  return f->self->header_width + CLAMP(unpark_axis_x(&f->axis, (double)ns), 0, f->axis.width);
}

/* What the span's goroutine did while the span lasted. */
static void paint_states(const Frame *f, const UnparkTraceSpan *span, double y) {
  const UnparkLaneItems *lane =
      f->self->states && span->join.certainty > UNPARK_TRACE_JOINED_BY_LABEL
          ? unpark_span_states_of(f->self->states, span->join.source, span->join.goroutine)
          : NULL;
  guint n;
  const UnparkSourceEntry *entries = unpark_sources_entries(f->self->layout->sources, &n);
  for (guint i = 0; lane && i < lane->n_items; i++) {
    const UnparkItem *item = &lane->items[i];
    if (item->end_ns <= span->start_ns || item->start_ns >= span->end_ns)
      continue;
    double x0 = clip_x(f, MAX(item->start_ns, span->start_ns));
    double x1 = clip_x(f, MIN(item->end_ns, span->end_ns));
    if (x1 <= x0)
      continue;
    guint class_id = unpark_item_class(entries[span->join.source].store, item);
    box(f, x0, y, MAX(x1 - x0, 0.5), SPAN_LANES_STATES - 2,
        unpark_rgba(unpark_palette_fill(class_id, f->dark), 1));
  }
}

static void paint_name(const Frame *f, const char *name, guint32 fill, double x0, double x1,
                       double y) {
  int width, height;
  if (x1 - x0 < MIN_TEXT_PX || !*name)
    return;
  guint32 color =
      unpark_palette_contrast(fill, 0) > unpark_palette_contrast(fill, 0xffffff) ? 0 : 0xffffff;
  unpark_text_cache_get(f->texts, UNPARK_TEXT_SMALL, name, &width, &height);
  graphene_rect_t clip =
      GRAPHENE_RECT_INIT((float)x0, (float)y, (float)(x1 - x0 - 2), SPAN_LANES_BAR);
  gtk_snapshot_push_clip(f->snapshot, &clip);
  text(f, UNPARK_TEXT_SMALL, name, x0 + PADDING, y + floor((SPAN_LANES_BAR - 1 - height) / 2.0),
       unpark_rgba(color, 0.95));
  gtk_snapshot_pop(f->snapshot);
}

static void outline(const Frame *f, double x0, double x1, double y) {
  GdkRGBA color = ink(f, UNPARK_INK_ACCENT, 1);
  double width = MAX(x1 - x0, 1) + 4, height = SPAN_LANES_BAR + 2;
  box(f, x0 - 2, y - 2, width, 2, color);
  box(f, x0 - 2, y + height - 3, width, 2, color);
  box(f, x0 - 2, y - 2, 2, height + 1, color);
  box(f, x0 + width - 4, y - 2, 2, height + 1, color);
}

static void paint_track(const Frame *f, guint track_index, double y, gboolean open) {
  const UnparkSpanLayout *layout = f->self->layout;
  const UnparkSpanTrack *track = &layout->tracks[track_index];
  double end_ns = unpark_axis_end(&f->axis), painted = -1;
  guint at = unpark_span_layout_first(layout, track, (gint64)f->axis.start_ns);
  for (; at < track->first + track->n; at++) {
    gint32 number = layout->spans[at];
    const UnparkTraceSpan *span = &layout->traces->spans[number];
    if ((double)span->start_ns > end_ns)
      break;
    if ((double)span->end_ns < f->axis.start_ns)
      continue;
    double x0 = clip_x(f, span->start_ns), x1 = MAX(clip_x(f, span->end_ns), x0 + 1);
    gboolean picked = number == f->self->picked;
    /* What fills no pixel of its own is seen in the one that is painted already. */
    if (floor(x1) <= painted && !picked)
      continue;
    painted = floor(x1);
    guint32 fill = unpark_palette_ink(
        span->status == UNPARK_TRACE_ERROR ? UNPARK_INK_STW : UNPARK_INK_TASK, f->dark);
    box(f, x0, y, x1 - x0, SPAN_LANES_BAR - 1, unpark_rgba(fill, 0.9));
    if (x1 - x0 > 3)
      box(f, x1 - 1, y, 1, SPAN_LANES_BAR - 1, ink(f, UNPARK_INK_BACKGROUND, 0.7));
    paint_name(f, unpark_traces_text(layout->traces, span->name), fill, x0, x1, y);
    if (open && x1 - x0 > 1)
      paint_states(f, span, y + SPAN_LANES_BAR);
    if (picked)
      outline(f, x0, x1, y);
  }
}

static void paint_header(const Frame *f, guint index, double y) {
  const UnparkSpanService *service = &f->self->layout->services[index];
  const char *name = unpark_traces_text(f->self->layout->traces, service->name);
  char count[UNPARK_FORMAT_SIZE];
  int width, height;
  gboolean focused = gtk_widget_has_focus(GTK_WIDGET(f->self)) && f->self->service == index;
  double row = unpark_span_lanes_service_height(f->self, index);
  box(f, 0, y, f->self->header_width, row, ink(f, UNPARK_INK_BACKGROUND, 1));
  if (focused) {
    box(f, 0, y, f->self->header_width, row, ink(f, UNPARK_INK_ACCENT, 0.1));
    box(f, 0, y, 3, row, ink(f, UNPARK_INK_ACCENT, 1));
  }
  text(f, UNPARK_TEXT_NORMAL, f->self->open[index] ? "▾" : "▸", 8, y + PADDING,
       ink(f, UNPARK_INK_DIM_TEXT, 1));
  text(f, UNPARK_TEXT_NORMAL, *name ? name : "?", 24, y + PADDING, ink(f, UNPARK_INK_TEXT, 1));
  unpark_format_count(service->n_spans, count);
  unpark_text_cache_get(f->texts, UNPARK_TEXT_SMALL, count, &width, &height);
  text(f, UNPARK_TEXT_SMALL, count, f->self->header_width - width - 10, y + PADDING + 2,
       ink(f, UNPARK_INK_DIM_TEXT, 1));
  box(f, f->self->header_width - 1, y, 1, row, ink(f, UNPARK_INK_LINE, 1));
  box(f, 0, y + row - 1, f->width, 1, ink(f, UNPARK_INK_LINE, 0.6));
}

static void paint_over(const Frame *f) {
  gint64 from, to;
  if (unpark_session_get_selected_time(f->self->session, &from, &to)) {
    double x0 = clip_x(f, from), x1 = clip_x(f, to);
    box(f, x0, 0, MAX(x1 - x0, 1), f->height, ink(f, UNPARK_INK_ACCENT, 0.12));
  }
  double x = unpark_axis_x(&f->axis, f->self->hover_ns);
  if (!isnan(f->self->hover_ns) && x >= 0 && x <= f->axis.width)
    box(f, f->self->header_width + floor(x), 0, 1, f->height, ink(f, UNPARK_INK_TEXT, 0.45));
}

void unpark_span_lanes_paint(UnparkSpanLanes *self, GtkSnapshot *snapshot) {
  GtkWidget *widget = GTK_WIDGET(self);
  Frame f = {.self = self,
             .snapshot = snapshot,
             .texts = unpark_canvas_get_texts(UNPARK_CANVAS(self)),
             .axis = unpark_span_lanes_axis(self),
             .width = gtk_widget_get_width(widget),
             .height = gtk_widget_get_height(widget),
             .scroll =
                 round(unpark_canvas_get_scroll(UNPARK_CANVAS(self), GTK_ORIENTATION_VERTICAL)),
             .dark = adw_style_manager_get_dark(adw_style_manager_get_default())};
  box(&f, 0, 0, f.width, f.height, ink(&f, UNPARK_INK_BACKGROUND, 1));
  for (guint s = 0; self->layout && s < self->layout->n_services; s++) {
    double top = unpark_span_lanes_service_y(self, s) - f.scroll;
    double track = unpark_span_lanes_track_height(self, s);
    if (top > f.height || top + unpark_span_lanes_service_height(self, s) < 0)
      continue;
    const UnparkSpanService *service = &self->layout->services[s];
    for (guint t = 0; t < service->n_tracks; t++) {
      double y = top + SPAN_LANES_GAP / 2.0 + t * track;
      if (y + track >= 0 && y <= f.height)
        paint_track(&f, service->first_track + t, y, self->open[s]);
    }
    paint_header(&f, s, top);
  }
  paint_over(&f);
}
