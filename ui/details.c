#include "ui/details.h"

#include <math.h>

#include "model/query.h"

/* Shown at most; Go records no deeper stacks than 128 frames. */
#define MAX_FRAMES 128

static void read_stack(UnparkStore *store, guint32 id, UnparkStackFrames *stack) {
  stack->frames = unpark_store_stack(store, id, MAX_FRAMES, &stack->n);
}

/* The span that begins at the pick's start, or covers it, and the one after it. */
static gboolean read_span(UnparkDetails *d, GCancellable *cancellable, GError **error) {
  guint n;
  g_autoptr(GError) failure = NULL;
  g_autofree UnparkSpan *spans = unpark_store_spans(d->store, d->pick.id, d->pick.start_ns,
                                                    G_MAXINT64, 4, &n, cancellable, &failure);
  if (failure) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  d->ran_after_ns = UNPARK_NONE;
  for (guint i = 0; i < n && !d->has_span; i++) {
    if (spans[i].start_ns > d->pick.start_ns ||
        (spans[i].end_ns <= d->pick.start_ns && spans[i].start_ns < d->pick.start_ns))
      continue;
    if (i + 1 < n && spans[i + 1].start_ns == d->pick.start_ns)
      continue;
    d->span = spans[i];
    d->has_span = TRUE;
    const UnparkKind *next = i + 1 < n ? unpark_store_kind(d->store, spans[i + 1].kind) : NULL;
    const UnparkKind *kind = unpark_store_kind(d->store, spans[i].kind);
    if (kind && kind->state == UNPARK_STATE_WAITING && next &&
        next->state == UNPARK_STATE_RUNNABLE && spans[i + 1].start_ns == spans[i].end_ns)
      d->ran_after_ns = spans[i + 1].end_ns - spans[i + 1].start_ns;
  }
  if (d->has_span) {
    read_stack(d->store, d->span.stack, &d->stack);
    read_stack(d->store, d->span.waker_stack, &d->waker_stack);
  }
  return TRUE;
}

static void read_children(UnparkDetails *d, const UnparkGoroutine *all, guint n) {
  for (guint i = 0; i < n; i++) {
    if (all[i].parent != d->goroutine->id)
      continue;
    if (d->n_children < G_N_ELEMENTS(d->children))
      d->children[d->n_children] = all[i].id;
    d->n_children++;
  }
}

static void read_group(UnparkDetails *d, const UnparkGoroutine *all, guint n) {
  d->longest_wait_of = UNPARK_NONE;
  for (guint i = 0; i < n; i++) {
    if ((gint64)all[i].name_id != d->pick.id)
      continue;
    d->n_members++;
    for (guint s = 0; s < UNPARK_N_STATES; s++)
      d->total_ns[s] += all[i].total_ns[s];
    if (all[i].longest_wait_ns >= d->longest_wait_ns) {
      d->longest_wait_ns = all[i].longest_wait_ns;
      d->longest_wait_of = all[i].id;
    }
  }
}

UnparkDetails *unpark_details_read(UnparkStore *store, const UnparkPick *pick,
                                   GCancellable *cancellable, GError **error) {
  guint n;
  g_autoptr(GError) failure = NULL;
  const UnparkGoroutine *all = unpark_store_goroutines(store, &n, &failure);
  if (failure) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
  }
  UnparkDetails *d = g_new0(UnparkDetails, 1);
  d->store = unpark_store_ref(store);
  d->pick = *pick;
  if (pick->type == UNPARK_PICK_GOROUTINE || pick->type == UNPARK_PICK_SPAN)
    d->goroutine = unpark_store_goroutine(store, pick->id);
  if (pick->type == UNPARK_PICK_SPAN && !read_span(d, cancellable, error)) {
    unpark_details_free(d);
    return NULL;
  }
  if (pick->type == UNPARK_PICK_GOROUTINE && d->goroutine) {
    read_children(d, all, n);
    read_stack(store, d->goroutine->create_stack, &d->create_stack);
  }
  if (pick->type == UNPARK_PICK_GROUP)
    read_group(d, all, n);
  return d;
}

void unpark_details_free(UnparkDetails *d) {
  g_free(d->stack.frames);
  g_free(d->waker_stack.frames);
  g_free(d->create_stack.frames);
  unpark_store_unref(d->store);
  g_free(d);
}

/* ---- Comparison ---------------------------------------------------------------------- */

guint unpark_bucket_of(gint64 duration_ns) {
  double position = 2 * log10(MAX((double)duration_ns, 1) / 10);
  return (guint)CLAMP(floor(position + 1e-9), 0, UNPARK_N_BUCKETS - 1);
}

static gboolean take_duration(const UnparkValue *values, guint n, gpointer data) {
  if (n > 0 && values[0].type == UNPARK_VALUE_INT)
    g_array_append_val((GArray *)data, values[0].integer);
  return TRUE;
}

static int compare_ints(gconstpointer a, gconstpointer b) {
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
  return (x > y) - (x < y);
}

UnparkComparison *unpark_comparison_read(UnparkStore *store, const UnparkSpan *span,
                                         GCancellable *cancellable, GError **error) {
  const UnparkKind *kind = unpark_store_kind(store, span->kind);
  const UnparkQuery query = {.row = take_duration};
  g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_autofree char *sql =
      g_strdup_printf("SELECT duration_ns FROM span WHERE stack = %u AND state = '%s'", span->stack,
                      unpark_state_name(kind ? kind->state : UNPARK_STATE_WAITING));
  if (!unpark_store_query(store, sql, &query, all, NULL, cancellable, error))
    return NULL;
  UnparkComparison *c = g_new0(UnparkComparison, 1);
  gint64 own = span->end_ns - span->start_ns;
  g_array_sort(all, compare_ints);
  c->n = all->len;
  for (guint i = 0; i < all->len; i++) {
    gint64 duration = g_array_index(all, gint64, i);
    c->n_shorter += duration < own;
    c->buckets[unpark_bucket_of(duration)]++;
  }
  if (all->len > 0) {
    c->median_ns = g_array_index(all, gint64, all->len / 2);
    c->longest_ns = g_array_index(all, gint64, all->len - 1);
  }
  return c;
}
