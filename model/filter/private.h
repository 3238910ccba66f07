/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tree of a filter, and what its result is made of; model/filter/ only. */
#pragma once

#include "model/filter/filter.h"

typedef enum {
  UNPARK_NODE_TEXT,  /* text: of a function's name, or a number */
  UNPARK_NODE_SPAN,  /* `span` */
  UNPARK_NODE_TASK,  /* text: of a task's name */
  UNPARK_NODE_LABEL, /* text: of a goroutine's label */
  UNPARK_NODE_RANGE, /* text: of what the runtime had it do */
  UNPARK_NODE_NOT,
  UNPARK_NODE_AND,
  UNPARK_NODE_OR
} UnparkNodeType;

/* What is asked of one span. */
typedef struct {
  guint states;         /* bits of UnparkState that pass */
  GPtrArray *reasons;   /* the reason holds each of these */
  GPtrArray *functions; /* frames of the stack hold each of these */
  gint64 min_ns, max_ns;
  GArray *wakers; /* gint64: all of them, so at most one can pass */
} UnparkSpanAsk;

struct _UnparkFilter {
  UnparkNodeType type;
  char *text;
  char *folded;  /* text, for comparing */
  gint64 number; /* that the text is; UNPARK_NONE if it is none */
  UnparkSpanAsk *span;
  UnparkFilter *left, *right;
  GHashTable *ids; /* of SPAN, TASK, LABEL and RANGE, once run: gint64 * */
};

/* Takes matches (UnparkSpanMatch, in any order): only spans of goroutines that pass are kept, each
 * once. */
void unpark_filter_result_set_matches(UnparkFilterResult *result, GArray *matches);
