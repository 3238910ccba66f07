/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers with decimals, and values of samples that may have some.
 *
 * A store holds whole numbers. Where a measure has decimals, all its values are counted in a
 * fraction of its unit (0.25 and 0.4 as 25 and 40 of 1/100), so that shares stay exact. */
#pragma once

#include "importers/text/lines.h"

/* mantissa * 10^exponent */
typedef struct {
  gint64 mantissa;
  gint32 exponent;  /* of 0: 0 */
  gboolean inexact; /* digits were left out: more than 18 */
} UnparkDecimal;

/* The whole text: "42", "-0.25", "2.", ".5", "1.5e3". FALSE if it is no number. */
gboolean unpark_decimal_parse(UnparkText text, UnparkDecimal *decimal);

/* In units of 10^-decimals, rounded half away from zero; *inexact is set where that, or a value
 * beyond 2^63, changes it. */
gint64 unpark_decimal_scaled(const UnparkDecimal *decimal, guint decimals, gboolean *inexact);

/* a - b: exact unless that takes more than 18 digits. */
UnparkDecimal unpark_decimal_subtract(const UnparkDecimal *a, const UnparkDecimal *b);

#define UNPARK_MEASURES_MAX 64

/* Values are kept until it is known how many decimals there are: all, or those of the first
 * UNPARK_VALUES_HELD. */
#define UNPARK_VALUES_HELD (2u * 1024 * 1024)

typedef struct {
  UnparkWriter *writer;
  GArray *held; /* NULL: the decimals are decided */
  guint decimals[UNPARK_MEASURES_MAX];
  gdouble sums[UNPARK_MEASURES_MAX]; /* of absolute values */
  guint64 n_inexact;
} UnparkTextValues;

void unpark_text_values_init(UnparkTextValues *values, UnparkWriter *writer);
void unpark_text_values_clear(UnparkTextValues *values);
/* idx < UNPARK_MEASURES_MAX */
void unpark_text_values_add(UnparkTextValues *values, gint64 sample, guint idx,
                            const UnparkDecimal *value);
/* Writes what is held. Afterwards decimals[] tell what the values are counted in. */
void unpark_text_values_end(UnparkTextValues *values);
/* "seconds", or with three decimals "1/1000 seconds"; free with g_free(). */
char *unpark_text_values_unit(const UnparkTextValues *values, guint idx, const char *unit);
/* TRUE if a value of the measure is not 0. */
gboolean unpark_text_values_any(const UnparkTextValues *values, guint idx);
/* Notes of decimals, and of what was lost. TRUE if nothing was. */
gboolean unpark_text_values_note(const UnparkTextValues *values);
