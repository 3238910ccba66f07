/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/page/table-menu.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ui/kit/tally-bar.h"
#include "ui/page/page.h"
#include "ui/text/csv.h"

/* Texts of more rows would take longer than one waits for a menu: the views export those. */
#define MAX_ROWS 5000

typedef struct {
  GtkColumnView *view; /* the owner */
  const UnparkTableMenu *menu;
  guint position; /* of the row that the menu is about */
  GtkWidget *row;
  GActionGroup *actions;
} Menu;

/* ---- Text ------------------------------------------------------------------------------------ */

/* What a cell shows; a name that is shortened on screen is in its tooltip. */
static void append_words(GtkWidget *widget, GString *out) {
  if (GTK_IS_LABEL(widget)) {
    const char *text = gtk_label_get_text(GTK_LABEL(widget));
    const char *tip = gtk_widget_get_tooltip_text(widget);
    const char *words = tip && strstr(tip, text) && !strchr(tip, '\n') ? tip : text;
    g_string_append_printf(out, "%s%s", out->len > 0 && *words ? " " : "", words);
  } else if (UNPARK_IS_TALLY_BAR(widget)) {
    g_autofree char *words = unpark_tally_bar_words(UNPARK_TALLY_BAR(widget));
    g_string_append(out, g_strdelimit(words, "\n", ';'));
  }
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child;
       child = gtk_widget_get_next_sibling(child))
    append_words(child, out);
}

static void append_cell(GString *out, const char *text, UnparkTableFormat format, gboolean first) {
  if (format == UNPARK_TABLE_CSV) {
    g_string_append(out, first ? "" : ",");
    unpark_csv_append(out, text);
    return;
  }
  g_string_append(out, format == UNPARK_TABLE_MARKDOWN ? first ? "| " : " | " : first ? "" : "\t");
  for (const char *p = text; *p; p++)
    if (*p == '|' && format == UNPARK_TABLE_MARKDOWN)
      g_string_append(out, "\\|");
    else
      g_string_append_c(out, strchr("\t\r\n", *p) ? ' ' : *p);
}

static void end_line(GString *out, UnparkTableFormat format) {
  g_string_append(out, format == UNPARK_TABLE_CSV        ? "\r\n"
                       : format == UNPARK_TABLE_MARKDOWN ? " |\n"
                                                         : "\n");
}

/* `item` NULL: the titles; `rule`: the line below them. */
static void append_line(GString *out, GtkColumnView *view, UnparkProfileItem *item, gboolean rule,
                        UnparkTableFormat format) {
  GListModel *columns = gtk_column_view_get_columns(view);
  gboolean first = TRUE;
  for (guint i = 0; i < g_list_model_get_n_items(columns); i++) {
    g_autoptr(GtkColumnViewColumn) column = g_list_model_get_item(columns, i);
    const UnparkProfileColumn *made = unpark_profile_column_of(column);
    g_autoptr(GString) text = g_string_new(NULL);
    if (!made || !gtk_column_view_column_get_visible(column))
      continue;
    if (rule) {
      g_string_append(text, "---");
    } else if (item) {
      GtkWidget *cell = g_object_ref_sink(made->create());
      made->bind(cell, item);
      append_words(cell, text);
      g_object_unref(cell);
    } else {
      g_string_append(text, gtk_column_view_column_get_title(column));
    }
    append_cell(out, text->str, format, first);
    first = FALSE;
  }
  end_line(out, format);
}

char *unpark_table_text(GtkColumnView *view, int position, UnparkTableFormat format) {
  GListModel *rows = G_LIST_MODEL(gtk_column_view_get_model(view));
  GString *out = g_string_new(NULL);
  if (position < 0) {
    append_line(out, view, NULL, FALSE, format);
    if (format == UNPARK_TABLE_MARKDOWN)
      append_line(out, view, NULL, TRUE, format);
  }
  for (guint i = (guint)MAX(position, 0); i < g_list_model_get_n_items(rows); i++) {
    g_autoptr(UnparkProfileItem) item = g_list_model_get_item(rows, i);
    append_line(out, view, item, FALSE, format);
    if (position >= 0)
      break;
  }
  return g_string_free(out, FALSE);
}

/* ---- Actions --------------------------------------------------------------------------------- */

static void copy(Menu *menu, int position, UnparkTableFormat format) {
  g_autofree char *text = unpark_table_text(menu->view, position, format);
  if (position >= 0)
    g_strchomp(text);
  gtk_widget_activate_action(GTK_WIDGET(menu->view), "win.copy", "s", text);
}

static void on_action(GSimpleAction *action, GVariant *parameter, gpointer data) {
  Menu *menu = data;
  const char *name = g_action_get_name(G_ACTION(action));
  if (g_str_equal(name, "activate"))
    g_signal_emit_by_name(menu->view, "activate", menu->position);
  else if (g_str_equal(name, "copy"))
    copy(menu, (int)menu->position, UNPARK_TABLE_TABS);
  else if (g_str_equal(name, "csv"))
    copy(menu, (int)menu->position, UNPARK_TABLE_CSV);
  else if (g_str_equal(name, "table-csv"))
    copy(menu, -1, UNPARK_TABLE_CSV);
  else
    copy(menu, -1, UNPARK_TABLE_MARKDOWN);
}

/* ---- The menu -------------------------------------------------------------------------------- */

static void on_closed(GtkWidget *popover, Menu *menu) {
  if (menu->row && gtk_widget_get_mapped(menu->row)) /* else the item led to another view */
    gtk_widget_grab_focus(menu->row);
  g_idle_add_once((GSourceOnceFunc)gtk_widget_unparent, popover);
}

static GMenuModel *make_model(Menu *menu) {
  GListModel *rows = G_LIST_MODEL(gtk_column_view_get_model(menu->view));
  g_autoptr(UnparkProfileItem) item = g_list_model_get_item(rows, menu->position);
  g_autoptr(GMenu) links = g_menu_new(), one = g_menu_new(), all = g_menu_new();
  g_autofree char *filter =
      menu->menu && menu->menu->filter && item ? menu->menu->filter(item) : NULL;
  GMenu *model = g_menu_new();
  if (menu->menu && menu->menu->activate)
    g_menu_append(links, _(menu->menu->activate), "row.activate");
  if (filter) {
    g_autoptr(GMenuItem) entry = g_menu_item_new(_("_Filter to This"), NULL);
    g_menu_item_set_action_and_target(entry, "page.filter", "s", filter);
    g_menu_append_item(links, entry);
  }
  if (menu->menu && menu->menu->function && item && *menu->menu->function(item)) {
    g_autoptr(GMenuItem) entry = g_menu_item_new(_("Show the So_urce"), NULL);
    g_menu_item_set_action_and_target(entry, "win.source", "(ssu)", menu->menu->function(item), "",
                                      0);
    g_menu_append_item(links, entry);
  }
  g_menu_append(one, _("_Copy"), "row.copy");
  g_menu_append(one, _("Copy as CS_V"), "row.csv");
  if (g_list_model_get_n_items(rows) <= MAX_ROWS) {
    g_menu_append(all, _("Copy the Table as C_SV"), "row.table-csv");
    g_menu_append(all, _("Copy the Table as _Markdown"), "row.table-markdown");
  }
  g_menu_append_section(model, NULL, G_MENU_MODEL(links));
  g_menu_append_section(model, NULL, G_MENU_MODEL(one));
  g_menu_append_section(model, NULL, G_MENU_MODEL(all));
  return G_MENU_MODEL(model);
}

static void show(Menu *menu, GtkListItem *item, double x, double y) {
  GtkWidget *cell = gtk_widget_get_parent(gtk_list_item_get_child(item));
  g_autoptr(GMenuModel) model = NULL;
  menu->position = gtk_list_item_get_position(item);
  if (menu->position == GTK_INVALID_LIST_POSITION)
    return;
  g_set_weak_pointer(&menu->row, cell ? gtk_widget_get_parent(cell) : NULL);
  gtk_selection_model_select_item(gtk_column_view_get_model(menu->view), menu->position, TRUE);
  model = make_model(menu);
  GtkWidget *popover = gtk_popover_menu_new_from_model(model);
  /* A table gives a popover no place of its own. */
  GtkWidget *page = gtk_widget_get_ancestor(GTK_WIDGET(menu->view), UNPARK_TYPE_PAGE);
  GtkWidget *parent = page ? page : GTK_WIDGET(menu->view);
  graphene_point_t at = GRAPHENE_POINT_INIT((float)x, (float)y);
  (void)!gtk_widget_compute_point(GTK_WIDGET(menu->view), parent, &at, &at);
  gtk_widget_insert_action_group(popover, "row", menu->actions);
  gtk_widget_set_parent(popover, parent);
  gtk_popover_set_has_arrow(GTK_POPOVER(popover), FALSE);
  gtk_popover_set_pointing_to(GTK_POPOVER(popover), &(GdkRectangle){(int)at.x, (int)at.y, 1, 1});
  gtk_widget_set_halign(popover, GTK_ALIGN_START);
  g_signal_connect(popover, "closed", G_CALLBACK(on_closed), menu);
  gtk_popover_popup(GTK_POPOVER(popover));
}

static GtkListItem *item_below(GtkWidget *widget) {
  GtkListItem *item = unpark_profile_cell_get_item(widget);
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child && !item;
       child = gtk_widget_get_next_sibling(child))
    item = item_below(child);
  return item;
}

/* The item of the row that the widget is, is in, or has cells of. */
static GtkListItem *item_at(Menu *menu, GtkWidget *widget) {
  GtkListItem *item = NULL;
  GtkWidget *header = gtk_widget_get_first_child(GTK_WIDGET(menu->view));
  for (; widget && widget != GTK_WIDGET(menu->view) && !item;
       widget = gtk_widget_get_parent(widget)) {
    /* The list has all rows below it. */
    if (widget == header || gtk_widget_get_parent(widget) == GTK_WIDGET(menu->view))
      return NULL;
    item = item_below(widget);
  }
  return item;
}

static void on_pressed(GtkGestureClick *gesture, int n_press, double x, double y, Menu *menu) {
  GtkListItem *item =
      item_at(menu, gtk_widget_pick(GTK_WIDGET(menu->view), x, y, GTK_PICK_DEFAULT));
  if (!item)
    return;
  gtk_gesture_set_state(GTK_GESTURE(gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  show(menu, item, x, y);
}

static gboolean on_key(GtkWidget *view, GVariant *arguments, gpointer data) {
  Menu *menu = data;
  GtkRoot *root = gtk_widget_get_root(view);
  GtkListItem *item = root ? item_at(menu, gtk_root_get_focus(root)) : NULL;
  graphene_rect_t at;
  if (!item || !gtk_widget_compute_bounds(gtk_list_item_get_child(item), view, &at))
    return GDK_EVENT_PROPAGATE;
  show(menu, item, at.origin.x, at.origin.y + at.size.height);
  return GDK_EVENT_STOP;
}

static void add_controllers(Menu *menu) {
  GtkGesture *secondary = gtk_gesture_click_new();
  GtkEventController *shortcuts = gtk_shortcut_controller_new();
  gtk_gesture_single_set_button(GTK_GESTURE_SINGLE(secondary), GDK_BUTTON_SECONDARY);
  gtk_event_controller_set_propagation_phase(GTK_EVENT_CONTROLLER(secondary), GTK_PHASE_CAPTURE);
  g_signal_connect(secondary, "pressed", G_CALLBACK(on_pressed), menu);
  gtk_widget_add_controller(GTK_WIDGET(menu->view), GTK_EVENT_CONTROLLER(secondary));
  gtk_shortcut_controller_add_shortcut(
      GTK_SHORTCUT_CONTROLLER(shortcuts),
      gtk_shortcut_new(gtk_shortcut_trigger_parse_string("Menu|<Shift>F10"),
                       gtk_callback_action_new(on_key, menu, NULL)));
  gtk_widget_add_controller(GTK_WIDGET(menu->view), shortcuts);
}

static void menu_free(gpointer data) {
  Menu *menu = data;
  g_clear_weak_pointer(&menu->row);
  g_clear_object(&menu->actions);
  g_free(menu);
}

void unpark_table_menu_attach(GtkColumnView *view, const UnparkTableMenu *menu) {
  static const GActionEntry actions[] = {
      {.name = "activate", .activate = on_action},
      {.name = "copy", .activate = on_action},
      {.name = "csv", .activate = on_action},
      {.name = "table-csv", .activate = on_action},
      {.name = "table-markdown", .activate = on_action},
  };
  GSimpleActionGroup *group = g_simple_action_group_new();
  Menu *self = g_new0(Menu, 1);
  self->view = view;
  self->menu = menu;
  g_object_set_data_full(G_OBJECT(view), "unpark-table-menu", self, menu_free);
  g_action_map_add_action_entries(G_ACTION_MAP(group), actions, G_N_ELEMENTS(actions), self);
  self->actions = G_ACTION_GROUP(group);
  add_controllers(self);
}
