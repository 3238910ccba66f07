/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/record/watch-view.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <string.h>

#include "model/base/format.h"
#include "ui/kit/accessible.h"
#include "ui/kit/compat.h"
#include "ui/kit/data-table.h"
#include "ui/kit/profile-item.h"
#include "ui/kit/settings.h"
#include "ui/kit/toast.h"
#include "ui/record/watch-chart.h"
#include "ui/record/watch-columns.h"
#include "ui/record/watch-view-private.h"

#define EVERY "watch.every"
#define DEFAULT_EVERY_S 5

struct _UnparkWatchView {
  GtkWidget parent_instance;

  GtkWidget *box, *facts, *chart_box, *table_box, *stack, *every, *stop, *save;
  GtkWidget *chart, *table;
  GtkSelectionModel *selection;
  GListStore *rows;

  UnparkWatching *watching;
  UnparkWorker looking;
  guint timer; /* until the next look */
  gboolean stopped;
};

G_DEFINE_FINAL_TYPE(UnparkWatchView, unpark_watch_view, GTK_TYPE_WIDGET)

/* Handlers that the template names. */
void unpark_watch_view_toggle(UnparkWatchView *self);
void unpark_watch_view_every_chosen(UnparkWatchView *self);
void unpark_watch_view_save(UnparkWatchView *self);

/* ---- What is shown -------------------------------------------------------------------------- */

static const UnparkWatchRow *selected_row(UnparkWatchView *self) {
  GObject *item = gtk_single_selection_get_selected_item(GTK_SINGLE_SELECTION(self->selection));

  return item ? unpark_profile_item_get_data(UNPARK_PROFILE_ITEM(item)) : NULL;
}

static void on_selected(UnparkWatchView *self) {
  const UnparkWatchRow *row = selected_row(self);

  gtk_label_set_text(GTK_LABEL(self->stack), row ? row->stack : "");
}

/* The row of the same stack as before stays selected. */
static void fill(UnparkWatchView *self, const GPtrArray *rows) {
  const UnparkWatchRow *before = selected_row(self);
  g_autofree char *stack = before ? g_strconcat(before->state, before->stack, NULL) : NULL;
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func(g_object_unref);

  for (guint i = 0; i < rows->len; i++)
    g_ptr_array_add(items, unpark_profile_item_new(unpark_watch_row_ref(rows->pdata[i]), i,
                                                   (GDestroyNotify)unpark_watch_row_unref));
  unpark_profile_store_replace(self->rows, items);
  for (guint i = 0; stack && i < g_list_model_get_n_items(G_LIST_MODEL(self->selection)); i++) {
    g_autoptr(UnparkProfileItem) item = g_list_model_get_item(G_LIST_MODEL(self->selection), i);
    const UnparkWatchRow *row = unpark_profile_item_get_data(item);
    g_autofree char *own = g_strconcat(row->state, row->stack, NULL);
    if (g_str_equal(own, stack)) {
      gtk_selection_model_select_item(self->selection, i, TRUE);
      break;
    }
  }
  on_selected(self);
}

static void show_facts(UnparkWatchView *self, const GArray *samples) {
  const UnparkWatchSample *first = &g_array_index(samples, UnparkWatchSample, 0);
  const UnparkWatchSample *last = &g_array_index(samples, UnparkWatchSample, samples->len - 1);
  char looks[UNPARK_FORMAT_SIZE], count[UNPARK_FORMAT_SIZE], heap[UNPARK_FORMAT_SIZE],
      gcs[UNPARK_FORMAT_SIZE];
  g_autoptr(GString) text = g_string_new(NULL);

  g_string_append_printf(text, ngettext("%s sample", "%s samples", samples->len),
                         unpark_format_count(samples->len, looks));
  g_string_append_printf(text, _(" · %s goroutines (%+d)"),
                         unpark_format_count(last->goroutines, count),
                         (int)last->goroutines - (int)first->goroutines);
  if (last->heap_bytes >= 0)
    g_string_append_printf(text, _(" · heap %s"), unpark_format_bytes(last->heap_bytes, heap));
  if (last->gc_count >= 0)
    g_string_append_printf(text,
                           ngettext(" · %s collection", " · %s collections",
                                    (gulong)(last->gc_count - first->gc_count)),
                           unpark_format_count(last->gc_count - first->gc_count, gcs));
  gtk_label_set_text(GTK_LABEL(self->facts), text->str);
}

/* ---- Looking -------------------------------------------------------------------------------- */

static void look(UnparkWatchView *self);

static gboolean on_timer(gpointer data) {
  UnparkWatchView *self = data;

  self->timer = 0;
  look(self);
  return G_SOURCE_REMOVE;
}

static void look_later(UnparkWatchView *self) {
  g_clear_handle_id(&self->timer, g_source_remove);
  if (!self->stopped)
    self->timer = g_timeout_add_seconds(
        (guint)gtk_spin_button_get_value_as_int(GTK_SPIN_BUTTON(self->every)), on_timer, self);
}

static void set_stopped(UnparkWatchView *self, gboolean stopped) {
  self->stopped = stopped;
  gtk_button_set_label(GTK_BUTTON(self->stop), stopped ? _("_Go On") : _("_Stop"));
  unpark_accessible_name(self->stop, stopped ? _("Go On") : _("Stop"));
}

static void on_looked(gpointer owner, gpointer data, gpointer result, const GError *error) {
  UnparkWatchView *self = owner;
  UnparkWatchSeen *seen = result;

  if (!seen) {
    set_stopped(self, TRUE);
    gtk_label_set_text(GTK_LABEL(self->facts), error->message);
    return;
  }
  show_facts(self, seen->samples);
  unpark_watch_chart_show(self->chart, seen->samples);
  fill(self, seen->rows);
  gtk_widget_set_sensitive(self->save, TRUE);
  unpark_watch_seen_free(seen);
  look_later(self);
}

static void look(UnparkWatchView *self) {
  static const UnparkWork work = {unpark_watching_look, on_looked,
                                  (GDestroyNotify)unpark_watching_unref,
                                  (GDestroyNotify)unpark_watch_seen_free};

  unpark_worker_run(&self->looking, self, &work, unpark_watching_ref(self->watching));
}

void unpark_watch_view_toggle(UnparkWatchView *self) {
  set_stopped(self, !self->stopped);
  if (self->stopped)
    g_clear_handle_id(&self->timer, g_source_remove);
  else if (!unpark_worker_is_running(&self->looking))
    look(self);
}

void unpark_watch_view_every_chosen(UnparkWatchView *self) {
  unpark_settings_set_int(EVERY, gtk_spin_button_get_value_as_int(GTK_SPIN_BUTTON(self->every)));
  if (self->timer)
    look_later(self);
}

/* ---- Saving --------------------------------------------------------------------------------- */

static void on_saved(gpointer owner, gpointer data, gpointer result, const GError *error) {
  UnparkWatchView *self = owner;
  guint n = GPOINTER_TO_UINT(result);
  g_autofree char *text = error
                              ? g_strdup(error->message)
                              : g_strdup_printf(ngettext("%u dump saved", "%u dumps saved", n), n);

  if (self->box) /* the tab may have been closed */
    unpark_toast_show(GTK_WIDGET(self), text);
}

static void on_folder(GFile *file, gpointer data) {
  static const UnparkWork work = {.run = unpark_watching_save,
                                  .done = on_saved,
                                  .data_free = (GDestroyNotify)unpark_watch_saving_free};
  g_autoptr(UnparkWatchView) self = data;
  char *folder = file ? g_file_get_path(file) : NULL;

  if (!folder || !self->box) {
    g_free(folder);
    return;
  }
  UnparkWatchSaving *saving = g_new(UnparkWatchSaving, 1);
  *saving = (UnparkWatchSaving){unpark_watching_ref(self->watching), folder};
  unpark_worker_run_once(self, &work, saving);
}

/* No further look is begun while a person chooses. */
void unpark_watch_view_save(UnparkWatchView *self) {
  GtkRoot *root = gtk_widget_get_root(GTK_WIDGET(self));

  if (!self->stopped)
    unpark_watch_view_toggle(self);
  unpark_compat_open_folder(GTK_WINDOW(root), _("Save Dumps In"), on_folder, g_object_ref(self));
}

/* ---- Widget --------------------------------------------------------------------------------- */

void unpark_watch_view_stop(UnparkWatchView *self) {
  g_clear_handle_id(&self->timer, g_source_remove);
  unpark_worker_cancel(&self->looking);
  self->stopped = TRUE;
}

static void unpark_watch_view_dispose(GObject *object) {
  UnparkWatchView *self = UNPARK_WATCH_VIEW(object);

  unpark_watch_view_stop(self);
  self->box = NULL;
  for (GtkWidget *child; (child = gtk_widget_get_first_child(GTK_WIDGET(self)));)
    gtk_widget_unparent(child);
  g_clear_object(&self->selection);
  g_clear_object(&self->rows);
  g_clear_pointer(&self->watching, unpark_watching_unref);
  G_OBJECT_CLASS(unpark_watch_view_parent_class)->dispose(object);
}

static void unpark_watch_view_class_init(UnparkWatchViewClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

  G_OBJECT_CLASS(class)->dispose = unpark_watch_view_dispose;
  gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource(widget_class,
                                              "/io/github/unpark/Unpark/ui/record/watch-view.ui");
  gtk_widget_class_bind_template_child(widget_class, UnparkWatchView, box);
  gtk_widget_class_bind_template_child(widget_class, UnparkWatchView, facts);
  gtk_widget_class_bind_template_child(widget_class, UnparkWatchView, chart_box);
  gtk_widget_class_bind_template_child(widget_class, UnparkWatchView, table_box);
  gtk_widget_class_bind_template_child(widget_class, UnparkWatchView, stack);
  gtk_widget_class_bind_template_child(widget_class, UnparkWatchView, every);
  gtk_widget_class_bind_template_child(widget_class, UnparkWatchView, stop);
  gtk_widget_class_bind_template_child(widget_class, UnparkWatchView, save);
  gtk_widget_class_bind_template_callback(widget_class, unpark_watch_view_toggle);
  gtk_widget_class_bind_template_callback(widget_class, unpark_watch_view_every_chosen);
  gtk_widget_class_bind_template_callback(widget_class, unpark_watch_view_save);
}

static void unpark_watch_view_init(UnparkWatchView *self) {
  gtk_widget_init_template(GTK_WIDGET(self));
  self->rows = g_list_store_new(UNPARK_TYPE_PROFILE_ITEM);
  self->chart = unpark_watch_chart_new();
  gtk_box_append(GTK_BOX(self->chart_box), self->chart);
  GtkWidget *scroller = unpark_data_table_new(_("Stacks"), unpark_watch_columns_add,
                                              g_object_ref(G_LIST_MODEL(self->rows)), FALSE,
                                              &self->table, &self->selection);
  gtk_widget_set_vexpand(scroller, TRUE);
  gtk_box_append(GTK_BOX(self->table_box), scroller);
  gtk_spin_button_set_value(GTK_SPIN_BUTTON(self->every),
                            unpark_settings_get_int(EVERY, DEFAULT_EVERY_S));
  unpark_accessible_name(self->every, _("Seconds between two samples"));
  unpark_accessible_name(self->stop, _("Stop"));
  g_signal_connect_object(self->selection, "notify::selected", G_CALLBACK(on_selected), self,
                          G_CONNECT_SWAPPED);
}

GtkWidget *unpark_watch_view_new(UnparkWatching *watching) {
  UnparkWatchView *self = g_object_new(UNPARK_TYPE_WATCH_VIEW, NULL);

  self->watching = watching;
  look(self);
  return GTK_WIDGET(self);
}

char *unpark_watch_view_dup_title(UnparkWatchView *self) {
  return g_strdup_printf(_("Watching %s"), unpark_watching_title(self->watching));
}

void unpark_watch_view_enter(UnparkWatchView *self) {
  gtk_widget_grab_focus(self->table);
}
