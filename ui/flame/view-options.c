/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the graph is drawn: the menu of options. */
#include <glib/gi18n.h>

#include "ui/flame/view-private.h"
#include "ui/kit/accessible.h"
#include "ui/kit/settings.h"

static UnparkSourceKind kind_of(UnparkFlameView *self) {
  return unpark_store_source(unpark_session_get_store(self->page.session))->kind;
}

/* ---- Choices --------------------------------------------------------------------------------- */

static const struct {
  const char *title;
  UnparkFlameGrouping grouping;
} groups[] = {
    {N_("Nothing"), UNPARK_FLAME_BY_NOTHING},      {N_("State or reason"), UNPARK_FLAME_BY_STATE},
    {N_("Start function"), UNPARK_FLAME_BY_ENTRY}, {N_("Goroutine"), UNPARK_FLAME_BY_GOROUTINE},
    {N_("Label"), UNPARK_FLAME_BY_LABEL},
};

static guint n_keys(UnparkFlameView *self) {
  return unpark_flame_job_n_label_keys(&self->job);
}

static gboolean has_group(UnparkFlameView *self, UnparkFlameGrouping grouping) {
  UnparkSourceKind kind = kind_of(self);
  switch (grouping) {
  case UNPARK_FLAME_BY_STATE:
    return kind == UNPARK_SOURCE_TRACE || kind == UNPARK_SOURCE_DUMP;
  case UNPARK_FLAME_BY_ENTRY:
  case UNPARK_FLAME_BY_GOROUTINE:
    return kind == UNPARK_SOURCE_TRACE;
  case UNPARK_FLAME_BY_LABEL:
    return kind == UNPARK_SOURCE_PROFILE && n_keys(self) > 0;
  case UNPARK_FLAME_BY_NOTHING:
  default:
    return TRUE;
  }
}

/* Only the groups that the file has are in the list. */
static void take_group(UnparkFlameView *self) {
  guint left = gtk_drop_down_get_selected(GTK_DROP_DOWN(self->choices.group));
  guint key = gtk_drop_down_get_selected(GTK_DROP_DOWN(self->choices.label));
  self->options.query.grouping = UNPARK_FLAME_BY_NOTHING;
  for (guint i = 0; i < G_N_ELEMENTS(groups); i++)
    if (has_group(self, groups[i].grouping) && left-- == 0)
      self->options.query.grouping = groups[i].grouping;
  gboolean by_label = self->options.query.grouping == UNPARK_FLAME_BY_LABEL;
  gtk_widget_set_sensitive(self->choices.label, by_label);
  if (!by_label || key >= n_keys(self))
    return;
  g_free(self->options.query.label_key);
  self->options.query.label_key = g_strdup(self->job.stock->label_keys[key]);
}

static void on_choice(UnparkFlameView *self) {
  if (self->filling)
    return;
  take_group(self);
  self->options.query.merge =
      (UnparkFlameMerge)gtk_drop_down_get_selected(GTK_DROP_DOWN(self->choices.merge));
  if (self->options.query.order != UNPARK_FLAME_BY_TIME)
    self->options.query.order =
        (UnparkFlameOrder)gtk_drop_down_get_selected(GTK_DROP_DOWN(self->choices.order));
  self->options.query.count = gtk_check_button_get_active(GTK_CHECK_BUTTON(self->choices.count));
  self->options.query.collapse =
      gtk_check_button_get_active(GTK_CHECK_BUTTON(self->choices.collapse));
  self->options.query.no_idle = !gtk_check_button_get_active(GTK_CHECK_BUTTON(self->choices.idle));
  self->options.no_system = !gtk_check_button_get_active(GTK_CHECK_BUTTON(self->choices.system));
  unpark_flame_view_reload(self);
}

static void on_colour(UnparkFlameView *self) {
  if (self->filling)
    return;
  self->options.colouring =
      (UnparkFlameColouring)gtk_drop_down_get_selected(GTK_DROP_DOWN(self->choices.colour));
  if (self->options.colouring != UNPARK_FLAME_COLOUR_CHANGE)
    unpark_settings_set_int("flame.colour", (int)self->options.colouring);
  unpark_flame_view_apply_colours(self);
}

/* Callers above or below, innermost frames first or last: four ways. */
static void on_direction(UnparkFlameView *self) {
  if (self->filling)
    return;
  guint i = gtk_drop_down_get_selected(GTK_DROP_DOWN(self->choices.direction));
  gboolean invert = i >= 2;
  self->options.upwards = i % 2 == 1;
  unpark_flame_graph_set_upwards(UNPARK_FLAME_GRAPH(self->graph),
                                 self->options.upwards && !self->options.query.function);
  unpark_settings_set_bool("flame.upwards", self->options.upwards);
  if (invert == self->options.query.invert)
    return;
  self->options.query.invert = invert;
  unpark_flame_view_reload(self);
}

/* ---- What can be chosen ---------------------------------------------------------------- */

static void fill_list(GtkWidget *drop, const char *const *texts, guint selected) {
  g_autoptr(GtkStringList) list = gtk_string_list_new(texts);
  gtk_drop_down_set_model(GTK_DROP_DOWN(drop), G_LIST_MODEL(list));
  gtk_drop_down_set_selected(GTK_DROP_DOWN(drop), selected);
}

static void fill_groups(UnparkFlameView *self) {
  const char *texts[G_N_ELEMENTS(groups) + 1] = {NULL};
  guint n = 0, chosen = 0, key = 0;
  for (guint i = 0; i < G_N_ELEMENTS(groups); i++) {
    if (!has_group(self, groups[i].grouping))
      continue;
    if (groups[i].grouping == self->options.query.grouping)
      chosen = n;
    texts[n++] = _(groups[i].title);
  }
  for (guint i = 0; i < n_keys(self); i++)
    if (g_strcmp0(self->job.stock->label_keys[i], self->options.query.label_key) == 0)
      key = i;
  fill_list(self->choices.label, (const char *const *)self->job.stock->label_keys, key);
  fill_list(self->choices.group, texts, chosen);
  gtk_widget_set_visible(self->choices.group, n > 1);
  gtk_widget_set_visible(gtk_widget_get_prev_sibling(self->choices.group), n > 1);
  gtk_widget_set_visible(self->choices.label, n_keys(self) > 0);
  gtk_widget_set_visible(gtk_widget_get_prev_sibling(self->choices.label), n_keys(self) > 0);
  take_group(self);
}

void unpark_flame_view_update_options(UnparkFlameView *self) {
  guint i = gtk_drop_down_get_selected(GTK_DROP_DOWN(self->bar.sources));
  const UnparkFlameStock *stock = self->job.stock;
  const UnparkFlameOffer *offer =
      stock && i < stock->offers->len ? g_ptr_array_index(stock->offers, i) : NULL;
  gboolean trace = kind_of(self) == UNPARK_SOURCE_TRACE, was = self->filling;
  gboolean cpu = offer && offer->source.kind == UNPARK_FLAME_CPU,
           base = self->options.query.has_base;
  const char *const orders[] = {_("Heaviest first"), _("By name"), NULL};
  const char *const colours[] = {_("By package"), _("By kind of code"),
                                 base ? _("By change") : NULL, NULL};
  self->filling = TRUE;
  gtk_widget_set_visible(self->bar.times, trace);
  gtk_widget_set_visible(self->bar.whos, trace);
  gtk_widget_set_visible(self->choices.count, trace && !cpu);
  gtk_widget_set_visible(self->choices.system, trace);
  gtk_widget_set_visible(self->choices.idle, offer && offer->source.kind == UNPARK_FLAME_OFF_CPU);
  unpark_flame_view_update_arrangement(self);
  gboolean in_time = self->options.query.order == UNPARK_FLAME_BY_TIME;
  fill_list(self->choices.order, orders, in_time ? 0 : self->options.query.order);
  gtk_widget_set_sensitive(self->choices.order, !in_time);
  fill_list(self->choices.colour, colours, self->options.colouring);
  gtk_drop_down_set_selected(GTK_DROP_DOWN(self->choices.direction),
                             (self->options.query.invert ? 2 : 0) +
                                 (self->options.upwards ? 1 : 0));
  fill_groups(self);
  self->filling = was;
}

/* ---- Widgets ----------------------------------------------------------------------------- */

#define BIND(child)                                                                                \
  gtk_widget_class_bind_template_child_full(class, #child, FALSE,                                  \
                                            G_STRUCT_OFFSET(UnparkFlameView, choices.child))

void unpark_flame_view_bind_options(GtkWidgetClass *class) {
  BIND(direction);
  BIND(colour);
  BIND(order);
  BIND(merge);
  BIND(group);
  BIND(label);
  BIND(collapse);
  BIND(count);
  BIND(system);
  BIND(idle);
  gtk_widget_class_bind_template_callback(class, on_choice);
  gtk_widget_class_bind_template_callback(class, on_colour);
  gtk_widget_class_bind_template_callback(class, on_direction);
}

void unpark_flame_view_init_options(UnparkFlameView *self) {
  const UnparkFlameChoices *c = &self->choices;
  GtkWidget *const lists[] = {c->direction, c->colour, c->order, c->merge, c->group, c->label};
  for (guint i = 0; i < G_N_ELEMENTS(lists); i++) {
    GtkWidget *title = gtk_widget_get_prev_sibling(lists[i]);
    unpark_accessible_name(lists[i], gtk_label_get_text(GTK_LABEL(title)));
  }
}
