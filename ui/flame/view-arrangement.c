/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the stacks are arranged: as a call tree, one after the other, or around one function. */
#include <glib/gi18n.h>

#include "ui/flame/view-private.h"

static const UnparkFlameOffer *chosen_offer(UnparkFlameView *self) {
  const UnparkFlameStock *stock = self->job.stock;
  guint i = gtk_drop_down_get_selected(GTK_DROP_DOWN(self->bar.sources));
  return stock && i < stock->offers->len ? g_ptr_array_index(stock->offers, i) : NULL;
}

void unpark_flame_view_update_arrangement(UnparkFlameView *self) {
  const UnparkFlameOffer *offer = chosen_offer(self);
  const UnparkFlameQuery *query = &self->options.query;
  gboolean in_order = offer && offer->in_order && !query->has_base, was = self->filling;
  if (!in_order && query->order == UNPARK_FLAME_BY_TIME)
    self->options.query.order = UNPARK_FLAME_HEAVY;
  GtkWidget *active = query->function                        ? self->bar.sandwich
                      : query->order == UNPARK_FLAME_BY_TIME ? self->bar.in_time
                                                             : self->bar.tree;
  self->filling = TRUE;
  gtk_widget_set_sensitive(self->bar.in_time, in_order);
  gtk_widget_set_tooltip_text(
      self->bar.in_time,
      in_order          ? _("Samples one after the other, as they were taken")
      : query->has_base ? _("A difference has no order in time")
                        : _("This measure has no order in time: CPU samples of a trace, speedscope "
                            "and perf files have"));
  gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(active), TRUE);
  self->filling = was;
}

/* The frame that has the focus, or the function that takes most by itself. */
static const char *function_of(UnparkFlameView *self) {
  const UnparkFlameResult *result = self->job.result;
  const UnparkFlame *flame = unpark_flame_graph_get_flame(self->active);
  const UnparkFlameRow *best = NULL;
  if (!result || !flame)
    return NULL;
  guint32 node = unpark_flame_graph_get_focus(self->active);
  if (node > 0 && unpark_flame_name(flame, node)->kind < UNPARK_NAME_GROUP)
    return unpark_flame_name(flame, node)->text;
  for (guint i = 0; i < result->n_rows; i++) {
    const UnparkFlameRow *row = &result->rows[i];
    if (result->whole->names[row->name].kind < UNPARK_NAME_GROUP &&
        (!best || row->self > best->self))
      best = row;
  }
  return best ? result->whole->names[best->name].text : NULL;
}

static void on_sandwich(UnparkFlameView *self) {
  const char *function = function_of(self);
  if (function) {
    unpark_flame_view_set_sandwich(self, function);
    return;
  }
  unpark_flame_view_tell(self, _("There is no function here: nothing calls it."));
  unpark_flame_view_update_arrangement(self);
}

static void on_arrangement(GtkToggleButton *button, UnparkFlameView *self) {
  if (self->filling || !gtk_toggle_button_get_active(button))
    return;
  if (GTK_WIDGET(button) == self->bar.sandwich) {
    on_sandwich(self);
    return;
  }
  if (GTK_WIDGET(button) == self->bar.in_time)
    self->options.query.order = UNPARK_FLAME_BY_TIME;
  else if (self->options.query.order == UNPARK_FLAME_BY_TIME)
    self->options.query.order = UNPARK_FLAME_HEAVY;
  unpark_flame_options_set_function(&self->options, NULL);
  unpark_flame_view_update_options(self);
  unpark_flame_view_update_chips(self);
  unpark_flame_view_reload(self);
}

#define BIND(child)                                                                                \
  gtk_widget_class_bind_template_child_full(class, #child, FALSE,                                  \
                                            G_STRUCT_OFFSET(UnparkFlameView, bar.child))

void unpark_flame_view_bind_arrangement(GtkWidgetClass *class) {
  BIND(tree);
  BIND(in_time);
  BIND(sandwich);
  gtk_widget_class_bind_template_callback(class, on_arrangement);
}
