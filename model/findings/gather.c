/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Waits for a sync.WaitGroup that nothing can end any more: whoever could have called Done is gone.
 *
 * Done is called by the goroutines that the waiting one started, or by those that they started. If
 * all of them have ended, the last while it waited, one returned without Done. A goroutine that is
 * older than the trace may have started others before; so may have older ones for it, and while one
 * of the program's own is alive, nothing is said.
 */
#include <string.h>

#include "model/base/go-name.h"
#include "model/findings/private.h"

#define FRAMES_MAX 4 /* of the runtime and of sync, above Wait */

typedef struct {
  gint64 id;
  guint started;     /* goroutines, by this one */
  gint64 last_ns;    /* when the last of them ended */
  gboolean is_alive; /* one of them, or of those that they started */
} Parent;

struct _UnparkFindingFamilies {
  GHashTable *parents; /* by id */
  guint n_old;         /* the program's goroutines that are as old as the trace and still alive */
};

static Parent *parent_of(GHashTable *parents, gint64 id) {
  Parent *parent = g_hash_table_lookup(parents, &id);
  if (!parent) {
    parent = g_new(Parent, 1);
    *parent = (Parent){.id = id, .last_ns = G_MININT64};
    g_hash_table_insert(parents, &parent->id, parent);
  }
  return parent;
}

/* Each parent is gone through once: above one that knows, all know. */
static void mark_alive(UnparkStore *store, GHashTable *parents, const UnparkGoroutine *g) {
  while (g && g->parent != UNPARK_NONE) {
    Parent *parent = parent_of(parents, g->parent);
    if (parent->is_alive)
      return;
    parent->is_alive = TRUE;
    g = unpark_store_goroutine(store, g->parent);
  }
}

static gboolean is_old(const UnparkGoroutine *g) {
  return g->parent == UNPARK_NONE || g->create_ns <= 0;
}

UnparkFindingFamilies *unpark_finding_families_new(UnparkFindingSearch *s, GError **error) {
  guint n;
  const UnparkGoroutine *all = unpark_store_goroutines(s->store, &n, error);
  UnparkFindingFamilies *families = g_new0(UnparkFindingFamilies, 1);
  families->parents = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
  for (guint i = 0; all && i < n; i++) {
    const UnparkGoroutine *g = &all[i];
    gboolean ended = g->end_ns != UNPARK_NONE;
    if (g->parent != UNPARK_NONE) {
      Parent *parent = parent_of(families->parents, g->parent);
      parent->started++;
      if (ended)
        parent->last_ns = MAX(parent->last_ns, g->end_ns);
    }
    if (ended || g->system)
      continue;
    mark_alive(s->store, families->parents, g);
    families->n_old +=
        is_old(g) && !unpark_go_is_standard(unpark_store_string(s->store, g->name_id));
  }
  return families;
}

void unpark_finding_families_free(UnparkFindingFamilies *families) {
  g_hash_table_unref(families->parents);
  g_free(families);
}

gboolean unpark_finding_is_gather(UnparkStore *store, guint32 stack) {
  guint n;
  g_autofree UnparkFrame *frames = unpark_store_stack(store, stack, FRAMES_MAX, &n);
  for (guint i = 0; i < n; i++)
    if (strcmp(frames[i].function, "sync.(*WaitGroup).Wait") == 0)
      return TRUE;
  return FALSE;
}

guint unpark_finding_ended_children(const UnparkFindingFamilies *families, const UnparkGoroutine *g,
                                    gint64 wait_ns) {
  const Parent *parent = g_hash_table_lookup(families->parents, &g->id);
  if (!parent || parent->is_alive || parent->last_ns < wait_ns)
    return 0;
  /* An old one counts itself. */
  return is_old(g) && families->n_old > 1 ? 0 : parent->started;
}
