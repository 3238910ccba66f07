/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dialog that saves the timeline. */
#include "ui/timeline/export.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ui/text/format.h"
#include "ui/kit/compat.h"
#include "ui/kit/settings.h"
#include "ui/kit/worker.h"

static const char *const endings[UNPARK_N_EXPORTS] = {"svg", "pdf", "png", "csv"};

typedef struct {
  UnparkTimeline *timeline;
  GtkWidget *ruler;
  UnparkSession *session;
  GtkWidget *format, *title, *legend, *remark;
  UnparkExportFormat chosen;
  char *chosen_title;
  gboolean chosen_legend;
} Dialog;

static void dialog_free(gpointer data) {
  Dialog *d = data;
  g_object_unref(d->timeline);
  g_object_unref(d->ruler);
  g_object_unref(d->session);
  g_free(d->chosen_title);
  g_free(d);
}

static void say(UnparkTimeline *timeline, const char *text) {
  gtk_widget_activate_action(GTK_WIDGET(timeline), "win.toast", "s", text);
}

/* ---- Writing ----------------------------------------------------------------------- */

typedef struct {
  GFile *file;
  GBytes *bytes;      /* a picture; NULL: CSV */
  UnparkStore *store; /* of the CSV */
  GArray *goroutines;
  gint64 from_ns, to_ns;
} Order;

static void order_free(gpointer data) {
  Order *order = data;
  g_object_unref(order->file);
  g_clear_pointer(&order->bytes, g_bytes_unref);
  g_clear_pointer(&order->store, unpark_store_unref);
  g_clear_pointer(&order->goroutines, g_array_unref);
  g_free(order);
}

/* Gives what it was asked with. */
static gpointer write_file(gpointer data, GCancellable *cancellable, GError **error) {
  Order *order = data;
  if (!order->bytes) {
    char *csv = unpark_timeline_export_csv(
        order->store, (const gint64 *)(gconstpointer)order->goroutines->data,
        order->goroutines->len, order->from_ns, order->to_ns, cancellable, error);
    if (!csv)
      return NULL;
    order->bytes = g_bytes_new_take(csv, strlen(csv));
  }
  gboolean ok = g_file_replace_contents(order->file, g_bytes_get_data(order->bytes, NULL),
                                        g_bytes_get_size(order->bytes), NULL, FALSE,
                                        G_FILE_CREATE_NONE, NULL, cancellable, error);
  return ok ? order : NULL;
}

static void on_written(gpointer owner, gpointer data, gpointer result, const GError *error) {
  const Order *order = data;
  g_autofree char *path = g_file_get_parse_name(order->file);
  g_autofree char *text =
      error ? g_strdup_printf(_("%s could not be written: %s"), path, error->message)
            : g_strdup_printf(_("Saved %s"), path);
  say(owner, text);
}

static const UnparkWork writing = {write_file, on_written, order_free, NULL};

static GArray *lanes_on_screen(UnparkTimeline *timeline) {
  GArray *ids = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_autoptr(GHashTable) known = g_hash_table_new(g_int64_hash, g_int64_equal);
  UnparkScene scene = unpark_timeline_get_scene(timeline);
  for (guint p = 0; p < UNPARK_N_PANES; p++)
    for (guint i = scene.panes.pane[p].first; i < scene.panes.pane[p].end; i++) {
      UnparkRow *row = &scene.rows->rows[i];
      /* What is pinned may be on screen twice. */
      if (row->type == UNPARK_ROW_GOROUTINE && g_hash_table_add(known, &row->id))
        g_array_append_val(ids, row->id);
    }
  return ids;
}

static void save(const Dialog *d, GFile *file) {
  g_autoptr(GError) error = NULL;
  double from, to;
  Order *order = g_new0(Order, 1);
  order->file = g_object_ref(file);
  if (d->chosen == UNPARK_EXPORT_CSV) {
    unpark_session_get_visible(d->session, &from, &to);
    order->store = unpark_store_ref(unpark_timeline_get_rows(d->timeline)->store);
    order->goroutines = lanes_on_screen(d->timeline);
    order->from_ns = (gint64)MAX(from, (double)unpark_session_get_start(d->session));
    order->to_ns = (gint64)to;
  } else {
    order->bytes = unpark_timeline_export_picture(d->timeline, d->ruler, d->chosen_title,
                                                  d->chosen_legend, d->chosen, &error);
    if (!order->bytes) {
      g_autofree char *text =
          g_strdup_printf(_("The picture could not be made: %s"), error->message);
      say(d->timeline, text);
      order_free(order);
      return;
    }
  }
  unpark_worker_run_once(d->timeline, &writing, order);
}

/* ---- The dialog -------------------------------------------------------------------- */

static void on_file(GFile *file, gpointer data) {
  Dialog *d = data;
  if (file)
    save(d, file);
  dialog_free(d);
}

static char *source_name(const Dialog *d) {
  return g_path_get_basename(
      unpark_store_source(unpark_timeline_get_rows(d->timeline)->store)->path);
}

static void choose_file(Dialog *d) {
  GtkRoot *root = gtk_widget_get_root(GTK_WIDGET(d->timeline));
  g_autofree char *base = source_name(d);
  g_autofree char *name = g_strdup_printf("%s-timeline.%s", base, endings[d->chosen]);
  unpark_compat_save_file(GTK_WINDOW(root), _("Save the Timeline"), name, on_file, d);
}

static void on_response(GtkWidget *dialog, const char *response, Dialog *d) {
  if (!g_str_equal(response, "save")) {
    dialog_free(d);
    return;
  }
  d->chosen = (UnparkExportFormat)gtk_drop_down_get_selected(GTK_DROP_DOWN(d->format));
  d->chosen_title = g_strdup(gtk_editable_get_text(GTK_EDITABLE(d->title)));
  d->chosen_legend = gtk_check_button_get_active(GTK_CHECK_BUTTON(d->legend));
  unpark_settings_set_int("timeline.export-format", (int)d->chosen);
  unpark_settings_set_bool("timeline.export-legend", d->chosen_legend);
  choose_file(d);
}

static void on_format(GtkDropDown *drop, GParamSpec *spec, Dialog *d) {
  UnparkExportFormat format = (UnparkExportFormat)gtk_drop_down_get_selected(drop);
  g_autoptr(GArray) lanes = lanes_on_screen(d->timeline);
  gboolean csv = format == UNPARK_EXPORT_CSV;
  char count[UNPARK_FORMAT_SIZE];
  g_autofree char *text = NULL;
  gtk_widget_set_sensitive(d->title, !csv);
  gtk_widget_set_sensitive(d->legend, !csv);
  if (csv && lanes->len == 0)
    text = g_strdup(_("No single goroutine's lane is visible. Open a group first."));
  else if (csv)
    text = g_strdup_printf(ngettext("The spans of the %s visible goroutine lane.",
                                    "The spans of the %s visible goroutine lanes.", lanes->len),
                           unpark_format_count(lanes->len, count));
  else
    text = g_strdup(_("The visible lanes with the time scale."));
  gtk_label_set_text(GTK_LABEL(d->remark), text);
  unpark_compat_question_enable(GTK_WIDGET(drop), "save", !csv || lanes->len > 0);
}

static void add_line(GtkGrid *grid, int line, const char *name, GtkWidget *widget) {
  GtkWidget *label = gtk_label_new_with_mnemonic(name);
  gtk_label_set_xalign(GTK_LABEL(label), 1);
  gtk_label_set_mnemonic_widget(GTK_LABEL(label), widget);
  gtk_widget_add_css_class(label, "dim-label");
  gtk_widget_set_hexpand(widget, TRUE);
  gtk_grid_attach(grid, label, 0, line, 1, 1);
  gtk_grid_attach(grid, widget, 1, line, 1, 1);
}

static char *default_title(const Dialog *d) {
  char at[UNPARK_FORMAT_SIZE], length[UNPARK_FORMAT_SIZE];
  double from, to;
  g_autofree char *base = source_name(d);
  unpark_session_get_visible(d->session, &from, &to);
  from = MAX(from, (double)unpark_session_get_start(d->session));
  to = MIN(to, (double)unpark_session_get_end(d->session));
  unpark_format_time((gint64)from, (gint64)MAX((to - from) / 100, 1), at);
  unpark_format_duration((gint64)(to - from), length);
  /* Translators: file, duration, point in time. */
  return g_strdup_printf(_("%s: %s from %s"), base, length, at);
}

static GtkWidget *make_choices(Dialog *d) {
  const char *const formats[] = {_("SVG picture"), _("PDF picture"), _("PNG picture"),
                                 _("Spans as CSV"), NULL};
  GtkWidget *grid = gtk_grid_new();
  g_autofree char *title = default_title(d);
  gtk_grid_set_row_spacing(GTK_GRID(grid), 9);
  gtk_grid_set_column_spacing(GTK_GRID(grid), 12);
  d->format = gtk_drop_down_new_from_strings(formats);
  d->title = gtk_entry_new();
  d->legend = gtk_check_button_new_with_mnemonic(_("_Legend"));
  d->remark = gtk_label_new(NULL);
  gtk_editable_set_text(GTK_EDITABLE(d->title), title);
  gtk_editable_set_width_chars(GTK_EDITABLE(d->title), 34);
  gtk_entry_set_activates_default(GTK_ENTRY(d->title), TRUE);
  gtk_check_button_set_active(GTK_CHECK_BUTTON(d->legend),
                              unpark_settings_get_bool("timeline.export-legend", TRUE));
  gtk_label_set_wrap(GTK_LABEL(d->remark), TRUE);
  gtk_label_set_xalign(GTK_LABEL(d->remark), 0);
  gtk_widget_add_css_class(d->remark, "dim-label");
  add_line(GTK_GRID(grid), 0, _("_Format"), d->format);
  add_line(GTK_GRID(grid), 1, _("_Title"), d->title);
  gtk_grid_attach(GTK_GRID(grid), d->legend, 1, 2, 1, 1);
  gtk_grid_attach(GTK_GRID(grid), d->remark, 1, 3, 1, 1);
  return grid;
}

void unpark_timeline_export_run(UnparkTimeline *timeline, GtkWidget *ruler,
                                UnparkSession *session) {
  if (!unpark_timeline_get_rows(timeline)) {
    say(timeline, _("Nothing to save yet"));
    return;
  }
  Dialog *d = g_new0(Dialog, 1);
  d->timeline = g_object_ref(timeline);
  d->ruler = g_object_ref(ruler);
  d->session = g_object_ref(session);
  GtkWidget *dialog = unpark_compat_question_new(GTK_WIDGET(timeline), _("Export the Timeline"),
                                                 make_choices(d), "save", _("_Save…"));
  g_signal_connect(d->format, "notify::selected", G_CALLBACK(on_format), d);
  gtk_drop_down_set_selected(
      GTK_DROP_DOWN(d->format),
      (guint)CLAMP(unpark_settings_get_int("timeline.export-format", 0), 0, UNPARK_N_EXPORTS - 1));
  on_format(GTK_DROP_DOWN(d->format), NULL, d);
  g_signal_connect(dialog, "response", G_CALLBACK(on_response), d);
  unpark_compat_question_present(dialog, GTK_WIDGET(timeline), d->title);
}
