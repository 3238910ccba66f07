/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/report/report.h"

typedef enum {
  REPORT_BLOCK_TEXT,
  REPORT_BLOCK_FACTS,
  REPORT_BLOCK_TABLE,
  REPORT_BLOCK_CODE,
  REPORT_BLOCK_FIGURE
} UnparkReportBlockKind;

/* Strings are owned. */
typedef struct {
  UnparkReportBlockKind kind;
  UnparkReportStyle style;
  gboolean folded;
  char *name, *title, *text; /* text: TEXT, CODE, FIGURE */
  UnparkReportColumn *columns;
  guint n_columns;
  GArray *values; /* UnparkReportValue: by row; FACTS: one each, with a column each */
} UnparkReportBlock;

typedef struct _UnparkReportSection UnparkReportSection;
struct _UnparkReportSection {
  char *name, *title, *id; /* id: not twice in a report */
  UnparkReportSection *parent;
  GPtrArray *blocks;   /* UnparkReportBlock */
  GPtrArray *sections; /* UnparkReportSection */
};

struct _UnparkReport {
  char *title, *language;
  UnparkReportSection *root, *open;
  GHashTable *ids; /* set of char * */
};

/* How people read the value; free with g_free(). "–" for a null one. */
char *unpark_report_value_text(const UnparkReportValue *value);
/* As JSON has it: digits, or null; texts are quoted. Free with g_free(). */
char *unpark_report_value_json(const UnparkReportValue *value);
gboolean unpark_report_type_is_number(UnparkReportType type);
guint unpark_report_n_rows(const UnparkReportBlock *block);

extern const char unpark_report_style[];
