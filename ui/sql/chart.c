/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/sql/chart.h"

#include <adwaita.h>

#include "ui/kit/accessible.h"
#include "ui/kit/rgba.h"
#include "ui/sql/paint.h"

#define MIN_WIDTH 160

struct _UnparkSqlChart {
  GtkWidget parent_instance;

  UnparkSqlSeries *series;
  UnparkSqlPlot plot; /* for the size that it has */
  gboolean placed;    /* `plot` is of that size */
  int picked;
};

G_DEFINE_FINAL_TYPE(UnparkSqlChart, unpark_sql_chart, GTK_TYPE_WIDGET)

enum { PICKED, ROW_ACTIVATED, N_SIGNALS };
static guint signals[N_SIGNALS];

static UnparkSqlPicture picture_of(UnparkSqlChart *self) {
  return (UnparkSqlPicture){.series = self->series,
                            .width = gtk_widget_get_width(GTK_WIDGET(self)),
                            .height = gtk_widget_get_height(GTK_WIDGET(self)),
                            .dark = adw_style_manager_get_dark(adw_style_manager_get_default()),
                            .picked = self->picked};
}

static const UnparkSqlPlot *plot_of(UnparkSqlChart *self) {
  if (!self->placed) {
    UnparkSqlPicture picture = picture_of(self);
    unpark_sql_plot_clear(&self->plot);
    unpark_sql_plot_init(&self->plot, gtk_widget_get_pango_context(GTK_WIDGET(self)), &picture);
    self->placed = TRUE;
  }
  return &self->plot;
}

/* ---- Pointing ----------------------------------------------------------------------------- */

static void pick(UnparkSqlChart *self, int point) {
  if (self->picked == point)
    return;
  self->picked = point;
  gtk_widget_queue_draw(GTK_WIDGET(self));
  g_signal_emit(self, signals[PICKED], 0, point);
}

static void on_motion(GtkEventControllerMotion *motion, double x, double y, UnparkSqlChart *self) {
  if (self->series)
    pick(self, unpark_sql_plot_hit(plot_of(self), self->series, x, y));
}

static void on_leave(GtkEventControllerMotion *motion, UnparkSqlChart *self) {
  pick(self, -1);
}

static void activate(UnparkSqlChart *self) {
  if (self->series && self->picked >= 0)
    g_signal_emit(self, signals[ROW_ACTIVATED], 0, self->series->rows[self->picked]);
}

static void on_click(GtkGestureClick *click, int n, double x, double y, UnparkSqlChart *self) {
  gtk_widget_grab_focus(GTK_WIDGET(self));
  activate(self);
}

static gboolean on_key(GtkEventControllerKey *key, guint keyval, guint code, GdkModifierType state,
                       UnparkSqlChart *self) {
  int last = self->series ? (int)self->series->n - 1 : -1;
  if (last < 0 || (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)))
    return GDK_EVENT_PROPAGATE;
  switch (keyval) {
  case GDK_KEY_Left:
  case GDK_KEY_Up:
    pick(self, MAX(self->picked - 1, 0));
    return GDK_EVENT_STOP;
  case GDK_KEY_Right:
  case GDK_KEY_Down:
    pick(self, MIN(self->picked + 1, last));
    return GDK_EVENT_STOP;
  case GDK_KEY_Home:
    pick(self, 0);
    return GDK_EVENT_STOP;
  case GDK_KEY_End:
    pick(self, last);
    return GDK_EVENT_STOP;
  case GDK_KEY_Return:
  case GDK_KEY_KP_Enter:
    activate(self);
    return GDK_EVENT_STOP;
  default:
    return GDK_EVENT_PROPAGATE;
  }
}

/* ---- Widget ------------------------------------------------------------------------------- */

static void unpark_sql_chart_snapshot(GtkWidget *widget, GtkSnapshot *snapshot) {
  UnparkSqlChart *self = UNPARK_SQL_CHART(widget);
  float width = (float)gtk_widget_get_width(widget), height = (float)gtk_widget_get_height(widget);
  if (!self->series || width < 1 || height < 1)
    return;
  UnparkSqlPicture picture = picture_of(self);
  cairo_t *cr = gtk_snapshot_append_cairo(snapshot, &GRAPHENE_RECT_INIT(0, 0, width, height));
  unpark_sql_paint(cr, gtk_widget_get_pango_context(widget), &picture, plot_of(self));
  cairo_destroy(cr);
  if (gtk_widget_has_visible_focus(widget)) {
    const GdkRGBA colour = unpark_rgba(unpark_palette_ink(UNPARK_INK_ACCENT, picture.dark), 0.5);
    const float widths[] = {2, 2, 2, 2};
    const GdkRGBA colours[] = {colour, colour, colour, colour};
    gtk_snapshot_append_border(snapshot, &GSK_ROUNDED_RECT_INIT(0, 0, width, height), widths,
                               colours);
  }
}

static void unpark_sql_chart_measure(GtkWidget *widget, GtkOrientation orientation, int for_size,
                                     int *minimum, int *natural, int *minimum_baseline,
                                     int *natural_baseline) {
  UnparkSqlChart *self = UNPARK_SQL_CHART(widget);
  *minimum = *natural = MIN_WIDTH;
  if (orientation == GTK_ORIENTATION_VERTICAL && self->series)
    *minimum = *natural =
        (int)unpark_sql_picture_height(gtk_widget_get_pango_context(widget), self->series);
}

static void unpark_sql_chart_size_allocate(GtkWidget *widget, int width, int height, int baseline) {
  UNPARK_SQL_CHART(widget)->placed = FALSE;
}

static void unpark_sql_chart_css_changed(GtkWidget *widget, GtkCssStyleChange *change) {
  GTK_WIDGET_CLASS(unpark_sql_chart_parent_class)->css_changed(widget, change);
  UNPARK_SQL_CHART(widget)->placed = FALSE;
  gtk_widget_queue_resize(widget);
}

static void unpark_sql_chart_dispose(GObject *object) {
  g_signal_handlers_disconnect_by_data(adw_style_manager_get_default(), object);
  G_OBJECT_CLASS(unpark_sql_chart_parent_class)->dispose(object);
}

static void unpark_sql_chart_finalize(GObject *object) {
  UnparkSqlChart *self = UNPARK_SQL_CHART(object);
  unpark_sql_plot_clear(&self->plot);
  g_clear_pointer(&self->series, unpark_sql_series_unref);
  G_OBJECT_CLASS(unpark_sql_chart_parent_class)->finalize(object);
}

static void unpark_sql_chart_class_init(UnparkSqlChartClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = unpark_sql_chart_dispose;
  G_OBJECT_CLASS(class)->finalize = unpark_sql_chart_finalize;
  widget_class->snapshot = unpark_sql_chart_snapshot;
  widget_class->measure = unpark_sql_chart_measure;
  widget_class->size_allocate = unpark_sql_chart_size_allocate;
  widget_class->css_changed = unpark_sql_chart_css_changed;
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name(widget_class, "sqlchart");
  signals[PICKED] = g_signal_new("picked", UNPARK_TYPE_SQL_CHART, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  signals[ROW_ACTIVATED] = g_signal_new("row-activated", UNPARK_TYPE_SQL_CHART, G_SIGNAL_RUN_LAST,
                                        0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void unpark_sql_chart_init(UnparkSqlChart *self) {
  GtkWidget *widget = GTK_WIDGET(self);
  GtkEventController *motion = gtk_event_controller_motion_new();
  GtkEventController *keys = gtk_event_controller_key_new();
  GtkGesture *click = gtk_gesture_click_new();
  self->picked = -1;
  gtk_widget_set_focusable(widget, TRUE);
  gtk_widget_set_hexpand(widget, TRUE);
  gtk_widget_set_vexpand(widget, TRUE);
  g_signal_connect(motion, "motion", G_CALLBACK(on_motion), self);
  g_signal_connect(motion, "leave", G_CALLBACK(on_leave), self);
  g_signal_connect(keys, "key-pressed", G_CALLBACK(on_key), self);
  g_signal_connect(click, "released", G_CALLBACK(on_click), self);
  gtk_widget_add_controller(widget, motion);
  gtk_widget_add_controller(widget, keys);
  gtk_widget_add_controller(widget, GTK_EVENT_CONTROLLER(click));
  g_signal_connect_swapped(adw_style_manager_get_default(), "notify::dark",
                           G_CALLBACK(gtk_widget_queue_draw), self);
}

GtkWidget *unpark_sql_chart_new(void) {
  return g_object_new(UNPARK_TYPE_SQL_CHART, NULL);
}

void unpark_sql_chart_show(UnparkSqlChart *self, UnparkSqlSeries *series) {
  g_autofree char *words = series ? unpark_sql_series_describe(series) : g_strdup("");
  pick(self, -1);
  g_clear_pointer(&self->series, unpark_sql_series_unref);
  self->series = series ? unpark_sql_series_ref(series) : NULL;
  self->placed = FALSE;
  unpark_accessible_name(GTK_WIDGET(self), words);
  gtk_widget_queue_resize(GTK_WIDGET(self));
}
