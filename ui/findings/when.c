/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/findings/when.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "ui/kit/accessible.h"
#include "ui/kit/rgba.h"
#include "ui/text/format.h"

#define WIDTH 200
#define HEIGHT 36
#define GAP 1
#define MARK 2
/* What is there at all is seen. */
#define LEAST 2

struct _UnparkFindingWhen {
  GtkWidget parent_instance;
  gint64 when_ns[UNPARK_FINDING_BUCKETS];
  gint64 most_ns;
  double longest; /* where it began, from 0 to 1; negative: not known */
};

G_DEFINE_FINAL_TYPE(UnparkFindingWhen, unpark_finding_when, GTK_TYPE_WIDGET)

static void append(GtkSnapshot *snapshot, UnparkInk ink, float alpha, graphene_rect_t rect) {
  GdkRGBA color = unpark_ink(ink, alpha);
  gtk_snapshot_append_color(snapshot, &color, &rect);
}

static void unpark_finding_when_snapshot(GtkWidget *widget, GtkSnapshot *snapshot) {
  UnparkFindingWhen *self = UNPARK_FINDING_WHEN(widget);
  float width = (float)gtk_widget_get_width(widget), height = (float)gtk_widget_get_height(widget);
  float step = width / UNPARK_FINDING_BUCKETS;
  append(snapshot, UNPARK_INK_DIM_TEXT, 0.3f, GRAPHENE_RECT_INIT(0, height - 1, width, 1));
  for (guint i = 0; i < UNPARK_FINDING_BUCKETS; i++) {
    double part = (double)self->when_ns[i] / (double)MAX(self->most_ns, 1);
    float bar = self->when_ns[i] > 0 ? MAX((float)part * (height - 1), LEAST) : 0;
    append(snapshot, UNPARK_INK_ACCENT, 0.8f,
           GRAPHENE_RECT_INIT((float)i * step, height - 1 - bar, MAX(step - GAP, 1), bar));
  }
  if (self->longest >= 0)
    append(snapshot, UNPARK_INK_TEXT, 0.9f,
           GRAPHENE_RECT_INIT(MIN((float)self->longest * width, width - MARK), 0, MARK, height));
}

static void unpark_finding_when_measure(GtkWidget *widget, GtkOrientation orientation, int for_size,
                                        int *minimum, int *natural, int *minimum_baseline,
                                        int *natural_baseline) {
  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT : WIDTH;
}

static void unpark_finding_when_class_init(UnparkFindingWhenClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  widget_class->snapshot = unpark_finding_when_snapshot;
  widget_class->measure = unpark_finding_when_measure;
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void unpark_finding_when_init(UnparkFindingWhen *self) {
  g_signal_connect_object(adw_style_manager_get_default(), "notify::dark",
                          G_CALLBACK(gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
}

/* "From 0 s to 1.2 s: most of it began at 0.4 s". */
static char *words_of(const UnparkFindings *findings, const UnparkFinding *finding) {
  char from[UNPARK_FORMAT_SIZE], to[UNPARK_FORMAT_SIZE], most[UNPARK_FORMAT_SIZE];
  gint64 length = findings->to_ns - findings->from_ns;
  guint best = 0;
  for (guint i = 1; i < UNPARK_FINDING_BUCKETS; i++)
    if (finding->when_ns[i] > finding->when_ns[best])
      best = i;
  unpark_format_time(findings->from_ns, 1000000, from);
  unpark_format_time(findings->to_ns, 1000000, to);
  unpark_format_time(findings->from_ns + (gint64)((double)length * best / UNPARK_FINDING_BUCKETS),
                     1000000, most);
  return g_strdup_printf(_("When, from %s to %s: the most time was lost from %s on"), from, to,
                         most);
}

GtkWidget *unpark_finding_when_new(const UnparkFindings *findings, const UnparkFinding *finding) {
  UnparkFindingWhen *self = g_object_new(UNPARK_TYPE_FINDING_WHEN, NULL);
  double length = (double)MAX(findings->to_ns - findings->from_ns, 1);
  for (guint i = 0; i < UNPARK_FINDING_BUCKETS; i++) {
    self->when_ns[i] = finding->when_ns[i];
    self->most_ns = MAX(self->most_ns, finding->when_ns[i]);
  }
  if (self->most_ns <= 0) {
    g_object_unref(g_object_ref_sink(self));
    return NULL;
  }
  self->longest =
      finding->start_ns == UNPARK_NONE
          ? -1
          : CLAMP(((double)finding->start_ns - (double)findings->from_ns) / length, 0, 1);
  g_autofree char *words = words_of(findings, finding);
  unpark_accessible_name(GTK_WIDGET(self), words);
  gtk_widget_set_tooltip_text(GTK_WIDGET(self), words);
  return GTK_WIDGET(self);
}
