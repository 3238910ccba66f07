/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/tables/mmu.h"

#include "model/tables/mmu-private.h"

/* ---- the share over time ------------------------------------------------------------------- */

typedef struct {
  guint flags;
  gint64 *gc;    /* by processor: how much of the collector runs on it */
  guint *series; /* by processor */
  guint n_procs; /* now; 0: not known yet */
  guint n_gc;    /* of them, with the collector on it */
  gint64 n_stw;
  GPtrArray *made; /* GArray of UnparkMmuChange */
  /* Times at whose end a series was higher than what it keeps; in the second run `next` has the
   * next time after each. */
  GArray *times;
  const GArray *next;
} Build;

/* As the reference adds a change: nothing if there is none, the lowest of one time. */
static void add_share(GArray *changes, gint64 time_ns, double share) {
  UnparkMmuChange change = {time_ns, share};
  if (changes->len > 0) {
    UnparkMmuChange *last = &g_array_index(changes, UnparkMmuChange, changes->len - 1);
    if (!(share < last->share) && !(share > last->share))
      return;
    if (last->time_ns == time_ns) {
      last->share = MIN(last->share, share);
      return;
    }
  }
  g_array_append_val(changes, change);
}

static double share_of_proc(const Build *build, guint proc) {
  return build->n_stw > 0 || build->gc[proc] > 0 ? 0 : 1;
}

static double share_of_all(const Build *build) {
  guint taken = build->n_stw > 0 ? build->n_procs : build->n_gc;
  return 1 - (double)taken / (double)build->n_procs;
}

static void add_shares(Build *build, gint64 time_ns) {
  if (!(build->flags & UNPARK_MMU_PER_PROC)) {
    add_share(build->made->pdata[0], time_ns, share_of_all(build));
    return;
  }
  for (guint i = 0; i < build->n_procs; i++)
    add_share(build->made->pdata[build->series[i]], time_ns, share_of_proc(build, i));
}

static guint new_series(Build *build, gint64 time_ns) {
  g_ptr_array_add(build->made, g_array_new(FALSE, FALSE, sizeof(UnparkMmuChange)));
  add_share(build->made->pdata[build->made->len - 1], time_ns, 1);
  return build->made->len - 1;
}

static void set_procs(Build *build, guint n, gint64 time_ns) {
  gboolean per_proc = (build->flags & UNPARK_MMU_PER_PROC) != 0;
  while (build->n_procs > n) {
    guint proc = --build->n_procs;
    build->n_gc -= build->gc[proc] > 0;
    if (per_proc)
      add_share(build->made->pdata[build->series[proc]], time_ns, 0);
  }
  if (build->n_procs >= n)
    return;
  build->gc = g_renew(gint64, build->gc, n);
  build->series = g_renew(guint, build->series, n);
  for (; build->n_procs < n; build->n_procs++) {
    build->gc[build->n_procs] = 0;
    build->series[build->n_procs] =
        per_proc || build->made->len == 0 ? new_series(build, time_ns) : 0;
  }
}

static void take_event(Build *build, const UnparkMmuEvent *event) {
  switch (event->type) {
  case UNPARK_MMU_EVENT_PROCS:
    set_procs(build, (guint)event->proc, event->time_ns);
    break;
  case UNPARK_MMU_EVENT_STW:
    build->n_stw += event->delta;
    break;
  default:
    if (event->proc < 0 || event->proc >= build->n_procs)
      return;
    build->n_gc -= build->gc[event->proc] > 0;
    build->gc[event->proc] += event->delta;
    build->n_gc += build->gc[event->proc] > 0;
  }
}

/* Whether some series keeps less than what is true now. */
static gboolean is_behind(const Build *build) {
  gboolean per_proc = (build->flags & UNPARK_MMU_PER_PROC) != 0;
  for (guint i = 0; i < (per_proc ? build->n_procs : 1); i++) {
    GArray *changes = build->made->pdata[per_proc ? build->series[i] : 0];
    double share = per_proc ? share_of_proc(build, i) : share_of_all(build);
    if (g_array_index(changes, UnparkMmuChange, changes->len - 1).share < share)
      return TRUE;
  }
  return FALSE;
}

static void run(Build *build, const GArray *events, gint64 last_ns) {
  guint at = 0;
  for (guint i = 0; i < events->len; i++) {
    const UnparkMmuEvent *event = &g_array_index(events, UnparkMmuEvent, i);
    gboolean last_of_time = i + 1 == events->len || event[1].time_ns != event->time_ns;
    if (event->time_ns > last_ns)
      break;
    if (build->n_procs == 0 && event->type != UNPARK_MMU_EVENT_PROCS)
      continue;
    take_event(build, event);
    if (build->n_procs == 0)
      continue;
    add_shares(build, event->time_ns);
    if (!last_of_time || !is_behind(build))
      continue;
    if (!build->next) {
      g_array_append_val(build->times, event->time_ns);
      continue;
    }
    while (at < build->times->len && g_array_index(build->times, gint64, at) < event->time_ns)
      at++;
    /* If the next event of any kind is the next of these, that says what is true then. */
    if (at < build->next->len &&
        (i + 1 == events->len || g_array_index(build->next, gint64, at) < event[1].time_ns))
      add_shares(build, g_array_index(build->next, gint64, at));
  }
  for (guint i = 0; i < build->n_procs; i++)
    add_share(build->made->pdata[build->series[i]], last_ns, 0);
}

static UnparkMmu *make(const GPtrArray *made) {
  UnparkMmu *mmu = g_new0(UnparkMmu, 1);
  mmu->n_series = made->len;
  mmu->series = g_new0(UnparkMmuSeries, (gsize)made->len + 1);
  for (guint i = 0; i < made->len; i++) {
    const GArray *changes = made->pdata[i];
    UnparkMmuSeries *series = &mmu->series[i];
    double sum = 0;
    series->n = changes->len;
    series->changes = g_memdup2(changes->data, sizeof(UnparkMmuChange) * changes->len);
    series->sums = g_new0(double, changes->len);
    for (guint k = 1; k < changes->len; k++) {
      const UnparkMmuChange *before = &series->changes[k - 1];
      sum += before->share * (double)(series->changes[k].time_ns - before->time_ns);
      series->sums[k] = sum;
    }
  }
  return mmu;
}

/* `next` NULL: the first run, which fills `times`. */
static UnparkMmu *build_mmu(const GArray *events, guint flags, gint64 last_ns, GArray *times,
                            const GArray *next) {
  g_autoptr(GPtrArray) made = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
  Build build = {.flags = flags, .made = made, .times = times, .next = next};
  run(&build, events, last_ns);
  g_free(build.gc);
  g_free(build.series);
  return make(made);
}

UnparkMmu *unpark_mmu_new(UnparkStore *store, guint flags, GCancellable *cancellable,
                          GError **error) {
  gint64 last = unpark_store_source(store)->end_ns;
  g_autoptr(GArray) events = unpark_mmu_load(store, flags, cancellable, error);
  g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(gint64));
  if (!events)
    return NULL;
  g_autoptr(UnparkMmu) mmu = build_mmu(events, flags, last, times, NULL);
  if (times->len == 0)
    return g_steal_pointer(&mmu);
  g_autoptr(GArray) next = g_array_copy(times);
  if (!unpark_mmu_next_times(store, next, cancellable, error))
    return NULL;
  return build_mmu(events, flags, last, times, next);
}

void unpark_mmu_free(UnparkMmu *mmu) {
  if (!mmu)
    return;
  for (guint i = 0; i < mmu->n_series; i++) {
    g_free(mmu->series[i].changes);
    g_free(mmu->series[i].sums);
  }
  g_free(mmu->series);
  g_free(mmu);
}

/* ---- stretches ------------------------------------------------------------------------------ */

static gint64 length_of(const UnparkMmuSeries *series) {
  return series->n ? series->changes[series->n - 1].time_ns - series->changes[0].time_ns : 0;
}

/* Length of the longest series. */
static gint64 duration_of(const UnparkMmu *mmu) {
  gint64 longest = 0;
  for (guint i = 0; i < mmu->n_series; i++)
    longest = MAX(longest, length_of(&mmu->series[i]));
  return longest;
}

/* Share * ns from the beginning to `ns`; *at follows ns, which only ascends. */
static double sum_to(const UnparkMmuSeries *series, gint64 ns, guint *at) {
  while (*at + 1 < series->n && series->changes[*at + 1].time_ns <= ns)
    (*at)++;
  return series->sums[*at] +
         series->changes[*at].share * (double)(ns - series->changes[*at].time_ns);
}

typedef void (*Visit)(gint64 start_ns, double share, gpointer data);

/* The least is where one end of the stretch meets a change. */
static void visit(const UnparkMmuSeries *series, gint64 window, Visit take, gpointer data) {
  guint after = 0, before = 0;
  if (series->n < 2 || length_of(series) <= 0)
    return;
  window = MIN(window, length_of(series));
  for (guint i = 0; i < series->n; i++) {
    gint64 at = series->changes[i].time_ns;
    if (at - window >= series->changes[0].time_ns)
      take(at - window, (series->sums[i] - sum_to(series, at - window, &before)) / (double)window,
           data);
    if (at + window <= series->changes[series->n - 1].time_ns)
      take(at, (sum_to(series, at + window, &after) - series->sums[i]) / (double)window, data);
  }
}

static void take_least(G_GNUC_UNUSED gint64 start_ns, double share, gpointer data) {
  double *least = data;
  *least = MIN(*least, share);
}

double unpark_mmu_least(const UnparkMmu *mmu, gint64 window_ns) {
  double least = 1;
  if (window_ns <= 0)
    return 0;
  for (guint i = 0; i < mmu->n_series; i++)
    visit(&mmu->series[i], window_ns, take_least, &least);
  return MAX(least, 0);
}

typedef struct {
  UnparkMmuWindow *windows; /* the least first */
  guint n, most;
  gint64 window_ns;
} Worst;

static void take_worst(gint64 start_ns, double share, gpointer data) {
  Worst *worst = data;
  guint kept = 0, at = 0;
  if (worst->n == worst->most && !(share < worst->windows[worst->n - 1].share))
    return;
  for (guint i = 0; i < worst->n; i++)
    if (ABS(worst->windows[i].start_ns - start_ns) < worst->window_ns &&
        worst->windows[i].share <= share)
      return;
  for (guint i = 0; i < worst->n; i++)
    if (ABS(worst->windows[i].start_ns - start_ns) >= worst->window_ns)
      worst->windows[kept++] = worst->windows[i];
  worst->n = MIN(kept + 1, worst->most);
  for (at = worst->n - 1; at > 0 && worst->windows[at - 1].share > share; at--)
    worst->windows[at] = worst->windows[at - 1];
  worst->windows[at] = (UnparkMmuWindow){start_ns, MAX(share, 0)};
}

guint unpark_mmu_worst(const UnparkMmu *mmu, gint64 window_ns, UnparkMmuWindow *worst, guint n) {
  Worst found = {worst, 0, n, window_ns};
  for (guint i = 0; n > 0 && window_ns > 0 && i < mmu->n_series; i++)
    visit(&mmu->series[i], window_ns, take_worst, &found);
  return found.n;
}

GArray *unpark_mmu_windows(const UnparkMmu *mmu) {
  static const gint64 steps[] = {1, 2, 5};
  GArray *windows = g_array_new(FALSE, FALSE, sizeof(gint64));
  gint64 duration = duration_of(mmu);
  for (gint64 power = 1000; power <= duration && power < G_MAXINT64 / 50; power *= 10)
    for (guint i = 0; i < G_N_ELEMENTS(steps); i++) {
      gint64 window = power * steps[i];
      if (window < duration)
        g_array_append_val(windows, window);
    }
  if (duration > 0)
    g_array_append_val(windows, duration);
  return windows;
}
