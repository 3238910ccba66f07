/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One GET of HTTP, with limits. Blocks: for a worker thread, or a program without a window.
 *
 * Certificates are verified. A redirect is followed at most 5 times, and never from https to http
 * where there are credentials or a private CA; credentials go to the host they were given for and
 * to no other. Nothing is kept between calls, and nothing is written to a log. */
#pragma once

#include <gio/gio.h>

/* How a service is reached, besides its address. All may be NULL. */
typedef struct {
  const char *unix_path; /* a Unix socket instead of the URL's host */
  const char *ca_file;   /* PEM: certificates of a private CA, instead of the system's */
  const char *user;      /* basic authentication, with `secret` as the password */
  const char *secret;    /* without `user`: a bearer token */
} UnparkReach;

typedef struct {
  const char *url;
  UnparkReach reach;
  guint64 max_bytes; /* of the body, unpacked */
  guint silence_s;   /* how long the server may say nothing */
  guint total_s;     /* how long all of it may take; 0: any time */
} UnparkFetch;

/* Takes a piece of a body; FALSE with an error ends the transfer. */
typedef gboolean (*UnparkFetchSink)(const void *bytes, gsize size, gpointer data, GError **error);

typedef struct {
  guint status;      /* of HTTP; 0: none came */
  char *type;        /* "text/html"; NULL: not said */
  char *text;        /* of an answer other than 200: the beginning, on one line, safe to show */
  char *url;         /* where it came from, after redirects */
  char *website;     /* what a web page calls itself; NULL: none */
  gboolean is_pprof; /* it says that it is net/http/pprof */
} UnparkFetched;

void unpark_fetched_clear(UnparkFetched *fetched);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(UnparkFetched, unpark_fetched_clear)

/* TRUE: an answer came, of any status; only that of a 200 went to `sink`. FALSE with
 * UNPARK_LIVE_ERROR, G_IO_ERROR_CANCELLED or the sink's error; bytes may have gone to `sink`.
 * `fetched` is to be cleared in either case. */
gboolean unpark_fetch(const UnparkFetch *fetch, UnparkFetchSink sink, gpointer data,
                      UnparkFetched *fetched, GCancellable *cancellable, GError **error);

/* Keeps what a web page calls itself. */
void unpark_fetched_take_title(UnparkFetched *fetched, const char *page);

/* The error for an answer that is not a success; `what` is the address to name. */
void unpark_fetched_fail(const UnparkFetched *fetched, const UnparkReach *reach, const char *what,
                         GError **error);
