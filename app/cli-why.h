/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unpark-cli why: what is asked of the model, and how it is told. */
#pragma once

#include "app/cli.h"
#include "model/sources/sources.h"
#include "model/why/late.h"
#include "model/why/wait-stats.h"
#include "model/why/why.h"

typedef struct {
  UnparkStore *store;
  const UnparkGoroutine *goroutine;
  UnparkState state;  /* of the span asked about */
  UnparkChain *chain; /* of it */
  UnparkPlaceStats place;
  gboolean has_place;
  UnparkLate *late; /* runnable spans; else NULL */
  gint64 delay_ns;  /* of a wait: how long it then was runnable; UNPARK_NONE: it was not */
  guint limit;      /* links to print; 0: as many as fit a person's eye, or all (json) */
} CliWhy;

/* Asks about the goroutine's span at `at_ns`; `store` is set. FALSE without *error: nothing is
 * recorded there. What was found is to be cleared in any case. */
gboolean cli_why_ask(CliWhy *why, gint64 goroutine, gint64 at_ns, GCancellable *cancellable,
                     GError **error);
void cli_why_clear(CliWhy *why);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CliWhy, cli_why_clear)

/* The longest wait of the goroutine of a span of a distributed trace, in the span's time: which
 * store, goroutine and time to ask about. FALSE with *status after the reason was printed. */
gboolean cli_why_find_span(const UnparkSources *sources, const char *text, UnparkStore **store,
                           gint64 *goroutine, gint64 *at_ns, CliContext *context, int *status);

/* TRUE if the span asked about began before the trace: its length is a lower bound. */
gboolean cli_why_began_before(const CliWhy *why);

/* Appends the answer for people: sentences, then the chain as a tree. */
void cli_why_text(const CliWhy *why, GString *to);
/* The same as one JSON object and a newline. */
void cli_why_json(const CliWhy *why, GString *to);
