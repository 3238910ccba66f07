/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/tables/dump-groups.h"

#include <stdlib.h>
#include <string.h>

#include "model/base/times.h"
#include "model/store/decode.h"

enum { D_ID, D_STATE, D_WAIT, D_LOCKED, D_STACK, D_CREATE_STACK, D_CREATOR, D_COUNT };

gboolean unpark_dump_exists(UnparkStore *store) {
  return unpark_store_source(store)->kind == UNPARK_SOURCE_DUMP ||
         unpark_store_count(store, UNPARK_TABLE_DUMP_GOROUTINE) > 0;
}

/* ---- Grouping ---------------------------------------------------------------------------- */

typedef struct {
  guint32 state, stack;
  UnparkDumpMember member;
} Entry;

/* Groups together; in a group the longest waits first. */
static int compare_entries(const void *a, const void *b) {
  const Entry *x = a, *y = b;
  if (x->state != y->state)
    return x->state < y->state ? -1 : 1;
  if (x->stack != y->stack)
    return x->stack < y->stack ? -1 : 1;
  if (x->member.wait_minutes != y->member.wait_minutes)
    return x->member.wait_minutes > y->member.wait_minutes ? -1 : 1;
  return (x->member.id > y->member.id) - (x->member.id < y->member.id);
}

static int compare_groups(const void *a, const void *b) {
  const UnparkDumpGroup *x = a, *y = b;
  if (x->count != y->count)
    return x->count > y->count ? -1 : 1;
  if (x->wait_minutes != y->wait_minutes)
    return x->wait_minutes > y->wait_minutes ? -1 : 1;
  if (x->is_own != y->is_own)
    return x->is_own ? -1 : 1;
  if ((x->kind == UNPARK_STATE_RUNNING) != (y->kind == UNPARK_STATE_RUNNING))
    return x->kind == UNPARK_STATE_RUNNING ? -1 : 1;
  int state = strcmp(x->state, y->state);
  return state ? state : (x->first > y->first) - (x->first < y->first);
}

static guint32 small_id(gint64 id) {
  return id > 0 && id <= G_MAXUINT32 ? (guint32)id : 0;
}

static Entry *read_entries(UnparkStore *store, guint *n, GCancellable *cancellable,
                           GError **error) {
  guint width;
  GError *failure = NULL;
  g_autofree gint64 *rows = unpark_store_rows(store, UNPARK_TABLE_DUMP_GOROUTINE, G_MININT64 + 1,
                                              G_MAXINT64, n, &width, cancellable, &failure);
  if (failure) {
    g_propagate_error(error, failure);
    return NULL;
  }
  Entry *entries = g_new(Entry, (gsize)*n + 1);
  for (guint i = 0; i < *n; i++) {
    const gint64 *row = rows + (gsize)i * width;
    entries[i] = (Entry){.state = small_id(row[D_STATE]),
                         .stack = small_id(row[D_STACK]),
                         .member = {.id = row[D_ID],
                                    .count = CLAMP(row[D_COUNT], 1, G_MAXINT32),
                                    .wait_minutes = row[D_WAIT],
                                    .creator = row[D_CREATOR],
                                    .create_stack = small_id(row[D_CREATE_STACK]),
                                    .locked = row[D_LOCKED] > 0}};
  }
  if (*n > 1)
    qsort(entries, *n, sizeof *entries, compare_entries);
  return entries;
}

static void classify(UnparkDumpGroup *group) {
  group->kind = UNPARK_STATE_WAITING;
  group->wait = unpark_wait_of_reason(group->state);
  if (strcmp(group->state, "running") == 0)
    group->kind = UNPARK_STATE_RUNNING;
  else if (strcmp(group->state, "runnable") == 0 || strcmp(group->state, "preempted") == 0)
    group->kind = UNPARK_STATE_RUNNABLE;
  else if (group->wait == UNPARK_WAIT_SYSCALL)
    group->kind = UNPARK_STATE_SYSCALL;
}

/* ---- Stacks ---------------------------------------------------------------------------------- */

static const gint64 *frame_of(const UnparkStacks *stacks, guint32 node) {
  guint32 frame = stacks->node_frame[node - 1];
  return frame > 0 ? stacks->frames + ((gsize)frame - 1) * 4 : NULL;
}

static guint32 node_of(const UnparkStacks *stacks, guint32 stack) {
  return stack > 0 && stack <= stacks->n_stacks ? stacks->stack_node[stack - 1] : 0;
}

static void take_frame(UnparkDumpGroup *group, UnparkStore *store, const gint64 *frame) {
  group->function = unpark_store_string(store, (guint32)frame[0]);
  group->file = unpark_store_string(store, (guint32)frame[1]);
  group->line = (guint32)frame[2];
}

static void find_top_frame(UnparkDumpGroup *group, UnparkStore *store, const UnparkStacks *stacks,
                           gboolean (*is_own)(const char *function)) {
  guint32 top = node_of(stacks, group->stack);
  group->function = group->file = "";
  group->depth = top ? stacks->node_depth[top - 1] : 0;
  for (guint32 node = top; node != 0; node = stacks->node_parent[node - 1]) {
    const gint64 *frame = frame_of(stacks, node);
    const char *function = frame ? unpark_store_string(store, (guint32)frame[0]) : "";
    if (*function && is_own(function)) {
      take_frame(group, store, frame);
      group->is_own = TRUE;
      return;
    }
  }
  if (top && frame_of(stacks, top))
    take_frame(group, store, frame_of(stacks, top));
}

static int compare_ids(const void *a, const void *b) {
  guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;
  return (x > y) - (x < y);
}

static void find_creator(UnparkDumpGroup *group, const UnparkDumpMember *members,
                         UnparkStore *store, const UnparkStacks *stacks) {
  g_autofree guint32 *ids = g_new(guint32, group->n);
  guint best = 0;
  for (guint i = 0; i < group->n; i++)
    ids[i] = members[i].create_stack;
  if (group->n > 1)
    qsort(ids, group->n, sizeof *ids, compare_ids);
  for (guint i = 0, run = 0; i < group->n; i++) {
    run = i > 0 && ids[i] == ids[i - 1] ? run + 1 : 1;
    group->n_create_stacks += run == 1 && ids[i] > 0;
    if (run > best && ids[i] > 0) {
      best = run;
      group->create_stack = ids[i];
    }
  }
  guint32 node = node_of(stacks, group->create_stack);
  const gint64 *frame = node ? frame_of(stacks, node) : NULL;
  group->creator_function = frame ? unpark_store_string(store, (guint32)frame[0]) : "";
}

/* ---- All ----------------------------------------------------------------------------------- */

static void add_member(UnparkDumpGroups *all, UnparkDumpGroup *group, const Entry *entry) {
  all->members[all->n_members++] = entry->member;
  all->n_goroutines += entry->member.count;
  group->n++;
  unpark_time_sum(&group->count, entry->member.count);
  group->wait_minutes = MAX(group->wait_minutes, entry->member.wait_minutes);
}

static gboolean build(UnparkDumpGroups *all, gboolean (*is_own)(const char *function),
                      GCancellable *cancellable, GError **error) {
  guint n = 0;
  const UnparkStacks *stacks = unpark_store_stacks(all->store, error);
  g_autofree Entry *entries = stacks ? read_entries(all->store, &n, cancellable, error) : NULL;
  if (!entries)
    return FALSE;
  all->members = g_new(UnparkDumpMember, (gsize)n + 1);
  all->groups = g_new0(UnparkDumpGroup, (gsize)n + 1);
  for (guint i = 0; i < n;) {
    UnparkDumpGroup *group = &all->groups[all->n_groups++];
    const Entry *head = &entries[i];
    group->state = unpark_store_string(all->store, head->state);
    group->stack = head->stack;
    group->first = all->n_members;
    group->wait_minutes = UNPARK_NONE;
    for (; i < n && entries[i].state == head->state && entries[i].stack == head->stack; i++)
      add_member(all, group, &entries[i]);
    if (g_cancellable_set_error_if_cancelled(cancellable, error))
      return FALSE;
    classify(group);
    find_top_frame(group, all->store, stacks, is_own);
    find_creator(group, all->members + group->first, all->store, stacks);
  }
  if (all->n_groups > 1)
    qsort(all->groups, all->n_groups, sizeof *all->groups, compare_groups);
  return TRUE;
}

UnparkDumpGroups *unpark_dump_groups_new(UnparkStore *store,
                                         gboolean (*is_own)(const char *function),
                                         GCancellable *cancellable, GError **error) {
  g_autoptr(UnparkDumpGroups) all = g_atomic_rc_box_new0(UnparkDumpGroups);
  all->store = unpark_store_ref(store);
  return build(all, is_own, cancellable, error) ? g_steal_pointer(&all) : NULL;
}

UnparkDumpGroups *unpark_dump_groups_ref(UnparkDumpGroups *groups) {
  return g_atomic_rc_box_acquire(groups);
}

static void groups_clear(gpointer data) {
  UnparkDumpGroups *all = data;
  g_free(all->groups);
  g_free(all->members);
  unpark_store_unref(all->store);
}

void unpark_dump_groups_unref(UnparkDumpGroups *groups) {
  if (groups)
    g_atomic_rc_box_release_full(groups, groups_clear);
}
