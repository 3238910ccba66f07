/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A server on a port of its own that answers as a test wants it to, also as no library would: bytes
 * from a table, cut off, endless. Of HTTP it knows where a request ends. */
#pragma once

#include <gio/gio.h>

/* Writes the answer; the connection is closed then. `request`: its head. `out` fails when the
 * client has gone. */
typedef void (*TestAnswer)(const char *request, GOutputStream *out, gpointer data);

typedef struct _TestDouble TestDouble;

/* `pem`: a file with a certificate and its key, for TLS; `socket`: the path of a Unix socket
 * instead of a port. Either may be NULL. Fails the test if it cannot listen. */
TestDouble *test_double_new(TestAnswer answer, gpointer data, const char *pem, const char *socket);
/* The same for a protocol of lines: `answer` is called for each, which stays without its line feed,
 * until the client goes. */
TestDouble *test_double_new_lines(TestAnswer answer, gpointer data);
void test_double_free(TestDouble *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TestDouble, test_double_free)

guint16 test_double_port(const TestDouble *self);
/* All heads of requests so far, one after another. Free with g_free(). */
char *test_double_requests(TestDouble *self);

/* printf to an answer; what fails is the client's affair. */
void test_answer(GOutputStream *out, const char *format, ...) G_GNUC_PRINTF(2, 3);
