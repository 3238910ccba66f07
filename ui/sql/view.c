/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/sql/view.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "model/sql/schema.h"
#include "ui/text/format.h"
#include "ui/kit/save-text.h"
#include "ui/kit/sentence.h"
#include "ui/kit/settings.h"
#include "ui/sql/table.h"

#define DEFAULT_EDITOR_HEIGHT 180
#define SPINNER_DELAY_MS 200

#define UNPARK_TYPE_SQL_PAGE (unpark_sql_page_get_type())
G_DECLARE_FINAL_TYPE(UnparkSqlPage, unpark_sql_page, UNPARK, SQL_PAGE, GtkWidget)

struct _UnparkSqlPage {
  GtkWidget parent_instance;

  UnparkSession *session;
  GCancellable *running;
  UnparkSqlResult *result;
  guint spinner_source;

  GtkWidget *box, *editor, *run, *stop, *spinner, *facts, *copy, *save, *pages, *table, *message;
  GtkWidget *paned;
};

G_DEFINE_FINAL_TYPE(UnparkSqlPage, unpark_sql_page, GTK_TYPE_WIDGET)

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

static void run_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  Request *request = data;
  GError *error = NULL;
  UnparkSqlResult *result =
      unpark_sql_result_new(request->store, request->sql, cancellable, &error);
  if (result)
    g_task_return_pointer(task, result, (GDestroyNotify)unpark_sql_result_unref);
  else
    g_task_return_error(task, error);
}

static void set_running(UnparkSqlPage *self, gboolean running) {
  g_clear_handle_id(&self->spinner_source, g_source_remove);
  gtk_widget_set_visible(self->stop, running);
  gtk_widget_set_visible(self->run, !running);
  if (!running)
    gtk_spinner_set_spinning(GTK_SPINNER(self->spinner), FALSE);
}

static void show_message(UnparkSqlPage *self, const char *icon, const char *title,
                         const char *text) {
  adw_status_page_set_icon_name(ADW_STATUS_PAGE(self->message), icon);
  unpark_sentence_set(self->message, title, text);
  gtk_stack_set_visible_child_name(GTK_STACK(self->pages), "message");
  gtk_label_set_text(GTK_LABEL(self->facts), "");
}

static void show_result(UnparkSqlPage *self, UnparkSqlResult *result) {
  char rows[UNPARK_FORMAT_SIZE], took[UNPARK_FORMAT_SIZE];
  g_clear_pointer(&self->result, unpark_sql_result_unref);
  self->result = unpark_sql_result_ref(result);
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
                 _("The query is right, but nothing fits it."));
  else
    gtk_stack_set_visible_child_name(GTK_STACK(self->pages), "table");
  gtk_label_set_text(GTK_LABEL(self->facts), facts);
}

static void on_done(GObject *source, GAsyncResult *result, gpointer user_data) {
  UnparkSqlPage *self = UNPARK_SQL_PAGE(source);
  g_autoptr(GError) error = NULL;
  g_autoptr(UnparkSqlResult) rows = g_task_propagate_pointer(G_TASK(result), &error);
  if (!self->box || g_task_get_cancellable(G_TASK(result)) != self->running)
    return;
  set_running(self, FALSE);
  if (rows)
    show_result(self, rows);
  else if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_message(self, "process-stop-symbolic", _("Stopped"), _("The query was stopped."));
  else
    show_message(self, "dialog-error-symbolic", _("The Query Cannot Be Run"), error->message);
}

static char *editor_text(UnparkSqlPage *self) {
  GtkTextBuffer *buffer = gtk_text_view_get_buffer(GTK_TEXT_VIEW(self->editor));
  GtkTextIter start, end;
  /* What is selected, as in other editors of SQL; else everything. */
  if (!gtk_text_buffer_get_selection_bounds(buffer, &start, &end))
    gtk_text_buffer_get_bounds(buffer, &start, &end);
  return gtk_text_buffer_get_text(buffer, &start, &end, FALSE);
}

static gboolean start_spinner(gpointer data) {
  UnparkSqlPage *self = data;
  self->spinner_source = 0;
  gtk_spinner_set_spinning(GTK_SPINNER(self->spinner), TRUE);
  return G_SOURCE_REMOVE;
}

static void run(UnparkSqlPage *self) {
  UnparkStore *store = unpark_session_get_store(self->session);
  g_autofree char *sql = editor_text(self);
  if (!store || *g_strstrip(sql) == '\0')
    return;
  g_cancellable_cancel(self->running);
  g_clear_object(&self->running);
  self->running = g_cancellable_new();
  set_running(self, TRUE);
  self->spinner_source = g_timeout_add(SPINNER_DELAY_MS, start_spinner, self);
  unpark_settings_set_string("sql.last", sql);
  Request *request = g_new0(Request, 1);
  request->store = unpark_store_ref(store);
  request->sql = g_steal_pointer(&sql);
  g_autoptr(GTask) task = g_task_new(self, self->running, on_done, NULL);
  g_task_set_task_data(task, request, request_free);
  g_task_run_in_thread(task, run_thread);
}

static void stop(UnparkSqlPage *self) {
  g_cancellable_cancel(self->running);
}

/* ---- Copying and saving ----------------------------------------------------------------- */

static void copy(UnparkSqlPage *self) {
  if (!self->result)
    return;
  g_autofree char *text = unpark_sql_result_tsv(self->result);
  gtk_widget_activate_action(GTK_WIDGET(self), "win.copy", "s", text);
}

static void save(UnparkSqlPage *self) {
  if (self->result)
    unpark_save_text(GTK_WIDGET(self), _("Save the Rows"), "query.csv",
                     (char *(*)(gpointer))unpark_sql_result_csv,
                     unpark_sql_result_ref(self->result), (GDestroyNotify)unpark_sql_result_unref);
  else
    gtk_widget_activate_action(GTK_WIDGET(self), "win.toast", "s", _("There are no rows to save"));
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
  GtkWidget *label = gtk_label_new(name);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
  gtk_button_set_child(GTK_BUTTON(button), label);
  gtk_widget_set_tooltip_text(button, text);
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_add_css_class(button, "unpark-link");
  g_signal_connect(button, "clicked", callback, (gpointer)data);
  return button;
}

static GtkWidget *make_heading(const char *text) {
  GtkWidget *label = gtk_label_new(text);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_widget_add_css_class(label, "heading");
  gtk_widget_set_margin_top(label, 9);
  return label;
}

static GtkWidget *make_columns(const UnparkSqlTableInfo *table) {
  GtkWidget *expander = gtk_expander_new(NULL);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  gtk_expander_set_label_widget(
      GTK_EXPANDER(expander),
      make_name(table->name, _("Write the name of the table"), G_CALLBACK(on_name), table->name));
  gtk_widget_set_margin_start(box, 18);
  for (guint i = 0; table->columns[i]; i++)
    gtk_box_append(GTK_BOX(box),
                   make_name(table->columns[i], NULL, G_CALLBACK(on_name), table->columns[i]));
  gtk_expander_set_child(GTK_EXPANDER(expander), box);
  return expander;
}

static GtkWidget *make_names(UnparkSourceKind kind) {
  GtkWidget *scrolled = gtk_scrolled_window_new();
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2);
  guint n;
  const UnparkSqlExample *examples = unpark_sql_examples(&n);
  gtk_box_append(GTK_BOX(box), make_heading(_("Questions")));
  for (guint i = 0; i < n; i++)
    if (examples[i].kind == kind)
      gtk_box_append(GTK_BOX(box), make_name(_(examples[i].title), examples[i].sql,
                                             G_CALLBACK(on_example), examples[i].sql));
  const UnparkSqlTableInfo *tables = unpark_sql_tables(&n);
  gtk_box_append(GTK_BOX(box), make_heading(_("Tables")));
  for (guint i = 0; i < n; i++)
    if (tables[i].always || tables[i].kind == kind)
      gtk_box_append(GTK_BOX(box), make_columns(&tables[i]));
  gtk_widget_set_margin_bottom(box, 12);
  gtk_widget_set_margin_start(box, 6);
  gtk_widget_set_margin_end(box, 6);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scrolled), box);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scrolled), GTK_POLICY_NEVER,
                                 GTK_POLICY_AUTOMATIC);
  gtk_widget_set_size_request(scrolled, 260, -1);
  return scrolled;
}

/* ---- Widget -------------------------------------------------------------------------------- */

static GtkWidget *make_button(const char *icon, const char *tip, GCallback clicked,
                              UnparkSqlPage *self) {
  GtkWidget *button = gtk_button_new_from_icon_name(icon);
  gtk_widget_set_tooltip_text(button, tip);
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, tip, -1);
  gtk_widget_set_sensitive(button, FALSE);
  g_signal_connect_swapped(button, "clicked", clicked, self);
  return button;
}

static GtkWidget *make_bar(UnparkSqlPage *self) {
  GtkWidget *bar = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  self->run = gtk_button_new_with_label(_("Run"));
  self->stop = gtk_button_new_with_label(_("Stop"));
  self->spinner = gtk_spinner_new();
  self->facts = gtk_label_new(NULL);
  self->copy = make_button("edit-copy-symbolic", _("Copy all rows"), G_CALLBACK(copy), self);
  self->save =
      make_button("document-save-symbolic", _("Save all rows as CSV"), G_CALLBACK(save), self);
  gtk_widget_set_tooltip_text(self->run, _("Run the query (Ctrl+Enter)"));
  gtk_widget_add_css_class(self->run, "suggested-action");
  gtk_widget_set_visible(self->stop, FALSE);
  gtk_label_set_xalign(GTK_LABEL(self->facts), 0);
  gtk_widget_add_css_class(self->facts, "dim-label");
  gtk_widget_set_hexpand(self->facts, TRUE);
  gtk_widget_add_css_class(bar, "toolbar");
  GtkWidget *parts[] = {self->run, self->stop, self->spinner, self->facts, self->copy, self->save};
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
    gtk_box_append(GTK_BOX(bar), parts[i]);
  g_signal_connect_swapped(self->run, "clicked", G_CALLBACK(run), self);
  g_signal_connect_swapped(self->stop, "clicked", G_CALLBACK(stop), self);
  return bar;
}

/* Before the editor, which would begin a new line. */
static gboolean on_key(GtkEventControllerKey *key, guint keyval, guint code, GdkModifierType state,
                       UnparkSqlPage *self) {
  gboolean enter = keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter;
  if (!enter || !(state & GDK_CONTROL_MASK))
    return GDK_EVENT_PROPAGATE;
  run(self);
  return GDK_EVENT_STOP;
}

static GtkWidget *make_editor(UnparkSqlPage *self) {
  GtkWidget *scrolled = gtk_scrolled_window_new();
  self->editor = gtk_text_view_new();
  gtk_text_view_set_monospace(GTK_TEXT_VIEW(self->editor), TRUE);
  gtk_text_view_set_wrap_mode(GTK_TEXT_VIEW(self->editor), GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_accepts_tab(GTK_TEXT_VIEW(self->editor), FALSE);
  g_object_set(self->editor, "left-margin", 12, "right-margin", 12, "top-margin", 9,
               "bottom-margin", 9, NULL);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->editor), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("SQL query"), -1);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scrolled), self->editor);
  gtk_widget_set_size_request(scrolled, -1, 80);
  return scrolled;
}

static void on_paned(UnparkSqlPage *self) {
  unpark_settings_set_int("sql.editor-height", gtk_paned_get_position(GTK_PANED(self->paned)));
}

static GtkWidget *make_main(UnparkSqlPage *self) {
  GtkWidget *results = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  self->paned = gtk_paned_new(GTK_ORIENTATION_VERTICAL);
  self->pages = gtk_stack_new();
  self->message = adw_status_page_new();
  self->table = unpark_sql_table_new(self->session);
  gtk_stack_add_named(GTK_STACK(self->pages), self->message, "message");
  gtk_stack_add_named(GTK_STACK(self->pages), self->table, "table");
  gtk_widget_set_vexpand(self->pages, TRUE);
  gtk_box_append(GTK_BOX(results), make_bar(self));
  gtk_box_append(GTK_BOX(results), self->pages);
  gtk_paned_set_start_child(GTK_PANED(self->paned), make_editor(self));
  gtk_paned_set_end_child(GTK_PANED(self->paned), results);
  gtk_paned_set_shrink_start_child(GTK_PANED(self->paned), FALSE);
  gtk_paned_set_shrink_end_child(GTK_PANED(self->paned), FALSE);
  gtk_paned_set_resize_start_child(GTK_PANED(self->paned), FALSE);
  gtk_paned_set_position(GTK_PANED(self->paned),
                         unpark_settings_get_int("sql.editor-height", DEFAULT_EDITOR_HEIGHT));
  gtk_widget_set_hexpand(self->paned, TRUE);
  g_signal_connect_swapped(self->paned, "notify::position", G_CALLBACK(on_paned), self);
  show_message(self, "utilities-terminal-symbolic", _("Ask in SQL"),
               _("Choose a question on the left, or write one. Ctrl+Enter runs it; queries only "
                 "read. A row with a goroutine or a time leads to the timeline."));
  return self->paned;
}

static void unpark_sql_page_dispose(GObject *object) {
  UnparkSqlPage *self = UNPARK_SQL_PAGE(object);
  g_cancellable_cancel(self->running);
  g_clear_object(&self->running);
  g_clear_handle_id(&self->spinner_source, g_source_remove);
  if (self->paned)
    g_signal_handlers_disconnect_by_data(self->paned, self);
  self->paned = NULL;
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_object(&self->session);
  g_clear_pointer(&self->result, unpark_sql_result_unref);
  G_OBJECT_CLASS(unpark_sql_page_parent_class)->dispose(object);
}

static void unpark_sql_page_class_init(UnparkSqlPageClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = unpark_sql_page_dispose;
  gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void unpark_sql_page_init(UnparkSqlPage *self) {
  GtkEventController *keys = gtk_event_controller_key_new();
  gtk_event_controller_set_propagation_phase(keys, GTK_PHASE_CAPTURE);
  g_signal_connect(keys, "key-pressed", G_CALLBACK(on_key), self);
  gtk_widget_add_controller(GTK_WIDGET(self), keys);
}

static gboolean applies(UnparkStore *store) {
  return TRUE;
}

static GtkWidget *create(UnparkSession *session) {
  UnparkSqlPage *self = g_object_new(UNPARK_TYPE_SQL_PAGE, NULL);
  UnparkStore *store = unpark_session_get_store(session);
  self->session = g_object_ref(session);
  self->box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_box_append(GTK_BOX(self->box),
                 make_names(store ? unpark_store_source(store)->kind : UNPARK_SOURCE_TRACE));
  gtk_box_append(GTK_BOX(self->box), gtk_separator_new(GTK_ORIENTATION_VERTICAL));
  gtk_box_append(GTK_BOX(self->box), make_main(self));
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
  g_autofree char *last = unpark_settings_get_string("sql.last", "");
  set_text(self, last);
  return GTK_WIDGET(self);
}

static void focus(GtkWidget *widget) {
  gtk_widget_grab_focus(UNPARK_SQL_PAGE(widget)->editor);
}

static GtkWidget *search(GtkWidget *widget) {
  return UNPARK_SQL_PAGE(widget)->editor;
}

static void export(GtkWidget *widget) {
  save(UNPARK_SQL_PAGE(widget));
}

const UnparkView unpark_sql_view = {
    .name = "sql",
    .title = N_("SQL"),
    .icon = "utilities-terminal-symbolic",
    .applies = applies,
    .create = create,
    .focus = focus,
    .search = search,
    .export = export,
};
