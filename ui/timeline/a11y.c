/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is painted is invisible to assistive technology; stand-in widgets tell it: one for each
 * lane on screen, and one for each span of the focused lane that is wide enough to see. */
#include <glib/gi18n.h>
#include <math.h>

#include "ui/kit/proxy.h"
#include "ui/timeline/private.h"

/* Updated when the view has come to rest. */
#define UPDATE_DELAY_MS 200
#define MAX_ROW_PROXIES 80
#define MAX_SPAN_PROXIES 80
#define MIN_SPAN_PX 6

static void add_proxy(UnparkTimeline *self, guint *used, const char *name,
                      const GdkRectangle *area) {
  if (*used == self->proxies->len) {
    GtkWidget *proxy = unpark_proxy_new();
    gtk_widget_set_parent(proxy, GTK_WIDGET(self));
    g_ptr_array_add(self->proxies, proxy);
  }
  GtkWidget *proxy = self->proxies->pdata[(*used)++];
  gtk_widget_set_visible(proxy, TRUE);
  unpark_proxy_set(UNPARK_PROXY(proxy), name, area);
}

static void add_span_proxies(UnparkTimeline *self, const UnparkRow *row, const GdkRectangle *of,
                             guint *used) {
  UnparkTimeAxis axis = unpark_timeline_axis(self);
  UnparkLaneKey key;
  const UnparkLaneData *data =
      unpark_row_lane(row, &key) ? unpark_lane_cache_get(self->lanes, &key) : NULL;
  guint limit = *used + MAX_SPAN_PROXIES;
  if (!data || row->type == UNPARK_ROW_GROUP || row->type == UNPARK_ROW_STATES)
    return;
  guint i = unpark_items_first(data->lane.items, data->lane.n_items, axis.start_ns);
  for (; i < data->lane.n_items && *used < limit; i++) {
    const UnparkItem *item = &data->lane.items[i];
    double x0 = MAX(unpark_axis_x(&axis, (double)item->start_ns), 0);
    double x1 = MIN(unpark_axis_x(&axis, (double)item->end_ns), axis.width);
    if (x0 >= axis.width)
      return;
    if (x1 - x0 < MIN_SPAN_PX)
      continue;
    g_autofree char *name = unpark_timeline_item_name(self, row, item);
    GdkRectangle area = {(int)(self->header_width + x0), of->y, (int)(x1 - x0), of->height};
    add_proxy(self, used, name, &area);
  }
}

/* What the runtime had the focused lane do, as its band tells it. */
static void add_range_proxies(UnparkTimeline *self, const UnparkRow *row, const GdkRectangle *of,
                              guint *used) {
  UnparkTimeAxis axis = unpark_timeline_axis(self);
  UnparkLaneKey key;
  const UnparkLaneData *data =
      unpark_row_lane(row, &key) ? unpark_lane_cache_get(self->lanes, &key) : NULL;
  guint limit = *used + MAX_SPAN_PROXIES;
  for (guint i = 0; data && i < data->tracks.n_ranges && *used < limit; i++) {
    const UnparkTrackSpan *range = &data->tracks.ranges[i];
    const UnparkHit hit = {.type = UNPARK_HIT_BAND, .span = range};
    double x0 = MAX(unpark_axis_x(&axis, (double)range->start_ns), 0);
    double x1 = MIN(unpark_axis_x(&axis, (double)range->end_ns), axis.width);
    if (x0 >= axis.width || x1 < 0)
      continue;
    g_autofree char *name = unpark_timeline_hit_text(self, &hit);
    GdkRectangle area = {(int)(self->header_width + x0), of->y, MAX((int)(x1 - x0), 1),
                         MIN((int)unpark_row_band_height(row) + 1, of->height)};
    add_proxy(self, used, name, &area);
  }
}

/* The part of the row that can be seen. */
static GdkRectangle row_area(UnparkTimeline *self, const UnparkPanes *panes, guint n) {
  const UnparkPane *pane = unpark_panes_of(panes, n);
  double y = unpark_panes_row_y(panes, n);
  int top = (int)MAX(y, pane->top), bottom = (int)MIN(y + self->rows->rows[n].height, pane->bottom);
  return (GdkRectangle){0, top, (int)self->header_width, MAX(bottom - top, 0)};
}

static void add_pane_proxies(UnparkTimeline *self, const UnparkPanes *panes, UnparkPaneType type,
                             guint *used) {
  const UnparkPane *pane = &panes->pane[type];
  for (guint i = pane->first; i < pane->end && *used < MAX_ROW_PROXIES; i++) {
    const UnparkRow *row = &self->rows->rows[i];
    GdkRectangle area = row_area(self, panes, i);
    g_autofree char *name = unpark_timeline_row_name(self, row);
    add_proxy(self, used, name, &area);
    if ((int)i == self->focus_row) {
      add_span_proxies(self, row, &area, used);
      add_range_proxies(self, row, &area, used);
    }
  }
}

static void update_proxies(UnparkTimeline *self) {
  UnparkPanes panes = unpark_timeline_panes(self);
  guint used = 0;
  if (!self->rows)
    return;
  add_pane_proxies(self, &panes, UNPARK_PANE_PINNED, &used);
  add_pane_proxies(self, &panes, UNPARK_PANE_OTHERS, &used);
  for (guint i = used; i < self->proxies->len; i++)
    gtk_widget_set_visible(self->proxies->pdata[i], FALSE);
  gtk_widget_queue_allocate(GTK_WIDGET(self));
}

static gboolean update_now(gpointer data) {
  UnparkTimeline *self = data;
  self->proxies_source = 0;
  update_proxies(self);
  return G_SOURCE_REMOVE;
}

void unpark_timeline_update_proxies_later(UnparkTimeline *self) {
  g_clear_handle_id(&self->proxies_source, g_source_remove);
  self->proxies_source = g_timeout_add(UPDATE_DELAY_MS, update_now, self);
}

void unpark_timeline_allocate_proxies(UnparkTimeline *self) {
  for (guint i = 0; i < self->proxies->len; i++)
    if (gtk_widget_should_layout(self->proxies->pdata[i]))
      unpark_proxy_allocate(self->proxies->pdata[i]);
}

/* The widget has the focus, so its own name is what a reader speaks. */
void unpark_timeline_announce(UnparkTimeline *self) {
  g_autofree char *name = NULL;
  if (self->rows && self->focus_row >= 0 && self->focus_row < (int)self->rows->n) {
    const UnparkRow *row = &self->rows->rows[self->focus_row];
    const UnparkPick *pick = unpark_session_get_pick(self->session);
    UnparkLaneKey key;
    const UnparkLaneData *data =
        unpark_row_lane(row, &key) ? unpark_lane_cache_get(self->lanes, &key) : NULL;
    gboolean known = self->picked_goroutine == pick->id && self->picked_ns == pick->start_ns;
    if (pick->type == UNPARK_PICK_SPAN && row->type == UNPARK_ROW_GOROUTINE &&
        pick->id == row->id && (data || known)) {
      UnparkItem item = {.start_ns = pick->start_ns, .end_ns = pick->end_ns, .count = 1};
      int i = known ? -1
                    : unpark_items_at(data->lane.items, data->lane.n_items,
                                      (double)(pick->start_ns + pick->end_ns) / 2,
                                      (double)(pick->start_ns + pick->end_ns) / 2);
      item.kind = known ? self->picked_kind : i < 0 ? 0 : data->lane.items[i].kind;
      item.goroutine = row->id;
      name = unpark_timeline_item_name(self, row, &item);
    } else {
      name = self->focus_row == unpark_timeline_metric_row(self, pick)
                 ? unpark_timeline_plot_text(self, row, pick->start_ns)
                 : NULL;
      if (!name)
        name = unpark_timeline_row_name(self, row);
    }
  }
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 name ? name : _("Timeline"), -1);
  unpark_timeline_update_proxies_later(self);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}
