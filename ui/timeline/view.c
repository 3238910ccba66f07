/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/timeline/view.h"

#include <glib/gi18n.h>

#include "ui/kit/accessible.h"
#include "ui/timeline/bookmark-button.h"
#include "ui/session/chain-arrows.h"
#include "ui/chain/keys.h"
#include "ui/text/format.h"
#include "ui/inspector/inspector.h"
#include "ui/timeline/hover.h"
#include "ui/timeline/overview.h"
#include "ui/timeline/ruler.h"
#include "ui/kit/settings.h"
#include "ui/timeline/status-bar.h"
#include "ui/timeline/export.h"
#include "ui/timeline/timeline.h"

#define DEFAULT_INSPECTOR_WIDTH 340
#define MIN_INSPECTOR_WIDTH 240

#define UNPARK_TYPE_TIMELINE_VIEW (unpark_timeline_view_get_type())
G_DECLARE_FINAL_TYPE(UnparkTimelineView, unpark_timeline_view, UNPARK, TIMELINE_VIEW, GtkWidget)

struct _UnparkTimelineView {
  GtkWidget parent_instance;

  UnparkSession *session;
  GtkWidget *box, *top, *paned, *head, *corner, *sort, *lanes, *scrolled, *inspector_button;
  GtkWidget *ruler, *timeline, *inspector, *status, *bookmarks, *no_match;
  int wanted_width; /* of the inspector, until the pane has a size; then 0 */
};

G_DEFINE_FINAL_TYPE(UnparkTimelineView, unpark_timeline_view, GTK_TYPE_WIDGET)

static void update_corner(UnparkTimelineView *self) {
  int width = (int)unpark_timeline_get_header_width(UNPARK_TIMELINE(self->timeline));
  gtk_widget_set_size_request(self->corner, width, -1);
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
  UnparkTimeline *timeline = UNPARK_TIMELINE(self->timeline);
  const UnparkRows *rows = unpark_timeline_get_rows(timeline);
  const char *error = unpark_timeline_get_filter_error(timeline);
  const UnparkFilterResult *filtered = unpark_timeline_get_filtered(timeline);
  g_autofree char *remark = NULL;
  if (error)
    remark = g_strdup(error);
  else if (rows && filtered)
    remark = filter_remark(rows, filtered);
  gtk_widget_set_visible(self->no_match, !error && rows && filtered && rows->n_goroutines == 0);
  unpark_status_bar_set_remark(UNPARK_STATUS_BAR(self->status), remark);
  unpark_status_bar_set_filtered(UNPARK_STATUS_BAR(self->status), filtered);
}

static void on_clear_filter(UnparkTimelineView *self) {
  unpark_session_set_filter(self->session, "");
  gtk_widget_grab_focus(self->timeline);
}

static void on_sort(GtkDropDown *drop, GParamSpec *spec, UnparkTimelineView *self) {
  unpark_timeline_set_sort(UNPARK_TIMELINE(self->timeline),
                           (UnparkSort)gtk_drop_down_get_selected(drop));
}

static void on_expand(UnparkTimelineView *self) {
  unpark_timeline_set_all_open(UNPARK_TIMELINE(self->timeline), TRUE);
}

static void on_collapse(UnparkTimelineView *self) {
  unpark_timeline_set_all_open(UNPARK_TIMELINE(self->timeline), FALSE);
}

static void on_inspector_toggled(GtkToggleButton *button, UnparkTimelineView *self) {
  gboolean shown = gtk_toggle_button_get_active(button);
  gtk_widget_set_visible(self->inspector, shown);
  unpark_settings_set_bool("timeline.inspector", shown);
}

static void on_paned(UnparkTimelineView *self) {
  int width = gtk_widget_get_width(self->paned);
  if (width > 0 && self->wanted_width > 0) {
    int wanted = self->wanted_width;
    self->wanted_width = 0;
    gtk_paned_set_position(GTK_PANED(self->paned), width - wanted);
    return;
  }
  if (width > 0 && gtk_widget_get_visible(self->inspector))
    unpark_settings_set_int("timeline.inspector-width",
                            width - gtk_paned_get_position(GTK_PANED(self->paned)));
}

/* Who only opens groups wants no inspector beside them. */
static void on_pick(UnparkTimelineView *self) {
  UnparkPickType type = unpark_session_get_pick(self->session)->type;
  if (type != UNPARK_PICK_NONE && type != UNPARK_PICK_GROUP && type != UNPARK_PICK_TASKS)
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(self->inspector_button), TRUE);
}

/* ---- How lanes look ------------------------------------------------------------------- */

static void on_height(GSimpleAction *action, GVariant *value, gpointer data) {
  UnparkTimeline *timeline = UNPARK_TIMELINE(UNPARK_TIMELINE_VIEW(data)->timeline);
  UnparkLaneHeight height;
  gboolean regions, stacks;
  unpark_timeline_get_looks(timeline, &height, &regions, &stacks);
  g_simple_action_set_state(action, value);
  unpark_timeline_set_looks(timeline, (UnparkLaneHeight)g_variant_get_int32(value), regions,
                            stacks);
}

static void on_look(GSimpleAction *action, GVariant *value, gpointer data) {
  UnparkTimeline *timeline = UNPARK_TIMELINE(UNPARK_TIMELINE_VIEW(data)->timeline);
  gboolean is_regions = g_str_equal(g_action_get_name(G_ACTION(action)), "regions");
  UnparkLaneHeight height;
  gboolean regions, stacks, on = g_variant_get_boolean(value);
  unpark_timeline_get_looks(timeline, &height, &regions, &stacks);
  g_simple_action_set_state(action, value);
  unpark_timeline_set_looks(timeline, height, is_regions ? on : regions, is_regions ? stacks : on);
}

static void on_only_active(GSimpleAction *action, GVariant *value, gpointer data) {
  g_simple_action_set_state(action, value);
  unpark_timeline_set_only_active(UNPARK_TIMELINE(UNPARK_TIMELINE_VIEW(data)->timeline),
                                  g_variant_get_boolean(value));
}

static void on_hide_waiting(GSimpleAction *action, GVariant *value, gpointer data) {
  g_simple_action_set_state(action, value);
  unpark_timeline_set_hide_waiting(UNPARK_TIMELINE(UNPARK_TIMELINE_VIEW(data)->timeline),
                                   g_variant_get_boolean(value));
}

static void on_unpin(GSimpleAction *action, GVariant *value, gpointer data) {
  unpark_timeline_unpin_all(UNPARK_TIMELINE(UNPARK_TIMELINE_VIEW(data)->timeline));
}

static void add_look(GSimpleActionGroup *group, const char *name, const GVariantType *type,
                     GVariant *state, GCallback callback, UnparkTimelineView *self) {
  g_autoptr(GSimpleAction) action = g_simple_action_new_stateful(name, type, state);
  g_signal_connect(action, "change-state", callback, self);
  g_action_map_add_action(G_ACTION_MAP(group), G_ACTION(action));
}

static void add_looks(UnparkTimelineView *self) {
  g_autoptr(GSimpleActionGroup) group = g_simple_action_group_new();
  g_autoptr(GSimpleAction) unpin = g_simple_action_new("unpin-all", NULL);
  UnparkLaneHeight height;
  gboolean regions, stacks;
  unpark_timeline_get_looks(UNPARK_TIMELINE(self->timeline), &height, &regions, &stacks);
  add_look(group, "height", G_VARIANT_TYPE_INT32, g_variant_new_int32((int)height),
           G_CALLBACK(on_height), self);
  add_look(group, "regions", NULL, g_variant_new_boolean(regions), G_CALLBACK(on_look), self);
  add_look(group, "stacks", NULL, g_variant_new_boolean(stacks), G_CALLBACK(on_look), self);
  add_look(group, "active", NULL, g_variant_new_boolean(FALSE), G_CALLBACK(on_only_active), self);
  add_look(group, "hide-waiting", NULL,
           g_variant_new_boolean(unpark_timeline_get_hide_waiting(UNPARK_TIMELINE(self->timeline))),
           G_CALLBACK(on_hide_waiting), self);
  g_signal_connect(unpin, "activate", G_CALLBACK(on_unpin), self);
  g_action_map_add_action(G_ACTION_MAP(group), G_ACTION(unpin));
  gtk_widget_insert_action_group(GTK_WIDGET(self), "lanes", G_ACTION_GROUP(group));
}

static void restore(UnparkTimelineView *self) {
  gboolean shown = unpark_settings_get_bool("timeline.inspector", TRUE);
  int width = unpark_settings_get_int("timeline.inspector-width", DEFAULT_INSPECTOR_WIDTH);
  gtk_widget_set_size_request(self->inspector, MIN_INSPECTOR_WIDTH, -1);
  self->wanted_width = CLAMP(width, MIN_INSPECTOR_WIDTH, 900);
  gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(self->inspector_button), shown);
  gtk_widget_set_visible(self->inspector, shown);
}

static void unpark_timeline_view_dispose(GObject *object) {
  UnparkTimelineView *self = UNPARK_TIMELINE_VIEW(object);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_object(&self->session);
  G_OBJECT_CLASS(unpark_timeline_view_parent_class)->dispose(object);
}

static void on_step(GtkWidget *widget, const char *name, GVariant *parameter) {
  unpark_timeline_step(UNPARK_TIMELINE(UNPARK_TIMELINE_VIEW(widget)->timeline),
                       g_variant_get_int32(parameter));
}

static void on_copy_page(GtkWidget *widget, const char *name, GVariant *parameter) {
  unpark_inspector_copy(UNPARK_INSPECTOR(UNPARK_TIMELINE_VIEW(widget)->inspector));
}

static void on_why(GtkWidget *widget, const char *name, GVariant *parameter) {
  UnparkTimelineView *self = UNPARK_TIMELINE_VIEW(widget);
  gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(self->inspector_button), TRUE);
  unpark_inspector_show_why(UNPARK_INSPECTOR(self->inspector));
}

static void on_bookmark(GtkWidget *widget, const char *name, GVariant *parameter) {
  unpark_bookmark_button_ask(UNPARK_TIMELINE_VIEW(widget)->bookmarks);
}

static void unpark_timeline_view_class_init(UnparkTimelineViewClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = unpark_timeline_view_dispose;
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
  gtk_widget_class_bind_template_child(widget_class, UnparkTimelineView, scrolled);
  gtk_widget_class_bind_template_child(widget_class, UnparkTimelineView, inspector_button);
  gtk_widget_class_bind_template_child(widget_class, UnparkTimelineView, no_match);
  gtk_widget_class_bind_template_callback(widget_class, on_clear_filter);
  gtk_widget_class_bind_template_callback(widget_class, on_expand);
  gtk_widget_class_bind_template_callback(widget_class, on_collapse);
}

static void unpark_timeline_view_init(UnparkTimelineView *self) {
  gtk_widget_init_template(GTK_WIDGET(self));
  unpark_accessible_name(self->sort, _("Order of groups and lanes"));
  unpark_accessible_name(self->paned, _("Lanes and inspector"));
}

/* What looks at the session comes into the template's places. */
static void fill(UnparkTimelineView *self) {
  UnparkSession *session = self->session;
  UnparkTimeline *timeline;
  GtkWidget *overview = unpark_overview_new(session);
  self->timeline = unpark_timeline_new(session);
  timeline = UNPARK_TIMELINE(self->timeline);
  self->ruler = unpark_ruler_new(session, timeline);
  self->inspector = unpark_inspector_new(session);
  self->bookmarks = unpark_bookmark_button_new(session);
  self->status = unpark_status_bar_new(session);
  gtk_widget_set_hexpand(overview, TRUE);
  gtk_widget_set_hexpand(self->ruler, TRUE);
  gtk_widget_insert_before(overview, self->top, self->inspector_button);
  gtk_widget_insert_before(self->bookmarks, self->top, self->inspector_button);
  gtk_box_append(GTK_BOX(self->head), self->ruler);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(self->scrolled), self->timeline);
  gtk_overlay_add_overlay(GTK_OVERLAY(self->lanes), unpark_hover_new(timeline));
  gtk_paned_set_end_child(GTK_PANED(self->paned), self->inspector);
  gtk_box_append(GTK_BOX(self->box), self->status);
  gtk_drop_down_set_selected(GTK_DROP_DOWN(self->sort), unpark_timeline_get_sort(timeline));
  add_looks(self);
  update_corner(self);
}

static void connect(UnparkTimelineView *self) {
  g_signal_connect(self->sort, "notify::selected", G_CALLBACK(on_sort), self);
  g_signal_connect(self->inspector_button, "toggled", G_CALLBACK(on_inspector_toggled), self);
  g_signal_connect_swapped(self->paned, "notify::position", G_CALLBACK(on_paned), self);
  g_signal_connect_swapped(self->paned, "notify::max-position", G_CALLBACK(on_paned), self);
  g_signal_connect_swapped(self->timeline, "header-width-changed", G_CALLBACK(update_corner), self);
  g_signal_connect_swapped(self->timeline, "rows-changed", G_CALLBACK(on_rows_changed), self);
  g_signal_connect_object(self->session, "pick-changed", G_CALLBACK(on_pick), self,
                          G_CONNECT_SWAPPED);
}

static GtkWidget *create(UnparkSession *session) {
  UnparkTimelineView *self = g_object_new(UNPARK_TYPE_TIMELINE_VIEW, NULL);
  self->session = g_object_ref(session);
  fill(self);
  restore(self);
  connect(self);
  unpark_chain_keys_attach(GTK_WIDGET(self), session);
  unpark_bookmark_button_attach(self->bookmarks, GTK_WIDGET(self));
  unpark_arrows_attach(session);
  return GTK_WIDGET(self);
}

static gboolean applies(UnparkStore *store) {
  return unpark_store_source(store)->kind == UNPARK_SOURCE_TRACE;
}

static void export(GtkWidget *widget) {
  UnparkTimelineView *self = UNPARK_TIMELINE_VIEW(widget);
  unpark_timeline_export_run(UNPARK_TIMELINE(self->timeline), self->ruler, self->session);
}

static void focus(GtkWidget *widget) {
  unpark_timeline_focus(UNPARK_TIMELINE(UNPARK_TIMELINE_VIEW(widget)->timeline));
}

static void enter(GtkWidget *widget) {
  gtk_widget_grab_focus(UNPARK_TIMELINE_VIEW(widget)->timeline);
}

static void match(GtkWidget *widget, int direction) {
  unpark_timeline_next_match(UNPARK_TIMELINE(UNPARK_TIMELINE_VIEW(widget)->timeline), direction);
}

const UnparkView unpark_timeline_view = {
    .name = "timeline",
    .title = N_("Timeline"),
    .icon = "view-list-symbolic",
    .applies = applies,
    .create = create,
    .export = export,
    .focus = focus,
    .enter = enter,
    .match = match,
};
