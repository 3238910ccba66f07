/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/reports/dump-view.h"

#include <glib/gi18n.h>
#include <string.h>

#include "model/tables/dump-groups.h"
#include "ui/reports/dump-columns.h"
#include "ui/reports/dump-detail.h"
#include "ui/page/divider.h"
#include "ui/reports/export.h"
#include "ui/reports/report-page.h"
#include "ui/text/format.h"
#include "ui/text/profile-format.h"

#define DEFAULT_LIST_WIDTH 800

#define UNPARK_TYPE_DUMP_VIEW (unpark_dump_view_get_type())
G_DECLARE_FINAL_TYPE(UnparkDumpView, unpark_dump_view, UNPARK, DUMP_VIEW, UnparkReportPage)

struct _UnparkDumpView {
  UnparkReportPage parent_instance;

  GtkWidget *crash, *table, *detail, *paned;
};

G_DEFINE_FINAL_TYPE(UnparkDumpView, unpark_dump_view, UNPARK_TYPE_REPORT_PAGE)

/* ---- What is shown -------------------------------------------------------------------------- */

/* "panic: assignment to entry in nil map": what the program said when it printed the dump. */
static void show_crash(UnparkDumpView *self, const UnparkDumpGroups *groups) {
  guint n;
  const UnparkNote *notes = unpark_store_notes(groups->store, &n);
  const char *said = NULL;
  for (guint i = 0; i < n && !said; i++)
    if (strcmp(notes[i].name, "crash") == 0)
      said = notes[i].detail;
  gtk_label_set_text(GTK_LABEL(self->crash), said ? said : "");
  gtk_widget_set_tooltip_text(self->crash, said);
  gtk_widget_set_visible(self->crash, said != NULL);
}

static void show_facts(UnparkPage *page, const UnparkDumpGroups *groups) {
  char goroutines[UNPARK_FORMAT_SIZE], count[UNPARK_FORMAT_SIZE];
  gint64 longest = UNPARK_NONE;
  for (guint i = 0; i < groups->n_groups; i++)
    longest = MAX(longest, groups->groups[i].wait_minutes);
  unpark_format_count(groups->n_goroutines, goroutines);
  unpark_format_count(groups->n_groups, count);
  g_autoptr(GString) text = g_string_new(NULL);
  g_string_append_printf(text,
                         ngettext("%s group with the same state and stack",
                                  "%s groups with the same state and stack", groups->n_groups),
                         count);
  if (longest != UNPARK_NONE && longest > 0) {
    char minutes[UNPARK_FORMAT_SIZE];
    g_autofree char *wait = g_strdup_printf(
        ngettext("longest wait %s minute", "longest wait %s minutes", (gulong)longest),
        unpark_format_count(longest, minutes));
    g_string_append_printf(text, " · %s", wait);
  }
  g_autofree char *title = g_strdup_printf(
      ngettext("%s goroutine", "%s goroutines", (gulong)groups->n_goroutines), goroutines);
  unpark_page_set_facts(page, title, text->str);
}

static void tell(UnparkReportPage *self, guint n) {
  const UnparkDumpGroups *groups = self->report;
  UnparkPage *page = &self->page;
  char shown[UNPARK_FORMAT_SIZE], all[UNPARK_FORMAT_SIZE];
  unpark_format_count(n, shown);
  unpark_format_count(groups->n_groups, all);
  g_autofree char *text =
      n == groups->n_groups ? g_strdup("") : g_strdup_printf(_("%s of %s groups"), shown, all);
  unpark_page_set_shown(page, text);
  show_facts(page, groups);
  show_crash(UNPARK_DUMP_VIEW(self), groups);
  if (groups->n_groups == 0)
    unpark_page_say(page, _("No Goroutines"), _("This dump has no goroutines."));
  else if (n == 0)
    unpark_page_say(page, _("Nothing Found"),
                    _("No goroutine matches this state, number, function or file."));
  else
    unpark_page_show_content(page);
}

static void fit(UnparkReportPage *self) {
  unpark_dump_view_fit_columns(GTK_COLUMN_VIEW(UNPARK_DUMP_VIEW(self)->table), self->report);
}

static void select_entry(UnparkReportPage *self, gpointer groups, guint group) {
  unpark_dump_detail_show(UNPARK_DUMP_DETAIL(UNPARK_DUMP_VIEW(self)->detail), groups, group);
}

static gpointer read_groups(UnparkStore *store, GCancellable *cancellable, GError **error) {
  return unpark_dump_groups_new(store, unpark_profile_is_own, cancellable, error);
}

static guint8 *match(gpointer groups, const char *text, GCancellable *cancellable, GError **error) {
  return unpark_dump_groups_match(groups, text, cancellable, error);
}

static guint count_groups(gpointer groups) {
  return ((UnparkDumpGroups *)groups)->n_groups;
}

static void copy(UnparkPage *page) {
  UnparkDumpView *self = UNPARK_DUMP_VIEW(page);
  g_autofree char *text = unpark_dump_detail_text(UNPARK_DUMP_DETAIL(self->detail));
  if (text)
    gtk_widget_activate_action(GTK_WIDGET(page), "win.copy", "s", text);
}

static char *text_of(gpointer groups, const char *name) {
  return unpark_export_dump(groups, name);
}

/* ---- Widget -------------------------------------------------------------------------------- */

/* Enter: on to the stack. */
static void on_activate(UnparkDumpView *self) {
  gtk_widget_child_focus(self->detail, GTK_DIR_TAB_FORWARD);
}

static void unpark_dump_view_class_init(UnparkDumpViewClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  UnparkReportPageClass *report_class = (UnparkReportPageClass *)class;
  report_class->read = read_groups;
  report_class->match = match;
  report_class->ref = (gpointer(*)(gpointer))unpark_dump_groups_ref;
  report_class->unref = (GDestroyNotify)unpark_dump_groups_unref;
  report_class->count = count_groups;
  report_class->fit = fit;
  report_class->tell = tell;
  report_class->select = select_entry;
  report_class->text = text_of;
  report_class->save_title = N_("Save the Goroutines (.csv, .json, .md or .txt)");
  report_class->save_name = "goroutines.csv";
  report_class->parent_class.copy = copy;
  g_type_ensure(UNPARK_TYPE_DUMP_DETAIL);
  unpark_page_class_set_template(class, "reports/dump-view.ui");
  gtk_widget_class_bind_template_child(widget_class, UnparkDumpView, crash);
  gtk_widget_class_bind_template_child(widget_class, UnparkDumpView, table);
  gtk_widget_class_bind_template_child(widget_class, UnparkDumpView, detail);
  gtk_widget_class_bind_template_child(widget_class, UnparkDumpView, paned);
  gtk_widget_class_bind_template_callback(widget_class, on_activate);
}

static void unpark_dump_view_init(UnparkDumpView *self) {
  UnparkReportPage *report = &self->parent_instance;
  gtk_widget_init_template(GTK_WIDGET(self));
  unpark_dump_view_columns(GTK_COLUMN_VIEW(self->table));
  unpark_report_page_fill(report, GTK_COLUMN_VIEW(self->table));
  gtk_column_view_set_model(GTK_COLUMN_VIEW(self->table), report->selection);
  report->page.first = self->table;
  unpark_page_use_search(&report->page, _("State, function, file or number"),
                         _("Search goroutines"));
  unpark_divider_remember(GTK_PANED(self->paned), "dump.list-width", DEFAULT_LIST_WIDTH);
}

static GtkWidget *create(UnparkSession *session) {
  return unpark_page_new(UNPARK_TYPE_DUMP_VIEW, session);
}

const UnparkView unpark_dump_view = {
    .name = "dump",
    .title = N_("Goroutines"),
    .icon = "view-list-symbolic",
    .applies = unpark_dump_exists,
    .create = create,
    .focus = unpark_page_focus,
    .search = unpark_page_get_search,
    .export = unpark_page_export,
};
