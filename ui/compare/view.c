/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/compare/view.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <string.h>

#include "model/base/printable.h"
#include "model/compare/words.h"
#include "ui/compare/chart.h"
#include "ui/compare/columns.h"
#include "ui/compare/flames.h"
#include "ui/compare/timelines.h"
#include "ui/kit/accessible.h"
#include "ui/kit/data-table.h"
#include "ui/kit/save-text.h"
#include "ui/page/columns-menu.h"
#include "ui/page/divider.h"
#include "ui/page/page.h"
#include "ui/page/table-menu.h"
#include "ui/session/time-scope.h"
#include "ui/text/format.h"

#define DEFAULT_TABLE_HEIGHT 210

#define UNPARK_TYPE_COMPARE_VIEW (unpark_compare_view_get_type())
G_DECLARE_FINAL_TYPE(UnparkCompareView, unpark_compare_view, UNPARK, COMPARE_VIEW, UnparkPage)

struct _UnparkCompareView {
  UnparkPage page;

  UnparkOther *other;     /* that is before; NULL: nothing */
  UnparkSession *session; /* of the other */
  gboolean swapped;       /* the document is A */
  UnparkCompareResult *result;
  char *needle; /* folded; "" */

  GListStore *items;
  GtkFilter *filter;
  GtkSelectionModel *selection;
  GtkWidget *by, *per, *clear, *columns, *answer, *facts_a, *facts_b, *scope_a, *scope_b;
  GtkWidget *paned, *table, *lower, *stack, *curves, *chart, *no_curve, *flames, *timelines;
  GtkStackPage *curves_page, *flames_page, *timelines_page;
};

G_DEFINE_FINAL_TYPE(UnparkCompareView, unpark_compare_view, UNPARK_TYPE_PAGE)

static UnparkSession *session_of(UnparkCompareView *self, gboolean is_b) {
  return is_b == self->swapped ? self->session : self->page.session;
}

/* ---- What is shown -------------------------------------------------------------------------- */

static char *name_of(UnparkCompareView *self, gboolean is_b) {
  if (is_b == self->swapped)
    return g_strdup(unpark_other_get_name(self->other));
  const char *path = unpark_store_source(unpark_session_get_store(self->page.session))->path;
  g_autofree char *base = g_path_get_basename(path);
  return unpark_printable_file_name(base);
}

static void append_count(GString *text, const char *one, const char *many, gint64 n) {
  char count[UNPARK_FORMAT_SIZE];
  if (n <= 0)
    return;
  g_string_append(text, " · ");
  g_string_append_printf(text, "%s %s", unpark_format_count(n, count),
                         g_dngettext(GETTEXT_PACKAGE, one, many, (gulong)n));
}

static void show_side(UnparkCompareView *self, gboolean is_b) {
  const UnparkComparison *c = self->result->comparison;
  const UnparkCompareSide *side = is_b ? &c->b : &c->a;
  g_autofree char *name = name_of(self, is_b);
  g_autoptr(GString) text = g_string_new(name);
  char duration[UNPARK_FORMAT_SIZE];
  if (side->duration_ns > 0)
    g_string_append_printf(text, " · %s", unpark_format_duration(side->duration_ns, duration));
  append_count(text, N_("processor"), N_("processors"), side->procs);
  append_count(text, N_("goroutine"), N_("goroutines"), side->n_goroutines);
  if (c->kind == UNPARK_SOURCE_SPANS)
    append_count(text, N_("request"), N_("requests"), side->n_tasks);
  else
    append_count(text, N_("task"), N_("tasks"), side->n_tasks);
  append_count(text, N_("wait cut by the ends"), N_("waits cut by the ends"), side->n_cut);
  append_count(text, N_("fault of the file"), N_("faults of the file"), side->n_lost);
  GtkWidget *label = is_b ? self->facts_b : self->facts_a;
  gtk_label_set_text(GTK_LABEL(label), text->str);
  gtk_widget_set_tooltip_text(label, text->str);
}

static void show_selected(UnparkCompareView *self) {
  UnparkProfileItem *item =
      gtk_single_selection_get_selected_item(GTK_SINGLE_SELECTION(self->selection));
  gboolean has =
      unpark_compare_chart_show(UNPARK_COMPARE_CHART(self->chart), item ? self->result : NULL,
                                item ? unpark_profile_item_get_row(item) : 0);
  gtk_stack_set_visible_child(GTK_STACK(self->curves), has ? self->chart : self->no_curve);
}

/* What a kind of file has. */
static void show_parts(UnparkCompareView *self, UnparkSourceKind kind) {
  gboolean trace = kind == UNPARK_SOURCE_TRACE, spans = kind == UNPARK_SOURCE_SPANS;
  gtk_widget_set_visible(self->by, trace || spans);
  gtk_widget_set_visible(self->per, trace || spans);
  gtk_widget_set_visible(self->scope_a, trace);
  gtk_widget_set_visible(self->scope_b, trace);
  gtk_stack_page_set_visible(self->curves_page, trace || spans);
  gtk_stack_page_set_visible(self->flames_page, !spans);
  gtk_stack_page_set_visible(self->timelines_page, trace);
  if (!trace && !spans)
    gtk_stack_set_visible_child_name(GTK_STACK(self->stack), "flames");
}

static void show_counts(UnparkCompareView *self) {
  char some[UNPARK_FORMAT_SIZE], all[UNPARK_FORMAT_SIZE];
  guint n = g_list_model_get_n_items(G_LIST_MODEL(self->selection));
  guint n_all = self->result ? self->result->comparison->n_rows : 0;
  g_autofree char *shown =
      g_strdup_printf(_("%s of %s"), unpark_format_count(n, some), unpark_format_count(n_all, all));
  unpark_page_set_shown(&self->page, n < n_all ? shown : "");
}

static void on_compared(gpointer owner, gpointer data, gpointer result, const GError *error) {
  UnparkCompareView *self = owner;
  UnparkCompareRequest *request = data;
  UnparkCompareResult *old = self->result;
  self->result = result;
  const UnparkComparison *c = self->result->comparison;
  g_autoptr(GPtrArray) items =
      unpark_profile_items_new(result, c->n_rows, (gpointer(*)(gpointer))unpark_compare_result_ref,
                               (GDestroyNotify)unpark_compare_result_unref);
  g_autofree char *answer = unpark_compare_answer(c), *sum = unpark_compare_sum(c);
  unpark_profile_store_replace(self->items, items);
  unpark_compare_result_unref(old);
  gtk_label_set_text(GTK_LABEL(self->answer), answer);
  unpark_page_set_facts(&self->page, NULL, sum);
  show_side(self, FALSE);
  show_side(self, TRUE);
  show_parts(self, c->kind);
  show_selected(self);
  show_counts(self);
  unpark_compare_flames_show(UNPARK_COMPARE_FLAMES(self->flames),
                             c->kind == UNPARK_SOURCE_SPANS ? NULL
                                                            : unpark_compare_request_new(request));
  if (c->n_rows > 0)
    unpark_page_show_content(&self->page);
  else
    unpark_page_say(&self->page, _("Nothing to Compare"),
                    _("Neither side has anything that could be measured."));
}

/* ---- Loading -------------------------------------------------------------------------------- */

static void fill_ask(UnparkCompareView *self, gboolean is_b, UnparkCompareAsk *ask) {
  GtkWidget *scope = adw_bin_get_child(ADW_BIN(is_b ? self->scope_b : self->scope_a));
  ask->store = unpark_session_get_store(session_of(self, is_b));
  unpark_time_scope_get(UNPARK_TIME_SCOPE(scope), &ask->from_ns, &ask->to_ns);
}

/* Both timelines from the beginning of what is compared. */
static void align(UnparkCompareView *self, const UnparkCompareRequest *request) {
  gint64 zero[2];
  for (int i = 0; i < 2; i++) {
    const UnparkCompareAsk *ask = i ? &request->b : &request->a;
    zero[i] = MAX(ask->from_ns, unpark_store_source(ask->store)->start_ns);
  }
  unpark_compare_timelines_set_zero(UNPARK_COMPARE_TIMELINES(self->timelines), zero[0], zero[1]);
}

static void load(UnparkPage *page) {
  static const UnparkWork comparing = {unpark_compare_result_new, on_compared,
                                       unpark_compare_request_free,
                                       (GDestroyNotify)unpark_compare_result_unref};
  UnparkCompareView *self = UNPARK_COMPARE_VIEW(page);
  UnparkCompareRequest request = {
      .keeper = self->other,
      .filter = (char *)unpark_session_get_filter(page->session),
      .by = (UnparkCompareBy)gtk_drop_down_get_selected(GTK_DROP_DOWN(self->by)),
      .per = (UnparkComparePer)gtk_drop_down_get_selected(GTK_DROP_DOWN(self->per))};
  if (!self->other) {
    unpark_page_say(page, _("Nothing to Compare With"),
                    _("Choose Compare With… to name the file, or the time, that was before."));
    return;
  }
  fill_ask(self, FALSE, &request.a);
  fill_ask(self, TRUE, &request.b);
  if (unpark_store_source(request.a.store)->kind == UNPARK_SOURCE_TRACE &&
      unpark_store_source(request.b.store)->kind == UNPARK_SOURCE_TRACE)
    align(self, &request);
  unpark_page_run(page, &comparing, unpark_compare_request_new(&request));
}

static void make_scope(UnparkCompareView *self, gboolean is_b) {
  GtkWidget *scope = unpark_time_scope_new(session_of(self, is_b));
  g_signal_connect_object(scope, "changed", G_CALLBACK(unpark_page_reload), self,
                          G_CONNECT_SWAPPED);
  adw_bin_set_child(ADW_BIN(is_b ? self->scope_b : self->scope_a), scope);
}

static gboolean is_trace(UnparkSession *session) {
  return unpark_store_source(unpark_session_get_store(session))->kind == UNPARK_SOURCE_TRACE;
}

/* The sides are others, or exchanged. */
static void arrange(UnparkCompareView *self) {
  gboolean traces = is_trace(self->session) && is_trace(self->page.session);
  make_scope(self, FALSE);
  make_scope(self, TRUE);
  unpark_compare_timelines_show(UNPARK_COMPARE_TIMELINES(self->timelines),
                                traces ? session_of(self, FALSE) : NULL,
                                traces ? session_of(self, TRUE) : NULL);
  unpark_page_reload(&self->page);
}

static void on_other(UnparkCompareView *self) {
  UnparkOther *other = unpark_session_get_other(self->page.session);
  gint64 from, to;
  if (!other || !unpark_session_get_store(self->page.session))
    return;
  g_set_object(&self->other, other);
  g_clear_object(&self->session);
  self->session = unpark_session_new();
  self->swapped = FALSE;
  unpark_session_set_store(self->session, unpark_other_get_store(other));
  if (unpark_other_get_time(other, &from, &to))
    unpark_session_select_time(self->session, from, to);
  arrange(self);
}

static void on_swap(UnparkCompareView *self) {
  self->swapped = !self->swapped;
  if (self->other)
    arrange(self);
}

/* ---- Rows that are shown -------------------------------------------------------------------- */

static gboolean contains(const char *text, const char *needle) {
  g_autofree char *folded = g_utf8_casefold(text, -1);
  return strstr(folded, needle) != NULL;
}

static gboolean passes(gpointer item, gpointer data) {
  UnparkCompareView *self = data;
  const UnparkCompareRow *row = unpark_compare_columns_row(item);
  if (gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(self->clear)) &&
      row->verdict == UNPARK_VERDICT_UNCLEAR)
    return FALSE;
  return *self->needle == '\0' || contains(row->name, self->needle) ||
         contains(row->stack, self->needle) || contains(row->kind, self->needle);
}

static void refilter(UnparkCompareView *self) {
  gtk_filter_changed(self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  show_counts(self);
}

static void on_clear(UnparkCompareView *self) {
  refilter(self);
}

static void find(UnparkPage *page, const char *text) {
  UnparkCompareView *self = UNPARK_COMPARE_VIEW(page);
  g_free(self->needle);
  self->needle = g_utf8_casefold(text, -1);
  refilter(self);
}

/* ---- Copying and saving --------------------------------------------------------------------- */

static void copy(UnparkPage *page) {
  UnparkCompareView *self = UNPARK_COMPARE_VIEW(page);
  if (!self->result)
    return;
  g_autofree char *table =
      unpark_table_text(GTK_COLUMN_VIEW(self->table), -1, UNPARK_TABLE_MARKDOWN);
  g_autofree char *text =
      g_strdup_printf("%s\n\nA: %s\nB: %s\n\n%s", gtk_label_get_text(GTK_LABEL(self->answer)),
                      gtk_label_get_text(GTK_LABEL(self->facts_a)),
                      gtk_label_get_text(GTK_LABEL(self->facts_b)), table);
  gtk_widget_activate_action(GTK_WIDGET(page), "win.copy", "s", text);
}

/* Both forms of the table, of which the name chooses one. */
static char *text_as(gpointer data, const char *name) {
  char **texts = data;
  return g_strdup(texts[unpark_save_is(name, ".md") ? 1 : 0]);
}

static void export(UnparkPage *page) {
  UnparkCompareView *self = UNPARK_COMPARE_VIEW(page);
  GtkColumnView *table = GTK_COLUMN_VIEW(self->table);
  if (!self->result)
    return;
  char **texts = g_new0(char *, 3);
  texts[0] = unpark_table_text(table, -1, UNPARK_TABLE_CSV);
  texts[1] = unpark_table_text(table, -1, UNPARK_TABLE_MARKDOWN);
  unpark_save_text_as(GTK_WIDGET(page), _("Save the Changes (.csv or .md)"), "changes.csv", text_as,
                      texts, (GDestroyNotify)g_strfreev);
}

/* ---- Widget --------------------------------------------------------------------------------- */

static void begin(UnparkPage *page) {
  UnparkCompareView *self = UNPARK_COMPARE_VIEW(page);
  unpark_page_use_search(page, _("Find a place"), _("Find a place"));
  gtk_widget_set_tooltip_text(page->copy, _("Copy the changes as text (Ctrl+C)"));
  unpark_accessible_name(page->copy, _("Copy the changes as text"));
  gtk_widget_set_visible(page->copy, TRUE);
  g_signal_connect_object(page->session, "filter-changed", G_CALLBACK(unpark_page_reload), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(page->session, "other-changed", G_CALLBACK(on_other), self,
                          G_CONNECT_SWAPPED);
  on_other(self);
}

static void unpark_compare_view_finalize(GObject *object) {
  UnparkCompareView *self = UNPARK_COMPARE_VIEW(object);
  g_clear_pointer(&self->result, unpark_compare_result_unref);
  g_clear_object(&self->selection);
  g_clear_object(&self->items);
  g_clear_object(&self->session);
  g_clear_object(&self->other);
  g_free(self->needle);
  G_OBJECT_CLASS(unpark_compare_view_parent_class)->finalize(object);
}

#define BIND(child) gtk_widget_class_bind_template_child(widget_class, UnparkCompareView, child)

static void unpark_compare_view_class_init(UnparkCompareViewClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->finalize = unpark_compare_view_finalize;
  class->parent_class.begin = begin;
  class->parent_class.load = load;
  class->parent_class.find = find;
  class->parent_class.copy = copy;
  class->parent_class.export = export;
  g_type_ensure(UNPARK_TYPE_COMPARE_CHART);
  g_type_ensure(UNPARK_TYPE_COMPARE_FLAMES);
  g_type_ensure(UNPARK_TYPE_COMPARE_TIMELINES);
  unpark_page_class_set_template(class, "compare/view.ui");
  BIND(by);
  BIND(per);
  BIND(clear);
  BIND(columns);
  BIND(answer);
  BIND(facts_a);
  BIND(facts_b);
  BIND(scope_a);
  BIND(scope_b);
  BIND(paned);
  BIND(table);
  BIND(lower);
  BIND(stack);
  BIND(curves);
  BIND(chart);
  BIND(no_curve);
  BIND(flames);
  BIND(timelines);
  BIND(curves_page);
  BIND(flames_page);
  BIND(timelines_page);
  gtk_widget_class_bind_template_callback(widget_class, unpark_page_reload);
  gtk_widget_class_bind_template_callback(widget_class, on_clear);
  gtk_widget_class_bind_template_callback(widget_class, on_swap);
}

static void unpark_compare_view_init(UnparkCompareView *self) {
  GtkFilterListModel *filtered;
  self->needle = g_strdup("");
  self->items = g_list_store_new(UNPARK_TYPE_PROFILE_ITEM);
  gtk_widget_init_template(GTK_WIDGET(self));
  self->page.first = self->table;
  unpark_accessible_name(self->by, _("Group by"));
  unpark_accessible_name(self->per, _("What amounts are divided by"));
  self->filter = GTK_FILTER(gtk_custom_filter_new(passes, self, NULL));
  filtered = gtk_filter_list_model_new(g_object_ref(G_LIST_MODEL(self->items)), self->filter);
  self->selection =
      unpark_data_table_fill(self->table, unpark_compare_columns, G_LIST_MODEL(filtered), FALSE);
  g_signal_connect_object(self->selection, "notify::selected-item", G_CALLBACK(show_selected), self,
                          G_CONNECT_SWAPPED);
  unpark_columns_menu_attach(GTK_MENU_BUTTON(self->columns), GTK_COLUMN_VIEW(self->table),
                             "compare");
  unpark_divider_remember(GTK_PANED(self->paned), "compare.table-height", DEFAULT_TABLE_HEIGHT);
}

/* The document shows it when there is something to compare with. */
static gboolean applies(UnparkStore *store) {
  return FALSE;
}

static GtkWidget *create(UnparkSession *session) {
  return unpark_page_new(UNPARK_TYPE_COMPARE_VIEW, session);
}

/* Of traces the window's field filters goroutines of both sides. */
static GtkWidget *search(GtkWidget *widget) {
  return is_trace(UNPARK_PAGE(widget)->session) ? NULL : UNPARK_PAGE(widget)->search;
}

const UnparkView unpark_compare_view = {
    .name = "compare",
    .title = N_("Compare"),
    .icon = "unpark-both-symbolic",
    .applies = applies,
    .create = create,
    .focus = unpark_page_focus,
    .search = search,
    .export = unpark_page_export,
};
