/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several files on the command line that are read as one. */
#pragma once

#include "app/cli-output.h"
#include "app/cli-store.h"
#include "model/sources/sources.h"

typedef struct {
  GPtrArray *opened; /* UnparkOpened, in the order of the files */
  GPtrArray *paths;  /* as they were given; of the arguments */
  UnparkSources *sources;
} CliSources;

#define CLI_OFFSET_OPTION                                                                          \
  {                                                                                                \
    "offset", 0, N_("FILE=TIME"),                                                                  \
        N_("Of several files: move FILE later by TIME, such as 300us or -5ms; may be repeated")    \
  }

/* Of a command with --offset: a folder among the operands becomes the files in it, not those in
 * folders below, in the order of their names; hidden ones are left out. */
void cli_sources_expand(CliArgs *args);

/* Opens the first `n` operands, and puts them on one axis of time, moved by --offset. Files of a
 * folder that cannot be read are complained of and passed over, as long as there are others. FALSE
 * with *status after the reason was printed. `sources` is to be cleared in either case. */
gboolean cli_sources_open(CliSources *sources, const CliArgs *args, guint n, gboolean quiet,
                          CliContext *context, int *status);
/* What is printed before file number `i` of `n`, and after the last one (`i` is `n`): of JSON, an
 * object with the array "sources"; of text, a blank line. To standard output. */
void cli_sources_print_between(gboolean json, gboolean text, guint i, guint n);
/* The file's name on a line of its own. */
void cli_sources_print_title(CliOutput *output, const UnparkSourceEntry *source);
/* Members of a JSON object with their commas: source, path, offset_ns, certainty. */
void cli_sources_append_json(GString *to, const UnparkSourceEntry *source);

void cli_sources_clear(CliSources *sources);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CliSources, cli_sources_clear)
