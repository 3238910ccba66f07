/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/report/dialog.h"

#include <glib/gi18n.h>
#include <string.h>

#include "model/base/format.h"
#include "model/base/printable.h"
#include "ui/kit/accessible.h"
#include "ui/kit/compat.h"
#include "ui/report/make.h"

#define PULSE_MS 80

static const struct {
  const char *name, *title;
} sections[] = {{"file", N_("The file, and what was lost")},      {"findings", N_("Findings")},
                {"bookmarks", N_("Bookmarks and notes")},         {"latency", N_("Latency")},
                {"tables", N_("Functions, goroutines or races")}, {"flame", N_("Flame graphs")},
                {"templates", N_("The usual questions")}};

#define UNPARK_TYPE_REPORT_DIALOG (unpark_report_dialog_get_type())
G_DECLARE_FINAL_TYPE(UnparkReportDialog, unpark_report_dialog, UNPARK, REPORT_DIALOG, AdwWindow)

struct _UnparkReportDialog {
  AdwWindow parent_instance;

  char *name, *path, *filter;
  gint64 from_ns, to_ns;     /* the selected time */
  GCancellable *cancellable; /* of the report that is being made; NULL: none is */
  GFile *file;               /* where it goes */
  guint pulsing;

  GtkWidget *title_row, *format, *language, *scope, *sections, *below, *progress, *message;
  GtkWidget *save, *open, *cancel, *form;
  GtkWidget *redact, *selected, *matching; /* switches */
  GtkWidget *wanted[G_N_ELEMENTS(sections)];
};

G_DEFINE_FINAL_TYPE(UnparkReportDialog, unpark_report_dialog, ADW_TYPE_WINDOW)

static gboolean is_on(GtkWidget *widget) {
  return widget && gtk_switch_get_active(GTK_SWITCH(widget));
}

/* ---- Making it ------------------------------------------------------------------------------ */

static gboolean on_pulse(gpointer data) {
  gtk_progress_bar_pulse(GTK_PROGRESS_BAR(UNPARK_REPORT_DIALOG(data)->progress));
  return G_SOURCE_CONTINUE;
}

/* `text` NULL: it is being made. */
static void tell(UnparkReportDialog *self, const char *text, gboolean failed) {
  g_clear_handle_id(&self->pulsing, g_source_remove);
  gtk_widget_set_visible(self->below, TRUE);
  gtk_widget_set_visible(self->progress, text == NULL);
  gtk_widget_set_visible(self->open, text != NULL && !failed);
  gtk_widget_set_sensitive(self->save, text != NULL);
  gtk_widget_set_sensitive(self->form, text != NULL);
  gtk_label_set_text(GTK_LABEL(self->message), text ? text : _("Making the report…"));
  if (failed)
    gtk_widget_add_css_class(self->message, "error");
  else
    gtk_widget_remove_css_class(self->message, "error");
  if (!text)
    self->pulsing = g_timeout_add(PULSE_MS, on_pulse, self);
}

static void on_made(const GError *error, gpointer data) {
  g_autoptr(UnparkReportDialog) self = data;
  g_clear_object(&self->cancellable);
  /* It may have been closed meanwhile. */
  if (!gtk_widget_get_realized(GTK_WIDGET(self)))
    return;
  if (error) {
    g_autofree char *text = unpark_printable_dup(error->message);
    tell(self, text, !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
    gtk_widget_set_visible(self->open, FALSE);
    return;
  }
  g_autofree char *base = g_file_get_basename(self->file);
  g_autofree char *name = unpark_printable_file_name(base);
  g_autofree char *text = g_strdup_printf(_("Saved %s"), name);
  tell(self, text, FALSE);
  gtk_button_set_label(GTK_BUTTON(self->cancel), _("_Close"));
  unpark_accessible_name(self->cancel, _("Close"));
  gtk_widget_grab_focus(self->open);
}

static void add(GPtrArray *arguments, const char *option, const char *value) {
  g_ptr_array_add(arguments, g_strdup(option));
  if (value)
    g_ptr_array_add(arguments, g_strdup(value));
}

static char *sections_of(UnparkReportDialog *self) {
  GString *list = g_string_new(NULL);
  for (guint i = 0; i < G_N_ELEMENTS(sections); i++)
    if (is_on(self->wanted[i]))
      g_string_append_printf(list, "%s%s", list->len > 0 ? "," : "", sections[i].name);
  return g_string_free(list, FALSE);
}

static void add_time(GPtrArray *arguments, const char *option, gint64 ns) {
  g_autofree char *text = g_strdup_printf("%s=%" G_GINT64_FORMAT "ns", option, MAX(ns, 0));
  add(arguments, text, NULL);
}

/* The command line; takes `program`. */
static GPtrArray *arguments_of(UnparkReportDialog *self, char *program, const char *out) {
  static const char *const formats[] = {"html", "markdown", "json"};
  static const char *const languages[] = {"en", "zh_CN"};
  GPtrArray *arguments = g_ptr_array_new_with_free_func(g_free);
  const char *title = gtk_editable_get_text(GTK_EDITABLE(self->title_row));
  g_autofree char *list = sections_of(self);
  g_ptr_array_add(arguments, program);
  add(arguments, "report", NULL);
  add(arguments, "--output", out);
  add(arguments, "--format", formats[adw_combo_row_get_selected(ADW_COMBO_ROW(self->format))]);
  add(arguments, "--lang", languages[adw_combo_row_get_selected(ADW_COMBO_ROW(self->language))]);
  add(arguments, "--sections", list);
  if (*title)
    add(arguments, "--title", title);
  if (is_on(self->redact))
    add(arguments, "--redact", NULL);
  if (is_on(self->matching))
    add(arguments, "--filter", self->filter);
  if (is_on(self->selected)) {
    add_time(arguments, "--from", self->from_ns);
    add_time(arguments, "--to", self->to_ns);
  }
  add(arguments, "--", self->path);
  g_ptr_array_add(arguments, NULL);
  return arguments;
}

static void on_file(GFile *file, gpointer data) {
  g_autoptr(UnparkReportDialog) self = data;
  g_autofree char *out = file ? g_file_get_path(file) : NULL;
  char *program = unpark_report_make_program();
  if (!out || !gtk_widget_get_realized(GTK_WIDGET(self)) || !program) {
    if (out && !program)
      tell(self, _("The program unpark-cli, which makes reports, is not installed."), TRUE);
    g_free(program);
    return;
  }
  g_autoptr(GPtrArray) arguments = arguments_of(self, program, out);
  g_set_object(&self->file, file);
  self->cancellable = g_cancellable_new();
  tell(self, NULL, FALSE);
  unpark_report_make((const char *const *)arguments->pdata, self->cancellable, on_made,
                     g_object_ref(self));
}

static void save(UnparkReportDialog *self) {
  static const char *const endings[] = {".html", ".md", ".json"};
  g_autofree char *list = sections_of(self);
  g_autofree char *name =
      g_strconcat(is_on(self->redact) ? "report" : self->name, is_on(self->redact) ? "" : "-report",
                  endings[adw_combo_row_get_selected(ADW_COMBO_ROW(self->format))], NULL);
  if (*list == '\0') {
    tell(self, _("Choose at least one section."), TRUE);
    return;
  }
  unpark_compat_save_file(GTK_WINDOW(self), _("Save the Report"), name, on_file,
                          g_object_ref(self));
}

static void cancel(UnparkReportDialog *self) {
  if (self->cancellable)
    g_cancellable_cancel(self->cancellable); /* the report first, then the window */
  else
    gtk_window_close(GTK_WINDOW(self));
}

static void on_opened(GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr(UnparkReportDialog) self = data;
  g_autoptr(GError) error = NULL;
  if (!g_app_info_launch_default_for_uri_finish(result, &error) &&
      gtk_widget_get_realized(GTK_WIDGET(self)))
    tell(self, error->message, TRUE);
}

static void open_report(UnparkReportDialog *self) {
  g_autofree char *uri = g_file_get_uri(self->file);
  g_app_info_launch_default_for_uri_async(uri, NULL, NULL, on_opened, g_object_ref(self));
}

/* ---- The window ----------------------------------------------------------------------------- */

static GtkWidget *add_switch(GtkWidget *group, const char *title, const char *subtitle,
                             gboolean active) {
  GtkWidget *row = adw_action_row_new();
  GtkWidget *widget = gtk_switch_new();
  g_autofree char *escaped = subtitle ? g_markup_escape_text(subtitle, -1) : NULL;
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
  if (escaped)
    adw_action_row_set_subtitle(ADW_ACTION_ROW(row), escaped);
  gtk_switch_set_active(GTK_SWITCH(widget), active);
  gtk_widget_set_valign(widget, GTK_ALIGN_CENTER);
  unpark_accessible_name(widget, title);
  adw_action_row_add_suffix(ADW_ACTION_ROW(row), widget);
  adw_action_row_set_activatable_widget(ADW_ACTION_ROW(row), widget);
  adw_preferences_group_add(ADW_PREFERENCES_GROUP(group), row);
  return widget;
}

static void add_scope(UnparkReportDialog *self, UnparkSession *session) {
  char from[UNPARK_FORMAT_SIZE], to[UNPARK_FORMAT_SIZE];
  self->redact =
      add_switch(self->scope, _("Redact"),
                 _("Pseudonyms for the program's names; no texts, paths and dates"), FALSE);
  if (unpark_session_get_selected_time(session, &self->from_ns, &self->to_ns)) {
    g_autofree char *text =
        g_strdup_printf(_("from %s to %s"), unpark_format_time(self->from_ns, 1000, from),
                        unpark_format_time(self->to_ns, 1000, to));
    self->selected = add_switch(self->scope, _("Only the Selected Time"), text, TRUE);
  }
  self->filter = g_strdup(unpark_session_get_filter(session));
  if (*self->filter && !unpark_session_get_filter_error(session))
    self->matching = add_switch(self->scope, _("Only What Matches the Filter"), self->filter, TRUE);
}

static gboolean is_chinese(void) {
  return g_str_has_prefix(g_get_language_names()[0], "zh");
}

static void unpark_report_dialog_dispose(GObject *object) {
  UnparkReportDialog *self = UNPARK_REPORT_DIALOG(object);
  if (self->cancellable)
    g_cancellable_cancel(self->cancellable);
  g_clear_handle_id(&self->pulsing, g_source_remove);
  g_clear_object(&self->file);
  g_clear_pointer(&self->name, g_free);
  g_clear_pointer(&self->path, g_free);
  g_clear_pointer(&self->filter, g_free);
  G_OBJECT_CLASS(unpark_report_dialog_parent_class)->dispose(object);
}

/* A report nobody waits for any more is not made. */
static gboolean unpark_report_dialog_close_request(GtkWindow *window) {
  UnparkReportDialog *self = UNPARK_REPORT_DIALOG(window);
  if (self->cancellable)
    g_cancellable_cancel(self->cancellable);
  g_clear_handle_id(&self->pulsing, g_source_remove);
  return GTK_WINDOW_CLASS(unpark_report_dialog_parent_class)->close_request(window);
}

static void unpark_report_dialog_class_init(UnparkReportDialogClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = unpark_report_dialog_dispose;
  GTK_WINDOW_CLASS(class)->close_request = unpark_report_dialog_close_request;
  gtk_widget_class_set_template_from_resource(widget_class,
                                              "/io/github/unpark/Unpark/ui/report/dialog.ui");
  gtk_widget_class_bind_template_child(widget_class, UnparkReportDialog, title_row);
  gtk_widget_class_bind_template_child(widget_class, UnparkReportDialog, format);
  gtk_widget_class_bind_template_child(widget_class, UnparkReportDialog, language);
  gtk_widget_class_bind_template_child(widget_class, UnparkReportDialog, scope);
  gtk_widget_class_bind_template_child(widget_class, UnparkReportDialog, sections);
  gtk_widget_class_bind_template_child(widget_class, UnparkReportDialog, below);
  gtk_widget_class_bind_template_child(widget_class, UnparkReportDialog, progress);
  gtk_widget_class_bind_template_child(widget_class, UnparkReportDialog, message);
  gtk_widget_class_bind_template_child(widget_class, UnparkReportDialog, save);
  gtk_widget_class_bind_template_child(widget_class, UnparkReportDialog, open);
  gtk_widget_class_bind_template_child(widget_class, UnparkReportDialog, cancel);
  gtk_widget_class_bind_template_child(widget_class, UnparkReportDialog, form);
  gtk_widget_class_bind_template_callback(widget_class, save);
  gtk_widget_class_bind_template_callback(widget_class, cancel);
  gtk_widget_class_bind_template_callback(widget_class, open_report);
}

static void unpark_report_dialog_init(UnparkReportDialog *self) {
  gtk_widget_init_template(GTK_WIDGET(self));
  unpark_accessible_name(self->format, _("Format"));
  unpark_accessible_name(self->language, _("Language"));
  adw_combo_row_set_selected(ADW_COMBO_ROW(self->language), is_chinese());
  for (guint i = 0; i < G_N_ELEMENTS(sections); i++)
    self->wanted[i] = add_switch(self->sections, _(sections[i].title), NULL, TRUE);
}

void unpark_report_dialog_show(GtkWindow *parent, UnparkSession *session, const char *name,
                               const char *path) {
  UnparkReportDialog *self = g_object_new(UNPARK_TYPE_REPORT_DIALOG, "transient-for", parent, NULL);
  self->name = g_strdup(name);
  self->path = g_strdup(path);
  add_scope(self, session);
  gtk_window_present(GTK_WINDOW(self));
}
