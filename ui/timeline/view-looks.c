/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How lanes look: the actions of the menu beside the order. */
#include "ui/timeline/view-private.h"

static void on_height(GSimpleAction *action, GVariant *value, gpointer data) {
  UnparkTimelineView *self = data;
  UnparkLaneHeight height;
  gboolean regions, stacks;
  g_simple_action_set_state(action, value);
  for (guint i = 0; i < self->panes->len; i++) {
    unpark_timeline_get_looks(unpark_timeline_view_nth(self, i), &height, &regions, &stacks);
    unpark_timeline_set_looks(unpark_timeline_view_nth(self, i),
                              (UnparkLaneHeight)g_variant_get_int32(value), regions, stacks);
  }
}

static void on_look(GSimpleAction *action, GVariant *value, gpointer data) {
  UnparkTimelineView *self = data;
  gboolean is_regions = g_str_equal(g_action_get_name(G_ACTION(action)), "regions");
  UnparkLaneHeight height;
  gboolean regions, stacks, on = g_variant_get_boolean(value);
  g_simple_action_set_state(action, value);
  for (guint i = 0; i < self->panes->len; i++) {
    unpark_timeline_get_looks(unpark_timeline_view_nth(self, i), &height, &regions, &stacks);
    unpark_timeline_set_looks(unpark_timeline_view_nth(self, i), height, is_regions ? on : regions,
                              is_regions ? stacks : on);
  }
}

static void on_only_active(GSimpleAction *action, GVariant *value, gpointer data) {
  UnparkTimelineView *self = data;
  g_simple_action_set_state(action, value);
  for (guint i = 0; i < self->panes->len; i++)
    unpark_timeline_set_only_active(unpark_timeline_view_nth(self, i),
                                    g_variant_get_boolean(value));
}

static void on_hide_waiting(GSimpleAction *action, GVariant *value, gpointer data) {
  UnparkTimelineView *self = data;
  g_simple_action_set_state(action, value);
  for (guint i = 0; i < self->panes->len; i++)
    unpark_timeline_set_hide_waiting(unpark_timeline_view_nth(self, i),
                                     g_variant_get_boolean(value));
}

static void on_unpin(GSimpleAction *action, GVariant *value, gpointer data) {
  UnparkTimelineView *self = data;
  for (guint i = 0; i < self->panes->len; i++)
    unpark_timeline_unpin_all(unpark_timeline_view_nth(self, i));
}

static void add_look(GSimpleActionGroup *group, const char *name, const GVariantType *type,
                     GVariant *state, GCallback callback, UnparkTimelineView *self) {
  g_autoptr(GSimpleAction) action = g_simple_action_new_stateful(name, type, state);
  g_signal_connect(action, "change-state", callback, self);
  g_action_map_add_action(G_ACTION_MAP(group), G_ACTION(action));
}

void unpark_timeline_view_add_looks(UnparkTimelineView *self) {
  g_autoptr(GSimpleActionGroup) group = g_simple_action_group_new();
  g_autoptr(GSimpleAction) unpin = g_simple_action_new("unpin-all", NULL);
  UnparkLaneHeight height;
  gboolean regions, stacks;
  unpark_timeline_get_looks(UNPARK_TIMELINE(self->at->timeline), &height, &regions, &stacks);
  add_look(group, "height", G_VARIANT_TYPE_INT32, g_variant_new_int32((int)height),
           G_CALLBACK(on_height), self);
  add_look(group, "regions", NULL, g_variant_new_boolean(regions), G_CALLBACK(on_look), self);
  add_look(group, "stacks", NULL, g_variant_new_boolean(stacks), G_CALLBACK(on_look), self);
  add_look(group, "active", NULL, g_variant_new_boolean(FALSE), G_CALLBACK(on_only_active), self);
  add_look(
      group, "hide-waiting", NULL,
      g_variant_new_boolean(unpark_timeline_get_hide_waiting(UNPARK_TIMELINE(self->at->timeline))),
      G_CALLBACK(on_hide_waiting), self);
  g_signal_connect(unpin, "activate", G_CALLBACK(on_unpin), self);
  g_action_map_add_action(G_ACTION_MAP(group), G_ACTION(unpin));
  gtk_widget_insert_action_group(GTK_WIDGET(self), "lanes", G_ACTION_GROUP(group));
}
