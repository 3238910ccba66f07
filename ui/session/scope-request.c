/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/session/scope-request.h"

#include "model/filter/ids.h"

static void request_free(gpointer data) {
  UnparkScopeRequest *request = data;
  unpark_store_unref(request->store);
  g_free(request->filter);
  g_free(request->ids);
  g_free(request->what);
  g_free(request);
}

void unpark_scope_request_start(GtkWidget *view, UnparkSession *session, GtkWidget *scope,
                                gpointer what, GCancellable **loading, GTaskThreadFunc work,
                                GAsyncReadyCallback done) {
  UnparkScopeRequest *request = g_new0(UnparkScopeRequest, 1);
  request->store = unpark_store_ref(unpark_session_get_store(session));
  unpark_time_scope_get(UNPARK_TIME_SCOPE(scope), &request->from_ns, &request->to_ns);
  request->filter = g_strstrip(g_strdup(unpark_session_get_filter(session)));
  request->what = what;
  g_cancellable_cancel(*loading);
  g_clear_object(loading);
  *loading = g_cancellable_new();
  g_autoptr(GTask) task = g_task_new(view, *loading, done, NULL);
  g_task_set_task_data(task, request, request_free);
  g_task_run_in_thread(task, work);
}

gboolean unpark_scope_request_ids(UnparkScopeRequest *request, GCancellable *cancellable,
                                  GError **error) {
  return unpark_filter_ids(request->store, request->filter, &request->ids, &request->n_ids,
                           cancellable, error);
}
