/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small picture of when a finding cost time, over the asked time, with a mark at the longest.
 * Follows light and dark. Main thread only. */
#pragma once

#include <gtk/gtk.h>

#include "model/findings/findings.h"

#define UNPARK_TYPE_FINDING_WHEN (unpark_finding_when_get_type())
G_DECLARE_FINAL_TYPE(UnparkFindingWhen, unpark_finding_when, UNPARK, FINDING_WHEN, GtkWidget)

/* NULL: the finding does not say when. */
GtkWidget *unpark_finding_when_new(const UnparkFindings *findings, const UnparkFinding *finding);
