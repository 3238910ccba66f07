/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the file is, what was lost of it, and how to make the report again. */
#include <glib/gi18n.h>
#include <string.h>

#include "app/cli-units.h"
#include "app/report/cli-report-private.h"
#include "model/base/format.h"
#include "model/store/bookmarks.h"
#include "model/summary/summary.h"

#define PIECE (256 * 1024)

static UnparkReportValue text(const char *t) {
  return unpark_report_string(UNPARK_REPORT_TEXT, t && *t ? t : NULL);
}

/* Of a file whose bytes can be read again; NULL: a pipe, or *error. */
static char *hash_of(const char *path, GCancellable *cancellable, GError **error) {
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  g_autoptr(GFile) file = g_file_new_for_path(path);
  g_autoptr(GFileInputStream) in = NULL;
  g_autofree guint8 *bytes = g_malloc(PIECE);
  gssize n;

  if (strcmp(path, "-") == 0 || !g_file_test(path, G_FILE_TEST_IS_REGULAR))
    return NULL;
  in = g_file_read(file, cancellable, error);
  if (!in)
    return NULL;
  while ((n = g_input_stream_read(G_INPUT_STREAM(in), bytes, PIECE, cancellable, error)) > 0)
    g_checksum_update(sum, bytes, n);
  return n < 0 ? NULL : g_strdup(g_checksum_get_string(sum));
}

static const char *kind_title(UnparkSourceKind kind) {
  static const char *const titles[] = {N_("Execution trace"), N_("Profile"), N_("Goroutine dump"),
                                       N_("Race report"), N_("Spans of distributed traces")};
  G_STATIC_ASSERT(G_N_ELEMENTS(titles) == UNPARK_N_SOURCES);

  return _(titles[kind]);
}

/* In UTC, so that the report is the same everywhere. */
static char *wall(gint64 unix_ns) {
  return unix_ns == UNPARK_NONE ? NULL : unpark_summary_time(unix_ns);
}

static void add_scope(const CliReportJob *job) {
  const UnparkSource *source = unpark_store_source(job->store);
  char buf[2][UNPARK_FORMAT_SIZE];

  if (job->has_time) {
    gint64 from = MAX(job->from_ns, source->start_ns), to = MIN(job->to_ns, source->end_ns);
    g_autofree char *part =
        g_strdup_printf(_("from %s to %s"), unpark_format_time(from, 1000, buf[0]),
                        unpark_format_time(to, 1000, buf[1]));
    unpark_report_fact(job->report, "selected_time", _("Selected time"), text(part));
  }
  if (job->filter)
    unpark_report_fact(job->report, "filter", _("Filter"),
                       unpark_report_string(UNPARK_REPORT_CODE, job->filter));
  if (job->ids)
    unpark_report_fact(job->report, "goroutines_passing", _("Goroutines that match"),
                       unpark_report_number(UNPARK_REPORT_COUNT, job->n_ids));
}

static void add_facts(const CliReportJob *job, const UnparkSummary *summary, const char *hash) {
  UnparkReport *r = job->report;
  const UnparkSource *source = unpark_store_source(job->store);
  g_autofree char *recorded = wall(source->start_wall_ns);
  gboolean trace = source->kind == UNPARK_SOURCE_TRACE;

  unpark_report_fact(r, "file", _("File"), text(job->name));
  unpark_report_fact(r, "kind", _("Kind"), text(kind_title(source->kind)));
  unpark_report_fact(r, "format", _("Format"), text(source->format));
  unpark_report_fact(r, "program", _("Program"), text(summary->program));
  unpark_report_fact(r, "go_version", _("Go version"), text(source->go_version));
  unpark_report_fact(r, "recorded", _("Recorded"), text(recorded));
  unpark_report_fact(r, "duration_ns", _("Duration"),
                     unpark_report_number(UNPARK_REPORT_DURATION, source->duration_ns > 0
                                                                      ? source->duration_ns
                                                                      : UNPARK_NONE));
  unpark_report_fact(r, "bytes", _("Size"),
                     unpark_report_number(UNPARK_REPORT_BYTES, source->byte_count > 0
                                                                   ? source->byte_count
                                                                   : UNPARK_NONE));
  unpark_report_fact(
      r, "events", _("Events"),
      unpark_report_number(UNPARK_REPORT_COUNT, trace ? source->event_count : UNPARK_NONE));
  unpark_report_fact(r, "goroutines", _("Goroutines"),
                     unpark_report_number(UNPARK_REPORT_COUNT, summary->goroutines));
  unpark_report_fact(
      r, "spans", _("Spans"),
      unpark_report_number(UNPARK_REPORT_COUNT,
                           trace ? (gint64)unpark_store_span_count(job->store) : UNPARK_NONE));
  unpark_report_fact(
      r, "complete", _("Complete"),
      text(source->complete ? _("yes") : _("no: parts of the file could not be read")));
  unpark_report_fact(r, "host", _("Host"), text(_("not recorded in the file")));
  unpark_report_fact(r, "sha256", "SHA-256", unpark_report_string(UNPARK_REPORT_CODE, hash));
  add_scope(job);
}

static void add_notes(const CliReportJob *job) {
  static const UnparkReportColumn columns[] = {{"severity", N_("Severity"), UNPARK_REPORT_TEXT},
                                               {"name", N_("Name"), UNPARK_REPORT_CODE},
                                               {"count", N_("Count"), UNPARK_REPORT_COUNT},
                                               {"detail", N_("Detail"), UNPARK_REPORT_TEXT}};
  UnparkReportColumn titled[G_N_ELEMENTS(columns)];
  guint n;
  const UnparkNote *notes = unpark_store_notes(job->store, &n);

  if (n == 0)
    return;
  for (guint i = 0; i < G_N_ELEMENTS(columns); i++) {
    titled[i] = columns[i];
    titled[i].title = _(columns[i].title);
  }
  unpark_report_table(job->report, "notes", _("What was lost, or is worth knowing"), titled,
                      G_N_ELEMENTS(titled));
  for (guint i = 0; i < n; i++) {
    const UnparkReportValue values[] = {text(unpark_severity_name(notes[i].severity)),
                                        unpark_report_string(UNPARK_REPORT_CODE, notes[i].name),
                                        unpark_report_number(UNPARK_REPORT_COUNT, notes[i].count),
                                        text(notes[i].detail)};

    unpark_report_row(job->report, values);
  }
}

gboolean cli_report_file(const CliReportJob *job, GError **error) {
  g_autoptr(GError) failed = NULL;
  g_autofree char *hash = job->redacted ? NULL : hash_of(job->path, job->cancellable, &failed);
  g_autoptr(UnparkSummary) summary = NULL;

  if (failed) {
    g_propagate_error(error, g_steal_pointer(&failed));
    return FALSE;
  }
  summary = unpark_summary_new(job->store, job->name, job->cancellable, error);
  if (!summary)
    return FALSE;
  unpark_report_begin(job->report, "file", _("The File"));
  add_facts(job, summary, hash);
  add_notes(job);
  unpark_report_code(job->report, "command", _("To make this report again"), FALSE, job->command);
  unpark_report_end(job->report);
  return TRUE;
}

gboolean cli_report_bookmarks(const CliReportJob *job, GError **error) {
  const UnparkReportColumn columns[] = {{"time_ns", _("Time"), UNPARK_REPORT_MOMENT},
                                        {"goroutine", _("Goroutine"), UNPARK_REPORT_ID},
                                        {"note", _("Note"), UNPARK_REPORT_TEXT}};
  g_autoptr(GPtrArray) bookmarks = unpark_bookmarks_read(job->store, error);

  if (!bookmarks)
    return FALSE;
  if (bookmarks->len == 0)
    return TRUE;
  unpark_report_begin(job->report, "bookmarks", _("Bookmarks and Notes"));
  unpark_report_table(job->report, "bookmarks", _("Marked places"), columns, G_N_ELEMENTS(columns));
  for (guint i = 0; i < bookmarks->len; i++) {
    const UnparkBookmark *mark = bookmarks->pdata[i];
    const UnparkReportValue values[] = {unpark_report_number(UNPARK_REPORT_MOMENT, mark->time_ns),
                                        unpark_report_number(UNPARK_REPORT_ID, mark->goroutine),
                                        text(mark->note)};

    unpark_report_row(job->report, values);
  }
  unpark_report_end(job->report);
  return TRUE;
}
