/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/session/time-scope.h"

#include <glib/gi18n.h>

#include "ui/kit/accessible.h"

struct _UnparkTimeScope {
  GtkWidget parent_instance;
  UnparkSession *session;
  GtkWidget *choice;
};

G_DEFINE_FINAL_TYPE(UnparkTimeScope, unpark_time_scope, GTK_TYPE_WIDGET)

enum { EVERYTHING, SELECTED };
enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void tell(UnparkTimeScope *self) {
  g_signal_emit(self, signals[CHANGED], 0);
}

const char *unpark_time_scope_hint(void) {
  return _("To narrow this view to a time range, drag over the ruler of the timeline, or press T "
           "there");
}

static void on_time_selected(UnparkTimeScope *self) {
  gint64 from, to;
  gboolean selected = unpark_session_get_selected_time(self->session, &from, &to);
  guint before = gtk_drop_down_get_selected(GTK_DROP_DOWN(self->choice));
  guint wanted = selected ? SELECTED : EVERYTHING;
  gtk_widget_set_sensitive(self->choice, selected);
  gtk_widget_set_tooltip_text(self->choice, selected ? _("Time range") : unpark_time_scope_hint());
  if (before != wanted)
    gtk_drop_down_set_selected(GTK_DROP_DOWN(self->choice), wanted);
  else if (selected)
    tell(self);
}

static void unpark_time_scope_dispose(GObject *object) {
  UnparkTimeScope *self = UNPARK_TIME_SCOPE(object);
  g_clear_pointer(&self->choice, gtk_widget_unparent);
  g_clear_object(&self->session);
  G_OBJECT_CLASS(unpark_time_scope_parent_class)->dispose(object);
}

static void unpark_time_scope_class_init(UnparkTimeScopeClass *class) {
  G_OBJECT_CLASS(class)->dispose = unpark_time_scope_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
  signals[CHANGED] = g_signal_new("changed", UNPARK_TYPE_TIME_SCOPE, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
}

static void unpark_time_scope_init(UnparkTimeScope *self) {
  const char *const choices[] = {_("Everything"), _("Selected time"), NULL};
  self->choice = gtk_drop_down_new_from_strings(choices);
  unpark_accessible_name(self->choice, _("Time range"));
  gtk_widget_set_parent(self->choice, GTK_WIDGET(self));
}

GtkWidget *unpark_time_scope_new(UnparkSession *session) {
  UnparkTimeScope *self = g_object_new(UNPARK_TYPE_TIME_SCOPE, NULL);
  self->session = g_object_ref(session);
  on_time_selected(self);
  g_signal_connect_object(session, "selection-changed", G_CALLBACK(on_time_selected), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->choice, "notify::selected", G_CALLBACK(tell), self,
                          G_CONNECT_SWAPPED);
  return GTK_WIDGET(self);
}

void unpark_time_scope_get(UnparkTimeScope *self, gint64 *from_ns, gint64 *to_ns) {
  if (gtk_drop_down_get_selected(GTK_DROP_DOWN(self->choice)) == SELECTED &&
      unpark_session_get_selected_time(self->session, from_ns, to_ns))
    return;
  *from_ns = G_MININT64 + 1;
  *to_ns = G_MAXINT64;
}
