/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stacks in the inspector: every frame is a link with a menu of where it leads. */
#include <glib/gi18n.h>
#include <string.h>

#include "model/base/go-name.h"
#include "model/filter/filter.h"
#include "model/why/words.h"
#include "ui/inspector/parts.h"
#include "ui/kit/accessible.h"
#include "ui/text/words.h"

/* Frames shown without a click. */
#define FRAMES_SHOWN 6
#define WORD_JOINER "\xe2\x81\xa0"

/* ---- where a frame leads ------------------------------------------------------------------ */

static void on_filter(GSimpleAction *action, GVariant *function, gpointer session) {
  g_autofree char *filter = unpark_filter_of_function(g_variant_get_string(function, NULL));
  unpark_session_set_filter(session, filter);
}

static void on_goroutines(GSimpleAction *action, GVariant *function, gpointer session) {
  on_filter(action, function, session);
  unpark_session_go_to_view(session, "goroutines");
}

static void on_flame(GSimpleAction *action, GVariant *function, gpointer session) {
  unpark_session_go_to_function(session, g_variant_get_string(function, NULL), "flame");
}

/* Once for each section of a page. */
static void install_actions(UnparkParts *p) {
  static const struct {
    const char *name;
    void (*run)(GSimpleAction *action, GVariant *function, gpointer session);
  } actions[] = {{"filter", on_filter}, {"goroutines", on_goroutines}, {"flame", on_flame}};
  if (g_object_get_data(G_OBJECT(p->box), "has-frame-actions"))
    return;
  g_object_set_data(G_OBJECT(p->box), "has-frame-actions", GINT_TO_POINTER(TRUE));
  g_autoptr(GSimpleActionGroup) group = g_simple_action_group_new();
  for (guint i = 0; i < G_N_ELEMENTS(actions); i++) {
    g_autoptr(GSimpleAction) action = g_simple_action_new(actions[i].name, G_VARIANT_TYPE_STRING);
    g_signal_connect_object(action, "activate", G_CALLBACK(actions[i].run), p->session, 0);
    g_action_map_add_action(G_ACTION_MAP(group), G_ACTION(action));
  }
  gtk_widget_insert_action_group(GTK_WIDGET(p->box), "frame", G_ACTION_GROUP(group));
}

static void add_item(GMenu *menu, const char *text, const char *action, const char *target) {
  g_autoptr(GMenuItem) item = g_menu_item_new(text, NULL);
  g_menu_item_set_action_and_target(item, action, "s", target);
  g_menu_append_item(menu, item);
}

static void on_menu_closed(GtkWidget *popover) {
  GtkWidget *button = gtk_widget_get_parent(popover);
  if (gtk_widget_get_mapped(button)) /* else the item led to another view */
    gtk_widget_grab_focus(button);
  g_idle_add_once((GSourceOnceFunc)gtk_widget_unparent, popover);
}

static void show_menu(GtkWidget *button) {
  const char *function = g_object_get_data(G_OBJECT(button), "function");
  const char *place = g_object_get_data(G_OBJECT(button), "place");
  g_autoptr(GMenu) menu = g_menu_new(), copies = g_menu_new(), links = g_menu_new();
  add_item(links, _("Show Only _Lanes With This"), "frame.filter", function);
  add_item(links, _("Show in _Goroutines"), "frame.goroutines", function);
  add_item(links, _("Show in the _Flame Graph"), "frame.flame", function);
  if (place) {
    g_autoptr(GMenuItem) source = g_menu_item_new(_("Show the So_urce"), NULL);
    g_menu_item_set_action_and_target(
        source, "win.source", "(ssu)", function, g_object_get_data(G_OBJECT(button), "file"),
        GPOINTER_TO_UINT(g_object_get_data(G_OBJECT(button), "line")));
    g_menu_append_item(links, source);
  }
  add_item(copies, _("_Copy the Function"), "win.copy", function);
  if (place)
    add_item(copies, _("Copy File and L_ine"), "win.copy", place);
  g_menu_append_section(menu, NULL, G_MENU_MODEL(links));
  g_menu_append_section(menu, NULL, G_MENU_MODEL(copies));
  GtkWidget *popover = gtk_popover_menu_new_from_model(G_MENU_MODEL(menu));
  gtk_widget_set_parent(popover, button);
  gtk_popover_set_position(GTK_POPOVER(popover), GTK_POS_BOTTOM);
  g_signal_connect(popover, "closed", G_CALLBACK(on_menu_closed), NULL);
  gtk_popover_popup(GTK_POPOVER(popover));
}

static void on_secondary(GtkGestureClick *gesture, int n_press, double x, double y,
                         GtkWidget *button) {
  gtk_gesture_set_state(GTK_GESTURE(gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  show_menu(button);
}

static gboolean on_menu_key(GtkWidget *button, GVariant *arguments, gpointer data) {
  show_menu(button);
  return GDK_EVENT_STOP;
}

static void add_menu_keys(GtkWidget *button) {
  GtkEventController *controller = gtk_shortcut_controller_new();
  gtk_shortcut_controller_add_shortcut(
      GTK_SHORTCUT_CONTROLLER(controller),
      gtk_shortcut_new(gtk_shortcut_trigger_parse_string("Menu|<Shift>F10"),
                       gtk_callback_action_new(on_menu_key, NULL, NULL)));
  gtk_widget_add_controller(button, controller);
}

/* ---- frames ---------------------------------------------------------------------------------- */

/* "http.(*conn).serve  server.go:2105". A long one is wrapped, but not between file and line. */
static char *frame_markup(const UnparkFrame *frame) {
  g_autofree char *line =
      frame->line > 0 ? g_strdup_printf(":" WORD_JOINER "%u", frame->line) : g_strdup("");
  g_autofree char *function =
      g_markup_escape_text(unpark_format_function_short(frame->function), -1);
  g_autofree char *file = g_markup_escape_text(unpark_format_basename(frame->file), -1);
  return g_strdup_printf("%s  <span size=\"smaller\" alpha=\"70%%\">%s%s</span>", function, file,
                         line);
}

static GtkWidget *frame_row(const UnparkFrame *frame) {
  GtkWidget *button = gtk_button_new(), *text = gtk_label_new(NULL);
  GtkGesture *secondary = gtk_gesture_click_new();
  g_autofree char *line = frame->line > 0 ? g_strdup_printf(":%u", frame->line) : g_strdup("");
  g_autofree char *markup = frame_markup(frame);
  g_autofree char *place = *frame->file ? g_strdup_printf("%s%s", frame->file, line) : NULL;
  g_autofree char *tip =
      place ? g_strdup_printf("%s\n%s", frame->function, place) : g_strdup(frame->function);
  g_autofree char *spoken =
      g_strdup_printf("%s  %s%s", frame->function, unpark_format_basename(frame->file), line);
  gtk_label_set_markup(GTK_LABEL(text), markup);
  gtk_label_set_xalign(GTK_LABEL(text), 0);
  gtk_label_set_wrap(GTK_LABEL(text), TRUE);
  gtk_label_set_wrap_mode(GTK_LABEL(text), PANGO_WRAP_WORD_CHAR);
  gtk_button_set_child(GTK_BUTTON(button), text);
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_add_css_class(button, "unpark-link");
  gtk_widget_add_css_class(button, "unpark-frame");
  if (unpark_go_is_standard(frame->function))
    gtk_widget_add_css_class(text, "dim-label");
  gtk_widget_set_tooltip_text(button, tip);
  unpark_accessible_name(button, spoken);
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_HAS_POPUP, TRUE,
                                 -1);
  g_object_set_data_full(G_OBJECT(button), "function", g_strdup(frame->function), g_free);
  g_object_set_data_full(G_OBJECT(button), "file", g_strdup(frame->file), g_free);
  g_object_set_data(G_OBJECT(button), "line", GUINT_TO_POINTER(frame->line));
  g_object_set_data_full(G_OBJECT(button), "place", g_steal_pointer(&place), g_free);
  g_signal_connect(button, "clicked", G_CALLBACK(show_menu), NULL);
  gtk_gesture_single_set_button(GTK_GESTURE_SINGLE(secondary), GDK_BUTTON_SECONDARY);
  g_signal_connect(secondary, "pressed", G_CALLBACK(on_secondary), button);
  gtk_widget_add_controller(button, GTK_EVENT_CONTROLLER(secondary));
  add_menu_keys(button);
  return button;
}

/* ---- the whole stack, made when somebody looks at it ----------------------------------------- */

static void stack_free(gpointer data) {
  g_free(((UnparkStackFrames *)data)->frames);
  g_free(data);
}

static void on_expanded(GtkExpander *expander) {
  const UnparkStackFrames *stack = g_object_get_data(G_OBJECT(expander), "frames");
  if (!gtk_expander_get_expanded(expander) || gtk_expander_get_child(expander))
    return;
  GtkWidget *whole = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_margin_start(whole, 18);
  for (guint i = 0; i < stack->n; i++)
    gtk_box_append(GTK_BOX(whole), frame_row(&stack->frames[i]));
  gtk_expander_set_child(expander, whole);
}

static void add_whole(UnparkParts *p, const UnparkStackFrames *stack, guint n_shown) {
  char count[UNPARK_FORMAT_SIZE];
  UnparkStackFrames *kept = g_new0(UnparkStackFrames, 1);
  kept->frames = g_memdup2(stack->frames, stack->n * sizeof *stack->frames);
  kept->n = stack->n;
  g_autofree char *title =
      g_strdup_printf(ngettext("The whole stack, %s frame", "The whole stack, %s frames", stack->n),
                      unpark_format_count(stack->n, count));
  GtkWidget *expander = gtk_expander_new(title);
  gtk_widget_add_css_class(expander, "unpark-whole");
  unpark_accessible_name(expander, title);
  g_object_set_data_full(G_OBJECT(expander), "frames", kept, stack_free);
  g_signal_connect(expander, "notify::expanded", G_CALLBACK(on_expanded), NULL);
  gtk_expander_set_expanded(GTK_EXPANDER(expander), n_shown == 0);
  gtk_box_append(p->box, expander);
}

void unpark_parts_stack(UnparkParts *p, const char *heading, const UnparkStackFrames *stack) {
  guint n_shown = 0, n_own = 0, called = unpark_words_called(stack->frames, stack->n);
  if (stack->n == 0)
    return;
  install_actions(p);
  unpark_parts_heading(p, heading);
  for (guint i = 0; i < stack->n; i++)
    n_own += !unpark_go_is_standard(stack->frames[i].function);
  for (guint i = 0; i < stack->n && n_shown < FRAMES_SHOWN; i++) {
    const char *function = stack->frames[i].function;
    gboolean own = !unpark_go_is_standard(function);
    /* Of the library only what was called, where there are frames of the reader's own. */
    if (!own && (unpark_go_is_runtime(function) || (n_own > 0 && i != called)))
      continue;
    gtk_box_append(p->box, frame_row(&stack->frames[i]));
    n_shown++;
  }
  if (n_shown < stack->n)
    add_whole(p, stack, n_shown);
  g_autofree char *text = unpark_words_stack(stack->frames, stack->n);
  g_string_append(p->text, text);
}
