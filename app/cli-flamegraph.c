/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli-flamegraph.h"

#include <gio/gunixoutputstream.h>
#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

#include "app/cli-store.h"
#include "model/flame/picture/pango-text.h"

/* ---- What to draw -------------------------------------------------------------------------- */

static gboolean matches(const CliFlameOptions *o, const UnparkFlameOffer *offer) {
  const char *wanted = o->type ? o->type : o->source;
  if (offer->source.kind == UNPARK_FLAME_SAMPLES)
    return strcmp(offer->name, wanted) == 0;
  return o->source && strcmp(offer->name, o->source) == 0;
}

static gboolean is_trace_source(const UnparkFlameSource *source) {
  return source->kind <= UNPARK_FLAME_REGIONS;
}

/* The source asked for, or what the store shows first. FALSE after the reason was printed. */
static gboolean choose(UnparkStore *store, CliFlameOptions *o, CliContext *context, int *status) {
  g_autoptr(GError) error = NULL;
  guint first;
  g_autoptr(GPtrArray) offers = unpark_flame_offers(store, &first, context->cancellable, &error);
  g_autoptr(GString) names = g_string_new(NULL);
  UnparkFlameSource *source = &o->spec.source;
  if (!offers || offers->len == 0) {
    *status = error ? cli_fail(error) : CLI_FAILED;
    if (!error)
      cli_complain(_("This file has no stacks"));
    return FALSE;
  }
  *source = ((UnparkFlameOffer *)g_ptr_array_index(offers, first))->source;
  if (o->source || o->type) {
    gboolean found = FALSE;
    for (guint i = 0; i < offers->len && !found; i++) {
      const UnparkFlameOffer *offer = g_ptr_array_index(offers, i);
      if ((found = matches(o, offer)))
        *source = offer->source;
      g_string_append_printf(names, "%s%s", i > 0 ? ", " : "", offer->name);
    }
    /* Sources of a trace that has nothing of the kind give an empty graph. */
    if (!found && o->source && !o->type)
      found = unpark_flame_source_parse(o->source, source) &&
              is_trace_source(source) == (unpark_store_source(store)->kind == UNPARK_SOURCE_TRACE);
    if (!found) {
      cli_complain(_("“%s” is not in this file; it has: %s"), o->type ? o->type : o->source,
                   names->str);
      *status = CLI_USAGE;
      return FALSE;
    }
  }
  source->count = o->count;
  source->no_idle = o->no_idle;
  return TRUE;
}

/* Narrows the scope to what passes --filter; `*passing` is to be freed. FALSE after the reason was
 * printed. */
static gboolean narrow(UnparkFlameScope *scope, gint64 **passing, UnparkStore *store,
                       const CliArgs *args, CliContext *context, int *status) {
  g_autoptr(UnparkFilterResult) filtered = NULL;
  guint n = 0;
  if (!cli_filter_apply(args, store, FALSE, context, &filtered, status))
    return FALSE;
  if (!filtered)
    return TRUE;
  *passing = g_new(gint64, (gsize)filtered->goroutines.n + 1);
  const UnparkIdSet wanted = {(gint64 *)(gsize)scope->goroutines, scope->n_goroutines};
  for (guint i = 0; i < filtered->goroutines.n; i++)
    if (!scope->goroutines || unpark_id_set_has(&wanted, filtered->goroutines.ids[i]))
      (*passing)[n++] = filtered->goroutines.ids[i];
  scope->goroutines = *passing;
  scope->n_goroutines = n;
  return TRUE;
}

static UnparkFlame *make(UnparkStore *store, UnparkStore *base, CliFlameOptions *o,
                         CliContext *context, int *status) {
  g_autoptr(GError) error = NULL;
  UnparkFlame *flame;
  if (!choose(store, o, context, status))
    return NULL;
  /* The base may be another profile with other ids: the same type by name. */
  o->base.source = o->spec.source;
  if (o->base_path && o->spec.source.kind == UNPARK_FLAME_SAMPLES) {
    CliFlameOptions other = *o;
    if (!choose(base, &other, context, status))
      return NULL;
    o->base.source = other.spec.source;
  }
  if (unpark_store_source(store)->kind == UNPARK_SOURCE_DUMP &&
      o->spec.grouping == UNPARK_FLAME_BY_NOTHING && !o->spec.invert)
    o->spec.grouping = UNPARK_FLAME_BY_STATE;
  flame = unpark_flame_new(store, &o->spec, o->has_base ? base : NULL,
                           o->has_base ? &o->base : NULL, context->cancellable, &error);
  if (!flame)
    *status = cli_fail(error);
  return flame;
}

/* ---- Writing --------------------------------------------------------------------------------- */

static gboolean write_to(const UnparkFlame *flame, const CliFlameOptions *o, GOutputStream *out,
                         GCancellable *cancellable, GError **error) {
  g_auto(UnparkFlameSheet) sheet = {0};
  switch (o->format) {
  case CLI_FLAME_FOLDED:
    return unpark_flame_write_folded(flame, out, cancellable, error);
  case CLI_FLAME_PPROF:
    return unpark_flame_write_pprof(flame, out, cancellable, error);
  case CLI_FLAME_SPEEDSCOPE:
    return unpark_flame_write_speedscope(flame, out, cancellable, error);
  default:
    break;
  }
  unpark_flame_sheet_init(&sheet, flame, &o->picture);
  if (o->format == CLI_FLAME_SVG)
    return unpark_flame_write_svg(&sheet, out, cancellable, error);
  if (o->format == CLI_FLAME_PDF)
    return unpark_flame_write_pdf(&sheet, unpark_flame_draw_text_pango, out, cancellable, error);
  return unpark_flame_write_png(&sheet, o->scale, unpark_flame_draw_text_pango, out, cancellable,
                                error);
}

/* A file is there when it is whole: what failed leaves the old one. */
static gboolean write_file(const UnparkFlame *flame, const CliFlameOptions *o,
                           GCancellable *cancellable, GError **error) {
  g_autoptr(GFile) file = g_file_new_for_commandline_arg(o->output);
  g_autoptr(GCancellable) give_up = g_cancellable_new();
  g_autoptr(GFileOutputStream) out =
      g_file_replace(file, NULL, FALSE, G_FILE_CREATE_REPLACE_DESTINATION, cancellable, error);
  if (!out) {
    g_prefix_error(error, "%s: ", o->output);
    return FALSE;
  }
  if (write_to(flame, o, G_OUTPUT_STREAM(out), cancellable, error))
    return g_output_stream_close(G_OUTPUT_STREAM(out), cancellable, error);
  g_cancellable_cancel(give_up);
  g_output_stream_close(G_OUTPUT_STREAM(out), give_up, NULL);
  return FALSE;
}

/* Nothing is written: a picture of nothing would take the place of an older one. */
static void complain_of_nothing(UnparkStore *store, const CliFlameOptions *o) {
  g_autofree char *types =
      o->spec.source.kind == UNPARK_FLAME_SAMPLES ? cli_store_types_with_values(store) : NULL;
  if (types && *types)
    cli_complain(_("Nothing to draw: this measure is 0 everywhere, or the filters exclude "
                   "everything. Measures that are not 0: %s (choose with --type)"),
                 types);
  else
    cli_complain(_("Nothing to draw: the source is empty, or the filters exclude everything"));
}

static int write_out(UnparkStore *store, const UnparkFlame *flame, const CliFlameOptions *o,
                     CliContext *context) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GOutputStream) out = NULL;
  if (flame->nodes[0].weight == 0) {
    complain_of_nothing(store, o);
    return CLI_FAILED;
  }
  if (strcmp(o->output, "-") != 0)
    return write_file(flame, o, context->cancellable, &error) ? CLI_OK : cli_fail(error);
  out = g_unix_output_stream_new(STDOUT_FILENO, FALSE);
  return write_to(flame, o, out, context->cancellable, &error) ? CLI_OK : cli_fail(error);
}

int cli_flamegraph(const CliArgs *args, CliContext *context) {
  g_autoptr(UnparkOpened) opened = NULL, base = NULL;
  g_autoptr(UnparkFlame) flame = NULL;
  g_autofree char *message = NULL;
  gboolean no_cache = cli_args_value(args, "no-cache") != NULL;
  CliFlameOptions options;
  int status = CLI_USAGE;
  if (!cli_flame_options_parse(&options, args, &message)) {
    cli_complain("%s", message);
  } else if ((opened = cli_open(args->operands[0], no_cache, FALSE, context, &status)) &&
             (!options.base_path ||
              (base = cli_open(options.base_path, no_cache, FALSE, context, &status))) &&
             narrow(&options.spec.scope, &options.passing[0], unpark_opened_store(opened), args,
                    context, &status) &&
             (!options.has_base ||
              narrow(&options.base.scope, &options.passing[1],
                     unpark_opened_store(base ? base : opened), args, context, &status))) {
    flame = make(unpark_opened_store(opened), unpark_opened_store(base ? base : opened), &options,
                 context, &status);
    if (flame)
      status = write_out(unpark_opened_store(opened), flame, &options, context);
  }
  cli_flame_options_clear(&options);
  return status;
}
