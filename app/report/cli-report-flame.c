/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Flame graphs, as pictures without a script. */
#include <glib/gi18n.h>
#include <string.h>

#include "app/report/cli-report-private.h"
#include "model/flame/picture/export.h"

#define WIDTH 960
#define MOST_FRAMES 1200 /* some 300 KB */

static UnparkFlameSpec spec_of(const CliReportJob *job, const UnparkFlameSource *source) {
  UnparkFlameSpec spec = UNPARK_FLAME_SPEC_INIT;

  spec.source = *source;
  spec.scope.from_ns = job->from_ns;
  spec.scope.to_ns = job->to_ns;
  spec.scope.goroutines = job->ids;
  spec.scope.n_goroutines = job->n_ids;
  if (unpark_store_source(job->store)->kind == UNPARK_SOURCE_DUMP)
    spec.grouping = UNPARK_FLAME_BY_STATE;
  return spec;
}

/* The element; NULL: *error. */
static char *picture_of(const UnparkFlame *flame, const char *title, GCancellable *cancellable,
                        GError **error) {
  const UnparkFlamePicture picture = {.title = title,
                                      .width = WIDTH,
                                      .min_px = 0.6,
                                      .max_frames = MOST_FRAMES,
                                      .embedded = TRUE,
                                      .theme = UNPARK_FLAME_THEME_AUTO};
  g_auto(UnparkFlameSheet) sheet = {0};
  g_autoptr(GOutputStream) out = g_memory_output_stream_new_resizable();
  GMemoryOutputStream *memory = G_MEMORY_OUTPUT_STREAM(out);

  unpark_flame_sheet_init(&sheet, flame, &picture);
  if (!unpark_flame_write_svg(&sheet, out, cancellable, error))
    return NULL;
  return g_strndup(g_memory_output_stream_get_data(memory),
                   g_memory_output_stream_get_data_size(memory));
}

static gboolean add(const CliReportJob *job, const UnparkFlameSource *source, const char *name,
                    const char *title, UnparkStore *base, GError **error) {
  const UnparkFlameSpec spec = spec_of(job, source);
  UnparkFlameSpec base_spec = UNPARK_FLAME_SPEC_INIT;

  base_spec.source = *source;
  g_autoptr(UnparkFlame) flame =
      unpark_flame_new(job->store, &spec, base, base ? &base_spec : NULL, job->cancellable, error);
  if (!flame)
    return FALSE;
  if (flame->nodes[0].weight == 0)
    return TRUE;
  g_autofree char *svg = picture_of(flame, title, job->cancellable, error);
  if (!svg)
    return FALSE;
  unpark_report_figure(job->report, name, title, svg);
  unpark_report_fact(job->report, "total", title,
                     unpark_report_number(strcmp(flame->unit, "nanoseconds") == 0
                                              ? UNPARK_REPORT_DURATION
                                          : strcmp(flame->unit, "bytes") == 0 ? UNPARK_REPORT_BYTES
                                                                              : UNPARK_REPORT_COUNT,
                                          flame->nodes[0].total));
  return TRUE;
}

/* What is drawn of a trace, where there is anything: the rest is a command away. */
static gboolean is_wanted(UnparkSourceKind kind, const UnparkFlameOffer *offer, gboolean first) {
  return kind == UNPARK_SOURCE_TRACE
             ? strcmp(offer->name, "cpu") == 0 || strcmp(offer->name, "off-cpu") == 0
             : first;
}

gboolean cli_report_flame(const CliReportJob *job, UnparkStore *base, GError **error) {
  UnparkSourceKind kind = unpark_store_source(job->store)->kind;
  g_autoptr(GError) failed = NULL;
  guint first = 0;
  g_autoptr(GPtrArray) offers = unpark_flame_offers(job->store, &first, job->cancellable, &failed);
  gboolean ok = TRUE;

  if (!offers && failed) {
    g_propagate_error(error, g_steal_pointer(&failed));
    return FALSE;
  }
  if (!offers || offers->len == 0)
    return TRUE;
  unpark_report_begin(job->report, "flame", base ? _("What Changed") : _("Flame Graphs"));
  for (guint i = 0; i < offers->len && ok; i++) {
    UnparkFlameOffer *offer = offers->pdata[i];
    g_autofree char *title =
        base ? g_strdup_printf(_("%s: difference from the state before"), offer->title)
             : g_strdup(offer->title);

    offer->source.no_idle = offer->source.kind == UNPARK_FLAME_OFF_CPU;
    if (is_wanted(kind, offer, i == first))
      ok = add(job, &offer->source, offer->name, title, base, error);
  }
  unpark_report_end(job->report);
  return ok;
}
