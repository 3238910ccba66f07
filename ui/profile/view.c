/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/profile/view.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ui/page/divider.h"
#include "ui/kit/accessible.h"
#include "ui/kit/data-table.h"
#include "ui/kit/profile-item.h"
#include "ui/profile/peek.h"
#include "ui/profile/private.h"
#include "ui/text/profile-format.h"

#define DEFAULT_TABLE_HEIGHT 400

G_DEFINE_FINAL_TYPE(UnparkProfileView, unpark_profile_view, UNPARK_TYPE_PAGE)

/* ---- What is shown ------------------------------------------------------------------------ */

guint32 *unpark_profile_view_rows(UnparkProfileView *self, guint *n) {
  GListModel *model = G_LIST_MODEL(self->selection);
  *n = g_list_model_get_n_items(model);
  guint32 *rows = g_new(guint32, (gsize)*n + 1);
  for (guint i = 0; i < *n; i++) {
    g_autoptr(UnparkProfileItem) item = g_list_model_get_item(model, i);
    rows[i] = unpark_profile_item_get_row(item);
  }
  return rows;
}

gboolean unpark_profile_view_selected(UnparkProfileView *self, guint32 *row) {
  UnparkProfileItem *item =
      gtk_single_selection_get_selected_item(GTK_SINGLE_SELECTION(self->selection));
  if (item)
    *row = unpark_profile_item_get_row(item);
  return item != NULL;
}

static const UnparkProfileType *chosen_type(UnparkProfileView *self) {
  guint i = gtk_drop_down_get_selected(GTK_DROP_DOWN(self->types));
  return self->summary && i < self->summary->n_types ? &self->summary->types[i] : NULL;
}

static const UnparkProfileInfo *chosen_profile(UnparkProfileView *self) {
  const UnparkProfileType *type = chosen_type(self);
  for (guint i = 0; self->summary && i < self->summary->n_profiles; i++)
    if (!type || self->summary->profiles[i].id == type->profile)
      return &self->summary->profiles[i];
  return NULL;
}

/* How many rows there are, and a sentence if there are none. */
static void update_shown(UnparkProfileView *self) {
  guint n = g_list_model_get_n_items(G_LIST_MODEL(self->selection));
  char shown[UNPARK_FORMAT_SIZE], all[UNPARK_FORMAT_SIZE];
  if (!self->data)
    return;
  unpark_format_count(n, shown);
  unpark_format_count(self->data->table->n_rows, all);
  g_autofree char *text = n == self->data->table->n_rows
                              ? g_strdup_printf(ngettext("%s function", "%s functions", n), all)
                              : g_strdup_printf(_("%s of %s functions"), shown, all);
  unpark_page_set_shown(&self->page, text);
  if (self->data->table->n_rows == 0)
    unpark_page_say(&self->page, _("No Samples"),
                    _("The profile has no samples with a value of this kind."));
  else if (n == 0)
    unpark_page_say(&self->page, _("Nothing Found"), _("No function or file name contains this."));
  else
    unpark_page_show_content(&self->page);
}

static void on_selected(UnparkProfileView *self) {
  guint32 row;
  if (self->data && unpark_profile_view_selected(self, &row))
    unpark_profile_peek_show(UNPARK_PROFILE_PEEK(self->peek), self->data->table, row,
                             self->data->unit);
  else
    unpark_profile_peek_show(UNPARK_PROFILE_PEEK(self->peek), NULL, 0, NULL);
}

static void select_first(UnparkProfileView *self) {
  if (g_list_model_get_n_items(G_LIST_MODEL(self->selection)) > 0) {
    gtk_single_selection_set_selected(GTK_SINGLE_SELECTION(self->selection), 0);
    gtk_widget_activate_action(self->table, "list.scroll-to-item", "u", 0);
  }
  on_selected(self);
}

/* ---- Filter ---------------------------------------------------------------------------------- */

static gboolean passes(gpointer item, gpointer user_data) {
  UnparkProfileView *self = user_data;
  const UnparkProfileData *data = unpark_profile_item_get_data(item);
  return unpark_profile_row_matches(&data->table->rows[unpark_profile_item_get_row(item)],
                                    self->words);
}

static void find(UnparkPage *page, const char *text) {
  UnparkProfileView *self = UNPARK_PROFILE_VIEW(page);
  g_autofree char *folded = g_utf8_casefold(text, -1);
  g_auto(GStrv) parts = g_strsplit(folded, " ", -1);
  GPtrArray *words = g_ptr_array_new();
  for (guint i = 0; parts[i]; i++)
    if (*parts[i])
      g_ptr_array_add(words, g_strdup(parts[i]));
  g_ptr_array_add(words, NULL);
  g_strfreev(self->words);
  self->words = (char **)g_ptr_array_free(words, FALSE);
  gtk_filter_changed(self->filter, GTK_FILTER_CHANGE_DIFFERENT);
}

/* A caller or callee: shown even if the filter hid it. */
static void on_peek_activated(UnparkProfilePeekPane *peek, guint row, UnparkProfileView *self) {
  for (guint attempt = 0; attempt < 2; attempt++) {
    GListModel *model = G_LIST_MODEL(self->selection);
    for (guint i = 0; i < g_list_model_get_n_items(model); i++) {
      g_autoptr(UnparkProfileItem) item = g_list_model_get_item(model, i);
      if (unpark_profile_item_get_row(item) != row)
        continue;
      gtk_single_selection_set_selected(GTK_SINGLE_SELECTION(self->selection), i);
      gtk_widget_activate_action(self->table, "list.scroll-to-item", "u", i);
      return;
    }
    gtk_editable_set_text(GTK_EDITABLE(self->page.search), "");
    find(&self->page, "");
  }
}

/* ---- Loading ---------------------------------------------------------------------------- */

typedef struct {
  UnparkStore *store;
  gint64 profile, index;
  char *type, *unit;
  GPtrArray *items; /* result, beside the data */
} Request;

static void request_free(gpointer data) {
  Request *request = data;
  unpark_store_unref(request->store);
  g_clear_pointer(&request->items, g_ptr_array_unref);
  g_free(request->type);
  g_free(request->unit);
  g_free(request);
}

static gpointer make_table(gpointer data, GCancellable *cancellable, GError **error) {
  Request *request = data;
  g_autoptr(UnparkProfileTable) table = unpark_profile_table_new(
      request->store, request->profile, request->index, cancellable, error);
  if (!table)
    return NULL;
  UnparkProfileData *result = unpark_profile_data_new(table, request->type, request->unit);
  request->items = unpark_profile_items_new(result, table->n_rows,
                                            (gpointer(*)(gpointer))unpark_profile_data_ref,
                                            (GDestroyNotify)unpark_profile_data_unref);
  return result;
}

static void show_facts(UnparkProfileView *self, const char *facts) {
  const UnparkProfileInfo *profile = chosen_profile(self);
  unpark_page_set_facts(&self->page, unpark_profile_kind_title(profile ? profile->kind : ""),
                        facts);
}

static void on_table(gpointer owner, gpointer data, gpointer result, const GError *error) {
  UnparkProfileView *self = owner;
  const Request *request = data;
  unpark_profile_data_unref(self->data);
  self->data = result;
  g_autofree char *facts =
      unpark_profile_facts(chosen_profile(self), self->data->table, self->data->unit);
  show_facts(self, facts);
  unpark_profile_store_replace(self->items, request->items);
  update_shown(self);
  select_first(self);
}

static void load_table(UnparkProfileView *self) {
  static const UnparkWork tabulating = {make_table, on_table, request_free,
                                        (GDestroyNotify)unpark_profile_data_unref};
  const UnparkProfileType *type = chosen_type(self);
  if (!type) {
    show_facts(self, "");
    unpark_page_say(&self->page, _("No Samples"), _("The profile does not say what it measured."));
    return;
  }
  show_facts(self, gtk_label_get_text(GTK_LABEL(self->page.facts)));
  Request *request = g_new(Request, 1);
  *request = (Request){unpark_store_ref(self->summary_store),
                       type->profile,
                       type->index,
                       g_strdup(type->type),
                       g_strdup(type->unit),
                       NULL};
  unpark_page_run(&self->page, &tabulating, request);
}

static void on_type(UnparkProfileView *self) {
  const UnparkProfileType *type = chosen_type(self);
  if (self->filling || !type)
    return;
  g_free(self->wanted_type);
  self->wanted_type = g_strdup(type->type);
  load_table(self);
}

static void fill_types(UnparkProfileView *self) {
  g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);
  guint chosen = 0;
  for (guint i = 0; i < self->summary->n_types; i++) {
    const UnparkProfileType *type = &self->summary->types[i];
    gtk_string_list_append(names, *type->type ? type->type : _("values"));
    if (g_strcmp0(type->type, self->wanted_type) == 0)
      chosen = i;
  }
  self->filling = TRUE;
  gtk_drop_down_set_model(GTK_DROP_DOWN(self->types), G_LIST_MODEL(names));
  if (self->summary->n_types > 0)
    gtk_drop_down_set_selected(GTK_DROP_DOWN(self->types), chosen);
  gtk_widget_set_visible(self->types, self->summary->n_types > 1);
  self->filling = FALSE;
}

static gpointer sum_up(gpointer store, GCancellable *cancellable, GError **error) {
  return unpark_profile_summary_new(store, cancellable, error);
}

static void on_summary(gpointer owner, gpointer data, gpointer result, const GError *error) {
  UnparkProfileView *self = owner;
  unpark_profile_summary_free(self->summary);
  g_clear_pointer(&self->summary_store, unpark_store_unref);
  self->summary = result;
  self->summary_store = unpark_store_ref(data);
  fill_types(self);
  load_table(self);
}

static void load(UnparkPage *page) {
  static const UnparkWork summing = {sum_up, on_summary, (GDestroyNotify)unpark_store_unref,
                                     (GDestroyNotify)unpark_profile_summary_free};
  unpark_page_run(page, &summing, unpark_store_ref(unpark_session_get_store(page->session)));
}

/* ---- Widget -------------------------------------------------------------------------------- */

static void copy(UnparkPage *page) {
  unpark_profile_copy(UNPARK_PROFILE_VIEW(page), FALSE);
}

static void on_copy_all(UnparkProfileView *self) {
  unpark_profile_copy(self, TRUE);
}

static void export(UnparkPage *page) {
  unpark_profile_save_csv(UNPARK_PROFILE_VIEW(page));
}

/* The table's activation: on to what is below it. */
static void on_activate(UnparkProfileView *self) {
  gtk_widget_child_focus(self->peek, GTK_DIR_TAB_FORWARD);
}

static void fill(UnparkProfileView *self) {
  self->items = g_list_store_new(UNPARK_TYPE_PROFILE_ITEM);
  self->filter = GTK_FILTER(gtk_custom_filter_new(passes, self, NULL));
  GtkFilterListModel *filtered = gtk_filter_list_model_new(g_object_ref(G_LIST_MODEL(self->items)),
                                                           g_object_ref(self->filter));
  self->selection = unpark_data_table_fill(self->table, unpark_profile_view_columns,
                                           G_LIST_MODEL(filtered), FALSE);
  g_signal_connect_object(self->selection, "notify::selected-item", G_CALLBACK(on_selected), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->selection, "items-changed", G_CALLBACK(update_shown), self,
                          G_CONNECT_SWAPPED);
}

static void unpark_profile_view_dispose(GObject *object) {
  unpark_worker_cancel(&UNPARK_PROFILE_VIEW(object)->copying);
  G_OBJECT_CLASS(unpark_profile_view_parent_class)->dispose(object);
}

static void unpark_profile_view_finalize(GObject *object) {
  UnparkProfileView *self = UNPARK_PROFILE_VIEW(object);
  g_clear_object(&self->selection);
  g_clear_object(&self->items);
  g_clear_object(&self->filter);
  g_clear_pointer(&self->summary, unpark_profile_summary_free);
  g_clear_pointer(&self->summary_store, unpark_store_unref);
  g_clear_pointer(&self->data, unpark_profile_data_unref);
  g_clear_pointer(&self->wanted_type, g_free);
  g_clear_pointer(&self->words, g_strfreev);
  G_OBJECT_CLASS(unpark_profile_view_parent_class)->finalize(object);
}

static void unpark_profile_view_class_init(UnparkProfileViewClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = unpark_profile_view_dispose;
  G_OBJECT_CLASS(class)->finalize = unpark_profile_view_finalize;
  class->parent_class.load = load;
  class->parent_class.copy = copy;
  class->parent_class.export = export;
  class->parent_class.find = find;
  g_type_ensure(UNPARK_TYPE_PROFILE_PEEK);
  unpark_page_class_set_template(class, "profile/view.ui");
  gtk_widget_class_bind_template_child(widget_class, UnparkProfileView, types);
  gtk_widget_class_bind_template_child(widget_class, UnparkProfileView, table);
  gtk_widget_class_bind_template_child(widget_class, UnparkProfileView, peek);
  gtk_widget_class_bind_template_child(widget_class, UnparkProfileView, paned);
  gtk_widget_class_bind_template_callback(widget_class, on_type);
  gtk_widget_class_bind_template_callback(widget_class, on_copy_all);
  gtk_widget_class_bind_template_callback(widget_class, unpark_profile_save_csv);
  gtk_widget_class_bind_template_callback(widget_class, on_activate);
  gtk_widget_class_bind_template_callback(widget_class, on_peek_activated);
}

static void unpark_profile_view_init(UnparkProfileView *self) {
  gtk_widget_init_template(GTK_WIDGET(self));
  fill(self);
  self->page.first = self->table;
  unpark_accessible_name(self->types, _("Sample type"));
  unpark_page_use_search(&self->page, _("Function or file"), _("Filter functions"));
  unpark_divider_remember(GTK_PANED(self->paned), "profile.table-height", DEFAULT_TABLE_HEIGHT);
  unpark_profile_peek_show(UNPARK_PROFILE_PEEK(self->peek), NULL, 0, NULL);
}

static GtkWidget *create(UnparkSession *session) {
  return unpark_page_new(UNPARK_TYPE_PROFILE_VIEW, session);
}

const UnparkView unpark_profile_view = {
    .name = "profile",
    .title = N_("Profile"),
    .icon = "view-list-symbolic",
    .applies = unpark_profile_exists,
    .create = create,
    .focus = unpark_page_focus,
    .search = unpark_page_get_search,
    .export = unpark_page_export,
};
