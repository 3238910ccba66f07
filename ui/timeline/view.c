/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/timeline/view.h"

#include <glib/gi18n.h>

#include "ui/kit/accessible.h"
#include "ui/timeline/bookmark-button.h"
#include "ui/session/chain-arrows.h"
#include "ui/chain/keys.h"
#include "ui/text/format.h"
#include "ui/inspector/inspector.h"
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
  GtkWidget *box;
  GtkWidget *paned, *corner, *ruler, *timeline, *inspector, *status;
  GtkWidget *inspector_button, *bookmarks;
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
  unpark_status_bar_set_remark(UNPARK_STATUS_BAR(self->status), remark);
  unpark_status_bar_set_filtered(UNPARK_STATUS_BAR(self->status), filtered);
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
  if (type != UNPARK_PICK_NONE && type != UNPARK_PICK_GROUP)
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(self->inspector_button), TRUE);
}

static GtkWidget *icon_button(const char *icon, const char *tooltip, GCallback callback,
                              UnparkTimelineView *self) {
  GtkWidget *button = gtk_button_new_from_icon_name(icon);
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_set_tooltip_text(button, tooltip);
  unpark_accessible_name(button, tooltip);
  g_signal_connect_swapped(button, "clicked", callback, self);
  return button;
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
  g_signal_connect(unpin, "activate", G_CALLBACK(on_unpin), self);
  g_action_map_add_action(G_ACTION_MAP(group), G_ACTION(unpin));
  gtk_widget_insert_action_group(GTK_WIDGET(self), "lanes", G_ACTION_GROUP(group));
}

static GMenuModel *looks_menu(void) {
  GMenu *menu = g_menu_new();
  g_autoptr(GMenu) heights = g_menu_new();
  g_autoptr(GMenu) tracks = g_menu_new();
  g_autoptr(GMenu) pins = g_menu_new();
  g_menu_append(heights, _("Low Lanes"), "lanes.height(0)");
  g_menu_append(heights, _("Normal Lanes"), "lanes.height(1)");
  g_menu_append(heights, _("High Lanes"), "lanes.height(2)");
  g_menu_append(tracks, _("Regions Below Every Lane"), "lanes.regions");
  g_menu_append(tracks, _("Stacks Below Every Lane"), "lanes.stacks");
  g_menu_append(pins, _("Unpin All"), "lanes.unpin-all");
  g_menu_append_section(menu, NULL, G_MENU_MODEL(heights));
  g_menu_append_section(menu, NULL, G_MENU_MODEL(tracks));
  g_menu_append_section(menu, NULL, G_MENU_MODEL(pins));
  return G_MENU_MODEL(menu);
}

static GtkWidget *looks_button(void) {
  GtkWidget *button = gtk_menu_button_new();
  g_autoptr(GMenuModel) menu = looks_menu();
  gtk_menu_button_set_icon_name(GTK_MENU_BUTTON(button), "view-more-symbolic");
  gtk_menu_button_set_menu_model(GTK_MENU_BUTTON(button), menu);
  gtk_menu_button_set_has_frame(GTK_MENU_BUTTON(button), FALSE);
  gtk_widget_set_tooltip_text(button, _("Lane options"));
  unpark_accessible_name(button, _("Lane options"));
  return button;
}

static GtkWidget *make_corner(UnparkTimelineView *self) {
  const char *const sorts[] = {_("By name"),
                               _("By number"),
                               _("By time waiting"),
                               _("By time runnable"),
                               _("By longest wait"),
                               _("By creation"),
                               NULL};
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *drop = gtk_drop_down_new_from_strings(sorts);
  gtk_drop_down_set_selected(GTK_DROP_DOWN(drop),
                             unpark_timeline_get_sort(UNPARK_TIMELINE(self->timeline)));
  gtk_widget_set_tooltip_text(drop, _("Order of groups and lanes"));
  unpark_accessible_name(drop, _("Order of groups and lanes"));
  gtk_widget_set_hexpand(drop, TRUE);
  gtk_widget_add_css_class(drop, "flat");
  gtk_widget_add_css_class(drop, "unpark-sort");
  g_signal_connect(drop, "notify::selected", G_CALLBACK(on_sort), self);
  gtk_widget_add_css_class(box, "unpark-corner");
  gtk_box_append(GTK_BOX(box), drop);
  gtk_box_append(GTK_BOX(box), icon_button("list-add-symbolic", _("Open all groups"),
                                           G_CALLBACK(on_expand), self));
  gtk_box_append(GTK_BOX(box), icon_button("list-remove-symbolic", _("Close all groups"),
                                           G_CALLBACK(on_collapse), self));
  gtk_box_append(GTK_BOX(box), looks_button());
  return box;
}

static GtkWidget *make_lanes(UnparkTimelineView *self) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *top = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *scrolled = gtk_scrolled_window_new();
  GtkWidget *ruler = self->ruler = unpark_ruler_new(self->session, UNPARK_TIMELINE(self->timeline));
  self->corner = make_corner(self);
  gtk_widget_set_hexpand(self->corner, FALSE); /* its drop-down would pass its own on */
  gtk_widget_set_hexpand(ruler, TRUE);
  gtk_widget_set_valign(ruler, GTK_ALIGN_FILL);
  gtk_box_append(GTK_BOX(top), self->corner);
  gtk_box_append(GTK_BOX(top), ruler);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scrolled), GTK_POLICY_EXTERNAL,
                                 GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scrolled), self->timeline);
  gtk_widget_set_vexpand(scrolled, TRUE);
  gtk_box_append(GTK_BOX(box), top);
  gtk_box_append(GTK_BOX(box), scrolled);
  update_corner(self);
  return box;
}

static GtkWidget *make_top(UnparkTimelineView *self) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *overview = unpark_overview_new(self->session);
  self->inspector_button = gtk_toggle_button_new();
  gtk_button_set_icon_name(GTK_BUTTON(self->inspector_button), "unpark-sidebar-right-symbolic");
  gtk_widget_set_tooltip_text(self->inspector_button, _("Inspector"));
  unpark_accessible_name(self->inspector_button, _("Inspector"));
  gtk_widget_add_css_class(self->inspector_button, "flat");
  gtk_widget_set_valign(self->inspector_button, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand(overview, TRUE);
  gtk_box_append(GTK_BOX(box), overview);
  self->bookmarks = unpark_bookmark_button_new(self->session);
  gtk_box_append(GTK_BOX(box), self->bookmarks);
  gtk_box_append(GTK_BOX(box), self->inspector_button);
  gtk_widget_add_css_class(box, "unpark-overview");
  return box;
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

static void unpark_timeline_view_class_init(UnparkTimelineViewClass *class) {
  gtk_widget_class_install_action(GTK_WIDGET_CLASS(class), "timeline.step", "i", on_step);
  gtk_widget_class_install_action(GTK_WIDGET_CLASS(class), "timeline.copy-page", NULL,
                                  on_copy_page);
  G_OBJECT_CLASS(class)->dispose = unpark_timeline_view_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
}

static void unpark_timeline_view_init(UnparkTimelineView *self) {
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
}

static GtkWidget *create(UnparkSession *session) {
  UnparkTimelineView *self = g_object_new(UNPARK_TYPE_TIMELINE_VIEW, NULL);
  self->session = g_object_ref(session);
  self->timeline = unpark_timeline_new(session);
  self->inspector = unpark_inspector_new(session);
  add_looks(self);
  self->status = unpark_status_bar_new(session);
  self->paned = gtk_paned_new(GTK_ORIENTATION_HORIZONTAL);
  unpark_accessible_name(self->paned, _("Lanes and inspector"));
  gtk_paned_set_start_child(GTK_PANED(self->paned), make_lanes(self));
  gtk_paned_set_end_child(GTK_PANED(self->paned), self->inspector);
  gtk_paned_set_resize_end_child(GTK_PANED(self->paned), FALSE);
  gtk_paned_set_shrink_start_child(GTK_PANED(self->paned), FALSE);
  gtk_paned_set_shrink_end_child(GTK_PANED(self->paned), FALSE);
  gtk_box_append(GTK_BOX(self->box), make_top(self));
  gtk_box_append(GTK_BOX(self->box), self->paned);
  gtk_box_append(GTK_BOX(self->box), self->status);
  restore(self);
  g_signal_connect(self->inspector_button, "toggled", G_CALLBACK(on_inspector_toggled), self);
  g_signal_connect_swapped(self->paned, "notify::position", G_CALLBACK(on_paned), self);
  g_signal_connect_swapped(self->paned, "notify::max-position", G_CALLBACK(on_paned), self);
  g_signal_connect_swapped(self->timeline, "header-width-changed", G_CALLBACK(update_corner), self);
  g_signal_connect_swapped(self->timeline, "rows-changed", G_CALLBACK(on_rows_changed), self);
  g_signal_connect_object(session, "pick-changed", G_CALLBACK(on_pick), self, G_CONNECT_SWAPPED);
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
