/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Goroutines that wait until the trace ends, and whether they can ever go on.
 *
 * Certain: the runtime itself says that nothing can end the wait (a nil channel, a select without
 * cases). Probable: goroutines of one start function wait at one place where none of them has ever
 * gone on, and more of them come as time goes by; or one waits for goroutines that have all ended
 * (gather.c). All others wait for work: goroutines that have
 * been there before, that sleep, and those with which libraries keep connections.
 */
#include <string.h>

#include "model/base/go-name.h"
#include "model/findings/private.h"

#define LEAK_CREATED 10 /* probable: goroutines created in the trace, ... */
#define LEAK_MANY 100
#define LEAK_SPREAD 0.2 /* ... over so much of it */
#define STUCK_SHARE 0.25
#define STUCK_NS 50000000
#define SPANS_OF_TWO_WAITS 4 /* waiting, runnable, running, waiting */

typedef UnparkFindingSearch Search;

/* Goroutines that started in one function and wait in one, for one purpose. */
typedef struct {
  guint32 name_id, own;
  guint8 wait;
  gboolean lock;
  gboolean gone; /* they wait for goroutines that have all ended, `ended` */
  guint ended;
  guint created; /* within the trace */
  gint64 first_ns, last_ns;
  UnparkPlaceSum sum;
} Group;

static guint group_hash(gconstpointer key) {
  const Group *group = key;
  return group->name_id * 31 + group->own * 1021 + group->wait;
}

static gboolean group_equal(gconstpointer a, gconstpointer b) {
  const Group *x = a, *y = b;
  return x->name_id == y->name_id && x->own == y->own && x->wait == y->wait && x->lock == y->lock &&
         x->gone == y->gone;
}

static void group_free(gpointer data) {
  unpark_histogram_clear(&((Group *)data)->sum.lengths);
  g_free(data);
}

static gboolean is_main(Search *s, const UnparkGoroutine *g) {
  const char *name = unpark_store_string(s->store, g->name_id);
  return strcmp(name, "main.main") == 0 || strcmp(name, "runtime.main") == 0;
}

/* TRUE if it waited there before, and went on. A failure is left in s->failure. */
static gboolean has_gone_on(Search *s, const UnparkLastWait *last, guint32 own) {
  guint n;
  gboolean lock, before = FALSE;
  g_autofree UnparkSpan *spans =
      unpark_store_spans(s->store, last->goroutine, G_MININT64 + 1, last->start_ns, 0, &n,
                         s->cancellable, &s->failure);
  const UnparkKind *kind = unpark_store_kind(s->store, last->kind);
  for (guint i = 0; spans && i < n && !before; i++) {
    const UnparkKind *other = unpark_store_kind(s->store, spans[i].kind);
    before = spans[i].start_ns < last->start_ns && other && other->state == kind->state &&
             other->wait == kind->wait &&
             (spans[i].stack == last->stack ||
              unpark_finding_own_function(s->store, spans[i].stack, &lock) == own);
  }
  return before;
}

static gboolean is_stuck(Search *s, const UnparkLastWait *last, const UnparkGoroutine *g,
                         guint32 own) {
  const UnparkKind *kind = unpark_store_kind(s->store, last->kind);
  gint64 length = s->to_ns - last->start_ns;
  if (kind->wait == UNPARK_WAIT_FOREVER)
    return !is_main(s, g); /* the main goroutine of a server often ends in select {} */
  if (length < STUCK_NS || (double)length < s->length_ns * STUCK_SHARE)
    return FALSE;
  if (kind->wait != UNPARK_WAIT_CHANNEL && kind->wait != UNPARK_WAIT_SELECT &&
      kind->wait != UNPARK_WAIT_SYNC)
    return FALSE;
  return !unpark_go_is_standard(unpark_store_string(s->store, g->name_id)) &&
         (g->span_count < SPANS_OF_TWO_WAITS || !has_gone_on(s, last, own));
}

static Group *group_of(GHashTable *groups, const Group *key) {
  Group *group = g_hash_table_lookup(groups, key);
  if (!group) {
    group = g_memdup2(key, sizeof *key);
    group->sum.start_ns = UNPARK_NONE;
    group->first_ns = G_MAXINT64;
    g_hash_table_add(groups, group);
  }
  return group;
}

/* Those that the goroutine waits for, if all have ended; else 0. */
static guint ended_children(Search *s, UnparkFindingFamilies **families, const UnparkLastWait *last,
                            const UnparkGoroutine *g) {
  if (!unpark_finding_is_gather(s->store, last->stack))
    return 0;
  if (!*families)
    *families = unpark_finding_families_new(s, &s->failure);
  return unpark_finding_ended_children(*families, g, last->start_ns);
}

static void add_wait(Search *s, GHashTable *groups, UnparkFindingFamilies **families,
                     const UnparkLastWait *last) {
  const UnparkKind *kind = unpark_store_kind(s->store, last->kind);
  const UnparkGoroutine *g = unpark_store_goroutine(s->store, last->goroutine);
  gint64 length = s->to_ns - last->start_ns;
  if (!g || g->system || g->end_ns != UNPARK_NONE)
    return;
  Group key = {.name_id = g->name_id, .wait = (guint8)kind->wait};
  key.own = unpark_finding_own_function(s->store, last->stack, &key.lock);
  if (!is_stuck(s, last, g, key.own))
    return;
  guint ended = ended_children(s, families, last, g);
  key.gone = ended > 0;
  Group *group = group_of(groups, &key);
  group->ended += ended;
  if (g->create_ns > 0 && g->parent != UNPARK_NONE) {
    group->created++;
    group->first_ns = MIN(group->first_ns, g->create_ns);
    group->last_ns = MAX(group->last_ns, g->create_ns);
  }
  UnparkPlaceSum one = {.kind = last->kind,
                        .stack = last->stack,
                        .count = 1,
                        .total_ns = length,
                        .longest_ns = length,
                        .start_ns = last->start_ns,
                        .goroutine = last->goroutine};
  unpark_histogram_add(&group->sum.lengths, length);
  unpark_place_merge(&group->sum, &one);
}

static void find_leak(Search *s, const Group *group) {
  UnparkFinding found = unpark_finding_from_sum(UNPARK_FINDING_LEAK, &group->sum);
  UnparkFindingLevel level = unpark_finding_level_of(group->created, LEAK_CREATED, LEAK_MANY);
  found.name_id = group->name_id;
  found.certain = group->wait == UNPARK_WAIT_FOREVER;
  found.level = level;
  found.ended = group->ended;
  if (found.certain || group->gone)
    found.level = MAX(level, UNPARK_FINDING_NOTABLE);
  else if (group->created < LEAK_CREATED)
    return;
  else if ((double)(group->last_ns - group->first_ns) < s->length_ns * LEAK_SPREAD)
    found.level = UNPARK_FINDING_MINOR; /* workers that have had no work look the same */
  g_array_append_val(s->found, found);
}

/* All goroutines that wait for locks to the end are one finding: each may hold what another
 * needs. */
static void add_deadlocked(UnparkFinding *dead, const Group *group) {
  guint64 count = dead->count + group->sum.count;
  gint64 total = dead->total_ns + group->sum.total_ns;
  if (dead->count == 0 || group->sum.longest_ns > dead->longest_ns) {
    *dead = unpark_finding_from_sum(UNPARK_FINDING_DEADLOCK, &group->sum);
    dead->name_id = group->name_id;
  }
  dead->count = count;
  dead->total_ns = total;
}

gboolean unpark_findings_stuck(UnparkFindingSearch *s, GError **error) {
  g_autoptr(GHashTable) groups = g_hash_table_new_full(group_hash, group_equal, NULL, group_free);
  g_autoptr(UnparkFindingFamilies) families = NULL;
  UnparkFinding dead = {0};
  GHashTableIter iter;
  gpointer value;
  for (guint i = 0; i < s->sums.last->len && !s->failure; i++)
    add_wait(s, groups, &families, &g_array_index(s->sums.last, UnparkLastWait, i));
  if (s->failure) {
    g_propagate_error(error, g_steal_pointer(&s->failure));
    return FALSE;
  }
  g_hash_table_iter_init(&iter, groups);
  while (g_hash_table_iter_next(&iter, &value, NULL)) {
    const Group *group = value;
    if (group->lock && group->wait == UNPARK_WAIT_SYNC)
      add_deadlocked(&dead, group);
    else
      find_leak(s, group);
  }
  if (dead.count > 0) {
    dead.level = dead.count > 1 ? UNPARK_FINDING_SEVERE : UNPARK_FINDING_NOTABLE;
    g_array_append_val(s->found, dead);
  }
  return TRUE;
}
