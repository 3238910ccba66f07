/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/session/scope-request.h"

static void request_free(gpointer data) {
  UnparkScopeRequest *request = data;
  unpark_store_unref(request->store);
  g_clear_pointer(&request->filtered, unpark_filter_result_unref);
  g_free(request->what);
  g_free(request);
}

static UnparkScopeRequest *request_new(UnparkSession *session, GtkWidget *scope, gpointer what) {
  UnparkScopeRequest *request = g_new0(UnparkScopeRequest, 1);
  UnparkFilterResult *filtered = unpark_session_get_filtered(session);
  request->store = unpark_store_ref(unpark_session_get_store(session));
  unpark_time_scope_get(UNPARK_TIME_SCOPE(scope), &request->from_ns, &request->to_ns);
  if (filtered) {
    request->filtered = unpark_filter_result_ref(filtered);
    request->ids = filtered->goroutines.ids;
    request->n_ids = filtered->goroutines.n;
  }
  request->what = what;
  return request;
}

void unpark_scope_request_start(GtkWidget *view, UnparkSession *session, GtkWidget *scope,
                                gpointer what, GCancellable **loading, GTaskThreadFunc work,
                                GAsyncReadyCallback done) {
  const GError *error = unpark_session_get_filter_error(session);
  g_cancellable_cancel(*loading);
  g_clear_object(loading);
  *loading = g_cancellable_new();
  if (unpark_session_is_filtering(session)) {
    g_free(what);
    return;
  }
  g_autoptr(GTask) task = g_task_new(view, *loading, done, NULL);
  g_task_set_task_data(task, request_new(session, scope, what), request_free);
  if (error)
    g_task_return_error(task, g_error_copy(error));
  else
    g_task_run_in_thread(task, work);
}
