/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/cli-store.h"
#include "model/filter/filter.h"
#include "model/sql/query.h"
#include "model/report/report.h"

/* What may be left out. */
typedef enum {
  CLI_REPORT_FILE = 1 << 0,
  CLI_REPORT_FINDINGS = 1 << 1,
  CLI_REPORT_BOOKMARKS = 1 << 2,
  CLI_REPORT_LATENCY = 1 << 3,
  CLI_REPORT_FLAME = 1 << 4,
  CLI_REPORT_TEMPLATES = 1 << 5,
  CLI_REPORT_TABLES = 1 << 6, /* of profiles, dumps and races */
  CLI_REPORT_COMPARE = 1 << 7,
} CliReportSections;

/* One file of the report, and what of it counts. */
typedef struct {
  UnparkReport *report;
  UnparkStore *store;
  const char *path;      /* as given */
  const char *name;      /* what it is called in the report */
  const char *command;   /* that makes the report again */
  gboolean redacted;     /* nothing but the store may be told */
  const char *filter;    /* as given; NULL: none */
  gboolean has_time;     /* --from or --to were given */
  gint64 from_ns, to_ns; /* as given; the ends of time if not */
  const gint64 *ids;     /* goroutines that pass, ascending; NULL: all */
  guint n_ids;
  const UnparkQueryScope *scope; /* the same for SQL; NULL: all */
  const char *const *templates;  /* names or paths; empty: all that are of this kind of file */
  const char *const *parameters; /* NAME=VALUE */
  GCancellable *cancellable;
} CliReportJob;

/* Each adds a section, or nothing where there is nothing to tell. */
gboolean cli_report_file(const CliReportJob *job, GError **error);
gboolean cli_report_findings(const CliReportJob *job, GError **error);
gboolean cli_report_bookmarks(const CliReportJob *job, GError **error);
gboolean cli_report_latency(const CliReportJob *job, GError **error);
gboolean cli_report_flame(const CliReportJob *job, UnparkStore *base, GError **error);
gboolean cli_report_templates(const CliReportJob *job, GError **error);
gboolean cli_report_profile(const CliReportJob *job, GError **error);
gboolean cli_report_dump(const CliReportJob *job, GError **error);
gboolean cli_report_races(const CliReportJob *job, GError **error);
/* `path`: what the other file is called. */
gboolean cli_report_compare(const CliReportJob *job, UnparkStore *other, const char *path,
                            GError **error);

/* ---- What they share ------------------------------------------------------------------------ */

/* Frames as lines "function (file:line)", innermost first: only those of the program's own
 * (`own`), or all. NULL if there are none. Free with g_free(). */
char *cli_report_stack(UnparkStore *store, guint32 stack, gboolean own);
/* Both of them as blocks: the user's own frames, and all of them folded. */
void cli_report_add_stack(const CliReportJob *job, guint32 stack, const char *title);

/* ---- Pictures: an <svg> element, free with g_free() ------------------------------------------ */

/* Bars of equal width; `ticks` (n + 1, NULL: none) name where they begin. */
typedef struct {
  const double *heights;
  guint n;
  const char *left, *right; /* what is written at the ends of the axis */
  const char *const *ticks; /* by bar; NULL or "": nothing */
  const char *label;        /* for those who do not see it */
} CliReportBars;
char *cli_report_svg_bars(const CliReportBars *bars);

/* What goroutines did in a time, one row each. */
typedef struct {
  UnparkStore *store;
  const gint64 *goroutines;
  guint n;
  gint64 from_ns, to_ns;
  gint64 mark_from_ns, mark_to_ns; /* framed, in the first row */
  const char *label;
} CliReportLanes;
/* NULL: *error. */
char *cli_report_svg_lanes(const CliReportLanes *lanes, GCancellable *cancellable, GError **error);
