/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/source/style.h"

#include <adwaita.h>

static void update(GtkSourceBuffer *buffer) {
  gboolean dark = adw_style_manager_get_dark(adw_style_manager_get_default());
  GtkSourceStyleSchemeManager *manager = gtk_source_style_scheme_manager_get_default();
  gtk_source_buffer_set_style_scheme(buffer, gtk_source_style_scheme_manager_get_scheme(
                                                 manager, dark ? "Adwaita-dark" : "Adwaita"));
}

void unpark_source_style_follow(GtkSourceBuffer *buffer, const char *language) {
  GtkSourceLanguageManager *languages = gtk_source_language_manager_get_default();
  gtk_source_buffer_set_language(buffer,
                                 gtk_source_language_manager_get_language(languages, language));
  g_signal_connect_object(adw_style_manager_get_default(), "notify::dark", G_CALLBACK(update),
                          buffer, G_CONNECT_SWAPPED);
  update(buffer);
}
