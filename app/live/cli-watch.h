/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unpark-cli watch: goroutines, heap and collections of a running service over time. */
#pragma once

#include "app/cli.h"

/* The command, for the table in app/main/main-cli.c. */
#define CLI_WATCH_COMMAND                                                                          \
  {                                                                                                \
    {"watch",                                                                                      \
     N_("URL"),                                                                                    \
     N_("Watch a running service with net/http/pprof: a line every few seconds with goroutines "   \
        "by state, heap and collections, and at the end the stacks at which goroutines became "    \
        "more."),                                                                                  \
     1,                                                                                            \
     {{"every", 'e', N_("N"), N_("Seconds between two samples (default: 5)")},                     \
      {"for", 'f', N_("N"), N_("Seconds after which to end (default: at Ctrl+C)")},                \
      {"output", 'o', N_("FOLDER"), N_("Keep the dump of each sample in this folder")},            \
      {"user", 'u', N_("NAME"),                                                                    \
       N_("Basic authentication; the password is in --password-file or $UNPARK_PASSWORD")},        \
      {"password-file", 0, N_("FILE"), N_("A file whose first line is the password")},             \
      {"token-file", 0, N_("FILE"),                                                                \
       N_("Bearer authentication: a file whose first line is the token; also $UNPARK_TOKEN")},     \
      {"cacert", 0, N_("FILE"), N_("Certificates of a private authority, as PEM")},                \
      {"unix", 0, N_("PATH"), N_("Connect to this Unix socket instead of the URL's host")}}},      \
        cli_watch                                                                                  \
  }

int cli_watch(const CliArgs *args, CliContext *context);
