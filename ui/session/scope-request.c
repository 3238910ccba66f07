/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/session/scope-request.h"

UnparkScopeRequest *unpark_scope_request_new(UnparkSession *session, UnparkTimeScope *scope,
                                             gpointer what) {
  UnparkScopeRequest *request = g_new0(UnparkScopeRequest, 1);
  UnparkFilterResult *filtered = unpark_session_get_filtered(session);
  request->store = unpark_store_ref(unpark_session_get_store(session));
  unpark_time_scope_get(scope, &request->from_ns, &request->to_ns);
  if (filtered) {
    request->filtered = unpark_filter_result_ref(filtered);
    request->ids = filtered->goroutines.ids;
    request->n_ids = filtered->goroutines.n;
  }
  request->what = what;
  return request;
}

void unpark_scope_request_free(gpointer data) {
  UnparkScopeRequest *request = data;
  unpark_store_unref(request->store);
  g_clear_pointer(&request->filtered, unpark_filter_result_unref);
  g_free(request->what);
  g_free(request);
}
