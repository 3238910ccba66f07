/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A report as a document: sections of text, facts, tables, code and pictures, as HTML, Markdown or
 * JSON.
 *
 * The document knows nothing of stores. All texts may come from hostile files: each format escapes
 * them in its own way. The only exception are pictures, which are made by the program. The same
 * calls give the same bytes. Not thread-safe.
 *
 *   r = unpark_report_new("server.trace", "en");
 *   unpark_report_begin(r, "findings", _("Findings"));
 *   unpark_report_text(r, UNPARK_REPORT_PLAIN, _("Nothing stands out."));
 *   unpark_report_end(r);
 *   html = unpark_report_html(r);
 */
#pragma once

#include <glib.h>

typedef struct _UnparkReport UnparkReport;

/* `language`: as in HTML, "en" or "zh-CN". */
UnparkReport *unpark_report_new(const char *title, const char *language);
void unpark_report_free(UnparkReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkReport, unpark_report_free)

/* A section inside of the open one. `name` is for machines and the address: a-z, 0-9 and "-". */
void unpark_report_begin(UnparkReport *report, const char *name, const char *title);
void unpark_report_end(UnparkReport *report);

/* ---- Values ------------------------------------------------------------------------------- */

typedef enum {
  UNPARK_REPORT_TEXT,
  UNPARK_REPORT_CODE,     /* a name of the program, in a font for code */
  UNPARK_REPORT_COUNT,    /* a whole number with separators */
  UNPARK_REPORT_ID,       /* a whole number without */
  UNPARK_REPORT_DURATION, /* ns */
  UNPARK_REPORT_MOMENT,   /* ns from the start of the trace */
  UNPARK_REPORT_BYTES,
  UNPARK_REPORT_SHARE, /* real, 0 to 1 */
  UNPARK_REPORT_REAL,
} UnparkReportType;

typedef struct {
  UnparkReportType type;
  gboolean null;
  const char *text; /* TEXT, CODE; of a number: how it is written, NULL: as its type says */
  gint64 number;
  double real;
} UnparkReportValue;

/* UNPARK_NONE gives a null value; so do NULL and NAN. */
UnparkReportValue unpark_report_number(UnparkReportType type, gint64 number);
UnparkReportValue unpark_report_real(UnparkReportType type, double real);
UnparkReportValue unpark_report_string(UnparkReportType type, const char *text);

/* ---- Blocks: into the open section -------------------------------------------------------- */

typedef enum {
  UNPARK_REPORT_PLAIN,
  UNPARK_REPORT_DIM,   /* how to read it */
  UNPARK_REPORT_GOOD,  /* nothing to worry about */
  UNPARK_REPORT_MINOR, /* what stands out, by severity */
  UNPARK_REPORT_NOTABLE,
  UNPARK_REPORT_SEVERE,
} UnparkReportStyle;

/* An empty text adds nothing. */
void unpark_report_text(UnparkReport *report, UnparkReportStyle style, const char *text);

/* One line of a list of facts; lines that follow each other are one list. Null values are only in
 * the JSON. */
void unpark_report_fact(UnparkReport *report, const char *name, const char *title,
                        UnparkReportValue value);

typedef struct {
  const char *name;  /* for machines */
  const char *title; /* for people */
  UnparkReportType type;
} UnparkReportColumn;

/* Rows follow, each with a value for each column. The first column names the row. */
void unpark_report_table(UnparkReport *report, const char *name, const char *caption,
                         const UnparkReportColumn *columns, guint n);
void unpark_report_row(UnparkReport *report, const UnparkReportValue *values);

/* Lines as they are. `folded`: opened by the reader, where the format knows that. */
void unpark_report_code(UnparkReport *report, const char *name, const char *title, gboolean folded,
                        const char *text);

/* `svg`: an <svg> element without a declaration, whose texts are escaped. */
void unpark_report_figure(UnparkReport *report, const char *name, const char *caption,
                          const char *svg);

/* ---- Formats: free with g_free() ----------------------------------------------------------- */

/* One file that loads nothing; light and dark, on paper, for screen readers. */
char *unpark_report_html(const UnparkReport *report);
/* For an issue tracker: without pictures. */
char *unpark_report_markdown(const UnparkReport *report);
/* For machines: {"title", "language", "sections": [{"name", "title", "blocks": [...], "sections":
 * [...]}]}. Numbers are unformatted, times in ns. Without pictures. */
char *unpark_report_json(const UnparkReport *report);
