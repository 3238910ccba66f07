/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The task that is picked on the timeline becomes the one whose graph can be asked for. */
#include "ui/flame/view-private.h"
#include "ui/inspector/rows.h"

typedef struct {
  UnparkStore *store;
  gint64 row, id; /* of the row; what is in it, or UNPARK_NONE */
} Lookup;

static void lookup_free(gpointer data) {
  unpark_store_unref(((Lookup *)data)->store);
  g_free(data);
}

static gpointer look_up(gpointer data, GCancellable *cancellable, GError **error) {
  Lookup *look = data;
  gint64 values[UNPARK_ROW_COLUMNS];
  if (unpark_store_row(look->store, UNPARK_TABLE_TASK, look->row, values, error))
    look->id = values[TASK_ID];
  return NULL;
}

static void on_looked_up(gpointer owner, gpointer data, gpointer result, const GError *error) {
  UnparkFlameView *self = owner;
  const Lookup *look = data;
  const UnparkPick *pick = unpark_session_get_pick(self->page.session);
  /* Something else may be picked by now. */
  if (pick->type != UNPARK_PICK_ROW || pick->table != UNPARK_TABLE_TASK || pick->id != look->row ||
      unpark_session_get_store(self->page.session) != look->store)
    return;
  if (error) {
    g_warning("The picked task cannot be read: %s", error->message);
    return;
  }
  g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, look->id);
  if (look->id != UNPARK_NONE)
    gtk_editable_set_text(GTK_EDITABLE(self->bar.task), text);
}

void unpark_flame_view_take_task(UnparkFlameView *self) {
  static const UnparkWork work = {look_up, on_looked_up, lookup_free, NULL};
  UnparkStore *store = unpark_session_get_store(self->page.session);
  if (!store)
    return;
  Lookup *look = g_new(Lookup, 1);
  *look = (Lookup){unpark_store_ref(store), unpark_session_get_pick(self->page.session)->id,
                   UNPARK_NONE};
  unpark_worker_run(&self->job.looking, self, &work, look);
}
