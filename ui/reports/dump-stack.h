/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stack as widgets and as text: the reader's own frames stand out, those of the runtime are
 * folded. Used wherever a report shows a stack. */
#pragma once

#include <gtk/gtk.h>

#include "model/store/store.h"

/* Frames that are shown of very deep stacks. */
#define UNPARK_DUMP_MAX_FRAMES 200

typedef struct {
  UnparkStore *store;  /* a reference: the texts are its */
  UnparkFrame *frames; /* innermost first */
  guint n;
  gboolean is_cut; /* there are more */
} UnparkDumpStack;

/* Worker. */
void unpark_dump_stack_read(UnparkDumpStack *stack, UnparkStore *store, guint32 id);
void unpark_dump_stack_clear(UnparkDumpStack *stack);

/* Main thread. A heading; a wrapped text; both can be selected. */
GtkWidget *unpark_dump_label(const char *text, const char *css);
/* Main thread. Fills a vertical box; what it shows is independent of `stack`. */
void unpark_dump_stack_show(const UnparkDumpStack *stack, GtkBox *box);

/* As Go prints stacks: "function\n\tfile:line\n". */
void unpark_dump_stack_append(const UnparkDumpStack *stack, GString *out);

/* "main.go:21" or "". Free with g_free(). */
char *unpark_dump_place(const char *file, guint32 line);

void unpark_dump_box_clear(GtkBox *box);
