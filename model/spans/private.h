/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The steps of unpark_traces_load(). */
#pragma once

#include "model/spans/traces.h"

/* Sets parent, first_child, next_sibling and n_children. */
void unpark_traces_link(UnparkTraces *traces);
/* Sets self_ns and critical_ns, of linked spans. */
void unpark_traces_measure(UnparkTraces *traces);
/* Makes the hops, of linked spans. */
void unpark_traces_find_hops(UnparkTraces *traces);
/* Sets join of spans, and resource of sources that are execution traces: see join.h. */
gboolean unpark_traces_join(UnparkTraces *traces, const UnparkSourceEntry *sources, guint n,
                            GError **error);
