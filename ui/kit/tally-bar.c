/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/kit/tally-bar.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "ui/kit/accessible.h"
#include "ui/text/format.h"
#include "ui/kit/rgba.h"

#define WIDTH 120
#define HEIGHT 12
#define RADIUS 2
#define FIRST_WAIT 3
#define N_PARTS (FIRST_WAIT + UNPARK_N_WAITS)

struct _UnparkTallyBar {
  GtkWidget parent_instance;
  UnparkTally tally;
  gboolean without_waits;
};

G_DEFINE_FINAL_TYPE(UnparkTallyBar, unpark_tally_bar, GTK_TYPE_WIDGET)

typedef struct {
  gint64 ns;
  guint class_id;
  const char *name; /* translatable */
} Part;

/* In the order in which they are drawn. */
static void split(const UnparkTally *tally, Part parts[N_PARTS]) {
  guint n = 0;
  parts[n++] = (Part){tally->state_ns[UNPARK_STATE_RUNNING], UNPARK_CLASS_RUNNING, N_("running")};
  parts[n++] =
      (Part){tally->state_ns[UNPARK_STATE_RUNNABLE], UNPARK_CLASS_RUNNABLE, N_("runnable")};
  parts[n++] =
      (Part){tally->state_ns[UNPARK_STATE_SYSCALL], UNPARK_CLASS_SYSCALL, N_("in system calls")};
  for (guint i = 0; i < UNPARK_N_WAITS; i++)
    parts[n++] = (Part){tally->wait_ns[i], UNPARK_CLASS_WAIT + i, unpark_wait_words((UnparkWait)i)};
}

static int greater_first(const void *a, const void *b) {
  const Part *x = a, *y = b;
  return x->ns > y->ns ? -1 : x->ns < y->ns;
}

char *unpark_tally_words(const UnparkTally *tally) {
  g_autoptr(GString) words = g_string_new(NULL);
  double total = (double)unpark_tally_total(tally);
  Part parts[N_PARTS];
  split(tally, parts);
  qsort(parts, N_PARTS, sizeof *parts, greater_first);
  for (guint i = 0; i < N_PARTS && parts[i].ns > 0; i++) {
    char time[UNPARK_FORMAT_SIZE], share[UNPARK_FORMAT_SIZE];
    unpark_format_duration(parts[i].ns, time);
    unpark_format_share((double)parts[i].ns, total, share);
    g_string_append_printf(words, "%s%s %s (%s)", words->len ? "\n" : "", _(parts[i].name), time,
                           share);
  }
  return g_string_free(g_steal_pointer(&words), FALSE);
}

int unpark_tally_compare(const UnparkTally *a, const UnparkTally *b) {
  double p = (double)a->state_ns[UNPARK_STATE_WAITING] / (double)MAX(unpark_tally_total(a), 1);
  double q = (double)b->state_ns[UNPARK_STATE_WAITING] / (double)MAX(unpark_tally_total(b), 1);
  return (p < q) - (p > q);
}

static gint64 drawn_total(UnparkTallyBar *self) {
  gint64 total = unpark_tally_total(&self->tally);
  return self->without_waits ? total - self->tally.state_ns[UNPARK_STATE_WAITING] : total;
}

void unpark_tally_bar_set_waits(UnparkTallyBar *self, gboolean waits) {
  self->without_waits = !waits;
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

static void unpark_tally_bar_snapshot(GtkWidget *widget, GtkSnapshot *snapshot) {
  UnparkTallyBar *self = UNPARK_TALLY_BAR(widget);
  gboolean dark = adw_style_manager_get_dark(adw_style_manager_get_default());
  float width = (float)gtk_widget_get_width(widget), height = (float)gtk_widget_get_height(widget);
  double total = (double)drawn_total(self), at = 0;
  graphene_rect_t all = GRAPHENE_RECT_INIT(0, (float)(int)((height - HEIGHT) / 2), width, HEIGHT);
  GskRoundedRect rounded;
  Part parts[N_PARTS];
  if (total <= 0)
    return;
  split(&self->tally, parts);
  gsk_rounded_rect_init_from_rect(&rounded, &all, RADIUS);
  gtk_snapshot_push_rounded_clip(snapshot, &rounded);
  for (guint i = 0; i < (self->without_waits ? FIRST_WAIT : N_PARTS); i++) {
    guint32 rgb = unpark_palette_fill(parts[i].class_id, dark);
    GdkRGBA colour = unpark_rgba(rgb, 1);
    double until = at + (double)parts[i].ns / total * width;
    if (parts[i].ns > 0)
      gtk_snapshot_append_color(
          snapshot, &colour,
          &GRAPHENE_RECT_INIT((float)at, all.origin.y, (float)(until - at), HEIGHT));
    at = until;
  }
  gtk_snapshot_pop(snapshot);
}

static void unpark_tally_bar_measure(GtkWidget *widget, GtkOrientation orientation, int for_size,
                                     int *minimum, int *natural, int *minimum_baseline,
                                     int *natural_baseline) {
  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT : WIDTH;
}

static gboolean on_tooltip(GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip,
                           gpointer data) {
  g_autofree char *words = unpark_tally_words(&UNPARK_TALLY_BAR(widget)->tally);
  gtk_tooltip_set_text(tooltip, words);
  return *words != '\0';
}

static void unpark_tally_bar_class_init(UnparkTallyBarClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  widget_class->snapshot = unpark_tally_bar_snapshot;
  widget_class->measure = unpark_tally_bar_measure;
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void unpark_tally_bar_init(UnparkTallyBar *self) {
  gtk_widget_set_has_tooltip(GTK_WIDGET(self), TRUE);
  g_signal_connect(self, "query-tooltip", G_CALLBACK(on_tooltip), NULL);
  g_signal_connect_object(adw_style_manager_get_default(), "notify::dark",
                          G_CALLBACK(gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
}

GtkWidget *unpark_tally_bar_new(void) {
  return g_object_new(UNPARK_TYPE_TALLY_BAR, NULL);
}

void unpark_tally_bar_set(UnparkTallyBar *self, const UnparkTally *tally) {
  self->tally = *tally;
  g_autofree char *words = unpark_tally_words(tally);
  unpark_accessible_name(GTK_WIDGET(self), words);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

char *unpark_tally_bar_words(UnparkTallyBar *self) {
  return unpark_tally_words(&self->tally);
}

guint unpark_tally_part_class(guint part) {
  static const UnparkTally none;
  Part parts[N_PARTS];
  split(&none, parts);
  return part < N_PARTS ? parts[part].class_id : UNPARK_CLASS_NONE;
}

const char *unpark_tally_part_name(guint part) {
  static const UnparkTally none;
  Part parts[N_PARTS];
  split(&none, parts);
  return part < N_PARTS ? _(parts[part].name) : "";
}
