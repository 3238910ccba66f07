/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the graph is drawn, and what it is compared with. */
#include <glib/gi18n.h>

#include "ui/flame/view-private.h"
#include "ui/kit/accessible.h"
#include "ui/kit/settings.h"

enum { GROUP, MERGE, ORDER, COLOUR, DIRECTION, COUNT, COLLAPSE, SYSTEM };

static UnparkSourceKind kind_of(UnparkFlameView *self) {
  return unpark_store_source(unpark_session_get_store(self->session))->kind;
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
  return self->label_keys ? g_strv_length(self->label_keys) : 0;
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
  guint left = gtk_drop_down_get_selected(GTK_DROP_DOWN(self->choices[GROUP]));
  guint key = gtk_drop_down_get_selected(GTK_DROP_DOWN(self->label_choice));
  self->query.grouping = UNPARK_FLAME_BY_NOTHING;
  for (guint i = 0; i < G_N_ELEMENTS(groups); i++)
    if (has_group(self, groups[i].grouping) && left-- == 0)
      self->query.grouping = groups[i].grouping;
  gboolean by_label = self->query.grouping == UNPARK_FLAME_BY_LABEL;
  gtk_widget_set_sensitive(self->label_choice, by_label);
  if (!by_label || key >= n_keys(self))
    return;
  g_free(self->query.label_key);
  self->query.label_key = g_strdup(self->label_keys[key]);
}

static void on_choice(UnparkFlameView *self) {
  if (self->filling)
    return;
  take_group(self);
  self->query.merge =
      (UnparkFlameMerge)gtk_drop_down_get_selected(GTK_DROP_DOWN(self->choices[MERGE]));
  self->query.order =
      (UnparkFlameOrder)gtk_drop_down_get_selected(GTK_DROP_DOWN(self->choices[ORDER]));
  self->query.count = gtk_check_button_get_active(GTK_CHECK_BUTTON(self->choices[COUNT]));
  self->query.collapse = gtk_check_button_get_active(GTK_CHECK_BUTTON(self->choices[COLLAPSE]));
  self->no_system = !gtk_check_button_get_active(GTK_CHECK_BUTTON(self->choices[SYSTEM]));
  unpark_flame_view_reload(self);
}

static void on_colour(UnparkFlameView *self) {
  if (self->filling)
    return;
  self->colouring =
      (UnparkFlameColouring)gtk_drop_down_get_selected(GTK_DROP_DOWN(self->choices[COLOUR]));
  if (self->colouring != UNPARK_FLAME_COLOUR_CHANGE)
    unpark_settings_set_int("flame.colour", (int)self->colouring);
  unpark_flame_view_apply_colours(self);
}

/* Callers above or below, innermost frames first or last: four ways. */
static void on_direction(UnparkFlameView *self) {
  if (self->filling)
    return;
  guint i = gtk_drop_down_get_selected(GTK_DROP_DOWN(self->choices[DIRECTION]));
  gboolean invert = i >= 2;
  self->upwards = i % 2 == 1;
  unpark_flame_graph_set_upwards(UNPARK_FLAME_GRAPH(self->graph),
                                 self->upwards && !self->query.function);
  unpark_settings_set_bool("flame.upwards", self->upwards);
  if (invert == self->query.invert)
    return;
  self->query.invert = invert;
  unpark_flame_view_reload(self);
}

/* ---- The popover ------------------------------------------------------------------------ */

static GtkWidget *add_list(UnparkFlameView *self, GtkGrid *grid, int row, const char *title,
                           const char *const *texts, GCallback callback) {
  GtkWidget *label = gtk_label_new(title), *drop = gtk_drop_down_new_from_strings(texts);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_widget_set_hexpand(drop, TRUE);
  unpark_accessible_name(drop, title);
  gtk_grid_attach(grid, label, 0, row, 1, 1);
  gtk_grid_attach(grid, drop, 1, row, 1, 1);
  g_signal_connect_swapped(drop, "notify::selected", callback, self);
  return drop;
}

static GtkWidget *add_check(UnparkFlameView *self, GtkGrid *grid, int row, const char *title,
                            gboolean active) {
  GtkWidget *check = gtk_check_button_new_with_label(title);
  gtk_check_button_set_active(GTK_CHECK_BUTTON(check), active);
  gtk_grid_attach(grid, check, 0, row, 2, 1);
  g_signal_connect_swapped(check, "toggled", G_CALLBACK(on_choice), self);
  return check;
}

static void add_lists(UnparkFlameView *self, GtkGrid *grid) {
  const char *const directions[] = {_("Callers on top"), _("Callers at the bottom"),
                                    _("Inverted, innermost at top"),
                                    _("Inverted, innermost at the bottom"), NULL};
  const char *const merges[] = {_("Functions"), _("Files"), _("Packages"), _("Lines"), NULL};
  const char *const none[] = {NULL};
  self->choices[DIRECTION] =
      add_list(self, grid, 0, _("Direction"), directions, G_CALLBACK(on_direction));
  self->choices[COLOUR] = add_list(self, grid, 1, _("Colors"), none, G_CALLBACK(on_colour));
  self->choices[ORDER] = add_list(self, grid, 2, _("Order"), none, G_CALLBACK(on_choice));
  self->choices[MERGE] = add_list(self, grid, 3, _("Frames by"), merges, G_CALLBACK(on_choice));
  self->choices[GROUP] = add_list(self, grid, 4, _("Group by"), none, G_CALLBACK(on_choice));
  self->label_choice = add_list(self, grid, 5, _("Label"), none, G_CALLBACK(on_choice));
}

GtkWidget *unpark_flame_view_make_options(UnparkFlameView *self) {
  GtkWidget *popover = gtk_popover_new(), *grid = gtk_grid_new();
  gtk_grid_set_row_spacing(GTK_GRID(grid), 6);
  gtk_grid_set_column_spacing(GTK_GRID(grid), 12);
  gtk_widget_set_margin_start(grid, 6);
  gtk_widget_set_margin_end(grid, 6);
  gtk_widget_set_margin_top(grid, 6);
  gtk_widget_set_margin_bottom(grid, 6);
  self->filling = TRUE;
  add_lists(self, GTK_GRID(grid));
  self->choices[COLLAPSE] =
      add_check(self, GTK_GRID(grid), 6, _("Fold recursion"), self->query.collapse);
  self->choices[COUNT] =
      add_check(self, GTK_GRID(grid), 7, _("Count instead of time"), self->query.count);
  self->choices[SYSTEM] =
      add_check(self, GTK_GRID(grid), 8, _("Include runtime goroutines"), !self->no_system);
  gtk_popover_set_child(GTK_POPOVER(popover), grid);
  return popover;
}

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
    if (groups[i].grouping == self->query.grouping)
      chosen = n;
    texts[n++] = _(groups[i].title);
  }
  for (guint i = 0; i < n_keys(self); i++)
    if (g_strcmp0(self->label_keys[i], self->query.label_key) == 0)
      key = i;
  fill_list(self->label_choice, (const char *const *)self->label_keys, key);
  fill_list(self->choices[GROUP], texts, chosen);
  gtk_widget_set_visible(self->choices[GROUP], n > 1);
  gtk_widget_set_visible(gtk_widget_get_prev_sibling(self->choices[GROUP]), n > 1);
  gtk_widget_set_visible(self->label_choice, n_keys(self) > 0);
  gtk_widget_set_visible(gtk_widget_get_prev_sibling(self->label_choice), n_keys(self) > 0);
  take_group(self);
}

void unpark_flame_view_update_options(UnparkFlameView *self) {
  guint i = gtk_drop_down_get_selected(GTK_DROP_DOWN(self->sources));
  const UnparkFlameOffer *offer =
      self->offers && i < self->offers->len ? g_ptr_array_index(self->offers, i) : NULL;
  gboolean trace = kind_of(self) == UNPARK_SOURCE_TRACE, was = self->filling;
  gboolean cpu = offer && offer->source.kind == UNPARK_FLAME_CPU, base = self->query.has_base;
  const char *const orders[] = {_("Heaviest first"), _("By name"), cpu ? _("By time") : NULL, NULL};
  const char *const colours[] = {_("By package"), _("By kind of code"),
                                 base ? _("By change") : NULL, NULL};
  self->filling = TRUE;
  gtk_widget_set_visible(self->times, trace);
  gtk_widget_set_visible(self->whos, trace);
  gtk_widget_set_visible(self->choices[COUNT], trace && !cpu);
  gtk_widget_set_visible(self->choices[SYSTEM], trace);
  if (!cpu && self->query.order == UNPARK_FLAME_BY_TIME)
    self->query.order = UNPARK_FLAME_HEAVY;
  fill_list(self->choices[ORDER], orders, self->query.order);
  fill_list(self->choices[COLOUR], colours, self->colouring);
  gtk_drop_down_set_selected(GTK_DROP_DOWN(self->choices[DIRECTION]),
                             (self->query.invert ? 2 : 0) + (self->upwards ? 1 : 0));
  fill_groups(self);
  self->filling = was;
}

/* ---- Comparing ----------------------------------------------------------------------------- */

void unpark_flame_view_set_base(UnparkFlameView *self, UnparkFlameBase *file, gboolean this_scope) {
  UnparkFlameSide *base = &self->query.base;
  gboolean had = self->query.has_base;
  unpark_flame_side_clear(base);
  g_set_object(&self->base_file, file);
  self->query.has_base = file || this_scope;
  if (this_scope)
    unpark_flame_view_fill_side(self, base);
  if (file)
    *base = (UnparkFlameSide){.store = unpark_store_ref(unpark_flame_base_get_store(file)),
                              .keeper = g_object_ref(G_OBJECT(file)),
                              .from_ns = G_MININT64 + 1,
                              .to_ns = G_MAXINT64,
                              .task = UNPARK_NONE,
                              .no_system = self->no_system};
  if (self->query.has_base)
    self->colouring = UNPARK_FLAME_COLOUR_CHANGE;
  else if (had)
    self->colouring = (UnparkFlameColouring)CLAMP(unpark_settings_get_int("flame.colour", 0), 0, 1);
  unpark_flame_view_update_options(self);
  unpark_flame_view_update_chips(self);
  unpark_flame_view_reload(self);
}

static void on_base(GtkWidget *widget, UnparkFlameBase *base, const GError *error) {
  UnparkFlameView *self = UNPARK_FLAME_VIEW(widget);
  if (!self->toasts || g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  gtk_spinner_set_spinning(GTK_SPINNER(self->spinner), FALSE);
  if (base)
    unpark_flame_view_set_base(self, base, FALSE);
  else
    unpark_flame_view_tell(self, error->message);
}

static void pop_down(UnparkFlameView *self) {
  gtk_menu_button_popdown(GTK_MENU_BUTTON(self->compare));
}

static void on_open_base(UnparkFlameView *self) {
  pop_down(self);
  g_cancellable_cancel(self->opening);
  g_clear_object(&self->opening);
  self->opening = g_cancellable_new();
  unpark_flame_base_choose(GTK_WIDGET(self), self->opening, on_base);
}

static void on_pin(UnparkFlameView *self) {
  pop_down(self);
  unpark_flame_view_set_base(self, NULL, TRUE);
  unpark_flame_view_tell(self, _("Now choose what to compare it with: another time or goroutine."));
}

static void on_scale(UnparkFlameView *self) {
  self->query.normalise = gtk_check_button_get_active(GTK_CHECK_BUTTON(self->scale));
  if (self->query.has_base)
    unpark_flame_view_reload(self);
}

static void on_stop_comparing(UnparkFlameView *self) {
  pop_down(self);
  unpark_flame_view_set_base(self, NULL, FALSE);
}

static GtkWidget *add_button(UnparkFlameView *self, GtkWidget *box, const char *text,
                             GCallback callback) {
  GtkWidget *button = gtk_button_new_with_mnemonic(text);
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_set_halign(gtk_button_get_child(GTK_BUTTON(button)), GTK_ALIGN_START);
  g_signal_connect_swapped(button, "clicked", callback, self);
  gtk_box_append(GTK_BOX(box), button);
  return button;
}

GtkWidget *unpark_flame_view_make_compare(UnparkFlameView *self) {
  GtkWidget *popover = gtk_popover_new(), *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 3);
  add_button(self, box, _("_Open Base File…"), G_CALLBACK(on_open_base));
  add_button(self, box, _("_Use the Current Graph as Base"), G_CALLBACK(on_pin));
  self->scale = gtk_check_button_new_with_label(_("Scale the base to the same total"));
  gtk_box_append(GTK_BOX(box), self->scale);
  g_signal_connect_swapped(self->scale, "toggled", G_CALLBACK(on_scale), self);
  self->compare_stop = add_button(self, box, _("_Stop Comparing"), G_CALLBACK(on_stop_comparing));
  gtk_popover_set_child(GTK_POPOVER(popover), box);
  return popover;
}
