/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/sql/view.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "model/export/export.h"
#include "model/sql/schema.h"
#include "ui/kit/accessible.h"
#include "ui/kit/profile-item.h"
#include "ui/kit/save-text.h"
#include "ui/kit/settings.h"
#include "ui/page/divider.h"
#include "ui/page/page.h"
#include "ui/sql/table.h"
#include "ui/text/format.h"

#define DEFAULT_EDITOR_HEIGHT 180

#define UNPARK_TYPE_SQL_PAGE (unpark_sql_page_get_type())
G_DECLARE_FINAL_TYPE(UnparkSqlPage, unpark_sql_page, UNPARK, SQL_PAGE, UnparkPage)

struct _UnparkSqlPage {
  UnparkPage page;

  UnparkWorker running;
  UnparkSqlResult *result;
  char *shown_sql; /* whose result it is */

  GtkWidget *editor, *names, *run, *stop, *copy, *save, *paned, *bin, *table;
};

G_DEFINE_FINAL_TYPE(UnparkSqlPage, unpark_sql_page, UNPARK_TYPE_PAGE)

/* ---- Running ---------------------------------------------------------------------------- */

typedef struct {
  UnparkStore *store;
  char *sql;
} Request;

static void request_free(gpointer data) {
  Request *request = data;
  unpark_store_unref(request->store);
  g_free(request->sql);
  g_free(request);
}

static gpointer ask(gpointer data, GCancellable *cancellable, GError **error) {
  Request *request = data;
  return unpark_sql_result_new(request->store, request->sql, cancellable, error);
}

static void set_running(UnparkSqlPage *self, gboolean running) {
  gtk_widget_set_visible(self->stop, running);
  gtk_widget_set_visible(self->run, !running);
  unpark_page_set_busy(&self->page, running);
}

static void show_message(UnparkSqlPage *self, const char *icon, const char *title,
                         const char *text) {
  adw_status_page_set_icon_name(ADW_STATUS_PAGE(self->page.empty), icon);
  unpark_page_say(&self->page, title, text);
  unpark_page_set_facts(&self->page, NULL, "");
}

/* Takes the result. */
static void show_result(UnparkSqlPage *self, UnparkSqlResult *result) {
  char rows[UNPARK_FORMAT_SIZE], took[UNPARK_FORMAT_SIZE];
  g_clear_pointer(&self->result, unpark_sql_result_unref);
  self->result = result;
  unpark_format_count(result->n_rows, rows);
  unpark_format_duration(result->took_us * 1000, took);
  g_autofree char *facts =
      result->truncated
          ? g_strdup_printf(_("the first %s rows, in %s"), rows, took)
          : g_strdup_printf(ngettext("%s row in %s", "%s rows in %s", result->n_rows), rows, took);
  unpark_sql_table_show(UNPARK_SQL_TABLE(self->table), result);
  gtk_widget_set_sensitive(self->copy, result->n_rows > 0);
  gtk_widget_set_sensitive(self->save, result->n_rows > 0);
  if (result->n_rows == 0)
    show_message(self, "edit-find-symbolic", _("No Rows"),
                 _("The query ran, but no rows matched."));
  else
    unpark_page_show_content(&self->page);
  unpark_page_set_facts(&self->page, NULL, facts);
}

static void on_done(gpointer owner, gpointer data, gpointer result, const GError *error) {
  set_running(owner, FALSE);
  if (result) {
    UnparkSqlPage *self = owner;
    g_free(self->shown_sql);
    self->shown_sql = g_strdup(((Request *)data)->sql);
    show_result(self, result);
  } else
    show_message(owner, "dialog-error-symbolic", _("The Query Cannot Be Run"), error->message);
}

static char *editor_text(UnparkSqlPage *self) {
  GtkTextBuffer *buffer = gtk_text_view_get_buffer(GTK_TEXT_VIEW(self->editor));
  GtkTextIter start, end;
  /* What is selected, as in other editors of SQL; else everything. */
  if (!gtk_text_buffer_get_selection_bounds(buffer, &start, &end))
    gtk_text_buffer_get_bounds(buffer, &start, &end);
  return gtk_text_buffer_get_text(buffer, &start, &end, FALSE);
}

static void run(UnparkSqlPage *self) {
  static const UnparkWork asking = {ask, on_done, request_free,
                                    (GDestroyNotify)unpark_sql_result_unref};
  UnparkStore *store = unpark_session_get_store(self->page.session);
  g_autofree char *sql = editor_text(self);
  if (!store || *g_strstrip(sql) == '\0')
    return;
  set_running(self, TRUE);
  unpark_settings_set_string("sql.last", sql);
  Request *request = g_new(Request, 1);
  *request = (Request){unpark_store_ref(store), g_steal_pointer(&sql)};
  unpark_worker_run(&self->running, self, &asking, request);
}

static void stop(UnparkSqlPage *self) {
  unpark_worker_cancel(&self->running);
  set_running(self, FALSE);
  show_message(self, "unpark-stop-symbolic", _("Stopped"), _("The query was stopped."));
}

/* ---- Copying and saving ----------------------------------------------------------------- */

static void copy(UnparkSqlPage *self) {
  if (!self->result)
    return;
  g_autofree char *text = unpark_sql_result_tsv(self->result);
  gtk_widget_activate_action(GTK_WIDGET(self), "win.copy", "s", text);
}

typedef struct {
  Request request; /* what the rows came from */
  UnparkSqlResult *result;
} Saving;

static void saving_free(gpointer data) {
  Saving *saving = data;
  unpark_store_unref(saving->request.store);
  g_free(saving->request.sql);
  unpark_sql_result_unref(saving->result);
  g_free(saving);
}

/* Parquet has all rows and their types, for which the query is run again; else CSV of the table. */
static gboolean write_rows(const char *path, gpointer data, GCancellable *cancellable,
                           GError **error) {
  Saving *saving = data;
  g_autofree char *lower = g_ascii_strdown(path, -1);
  if (g_str_has_suffix(lower, ".parquet"))
    return unpark_export_query_file(saving->request.store, saving->request.sql, path, cancellable,
                                    error);
  g_autofree char *text = unpark_sql_result_csv(saving->result);
  return g_file_set_contents(path, text, -1, error);
}

static void export(UnparkPage *page) {
  UnparkSqlPage *self = UNPARK_SQL_PAGE(page);
  UnparkStore *store = unpark_session_get_store(page->session);
  if (!self->result || !self->shown_sql || !store) {
    gtk_widget_activate_action(GTK_WIDGET(self), "win.toast", "s", _("No rows to save"));
    return;
  }
  Saving *saving = g_new(Saving, 1);
  *saving = (Saving){{unpark_store_ref(store), g_strdup(self->shown_sql)},
                     unpark_sql_result_ref(self->result)};
  unpark_save_file(GTK_WIDGET(self), _("Save the Rows (.csv or .parquet)"), "query.csv", write_rows,
                   saving, saving_free);
}

/* ---- Tables and examples ------------------------------------------------------------------- */

static void set_text(UnparkSqlPage *self, const char *sql) {
  GtkTextBuffer *buffer = gtk_text_view_get_buffer(GTK_TEXT_VIEW(self->editor));
  GtkTextIter start, end;
  /* One step that Ctrl+Z takes back. */
  gtk_text_buffer_begin_user_action(buffer);
  gtk_text_buffer_get_bounds(buffer, &start, &end);
  gtk_text_buffer_delete(buffer, &start, &end);
  gtk_text_buffer_insert(buffer, &start, sql, -1);
  gtk_text_buffer_end_user_action(buffer);
}

static void on_example(GtkButton *button, const char *sql) {
  GtkWidget *view = gtk_widget_get_ancestor(GTK_WIDGET(button), UNPARK_TYPE_SQL_PAGE);
  set_text(UNPARK_SQL_PAGE(view), sql);
  run(UNPARK_SQL_PAGE(view));
}

static void on_name(GtkButton *button, const char *name) {
  GtkWidget *view = gtk_widget_get_ancestor(GTK_WIDGET(button), UNPARK_TYPE_SQL_PAGE);
  UnparkSqlPage *self = UNPARK_SQL_PAGE(view);
  GtkTextBuffer *buffer = gtk_text_view_get_buffer(GTK_TEXT_VIEW(self->editor));
  gtk_text_buffer_insert_interactive_at_cursor(buffer, name, -1, TRUE);
  gtk_widget_grab_focus(self->editor);
}

static GtkWidget *make_name(const char *name, const char *text, GCallback callback,
                            gconstpointer data) {
  GtkWidget *button = gtk_button_new();
  GtkWidget *label = unpark_profile_cell_text();
  gtk_label_set_text(GTK_LABEL(label), name);
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
  gtk_button_set_child(GTK_BUTTON(button), label);
  gtk_widget_set_tooltip_text(button, text);
  unpark_accessible_name(button, name);
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_add_css_class(button, "unpark-link");
  g_signal_connect(button, "clicked", callback, (gpointer)data);
  return button;
}

static GtkWidget *make_heading(const char *text) {
  GtkWidget *label = unpark_profile_cell_text();
  gtk_label_set_text(GTK_LABEL(label), text);
  gtk_widget_add_css_class(label, "heading");
  gtk_widget_set_margin_top(label, 9);
  return label;
}

static GtkWidget *make_columns(const UnparkSqlTableInfo *table) {
  GtkWidget *expander = gtk_expander_new(NULL);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  gtk_expander_set_label_widget(
      GTK_EXPANDER(expander),
      make_name(table->name, _("Insert the name of the table"), G_CALLBACK(on_name), table->name));
  gtk_widget_set_margin_start(box, 18);
  for (guint i = 0; table->columns[i]; i++)
    gtk_box_append(GTK_BOX(box),
                   make_name(table->columns[i], NULL, G_CALLBACK(on_name), table->columns[i]));
  gtk_expander_set_child(GTK_EXPANDER(expander), box);
  return expander;
}

static void fill_names(GtkBox *box, UnparkSourceKind kind) {
  guint n;
  const UnparkSqlExample *examples = unpark_sql_examples(&n);
  gtk_box_append(box, make_heading(_("Examples")));
  for (guint i = 0; i < n; i++)
    if (examples[i].kind == kind)
      gtk_box_append(box, make_name(_(examples[i].title), examples[i].sql, G_CALLBACK(on_example),
                                    examples[i].sql));
  const UnparkSqlTableInfo *tables = unpark_sql_tables(&n);
  gtk_box_append(box, make_heading(_("Tables")));
  for (guint i = 0; i < n; i++)
    if (tables[i].always || tables[i].kind == kind)
      gtk_box_append(box, make_columns(&tables[i]));
}

/* ---- Widget -------------------------------------------------------------------------------- */

/* Before the editor, which would begin a new line. */
static gboolean on_key(GtkEventControllerKey *key, guint keyval, guint code, GdkModifierType state,
                       UnparkSqlPage *self) {
  gboolean enter = keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter;
  if (!enter || !(state & GDK_CONTROL_MASK))
    return GDK_EVENT_PROPAGATE;
  run(self);
  return GDK_EVENT_STOP;
}

static void begin(UnparkPage *page) {
  UnparkSqlPage *self = UNPARK_SQL_PAGE(page);
  UnparkStore *store = unpark_session_get_store(page->session);
  fill_names(GTK_BOX(self->names), store ? unpark_store_source(store)->kind : UNPARK_SOURCE_TRACE);
  self->table = unpark_sql_table_new(page->session);
  adw_bin_set_child(ADW_BIN(self->bin), self->table);
  show_message(
      self, "unpark-sql-symbolic", _("Query with SQL"),
      _("Choose an example on the left or write a query, and run it with Ctrl+Enter. Queries only "
        "read. A row with a goroutine or a time can be shown on the timeline."));
  g_autofree char *last = unpark_settings_get_string("sql.last", "");
  set_text(self, last);
}

static void unpark_sql_page_dispose(GObject *object) {
  unpark_worker_cancel(&UNPARK_SQL_PAGE(object)->running);
  G_OBJECT_CLASS(unpark_sql_page_parent_class)->dispose(object);
}

static void unpark_sql_page_finalize(GObject *object) {
  g_clear_pointer(&UNPARK_SQL_PAGE(object)->result, unpark_sql_result_unref);
  g_free(UNPARK_SQL_PAGE(object)->shown_sql);
  G_OBJECT_CLASS(unpark_sql_page_parent_class)->finalize(object);
}

static void unpark_sql_page_class_init(UnparkSqlPageClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = unpark_sql_page_dispose;
  G_OBJECT_CLASS(class)->finalize = unpark_sql_page_finalize;
  class->parent_class.begin = begin;
  class->parent_class.export = export;
  unpark_page_class_set_template(class, "sql/view.ui");
  gtk_widget_class_bind_template_child(widget_class, UnparkSqlPage, editor);
  gtk_widget_class_bind_template_child(widget_class, UnparkSqlPage, names);
  gtk_widget_class_bind_template_child(widget_class, UnparkSqlPage, run);
  gtk_widget_class_bind_template_child(widget_class, UnparkSqlPage, stop);
  gtk_widget_class_bind_template_child(widget_class, UnparkSqlPage, copy);
  gtk_widget_class_bind_template_child(widget_class, UnparkSqlPage, save);
  gtk_widget_class_bind_template_child(widget_class, UnparkSqlPage, paned);
  gtk_widget_class_bind_template_child(widget_class, UnparkSqlPage, bin);
  gtk_widget_class_bind_template_callback(widget_class, on_key);
  gtk_widget_class_bind_template_callback(widget_class, run);
  gtk_widget_class_bind_template_callback(widget_class, stop);
  gtk_widget_class_bind_template_callback(widget_class, copy);
  gtk_widget_class_bind_template_callback(widget_class, export);
}

static void unpark_sql_page_init(UnparkSqlPage *self) {
  gtk_widget_init_template(GTK_WIDGET(self));
  gtk_paned_set_end_child(GTK_PANED(self->paned), self->page.box);
  g_object_unref(self->page.box); /* the frame took its place */
  self->page.first = self->editor;
  unpark_divider_remember(GTK_PANED(self->paned), "sql.editor-height", DEFAULT_EDITOR_HEIGHT);
}

static gboolean applies(UnparkStore *store) {
  return TRUE;
}

static GtkWidget *create(UnparkSession *session) {
  return unpark_page_new(UNPARK_TYPE_SQL_PAGE, session);
}

static GtkWidget *search(GtkWidget *widget) {
  return UNPARK_SQL_PAGE(widget)->editor;
}

const UnparkView unpark_sql_view = {
    .name = "sql",
    .title = N_("SQL"),
    .icon = "unpark-sql-symbolic",
    .applies = applies,
    .create = create,
    .focus = unpark_page_focus,
    .search = search,
    .export = unpark_page_export,
};
