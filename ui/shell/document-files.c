/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several files in one tab: which of them views show, and the widgets of views, of which there is
 * one for each file unless they are about all. */
#include "ui/kit/toast.h"
#include "ui/shell/document-private.h"
#include "ui/shell/notes.h"
#include "ui/shell/views.h"
#include "ui/sources/bar.h"

guint unpark_document_n_files(UnparkDocument *self) {
  return self->bundle ? unpark_bundle_get_n(self->bundle) : 1;
}

static UnparkSession *nth_session(UnparkDocument *self, guint i) {
  return self->bundle ? unpark_bundle_get_session(self->bundle, i) : self->session;
}

/* Whether there is a file that the view can show. */
gboolean unpark_document_applies_to(UnparkDocument *self, const UnparkView *view, guint i) {
  UnparkStore *store = unpark_session_get_store(nth_session(self, i));
  return store && view->applies(store);
}

/* A view of a single file shows one that it can. */
static void choose_file(UnparkDocument *self, const UnparkView *view) {
  UnparkTogether *together = unpark_together_of(self->session);
  if (!together || view->together ||
      unpark_document_applies_to(self, view, unpark_together_get_current(together)))
    return;
  for (guint i = 0; i < unpark_document_n_files(self); i++)
    if (unpark_document_applies_to(self, view, i)) {
      unpark_together_set_current(together, i);
      return;
    }
}

/* The view's widgets by the session that each is about. */
static GHashTable *widgets_of(GtkWidget *bin) {
  GHashTable *widgets = g_object_get_data(G_OBJECT(bin), "unpark-widgets");
  if (!widgets) {
    widgets = g_hash_table_new_full(NULL, NULL, NULL, g_object_unref);
    g_object_set_data_full(G_OBJECT(bin), "unpark-widgets", widgets,
                           (GDestroyNotify)g_hash_table_unref);
  }
  return widgets;
}

/* A view is made when it is first looked at: a trace has many, and opening it waits for none. */
void unpark_document_create_view(UnparkDocument *self) {
  GtkWidget *bin = adw_view_stack_get_visible_child(self->views);
  const UnparkView *view = bin ? g_object_get_data(G_OBJECT(bin), "unpark-view") : NULL;
  if (!view)
    return;
  choose_file(self, view);
  UnparkSession *session = view->together ? nth_session(self, 0) : self->session;
  GtkWidget *widget = g_hash_table_lookup(widgets_of(bin), session);
  if (!widget) {
    widget = g_object_ref_sink(view->create(session));
    g_hash_table_insert(widgets_of(bin), session, widget);
  }
  if (adw_bin_get_child(ADW_BIN(bin)) != widget)
    adw_bin_set_child(ADW_BIN(bin), widget);
  if (self->source_bar)
    unpark_source_bar_set_view(UNPARK_SOURCE_BAR(self->source_bar), view);
}

void unpark_document_show_again(UnparkDocument *self) {
  UnparkStore *store = unpark_session_get_store(self->session);
  for (guint i = 0; unpark_views[i]; i++) {
    GtkWidget *bin = adw_view_stack_get_child_by_name(self->views, unpark_views[i]->name);
    if (!bin)
      continue;
    adw_bin_set_child(ADW_BIN(bin), NULL);
    g_hash_table_remove_all(widgets_of(bin));
  }
  unpark_document_create_view(self);
  if (store)
    unpark_notes_set_store(UNPARK_NOTES(self->notes), store);
  unpark_document_emit(self, UNPARK_DOCUMENT_TITLE_CHANGED);
}

/* ---- Several files --------------------------------------------------------------- */

void unpark_document_follow_session(UnparkDocument *self, UnparkSession *session) {
  g_signal_connect_object(session, "finding-count-changed",
                          G_CALLBACK(unpark_document_update_badge), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(session, "reveal", G_CALLBACK(unpark_document_on_reveal), self, 0);
  g_signal_connect_object(session, "other-changed", G_CALLBACK(unpark_document_on_other), self,
                          G_CONNECT_SWAPPED);
}

static void on_current(UnparkDocument *self) {
  UnparkTogether *together = unpark_bundle_get_together(self->bundle);
  UnparkSession *session =
      unpark_together_get_session(together, unpark_together_get_current(together));
  const char *view = adw_view_stack_get_visible_child_name(self->views);
  if (session != self->session) {
    g_set_object(&self->session, session);
    unpark_session_set_view(session, view);
    unpark_notes_set_store(UNPARK_NOTES(self->notes), unpark_session_get_store(session));
    unpark_document_update_badge(self);
  }
  unpark_document_create_view(self);
  unpark_document_emit(self, UNPARK_DOCUMENT_SESSION_CHANGED);
}

static gboolean is_gone(gpointer session, gpointer widget, gpointer data) {
  return unpark_together_find(data, session) < 0;
}

/* Widgets of files that were taken out go. */
static void drop_widgets(UnparkDocument *self) {
  UnparkTogether *together = unpark_bundle_get_together(self->bundle);
  for (guint i = 0; unpark_views[i]; i++) {
    GtkWidget *bin = adw_view_stack_get_child_by_name(self->views, unpark_views[i]->name);
    GHashTable *widgets = bin ? widgets_of(bin) : NULL;
    guint n = widgets ? g_hash_table_size(widgets) : 0;
    if (n > 0 && g_hash_table_foreach_remove(widgets, is_gone, together) > 0)
      adw_bin_set_child(ADW_BIN(bin), NULL);
  }
}

static void on_bundle(UnparkDocument *self) {
  for (guint i = 0; i < unpark_document_n_files(self); i++) {
    UnparkSession *session = nth_session(self, i);
    g_signal_handlers_disconnect_by_data(session, self);
    unpark_document_follow_session(self, session);
  }
  drop_widgets(self);
  unpark_document_add_views(self);
  /* Opened together: the first view of all files, not of the one that came first. */
  if (self->pending)
    unpark_document_show_view(self, 0);
  g_clear_pointer(&self->pending, g_ptr_array_unref);
  unpark_document_create_view(self);
  unpark_document_emit(self, UNPARK_DOCUMENT_TITLE_CHANGED);
}

static void on_bundle_busy(UnparkDocument *self) {
  unpark_document_emit(self, UNPARK_DOCUMENT_TITLE_CHANGED);
}

static void on_bundle_failed(UnparkBundle *bundle, const char *message, UnparkDocument *self) {
  unpark_toast_show(GTK_WIDGET(self), message);
}

/* The first store is complete. */
void unpark_document_make_bundle(UnparkDocument *self) {
  self->bundle = unpark_bundle_new(self->file, self->opening, self->session);
  self->source_bar = unpark_source_bar_new(self->bundle);
  gtk_box_append(GTK_BOX(self->above), self->source_bar);
  unpark_source_bar_set_view(UNPARK_SOURCE_BAR(self->source_bar),
                             unpark_document_get_view(self, NULL));
  g_signal_connect_object(self->bundle, "changed", G_CALLBACK(on_bundle), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->bundle, "busy-changed", G_CALLBACK(on_bundle_busy), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->bundle, "failed", G_CALLBACK(on_bundle_failed), self, 0);
  g_signal_connect_object(unpark_bundle_get_together(self->bundle), "current-changed",
                          G_CALLBACK(on_current), self, G_CONNECT_SWAPPED);
  if (self->pending)
    unpark_bundle_add(self->bundle, (GFile *const *)self->pending->pdata, self->pending->len);
}

void unpark_document_add(UnparkDocument *self, GFile *const *files, guint n) {
  if (self->bundle) {
    unpark_bundle_add(self->bundle, files, n);
    return;
  }
  if (!self->pending)
    self->pending = g_ptr_array_new_with_free_func(g_object_unref);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add(self->pending, g_object_ref(files[i]));
}

UnparkBundle *unpark_document_get_bundle(UnparkDocument *self) {
  return self->bundle;
}
