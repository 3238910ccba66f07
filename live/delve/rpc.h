/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Delve's JSON-RPC 1.0 over TCP or a Unix socket: one object a line, one call at a time. Blocks;
 * any thread but the main. */
#pragma once

#include <gio/gio.h>

#include "live/delve/json.h"
#include "live/http/address.h"

typedef struct _UnparkDelveRpc UnparkDelveRpc;

/* NULL with UNPARK_LIVE_ERROR or G_IO_ERROR_CANCELLED. */
UnparkDelveRpc *unpark_delve_rpc_open(const UnparkAddress *address, GCancellable *cancellable,
                                      GError **error);
/* What was sent arrives; nothing is waited for. */
void unpark_delve_rpc_close(UnparkDelveRpc *rpc);

/* Calls RPCServer.METHOD; `argument`: a JSON object. The whole answer, whose "result" is what
 * counts; an error of Delve's is UNPARK_LIVE_ERROR_PROTOCOL with its words. */
UnparkJsonTree *unpark_delve_rpc_call(UnparkDelveRpc *rpc, const char *method, const char *argument,
                                      GCancellable *cancellable, GError **error);
/* Sends without waiting for the answer; no call may follow. */
gboolean unpark_delve_rpc_send(UnparkDelveRpc *rpc, const char *method, const char *argument,
                               GCancellable *cancellable, GError **error);
