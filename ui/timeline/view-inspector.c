/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inspector's place beside the lanes: whether it is shown, and how wide it is. */
#include "ui/kit/settings.h"
#include "ui/kit/text-cache.h"
#include "ui/timeline/view-private.h"

#define DEFAULT_INSPECTOR_WIDTH 340
/* Where the lanes would have less than so many characters, the inspector comes only when asked. */
#define LANES_CHARS 72

GtkWidget *unpark_timeline_view_inspector(UnparkTimelineView *self) {
  return gtk_paned_get_end_child(GTK_PANED(self->paned));
}

static void on_inspector_toggled(GtkToggleButton *button, UnparkTimelineView *self) {
  gboolean shown = gtk_toggle_button_get_active(button);
  if (unpark_timeline_view_inspector(self))
    gtk_widget_set_visible(unpark_timeline_view_inspector(self), shown);
  if (!self->folded)
    unpark_settings_set_bool("timeline.inspector", shown);
}

/* What the inspector is worth a place for: who only opens groups wants none beside them. */
static gboolean is_inspected(UnparkSession *session) {
  UnparkPickType type = unpark_session_get_pick(session)->type;
  return type != UNPARK_PICK_NONE && type != UNPARK_PICK_GROUP && type != UNPARK_PICK_TASKS;
}

static gboolean is_narrow(UnparkTimelineView *self) {
  GtkWidget *widget = GTK_WIDGET(self);
  return gtk_widget_get_width(widget) <
         DEFAULT_INSPECTOR_WIDTH + unpark_kit_digits_width(widget, LANES_CHARS);
}

static gboolean fold(GtkWidget *widget, GdkFrameClock *clock, gpointer data) {
  UnparkTimelineView *self = UNPARK_TIMELINE_VIEW(widget);
  gboolean folded = is_narrow(self);
  self->folding = 0;
  if (folded == self->folded || !self->at)
    return G_SOURCE_REMOVE;
  self->folded = folded;
  gboolean shown = folded ? is_inspected(self->at->session)
                          : unpark_settings_get_bool("timeline.inspector", TRUE);
  gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(self->inspector_button), shown);
  return G_SOURCE_REMOVE;
}

/* While the window is laid out, nothing may be shown or hidden: the next frame does. */
void unpark_timeline_view_fold(UnparkTimelineView *self) {
  if (self->folding == 0 && is_narrow(self) != self->folded)
    self->folding = gtk_widget_add_tick_callback(GTK_WIDGET(self), fold, NULL, NULL);
}

static void on_paned(UnparkTimelineView *self) {
  int width = gtk_widget_get_width(self->paned);
  if (width > 0 && self->wanted_width > 0) {
    int wanted = self->wanted_width;
    self->wanted_width = 0;
    gtk_paned_set_position(GTK_PANED(self->paned), width - wanted);
    return;
  }
  if (width > 0 && unpark_timeline_view_inspector(self) &&
      gtk_widget_get_visible(unpark_timeline_view_inspector(self)))
    unpark_settings_set_int("timeline.inspector-width",
                            width - gtk_paned_get_position(GTK_PANED(self->paned)));
}

void unpark_timeline_view_on_pick(UnparkSession *session, UnparkTimelineView *self) {
  GtkToggleButton *button = GTK_TOGGLE_BUTTON(self->inspector_button);
  if (is_inspected(session))
    gtk_toggle_button_set_active(button, TRUE);
  else if (self->folded && unpark_session_get_pick(session)->type == UNPARK_PICK_NONE)
    gtk_toggle_button_set_active(button, FALSE);
}

void unpark_timeline_view_restore_inspector(UnparkTimelineView *self) {
  gboolean shown = unpark_settings_get_bool("timeline.inspector", TRUE);
  int width = unpark_settings_get_int("timeline.inspector-width", DEFAULT_INSPECTOR_WIDTH);
  self->wanted_width = CLAMP(width, MIN_INSPECTOR_WIDTH, 900);
  gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(self->inspector_button), shown);
  gtk_widget_set_visible(self->at->inspector, shown);
}

void unpark_timeline_view_show_inspector(UnparkTimelineView *self, GtkWidget *inspector) {
  gboolean shown = gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(self->inspector_button));
  if (inspector == unpark_timeline_view_inspector(self))
    return;
  if (unpark_timeline_view_inspector(self))
    gtk_widget_set_visible(inspector, shown);
  gtk_paned_set_end_child(GTK_PANED(self->paned), inspector);
}

void unpark_timeline_view_place_inspector(UnparkTimelineView *self) {
  g_signal_connect(self->inspector_button, "toggled", G_CALLBACK(on_inspector_toggled), self);
  g_signal_connect_swapped(self->paned, "notify::position", G_CALLBACK(on_paned), self);
  g_signal_connect_swapped(self->paned, "notify::max-position", G_CALLBACK(on_paned), self);
}
