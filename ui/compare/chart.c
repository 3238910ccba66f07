/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/compare/chart.h"

#include <glib/gi18n.h>
#include <math.h>

#include "model/compare/words.h"
#include "ui/compare/layout.h"
#include "ui/kit/accessible.h"
#include "ui/kit/rgba.h"
#include "ui/text/format.h"

#define LEFT 64.0
#define RIGHT 24.0
#define TOP 30.0
#define BOTTOM 26.0
#define MIN_WIDTH 240
#define MIN_HEIGHT 120
#define MAX_TICKS 40

struct _UnparkCompareChart {
  GtkWidget parent_instance;
  UnparkCompareResult *result; /* NULL: nothing */
  guint row;
  int at; /* the quantile that is pointed at; -1 */
};

G_DEFINE_FINAL_TYPE(UnparkCompareChart, unpark_compare_chart, GTK_TYPE_WIDGET)

enum { SIDE_A, SIDE_B };

static const UnparkCompareCurve *curve_of(UnparkCompareChart *self) {
  const UnparkComparison *c = self->result ? self->result->comparison : NULL;
  return c ? c->curves[c->rows[self->row].place] : NULL;
}

static gboolean axes_of(UnparkCompareChart *self, UnparkCompareAxes *axes) {
  const UnparkCompareCurve *curve = curve_of(self);
  double width = gtk_widget_get_width(GTK_WIDGET(self)) - LEFT - RIGHT;
  double height = gtk_widget_get_height(GTK_WIDGET(self)) - TOP - BOTTOM;
  return curve && width > 20 && height > 20 && unpark_compare_axes(curve, width, height, axes);
}

static char *share_text(double share) {
  return g_strdup_printf("%.4g\u202f%%", share * 100);
}

/* ---- Pointing ------------------------------------------------------------------------------ */

static char *words_at(UnparkCompareChart *self, int at) {
  const UnparkCompareCurve *curve = curve_of(self);
  char a[UNPARK_FORMAT_SIZE], b[UNPARK_FORMAT_SIZE];
  g_autofree char *share = share_text(unpark_compare_shares[at]);
  const UnparkCompareQuantile *x = &curve->a[at], *y = &curve->b[at];
  return g_strdup_printf(_("%s took at most %s in A, %s in B"), share,
                         isnan(x->ns) ? "–" : unpark_format_duration((gint64)x->ns, a),
                         isnan(y->ns) ? "–" : unpark_format_duration((gint64)y->ns, b));
}

static void point(UnparkCompareChart *self, int at) {
  if (self->at == at)
    return;
  self->at = at;
  g_autofree char *words = at >= 0 ? words_at(self, at) : NULL;
  gtk_widget_set_tooltip_text(GTK_WIDGET(self), words);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                 words ? words : "", -1);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

static void on_motion(GtkEventControllerMotion *motion, double x, double y,
                      UnparkCompareChart *self) {
  UnparkCompareAxes axes;
  if (axes_of(self, &axes))
    point(self, unpark_compare_axes_share(&axes, x - LEFT));
}

static void on_leave(GtkEventControllerMotion *motion, UnparkCompareChart *self) {
  point(self, -1);
}

static gboolean is_known(UnparkCompareChart *self, int at) {
  const UnparkCompareCurve *curve = curve_of(self);
  return at >= 0 && at < UNPARK_COMPARE_SHARES &&
         !(isnan(curve->a[at].ns) && isnan(curve->b[at].ns));
}

static gboolean on_key(GtkEventControllerKey *key, guint keyval, guint code, GdkModifierType state,
                       UnparkCompareChart *self) {
  int step = keyval == GDK_KEY_Right ? 1 : keyval == GDK_KEY_Left ? -1 : 0;
  if (!step || !curve_of(self) || (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)))
    return GDK_EVENT_PROPAGATE;
  int at = self->at < 0 && step < 0 ? UNPARK_COMPARE_SHARES : self->at;
  do
    at += step;
  while (at >= 0 && at < UNPARK_COMPARE_SHARES && !is_known(self, at));
  if (is_known(self, at))
    point(self, at);
  return GDK_EVENT_STOP;
}

/* ---- Painting ------------------------------------------------------------------------------ */

typedef struct {
  cairo_t *cr;
  PangoLayout *layout;
  UnparkCompareAxes axes;
  const UnparkCompareCurve *curve;
  gboolean dark;
} Painter;

static void set_rgb(Painter *p, guint32 rgb, double alpha) {
  unpark_palette_set_source(p->cr, rgb, alpha);
}

static void set_ink(Painter *p, UnparkInk ink, double alpha) {
  set_rgb(p, unpark_palette_ink(ink, p->dark), alpha);
}

static void set_side(Painter *p, int side, double alpha) {
  set_rgb(p,
          side == SIDE_A ? unpark_palette_ink(UNPARK_INK_ACCENT, p->dark)
                         : unpark_palette_fill(UNPARK_CLASS_RUNNABLE, p->dark),
          alpha);
}

static double text(Painter *p, const char *what, double x, double y, double xalign, double yalign) {
  int w, h;
  pango_layout_set_text(p->layout, what, -1);
  pango_layout_get_pixel_size(p->layout, &w, &h);
  cairo_move_to(p->cr, round(x - w * xalign), round(y - h * yalign));
  pango_cairo_show_layout(p->cr, p->layout);
  cairo_new_path(p->cr); /* or what is drawn next would begin at the text */
  return w;
}

static void line(Painter *p, double x1, double y1, double x2, double y2) {
  cairo_set_line_width(p->cr, 1);
  cairo_move_to(p->cr, x1, y1);
  cairo_line_to(p->cr, x2, y2);
  cairo_stroke(p->cr);
}

static void paint_axes(Painter *p) {
  static const double shares[] = {0, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999};
  double ticks[MAX_TICKS], last = -100;
  guint n = unpark_compare_axes_ticks(&p->axes, ticks, MAX_TICKS);
  char buf[UNPARK_FORMAT_SIZE];
  for (guint i = 0; i < n; i++) {
    double y = floor(TOP + unpark_compare_axes_y(&p->axes, ticks[i])) + 0.5;
    set_ink(p, UNPARK_INK_LINE, 1);
    line(p, LEFT, y, LEFT + p->axes.width, y);
    set_ink(p, UNPARK_INK_DIM_TEXT, 1);
    text(p, unpark_format_duration((gint64)ticks[i], buf), LEFT - 8, y, 1, 0.5);
  }
  for (guint i = 0; i < G_N_ELEMENTS(shares); i++) {
    double x = floor(LEFT + unpark_compare_axes_x(&p->axes, shares[i])) + 0.5;
    if (x > LEFT + p->axes.width + 1 || x - last < 44)
      continue;
    g_autofree char *share = share_text(shares[i]);
    last = x;
    set_ink(p, UNPARK_INK_LINE, 1);
    line(p, x, TOP, x, TOP + p->axes.height + 4);
    set_ink(p, UNPARK_INK_DIM_TEXT, 1);
    text(p, share, x, TOP + p->axes.height + 6, 0.5, 0);
  }
}

static void trace_band(Painter *p, const UnparkCompareQuantile *side) {
  int first = -1, last = -1;
  for (int i = 0; i < UNPARK_COMPARE_SHARES; i++)
    if (!isnan(side[i].ns)) {
      first = first < 0 ? i : first;
      last = i;
    }
  if (first < 0)
    return;
  for (int i = first; i <= last; i++)
    cairo_line_to(p->cr, LEFT + unpark_compare_axes_x(&p->axes, unpark_compare_shares[i]),
                  TOP + unpark_compare_axes_y(&p->axes, side[i].high));
  for (int i = last; i >= first; i--)
    cairo_line_to(p->cr, LEFT + unpark_compare_axes_x(&p->axes, unpark_compare_shares[i]),
                  TOP + unpark_compare_axes_y(&p->axes, side[i].low));
  cairo_close_path(p->cr);
}

static void paint_side(Painter *p, int which) {
  const UnparkCompareQuantile *side = which == SIDE_A ? p->curve->a : p->curve->b;
  trace_band(p, side);
  set_side(p, which, 0.22);
  cairo_fill(p->cr);
  for (int i = 0; i < UNPARK_COMPARE_SHARES; i++)
    if (!isnan(side[i].ns))
      cairo_line_to(p->cr, LEFT + unpark_compare_axes_x(&p->axes, unpark_compare_shares[i]),
                    TOP + unpark_compare_axes_y(&p->axes, side[i].ns));
  set_side(p, which, 1);
  cairo_set_line_width(p->cr, 2);
  cairo_stroke(p->cr);
}

/* Which line is which, and what is pointed at. */
static void paint_legend(UnparkCompareChart *self, Painter *p) {
  static const char *const names[] = {"A", "B"};
  double x = LEFT;
  for (int side = SIDE_A; side <= SIDE_B; side++) {
    set_side(p, side, 1);
    cairo_rectangle(p->cr, x, 11, 14, 8);
    cairo_fill(p->cr);
    set_ink(p, UNPARK_INK_TEXT, 1);
    x += 20 + text(p, names[side], x + 20, 15, 0, 0.5) + 16;
  }
  if (self->at < 0) {
    set_ink(p, UNPARK_INK_DIM_TEXT, 1);
    text(p, _("How long they took, by the share that took at most as long; 95 % bands"), x, 15, 0,
         0.5);
    return;
  }
  g_autofree char *words = words_at(self, self->at);
  double at = LEFT + unpark_compare_axes_x(&p->axes, unpark_compare_shares[self->at]);
  set_ink(p, UNPARK_INK_ACCENT, 1);
  line(p, floor(at) + 0.5, TOP, floor(at) + 0.5, TOP + p->axes.height);
  set_ink(p, UNPARK_INK_TEXT, 1);
  text(p, words, x, 15, 0, 0.5);
}

static void unpark_compare_chart_snapshot(GtkWidget *widget, GtkSnapshot *snapshot) {
  UnparkCompareChart *self = UNPARK_COMPARE_CHART(widget);
  float width = (float)gtk_widget_get_width(widget), height = (float)gtk_widget_get_height(widget);
  Painter p = {.curve = curve_of(self),
               .dark = adw_style_manager_get_dark(adw_style_manager_get_default())};
  if (!axes_of(self, &p.axes))
    return;
  p.cr = gtk_snapshot_append_cairo(snapshot, &GRAPHENE_RECT_INIT(0, 0, width, height));
  p.layout = gtk_widget_create_pango_layout(widget, NULL);
  paint_axes(&p);
  paint_side(&p, SIDE_A);
  paint_side(&p, SIDE_B);
  paint_legend(self, &p);
  g_object_unref(p.layout);
  cairo_destroy(p.cr);
  if (gtk_widget_has_visible_focus(widget)) {
    const GdkRGBA colour = unpark_ink(UNPARK_INK_ACCENT, 0.5);
    const float widths[] = {2, 2, 2, 2};
    const GdkRGBA colours[] = {colour, colour, colour, colour};
    gtk_snapshot_append_border(snapshot, &GSK_ROUNDED_RECT_INIT(0, 0, width, height), widths,
                               colours);
  }
}

/* ---- Widget -------------------------------------------------------------------------------- */

static void unpark_compare_chart_measure(GtkWidget *widget, GtkOrientation orientation,
                                         int for_size, int *minimum, int *natural,
                                         int *minimum_baseline, int *natural_baseline) {
  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL ? MIN_HEIGHT : MIN_WIDTH;
}

static void unpark_compare_chart_finalize(GObject *object) {
  g_clear_pointer(&UNPARK_COMPARE_CHART(object)->result, unpark_compare_result_unref);
  G_OBJECT_CLASS(unpark_compare_chart_parent_class)->finalize(object);
}

static void unpark_compare_chart_class_init(UnparkCompareChartClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->finalize = unpark_compare_chart_finalize;
  widget_class->snapshot = unpark_compare_chart_snapshot;
  widget_class->measure = unpark_compare_chart_measure;
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void unpark_compare_chart_init(UnparkCompareChart *self) {
  GtkWidget *widget = GTK_WIDGET(self);
  GtkEventController *motion = gtk_event_controller_motion_new();
  GtkEventController *keys = gtk_event_controller_key_new();
  self->at = -1;
  gtk_widget_set_focusable(widget, TRUE);
  gtk_widget_set_hexpand(widget, TRUE);
  gtk_widget_set_vexpand(widget, TRUE);
  unpark_accessible_name(widget, _("Quantile curves"));
  g_signal_connect(motion, "motion", G_CALLBACK(on_motion), self);
  g_signal_connect(motion, "leave", G_CALLBACK(on_leave), self);
  g_signal_connect(keys, "key-pressed", G_CALLBACK(on_key), self);
  gtk_widget_add_controller(widget, motion);
  gtk_widget_add_controller(widget, keys);
  g_signal_connect_object(adw_style_manager_get_default(), "notify::dark",
                          G_CALLBACK(gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
}

gboolean unpark_compare_chart_show(UnparkCompareChart *self, UnparkCompareResult *result,
                                   guint row) {
  point(self, -1);
  g_clear_pointer(&self->result, unpark_compare_result_unref);
  self->result = result ? unpark_compare_result_ref(result) : NULL;
  self->row = row;
  gtk_widget_queue_draw(GTK_WIDGET(self));
  if (!curve_of(self))
    return FALSE;
  g_autofree char *name = unpark_compare_row_name(&result->comparison->rows[row]);
  g_autofree char *words = g_strdup_printf(_("Quantile curves of %s"), name);
  unpark_accessible_name(GTK_WIDGET(self), words);
  return TRUE;
}
