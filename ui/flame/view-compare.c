/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the graph is compared with: the menu. */
#include <glib/gi18n.h>

#include "ui/flame/view-private.h"

void unpark_flame_view_set_base(UnparkFlameView *self, UnparkFlameBase *file, gboolean this_scope) {
  unpark_flame_options_set_base(&self->options, self->page.session,
                                file ? unpark_flame_base_get_store(file) : NULL, (GObject *)file,
                                file ? unpark_flame_base_get_name(file) : NULL, this_scope);
  unpark_flame_view_update_options(self);
  unpark_flame_view_update_chips(self);
  unpark_flame_view_reload(self);
}

static void on_base(GtkWidget *widget, UnparkFlameBase *base, const GError *error) {
  UnparkFlameView *self = UNPARK_FLAME_VIEW(widget);
  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (base)
    unpark_flame_view_set_base(self, base, FALSE);
  else
    unpark_flame_view_tell(self, error->message);
}

static void pop_down(UnparkFlameView *self) {
  gtk_menu_button_popdown(GTK_MENU_BUTTON(self->choices.compare));
}

static void on_open_base(UnparkFlameView *self) {
  pop_down(self);
  g_cancellable_cancel(self->job.opening);
  g_clear_object(&self->job.opening);
  self->job.opening = g_cancellable_new();
  unpark_flame_base_choose(GTK_WIDGET(self), self->job.opening, on_base);
}

static void on_pin(UnparkFlameView *self) {
  pop_down(self);
  unpark_flame_view_set_base(self, NULL, TRUE);
  unpark_flame_view_tell(self, _("Now choose what to compare it with: another time or goroutine."));
}

static void on_scale(UnparkFlameView *self) {
  self->options.query.normalise =
      gtk_check_button_get_active(GTK_CHECK_BUTTON(self->choices.scale));
  if (self->options.query.has_base)
    unpark_flame_view_reload(self);
}

static void on_stop_comparing(UnparkFlameView *self) {
  pop_down(self);
  unpark_flame_view_set_base(self, NULL, FALSE);
}

#define BIND(child)                                                                                \
  gtk_widget_class_bind_template_child_full(class, #child, FALSE,                                  \
                                            G_STRUCT_OFFSET(UnparkFlameView, choices.child))

void unpark_flame_view_bind_compare(GtkWidgetClass *class) {
  BIND(compare);
  BIND(scale);
  BIND(open_base);
  BIND(pin);
  BIND(compare_stop);
  gtk_widget_class_bind_template_callback(class, on_open_base);
  gtk_widget_class_bind_template_callback(class, on_pin);
  gtk_widget_class_bind_template_callback(class, on_scale);
  gtk_widget_class_bind_template_callback(class, on_stop_comparing);
}

void unpark_flame_view_init_compare(UnparkFlameView *self) {
  const UnparkFlameChoices *c = &self->choices;
  GtkWidget *const buttons[] = {c->open_base, c->pin, c->compare_stop};
  for (guint i = 0; i < G_N_ELEMENTS(buttons); i++)
    gtk_widget_set_halign(gtk_button_get_child(GTK_BUTTON(buttons[i])), GTK_ALIGN_START);
}
