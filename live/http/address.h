/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where something that is alive can be reached, as a user types it. Pure; any thread.
 *
 *   6060, :6060, HOST, HOST:PORT, HOST:PORT/PREFIX, http://..., https://...
 *   unix:/run/app.sock, unix:/run/app.sock:/PREFIX
 *   dlv://HOST:PORT, dlv+unix:/run/dlv.sock
 */
#pragma once

#include <glib.h>

typedef enum { UNPARK_ADDRESS_HTTP, UNPARK_ADDRESS_DELVE } UnparkAddressKind;

typedef struct {
  UnparkAddressKind kind;
  char *origin;    /* "http://host:6060", without a user; of a Unix socket "http://localhost" */
  char *path;      /* "", "/api", "/debug/pprof/trace" */
  char *query;     /* of the URL, without "?"; NULL: none */
  char *unix_path; /* NULL: TCP */
  char *host;      /* as connected to, without brackets; NULL with a Unix socket */
  guint16 port;
  char *user;  /* named in the URL; NULL: none */
  char *title; /* "host:6060", "unix:/run/app.sock": for messages, lists and names of files */
} UnparkAddress;

/* NULL with UNPARK_LIVE_ERROR_ADDRESS. A password in the URL is refused: other users of the machine
 * would see it in the list of processes, and it would be kept with the addresses. */
UnparkAddress *unpark_address_parse(const char *text, GError **error);
UnparkAddress *unpark_address_copy(const UnparkAddress *address);
void unpark_address_free(UnparkAddress *address);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkAddress, unpark_address_free)

/* The URL as it was given, with its query. Free with g_free(). */
char *unpark_address_url(const UnparkAddress *address);
