/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is wrong with the spans, as rows of a list: a sentence, what to do, and spans to look at.
 * Main thread only. */
#pragma once

#include <gtk/gtk.h>

#include "model/spans/traces.h"
#include "ui/session/session.h"

/* `findings`: UnparkTraceFinding of `traces`. Examples are shown in the view "requests" of the
 * session of their file. */
void unpark_services_findings_fill(GtkListBox *list, UnparkSession *session,
                                   const UnparkTraces *traces, GPtrArray *findings);
/* Shows a span in the view of requests. */
void unpark_services_go_to_span(UnparkSession *session, const UnparkTraces *traces, gint32 span);
