/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/inspector/inspector.h"

#include <glib/gi18n.h>

#include "model/base/tables.h"
#include "ui/kit/accessible.h"
#include "ui/chain/view.h"
#include "ui/inspector/pages.h"
#include "ui/kit/settings.h"

/* Why it waited stands above all else: of the height, if nobody chose another. */
#define CHAIN_PART 0.6
#define MIN_CHAIN_HEIGHT 120
#define MIN_PAGE_HEIGHT 120
/* So long after the view, or a drag, has come to rest, what is said of that time follows. */
#define SEEN_DELAY_MS 250

struct _UnparkInspector {
  GtkWidget parent_instance;

  UnparkSession *session;
  GtkWidget *paned, *scrolled, *bar, *chain;
  gboolean placing;     /* we move the divider ourselves */
  int placed_height;    /* of the pane, when the divider was moved last */
  UnparkPickPage *page; /* that is being found out, or is shown; NULL: nothing is picked */
  guint seen_source;    /* a page about the visible time is to be found out anew */
  gboolean to_chain;    /* the focus goes there when it has come */
  gboolean is_shown;    /* the page's widget is on screen; else still the one before */
};

G_DEFINE_FINAL_TYPE(UnparkInspector, unpark_inspector, GTK_TYPE_WIDGET)

/* ---- the page shown --------------------------------------------------------------------- */

void unpark_inspector_copy(UnparkInspector *self) {
  if (!self->page)
    return;
  g_autofree char *page = unpark_pick_page_text(self->page);
  g_autofree char *chain = unpark_chain_view_text(UNPARK_CHAIN_VIEW(self->chain));
  g_autofree char *text = g_strconcat(page, chain, NULL);
  gtk_widget_activate_action(GTK_WIDGET(self), "win.copy", "s", text);
}

static void set_page_widget(UnparkInspector *self, GtkWidget *page) {
  GtkScrolledWindow *scrolled = GTK_SCROLLED_WINDOW(self->scrolled);
  GtkRoot *root = gtk_widget_get_root(self->scrolled);
  GtkWidget *focus = root ? gtk_root_get_focus(root) : NULL;
  gboolean had_focus = focus && gtk_widget_is_ancestor(focus, self->scrolled);
  /* The link that was followed goes with its page; keys go on from what stays. */
  if (had_focus)
    gtk_widget_child_focus(self->bar, GTK_DIR_TAB_FORWARD);
  gtk_scrolled_window_set_child(scrolled, page);
  gtk_adjustment_set_value(gtk_scrolled_window_get_vadjustment(scrolled), 0);
}

static void show_hint(UnparkInspector *self, const char *hint) {
  GtkWidget *label = gtk_label_new(hint);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_justify(GTK_LABEL(label), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class(label, "dim-label");
  gtk_widget_set_vexpand(label, TRUE);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append(GTK_BOX(box), label);
  set_page_widget(self, box);
  gtk_widget_set_visible(self->bar, FALSE);
}

static void on_page_changed(UnparkPickPage *page, gboolean complete, gpointer data) {
  UnparkInspector *self = data;
  if (self->is_shown)
    return;
  self->is_shown = TRUE;
  gtk_widget_set_visible(self->bar, TRUE);
  set_page_widget(self, unpark_pick_page_widget(page));
}

static const UnparkAsk *first_question(UnparkStore *store, const UnparkPick *pick) {
  if (pick->type == UNPARK_PICK_NONE && unpark_store_source(store)->kind == UNPARK_SOURCE_SPANS)
    return &unpark_ask_trace_overview;
  switch (pick->type) {
  case UNPARK_PICK_SPAN:
    return &unpark_ask_span;
  case UNPARK_PICK_GOROUTINE:
    return &unpark_ask_goroutine;
  case UNPARK_PICK_GROUP:
    return &unpark_ask_group;
  case UNPARK_PICK_PROC:
  case UNPARK_PICK_THREAD:
    return &unpark_ask_lane;
  case UNPARK_PICK_ROW:
    return pick->table == UNPARK_TABLE_TRACE_SPAN ? &unpark_ask_trace_span : &unpark_ask_row;
  case UNPARK_PICK_HEAP:
  case UNPARK_PICK_GOMAXPROCS:
    return &unpark_ask_metric;
  case UNPARK_PICK_GC:
  case UNPARK_PICK_STW:
    return &unpark_ask_stretches;
  case UNPARK_PICK_TASKS:
    return &unpark_ask_tasks;
  case UNPARK_PICK_STATES:
  case UNPARK_PICK_NONE:
  default:
    return &unpark_ask_overview;
  }
}

static void refresh(UnparkInspector *self) {
  g_clear_handle_id(&self->seen_source, g_source_remove);
  UnparkStore *store = unpark_session_get_store(self->session);
  g_clear_pointer(&self->page, unpark_pick_page_leave);
  self->is_shown = FALSE;
  if (!store)
    show_hint(self, _("Click a span, a lane or a group to see what it was doing and why."));
  else
    self->page = unpark_pick_page_new(self->session,
                                      first_question(store, unpark_session_get_pick(self->session)),
                                      on_page_changed, self);
}

/* Pages about more than one goroutine are about what passes the filter. */
static void on_filter(UnparkInspector *self) {
  UnparkPickType type = unpark_session_get_pick(self->session)->type;
  if (type == UNPARK_PICK_NONE || type == UNPARK_PICK_STATES || type == UNPARK_PICK_TASKS)
    refresh(self);
}

static gboolean refresh_seen(gpointer data) {
  UnparkInspector *self = data;
  self->seen_source = 0;
  refresh(self);
  return G_SOURCE_REMOVE;
}

static void refresh_later(UnparkInspector *self) {
  g_clear_handle_id(&self->seen_source, g_source_remove);
  self->seen_source = g_timeout_add(SEEN_DELAY_MS, refresh_seen, self);
}

/* Some pages are about the selected time. */
static void on_selection(UnparkInspector *self) {
  UnparkPickType type = unpark_session_get_pick(self->session)->type;
  if (type == UNPARK_PICK_GOROUTINE) {
    unpark_session_set_chain(self->session, NULL);
    refresh(self);
  } else if (type == UNPARK_PICK_NONE || type == UNPARK_PICK_STATES) {
    refresh_later(self); /* three scans: not for every step of a drag */
  } else if (type == UNPARK_PICK_PROC || type == UNPARK_PICK_THREAD || type == UNPARK_PICK_GC ||
             type == UNPARK_PICK_STW || type == UNPARK_PICK_TASKS ||
             unpark_pick_is_metric(unpark_session_get_pick(self->session))) {
    refresh(self);
  }
}

/* Others are about the visible time if none is selected: once it has come to rest. */
static void on_visible(UnparkInspector *self) {
  gint64 from, to;
  if (!unpark_pick_is_metric(unpark_session_get_pick(self->session)) ||
      unpark_session_get_selected_time(self->session, &from, &to))
    return;
  refresh_later(self);
}

/* ---- the divider ----------------------------------------------------------------------------- */

static void focus_chain(UnparkInspector *self) {
  if (self->to_chain && gtk_widget_get_visible(self->chain)) {
    self->to_chain = FALSE;
    gtk_widget_child_focus(self->chain, GTK_DIR_TAB_FORWARD);
  }
}

void unpark_inspector_show_why(UnparkInspector *self) {
  self->to_chain = TRUE;
  focus_chain(self);
}

/* A short chain takes no more room than it needs. */
static void place_divider(UnparkInspector *self) {
  int height = gtk_widget_get_height(self->paned), width = gtk_widget_get_width(self->paned);
  int wanted = unpark_settings_get_int("inspector.why-height", (int)(height * CHAIN_PART)), natural;
  if (height <= 0 || !gtk_widget_get_visible(self->chain))
    return;
  gtk_widget_measure(self->chain, GTK_ORIENTATION_VERTICAL, width, NULL, &natural, NULL, NULL);
  wanted = CLAMP(wanted, MIN_CHAIN_HEIGHT, MAX(height - MIN_PAGE_HEIGHT, MIN_CHAIN_HEIGHT));
  self->placed_height = height;
  self->placing = TRUE;
  gtk_paned_set_position(GTK_PANED(self->paned), MIN(wanted, natural));
  self->placing = FALSE;
  focus_chain(self);
}

static void on_divider(UnparkInspector *self) {
  int height = gtk_widget_get_height(self->paned);
  /* A pane of another height moves it, too. */
  gboolean resized = height != self->placed_height;
  self->placed_height = height;
  if (self->placing || resized || !gtk_widget_get_visible(self->chain))
    return;
  int chosen = gtk_paned_get_position(GTK_PANED(self->paned)), natural;
  gtk_widget_measure(self->chain, GTK_ORIENTATION_VERTICAL, gtk_widget_get_width(self->paned), NULL,
                     &natural, NULL, NULL);
  /* What a short chain needs says nothing about how much of a long one somebody wants to see. */
  if (chosen >= natural)
    chosen =
        MAX(chosen, unpark_settings_get_int("inspector.why-height", (int)(height * CHAIN_PART)));
  if (chosen >= MIN_CHAIN_HEIGHT)
    unpark_settings_set_int("inspector.why-height", chosen);
}

/* ---- the widget ----------------------------------------------------------------------------- */

static gboolean on_copy_key(GtkWidget *widget, GVariant *arguments, gpointer data) {
  unpark_inspector_copy(UNPARK_INSPECTOR(widget));
  return GDK_EVENT_STOP;
}

static void unpark_inspector_dispose(GObject *object) {
  UnparkInspector *self = UNPARK_INSPECTOR(object);
  g_clear_handle_id(&self->seen_source, g_source_remove);
  g_clear_pointer(&self->page, unpark_pick_page_leave);
  if (self->paned)
    g_signal_handlers_disconnect_by_data(self->paned, self);
  g_clear_pointer(&self->paned, gtk_widget_unparent);
  g_clear_object(&self->session);
  G_OBJECT_CLASS(unpark_inspector_parent_class)->dispose(object);
}

static void unpark_inspector_class_init(UnparkInspectorClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = unpark_inspector_dispose;
  gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_add_binding(widget_class, GDK_KEY_c, GDK_CONTROL_MASK, on_copy_key, NULL);
}

static GtkWidget *make_bar(UnparkInspector *self) {
  GtkWidget *bar = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *button = gtk_button_new_from_icon_name("edit-copy-symbolic");
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_set_tooltip_text(button, _("Copy this page as text (Ctrl+C)"));
  unpark_accessible_name(button, _("Copy as text"));
  gtk_widget_set_halign(bar, GTK_ALIGN_END);
  gtk_widget_set_valign(bar, GTK_ALIGN_START);
  gtk_widget_set_margin_top(bar, 4);
  gtk_widget_set_margin_end(bar, 8);
  g_signal_connect_swapped(button, "clicked", G_CALLBACK(unpark_inspector_copy), self);
  gtk_box_append(GTK_BOX(bar), button);
  return bar;
}

static void unpark_inspector_init(UnparkInspector *self) {
  self->paned = gtk_paned_new(GTK_ORIENTATION_VERTICAL);
  gtk_widget_set_parent(self->paned, GTK_WIDGET(self));
  gtk_widget_add_css_class(self->paned, "unpark-inspector");
  unpark_accessible_name(self->paned, _("Inspector and wait chain"));
  unpark_accessible_name(GTK_WIDGET(self), _("Inspector"));
}

GtkWidget *unpark_inspector_new(UnparkSession *session) {
  UnparkInspector *self = g_object_new(UNPARK_TYPE_INSPECTOR, NULL);
  GtkWidget *overlay = gtk_overlay_new();
  self->session = g_object_ref(session);
  self->scrolled = gtk_scrolled_window_new();
  self->bar = make_bar(self);
  self->chain = unpark_chain_view_new(session);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(self->scrolled), GTK_POLICY_NEVER,
                                 GTK_POLICY_AUTOMATIC);
  gtk_widget_add_css_class(self->scrolled, "unpark-page");
  gtk_widget_set_vexpand(self->scrolled, TRUE);
  gtk_overlay_set_child(GTK_OVERLAY(overlay), self->scrolled);
  gtk_overlay_add_overlay(GTK_OVERLAY(overlay), self->bar);
  gtk_paned_set_start_child(GTK_PANED(self->paned), self->chain);
  gtk_paned_set_end_child(GTK_PANED(self->paned), overlay);
  gtk_paned_set_resize_start_child(GTK_PANED(self->paned), FALSE);
  gtk_paned_set_shrink_start_child(GTK_PANED(self->paned), FALSE);
  gtk_paned_set_shrink_end_child(GTK_PANED(self->paned), FALSE);
  g_signal_connect_swapped(self->chain, "rows-changed", G_CALLBACK(place_divider), self);
  g_signal_connect_swapped(self->paned, "notify::position", G_CALLBACK(on_divider), self);
  g_signal_connect_object(session, "pick-changed", G_CALLBACK(refresh), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(session, "store-changed", G_CALLBACK(refresh), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(session, "selection-changed", G_CALLBACK(on_selection), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(session, "filter-ready", G_CALLBACK(on_filter), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(session, "visible-changed", G_CALLBACK(on_visible), self,
                          G_CONNECT_SWAPPED);
  refresh(self);
  return GTK_WIDGET(self);
}
