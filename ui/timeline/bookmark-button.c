/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/timeline/bookmark-button.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "ui/kit/accessible.h"
#include "ui/session/bookmark-list.h"
#include "ui/text/format.h"
#include "ui/kit/toast.h"

#define LIST_HEIGHT 320
#define POPOVER_WIDTH 360

/* What the widgets of one button share; freed with the button. */
typedef struct {
  UnparkSession *session;
  UnparkBookmarkList *list;
  GtkWidget *button, *entry, *add;
  GtkWidget *came_from; /* had the focus before the popover; a weak pointer */
} Bookmarks;

static void bookmarks_free(gpointer data) {
  Bookmarks *b = data;
  g_clear_weak_pointer(&b->came_from);
  g_object_unref(b->session);
  g_free(b);
}

/* ---- messages ------------------------------------------------------------------------------- */

static void on_failed(UnparkBookmarkList *list, const char *message, GtkWidget *button) {
  g_autofree char *text =
      g_strdup_printf(_("The bookmark is kept only until the window closes. %s"), message);
  unpark_toast_show(button, text);
}

static void on_undo(AdwToast *toast, UnparkBookmarkList *list) {
  UnparkBookmarkItem *item = g_object_get_data(G_OBJECT(toast), "item");
  unpark_bookmark_list_restore(list, item);
}

/* ---- where --------------------------------------------------------------------------------- */

/* What M marks: the picked span, or the time one went to, else the middle of the visible time, on
 * the picked goroutine. */
static void find_place(UnparkSession *session, gint64 *time_ns, gint64 *goroutine) {
  const UnparkPick *pick = unpark_session_get_pick(session);
  double from, to;
  unpark_session_get_visible(session, &from, &to);
  *time_ns = unpark_session_nearest(session, (from + to) / 2);
  *goroutine = UNPARK_NONE;
  if (pick->type == UNPARK_PICK_SPAN || pick->type == UNPARK_PICK_GOROUTINE)
    *goroutine = pick->id;
  if (pick->start_ns != UNPARK_NONE)
    *time_ns = pick->start_ns;
}

/* "1.203 s, G 41"; free with g_free(). */
static char *place_text(gint64 time_ns, gint64 goroutine) {
  char at[UNPARK_FORMAT_SIZE];
  unpark_format_time(time_ns, 1000, at);
  if (goroutine == UNPARK_NONE)
    return g_strdup(at);
  return g_strdup_printf("%s, G %" G_GINT64_FORMAT, at, goroutine);
}

static void go_there(Bookmarks *b, const UnparkBookmark *bookmark) {
  const UnparkPick pick = {.type = bookmark->goroutine == UNPARK_NONE ? UNPARK_PICK_NONE
                                                                      : UNPARK_PICK_SPAN,
                           .id = bookmark->goroutine,
                           .start_ns = bookmark->time_ns,
                           .end_ns = bookmark->time_ns};
  gtk_menu_button_popdown(GTK_MENU_BUTTON(b->button));
  unpark_session_go_to(b->session, &pick, "timeline");
}

/* ---- rows ---------------------------------------------------------------------------------- */

static void on_go(GtkButton *button, Bookmarks *b) {
  UnparkBookmarkItem *item = g_object_get_data(G_OBJECT(button), "item");
  go_there(b, unpark_bookmark_item_get(item));
}

static void on_remove(GtkButton *button, Bookmarks *b) {
  UnparkBookmarkItem *item = g_object_get_data(G_OBJECT(button), "item");
  g_autoptr(AdwToast) toast = unpark_toast_undo(b->button, _("Bookmark removed"));
  g_object_set_data_full(G_OBJECT(toast), "item", g_object_ref(item), g_object_unref);
  g_signal_connect_object(toast, "button-clicked", G_CALLBACK(on_undo), b->list, 0);
  unpark_bookmark_list_remove(b->list, item);
}

static void on_edited(GtkWidget *note, Bookmarks *b) {
  UnparkBookmarkItem *item = g_object_get_data(G_OBJECT(note), "item");
  unpark_bookmark_list_edit(b->list, item, gtk_editable_get_text(GTK_EDITABLE(note)));
}

static void on_note_left(GtkEventController *focus, Bookmarks *b) {
  on_edited(gtk_event_controller_get_widget(focus), b);
}

/* An entry that looks like text: what is typed counts when one leaves it, or with Enter. */
static GtkWidget *make_note(Bookmarks *b, UnparkBookmarkItem *item, const char *place) {
  GtkWidget *note = gtk_entry_new();
  GtkEventController *focus = gtk_event_controller_focus_new();
  g_autofree char *name = g_strdup_printf(_("Note for the bookmark at %s"), place);
  gtk_editable_set_text(GTK_EDITABLE(note), unpark_bookmark_item_get(item)->note);
  gtk_entry_set_has_frame(GTK_ENTRY(note), FALSE);
  gtk_entry_set_placeholder_text(GTK_ENTRY(note), _("No note"));
  gtk_widget_add_css_class(note, "unpark-note");
  gtk_widget_set_hexpand(note, TRUE);
  unpark_accessible_name(note, name);
  g_object_set_data_full(G_OBJECT(note), "item", g_object_ref(item), g_object_unref);
  g_signal_connect(note, "activate", G_CALLBACK(on_edited), b);
  g_signal_connect(focus, "leave", G_CALLBACK(on_note_left), b);
  gtk_widget_add_controller(note, focus);
  return note;
}

static void keep_item(GtkWidget *widget, UnparkBookmarkItem *item) {
  g_object_set_data_full(G_OBJECT(widget), "item", g_object_ref(item), g_object_unref);
}

static GtkWidget *make_row(gpointer object, gpointer data) {
  UnparkBookmarkItem *item = object;
  Bookmarks *b = data;
  const UnparkBookmark *bookmark = unpark_bookmark_item_get(item);
  g_autofree char *place = place_text(bookmark->time_ns, bookmark->goroutine);
  g_autofree char *go_name = g_strdup_printf(_("Go to the bookmark at %s"), place);
  g_autofree char *remove_name = g_strdup_printf(_("Remove the bookmark at %s"), place);
  GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *note = make_note(b, item, place);
  GtkWidget *go = gtk_button_new_with_label(place);
  GtkWidget *remove = gtk_button_new_from_icon_name("user-trash-symbolic");
  gtk_widget_add_css_class(go, "flat");
  gtk_widget_add_css_class(go, "numeric");
  gtk_widget_add_css_class(remove, "flat");
  gtk_widget_set_tooltip_text(go, _("Go there"));
  gtk_widget_set_tooltip_text(remove, _("Remove"));
  unpark_accessible_name(go, go_name);
  unpark_accessible_name(remove, remove_name);
  keep_item(go, item);
  keep_item(remove, item);
  g_signal_connect(go, "clicked", G_CALLBACK(on_go), b);
  g_signal_connect(remove, "clicked", G_CALLBACK(on_remove), b);
  gtk_box_append(GTK_BOX(row), go);
  gtk_box_append(GTK_BOX(row), note);
  gtk_box_append(GTK_BOX(row), remove);
  return row;
}

/* ---- the popover --------------------------------------------------------------------------- */

static void add_bookmark(Bookmarks *b) {
  gint64 time_ns, goroutine;
  find_place(b->session, &time_ns, &goroutine);
  unpark_bookmark_list_add(b->list, time_ns, goroutine,
                           gtk_editable_get_text(GTK_EDITABLE(b->entry)));
  gtk_editable_set_text(GTK_EDITABLE(b->entry), "");
  gtk_menu_button_popdown(GTK_MENU_BUTTON(b->button));
}

static void on_show(GtkWidget *popover, Bookmarks *b) {
  gint64 time_ns, goroutine;
  find_place(b->session, &time_ns, &goroutine);
  g_autofree char *place = place_text(time_ns, goroutine);
  g_autofree char *hint = g_strdup_printf(_("Note for %s"), place);
  gtk_entry_set_placeholder_text(GTK_ENTRY(b->entry), hint);
  gtk_widget_grab_focus(b->entry);
}

/* Whoever pressed M goes on where they were. */
static void on_closed(GtkWidget *popover, Bookmarks *b) {
  if (b->came_from && gtk_widget_get_mapped(b->came_from))
    gtk_widget_grab_focus(b->came_from);
  g_clear_weak_pointer(&b->came_from);
}

static GtkWidget *make_form(Bookmarks *b) {
  GtkWidget *form = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  b->entry = gtk_entry_new();
  b->add = gtk_button_new_with_mnemonic(_("_Add"));
  gtk_widget_set_hexpand(b->entry, TRUE);
  gtk_widget_add_css_class(b->add, "suggested-action");
  unpark_accessible_name(b->entry, _("Note for the new bookmark"));
  g_signal_connect_swapped(b->entry, "activate", G_CALLBACK(add_bookmark), b);
  g_signal_connect_swapped(b->add, "clicked", G_CALLBACK(add_bookmark), b);
  gtk_box_append(GTK_BOX(form), b->entry);
  gtk_box_append(GTK_BOX(form), b->add);
  return form;
}

static GtkWidget *make_list(Bookmarks *b) {
  GtkWidget *scrolled = gtk_scrolled_window_new();
  GtkWidget *rows = gtk_list_box_new();
  GtkWidget *empty =
      gtk_label_new(_("No bookmarks yet. They are kept in the store, with their notes."));
  gtk_label_set_wrap(GTK_LABEL(empty), TRUE);
  gtk_widget_add_css_class(empty, "dim-label");
  gtk_widget_set_margin_top(empty, 12);
  gtk_widget_set_margin_bottom(empty, 12);
  gtk_list_box_set_selection_mode(GTK_LIST_BOX(rows), GTK_SELECTION_NONE);
  gtk_list_box_set_placeholder(GTK_LIST_BOX(rows), empty);
  gtk_list_box_bind_model(GTK_LIST_BOX(rows), unpark_bookmark_list_model(b->list), make_row, b,
                          NULL);
  unpark_accessible_name(rows, _("Bookmarks"));
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scrolled), GTK_POLICY_NEVER,
                                 GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height(GTK_SCROLLED_WINDOW(scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height(GTK_SCROLLED_WINDOW(scrolled), LIST_HEIGHT);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scrolled), rows);
  return scrolled;
}

GtkWidget *unpark_bookmark_button_new(UnparkSession *session) {
  Bookmarks *b = g_new0(Bookmarks, 1);
  GtkWidget *popover = gtk_popover_new();
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  b->session = g_object_ref(session);
  b->list = unpark_bookmark_list_of(session);
  b->button = gtk_menu_button_new();
  gtk_menu_button_set_icon_name(GTK_MENU_BUTTON(b->button), "unpark-bookmark-symbolic");
  gtk_widget_set_tooltip_text(b->button, _("Bookmarks (M)"));
  unpark_accessible_name(b->button, _("Bookmarks"));
  gtk_widget_add_css_class(b->button, "flat");
  gtk_widget_set_valign(b->button, GTK_ALIGN_CENTER);
  gtk_widget_set_size_request(box, POPOVER_WIDTH, -1);
  gtk_box_append(GTK_BOX(box), make_form(b));
  gtk_box_append(GTK_BOX(box), make_list(b));
  gtk_popover_set_child(GTK_POPOVER(popover), box);
  gtk_menu_button_set_popover(GTK_MENU_BUTTON(b->button), popover);
  g_signal_connect(popover, "show", G_CALLBACK(on_show), b);
  g_signal_connect(popover, "closed", G_CALLBACK(on_closed), b);
  g_signal_connect_object(b->list, "failed", G_CALLBACK(on_failed), b->button, 0);
  g_object_set_data_full(G_OBJECT(b->button), "bookmarks", b, bookmarks_free);
  return b->button;
}

void unpark_bookmark_button_ask(GtkWidget *button) {
  Bookmarks *b = g_object_get_data(G_OBJECT(button), "bookmarks");
  GtkRoot *root = gtk_widget_get_root(button);
  g_set_weak_pointer(&b->came_from, root ? gtk_root_get_focus(root) : NULL);
  gtk_menu_button_popup(GTK_MENU_BUTTON(button));
}

static gboolean on_key(GtkWidget *widget, GVariant *arguments, gpointer button) {
  unpark_bookmark_button_ask(button);
  return GDK_EVENT_STOP;
}

void unpark_bookmark_button_attach(GtkWidget *button, GtkWidget *widget) {
  GtkEventController *controller = gtk_shortcut_controller_new();
  gtk_shortcut_controller_add_shortcut(
      GTK_SHORTCUT_CONTROLLER(controller),
      gtk_shortcut_new(gtk_keyval_trigger_new(GDK_KEY_m, 0),
                       gtk_callback_action_new(on_key, g_object_ref(button), g_object_unref)));
  gtk_widget_add_controller(widget, controller);
}
