/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/reports/race-view.h"

#include <glib/gi18n.h>

#include "model/tables/race-list.h"
#include "ui/kit/profile-item.h"
#include "ui/reports/race-detail.h"
#include "ui/reports/race-words.h"
#include "ui/page/divider.h"
#include "ui/reports/export.h"
#include "ui/reports/report-page.h"
#include "ui/text/format.h"
#include "ui/text/profile-format.h"

#define DEFAULT_LIST_WIDTH 480

#define UNPARK_TYPE_RACE_VIEW (unpark_race_view_get_type())
G_DECLARE_FINAL_TYPE(UnparkRaceView, unpark_race_view, UNPARK, RACE_VIEW, UnparkReportPage)

struct _UnparkRaceView {
  UnparkReportPage parent_instance;

  GtkWidget *list, *detail, *paned;
};

G_DEFINE_FINAL_TYPE(UnparkRaceView, unpark_race_view, UNPARK_TYPE_REPORT_PAGE)

/* ---- What is shown --------------------------------------------------------------------------- */

static void tell(UnparkReportPage *self, guint n) {
  const UnparkRaceList *races = self->report;
  UnparkPage *page = &self->page;
  char shown[UNPARK_FORMAT_SIZE], all[UNPARK_FORMAT_SIZE];
  unpark_format_count(n, shown);
  unpark_format_count(races->n_races, all);
  g_autofree char *title =
      g_strdup_printf(ngettext("%s data race", "%s data races", races->n_races), all);
  g_autofree char *text =
      n == races->n_races ? g_strdup("") : g_strdup_printf(_("%s of %s races"), shown, all);
  unpark_page_set_facts(page, title, "");
  unpark_page_set_shown(page, text);
  if (races->n_races == 0)
    unpark_page_say(page, _("No Races"), _("This report has no data races."));
  else if (n == 0)
    unpark_page_say(page, _("Nothing Found"),
                    _("No race matches this function, file, goroutine or address."));
  else
    unpark_page_show_content(page);
}

static void select_entry(UnparkReportPage *self, gpointer races, guint race) {
  unpark_race_detail_show(UNPARK_RACE_DETAIL(UNPARK_RACE_VIEW(self)->detail), races, race);
}

static gpointer read_races(UnparkStore *store, GCancellable *cancellable, GError **error) {
  return unpark_race_list_new(store, unpark_profile_is_own, cancellable, error);
}

static guint8 *match(gpointer races, const char *text, GCancellable *cancellable, GError **error) {
  return unpark_race_list_match(races, text, cancellable, error);
}

static guint count_races(gpointer races) {
  return ((UnparkRaceList *)races)->n_races;
}

static void copy(UnparkPage *page) {
  gtk_widget_activate_action(UNPARK_RACE_VIEW(page)->detail, "race-detail.copy", NULL);
}

static char *text_of(gpointer races, const char *name) {
  return unpark_export_races(races, name);
}

/* ---- Rows ------------------------------------------------------------------------------------ */

/* A number, and two lines: the access and the one before it. */
static void on_setup(GtkListItemFactory *factory, GtkListItem *item) {
  GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *texts = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *number = unpark_profile_cell_number();
  gtk_label_set_width_chars(GTK_LABEL(number), 3);
  gtk_widget_add_css_class(number, "dim-label");
  gtk_widget_set_valign(number, GTK_ALIGN_START);
  for (guint i = 0; i < 2; i++) {
    GtkWidget *line = unpark_profile_cell_text();
    gtk_label_set_ellipsize(GTK_LABEL(line), PANGO_ELLIPSIZE_END);
    gtk_box_append(GTK_BOX(texts), line);
  }
  gtk_widget_add_css_class(gtk_widget_get_last_child(texts), "dim-label");
  gtk_widget_set_hexpand(texts, TRUE);
  gtk_widget_add_css_class(row, "unpark-race-row");
  gtk_box_append(GTK_BOX(row), number);
  gtk_box_append(GTK_BOX(row), texts);
  gtk_list_item_set_child(item, row);
}

static char *line_of(const UnparkRaceAccess *access, gboolean previous) {
  g_autofree char *place = unpark_race_place(access);
  /* Translators: "Write: main.(*Cart).Add  cart.go:50" */
  return g_strdup_printf(_("%s: %s"), unpark_race_kind(access, previous), place);
}

static void on_bind(GtkListItemFactory *factory, GtkListItem *item) {
  UnparkProfileItem *object = gtk_list_item_get_item(item);
  const UnparkRaceList *list = unpark_profile_item_get_data(object);
  const UnparkRace *race = &list->races[unpark_profile_item_get_row(object)];
  GtkWidget *row = gtk_list_item_get_child(item);
  GtkWidget *number = gtk_widget_get_first_child(row);
  GtkWidget *texts = gtk_widget_get_next_sibling(number);
  g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, race->id);
  g_autofree char *now = line_of(&race->now, FALSE), *previous = line_of(&race->previous, TRUE);
  gtk_label_set_text(GTK_LABEL(number), id);
  unpark_profile_cell_set_text(gtk_widget_get_first_child(texts), now, now);
  unpark_profile_cell_set_text(gtk_widget_get_last_child(texts), previous, previous);
}

/* ---- Widget ---------------------------------------------------------------------------------- */

/* Enter: on to the accesses. */
static void on_activate(UnparkRaceView *self) {
  gtk_widget_child_focus(self->detail, GTK_DIR_TAB_FORWARD);
}

static void unpark_race_view_class_init(UnparkRaceViewClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  UnparkReportPageClass *report_class = (UnparkReportPageClass *)class;
  report_class->read = read_races;
  report_class->match = match;
  report_class->ref = (gpointer(*)(gpointer))unpark_race_list_ref;
  report_class->unref = (GDestroyNotify)unpark_race_list_unref;
  report_class->count = count_races;
  report_class->tell = tell;
  report_class->select = select_entry;
  report_class->text = text_of;
  report_class->save_title = N_("Save the Races (.csv, .json, .md or .txt)");
  report_class->save_name = "races.csv";
  report_class->parent_class.copy = copy;
  g_type_ensure(UNPARK_TYPE_RACE_DETAIL);
  unpark_page_class_set_template(class, "reports/race-view.ui");
  gtk_widget_class_bind_template_child(widget_class, UnparkRaceView, list);
  gtk_widget_class_bind_template_child(widget_class, UnparkRaceView, detail);
  gtk_widget_class_bind_template_child(widget_class, UnparkRaceView, paned);
  gtk_widget_class_bind_template_callback(widget_class, on_activate);
  gtk_widget_class_bind_template_callback(widget_class, on_setup);
  gtk_widget_class_bind_template_callback(widget_class, on_bind);
}

static void unpark_race_view_init(UnparkRaceView *self) {
  UnparkReportPage *report = &self->parent_instance;
  gtk_widget_init_template(GTK_WIDGET(self));
  unpark_report_page_fill(report, NULL);
  gtk_list_view_set_model(GTK_LIST_VIEW(self->list), report->selection);
  report->page.first = self->list;
  unpark_page_use_search(&report->page, _("Function, file, goroutine or address"),
                         _("Search races"));
  unpark_divider_remember(GTK_PANED(self->paned), "race.list-width", DEFAULT_LIST_WIDTH);
}

static GtkWidget *create(UnparkSession *session) {
  return unpark_page_new(UNPARK_TYPE_RACE_VIEW, session);
}

const UnparkView unpark_race_view = {
    .name = "races",
    .title = N_("Races"),
    .icon = "dialog-warning-symbolic",
    .applies = unpark_race_exists,
    .create = create,
    .focus = unpark_page_focus,
    .search = unpark_page_get_search,
    .export = unpark_page_export,
};
