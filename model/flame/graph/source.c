/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sources by name, and those that a store has. */
#include <glib/gi18n.h>
#include <string.h>

#include "model/flame/graph/private.h"

static const struct {
  const char *name, *title;
  UnparkFlameSource source;
} sources[] = {
    {"cpu", N_("CPU samples"), {.kind = UNPARK_FLAME_CPU}},
    {"off-cpu", N_("Off-CPU time"), {.kind = UNPARK_FLAME_OFF_CPU}},
    {"net",
     N_("Network wait"),
     {.kind = UNPARK_FLAME_OFF_CPU, .stops = UNPARK_STOPS_GO_NET, .as_go = TRUE}},
    {"sync",
     N_("Synchronisation wait"),
     {.kind = UNPARK_FLAME_OFF_CPU, .stops = UNPARK_STOPS_GO_SYNC, .as_go = TRUE}},
    {"syscall",
     N_("System calls"),
     {.kind = UNPARK_FLAME_OFF_CPU,
      .stops = UNPARK_STOPS_WAIT,
      .wait = UNPARK_WAIT_SYSCALL,
      .as_go = TRUE}},
    {"sched", N_("Scheduling latency"), {.kind = UNPARK_FLAME_SCHED, .as_go = TRUE}},
    {"waker", N_("Wake-ups"), {.kind = UNPARK_FLAME_WAKER}},
    {"creation", N_("Goroutine creation"), {.kind = UNPARK_FLAME_CREATION}},
    {"regions", N_("Regions"), {.kind = UNPARK_FLAME_REGIONS}},
    {"samples", N_("Samples"), {.kind = UNPARK_FLAME_SAMPLES, .sample_type = -1}},
    {"goroutines", N_("Goroutines"), {.kind = UNPARK_FLAME_GOROUTINES}},
    {"races", N_("Data races"), {.kind = UNPARK_FLAME_RACES}},
};

static const char *const wait_titles[UNPARK_N_WAITS] = {
    [UNPARK_WAIT_OTHER] = N_("other reasons"),  [UNPARK_WAIT_SYNC] = N_("synchronisation"),
    [UNPARK_WAIT_CHANNEL] = N_("channels"),     [UNPARK_WAIT_SELECT] = N_("select"),
    [UNPARK_WAIT_NETWORK] = N_("network"),      [UNPARK_WAIT_SLEEP] = N_("sleep"),
    [UNPARK_WAIT_SYSCALL] = N_("system calls"), [UNPARK_WAIT_GC] = N_("garbage collection"),
    [UNPARK_WAIT_SYSTEM] = N_("system"),        [UNPARK_WAIT_FOREVER] = N_("forever"),
};

gboolean unpark_flame_source_parse(const char *name, UnparkFlameSource *source) {
  for (gsize i = 0; i < G_N_ELEMENTS(sources); i++)
    if (strcmp(name, sources[i].name) == 0) {
      *source = sources[i].source;
      return TRUE;
    }
  if (!g_str_has_prefix(name, "off-cpu:"))
    return FALSE;
  for (guint i = 0; i < UNPARK_N_WAITS; i++)
    if (strcmp(name + strlen("off-cpu:"), unpark_wait_name((UnparkWait)i)) == 0) {
      *source = (UnparkFlameSource){
          .kind = UNPARK_FLAME_OFF_CPU, .stops = UNPARK_STOPS_WAIT, .wait = (UnparkWait)i};
      return TRUE;
    }
  return FALSE;
}

static gboolean same(const UnparkFlameSource *a, const UnparkFlameSource *b) {
  return a->kind == b->kind && a->stops == b->stops && a->as_go == b->as_go &&
         (a->stops != UNPARK_STOPS_WAIT || a->wait == b->wait);
}

char *unpark_flame_source_title(const UnparkFlameSource *source) {
  for (gsize i = 0; i < G_N_ELEMENTS(sources); i++)
    if (same(&sources[i].source, source))
      return g_strdup(_(sources[i].title));
  if (source->kind == UNPARK_FLAME_OFF_CPU && source->stops == UNPARK_STOPS_WAIT)
    return g_strdup_printf(_("Off-CPU time: %s"), _(wait_titles[source->wait]));
  for (gsize i = 0; i < G_N_ELEMENTS(sources); i++)
    if (sources[i].source.kind == source->kind)
      return g_strdup(_(sources[i].title));
  return g_strdup("");
}

/* ---- What a store has ------------------------------------------------------------------- */

static void offer_free(gpointer data) {
  UnparkFlameOffer *offer = data;
  g_free(offer->name);
  g_free(offer->title);
  g_free(offer->unit);
  g_free(offer);
}

static void offer(GPtrArray *offers, const char *name, const char *unit) {
  UnparkFlameOffer *new = g_new0(UnparkFlameOffer, 1);
  g_return_if_fail(unpark_flame_source_parse(name, &new->source));
  new->name = g_strdup(name);
  new->title = unpark_flame_source_title(&new->source);
  new->unit = g_strdup(unit);
  new->in_order = new->source.kind == UNPARK_FLAME_CPU;
  g_ptr_array_add(offers, new);
}

static void offer_trace(UnparkStore *store, GPtrArray *offers) {
  gboolean waits[UNPARK_N_WAITS] = {FALSE};
  gboolean syscalls = FALSE, runnable = FALSE;
  for (guint i = 1; i < unpark_store_n_kinds(store); i++) {
    const UnparkKind *kind = unpark_store_kind(store, (guint16)i);
    if (kind && kind->state == UNPARK_STATE_WAITING)
      waits[kind->wait] = TRUE;
    syscalls |= kind && kind->state == UNPARK_STATE_SYSCALL;
    runnable |= kind && kind->state == UNPARK_STATE_RUNNABLE;
  }
  waits[UNPARK_WAIT_SYSCALL] = syscalls;
  if (unpark_store_count(store, UNPARK_TABLE_CPU_SAMPLE) > 0)
    offer(offers, "cpu", "samples");
  offer(offers, "off-cpu", "nanoseconds");
  for (guint i = 0; i < UNPARK_N_WAITS; i++) {
    g_autofree char *name = g_strconcat("off-cpu:", unpark_wait_name((UnparkWait)i), NULL);
    if (waits[i])
      offer(offers, name, "nanoseconds");
  }
  if (runnable)
    offer(offers, "sched", "nanoseconds");
  offer(offers, "waker", "nanoseconds");
  offer(offers, "creation", "goroutines");
  if (unpark_store_count(store, UNPARK_TABLE_REGION) > 0)
    offer(offers, "regions", "nanoseconds");
}

/* Of other formats the samples are sums. */
static gboolean has_order(UnparkStore *store) {
  const char *importer = unpark_store_source(store)->importer;
  return strcmp(importer, "speedscope") == 0 || strcmp(importer, "perf-script") == 0;
}

/* Titles name the type, and the kind of the profile where there are several. */
static gboolean offer_samples(UnparkStore *store, GPtrArray *offers, guint *first,
                              GCancellable *cancellable, GError **error) {
  const gint64 from = G_MININT64 + 1, to = G_MAXINT64;
  guint n_profiles, n_types, profile_columns, type_columns;
  gboolean has_default = FALSE, in_order = has_order(store);
  GError *failure = NULL;
  g_autofree gint64 *types = NULL;
  g_autofree gint64 *profiles = unpark_store_rows(
      store, UNPARK_TABLE_PROFILE, from, to, &n_profiles, &profile_columns, cancellable, &failure);
  if (!failure)
    types = unpark_store_rows(store, UNPARK_TABLE_SAMPLE_TYPE, from, to, &n_types, &type_columns,
                              cancellable, &failure);
  if (failure) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  for (guint p = 0; p < n_profiles; p++)
    for (guint t = 0; t < n_types; t++) {
      const gint64 *profile = profiles + (gsize)p * profile_columns;
      const gint64 *type = types + (gsize)t * type_columns;
      if (type[0] != profile[0])
        continue;
      UnparkFlameOffer *new = g_new0(UnparkFlameOffer, 1);
      new->source = (UnparkFlameSource){
          .kind = UNPARK_FLAME_SAMPLES, .profile = profile[0], .sample_type = type[1]};
      new->name = g_strdup(unpark_store_string(store, (guint32)type[2]));
      new->title = n_profiles > 1
                       ? g_strdup_printf("%s: %s", unpark_store_string(store, (guint32)profile[1]),
                                         new->name)
                       : g_strdup(new->name);
      new->unit = g_strdup(unpark_store_string(store, (guint32)type[3]));
      new->in_order = in_order;
      g_ptr_array_add(offers, new);
      /* Without a default pprof takes the last one. */
      if (p == 0 && (type[2] == profile[7] || !has_default))
        *first = offers->len - 1;
      has_default |= p == 0 && type[2] == profile[7];
    }
  return TRUE;
}

GPtrArray *unpark_flame_offers(UnparkStore *store, guint *first, GCancellable *cancellable,
                               GError **error) {
  g_autoptr(GPtrArray) offers = g_ptr_array_new_with_free_func(offer_free);
  *first = 0;
  switch (unpark_store_source(store)->kind) {
  case UNPARK_SOURCE_TRACE:
    offer_trace(store, offers);
    break;
  case UNPARK_SOURCE_PROFILE:
    if (!offer_samples(store, offers, first, cancellable, error))
      return NULL;
    break;
  case UNPARK_SOURCE_DUMP:
    offer(offers, "goroutines", "goroutines");
    break;
  case UNPARK_SOURCE_RACE:
    offer(offers, "races", "count");
    break;
  case UNPARK_SOURCE_SPANS: /* no stacks */
    break;
  }
  return g_steal_pointer(&offers);
}
