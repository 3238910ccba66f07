/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lanes that were pinned to the top, and let go. */
#include <glib/gi18n.h>

#include "ui/timeline/private.h"
#include "ui/kit/toast.h"

static void on_undo(AdwToast *toast, UnparkTimeline *self) {
  GArray *ids = g_object_get_data(G_OBJECT(toast), "ids");
  for (guint i = 0; i < ids->len; i++)
    g_hash_table_add(self->source.pinned,
                     g_memdup2(&g_array_index(ids, gint64, i), sizeof(gint64)));
  unpark_timeline_source_rebuild(&self->source);
}

/* Takes `ids`. */
static void offer_undo(UnparkTimeline *self, const char *text, GArray *ids) {
  g_autoptr(AdwToast) toast = unpark_toast_undo(GTK_WIDGET(self), text);
  g_object_set_data_full(G_OBJECT(toast), "ids", ids, (GDestroyNotify)g_array_unref);
  g_signal_connect_object(toast, "button-clicked", G_CALLBACK(on_undo), self, 0);
}

void unpark_timeline_toggle_pin(UnparkTimeline *self, guint n) {
  const UnparkRow *row = &self->source.rows->rows[n];
  gint64 id = row->id;
  g_autofree char *name = g_strdup_printf("G %" G_GINT64_FORMAT, id);
  if (row->type != UNPARK_ROW_GOROUTINE) {
    gtk_widget_error_bell(GTK_WIDGET(self));
    return;
  }
  if (g_hash_table_remove(self->source.pinned, &id)) {
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_array_append_val(ids, id);
    g_autofree char *text = g_strdup_printf(_("%s unpinned"), name);
    offer_undo(self, text, ids);
  } else {
    g_hash_table_add(self->source.pinned, g_memdup2(&id, sizeof id));
    g_autofree char *text = g_strdup_printf(_("%s pinned to the top"), name);
    /* The section may be closed. */
    unpark_toast_show(GTK_WIDGET(self), text);
  }
  unpark_timeline_source_rebuild(&self->source);
}

void unpark_timeline_unpin_all(UnparkTimeline *self) {
  GArray *ids = g_array_new(FALSE, FALSE, sizeof(gint64));
  GHashTableIter iter;
  gpointer id;
  g_hash_table_iter_init(&iter, self->source.pinned);
  while (g_hash_table_iter_next(&iter, &id, NULL))
    g_array_append_vals(ids, id, 1);
  if (ids->len == 0) {
    g_array_unref(ids);
    return;
  }
  g_hash_table_remove_all(self->source.pinned);
  offer_undo(self, _("All lanes unpinned"), ids);
  unpark_timeline_source_rebuild(&self->source);
}
