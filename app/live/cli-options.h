/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options that commands for services share; read by cli-reach.c. */
#pragma once

#include <glib/gi18n.h>

/* Of every command that speaks to a service, with --unix. */
#define CLI_REACH_OPTIONS                                                                          \
  {"user", 'u', N_("NAME"),                                                                        \
   N_("Basic authentication; the password is in --password-file or $UNPARK_PASSWORD")},            \
      {"password-file", 0, N_("FILE"), N_("A file whose first line is the password")},             \
      {"token-file", 0, N_("FILE"),                                                                \
       N_("Bearer authentication: a file whose first line is the token; also $UNPARK_TOKEN")},     \
  {                                                                                                \
    "cacert", 0, N_("FILE"), N_("Certificates of a private authority, as PEM")                     \
  }
