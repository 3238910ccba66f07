/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "importers/gotrace/table.h"

#include <string.h>

struct _GotraceTable {
  GotraceEntry *slots; /* open addressing */
  gsize mask, count;
};

GotraceTable *gotrace_table_new(void) {
  GotraceTable *t = g_new0(GotraceTable, 1);
  t->mask = 4095;
  t->slots = g_new0(GotraceEntry, t->mask + 1);
  return t;
}

void gotrace_table_free(GotraceTable *t) {
  g_free(t->slots);
  g_free(t);
}

void gotrace_table_reset(GotraceTable *t) {
  memset(t->slots, 0, (t->mask + 1) * sizeof *t->slots);
  t->count = 0;
}

static inline GotraceEntry *find(GotraceTable *t, guint64 id) {
  gsize slot = (gsize)((id * 0x9E3779B97F4A7C15u) >> 20) & t->mask;
  while (t->slots[slot].used && t->slots[slot].id != id)
    slot = (slot + 1) & t->mask;
  return &t->slots[slot];
}

GotraceEntry *gotrace_table_get(GotraceTable *t, guint64 id) {
  GotraceEntry *entry = find(t, id);
  return entry->used ? entry : NULL;
}

static void grow(GotraceTable *t) {
  GotraceEntry *old = t->slots;
  gsize old_mask = t->mask;
  t->mask = t->mask * 2 + 1;
  t->slots = g_new0(GotraceEntry, t->mask + 1);
  for (gsize i = 0; i <= old_mask; i++)
    if (old[i].used)
      *find(t, old[i].id) = old[i];
  g_free(old);
}

GotraceEntry *gotrace_table_add(GotraceTable *t, guint64 id) {
  if ((t->count + 1) * 2 > t->mask)
    grow(t);
  GotraceEntry *entry = find(t, id);
  if (!entry->used) {
    entry->id = id;
    t->count++;
  }
  return entry;
}
