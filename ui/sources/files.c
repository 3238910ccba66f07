/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/sources/files.h"

#include "ui/kit/worker.h"
#include "ui/sources/session-file.h"

/* More files cannot be looked at side by side. */
#define MAX_FILES 64

static int by_name(gconstpointer a, gconstpointer b) {
  g_autofree char *x = g_file_get_basename(*(GFile *const *)a);
  g_autofree char *y = g_file_get_basename(*(GFile *const *)b);
  return g_strcmp0(x, y);
}

static void add_folder(GPtrArray *all, GFile *folder) {
  g_autoptr(GPtrArray) found = g_ptr_array_new();
  g_autoptr(GFileEnumerator) children = g_file_enumerate_children(
      folder,
      G_FILE_ATTRIBUTE_STANDARD_NAME "," G_FILE_ATTRIBUTE_STANDARD_TYPE
                                     "," G_FILE_ATTRIBUTE_STANDARD_IS_HIDDEN,
      G_FILE_QUERY_INFO_NONE, NULL, NULL);
  GFileInfo *info;
  GFile *child;
  while (children && g_file_enumerator_iterate(children, &info, &child, NULL, NULL) && info)
    if (g_file_info_get_file_type(info) == G_FILE_TYPE_REGULAR && !g_file_info_get_is_hidden(info))
      g_ptr_array_add(found, g_object_ref(child));
  g_ptr_array_sort(found, by_name);
  for (guint i = 0; i < found->len; i++) {
    if (all->len < MAX_FILES)
      g_ptr_array_add(all, found->pdata[i]);
    else
      g_object_unref(found->pdata[i]);
  }
}

typedef struct {
  GPtrArray *files;
  UnparkSourcesFound done;
  gpointer data;
} Finding;

static void finding_free(gpointer data) {
  g_ptr_array_unref(((Finding *)data)->files);
  g_free(data);
}

static gpointer find(gpointer data, GCancellable *cancellable, GError **error) {
  const Finding *finding = data;
  GPtrArray *all = g_ptr_array_new_with_free_func(g_object_unref);
  for (guint i = 0; i < finding->files->len; i++) {
    GFile *file = finding->files->pdata[i];
    if (g_file_query_file_type(file, G_FILE_QUERY_INFO_NONE, NULL) == G_FILE_TYPE_DIRECTORY) {
      add_folder(all, file);
    } else if (unpark_sources_session_is(file)) {
      g_autoptr(GPtrArray) named = unpark_sources_session_read(file, error);
      if (!named) {
        g_ptr_array_unref(all);
        return NULL;
      }
      for (guint k = 0; k < named->len && all->len < MAX_FILES; k++)
        g_ptr_array_add(all, g_object_ref(named->pdata[k]));
    } else if (all->len < MAX_FILES) {
      g_ptr_array_add(all, g_object_ref(file));
    }
  }
  return all;
}

static void on_found(gpointer owner, gpointer data, gpointer result, const GError *error) {
  g_autoptr(GPtrArray) all = result ? result : g_ptr_array_new();
  const Finding *finding = data;
  finding->done(all, error, finding->data);
}

void unpark_sources_find_files(GFile *const *files, guint n, UnparkSourcesFound done,
                               gpointer data) {
  static const UnparkWork work = {find, on_found, finding_free, (GDestroyNotify)g_ptr_array_unref};
  Finding *finding = g_new(Finding, 1);
  *finding = (Finding){g_ptr_array_new_with_free_func(g_object_unref), done, data};
  for (guint i = 0; i < n; i++)
    g_ptr_array_add(finding->files, g_object_ref(files[i]));
  unpark_worker_run_once(NULL, &work, finding);
}
