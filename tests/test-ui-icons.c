/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Icons: every name in the sources is an icon that the program or the toolkit itself brings, so
 * that none is missing on a machine whose icon theme is another, or none. */
#include <check.h>
#include <gtk/gtk.h>
#include <stdlib.h>

#include "ui/shell/views.h"
#include "tests/support.h"

#define OWN "/io/github/unpark/Unpark/icons"
#define TOOLKIT "/org/gtk/libgtk/icons"

/* The names of all icons below `path`, without what follows "-symbolic". Full paths of SVG files
 * go to `drawings` as well, if it is not NULL. */
static void add_icons(const char *path, GHashTable *names, GPtrArray *drawings) {
  g_auto(GStrv) children = g_resources_enumerate_children(path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  for (char **child = children; child && *child; child++) {
    g_autofree char *below = g_build_path("/", path, *child, NULL);
    if (g_str_has_suffix(*child, "/")) {
      add_icons(below, names, drawings);
      continue;
    }
    if (drawings && g_str_has_suffix(*child, ".svg"))
      g_ptr_array_add(drawings, g_strdup(below));
    const char *end = strstr(*child, "-symbolic");
    if (end)
      g_hash_table_add(names, g_strndup(*child, (gsize)(end - *child) + strlen("-symbolic")));
  }
}

/* Checks every "NAME-symbolic" of one file; returns how many there are. */
static guint check_file(const char *path, GHashTable *known) {
  g_autofree char *text = NULL;
  g_autoptr(GRegex) name = g_regex_new("[\">]([a-z0-9-]+-symbolic)[\"<]", 0, 0, NULL);
  g_autoptr(GMatchInfo) match = NULL;
  guint found = 0;

  ck_assert(g_file_get_contents(path, &text, NULL, NULL));
  g_regex_match(name, text, 0, &match);
  for (; g_match_info_matches(match); g_match_info_next(match, NULL), found++) {
    g_autofree char *icon = g_match_info_fetch(match, 1);
    ck_assert_msg(g_hash_table_contains(known, icon),
                  "%s: %s comes neither with the program nor with GTK", path, icon);
  }
  return found;
}

static guint check_folder(const char *path, GHashTable *known) {
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  guint found = 0;

  ck_assert_ptr_nonnull(dir);
  for (const char *entry; (entry = g_dir_read_name(dir));) {
    g_autofree char *below = g_build_filename(path, entry, NULL);
    if (g_file_test(below, G_FILE_TEST_IS_DIR))
      found += check_folder(below, known);
    else if (g_str_has_suffix(entry, ".c") || g_str_has_suffix(entry, ".ui"))
      found += check_file(below, known);
  }
  return found;
}

START_TEST(every_icon_is_at_hand) {
  g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  const char *folders[] = {"ui", "app", "resources"};
  guint found = 0;

  add_icons(OWN, known, NULL);
  add_icons(TOOLKIT, known, NULL);
  for (guint i = 0; i < G_N_ELEMENTS(folders); i++) {
    g_autofree char *path = g_build_filename(g_getenv("UNPARK_SOURCE_ROOT"), folders[i], NULL);
    found += check_folder(path, known);
  }
  ck_assert_uint_gt(found, 20);
  for (guint i = 0; unpark_views[i]; i++)
    ck_assert_msg(g_hash_table_contains(known, unpark_views[i]->icon), "%s", unpark_views[i]->icon);
  ck_assert(!g_hash_table_contains(known, "emblem-ok-symbolic"));
}
END_TEST

/* A machine without a loader for SVG shows a broken picture in place of each. */
START_TEST(own_icons_can_be_drawn) {
  g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GPtrArray) drawings = g_ptr_array_new_with_free_func(g_free);

  add_icons(OWN, names, drawings);
  ck_assert_uint_gt(drawings->len, 5);
  for (guint i = 0; i < drawings->len; i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GdkPixbuf) picture =
        gdk_pixbuf_new_from_resource_at_scale(drawings->pdata[i], 32, 32, TRUE, &error);
    gboolean seen = FALSE;

    ck_assert_msg(picture != NULL, "%s: %s", (char *)drawings->pdata[i],
                  error ? error->message : "?");
    ck_assert(gdk_pixbuf_get_has_alpha(picture));
    for (int y = 0; y < 32; y++)
      for (int x = 0; x < 32; x++)
        seen |=
            gdk_pixbuf_get_pixels(picture)[y * gdk_pixbuf_get_rowstride(picture) + x * 4 + 3] > 128;
    ck_assert_msg(seen, "%s is empty", (char *)drawings->pdata[i]);
  }
}
END_TEST

int main(void) {
  Suite *suite = suite_create("icons");
  TCase *tcase = tcase_create("icons");

  gtk_init();
  suite_add_tcase(suite, tcase);
  tcase_add_test(tcase, every_icon_is_at_hand);
  tcase_add_test(tcase, own_icons_can_be_drawn);
  return test_run_unforked(suite);
}
