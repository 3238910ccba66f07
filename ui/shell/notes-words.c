/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/shell/notes-words.h"

#include <glib/gi18n.h>
#include <string.h>

#define CUT_OFF N_("The file was cut off; everything before that is shown.")
#define UNREADABLE                                                                                 \
  N_("The file could not be read completely; everything before the fault is shown.")
#define LEFT_OUT N_("Damaged parts of the file were left out.")
#define NAMES N_("Some names are missing from the file; they are shown as empty.")
#define STACKS N_("Some stacks are missing from the file; they are shown as unknown.")
#define CLOCK N_("The frequency of the file's clock is missing: times are estimated.")
#define ALONE N_("Some events lack their predecessors; they are shown at their own time.")
#define STATES N_("Some events contradict each other; states near them may be wrong.")
#define TIMES N_("Some events had impossible times, which were corrected.")
#define LINES N_("Lines that do not belong to this format were left out.")
#define TWICE N_("Some IDs are used twice; the first use counts.")
#define LIMITS N_("The file is too large to keep; the rest was left out.")

static const struct {
  const char *name, *sentence;
} words[] = {
    {"truncated", CUT_OFF},
    {"cut-off", CUT_OFF},
    {"unreadable", UNREADABLE},
    {"unreadable-input", UNREADABLE},
    {"damaged-packing", UNREADABLE},
    {"damaged-batch", LEFT_OUT},
    {"damaged-file", LEFT_OUT},
    {"damaged-table", LEFT_OUT},
    {"damaged-message", LEFT_OUT},
    {"lost-bytes", LEFT_OUT},
    {"generation-order", LEFT_OUT},
    {"unknown-string", NAMES},
    {"bad-string", NAMES},
    {"unknown-function", NAMES},
    {"unknown-location", NAMES},
    {"unknown-stack", STACKS},
    {"missing-stack", STACKS},
    {"bad-stack", STACKS},
    {"unknown-clock", CLOCK},
    {"no-frequency", CLOCK},
    {"unordered-event", ALONE},
    {"forced-order", ALONE},
    {"inconsistent-event", STATES},
    {"contradicted-state", STATES},
    {"meaningless-event", STATES},
    {"goroutine-status", STATES},
    {"proc-status", STATES},
    {"proc-sequence", STATES},
    {"damaged-time", TIMES},
    {"time-jump", TIMES},
    {"late-event", TIMES},
    {"unknown-line", LINES},
    {"long-line", LINES},
    {"duplicate-id", TWICE},
    {"repeated-id", TWICE},
    {"zero-id", TWICE},
    {"table-limit", LIMITS},
    {"sample-limit", LIMITS},
    {"stack-limit", LIMITS},
    {"too-much", LIMITS},
    {"deep-stack", N_("The outer frames of very deep stacks were left out.")},
    {"no-events", N_("The file has no events.")},
    {"trailing-bytes", N_("The file continues after its compressed data with something else.")},
    {"invalid-utf8", N_("Some text is not valid UTF-8; unreadable parts are shown as �.")},
    {"damaged-field", LEFT_OUT},
    {"oversized-message", LEFT_OUT},
    {"many-mappings", LIMITS},
    {"value-count", N_("Some samples have too few or too many values.")},
    {"misused-region", N_("Regions do not end innermost first; their ends are estimated.")},
};

const char *unpark_note_sentence(const char *name) {
  for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
    if (strcmp(words[i].name, name) == 0)
      return _(words[i].sentence);
  return NULL;
}
