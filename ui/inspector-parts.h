/* The pieces the inspector's pages are made of. Each adds widgets to a box and the same as lines
 * of text. Main thread only. */
#pragma once

#include <gtk/gtk.h>

#include "ui/details.h"
#include "ui/format.h"

typedef struct {
  UnparkSession *session;
  UnparkStore *store;
  GtkBox *box;
  GString *text;
} UnparkParts;

void unpark_parts_heading(UnparkParts *p, const char *text);
/* With a swatch of the kind's colour, if it is given. */
void unpark_parts_sentence(UnparkParts *p, const char *text, const UnparkKind *kind);
void unpark_parts_dim(UnparkParts *p, const char *text);
void unpark_parts_fact(UnparkParts *p, const char *name, const char *value);
void unpark_parts_number(UnparkParts *p, const char *name, const char *letter, gint64 number);
/* "G 41  handleOrder"; a link that goes there if `target` is given. */
void unpark_parts_goroutine(UnparkParts *p, gint64 id, const UnparkPick *target);
/* The reader's own frames first, those of the runtime folded. */
void unpark_parts_stack(UnparkParts *p, const UnparkStackFrames *stack);
/* A bar and figures by state. */
void unpark_parts_totals(UnparkParts *p, const gint64 total_ns[UNPARK_N_STATES]);
void unpark_parts_comparison(UnparkParts *p, const UnparkComparison *c, gint64 duration_ns);
