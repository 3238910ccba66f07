/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/text/decimal.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "importers/text/profile-rows.h"

#define DIGITS_MAX 18
#define EXPONENT_MAX 400
#define NOISE 1e-12

typedef struct {
  gint64 sample, mantissa;
  gint32 exponent;
  guint8 idx, inexact;
} Held;

/* Takes digits off; those beyond what a mantissa holds only move the exponent. */
static guint take_digits(UnparkText *t, UnparkDecimal *d, gboolean is_fraction) {
  guint n = 0;

  for (; t->len > 0 && g_ascii_isdigit(t->text[0]); *t = unpark_text_from(*t, 1), n++) {
    gint64 digit = t->text[0] - '0';
    if (d->mantissa < G_GINT64_CONSTANT(100000000000000000)) {
      d->mantissa = d->mantissa * 10 + digit;
      d->exponent -= is_fraction;
    } else {
      d->inexact = d->inexact || digit != 0;
      d->exponent += !is_fraction;
    }
  }
  return n;
}

static gboolean take_exponent(UnparkText *t, UnparkDecimal *d) {
  gint64 exponent;

  if (!unpark_text_take(t, UNPARK_TEXT("e")) && !unpark_text_take(t, UNPARK_TEXT("E")))
    return TRUE;
  unpark_text_take(t, UNPARK_TEXT("+"));
  if (!unpark_text_take_number(t, TRUE, &exponent))
    return FALSE;
  d->exponent += (gint32)CLAMP(exponent, -EXPONENT_MAX, EXPONENT_MAX);
  return TRUE;
}

/* Without zeros behind the point. */
static void shorten(UnparkDecimal *d) {
  while (d->mantissa != 0 && d->exponent < 0 && d->mantissa % 10 == 0) {
    d->mantissa /= 10;
    d->exponent++;
  }
  if (d->mantissa == 0)
    d->exponent = 0;
}

gboolean unpark_decimal_parse(UnparkText text, UnparkDecimal *d) {
  gboolean minus = unpark_text_take(&text, UNPARK_TEXT("-"));
  guint n;

  *d = (UnparkDecimal){0};
  n = take_digits(&text, d, FALSE);
  if (unpark_text_take(&text, UNPARK_TEXT(".")))
    n += take_digits(&text, d, TRUE);
  if (n == 0 || !take_exponent(&text, d) || text.len > 0)
    return FALSE;
  shorten(d);
  if (minus)
    d->mantissa = -d->mantissa;
  return TRUE;
}

gint64 unpark_decimal_scaled(const UnparkDecimal *d, guint decimals, gboolean *inexact) {
  gint64 value = d->mantissa, rest = 0;
  gint32 exponent = d->exponent + (gint32)decimals;

  *inexact = *inexact || d->inexact;
  for (; exponent > 0 && value != 0; exponent--) {
    if (value > G_MAXINT64 / 10 || value < -(G_MAXINT64 / 10)) {
      *inexact = TRUE;
      return value > 0 ? G_MAXINT64 : -G_MAXINT64;
    }
    value *= 10;
  }
  for (; exponent < 0 && value != 0; exponent++) {
    *inexact = *inexact || value % 10 != 0;
    rest = value % 10;
    value /= 10;
  }
  if (exponent == 0 && (rest >= 5 || rest <= -5))
    value += rest > 0 ? 1 : -1;
  return value;
}

/* In units of 10^exponent; what does not fit becomes as large as can be. */
static gint64 aligned(const UnparkDecimal *d, gint32 exponent, gboolean *inexact) {
  const UnparkDecimal shifted = {d->mantissa, d->mantissa == 0 ? 0 : d->exponent - exponent,
                                 d->inexact};
  return unpark_decimal_scaled(&shifted, 0, inexact);
}

UnparkDecimal unpark_decimal_subtract(const UnparkDecimal *a, const UnparkDecimal *b) {
  gint32 exponent = a->mantissa == 0   ? b->exponent
                    : b->mantissa == 0 ? a->exponent
                                       : MIN(a->exponent, b->exponent);
  UnparkDecimal difference = {0};

  /* The larger one must keep its first digits, whatever becomes of the last of the other. */
  for (;; exponent++) {
    gint64 x = aligned(a, exponent, &difference.inexact);
    gint64 y = aligned(b, exponent, &difference.inexact);
    if (ABS(x) < G_MAXINT64 / 2 && ABS(y) < G_MAXINT64 / 2) {
      difference.mantissa = x - y;
      difference.exponent = exponent;
      shorten(&difference);
      return difference;
    }
  }
}

/* ---- Values ---------------------------------------------------------------------------------- */

void unpark_text_values_init(UnparkTextValues *v, UnparkWriter *writer) {
  *v = (UnparkTextValues){.writer = writer, .held = g_array_new(FALSE, FALSE, sizeof(Held))};
}

void unpark_text_values_clear(UnparkTextValues *v) {
  g_clear_pointer(&v->held, g_array_unref);
}

static void write_value(UnparkTextValues *v, const Held *held) {
  const UnparkDecimal d = {held->mantissa, held->exponent, held->inexact};
  gboolean inexact = FALSE;
  gint64 value = unpark_decimal_scaled(&d, v->decimals[held->idx], &inexact);

  if (inexact) { /* the last digits of a binary fraction are noise */
    double exact = (double)d.mantissa * pow(10, d.exponent);
    double kept = (double)value / pow(10, v->decimals[held->idx]);
    v->n_inexact += fabs(exact - kept) > NOISE * fabs(exact);
  }
  unpark_text_value(v->writer, held->sample, held->idx, value);
}

/* As many decimals as the sum of all values leaves room for. */
static void limit_decimals(UnparkTextValues *v) {
  for (guint i = 0; i < UNPARK_MEASURES_MAX; i++)
    while (v->decimals[i] > 0 && v->sums[i] * pow(10, v->decimals[i]) > (double)(1ull << 60))
      v->decimals[i]--;
}

void unpark_text_values_end(UnparkTextValues *v) {
  GArray *held = g_steal_pointer(&v->held);

  if (!held)
    return;
  limit_decimals(v);
  for (guint i = 0; i < held->len; i++)
    write_value(v, &g_array_index(held, Held, i));
  g_array_unref(held);
}

void unpark_text_values_add(UnparkTextValues *v, gint64 sample, guint idx,
                            const UnparkDecimal *value) {
  Held held = {sample, value->mantissa, value->exponent, (guint8)idx, value->inexact != FALSE};
  double size = fabs((double)value->mantissa);

  v->sums[idx] += value->exponent == 0 ? size : size * pow(10, value->exponent);
  if (!v->held) {
    write_value(v, &held);
    return;
  }
  if (value->exponent < 0)
    v->decimals[idx] = MAX(v->decimals[idx], (guint)-value->exponent);
  g_array_append_val(v->held, held);
  if (v->held->len == UNPARK_VALUES_HELD)
    unpark_text_values_end(v);
}

char *unpark_text_values_unit(const UnparkTextValues *v, guint idx, const char *unit) {
  GString *text;

  if (v->decimals[idx] == 0)
    return g_strdup(unit);
  text = g_string_new("1/1");
  for (guint i = 0; i < v->decimals[idx]; i++)
    g_string_append_c(text, '0');
  if (*unit && g_strcmp0(unit, "count") != 0)
    g_string_append_printf(text, " %s", unit);
  return g_string_free(text, FALSE);
}

gboolean unpark_text_values_any(const UnparkTextValues *v, guint idx) {
  return v->sums[idx] != 0;
}

gboolean unpark_text_values_note(const UnparkTextValues *v) {
  for (guint i = 0; i < UNPARK_MEASURES_MAX; i++) {
    g_autofree char *unit = unpark_text_values_unit(v, i, "");
    if (v->decimals[i] > 0)
      unpark_writer_note(v->writer, UNPARK_NOTE_INFO, "scaled-values", 1,
                         /* Translators: "1/100" */
                         _("Values have decimals: they are counted in %s"), unit);
  }
  if (v->n_inexact > 0)
    unpark_writer_note(v->writer, UNPARK_NOTE_WARNING, "rounded-value", v->n_inexact,
                       _("A value has more digits than can be kept and was rounded"));
  return v->n_inexact == 0;
}
