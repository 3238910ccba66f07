/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/kit/toast.h"

#include <glib/gi18n.h>

#include "model/base/printable.h"

#define UNDO_SECONDS 12

AdwToast *unpark_toast_new(const char *text) {
  g_autofree char *printable = unpark_printable_dup(text);
  g_autofree char *escaped = g_markup_escape_text(printable, -1);
  return adw_toast_new(escaped);
}

static void add(GtkWidget *widget, AdwToast *toast) {
  GtkWidget *overlay = gtk_widget_get_ancestor(widget, ADW_TYPE_TOAST_OVERLAY);
  /* The overlay takes a reference of its own. */
  if (overlay)
    adw_toast_overlay_add_toast(ADW_TOAST_OVERLAY(overlay), g_object_ref(toast));
}

void unpark_toast_show(GtkWidget *widget, const char *text) {
  g_autoptr(AdwToast) toast = unpark_toast_new(text);
  add(widget, toast);
}

AdwToast *unpark_toast_undo(GtkWidget *widget, const char *text) {
  AdwToast *toast = unpark_toast_new(text);
  adw_toast_set_button_label(toast, _("_Undo"));
  adw_toast_set_timeout(toast, UNDO_SECONDS);
  add(widget, toast);
  return toast;
}
