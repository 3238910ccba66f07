/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/chain/keys.h"

static void step(GtkWidget *widget, UnparkSession *session, int direction) {
  if (!unpark_session_step_chain(session, direction))
    gtk_widget_error_bell(widget);
}

static gboolean on_previous(GtkWidget *widget, GVariant *arguments, gpointer session) {
  step(widget, session, -1);
  return GDK_EVENT_STOP;
}

static gboolean on_next(GtkWidget *widget, GVariant *arguments, gpointer session) {
  step(widget, session, 1);
  return GDK_EVENT_STOP;
}

static void add(GtkEventController *controller, guint key, GtkShortcutFunc func,
                UnparkSession *session) {
  gtk_shortcut_controller_add_shortcut(
      GTK_SHORTCUT_CONTROLLER(controller),
      gtk_shortcut_new(gtk_keyval_trigger_new(key, 0),
                       gtk_callback_action_new(func, g_object_ref(session), g_object_unref)));
}

void unpark_chain_keys_attach(GtkWidget *widget, UnparkSession *session) {
  GtkEventController *controller = gtk_shortcut_controller_new();
  add(controller, GDK_KEY_bracketleft, on_previous, session);
  add(controller, GDK_KEY_bracketright, on_next, session);
  gtk_widget_add_controller(widget, controller);
}
