/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/timeline/view-private.h"

#include <glib/gi18n.h>

#include "model/base/tables.h"
#include "ui/chain/keys.h"
#include "ui/inspector/inspector.h"
#include "ui/kit/accessible.h"
#include "ui/session/together.h"
#include "ui/spans/lanes.h"
#include "ui/text/format.h"
#include "ui/timeline/bookmark-button.h"
#include "ui/timeline/export.h"
#include "ui/timeline/pane.h"
#include "ui/timeline/ruler.h"
#include "ui/timeline/status-bar.h"
#include "ui/timeline/timeline.h"

G_DEFINE_FINAL_TYPE(UnparkTimelineView, unpark_timeline_view, GTK_TYPE_WIDGET)

static UnparkTimelinePane *nth(UnparkTimelineView *self, guint i) {
  return self->panes->pdata[i];
}

UnparkTimeline *unpark_timeline_view_nth(UnparkTimelineView *self, guint i) {
  return UNPARK_TIMELINE(nth(self, i)->timeline);
}

static UnparkTimeline *current(UnparkTimelineView *self) {
  return UNPARK_TIMELINE(self->at->timeline);
}

/* The lanes of all files begin at the same place. */
static void on_header_width(UnparkTimeline *timeline, UnparkTimelineView *self) {
  double width = unpark_timeline_get_header_width(timeline);
  gtk_widget_set_size_request(self->corner, (int)width, -1);
  for (guint i = 0; i < self->panes->len; i++)
    if (unpark_timeline_get_header_width(unpark_timeline_view_nth(self, i)) != width)
      unpark_timeline_set_header_width(unpark_timeline_view_nth(self, i), width);
  if (self->spans)
    unpark_span_lanes_set_header_width(UNPARK_SPAN_LANES(self->spans->spans), width);
}

static void set_hover(UnparkTimelineView *self, GtkWidget *from, double ns) {
  if (self->syncing)
    return;
  self->syncing = TRUE;
  for (guint i = 0; i < self->panes->len; i++)
    if (nth(self, i)->timeline != from)
      unpark_timeline_set_hover(unpark_timeline_view_nth(self, i), ns);
  if (self->spans && self->spans->spans != from)
    unpark_span_lanes_set_hover(UNPARK_SPAN_LANES(self->spans->spans), ns);
  self->syncing = FALSE;
}

/* One line over the lanes of all files. */
static void on_hover(UnparkTimeline *timeline, UnparkTimelineView *self) {
  set_hover(self, GTK_WIDGET(timeline), unpark_timeline_get_hover(timeline, NULL));
}

static void on_span_hover(UnparkSpanLanes *lanes, UnparkTimelineView *self) {
  set_hover(self, GTK_WIDGET(lanes), unpark_span_lanes_get_hover(lanes));
}

static char *filter_remark(const UnparkRows *rows, const UnparkFilterResult *filtered) {
  char some[UNPARK_FORMAT_SIZE], all[UNPARK_FORMAT_SIZE], spans[UNPARK_FORMAT_SIZE];
  unpark_format_count(rows->n_goroutines, some);
  unpark_format_count(rows->n_all, all);
  unpark_format_count((gint64)filtered->n_spans, spans);
  if (!filtered->has_spans)
    return g_strdup_printf(_("Filter: %s of %s goroutines"), some, all);
  if (filtered->cut && !filtered->exact)
    /* Translators: of what passes a filter */
    return g_strdup_printf(
        _("Filter: %s of %s goroutines, %s spans; too many for all others to be dimmed"), some, all,
        spans);
  return g_strdup_printf(_("Filter: %s of %s goroutines, %s spans"), some, all, spans);
}

static void on_rows_changed(UnparkTimelineView *self) {
  UnparkTimeline *timeline = current(self);
  const UnparkRows *rows = unpark_timeline_get_rows(timeline);
  const char *error = unpark_timeline_get_filter_error(timeline);
  const UnparkFilterResult *filtered = unpark_timeline_get_filtered(timeline);
  g_autofree char *remark = NULL;
  if (error)
    remark = g_strdup(error);
  else if (rows && filtered)
    remark = filter_remark(rows, filtered);
  gtk_widget_set_visible(self->no_match, !error && rows && filtered && rows->n_goroutines == 0);
  unpark_status_bar_set_remark(UNPARK_STATUS_BAR(self->at->status), remark);
  unpark_status_bar_set_filtered(UNPARK_STATUS_BAR(self->at->status), filtered);
}

static void on_clear_filter(UnparkTimelineView *self) {
  unpark_session_set_filter(self->at->session, "");
  gtk_widget_grab_focus(self->at->timeline);
}

static void on_sort(GtkDropDown *drop, GParamSpec *spec, UnparkTimelineView *self) {
  for (guint i = 0; i < self->panes->len; i++)
    unpark_timeline_set_sort(unpark_timeline_view_nth(self, i),
                             (UnparkSort)gtk_drop_down_get_selected(drop));
}

static void on_expand(UnparkTimelineView *self) {
  for (guint i = 0; i < self->panes->len; i++)
    unpark_timeline_set_all_open(unpark_timeline_view_nth(self, i), TRUE);
}

static void on_collapse(UnparkTimelineView *self) {
  for (guint i = 0; i < self->panes->len; i++)
    unpark_timeline_set_all_open(unpark_timeline_view_nth(self, i), FALSE);
}

static void unpark_timeline_view_dispose(GObject *object) {
  UnparkTimelineView *self = UNPARK_TIMELINE_VIEW(object);
  for (guint i = 0; i < self->panes->len; i++) {
    g_signal_handlers_disconnect_by_data(nth(self, i)->timeline, self);
    g_signal_handlers_disconnect_by_data(nth(self, i)->session, self);
  }
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_object(&self->together);
  if (self->spans)
    g_signal_handlers_disconnect_by_data(self->spans->spans, self);
  g_clear_pointer(&self->spans, unpark_timeline_pane_free);
  g_hash_table_remove_all(self->inspectors);
  self->at = NULL;
  g_ptr_array_set_size(self->panes, 0);
  g_clear_object(&self->session);
  G_OBJECT_CLASS(unpark_timeline_view_parent_class)->dispose(object);
}

static void unpark_timeline_view_finalize(GObject *object) {
  g_ptr_array_unref(UNPARK_TIMELINE_VIEW(object)->panes);
  g_hash_table_unref(UNPARK_TIMELINE_VIEW(object)->inspectors);
  G_OBJECT_CLASS(unpark_timeline_view_parent_class)->finalize(object);
}

static void on_step(GtkWidget *widget, const char *name, GVariant *parameter) {
  unpark_timeline_step(current(UNPARK_TIMELINE_VIEW(widget)), g_variant_get_int32(parameter));
}

static void on_copy_page(GtkWidget *widget, const char *name, GVariant *parameter) {
  unpark_inspector_copy(
      UNPARK_INSPECTOR(unpark_timeline_view_inspector(UNPARK_TIMELINE_VIEW(widget))));
}

static void on_why(GtkWidget *widget, const char *name, GVariant *parameter) {
  UnparkTimelineView *self = UNPARK_TIMELINE_VIEW(widget);
  gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(self->inspector_button), TRUE);
  unpark_inspector_show_why(UNPARK_INSPECTOR(unpark_timeline_view_inspector(self)));
}

static void on_bookmark(GtkWidget *widget, const char *name, GVariant *parameter) {
  unpark_bookmark_button_ask(UNPARK_TIMELINE_VIEW(widget)->at->bookmarks);
}

static void unpark_timeline_view_measure(GtkWidget *widget, GtkOrientation orientation,
                                         int for_size, int *minimum, int *natural,
                                         int *minimum_baseline, int *natural_baseline) {
  gtk_widget_measure(UNPARK_TIMELINE_VIEW(widget)->box, orientation, for_size, minimum, natural,
                     minimum_baseline, natural_baseline);
}

static void unpark_timeline_view_size_allocate(GtkWidget *widget, int width, int height,
                                               int baseline) {
  UnparkTimelineView *self = UNPARK_TIMELINE_VIEW(widget);
  gtk_widget_allocate(self->box, width, height, baseline, NULL);
  unpark_timeline_view_fold(self);
}

static void unpark_timeline_view_class_init(UnparkTimelineViewClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = unpark_timeline_view_dispose;
  G_OBJECT_CLASS(class)->finalize = unpark_timeline_view_finalize;
  widget_class->measure = unpark_timeline_view_measure;
  widget_class->size_allocate = unpark_timeline_view_size_allocate;
  gtk_widget_class_install_action(widget_class, "timeline.step", "i", on_step);
  gtk_widget_class_install_action(widget_class, "timeline.copy-page", NULL, on_copy_page);
  gtk_widget_class_install_action(widget_class, "timeline.why", NULL, on_why);
  gtk_widget_class_install_action(widget_class, "timeline.bookmark", NULL, on_bookmark);
  gtk_widget_class_set_template_from_resource(widget_class,
                                              "/io/github/unpark/Unpark/ui/timeline/view.ui");
  gtk_widget_class_bind_template_child(widget_class, UnparkTimelineView, box);
  gtk_widget_class_bind_template_child(widget_class, UnparkTimelineView, top);
  gtk_widget_class_bind_template_child(widget_class, UnparkTimelineView, paned);
  gtk_widget_class_bind_template_child(widget_class, UnparkTimelineView, head);
  gtk_widget_class_bind_template_child(widget_class, UnparkTimelineView, corner);
  gtk_widget_class_bind_template_child(widget_class, UnparkTimelineView, sort);
  gtk_widget_class_bind_template_child(widget_class, UnparkTimelineView, lanes);
  gtk_widget_class_bind_template_child(widget_class, UnparkTimelineView, inspector_button);
  gtk_widget_class_bind_template_child(widget_class, UnparkTimelineView, no_match);
  gtk_widget_class_bind_template_callback(widget_class, on_clear_filter);
  gtk_widget_class_bind_template_callback(widget_class, on_expand);
  gtk_widget_class_bind_template_callback(widget_class, on_collapse);
}

static void unpark_timeline_view_init(UnparkTimelineView *self) {
  self->panes = g_ptr_array_new_with_free_func((GDestroyNotify)unpark_timeline_pane_free);
  self->inspectors = g_hash_table_new_full(NULL, NULL, g_object_unref, g_object_unref);
  gtk_widget_init_template(GTK_WIDGET(self));
  unpark_accessible_name(self->sort, _("Order of groups and lanes"));
  unpark_accessible_name(self->paned, _("Lanes and inspector"));
}

/* ---- Panes ------------------------------------------------------------------------------ */

/* Puts what goes with the pane's lanes in the place of the other's. */
static void go_to_pane(UnparkTimelineView *self, UnparkTimelinePane *pane) {
  UnparkTimelinePane *before = self->at;
  unpark_timeline_view_show_inspector(self, pane->inspector);
  if (pane == before)
    return;
  self->at = pane;
  gtk_widget_add_css_class(pane->header, "current");
  if (before) {
    gtk_widget_remove_css_class(before->header, "current");
    gtk_box_remove(GTK_BOX(self->top), before->overview);
    gtk_box_remove(GTK_BOX(self->top), before->bookmarks);
    gtk_box_remove(GTK_BOX(self->box), before->status);
  }
  gtk_widget_insert_before(pane->overview, self->top, self->inspector_button);
  gtk_widget_insert_before(pane->bookmarks, self->top, self->inspector_button);
  gtk_box_append(GTK_BOX(self->box), pane->status);
  on_rows_changed(self);
}

static void on_pane_rows(UnparkTimeline *timeline, UnparkTimelineView *self) {
  if (self->at && timeline == current(self))
    on_rows_changed(self);
}

static UnparkTimelinePane *find_pane(UnparkTimelineView *self, UnparkSession *session) {
  for (guint i = 0; i < self->panes->len; i++)
    if (nth(self, i)->session == session)
      return nth(self, i);
  return NULL;
}

/* Of a file that has no lanes of its own, but spans. */
static GtkWidget *inspector_of(UnparkTimelineView *self, UnparkSession *session) {
  GtkWidget *inspector = g_hash_table_lookup(self->inspectors, session);
  if (!inspector) {
    inspector = g_object_ref_sink(unpark_inspector_new(session));
    gtk_widget_set_size_request(inspector, MIN_INSPECTOR_WIDTH, -1);
    g_hash_table_insert(self->inspectors, g_object_ref(session), inspector);
    g_signal_connect_object(session, "pick-changed", G_CALLBACK(unpark_timeline_view_on_pick), self,
                            0);
  }
  return inspector;
}

static gboolean has_spans(UnparkSession *session) {
  UnparkStore *store = unpark_session_get_store(session);
  return store && unpark_store_count(store, UNPARK_TABLE_TRACE_SPAN) > 0;
}

/* What goes with the file one looks at. */
static void on_current(UnparkTimelineView *self) {
  UnparkTogether *together = unpark_together_of(self->session);
  UnparkSession *session =
      together ? unpark_together_get_session(together, unpark_together_get_current(together))
               : self->session;
  UnparkTimelinePane *pane = find_pane(self, session);
  if (pane && !unpark_timeline_pane_is_open(pane))
    unpark_timeline_pane_set_open(pane, TRUE);
  if (pane)
    go_to_pane(self, pane);
  else if (self->at && has_spans(session))
    unpark_timeline_view_show_inspector(self, inspector_of(self, session));
}

static void on_focus(GtkEventControllerFocus *controller, UnparkTimelineView *self) {
  GtkWidget *group = gtk_event_controller_get_widget(GTK_EVENT_CONTROLLER(controller));
  UnparkTogether *together = unpark_together_of(self->session);
  for (guint i = 0; together && i < self->panes->len; i++)
    if (nth(self, i)->group == group)
      unpark_together_set_current(together,
                                  (guint)unpark_together_find(together, nth(self, i)->session));
}

/* Keys that are about the pane's file, wherever the focus is among what is of it. */
static void attach_keys(UnparkTimelinePane *pane, GtkWidget *widget) {
  unpark_chain_keys_attach(widget, pane->session);
  unpark_bookmark_button_attach(pane->bookmarks, widget);
}

static UnparkTimelinePane *add_pane(UnparkTimelineView *self, UnparkSession *session) {
  UnparkTimelinePane *pane = unpark_timeline_pane_new(session);
  GtkEventController *focus = gtk_event_controller_focus_new();
  g_ptr_array_add(self->panes, pane);
  gtk_box_append(GTK_BOX(self->lanes), pane->group);
  gtk_widget_set_size_request(pane->inspector, MIN_INSPECTOR_WIDTH, -1);
  g_signal_connect(focus, "enter", G_CALLBACK(on_focus), self);
  gtk_widget_add_controller(pane->group, focus);
  attach_keys(pane, pane->group);
  attach_keys(pane, pane->inspector);
  attach_keys(pane, pane->overview);
  g_signal_connect(pane->timeline, "header-width-changed", G_CALLBACK(on_header_width), self);
  g_signal_connect(pane->timeline, "rows-changed", G_CALLBACK(on_pane_rows), self);
  g_signal_connect(pane->timeline, "hover-changed", G_CALLBACK(on_hover), self);
  g_signal_connect(session, "pick-changed", G_CALLBACK(unpark_timeline_view_on_pick), self);
  return pane;
}

/* Lanes of spans are above all others: a request passes the files below. */
static void update_spans(UnparkTimelineView *self, gboolean wanted) {
  if (wanted && !self->spans) {
    self->spans = unpark_timeline_pane_new_spans(self->session);
    unpark_timeline_pane_set_title(self->spans, _("Spans by Service"));
    g_signal_connect(self->spans->spans, "hover-changed", G_CALLBACK(on_span_hover), self);
    gtk_box_prepend(GTK_BOX(self->lanes), self->spans->group);
  } else if (!wanted && self->spans) {
    g_signal_handlers_disconnect_by_data(self->spans->spans, self);
    gtk_box_remove(GTK_BOX(self->lanes), self->spans->group);
    g_clear_pointer(&self->spans, unpark_timeline_pane_free);
  }
}

static void remove_pane(UnparkTimelineView *self, UnparkTimelinePane *pane) {
  g_signal_handlers_disconnect_by_data(pane->timeline, self);
  g_signal_handlers_disconnect_by_data(pane->session, self);
  gtk_box_remove(GTK_BOX(self->lanes), pane->group);
  g_ptr_array_remove(self->panes, pane);
}

static gboolean is_trace(UnparkSession *session) {
  UnparkStore *store = unpark_session_get_store(session);
  return store && unpark_store_source(store)->kind == UNPARK_SOURCE_TRACE;
}

static char *pane_title(UnparkTimelineView *self, UnparkSession *session) {
  UnparkSources *sources = unpark_session_get_sources(session);
  gint64 id = unpark_session_get_source(session);
  guint n = 0;
  const UnparkSourceEntry *entries = sources ? unpark_sources_entries(sources, &n) : NULL;
  if (n < 2 || id < 1 || id > n)
    return NULL;
  return g_strdup(entries[id - 1].path);
}

/* Those of files that were taken out. The document shows no timeline without a trace: the last one
 * stays meanwhile. */
static void drop_panes(UnparkTimelineView *self) {
  for (guint i = self->panes->len; self->together && i-- > 0;) {
    UnparkTimelinePane *pane = nth(self, i);
    if (self->panes->len < 2 || unpark_together_find(self->together, pane->session) >= 0)
      continue;
    if (self->at == pane)
      go_to_pane(self, nth(self, i > 0 ? 0 : 1));
    remove_pane(self, pane);
  }
}

/* The time scale is above the first lanes. */
static void update_ruler(UnparkTimelineView *self) {
  if (self->ruled == nth(self, 0))
    return;
  if (self->ruler)
    gtk_box_remove(GTK_BOX(self->head), self->ruler);
  self->ruled = nth(self, 0);
  self->ruler = unpark_ruler_new(self->ruled->session, unpark_timeline_view_nth(self, 0));
  gtk_widget_set_hexpand(self->ruler, TRUE);
  gtk_box_append(GTK_BOX(self->head), self->ruler);
}

/* Panes of the traces that are open now, in their order. */
static void update_panes(UnparkTimelineView *self) {
  guint n = self->together ? unpark_together_get_n(self->together) : 1;
  g_autoptr(GPtrArray) ordered = g_ptr_array_new();
  gboolean spans = FALSE;
  for (guint i = 0; self->together && i < n; i++)
    spans = spans || has_spans(unpark_together_get_session(self->together, i));
  update_spans(self, spans);
  GtkWidget *last = self->spans ? self->spans->group : NULL;
  for (guint i = 0; i < n; i++) {
    UnparkSession *session =
        self->together ? unpark_together_get_session(self->together, i) : self->session;
    UnparkTimelinePane *pane = find_pane(self, session);
    if (!pane && is_trace(session))
      pane = add_pane(self, session);
    if (!pane)
      continue;
    g_autofree char *title = pane_title(self, session);
    unpark_timeline_pane_set_title(pane, title);
    gtk_box_reorder_child_after(GTK_BOX(self->lanes), pane->group, last);
    last = pane->group;
    g_ptr_array_add(ordered, pane);
  }
  drop_panes(self);
  for (guint i = 0; i < ordered->len && ordered->len == self->panes->len; i++)
    self->panes->pdata[i] = ordered->pdata[i];
  update_ruler(self);
}

/* The first file gets company later. */
static void follow_together(UnparkTimelineView *self) {
  UnparkTogether *together = unpark_together_of(self->session);
  if (!together || together == self->together)
    return;
  self->together = g_object_ref(together);
  g_signal_connect_object(together, "current-changed", G_CALLBACK(on_current), self,
                          G_CONNECT_SWAPPED);
}

static void on_sources(UnparkTimelineView *self) {
  if (!self->box || !unpark_together_of(self->session))
    return;
  follow_together(self);
  update_panes(self);
  on_header_width(unpark_timeline_view_nth(self, 0), self);
}

/* ---- From first to last ------------------------------------------------------------------- */

static void fill(UnparkTimelineView *self) {
  follow_together(self);
  update_panes(self);
  on_current(self);
  if (!self->at)
    go_to_pane(self, nth(self, 0));
  gtk_drop_down_set_selected(GTK_DROP_DOWN(self->sort), unpark_timeline_get_sort(current(self)));
  unpark_timeline_view_add_looks(self);
  on_header_width(unpark_timeline_view_nth(self, 0), self);
}

static void connect(UnparkTimelineView *self) {
  g_signal_connect(self->sort, "notify::selected", G_CALLBACK(on_sort), self);
  unpark_timeline_view_place_inspector(self);
  g_signal_connect_object(self->session, "sources-changed", G_CALLBACK(on_sources), self,
                          G_CONNECT_SWAPPED);
}

static GtkWidget *create(UnparkSession *session) {
  UnparkTimelineView *self = g_object_new(UNPARK_TYPE_TIMELINE_VIEW, NULL);
  self->session = g_object_ref(session);
  fill(self);
  unpark_timeline_view_restore_inspector(self);
  connect(self);
  attach_keys(nth(self, 0), GTK_WIDGET(self));
  return GTK_WIDGET(self);
}

static gboolean applies(UnparkStore *store) {
  return unpark_store_source(store)->kind == UNPARK_SOURCE_TRACE;
}

static void export(GtkWidget *widget) {
  UnparkTimelineView *self = UNPARK_TIMELINE_VIEW(widget);
  unpark_timeline_export_run(current(self), self->ruler, self->at->session);
}

static void focus(GtkWidget *widget) {
  unpark_timeline_focus(current(UNPARK_TIMELINE_VIEW(widget)));
}

static void enter(GtkWidget *widget) {
  gtk_widget_grab_focus(UNPARK_TIMELINE_VIEW(widget)->at->timeline);
}

static void match(GtkWidget *widget, int direction) {
  unpark_timeline_next_match(current(UNPARK_TIMELINE_VIEW(widget)), direction);
}

const UnparkView unpark_timeline_view = {
    .name = "timeline",
    .title = N_("Timeline"),
    .icon = "view-list-symbolic",
    .together = TRUE,
    .applies = applies,
    .create = create,
    .export = export,
    .focus = focus,
    .enter = enter,
    .match = match,
};
