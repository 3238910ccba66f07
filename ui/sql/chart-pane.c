/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/sql/chart-pane.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ui/kit/save-text.h"
#include "ui/kit/worker.h"
#include "ui/kit/wrap-box.h"
#include "ui/sql/chart.h"
#include "ui/sql/paint.h"
#include "ui/sql/place.h"

#define MAX_NAME 24

struct _UnparkSqlChartPane {
  GtkWidget parent_instance;

  UnparkSession *session;
  UnparkSqlResult *result;
  UnparkSqlSeries *series; /* what is shown */
  UnparkWorker worker;
  gboolean filling; /* the choices are being set up */

  GtkWidget *box, *kind, *x, *y, *told, *save, *scrolled, *chart;
};

G_DEFINE_FINAL_TYPE(UnparkSqlChartPane, unpark_sql_chart_pane, GTK_TYPE_WIDGET)

/* ---- Reading the columns ------------------------------------------------------------------ */

typedef struct {
  UnparkSqlResult *result;
  UnparkSqlChartKind kind;
  guint x, y;
} Order;

static void order_free(gpointer data) {
  unpark_sql_result_unref(((Order *)data)->result);
  g_free(data);
}

static gpointer read_series(gpointer data, GCancellable *cancellable, GError **error) {
  const Order *order = data;
  return unpark_sql_series_new(order->result, order->kind, order->x, order->y);
}

static void on_picked(UnparkSqlChart *chart, int point, UnparkSqlChartPane *self) {
  char x[UNPARK_FORMAT_SIZE], y[UNPARK_FORMAT_SIZE];
  g_autofree char *text =
      point < 0 || !self->series
          ? NULL
          : g_strdup_printf("%s: %s", unpark_sql_series_x_text(self->series, (guint)point, x),
                            unpark_sql_series_y_text(self->series, (guint)point, y));
  gtk_label_set_text(GTK_LABEL(self->told), text ? text : "");
}

static void on_series(gpointer owner, gpointer data, gpointer result, const GError *error) {
  UnparkSqlChartPane *self = owner;
  g_clear_pointer(&self->series, unpark_sql_series_unref);
  self->series = result;
  unpark_sql_chart_show(UNPARK_SQL_CHART(self->chart), self->series);
  gtk_widget_set_sensitive(self->save, self->series->n > 0);
  if (self->series->n == 0)
    gtk_label_set_text(GTK_LABEL(self->told), _("These columns have no numbers"));
}

static void update(UnparkSqlChartPane *self) {
  static const UnparkWork reading = {read_series, on_series, order_free,
                                     (GDestroyNotify)unpark_sql_series_unref};
  guint x = gtk_drop_down_get_selected(GTK_DROP_DOWN(self->x));
  guint y = gtk_drop_down_get_selected(GTK_DROP_DOWN(self->y));
  if (!self->result || x >= self->result->n_columns || y >= self->result->n_columns)
    return;
  Order *order = g_new(Order, 1);
  *order = (Order){unpark_sql_result_ref(self->result),
                   (UnparkSqlChartKind)gtk_drop_down_get_selected(GTK_DROP_DOWN(self->kind)), x, y};
  unpark_worker_run(&self->worker, self, &reading, order);
}

static void on_choice(UnparkSqlChartPane *self) {
  if (!self->filling)
    update(self);
}

/* ---- Choices ------------------------------------------------------------------------------ */

/* The name of the chosen column of the present result. */
static char *chosen(UnparkSqlChartPane *self, GtkWidget *drop_down) {
  guint i = gtk_drop_down_get_selected(GTK_DROP_DOWN(drop_down));
  return self->result && i < self->result->n_columns ? g_strdup(self->result->columns[i]) : NULL;
}

/* An expression without a name of its own may be long. */
static GListModel *names(const UnparkSqlResult *result) {
  GtkStringList *list = gtk_string_list_new(NULL);
  for (guint i = 0; i < result->n_columns; i++) {
    const char *name = result->columns[i];
    g_autofree char *start = g_utf8_substring(name, 0, MIN(g_utf8_strlen(name, -1), MAX_NAME));
    gtk_string_list_take(
        list, g_strconcat(start, *name && strlen(start) < strlen(name) ? "…" : "", NULL));
  }
  return G_LIST_MODEL(list);
}

void unpark_sql_chart_pane_show(UnparkSqlChartPane *self, UnparkSqlResult *result) {
  g_autofree char *old_x = chosen(self, self->x), *old_y = chosen(self, self->y);
  UnparkSqlChartKind kind = UNPARK_SQL_BARS;
  guint x = 0, y = 0;
  if (result == self->result)
    return;
  g_clear_pointer(&self->result, unpark_sql_result_unref);
  unpark_worker_cancel(&self->worker);
  unpark_sql_chart_show(UNPARK_SQL_CHART(self->chart), NULL);
  self->result = unpark_sql_result_ref(result);
  int same_x = old_x ? unpark_sql_result_column(result, old_x) : -1;
  int same_y = old_y ? unpark_sql_result_column(result, old_y) : -1;
  self->filling = TRUE;
  g_autoptr(GListModel) columns = names(result);
  gtk_drop_down_set_model(GTK_DROP_DOWN(self->x), columns);
  gtk_drop_down_set_model(GTK_DROP_DOWN(self->y), columns);
  if (same_x >= 0 && same_y >= 0 && result->numeric[same_y]) {
    x = (guint)same_x;
    y = (guint)same_y;
  } else if (unpark_sql_series_choose(result, &kind, &x, &y)) {
    gtk_drop_down_set_selected(GTK_DROP_DOWN(self->kind), kind);
  }
  gtk_drop_down_set_selected(GTK_DROP_DOWN(self->x), x);
  gtk_drop_down_set_selected(GTK_DROP_DOWN(self->y), y);
  self->filling = FALSE;
  update(self);
}

/* ---- Saving ------------------------------------------------------------------------------- */

static char *make_svg(gpointer series) {
  g_autofree char *title = unpark_sql_series_describe(series);
  return unpark_sql_svg(series, title);
}

void unpark_sql_chart_pane_save(UnparkSqlChartPane *self) {
  if (self->series && self->series->n > 0)
    unpark_save_text(GTK_WIDGET(self), _("Save the Chart"), "query.svg", make_svg,
                     unpark_sql_series_ref(self->series), (GDestroyNotify)unpark_sql_series_unref);
}

/* ---- Widget ------------------------------------------------------------------------------- */

static void on_row_activated(UnparkSqlChart *chart, guint row, UnparkSqlChartPane *self) {
  unpark_sql_go_to_row(self->session, self->series->result, row);
}

static void unpark_sql_chart_pane_dispose(GObject *object) {
  UnparkSqlChartPane *self = UNPARK_SQL_CHART_PANE(object);
  unpark_worker_cancel(&self->worker);
  self->filling = TRUE;
  g_clear_pointer(&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS(unpark_sql_chart_pane_parent_class)->dispose(object);
}

static void unpark_sql_chart_pane_finalize(GObject *object) {
  UnparkSqlChartPane *self = UNPARK_SQL_CHART_PANE(object);
  g_clear_pointer(&self->series, unpark_sql_series_unref);
  g_clear_pointer(&self->result, unpark_sql_result_unref);
  g_clear_object(&self->session);
  G_OBJECT_CLASS(unpark_sql_chart_pane_parent_class)->finalize(object);
}

static void unpark_sql_chart_pane_class_init(UnparkSqlChartPaneClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = unpark_sql_chart_pane_dispose;
  G_OBJECT_CLASS(class)->finalize = unpark_sql_chart_pane_finalize;
  g_type_ensure(UNPARK_TYPE_WRAP_BOX);
  gtk_widget_class_set_template_from_resource(widget_class,
                                              "/io/github/unpark/Unpark/ui/sql/chart-pane.ui");
  gtk_widget_class_bind_template_child(widget_class, UnparkSqlChartPane, box);
  gtk_widget_class_bind_template_child(widget_class, UnparkSqlChartPane, kind);
  gtk_widget_class_bind_template_child(widget_class, UnparkSqlChartPane, x);
  gtk_widget_class_bind_template_child(widget_class, UnparkSqlChartPane, y);
  gtk_widget_class_bind_template_child(widget_class, UnparkSqlChartPane, told);
  gtk_widget_class_bind_template_child(widget_class, UnparkSqlChartPane, save);
  gtk_widget_class_bind_template_child(widget_class, UnparkSqlChartPane, scrolled);
  gtk_widget_class_bind_template_callback(widget_class, on_choice);
  gtk_widget_class_bind_template_callback(widget_class, unpark_sql_chart_pane_save);
}

static void unpark_sql_chart_pane_init(UnparkSqlChartPane *self) {
  gtk_widget_init_template(GTK_WIDGET(self));
  self->chart = unpark_sql_chart_new();
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(self->scrolled), self->chart);
  g_signal_connect(self->chart, "picked", G_CALLBACK(on_picked), self);
  g_signal_connect(self->chart, "row-activated", G_CALLBACK(on_row_activated), self);
}

GtkWidget *unpark_sql_chart_pane_new(UnparkSession *session) {
  UnparkSqlChartPane *self = g_object_new(UNPARK_TYPE_SQL_CHART_PANE, NULL);
  self->session = g_object_ref(session);
  return GTK_WIDGET(self);
}
