/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of a profile that comes as text: debug=1, folded stacks, perf script. */
#pragma once

#include "importers/text/lines.h"

/* One profile a source; it has this id. */
#define UNPARK_TEXT_PROFILE 1

typedef struct {
  const char *kind; /* as in profile.kind */
  gint64 period;
  const char *period_type, *period_unit; /* "" if not known */
  gint64 duration_ns;                    /* UNPARK_NONE */
  const char *default_type;              /* the measure to show first; NULL: the last */
} UnparkTextProfile;

/* After all samples, when everything about it is known. */
void unpark_text_profile(UnparkWriter *writer, const UnparkTextProfile *profile);
void unpark_text_sample_type(UnparkWriter *writer, gint64 idx, const char *type, const char *unit);
/* `sample`: from 1, without gaps. */
void unpark_text_sample(UnparkWriter *writer, gint64 sample, guint32 stack);
void unpark_text_value(UnparkWriter *writer, gint64 sample, gint64 idx, gint64 value);
void unpark_text_label(UnparkWriter *writer, gint64 sample, UnparkText key, UnparkText text);
/* `unit` may be NULL. */
void unpark_text_number_label(UnparkWriter *writer, gint64 sample, const char *key, gint64 number,
                              const char *unit);

/* Frame of an address that the source has no name for. */
guint32 unpark_text_address_frame(UnparkWriter *writer, guint64 address, UnparkText file);
