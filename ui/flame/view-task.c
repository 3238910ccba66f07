/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The task that is picked on the timeline becomes the one whose graph can be asked for. */
#include "ui/flame/view-private.h"
#include "ui/inspector/rows.h"

typedef struct {
  UnparkStore *store;
  gint64 row;
} Lookup;

static void lookup_free(gpointer data) {
  unpark_store_unref(((Lookup *)data)->store);
  g_free(data);
}

static void lookup_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  const Lookup *look = data;
  GError *error = NULL;
  gint64 values[UNPARK_ROW_COLUMNS];
  if (unpark_store_row(look->store, UNPARK_TABLE_TASK, look->row, values, &error))
    g_task_return_int(task, values[TASK_ID]);
  else if (error)
    g_task_return_error(task, error);
  else
    g_task_return_int(task, UNPARK_NONE);
}

static void on_looked_up(GObject *source, GAsyncResult *result, gpointer data) {
  UnparkFlameView *self = UNPARK_FLAME_VIEW(source);
  const Lookup *look = g_task_get_task_data(G_TASK(result));
  g_autoptr(GError) error = NULL;
  gint64 id = g_task_propagate_int(G_TASK(result), &error);
  const UnparkPick *pick = self->session ? unpark_session_get_pick(self->session) : NULL;
  /* Something else may be picked by now, or the view gone. */
  if (!pick || pick->type != UNPARK_PICK_ROW || pick->table != UNPARK_TABLE_TASK ||
      pick->id != look->row || unpark_session_get_store(self->session) != look->store)
    return;
  if (error) {
    g_warning("The picked task cannot be read: %s", error->message);
    return;
  }
  g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, id);
  if (id != UNPARK_NONE)
    gtk_editable_set_text(GTK_EDITABLE(self->task), text);
}

void unpark_flame_view_take_task(UnparkFlameView *self) {
  UnparkStore *store = unpark_session_get_store(self->session);
  if (!store)
    return;
  Lookup *look = g_new0(Lookup, 1);
  look->store = unpark_store_ref(store);
  look->row = unpark_session_get_pick(self->session)->id;
  g_autoptr(GTask) task = g_task_new(self, NULL, on_looked_up, NULL);
  g_task_set_task_data(task, look, lookup_free);
  g_task_run_in_thread(task, lookup_thread);
}
