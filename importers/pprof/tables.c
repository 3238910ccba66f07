/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/pprof/tables.h"

#include <glib/gi18n-lib.h>

void unpark_pprof_tables_init(UnparkPprofTables *tables) {
  *tables = (UnparkPprofTables){
      .strings = g_array_new(FALSE, FALSE, sizeof(guint32)),
      .functions = g_array_new(FALSE, FALSE, sizeof(UnparkPprofFunction)),
      .locations = g_array_new(FALSE, FALSE, sizeof(UnparkPprofLocation)),
      .lines = g_array_new(FALSE, FALSE, sizeof(UnparkPprofLine)),
      .mappings = g_array_new(FALSE, FALSE, sizeof(UnparkPprofMapping)),
      .comments = g_array_new(FALSE, FALSE, sizeof(guint32)),
      .types = g_array_new(FALSE, FALSE, sizeof(UnparkPprofValueType)),
  };
}

void unpark_pprof_tables_clear(UnparkPprofTables *tables) {
  g_clear_pointer(&tables->strings, g_array_unref);
  g_clear_pointer(&tables->functions, g_array_unref);
  g_clear_pointer(&tables->locations, g_array_unref);
  g_clear_pointer(&tables->lines, g_array_unref);
  g_clear_pointer(&tables->mappings, g_array_unref);
  g_clear_pointer(&tables->types, g_array_unref);
  g_clear_pointer(&tables->comments, g_array_unref);
}

gboolean unpark_pprof_tables_grow(UnparkPprofTables *tables, gsize bytes) {
  if (bytes > UNPARK_PPROF_TABLES_MAX - tables->bytes) {
    tables->faults[UNPARK_PPROF_FAULT_TABLE_LIMIT]++;
    return FALSE;
  }
  tables->bytes += bytes;
  return TRUE;
}

guint32 unpark_pprof_string(UnparkPprofTables *tables, guint32 number) {
  if (number < tables->strings->len)
    return g_array_index(tables->strings, guint32, number);
  if (number != 0)
    tables->faults[UNPARK_PPROF_FAULT_UNKNOWN_STRING]++;
  return 0;
}

static const struct {
  const char *name, *detail;
  UnparkSeverity severity;
} fault_notes[UNPARK_PPROF_N_FAULTS] = {
    [UNPARK_PPROF_FAULT_CUT_OFF] = {"cut-off",
                                    N_("The profile ends early; everything before that was read"),
                                    UNPARK_NOTE_ERROR},
    [UNPARK_PPROF_FAULT_DAMAGED_FIELD] = {"damaged-field",
                                          N_("A field of the profile is damaged; nothing after it "
                                             "could be read"),
                                          UNPARK_NOTE_ERROR},
    [UNPARK_PPROF_FAULT_DAMAGED_MESSAGE] = {"damaged-message",
                                            N_("A sample, location, function, mapping or type is "
                                               "damaged and was left out"),
                                            UNPARK_NOTE_WARNING},
    [UNPARK_PPROF_FAULT_OVERSIZED_MESSAGE] = {"oversized-message",
                                              N_("A single sample or string is larger than 32 MiB "
                                                 "and was left out"),
                                              UNPARK_NOTE_WARNING},
    [UNPARK_PPROF_FAULT_TABLE_LIMIT] = {"table-limit",
                                        N_("The profile has more locations, functions and strings "
                                           "than the memory limit allows; the rest were left out"),
                                        UNPARK_NOTE_ERROR},
    [UNPARK_PPROF_FAULT_SAMPLE_LIMIT] = {"sample-limit",
                                         N_("The profile has more than 4 GiB of samples; the rest "
                                            "was left out"),
                                         UNPARK_NOTE_ERROR},
    [UNPARK_PPROF_FAULT_STACK_LIMIT] =
        {"stack-limit",
         N_("A stack has more than 65,536 frames, or all stacks together have implausibly many; "
            "outer frames were left out"),
         UNPARK_NOTE_WARNING},
    [UNPARK_PPROF_FAULT_UNKNOWN_STRING] =
        {"unknown-string",
         N_("A string is missing from the profile's string table; it is shown as empty"),
         UNPARK_NOTE_WARNING},
    [UNPARK_PPROF_FAULT_UNKNOWN_FUNCTION] = {"unknown-function",
                                             N_("A line refers to a function that is not in the "
                                                "profile; its address is shown instead"),
                                             UNPARK_NOTE_WARNING},
    [UNPARK_PPROF_FAULT_UNKNOWN_LOCATION] = {"unknown-location",
                                             N_("A sample refers to a location that is not in the "
                                                "profile; it is shown as an unnamed frame"),
                                             UNPARK_NOTE_WARNING},
    [UNPARK_PPROF_FAULT_REPEATED_ID] =
        {"repeated-id",
         N_("Two locations or functions have the same number; the first one is used"),
         UNPARK_NOTE_WARNING},
    [UNPARK_PPROF_FAULT_ZERO_ID] = {"zero-id",
                                    N_("A location or function has the number 0, which nothing "
                                       "can refer to"),
                                    UNPARK_NOTE_WARNING},
    [UNPARK_PPROF_FAULT_VALUE_COUNT] = {"value-count",
                                        N_("The number of values of a sample differs from the "
                                           "number of value types; missing values are unknown"),
                                        UNPARK_NOTE_WARNING},
    [UNPARK_PPROF_FAULT_NO_NUMBERS] = {"functions-without-number",
                                       N_("Functions have no numbers; each belongs to the location "
                                          "at the same position, as .NET agents write it"),
                                       UNPARK_NOTE_INFO},
    [UNPARK_PPROF_FAULT_DROP_FRAMES] = {"drop-frames",
                                        N_("The profile names frames that viewers may leave out; "
                                           "all are shown"),
                                        UNPARK_NOTE_INFO},
};

gboolean unpark_pprof_note_faults(const UnparkPprofTables *tables, UnparkWriter *writer) {
  gboolean complete = TRUE;

  for (guint i = 0; i < UNPARK_PPROF_N_FAULTS; i++) {
    if (tables->faults[i] == 0)
      continue;
    unpark_writer_note(writer, fault_notes[i].severity, fault_notes[i].name, tables->faults[i],
                       "%s", _(fault_notes[i].detail));
    complete = complete && fault_notes[i].severity == UNPARK_NOTE_INFO;
  }
  return complete;
}
