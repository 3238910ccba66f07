/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bar above the graph: what is counted, of which part, and search. */
#include <glib/gi18n.h>

#include "ui/flame/view-private.h"
#include "ui/kit/accessible.h"
#include "ui/session/time-scope.h"

/* ---- What is counted --------------------------------------------------------------------- */

static void on_source(UnparkFlameView *self) {
  guint i = gtk_drop_down_get_selected(GTK_DROP_DOWN(self->bar.sources));
  const UnparkFlameStock *stock = self->job.stock;
  if (self->filling || !stock || i >= stock->offers->len)
    return;
  unpark_flame_options_set_source(&self->options, g_ptr_array_index(stock->offers, i));
  unpark_flame_view_update_options(self);
  unpark_flame_view_reload(self);
}

void unpark_flame_view_fill_sources(UnparkFlameView *self) {
  g_autoptr(GtkStringList) titles = gtk_string_list_new(NULL);
  GPtrArray *offers = self->job.stock->offers;
  guint chosen = 0;
  for (guint i = 0; i < offers->len; i++) {
    const UnparkFlameOffer *offer = g_ptr_array_index(offers, i);
    gtk_string_list_append(titles, offer->title);
    if (g_strcmp0(offer->title, self->options.query.source) == 0)
      chosen = i;
  }
  self->filling = TRUE;
  gtk_drop_down_set_model(GTK_DROP_DOWN(self->bar.sources), G_LIST_MODEL(titles));
  gtk_drop_down_set_selected(GTK_DROP_DOWN(self->bar.sources), chosen);
  gtk_widget_set_visible(self->bar.sources, offers->len > 1);
  self->filling = FALSE;
}

/* ---- Of which part ------------------------------------------------------------------------- */

/* They say what is shown: where no time is selected or nothing filtered, all of it. What one chose
 * counts again as soon as there is something to choose from. */
void unpark_flame_view_tell_scope(UnparkFlameView *self) {
  gint64 from, to;
  gboolean selected = unpark_session_get_selected_time(self->page.session, &from, &to);
  gboolean filters = *unpark_session_get_filter(self->page.session) != 0;
  UnparkFlameWho who = self->options.who;
  self->filling = TRUE;
  gtk_drop_down_set_selected(GTK_DROP_DOWN(self->bar.times),
                             selected && self->options.follow_time ? 0 : 1);
  gtk_widget_set_sensitive(self->bar.times, selected);
  gtk_widget_set_tooltip_text(
      self->bar.times, selected
                           ? _("Time range: the time selected on the timeline, or the whole trace")
                           : unpark_time_scope_hint());
  gtk_drop_down_set_selected(GTK_DROP_DOWN(self->bar.whos),
                             who == UNPARK_FLAME_WHO_FILTER && !filters ? UNPARK_FLAME_WHO_ALL
                                                                        : who);
  self->filling = FALSE;
}

static void on_time(UnparkFlameView *self) {
  if (self->filling)
    return;
  self->options.follow_time = gtk_drop_down_get_selected(GTK_DROP_DOWN(self->bar.times)) == 0;
  unpark_flame_view_reload(self);
}

static void on_who(UnparkFlameView *self) {
  gboolean task;
  if (self->filling)
    return;
  self->options.who = (UnparkFlameWho)gtk_drop_down_get_selected(GTK_DROP_DOWN(self->bar.whos));
  task = self->options.who == UNPARK_FLAME_WHO_TASK;
  gtk_widget_set_visible(self->bar.task, task);
  if (task)
    gtk_widget_grab_focus(self->bar.task);
  unpark_flame_view_reload(self);
}

static void on_task(UnparkFlameView *self) {
  const char *text = gtk_editable_get_text(GTK_EDITABLE(self->bar.task));
  if (!g_ascii_string_to_signed(text, 10, 0, G_MAXINT64, &self->options.task, NULL))
    self->options.task = UNPARK_NONE;
  unpark_flame_view_reload(self);
}

/* ---- Search --------------------------------------------------------------------------------- */

static void on_next(UnparkFlameView *self) {
  unpark_flame_graph_step_match(self->active, FALSE);
}

static void on_previous(UnparkFlameView *self) {
  unpark_flame_graph_step_match(self->active, TRUE);
}

/* ---- Widgets -------------------------------------------------------------------------------- */

#define BIND(child)                                                                                \
  gtk_widget_class_bind_template_child_full(class, #child, FALSE,                                  \
                                            G_STRUCT_OFFSET(UnparkFlameView, bar.child))

void unpark_flame_view_bind_bar(GtkWidgetClass *class) {
  BIND(sources);
  BIND(times);
  BIND(whos);
  BIND(task);
  BIND(search);
  BIND(regex);
  gtk_widget_class_bind_template_callback(class, on_source);
  gtk_widget_class_bind_template_callback(class, on_time);
  gtk_widget_class_bind_template_callback(class, on_who);
  gtk_widget_class_bind_template_callback(class, on_task);
  gtk_widget_class_bind_template_callback(class, on_next);
  gtk_widget_class_bind_template_callback(class, on_previous);
  gtk_widget_class_bind_template_callback(class, unpark_flame_view_search);
  gtk_widget_class_bind_template_callback(class, unpark_flame_view_stop_search);
}

void unpark_flame_view_init_bar(UnparkFlameView *self) {
  GtkWidget *const widgets[] = {self->bar.sources, self->bar.times, self->bar.whos,
                                self->bar.regex};
  for (guint i = 0; i < G_N_ELEMENTS(widgets); i++)
    unpark_accessible_name(widgets[i], gtk_widget_get_tooltip_text(widgets[i]));
  gtk_drop_down_set_selected(GTK_DROP_DOWN(self->bar.whos), self->options.who);
}
