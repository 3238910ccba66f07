/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/reports/dump-columns.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ui/reports/dump-stack.h"
#include "ui/reports/dump-words.h"
#include "ui/text/format.h"
#include "ui/kit/palette.h"
#include "ui/kit/profile-bar.h"
#include "ui/text/profile-format.h"
#include "ui/kit/profile-item.h"
#include "ui/page/table-menu.h"

static const UnparkDumpGroup *group_of(UnparkProfileItem *item) {
  const UnparkDumpGroups *all = unpark_profile_item_get_data(item);
  return &all->groups[unpark_profile_item_get_row(item)];
}

/* ---- Cells --------------------------------------------------------------------------------- */

static void bind_count(GtkWidget *cell, UnparkProfileItem *item) {
  const UnparkDumpGroups *all = unpark_profile_item_get_data(item);
  const UnparkDumpGroup *group = group_of(item);
  char count[UNPARK_FORMAT_SIZE];
  double share = all->n_goroutines > 0 ? (double)group->count / (double)all->n_goroutines : 0;
  unpark_profile_cell_set_share(cell, share, unpark_format_count(group->count, count));
}

static GtkWidget *state_cell(void) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *swatch = unpark_profile_bar_new(), *label = unpark_profile_cell_text();
  GtkWidget *leak = gtk_label_new(_("Leak"));
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand(label, TRUE);
  gtk_widget_add_css_class(leak, "error");
  gtk_widget_set_tooltip_text(leak, _("Nothing can wake these goroutines."));
  gtk_box_append(GTK_BOX(box), swatch);
  gtk_box_append(GTK_BOX(box), label);
  gtk_box_append(GTK_BOX(box), leak);
  return box;
}

static void bind_state(GtkWidget *cell, UnparkProfileItem *item) {
  const UnparkDumpGroup *group = group_of(item);
  GtkWidget *swatch = gtk_widget_get_first_child(cell);
  unpark_profile_bar_set_class(UNPARK_PROFILE_BAR(swatch),
                               unpark_class_of(group->kind, group->wait));
  unpark_profile_cell_set_text(gtk_widget_get_next_sibling(swatch), unpark_dump_state(group),
                               unpark_dump_state(group));
  gtk_widget_set_visible(gtk_widget_get_last_child(cell), unpark_dump_is_leak(group));
}

static void bind_wait(GtkWidget *cell, UnparkProfileItem *item) {
  g_autofree char *wait = unpark_dump_wait(group_of(item)->wait_minutes);
  gtk_label_set_text(GTK_LABEL(cell), wait);
}

static void bind_function(GtkWidget *cell, UnparkProfileItem *item) {
  const UnparkDumpGroup *group = group_of(item);
  g_autofree char *place = unpark_dump_place(group->file, group->line);
  g_autofree char *text =
      *place ? g_strdup_printf("%s  %s", group->function, place) : g_strdup(group->function);
  unpark_profile_cell_set_text(cell, text, text);
  if (group->is_own)
    gtk_widget_remove_css_class(cell, "dim-label");
  else
    gtk_widget_add_css_class(cell, "dim-label");
}

static void bind_creator(GtkWidget *cell, UnparkProfileItem *item) {
  const char *creator = group_of(item)->creator_function;
  unpark_profile_cell_set_text(cell, creator, creator);
}

/* ---- Widths -------------------------------------------------------------------------------- */

/* Of the swatch, what is between, and the mark of a leak. */
#define STATE_REST 40
#define STATE_MOST 420

/* Many groups are in few states: each of those is laid out once. */
static int state_width(GtkWidget *view, const UnparkDumpGroups *groups) {
  g_autoptr(GHashTable) widths = g_hash_table_new(g_str_hash, g_str_equal);
  int width = 0, leak = unpark_profile_text_width(view, _("Leak")) + 12;
  for (guint i = 0; i < MIN(groups->n_groups, 2000); i++) {
    const UnparkDumpGroup *group = &groups->groups[i];
    const char *state = unpark_dump_state(group);
    gpointer own;
    if (!g_hash_table_lookup_extended(widths, state, NULL, &own)) {
      own = GINT_TO_POINTER(unpark_profile_text_width(view, state));
      g_hash_table_insert(widths, (gpointer)state, own);
    }
    width = MAX(width, GPOINTER_TO_INT(own) + (unpark_dump_is_leak(group) ? leak : 0));
  }
  return MIN(width + STATE_REST, STATE_MOST);
}

void unpark_dump_view_fit_columns(GtkColumnView *view, const UnparkDumpGroups *groups) {
  GListModel *columns = gtk_column_view_get_columns(view);
  gboolean waits = FALSE, creators = FALSE;
  for (guint i = 0; i < groups->n_groups; i++) {
    waits |= groups->groups[i].wait_minutes > 0;
    creators |= *groups->groups[i].creator_function != 0;
  }
  for (guint i = 0; i < g_list_model_get_n_items(columns); i++) {
    g_autoptr(GtkColumnViewColumn) column = g_list_model_get_item(columns, i);
    const char *name = unpark_profile_column_of(column)->name;
    if (g_str_equal(name, "wait"))
      unpark_profile_column_show(column, waits);
    else if (g_str_equal(name, "creator"))
      unpark_profile_column_show(column, creators);
    else if (g_str_equal(name, "state"))
      unpark_profile_column_fit(column, state_width(GTK_WIDGET(view), groups));
  }
}

/* ---- Order ----------------------------------------------------------------------------------- */

static int compare_count(UnparkProfileItem *a, UnparkProfileItem *b) {
  const UnparkDumpGroup *x = group_of(a), *y = group_of(b);
  int order = unpark_profile_compare_numbers(x->count, y->count);
  return order ? order : unpark_profile_compare_numbers(x->wait_minutes, y->wait_minutes);
}

static int compare_state(UnparkProfileItem *a, UnparkProfileItem *b) {
  return strcmp(group_of(a)->state, group_of(b)->state);
}

static int compare_wait(UnparkProfileItem *a, UnparkProfileItem *b) {
  return unpark_profile_compare_numbers(group_of(a)->wait_minutes, group_of(b)->wait_minutes);
}

static int compare_function(UnparkProfileItem *a, UnparkProfileItem *b) {
  return strcmp(group_of(a)->function, group_of(b)->function);
}

static int compare_creator(UnparkProfileItem *a, UnparkProfileItem *b) {
  return strcmp(group_of(a)->creator_function, group_of(b)->creator_function);
}

void unpark_dump_view_columns(GtkColumnView *view) {
  static const UnparkProfileColumn columns[] = {
      {"count", N_("Goroutines"), 130, unpark_profile_cell_share, bind_count, compare_count},
      {"state", N_("State"), 170, state_cell, bind_state, compare_state},
      {"wait", N_("Longest Wait"), 110, unpark_profile_cell_number, bind_wait, compare_wait},
      {"function", N_("Where"), 0, unpark_profile_cell_text, bind_function, compare_function},
      {"creator", N_("Created By"), 150, unpark_profile_cell_text, bind_creator, compare_creator},
  };
  unpark_profile_columns_add(view, "dump", columns, G_N_ELEMENTS(columns), "count");
  unpark_table_menu_attach(view, NULL);
}
