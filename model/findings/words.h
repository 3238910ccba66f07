/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What findings are and what to do about them, in plain words: what the window and unpark-cli
 * both say. No GTK. */
#pragma once

#include "model/findings/findings.h"

typedef struct {
  char *title;        /* "Contention for a mutex in main.(*Cart).Add" */
  char *sentence;     /* its numbers */
  const char *advice; /* what it means and what to do; static */
  char *where;        /* the longest: "G 41 at 1.203 s"; NULL if it is about no place in time */
  char *stack;        /* lines of text; "" if not known */
} UnparkFindingWords;

/* Worker: reads stacks. */
void unpark_finding_words(UnparkStore *store, const UnparkFinding *finding,
                          UnparkFindingWords *words);
void unpark_finding_words_clear(UnparkFindingWords *words);

/* "severe", "notable", "minor". */
const char *unpark_finding_level_title(UnparkFindingLevel level);

/* Names for programs and the command line, in no language: "severe"; "lock". Static. */
const char *unpark_finding_level_name(UnparkFindingLevel level);
const char *unpark_finding_type_name(UnparkFindingType type);

/* All of them as a report in Markdown. Worker. Free with g_free(). */
char *unpark_findings_report(UnparkFindings *findings);
