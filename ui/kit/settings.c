/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/kit/settings.h"

#include <gio/gio.h>
#include <string.h>

#define SAVE_DELAY_MS 800

static GKeyFile *file;
static guint save_source;

static char *settings_path(void) {
  return g_build_filename(g_get_user_config_dir(), "unpark", "settings.ini", NULL);
}

static GKeyFile *settings(void) {
  if (!file) {
    g_autofree char *path = settings_path();
    g_autoptr(GError) error = NULL;
    file = g_key_file_new();
    if (!g_key_file_load_from_file(file, path, G_KEY_FILE_KEEP_COMMENTS, &error) &&
        !g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
      g_warning("Settings in %s cannot be read: %s", path, error->message);
  }
  return file;
}

void unpark_settings_save(void) {
  g_autofree char *path = settings_path();
  g_autofree char *folder = g_path_get_dirname(path);
  g_autoptr(GError) error = NULL;
  if (save_source == 0)
    return;
  g_clear_handle_id(&save_source, g_source_remove);
  if (g_mkdir_with_parents(folder, 0700) != 0)
    g_warning("Settings folder %s cannot be made: %s", folder, g_strerror(errno));
  else if (!g_key_file_save_to_file(settings(), path, &error))
    g_warning("Settings cannot be saved: %s", error->message);
}

static gboolean save_later(gpointer data) {
  unpark_settings_save();
  return G_SOURCE_REMOVE;
}

static void changed(void) {
  if (save_source == 0)
    save_source = g_timeout_add(SAVE_DELAY_MS, save_later, NULL);
}

/* Splits "group.name"; free with g_strfreev(). */
static char **split(const char *key) {
  char **parts = g_strsplit(key, ".", 2);
  g_assert(parts[0] && parts[1]);
  return parts;
}

int unpark_settings_get_int(const char *key, int fallback) {
  g_auto(GStrv) parts = split(key);
  g_autoptr(GError) error = NULL;
  int value = g_key_file_get_integer(settings(), parts[0], parts[1], &error);
  return error ? fallback : value;
}

void unpark_settings_set_int(const char *key, int value) {
  g_auto(GStrv) parts = split(key);
  if (unpark_settings_get_int(key, value ^ 1) == value)
    return;
  g_key_file_set_integer(settings(), parts[0], parts[1], value);
  changed();
}

gboolean unpark_settings_get_bool(const char *key, gboolean fallback) {
  return unpark_settings_get_int(key, fallback ? 1 : 0) != 0;
}

void unpark_settings_set_bool(const char *key, gboolean value) {
  unpark_settings_set_int(key, value ? 1 : 0);
}

char *unpark_settings_get_string(const char *key, const char *fallback) {
  g_auto(GStrv) parts = split(key);
  char *value = g_key_file_get_string(settings(), parts[0], parts[1], NULL);
  return value ? value : g_strdup(fallback);
}

void unpark_settings_set_string(const char *key, const char *value) {
  g_auto(GStrv) parts = split(key);
  g_autofree char *before = unpark_settings_get_string(key, NULL);
  if (g_strcmp0(before, value) == 0)
    return;
  g_key_file_set_string(settings(), parts[0], parts[1], value);
  changed();
}

char **unpark_settings_get_strings(const char *key) {
  g_auto(GStrv) parts = split(key);
  char **values = g_key_file_get_string_list(settings(), parts[0], parts[1], NULL, NULL);
  return values ? values : g_new0(char *, 1);
}

void unpark_settings_set_strings(const char *key, const char *const *values) {
  g_auto(GStrv) parts = split(key);
  g_auto(GStrv) before = unpark_settings_get_strings(key);
  if (g_strv_equal((const char *const *)before, values))
    return;
  if (*values)
    g_key_file_set_string_list(settings(), parts[0], parts[1], values,
                               g_strv_length((char **)values));
  else
    g_key_file_remove_key(settings(), parts[0], parts[1], NULL);
  changed();
}
