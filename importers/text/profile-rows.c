/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/text/profile-rows.h"

#include <string.h>

static gint64 string_of(UnparkWriter *writer, const char *text) {
  return unpark_writer_string(writer, text, strlen(text));
}

void unpark_text_profile(UnparkWriter *writer, const UnparkTextProfile *profile) {
  const gint64 row[] = {UNPARK_TEXT_PROFILE,
                        string_of(writer, profile->kind),
                        profile->period,
                        string_of(writer, profile->period_type),
                        string_of(writer, profile->period_unit),
                        UNPARK_NONE,
                        profile->duration_ns,
                        profile->default_type ? string_of(writer, profile->default_type)
                                              : UNPARK_NONE};
  unpark_writer_append(writer, UNPARK_TABLE_PROFILE, row);
}

void unpark_text_sample_type(UnparkWriter *writer, gint64 idx, const char *type, const char *unit) {
  const gint64 row[] = {UNPARK_TEXT_PROFILE, idx, string_of(writer, type), string_of(writer, unit)};
  unpark_writer_append(writer, UNPARK_TABLE_SAMPLE_TYPE, row);
}

void unpark_text_sample(UnparkWriter *writer, gint64 sample, guint32 stack) {
  const gint64 row[] = {sample, UNPARK_TEXT_PROFILE, stack};
  unpark_writer_append(writer, UNPARK_TABLE_SAMPLE, row);
}

void unpark_text_value(UnparkWriter *writer, gint64 sample, gint64 idx, gint64 value) {
  const gint64 row[] = {sample, idx, value};
  unpark_writer_append(writer, UNPARK_TABLE_SAMPLE_VALUE, row);
}

void unpark_text_label(UnparkWriter *writer, gint64 sample, UnparkText key, UnparkText text) {
  const gint64 row[] = {sample, unpark_text_string(writer, key), unpark_text_string(writer, text),
                        UNPARK_NONE, UNPARK_NONE};
  unpark_writer_append(writer, UNPARK_TABLE_SAMPLE_LABEL, row);
}

void unpark_text_number_label(UnparkWriter *writer, gint64 sample, const char *key, gint64 number,
                              const char *unit) {
  const gint64 row[] = {sample, string_of(writer, key), UNPARK_NONE, number,
                        unit ? string_of(writer, unit) : UNPARK_NONE};
  unpark_writer_append(writer, UNPARK_TABLE_SAMPLE_LABEL, row);
}

guint32 unpark_text_address_frame(UnparkWriter *writer, guint64 address, UnparkText file) {
  char text[32];
  int n = g_snprintf(text, sizeof text, "0x%" G_GINT64_MODIFIER "x", address);

  return unpark_writer_frame(writer, unpark_writer_string(writer, text, (gsize)n),
                             unpark_text_string(writer, file), 0, FALSE);
}
