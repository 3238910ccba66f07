/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/compare/timelines.h"

#include "ui/timeline/ruler.h"
#include "ui/timeline/timeline.h"

enum { SIDE_A, SIDE_B, N_SIDES };

typedef struct {
  UnparkSession *session;
  gulong handler;
  GtkWidget *head, *corner, *scrolled; /* of the template */
  GtkWidget *timeline, *ruler;
} Side;

struct _UnparkCompareTimelines {
  GtkWidget parent_instance;
  GtkWidget *box;
  Side side[N_SIDES];
  double shift_ns; /* from a time of A to that of B */
  gboolean following;
};

G_DEFINE_FINAL_TYPE(UnparkCompareTimelines, unpark_compare_timelines, GTK_TYPE_WIDGET)

static void follow(UnparkCompareTimelines *self, int moved) {
  Side *from = &self->side[moved], *to = &self->side[!moved];
  double shift = moved == SIDE_A ? self->shift_ns : -self->shift_ns, begin, end;
  if (self->following || !from->session || !to->session)
    return;
  self->following = TRUE;
  unpark_session_get_visible(from->session, &begin, &end);
  unpark_session_set_visible(to->session, begin + shift, end + shift);
  self->following = FALSE;
}

static void on_visible(UnparkSession *session, UnparkCompareTimelines *self) {
  follow(self, session == self->side[SIDE_A].session ? SIDE_A : SIDE_B);
}

static void on_header(UnparkTimeline *timeline, Side *side) {
  gtk_widget_set_size_request(side->corner, (int)unpark_timeline_get_header_width(timeline), -1);
}

static void side_clear(Side *side) {
  if (side->session)
    g_signal_handler_disconnect(side->session, side->handler);
  g_clear_object(&side->session);
  if (side->ruler)
    gtk_box_remove(GTK_BOX(side->head), side->ruler);
  if (side->timeline)
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(side->scrolled), NULL);
  side->ruler = side->timeline = NULL;
}

static void side_show(UnparkCompareTimelines *self, Side *side, UnparkSession *session) {
  side->session = g_object_ref(session);
  side->handler = g_signal_connect(session, "visible-changed", G_CALLBACK(on_visible), self);
  side->timeline = unpark_timeline_new(session);
  side->ruler = unpark_ruler_new(session, UNPARK_TIMELINE(side->timeline));
  gtk_widget_set_hexpand(side->ruler, TRUE);
  gtk_box_append(GTK_BOX(side->head), side->ruler);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(side->scrolled), side->timeline);
  g_signal_connect(side->timeline, "header-width-changed", G_CALLBACK(on_header), side);
  on_header(UNPARK_TIMELINE(side->timeline), side);
}

void unpark_compare_timelines_show(UnparkCompareTimelines *self, UnparkSession *a,
                                   UnparkSession *b) {
  UnparkSession *const sessions[] = {a, b};
  if (self->side[SIDE_A].session == a && self->side[SIDE_B].session == b)
    return;
  for (int i = 0; i < N_SIDES; i++)
    side_clear(&self->side[i]);
  for (int i = 0; i < N_SIDES && a && b; i++)
    side_show(self, &self->side[i], sessions[i]);
}

void unpark_compare_timelines_set_zero(UnparkCompareTimelines *self, gint64 a_ns, gint64 b_ns) {
  self->shift_ns = (double)b_ns - (double)a_ns;
  follow(self, SIDE_B);
}

static void unpark_compare_timelines_dispose(GObject *object) {
  UnparkCompareTimelines *self = UNPARK_COMPARE_TIMELINES(object);
  for (int i = 0; i < N_SIDES && self->box; i++)
    side_clear(&self->side[i]);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS(unpark_compare_timelines_parent_class)->dispose(object);
}

#define BIND(name, member)                                                                         \
  gtk_widget_class_bind_template_child_full(widget_class, name, FALSE,                             \
                                            G_STRUCT_OFFSET(UnparkCompareTimelines, member))

static void unpark_compare_timelines_class_init(UnparkCompareTimelinesClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = unpark_compare_timelines_dispose;
  gtk_widget_class_set_template_from_resource(widget_class,
                                              "/io/github/unpark/Unpark/ui/compare/timelines.ui");
  BIND("box", box);
  BIND("head_a", side[SIDE_A].head);
  BIND("corner_a", side[SIDE_A].corner);
  BIND("scrolled_a", side[SIDE_A].scrolled);
  BIND("head_b", side[SIDE_B].head);
  BIND("corner_b", side[SIDE_B].corner);
  BIND("scrolled_b", side[SIDE_B].scrolled);
}

static void unpark_compare_timelines_init(UnparkCompareTimelines *self) {
  gtk_widget_init_template(GTK_WIDGET(self));
}
