/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stacks as Go prints them, in goroutine dumps and race reports:
 *
 *   main.(*ledger).post(0xc000012345?, {0x1, 0x2})
 *   	/home/me/ledger.go:67 +0x25
 *
 * Source of format facts: traceback2(), printcreatedby1() and printOneCgoTraceback() of
 * runtime/traceback.go; PrintStack() of compiler-rt's tsan_report.cpp for race reports. */
#pragma once

#include "importers/text/lines.h"

/* The name of a function line, without its arguments; *inlined if they are "..." . Blanks at both
 * ends are dropped. A line that has no arguments (code that is not Go) is all name. */
UnparkText unpark_go_function(UnparkText line, gboolean *has_arguments, gboolean *inlined);

typedef struct {
  UnparkText file;
  guint32 line;
  gboolean is_c; /* "pc=0x..." alone follows: printed by a symbolizer for C code */
} UnparkGoPosition;

/* TRUE if the line, which begins with a blank or tab, is a position. */
gboolean unpark_go_position(UnparkText line, UnparkGoPosition *position);

/* Collects frames from lines, forgiving foreign lines between them. */
typedef struct {
  UnparkWriter *writer;
  GArray *frames; /* guint32, innermost first */
  GString *name;  /* a function whose position has not come yet */
  gboolean inlined;
  GString *c_name; /* a line that may be the name of a C function */
} UnparkGoStack;

void unpark_go_stack_init(UnparkGoStack *stack, UnparkWriter *writer);
void unpark_go_stack_clear(UnparkGoStack *stack);
/* A line within a stack. FALSE if it is none of a stack's. */
gboolean unpark_go_stack_line(UnparkGoStack *stack, UnparkText line);
/* A frame without a position: "...12 frames elided...", code without a name. */
void unpark_go_stack_mark(UnparkGoStack *stack, UnparkText name);
/* A frame whose parts are known. */
void unpark_go_stack_frame(UnparkGoStack *stack, UnparkText function, UnparkText file,
                           guint32 line);
/* The writer's stack of the lines so far; begins anew. */
guint32 unpark_go_stack_end(UnparkGoStack *stack);
