/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/shell/filter-box.h"

#include <glib/gi18n.h>
#include <string.h>

#include "model/filter/words.h"
#include "model/filter/filter.h"
#include "ui/kit/accessible.h"
#include "ui/kit/compat.h"
#include "ui/kit/worker.h"

#define MAX_OFFERS 8

typedef struct {
  GtkSearchEntry *entry; /* the owner */
  GtkWidget *popover, *fault, *list;
  UnparkSession *session;
  UnparkStore *store; /* that the words are of, or are being read of */
  UnparkFilterWords *words;
  UnparkWorker reading;
  GPtrArray *offers; /* as listed; NULL */
  gboolean taking;   /* we change the text ourselves */
} Box;

static const char key[] = "unpark-filter-box";

static Box *box_of(GtkSearchEntry *entry) {
  return g_object_get_data(G_OBJECT(entry), key);
}

static void box_free(gpointer data) {
  Box *box = data;
  unpark_worker_cancel(&box->reading);
  if (box->session)
    g_signal_handlers_disconnect_by_data(box->session, box);
  g_clear_object(&box->session);
  g_clear_pointer(&box->store, unpark_store_unref);
  g_clear_pointer(&box->words, unpark_filter_words_unref);
  g_clear_pointer(&box->offers, g_ptr_array_unref);
  g_free(box);
}

/* ---- words --------------------------------------------------------------------------- */

static gpointer find_words(gpointer store, GCancellable *cancellable, GError **error) {
  return unpark_filter_words_read(store, cancellable, error);
}

static void on_words(gpointer owner, gpointer data, gpointer result, const GError *error) {
  Box *box = owner;
  if (error)
    g_debug("No words for the filter: %s", error->message);
  if (!result)
    return;
  g_clear_pointer(&box->words, unpark_filter_words_unref);
  box->words = result;
}

static void read_words(Box *box) {
  static const UnparkWork reading = {find_words, on_words, (GDestroyNotify)unpark_store_unref,
                                     (GDestroyNotify)unpark_filter_words_unref};
  UnparkStore *store = box->session ? unpark_session_get_store(box->session) : NULL;
  if (!store || store == box->store)
    return;
  unpark_worker_cancel(&box->reading);
  g_clear_pointer(&box->store, unpark_store_unref);
  box->store = unpark_store_ref(store);
  unpark_worker_run(&box->reading, box, &reading, unpark_store_ref(store));
}

/* ---- where it is wrong --------------------------------------------------------------- */

static void mark_error(Box *box) {
  const char *text = gtk_editable_get_text(GTK_EDITABLE(box->entry));
  GtkEditable *inner = gtk_editable_get_delegate(GTK_EDITABLE(box->entry));
  g_autoptr(PangoAttrList) attributes = pango_attr_list_new();
  g_autoptr(GError) error = NULL;
  int position;
  gboolean empty = text[strspn(text, " ")] == 0;
  g_autoptr(UnparkFilter) filter = empty ? NULL : unpark_filter_parse(text, &position, &error);
  if (error) {
    PangoAttribute *line = pango_attr_underline_new(PANGO_UNDERLINE_ERROR);
    const char *at = g_utf8_offset_to_pointer(text, MIN(position, g_utf8_strlen(text, -1)));
    line->start_index = (guint)(at - text);
    /* What is missing at the end is marked at the last sign. */
    if (*at == 0 && line->start_index > 0)
      line->start_index = (guint)(g_utf8_prev_char(at) - text);
    pango_attr_list_insert(attributes, line);
  }
  if (GTK_IS_TEXT(inner))
    gtk_text_set_attributes(GTK_TEXT(inner), attributes);
  if (error)
    gtk_widget_add_css_class(GTK_WIDGET(box->entry), "error");
  else
    gtk_widget_remove_css_class(GTK_WIDGET(box->entry), "error");
  gtk_widget_set_tooltip_text(GTK_WIDGET(box->entry), error ? error->message : NULL);
  gtk_label_set_text(GTK_LABEL(box->fault), error ? error->message : "");
  gtk_widget_set_visible(box->fault, error != NULL);
}

/* ---- offers --------------------------------------------------------------------------- */

static GtkWidget *offer_row(const UnparkFilterOffer *offer) {
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 18);
  GtkWidget *label = gtk_label_new(offer->label);
  GtkWidget *hint = gtk_label_new(offer->hint);
  GtkWidget *row = gtk_list_box_row_new();
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_START);
  gtk_label_set_max_width_chars(GTK_LABEL(label), 46);
  gtk_widget_set_hexpand(label, TRUE);
  gtk_widget_add_css_class(hint, "dim-label");
  gtk_box_append(GTK_BOX(line), label);
  gtk_box_append(GTK_BOX(line), hint);
  gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(row), line);
  unpark_accessible_name(row, offer->label);
  return row;
}

static void fill(Box *box) {
  unpark_compat_list_box_clear(GTK_LIST_BOX(box->list));
  for (guint i = 0; i < box->offers->len; i++)
    gtk_list_box_append(GTK_LIST_BOX(box->list), offer_row(box->offers->pdata[i]));
}

static void update(Box *box) {
  GtkEditable *editable = GTK_EDITABLE(box->entry);
  GtkEditable *inner = gtk_editable_get_delegate(editable);
  mark_error(box);
  if (box->taking)
    return;
  g_clear_pointer(&box->offers, g_ptr_array_unref);
  box->offers = unpark_filter_offers(box->words, gtk_editable_get_text(editable),
                                     gtk_editable_get_position(editable), MAX_OFFERS);
  gboolean says = box->offers->len > 0 || gtk_widget_get_visible(box->fault);
  if (!says || !inner || !gtk_widget_has_focus(GTK_WIDGET(inner))) {
    gtk_popover_popdown(GTK_POPOVER(box->popover));
    return;
  }
  fill(box);
  gtk_widget_set_visible(box->list, box->offers->len > 0);
  gtk_popover_popup(GTK_POPOVER(box->popover));
}

static void take(Box *box, int n) {
  if (!box->offers || n < 0 || n >= (int)box->offers->len)
    return;
  const UnparkFilterOffer *offer = box->offers->pdata[n];
  g_autofree char *text = g_strdup(offer->text);
  int cursor = offer->cursor;
  box->taking = TRUE;
  gtk_editable_set_text(GTK_EDITABLE(box->entry), text);
  gtk_editable_set_position(GTK_EDITABLE(box->entry), cursor);
  box->taking = FALSE;
  update(box);
}

static int selected(Box *box) {
  GtkListBoxRow *row = gtk_list_box_get_selected_row(GTK_LIST_BOX(box->list));
  return row ? gtk_list_box_row_get_index(row) : -1;
}

static gboolean on_key(GtkEventControllerKey *controller, guint code, guint raw,
                       GdkModifierType state, Box *box) {
  int n = selected(box);
  if (!gtk_widget_get_visible(box->popover) || !box->offers)
    return GDK_EVENT_PROPAGATE;
  switch (code) {
  case GDK_KEY_Down:
  case GDK_KEY_Up:
    if (box->offers->len == 0)
      return GDK_EVENT_PROPAGATE;
    n = code == GDK_KEY_Down ? n + 1 : n < 0 ? (int)box->offers->len - 1 : n - 1;
    gtk_list_box_select_row(GTK_LIST_BOX(box->list),
                            gtk_list_box_get_row_at_index(GTK_LIST_BOX(box->list), n));
    return GDK_EVENT_STOP;
  case GDK_KEY_Tab:
    take(box, MAX(n, 0));
    return GDK_EVENT_STOP;
  case GDK_KEY_Return:
  case GDK_KEY_KP_Enter:
    gtk_popover_popdown(GTK_POPOVER(box->popover));
    if (n < 0)
      return GDK_EVENT_PROPAGATE;
    take(box, n);
    return GDK_EVENT_STOP;
  case GDK_KEY_Escape:
    gtk_popover_popdown(GTK_POPOVER(box->popover));
    return GDK_EVENT_STOP;
  default:
    return GDK_EVENT_PROPAGATE;
  }
}

static void on_row(GtkListBox *list, GtkListBoxRow *row, Box *box) {
  take(box, gtk_list_box_row_get_index(row));
}

static void on_left(Box *box) {
  gtk_popover_popdown(GTK_POPOVER(box->popover));
}

static void on_destroyed(Box *box) {
  unpark_worker_cancel(&box->reading);
  g_clear_pointer(&box->popover, gtk_widget_unparent);
}

/* What is wrong, and what can be written, right below the field. */
static GtkWidget *make_popover(Box *box) {
  GtkWidget *popover = gtk_popover_new(), *lines = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  box->list = gtk_list_box_new();
  box->fault = gtk_label_new(NULL);
  gtk_label_set_wrap(GTK_LABEL(box->fault), TRUE);
  gtk_label_set_max_width_chars(GTK_LABEL(box->fault), 46);
  gtk_label_set_xalign(GTK_LABEL(box->fault), 0);
  gtk_widget_add_css_class(box->fault, "error");
  gtk_widget_set_visible(box->fault, FALSE);
  gtk_box_append(GTK_BOX(lines), box->fault);
  gtk_box_append(GTK_BOX(lines), box->list);
  gtk_popover_set_child(GTK_POPOVER(popover), lines);
  gtk_popover_set_autohide(GTK_POPOVER(popover), FALSE);
  gtk_popover_set_has_arrow(GTK_POPOVER(popover), FALSE);
  gtk_popover_set_position(GTK_POPOVER(popover), GTK_POS_BOTTOM);
  gtk_widget_set_can_focus(popover, FALSE);
  unpark_accessible_name(box->list, _("Filter words"));
  return popover;
}

void unpark_filter_box_attach(GtkSearchEntry *entry) {
  Box *box = g_new0(Box, 1);
  GtkEventController *keys = gtk_event_controller_key_new();
  GtkEventController *focus = gtk_event_controller_focus_new();
  box->entry = entry;
  box->popover = make_popover(box);
  gtk_widget_set_parent(box->popover, GTK_WIDGET(entry));
  g_object_set_data_full(G_OBJECT(entry), key, box, box_free);
  /* Before the entry's own: Enter and Escape mean something to it. */
  gtk_event_controller_set_propagation_phase(keys, GTK_PHASE_CAPTURE);
  g_signal_connect(keys, "key-pressed", G_CALLBACK(on_key), box);
  g_signal_connect_swapped(focus, "leave", G_CALLBACK(on_left), box);
  g_signal_connect(box->list, "row-activated", G_CALLBACK(on_row), box);
  g_signal_connect_swapped(entry, "changed", G_CALLBACK(update), box);
  /* The text changes before the caret has moved. */
  g_signal_connect_swapped(entry, "notify::cursor-position", G_CALLBACK(update), box);
  g_signal_connect_swapped(entry, "destroy", G_CALLBACK(on_destroyed), box);
  gtk_widget_add_controller(GTK_WIDGET(entry), keys);
  gtk_widget_add_controller(GTK_WIDGET(entry), focus);
}

void unpark_filter_box_set_session(GtkSearchEntry *entry, UnparkSession *session) {
  Box *box = box_of(entry);
  if (session != box->session) {
    if (box->session)
      g_signal_handlers_disconnect_by_data(box->session, box);
    g_clear_object(&box->session);
    g_clear_pointer(&box->words, unpark_filter_words_unref);
    g_clear_pointer(&box->store, unpark_store_unref);
    box->session = session ? g_object_ref(session) : NULL;
    if (session)
      g_signal_connect_swapped(session, "store-changed", G_CALLBACK(read_words), box);
  }
  read_words(box);
}
