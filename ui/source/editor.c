/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/source/editor.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ui/kit/settings.h"

#define KEY "source.editor"

const UnparkSourceEditor unpark_source_editors[] = {
    {N_("Default application"), ""},
    {"Visual Studio Code", "code --goto %f:%l"},
    {"VSCodium", "codium --goto %f:%l"},
    {"GoLand", "goland --line %l %f"},
    {"Zed", "zed %f:%l"},
    {"Sublime Text", "subl %f:%l"},
    {"Kate", "kate --line %l %f"},
    {"Emacs", "emacsclient -n +%l %f"},
    {"gVim", "gvim +%l %f"},
    {NULL, NULL},
};

char *unpark_source_editor_get_command(void) {
  return unpark_settings_get_string(KEY, "");
}

gboolean unpark_source_editor_set_command(const char *command, char **reason) {
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) words = *command ? unpark_source_editor_words(command, "/x.go", 1, &error) : NULL;
  if (error) {
    if (reason)
      *reason = g_strdup(error->message);
    return FALSE;
  }
  unpark_settings_set_string(KEY, command);
  return TRUE;
}

/* One word of a command. */
static char *replaced(const char *word, const char *path, guint line) {
  GString *out = g_string_new(NULL);
  for (const char *p = word; *p; p++)
    if (p[0] == '%' && p[1] == 'f')
      g_string_append(out, path), p++;
    else if (p[0] == '%' && p[1] == 'l')
      g_string_append_printf(out, "%u", line), p++;
    else if (p[0] == '%' && p[1] == '%')
      g_string_append_c(out, '%'), p++;
    else
      g_string_append_c(out, *p);
  return g_string_free(out, FALSE);
}

char **unpark_source_editor_words(const char *command, const char *path, guint line,
                                  GError **error) {
  g_auto(GStrv) words = NULL;
  if (!g_shell_parse_argv(command, NULL, &words, error))
    return NULL;
  if (!strstr(command, "%f")) {
    g_set_error_literal(error, G_SHELL_ERROR, G_SHELL_ERROR_FAILED,
                        _("The command has to name the file: %f"));
    return NULL;
  }
  for (guint i = 0; words[i]; i++) {
    char *word = replaced(words[i], path, MAX(line, 1));
    g_free(words[i]);
    words[i] = word;
  }
  return g_steal_pointer(&words);
}

gboolean unpark_source_editor_open(const char *command, const char *path, guint line,
                                   GError **error) {
  g_auto(GStrv) words = unpark_source_editor_words(command, path, line, error);
  return words && g_spawn_async(NULL, words, NULL,
                                G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL |
                                    G_SPAWN_STDERR_TO_DEV_NULL,
                                NULL, NULL, NULL, error);
}
