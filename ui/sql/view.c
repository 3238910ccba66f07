/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/sql/view.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "model/export/export.h"
#include "ui/kit/accessible.h"
#include "ui/page/fold-box.h"
#include "ui/kit/save-text.h"
#include "ui/kit/settings.h"
#include "ui/page/divider.h"
#include "ui/page/page.h"
#include "ui/sql/chart-pane.h"
#include "ui/sql/editor.h"
#include "ui/sql/history-button.h"
#include "ui/sql/history.h"
#include "ui/sql/names.h"
#include "ui/sql/table.h"
#include "ui/text/format.h"

#define DEFAULT_EDITOR_HEIGHT 180
#define TICK_MS 100

#define UNPARK_TYPE_SQL_PAGE (unpark_sql_page_get_type())
G_DECLARE_FINAL_TYPE(UnparkSqlPage, unpark_sql_page, UNPARK, SQL_PAGE, UnparkPage)

struct _UnparkSqlPage {
  UnparkPage page;

  UnparkWorker running;
  gint64 begun_us; /* when what runs began */
  guint ticking;   /* tells how long it has run */
  UnparkSqlResult *result;
  char *shown_sql; /* whose result it is */
  UnparkSqlWalk walk;

  GtkWidget *fold, *names, *editor, *paned;
  GtkWidget *run, *stop, *history, *readable, *charted, *copy, *save;
  GtkWidget *results, *table, *chart;
};

G_DEFINE_FINAL_TYPE(UnparkSqlPage, unpark_sql_page, UNPARK_TYPE_PAGE)

/* ---- Running ---------------------------------------------------------------------------- */

typedef struct {
  UnparkSources *sources;
  char *sql;
  guint from;   /* the character of the text at which it begins */
  int error_at; /* written by the worker */
} Request;

static void request_free(gpointer data) {
  Request *request = data;
  unpark_sources_unref(request->sources);
  g_free(request->sql);
  g_free(request);
}

static gpointer ask(gpointer data, GCancellable *cancellable, GError **error) {
  Request *request = data;
  return unpark_sql_result_new(request->sources, request->sql, &request->error_at, cancellable,
                               error);
}

static gboolean on_tick(gpointer data) {
  UnparkSqlPage *self = data;
  char took[UNPARK_FORMAT_SIZE];
  gint64 us = (g_get_monotonic_time() - self->begun_us) / (TICK_MS * 1000) * (TICK_MS * 1000);
  g_autofree char *facts =
      g_strdup_printf(_("running for %s"), unpark_format_duration(us * 1000, took));
  unpark_page_set_facts(&self->page, NULL, facts);
  return G_SOURCE_CONTINUE;
}

static void set_running(UnparkSqlPage *self, gboolean running) {
  g_clear_handle_id(&self->ticking, g_source_remove);
  if (running) {
    self->begun_us = g_get_monotonic_time();
    self->ticking = g_timeout_add(TICK_MS, on_tick, self);
  }
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

static gboolean is_charted(UnparkSqlPage *self) {
  return gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(self->charted));
}

/* The table, or the chart, which is filled when it is seen. */
static void show_rows(UnparkSqlPage *self) {
  gboolean charted = is_charted(self);
  if (charted)
    unpark_sql_chart_pane_show(UNPARK_SQL_CHART_PANE(self->chart), self->result);
  gtk_stack_set_visible_child(GTK_STACK(self->results), charted ? self->chart : self->table);
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
  show_rows(self);
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
  UnparkSqlPage *self = owner;
  const Request *request = data;
  set_running(self, FALSE);
  if (result) {
    g_free(self->shown_sql);
    self->shown_sql = g_strdup(request->sql);
    show_result(self, result);
    return;
  }
  show_message(self, "dialog-error-symbolic", _("The Query Cannot Be Run"), error->message);
  unpark_sql_editor_mark_error(UNPARK_SQL_EDITOR(self->editor), request->sql, request->from,
                               request->error_at, error->message);
}

static void run(UnparkSqlPage *self) {
  static const UnparkWork asking = {ask, on_done, request_free,
                                    (GDestroyNotify)unpark_sql_result_unref};
  UnparkSources *sources = unpark_session_get_sources(self->page.session);
  UnparkSqlEditor *editor = UNPARK_SQL_EDITOR(self->editor);
  guint from;
  g_autofree char *sql = unpark_sql_editor_query(editor, &from);
  g_autofree char *text = unpark_sql_editor_text(editor);
  unpark_sql_editor_hide_completion(editor);
  if (!sources || *sql == '\0')
    return;
  unpark_sql_editor_clear_error(editor);
  set_running(self, TRUE);
  unpark_settings_set_string("sql.last", text);
  unpark_sql_history_add(sql);
  unpark_sql_walk_end(&self->walk);
  Request *request = g_new(Request, 1);
  *request = (Request){unpark_sources_ref(sources), g_steal_pointer(&sql), from, -1};
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
  UnparkSources *sources;
  char *sql; /* of the rows */
  UnparkSqlResult *result;
} Saving;

static void saving_free(gpointer data) {
  Saving *saving = data;
  unpark_sources_unref(saving->sources);
  g_free(saving->sql);
  unpark_sql_result_unref(saving->result);
  g_free(saving);
}

/* Parquet has all rows and their types, for which the query is run again; else CSV of the table. */
static gboolean write_rows(const char *path, gpointer data, GCancellable *cancellable,
                           GError **error) {
  Saving *saving = data;
  if (unpark_save_is(path, ".parquet")) {
    UnparkQuery query = {0};
    /* That it is right is known: it was run. */
    g_autoptr(UnparkTemplateValues) values = unpark_sql_bind_template(saving->sql, &query, NULL);
    return unpark_export_query_file(saving->sources, saving->sql, &query, path, cancellable, error);
  }
  g_autofree char *text = unpark_sql_result_csv(saving->result);
  return g_file_set_contents(path, text, -1, error);
}

static void save(UnparkSqlPage *self) {
  UnparkSources *sources = unpark_session_get_sources(self->page.session);
  if (!self->result || !sources) {
    gtk_widget_activate_action(GTK_WIDGET(self), "win.toast", "s", _("No rows to save"));
    return;
  }
  Saving *saving = g_new(Saving, 1);
  *saving = (Saving){unpark_sources_ref(sources), g_strdup(self->shown_sql),
                     unpark_sql_result_ref(self->result)};
  unpark_save_file(GTK_WIDGET(self), _("Save the Rows (.csv or .parquet)"), "query.csv", write_rows,
                   saving, saving_free);
}

/* What is seen. */
static void export(UnparkPage *page) {
  UnparkSqlPage *self = UNPARK_SQL_PAGE(page);
  if (self->result && self->result->n_rows > 0 && is_charted(self))
    unpark_sql_chart_pane_save(UNPARK_SQL_CHART_PANE(self->chart));
  else
    save(self);
}

/* ---- What else the user does -------------------------------------------------------------- */

static void on_example(gpointer data, const char *sql) {
  UnparkSqlPage *self = data;
  unpark_fold_box_set_open(UNPARK_FOLD_BOX(self->fold), FALSE);
  unpark_sql_editor_set_text(UNPARK_SQL_EDITOR(self->editor), sql);
  run(self);
}

static void on_name(gpointer data, const char *name) {
  UnparkSqlPage *self = data;
  unpark_fold_box_set_open(UNPARK_FOLD_BOX(self->fold), FALSE);
  gtk_widget_grab_focus(self->editor);
  unpark_sql_editor_insert(UNPARK_SQL_EDITOR(self->editor), name);
}

static void on_earlier(gpointer data, const char *sql) {
  UnparkSqlPage *self = data;
  unpark_sql_walk_end(&self->walk);
  unpark_sql_editor_set_text(UNPARK_SQL_EDITOR(self->editor), sql);
  gtk_widget_grab_focus(self->editor);
}

static void walk(UnparkSqlPage *self, int direction) {
  g_autofree char *text = unpark_sql_editor_text(UNPARK_SQL_EDITOR(self->editor));
  g_autofree char *next = unpark_sql_walk_step(&self->walk, direction, text);
  if (next)
    unpark_sql_editor_set_text(UNPARK_SQL_EDITOR(self->editor), next);
}

static void on_readable(UnparkSqlPage *self) {
  gboolean readable = gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(self->readable));
  unpark_settings_set_bool("sql.readable", readable);
  unpark_sql_table_set_readable(UNPARK_SQL_TABLE(self->table), readable);
}

static void on_charted(UnparkSqlPage *self) {
  if (self->result)
    show_rows(self);
}

/* Before the editor, which would begin a new line. */
static gboolean on_key(GtkEventControllerKey *key, guint keyval, guint code, GdkModifierType state,
                       UnparkSqlPage *self) {
  gboolean control = (state & GDK_CONTROL_MASK) != 0;
  gboolean enter = keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter;
  if (enter && control)
    run(self);
  else if (keyval == GDK_KEY_Escape && unpark_worker_is_running(&self->running))
    stop(self);
  else if (control && (keyval == GDK_KEY_Up || keyval == GDK_KEY_Down) &&
           gtk_widget_has_focus(self->editor))
    walk(self, keyval == GDK_KEY_Up ? 1 : -1);
  else
    return GDK_EVENT_PROPAGATE;
  return GDK_EVENT_STOP;
}

/* After all others: a completion that is shown goes away first. */
static gboolean on_late_key(GtkEventControllerKey *key, guint keyval, guint code,
                            GdkModifierType state, UnparkSqlPage *self) {
  gboolean open;
  g_object_get(self->fold, "open", &open, NULL);
  if (keyval != GDK_KEY_Escape || !open)
    return GDK_EVENT_PROPAGATE;
  unpark_fold_box_set_open(UNPARK_FOLD_BOX(self->fold), FALSE);
  return GDK_EVENT_STOP;
}

/* ---- Widget -------------------------------------------------------------------------------- */

static void begin(UnparkPage *page) {
  static const UnparkSqlNamesCalls calls = {on_example, on_name};
  UnparkSqlPage *self = UNPARK_SQL_PAGE(page);
  UnparkStore *store = unpark_session_get_store(page->session);
  UnparkSourceKind kind = store ? unpark_store_source(store)->kind : UNPARK_SOURCE_TRACE;
  unpark_sql_names_fill(GTK_BOX(self->names), kind, &calls, self);
  unpark_sql_editor_set_kind(UNPARK_SQL_EDITOR(self->editor), kind);
  unpark_sql_history_button_init(GTK_MENU_BUTTON(self->history), on_earlier, self);
  self->table = unpark_sql_table_new(page->session);
  self->chart = unpark_sql_chart_pane_new(page->session);
  gtk_stack_add_child(GTK_STACK(self->results), self->table);
  gtk_stack_add_child(GTK_STACK(self->results), self->chart);
  gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(self->readable),
                               unpark_settings_get_bool("sql.readable", TRUE));
  show_message(
      self, "unpark-sql-symbolic", _("Query with SQL"),
      _("Choose an example or write a query, and run it with Ctrl+Enter. Queries only read. A row "
        "with a goroutine or a time can be shown on the timeline."));
  g_autofree char *last = unpark_settings_get_string("sql.last", "");
  unpark_sql_editor_set_text(UNPARK_SQL_EDITOR(self->editor), last);
}

static void unpark_sql_page_dispose(GObject *object) {
  UnparkSqlPage *self = UNPARK_SQL_PAGE(object);
  unpark_worker_cancel(&self->running);
  g_clear_handle_id(&self->ticking, g_source_remove);
  G_OBJECT_CLASS(unpark_sql_page_parent_class)->dispose(object);
}

static void unpark_sql_page_finalize(GObject *object) {
  UnparkSqlPage *self = UNPARK_SQL_PAGE(object);
  g_clear_pointer(&self->result, unpark_sql_result_unref);
  g_free(self->shown_sql);
  unpark_sql_walk_end(&self->walk);
  G_OBJECT_CLASS(unpark_sql_page_parent_class)->finalize(object);
}

static void bind_children(GtkWidgetClass *class) {
  gtk_widget_class_bind_template_child(class, UnparkSqlPage, fold);
  gtk_widget_class_bind_template_child(class, UnparkSqlPage, names);
  gtk_widget_class_bind_template_child(class, UnparkSqlPage, editor);
  gtk_widget_class_bind_template_child(class, UnparkSqlPage, paned);
  gtk_widget_class_bind_template_child(class, UnparkSqlPage, run);
  gtk_widget_class_bind_template_child(class, UnparkSqlPage, stop);
  gtk_widget_class_bind_template_child(class, UnparkSqlPage, history);
  gtk_widget_class_bind_template_child(class, UnparkSqlPage, readable);
  gtk_widget_class_bind_template_child(class, UnparkSqlPage, charted);
  gtk_widget_class_bind_template_child(class, UnparkSqlPage, copy);
  gtk_widget_class_bind_template_child(class, UnparkSqlPage, save);
  gtk_widget_class_bind_template_child(class, UnparkSqlPage, results);
}

static void unpark_sql_page_class_init(UnparkSqlPageClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = unpark_sql_page_dispose;
  G_OBJECT_CLASS(class)->finalize = unpark_sql_page_finalize;
  class->parent_class.begin = begin;
  class->parent_class.export = export;
  g_type_ensure(UNPARK_TYPE_FOLD_BOX);
  g_type_ensure(UNPARK_TYPE_SQL_EDITOR);
  unpark_page_class_set_template(class, "sql/view.ui");
  bind_children(widget_class);
  gtk_widget_class_bind_template_callback(widget_class, on_key);
  gtk_widget_class_bind_template_callback(widget_class, on_late_key);
  gtk_widget_class_bind_template_callback(widget_class, on_readable);
  gtk_widget_class_bind_template_callback(widget_class, on_charted);
  gtk_widget_class_bind_template_callback(widget_class, run);
  gtk_widget_class_bind_template_callback(widget_class, stop);
  gtk_widget_class_bind_template_callback(widget_class, copy);
  gtk_widget_class_bind_template_callback(widget_class, save);
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
    .together = TRUE,
    .applies = applies,
    .create = create,
    .focus = unpark_page_focus,
    .search = search,
    .export = unpark_page_export,
};
