/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where templates are: in the program, and in a folder of the user's. */
#include <glib/gi18n.h>
#include <string.h>

#include "model/base/error.h"
#include "model/template/template.h"

#define RESOURCES "/io/github/unpark/templates"
#define SUFFIX ".sql"
#define MAX_BYTES (1 << 20)

/* Of the generated source, which a static library would otherwise leave out. */
GResource *unpark_templates_get_resource(void);

/* "longest-waits.sql" without its end. Free with g_free(). */
static char *name_of(const char *file) {
  return g_str_has_suffix(file, SUFFIX) ? g_strndup(file, strlen(file) - strlen(SUFFIX))
                                        : g_strdup(file);
}

static char *folder(void) {
  return g_build_filename(g_get_user_data_dir(), "unpark", "templates", NULL);
}

static UnparkTemplate *read_resource(const char *file, GError **error) {
  g_autofree char *path = g_strconcat(RESOURCES "/", file, NULL);
  g_autofree char *name = name_of(file);
  g_autoptr(GBytes) bytes = g_resource_lookup_data(unpark_templates_get_resource(), path,
                                                   G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  if (!bytes)
    return NULL;
  g_autofree char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
  return unpark_template_parse(text, name, error);
}

static UnparkTemplate *read_file(const char *path, GError **error) {
  g_autofree char *base = g_path_get_basename(path);
  g_autofree char *display = g_filename_display_name(base);
  g_autofree char *name = name_of(display);
  g_autofree char *text = NULL;
  g_autoptr(GFile) file = g_file_new_for_path(path);
  g_autoptr(GFileInputStream) in = g_file_read(file, NULL, error);
  gsize size = 0;

  if (!in) {
    g_prefix_error(error, _("The template cannot be read: "));
    return NULL;
  }
  text = g_malloc(MAX_BYTES + 1);
  if (!g_input_stream_read_all(G_INPUT_STREAM(in), text, MAX_BYTES, &size, NULL, error))
    return NULL;
  text[size] = '\0';
  if (size == MAX_BYTES || memchr(text, '\0', size)) {
    g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_SQL, _("“%s” is not a template"), path);
    return NULL;
  }
  UnparkTemplate *template = unpark_template_parse(text, name, error);
  if (template)
    template->path = g_strdup(path);
  return template;
}

static int compare_texts(gconstpointer a, gconstpointer b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Takes `template`. */
static void add(GPtrArray *list, UnparkTemplate *template) {
  for (guint i = 0; i < list->len; i++) {
    const UnparkTemplate *other = list->pdata[i];

    if (strcmp(other->name, template->name) == 0) {
      g_ptr_array_remove_index(list, i);
      break;
    }
  }
  g_ptr_array_add(list, template);
}

static void add_own(GPtrArray *list, GPtrArray *complaints) {
  g_autofree char *path = folder();
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL); /* there need not be one */
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);

  for (const char *file; dir && (file = g_dir_read_name(dir));)
    if (g_str_has_suffix(file, SUFFIX))
      g_ptr_array_add(files, g_build_filename(path, file, NULL));
  g_ptr_array_sort(files, compare_texts);
  for (guint i = 0; i < files->len; i++) {
    g_autoptr(GError) error = NULL;
    UnparkTemplate *template = read_file(files->pdata[i], &error);

    if (template)
      add(list, template);
    else if (complaints)
      g_ptr_array_add(complaints, g_strdup(error->message));
  }
}

GPtrArray *unpark_template_list(GPtrArray *complaints) {
  GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify)unpark_template_unref);
  g_auto(GStrv) files = g_resource_enumerate_children(unpark_templates_get_resource(), RESOURCES,
                                                      G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  if (files)
    qsort(files, g_strv_length(files), sizeof *files, compare_texts);
  for (guint i = 0; files && files[i]; i++) {
    g_autoptr(GError) error = NULL;
    UnparkTemplate *template = read_resource(files[i], &error);

    if (template)
      add(list, template);
    else if (complaints)
      g_ptr_array_add(complaints, g_strdup(error->message));
  }
  add_own(list, complaints);
  return list;
}

UnparkTemplate *unpark_template_find(const char *name_or_path, GError **error) {
  if (strchr(name_or_path, G_DIR_SEPARATOR) || g_str_has_suffix(name_or_path, SUFFIX))
    return read_file(name_or_path, error);
  g_autoptr(GPtrArray) list = unpark_template_list(NULL);
  g_autofree char *own = folder();
  g_autofree char *file = g_strconcat(name_or_path, SUFFIX, NULL);
  g_autofree char *path = g_build_filename(own, file, NULL);

  for (guint i = 0; i < list->len; i++) {
    UnparkTemplate *template = list->pdata[i];

    if (strcmp(template->name, name_or_path) == 0)
      return unpark_template_ref(template);
  }
  if (g_file_test(path, G_FILE_TEST_EXISTS))
    return read_file(path, error);
  g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_SQL,
              _("Unknown template “%s”; “unpark-cli query --template list” lists them"),
              name_or_path);
  return NULL;
}
