/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "live/watch/watch.h"

#include <string.h>

#include "live/watch/parse.h"
#include "model/base/printable.h"

static void stack_free(gpointer data) {
  UnparkWatchStack *stack = data;

  g_free(stack->state);
  g_free(stack->function);
  g_free(stack->place);
  g_free(stack->stack);
  g_array_unref(stack->counts);
  g_free(stack);
}

UnparkWatch *unpark_watch_new(void) {
  UnparkWatch *watch = g_new0(UnparkWatch, 1);

  watch->samples = g_array_new(FALSE, TRUE, sizeof(UnparkWatchSample));
  watch->stacks = g_ptr_array_new_with_free_func(stack_free);
  watch->by_stack = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  return watch;
}

void unpark_watch_free(UnparkWatch *watch) {
  if (!watch)
    return;
  g_hash_table_unref(watch->by_stack);
  g_ptr_array_unref(watch->stacks);
  g_array_unref(watch->samples);
  g_free(watch);
}

/* ---- A sample ------------------------------------------------------------------------------- */

typedef struct {
  UnparkWatch *watch;
  UnparkWatchSample *sample;
} Adding;

static UnparkWatchStack *find_stack(UnparkWatch *watch, const UnparkWatchGoroutine *goroutine) {
  g_autofree char *key = g_strdup_printf("%s\n%s", goroutine->state, goroutine->stack);
  UnparkWatchStack *stack = g_hash_table_lookup(watch->by_stack, key);

  if (!stack) {
    stack = g_new0(UnparkWatchStack, 1);
    stack->state = unpark_printable_dup(goroutine->state);
    stack->function = unpark_printable_dup(goroutine->function);
    stack->place = unpark_printable_dup(goroutine->place);
    stack->stack = unpark_printable_dup_lines(goroutine->stack);
    stack->counts = g_array_new(FALSE, TRUE, sizeof(guint));
    g_ptr_array_add(watch->stacks, stack);
    g_hash_table_insert(watch->by_stack, g_steal_pointer(&key), stack);
  }
  return stack;
}

static UnparkWatchState class_of(const char *state) {
  if (strcmp(state, "running") == 0)
    return UNPARK_WATCH_RUNNING;
  if (strcmp(state, "runnable") == 0)
    return UNPARK_WATCH_RUNNABLE;
  return strcmp(state, "syscall") == 0 ? UNPARK_WATCH_SYSCALL : UNPARK_WATCH_WAITING;
}

static void on_goroutine(const UnparkWatchGoroutine *goroutine, gpointer data) {
  Adding *adding = data;
  UnparkWatchStack *stack = find_stack(adding->watch, goroutine);

  if (stack->counts->len < adding->watch->samples->len + 1)
    g_array_set_size(stack->counts, adding->watch->samples->len + 1);
  g_array_index(stack->counts, guint, adding->watch->samples->len)++;
  adding->sample->goroutines++;
  adding->sample->states[class_of(goroutine->state)]++;
}

void unpark_watch_add(UnparkWatch *watch, const UnparkWatchAnswer *answer) {
  UnparkWatchSample sample = {.wall_us = answer->wall_us};
  Adding adding = {watch, &sample};

  unpark_watch_parse_memory(answer->heap ? answer->heap->str : "", &sample);
  unpark_watch_parse_dump(answer->dump->str, on_goroutine, &adding);
  g_array_append_val(watch->samples, sample);
  for (guint i = 0; i < watch->stacks->len; i++) {
    UnparkWatchStack *stack = watch->stacks->pdata[i];
    g_array_set_size(stack->counts, watch->samples->len);
  }
}

/* ---- Growth --------------------------------------------------------------------------------- */

static guint nth(const UnparkWatchStack *stack, guint i) {
  return i < stack->counts->len ? g_array_index(stack->counts, guint, i) : 0;
}

int unpark_watch_growth(const UnparkWatchStack *stack) {
  guint n = stack->counts->len;

  return n == 0 ? 0 : (int)nth(stack, n - 1) - (int)nth(stack, 0);
}

gboolean unpark_watch_only_grows(const UnparkWatchStack *stack) {
  if (stack->counts->len < 3 || unpark_watch_growth(stack) <= 0)
    return FALSE;
  for (guint i = 1; i < stack->counts->len; i++)
    if (nth(stack, i) < nth(stack, i - 1))
      return FALSE;
  /* Not all at once: a burst that waits for its end. */
  return nth(stack, stack->counts->len - 1) > nth(stack, stack->counts->len - 2) ||
         nth(stack, stack->counts->len - 2) > nth(stack, stack->counts->len - 3);
}

static int compare_growth(gconstpointer a, gconstpointer b) {
  const UnparkWatchStack *x = *(UnparkWatchStack *const *)a, *y = *(UnparkWatchStack *const *)b;
  int gx = unpark_watch_growth(x), gy = unpark_watch_growth(y);
  guint nx = nth(x, x->counts->len - 1), ny = nth(y, y->counts->len - 1);

  return gx != gy   ? (gx < gy) - (gx > gy)
         : nx != ny ? (nx < ny) - (nx > ny)
                    : strcmp(x->stack, y->stack);
}

GPtrArray *unpark_watch_by_growth(const UnparkWatch *watch) {
  GPtrArray *sorted = g_ptr_array_sized_new(watch->stacks->len);

  for (guint i = 0; i < watch->stacks->len; i++)
    g_ptr_array_add(sorted, watch->stacks->pdata[i]);
  g_ptr_array_sort(sorted, compare_growth);
  return sorted;
}
