/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be done with a frame: by the menu, by keys. */
#include <glib/gi18n.h>
#include <string.h>

#include "ui/flame/picture.h"
#include "ui/flame/view-private.h"

/* ---- The frame in question ------------------------------------------------------------------ */

static const UnparkFlame *active_flame(UnparkFlameView *self, guint32 *node) {
  const UnparkFlame *flame = unpark_flame_graph_get_flame(self->active);
  *node = unpark_flame_graph_get_focus(self->active);
  return flame;
}

static void pattern_action(UnparkFlameView *self, guint kind) {
  guint32 node;
  const UnparkFlame *flame = active_flame(self, &node);
  if (!flame)
    return;
  g_autofree char *pattern =
      unpark_flame_pattern_of(unpark_flame_name(flame, node), self->options.query.merge);
  if (pattern)
    unpark_flame_view_add_pattern(self, kind, pattern);
  else
    unpark_flame_view_tell(self, _("This is not a code frame: it cannot be used as a filter."));
}

static void on_pattern(GtkWidget *widget, const char *name, GVariant *parameter) {
  static const struct {
    const char *name;
    guint kind;
  } actions[] = {{"flame.only", UNPARK_FLAME_FOCUS},
                 {"flame.without", UNPARK_FLAME_IGNORE},
                 {"flame.hide", UNPARK_FLAME_HIDE},
                 {"flame.begin", UNPARK_FLAME_SHOW_FROM}};
  for (guint i = 0; i < G_N_ELEMENTS(actions); i++)
    if (strcmp(name, actions[i].name) == 0)
      pattern_action(UNPARK_FLAME_VIEW(widget), actions[i].kind);
}

void unpark_flame_view_set_sandwich(UnparkFlameView *self, const char *function) {
  unpark_flame_options_set_function(&self->options, function);
  unpark_flame_view_update_arrangement(self);
  unpark_flame_view_update_chips(self);
  unpark_flame_view_reload(self);
}

static void on_sandwich(GtkWidget *widget, const char *name, GVariant *parameter) {
  UnparkFlameView *self = UNPARK_FLAME_VIEW(widget);
  guint32 node;
  const UnparkFlame *flame = active_flame(self, &node);
  if (!flame)
    return;
  const UnparkFlameName *frame = unpark_flame_name(flame, node);
  if (frame->kind < UNPARK_NAME_GROUP)
    unpark_flame_view_set_sandwich(self, frame->text);
  else
    unpark_flame_view_tell(self, _("This is not a function: nothing calls it."));
}

/* ---- Zoom and search -------------------------------------------------------------------- */

static void on_zoom(GtkWidget *widget, const char *name, GVariant *parameter) {
  UnparkFlameView *self = UNPARK_FLAME_VIEW(widget);
  guint32 node;
  const UnparkFlame *flame = active_flame(self, &node);
  if (!flame)
    return;
  if (strcmp(name, "flame.zoom") == 0)
    unpark_flame_graph_zoom_to(self->active, node);
  else if (strcmp(name, "flame.out") == 0)
    unpark_flame_graph_zoom_to(self->active,
                               flame->nodes[unpark_flame_graph_get_zoom(self->active)].parent);
  else if (strcmp(name, "flame.reset") == 0)
    unpark_flame_graph_zoom_to(self->active, 0);
  else
    unpark_flame_graph_zoom_to(UNPARK_FLAME_GRAPH(self->graph), g_variant_get_uint32(parameter));
}

static void on_find(GtkWidget *widget, const char *name, GVariant *parameter) {
  UnparkFlameView *self = UNPARK_FLAME_VIEW(widget);
  guint32 node;
  const UnparkFlame *flame = active_flame(self, &node);
  if (strcmp(name, "flame.search") == 0) {
    gtk_widget_grab_focus(self->bar.search);
  } else if (flame) {
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(self->bar.regex), FALSE);
    gtk_editable_set_text(GTK_EDITABLE(self->bar.search), unpark_flame_name(flame, node)->text);
  }
}

/* ---- Copying ------------------------------------------------------------------------------- */

static char *stack_text(const UnparkFlame *flame, guint32 node) {
  GString *text = g_string_new(NULL);
  for (; node > 0; node = flame->nodes[node].parent) {
    const UnparkFlameName *name = unpark_flame_name(flame, node);
    g_string_append_printf(text, "%s\n", name->text);
    if (*name->file && name->line > 0)
      g_string_append_printf(text, "\t%s:%u\n", name->file, name->line);
  }
  return g_string_free(text, FALSE);
}

static void on_copy_text(GtkWidget *widget, const char *name, GVariant *parameter) {
  UnparkFlameView *self = UNPARK_FLAME_VIEW(widget);
  guint32 node;
  const UnparkFlame *flame = active_flame(self, &node);
  if (!flame)
    return;
  g_autofree char *text = strcmp(name, "flame.copy-stack") == 0
                              ? stack_text(flame, node)
                              : g_strdup(unpark_flame_name(flame, node)->text);
  gtk_widget_activate_action(widget, "win.copy", "s", text);
}

static void on_source(GtkWidget *widget, const char *action, GVariant *parameter) {
  guint32 node;
  const UnparkFlame *flame = active_flame(UNPARK_FLAME_VIEW(widget), &node);
  const UnparkFlameName *name = flame ? unpark_flame_name(flame, node) : NULL;
  if (name)
    gtk_widget_activate_action(widget, "win.source", "(ssu)", name->text, name->file, name->line);
}

void unpark_flame_view_copy(UnparkPage *page) {
  UnparkFlameView *self = UNPARK_FLAME_VIEW(page);
  GtkWidget *focus = gtk_root_get_focus(gtk_widget_get_root(GTK_WIDGET(page)));
  guint32 node;
  const UnparkFlame *flame = active_flame(self, &node);
  if (!flame)
    return;
  g_autofree char *text = focus && gtk_widget_is_ancestor(focus, self->table)
                              ? unpark_flame_table_text(UNPARK_FLAME_TABLE(self->table))
                              : unpark_flame_describe(flame, node);
  gtk_widget_activate_action(GTK_WIDGET(page), "win.copy", "s", text);
}

static gpointer draw(gpointer order, GCancellable *cancellable, GError **error) {
  return unpark_flame_picture_texture(order, cancellable, error);
}

static void on_drawn(gpointer owner, gpointer data, gpointer result, const GError *error) {
  UnparkFlameView *self = owner;
  g_autoptr(GdkTexture) texture = result;
  if (texture)
    gdk_clipboard_set_texture(gtk_widget_get_clipboard(GTK_WIDGET(self)), texture);
  unpark_flame_view_tell(self, texture ? _("Picture copied") : error->message);
}

static void on_copy_picture(GtkWidget *widget, const char *name, GVariant *parameter) {
  static const UnparkWork work = {draw, on_drawn, (GDestroyNotify)unpark_flame_picture_order_free,
                                  g_object_unref};
  UnparkFlameView *self = UNPARK_FLAME_VIEW(widget);
  gboolean dark = adw_style_manager_get_dark(adw_style_manager_get_default());
  if (!self->job.result)
    return;
  UnparkFlamePicture options = {.width = MAX(gtk_widget_get_width(self->graph), 400),
                                .upwards = self->options.upwards,
                                .colouring = self->options.colouring,
                                .theme = dark ? UNPARK_FLAME_THEME_DARK : UNPARK_FLAME_THEME_LIGHT};
  unpark_worker_run(&self->job.copying, self, &work,
                    unpark_flame_order_picture(self->job.result->flame, &options, 2));
}

static void on_export(GtkWidget *widget, const char *name, GVariant *parameter) {
  unpark_flame_export_show(UNPARK_FLAME_VIEW(widget));
}

static void on_whole(GtkWidget *widget, const char *name, GVariant *parameter) {
  unpark_flame_view_set_sandwich(UNPARK_FLAME_VIEW(widget), NULL);
}

static void on_clear(GtkWidget *widget, const char *name, GVariant *parameter) {
  unpark_flame_view_clear_patterns(UNPARK_FLAME_VIEW(widget));
}

/* ---- All of them --------------------------------------------------------------------------- */

void unpark_flame_view_install_actions(GtkWidgetClass *class) {
  static const struct {
    const char *name, *parameter;
    GtkWidgetActionActivateFunc activate;
  } actions[] = {
      {"flame.zoom", NULL, on_zoom},           {"flame.out", NULL, on_zoom},
      {"flame.reset", NULL, on_zoom},          {"flame.zoom-to", "u", on_zoom},
      {"flame.only", NULL, on_pattern},        {"flame.without", NULL, on_pattern},
      {"flame.hide", NULL, on_pattern},        {"flame.begin", NULL, on_pattern},
      {"flame.sandwich", NULL, on_sandwich},   {"flame.whole", NULL, on_whole},
      {"flame.find", NULL, on_find},           {"flame.search", NULL, on_find},
      {"flame.copy-name", NULL, on_copy_text}, {"flame.copy-stack", NULL, on_copy_text},
      {"flame.export", NULL, on_export},       {"flame.copy-picture", NULL, on_copy_picture},
      {"flame.clear-filters", NULL, on_clear}, {"flame.source", NULL, on_source},
  };
  for (guint i = 0; i < G_N_ELEMENTS(actions); i++)
    gtk_widget_class_install_action(class, actions[i].name, actions[i].parameter,
                                    actions[i].activate);
  gtk_widget_class_add_binding_action(class, GDK_KEY_c, GDK_CONTROL_MASK | GDK_SHIFT_MASK,
                                      "flame.copy-picture", NULL);
  gtk_widget_class_add_binding_action(class, GDK_KEY_slash, 0, "flame.search", NULL);
}

GMenuModel *unpark_flame_view_menu(void) {
  static const struct {
    const char *text, *action; /* text NULL: a new section */
  } items[] = {
      {N_("_Zoom Into This Frame"), "flame.zoom"},
      {N_("Zoom _Out"), "flame.out"},
      {N_("Show _Everything"), "flame.reset"},
      {NULL, NULL},
      {N_("_Callers and Callees"), "flame.sandwich"},
      {N_("_Find All of This Function"), "flame.find"},
      {N_("Show the So_urce"), "flame.source"},
      {NULL, NULL},
      {N_("Onl_y Stacks With This"), "flame.only"},
      {N_("_No Stacks With This"), "flame.without"},
      {N_("_Hide These Frames"), "flame.hide"},
      {N_("_Start Stacks Here"), "flame.begin"},
      {NULL, NULL},
      {N_("Copy Na_me"), "flame.copy-name"},
      {N_("Copy _Stack"), "flame.copy-stack"},
      {N_("Copy _Picture"), "flame.copy-picture"},
      {N_("E_xport…"), "flame.export"},
  };
  GMenu *menu = g_menu_new(), *section = g_menu_new();
  for (guint i = 0; i < G_N_ELEMENTS(items); i++) {
    if (items[i].text) {
      g_menu_append(section, _(items[i].text), items[i].action);
      continue;
    }
    g_menu_append_section(menu, NULL, G_MENU_MODEL(section));
    g_object_unref(section);
    section = g_menu_new();
  }
  g_menu_append_section(menu, NULL, G_MENU_MODEL(section));
  g_object_unref(section);
  return G_MENU_MODEL(menu);
}
