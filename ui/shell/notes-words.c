/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/shell/notes-words.h"

#include <glib/gi18n.h>
#include <string.h>

#define CUT_OFF N_("The file was cut off; what came before is shown.")
#define UNREADABLE N_("The file could not be read to its end; what came before is shown.")
#define LEFT_OUT N_("Damaged parts of the file were left out.")
#define NAMES N_("Names that the file refers to are missing; they are shown as empty.")
#define STACKS N_("Stacks that the file refers to are missing; they are shown as unknown.")
#define CLOCK N_("The file does not say how fast its clock ran: times are estimated.")
#define ALONE N_("Events whose predecessors are missing are shown at their own time.")
#define STATES N_("Events contradict each other; states may be wrong around them.")
#define TIMES N_("The times of some events are impossible and were corrected.")
#define LINES N_("Lines that do not belong to this format were left out.")
#define TWICE N_("Numbers that should be unique are used twice; the first one counts.")
#define LIMITS N_("The file is larger than can be kept; the rest was left out.")

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
    {"trailing-bytes", N_("Behind the packed data the file goes on with something else.")},
    {"invalid-utf8", N_("Some text is not valid UTF-8; what could not be read is shown as �.")},
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
