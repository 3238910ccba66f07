/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/shell/tab-names.h"

#include "ui/shell/document.h"

/* How many elements both end with alike. */
static guint common_end(char **a, char **b) {
  guint i = g_strv_length(a), k = g_strv_length(b), n = 0;
  while (i > 0 && k > 0 && g_str_equal(a[i - 1], b[k - 1])) {
    i--;
    k--;
    n++;
  }
  return n;
}

char *unpark_tab_names_folder(const char *path, const char *const *others) {
  g_auto(GStrv) mine = g_strsplit(path, G_DIR_SEPARATOR_S, -1);
  guint length = g_strv_length(mine), common = 0;
  for (guint i = 0; others[i]; i++) {
    g_auto(GStrv) other = g_strsplit(others[i], G_DIR_SEPARATOR_S, -1);
    if (!g_str_equal(others[i], path))
      common = MAX(common, common_end(mine, other));
  }
  if (common == 0 || length < 2)
    return NULL;
  /* One element more than is common, without the file's own name. */
  guint first = length > common ? length - common - 1 : 0;
  g_autofree char *last = mine[length - 1];
  mine[length - 1] = NULL;
  char *folder = g_strjoinv(G_DIR_SEPARATOR_S, mine + first);
  if (*folder)
    return folder;
  g_free(folder);
  return g_strdup(G_DIR_SEPARATOR_S);
}

/* NULL: it is a folder, which has its name. */
static UnparkDocument *nth(AdwTabView *tabs, int n) {
  GtkWidget *child = adw_tab_page_get_child(adw_tab_view_get_nth_page(tabs, n));
  return UNPARK_IS_DOCUMENT(child) ? UNPARK_DOCUMENT(child) : NULL;
}

void unpark_tab_names_update(AdwTabView *tabs) {
  g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
  for (int i = 0; i < adw_tab_view_get_n_pages(tabs); i++) {
    GFile *file = nth(tabs, i) ? unpark_document_get_file(nth(tabs, i)) : NULL;
    char *path = file ? g_file_get_parse_name(file) : NULL;
    g_ptr_array_add(paths, path ? path : g_strdup(""));
  }
  g_ptr_array_add(paths, NULL);
  for (int i = 0; i < adw_tab_view_get_n_pages(tabs); i++) {
    AdwTabPage *page = adw_tab_view_get_nth_page(tabs, i);
    const char *path = paths->pdata[i];
    if (!nth(tabs, i))
      continue;
    g_autofree char *folder = unpark_tab_names_folder(path, (const char *const *)paths->pdata);
    g_autofree char *title = unpark_document_dup_title(nth(tabs, i));
    g_autofree char *both = folder ? g_strdup_printf("%s (%s)", title, folder) : NULL;
    g_autofree char *tooltip = g_markup_escape_text(path, -1);
    adw_tab_page_set_title(page, both ? both : title);
    adw_tab_page_set_tooltip(page, tooltip);
  }
}
