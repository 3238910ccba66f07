/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/session/together.h"

#include "ui/session/private.h"

/* From one file to a place in another one. */
typedef struct {
  UnparkSession *from, *to; /* not owned: they may have gone */
  UnparkPick pick;          /* of `from` */
  guint depth;              /* of the way back of `to`, before */
} Jump;

/* Older ones are forgotten. */
#define MAX_JUMPS 100

struct _UnparkTogether {
  GObject parent_instance;

  UnparkSources *sources; /* NULL before the first */
  GPtrArray *sessions;
  guint current;
  GArray *jumps; /* Jump; the last is the nearest */
  gint64 start_ns, end_ns;
  gboolean syncing; /* what sessions tell is no news */
};

G_DEFINE_FINAL_TYPE(UnparkTogether, unpark_together, G_TYPE_OBJECT)

enum { CHANGED, CURRENT_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

static UnparkSession *nth(UnparkTogether *self, guint i) {
  return self->sessions->pdata[i];
}

/* ---- What is shared ------------------------------------------------------------------------ */

static void on_visible(UnparkSession *from, UnparkTogether *self) {
  double start, end;
  if (self->syncing)
    return;
  self->syncing = TRUE;
  unpark_session_get_visible(from, &start, &end);
  for (guint i = 0; i < self->sessions->len; i++)
    unpark_session_set_visible(nth(self, i), start, end);
  self->syncing = FALSE;
}

static void copy_selection(UnparkSession *from, UnparkSession *to) {
  gint64 start, end, old_start, old_end;
  gboolean selected = unpark_session_get_selected_time(from, &start, &end);
  gboolean was = unpark_session_get_selected_time(to, &old_start, &old_end);
  if (!selected)
    unpark_session_clear_selected_time(to);
  else if (!was || start != old_start || end != old_end)
    unpark_session_select_time(to, start, end);
}

static void on_selection(UnparkSession *from, UnparkTogether *self) {
  if (self->syncing)
    return;
  self->syncing = TRUE;
  for (guint i = 0; i < self->sessions->len; i++)
    if (nth(self, i) != from)
      copy_selection(from, nth(self, i));
  self->syncing = FALSE;
}

static void on_filter(UnparkSession *from, UnparkTogether *self) {
  if (self->syncing)
    return;
  self->syncing = TRUE;
  for (guint i = 0; i < self->sessions->len; i++)
    unpark_session_set_filter(nth(self, i), unpark_session_get_filter(from));
  self->syncing = FALSE;
}

/* One thing is picked, wherever it is. */
static void on_pick(UnparkSession *from, UnparkTogether *self) {
  if (self->syncing || unpark_session_get_pick(from)->type == UNPARK_PICK_NONE)
    return;
  self->syncing = TRUE;
  for (guint i = 0; i < self->sessions->len; i++)
    if (nth(self, i) != from)
      unpark_session_set_pick(nth(self, i), NULL);
  self->syncing = FALSE;
  unpark_together_set_current(self, (guint)unpark_together_find(self, from));
}

static void on_reveal(UnparkSession *from, const char *view, UnparkTogether *self) {
  unpark_together_set_current(self, (guint)unpark_together_find(self, from));
}

static void follow(UnparkTogether *self, UnparkSession *session) {
  g_signal_connect(session, "visible-changed", G_CALLBACK(on_visible), self);
  g_signal_connect(session, "selection-changed", G_CALLBACK(on_selection), self);
  g_signal_connect(session, "filter-changed", G_CALLBACK(on_filter), self);
  g_signal_connect(session, "pick-changed", G_CALLBACK(on_pick), self);
  g_signal_connect(session, "reveal", G_CALLBACK(on_reveal), self);
}

static void leave(UnparkTogether *self, UnparkSession *session) {
  g_signal_handlers_disconnect_by_data(session, self);
  unpark_session_join(session, NULL, 1);
}

/* ---- From first to last ---------------------------------------------------------------------- */

static void unpark_together_dispose(GObject *object) {
  UnparkTogether *self = UNPARK_TOGETHER(object);
  for (guint i = 0; i < self->sessions->len; i++)
    leave(self, nth(self, i));
  g_ptr_array_set_size(self->sessions, 0);
  g_clear_pointer(&self->sources, unpark_sources_unref);
  G_OBJECT_CLASS(unpark_together_parent_class)->dispose(object);
}

static void unpark_together_finalize(GObject *object) {
  g_ptr_array_unref(UNPARK_TOGETHER(object)->sessions);
  g_array_unref(UNPARK_TOGETHER(object)->jumps);
  G_OBJECT_CLASS(unpark_together_parent_class)->finalize(object);
}

static void unpark_together_class_init(UnparkTogetherClass *class) {
  G_OBJECT_CLASS(class)->dispose = unpark_together_dispose;
  G_OBJECT_CLASS(class)->finalize = unpark_together_finalize;
  static const char *const names[] = {"changed", "current-changed"};
  for (guint i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new(names[i], UNPARK_TYPE_TOGETHER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                              NULL, G_TYPE_NONE, 0);
}

static void unpark_together_init(UnparkTogether *self) {
  self->sessions = g_ptr_array_new_with_free_func(g_object_unref);
  self->jumps = g_array_new(FALSE, FALSE, sizeof(Jump));
}

UnparkTogether *unpark_together_new(void) {
  return g_object_new(UNPARK_TYPE_TOGETHER, NULL);
}

static void find_ends(UnparkTogether *self, const UnparkSourceEntry *entries, guint n) {
  for (guint i = 0; i < n; i++) {
    const UnparkSource *source = unpark_store_source(entries[i].store);
    gint64 end = MAX(source->end_ns, source->start_ns + 1);
    self->start_ns = i == 0 ? source->start_ns : MIN(self->start_ns, source->start_ns);
    self->end_ns = i == 0 ? end : MAX(self->end_ns, end);
  }
}

/* How much later the same things are in the store that the session gets. */
static gint64 moved_by(UnparkSession *session, UnparkStore *store) {
  UnparkStore *before = unpark_session_get_store(session);
  return before ? unpark_store_shift(store) - unpark_store_shift(before) : 0;
}

static void set_stores(UnparkTogether *self, const UnparkSourceEntry *entries) {
  for (guint i = 0; i < self->sessions->len; i++)
    unpark_session_set_moved_store(nth(self, i), entries[i].store,
                                   moved_by(nth(self, i), entries[i].store));
}

/* Everything stays everything; else the same part of the first file. */
static void share_times(UnparkTogether *self, gboolean everything, double from, double to) {
  for (guint i = 0; i < self->sessions->len; i++) {
    UnparkSession *session = nth(self, i);
    if (everything)
      unpark_session_set_visible(session, (double)self->start_ns, (double)self->end_ns);
    else
      unpark_session_set_visible(session, from, to);
    if (i > 0) {
      copy_selection(nth(self, 0), session);
      unpark_session_set_filter(session, unpark_session_get_filter(nth(self, 0)));
    }
  }
}

static void take_sessions(UnparkTogether *self, UnparkSession *const *sessions, guint n) {
  g_autoptr(GPtrArray) before = g_steal_pointer(&self->sessions);
  self->sessions = g_ptr_array_new_with_free_func(g_object_unref);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add(self->sessions, g_object_ref(sessions[i]));
  for (guint i = 0; i < before->len; i++)
    if (!g_ptr_array_find(self->sessions, before->pdata[i], NULL))
      leave(self, before->pdata[i]);
  for (guint i = 0; i < n; i++) {
    if (!g_ptr_array_find(before, sessions[i], NULL))
      follow(self, sessions[i]);
    unpark_session_join(sessions[i], self, i + 1);
  }
}

void unpark_together_set(UnparkTogether *self, UnparkSources *sources,
                         UnparkSession *const *sessions) {
  guint n;
  const UnparkSourceEntry *entries = unpark_sources_entries(sources, &n);
  UnparkSession *current =
      self->current < self->sessions->len ? nth(self, self->current) : sessions[0];
  double from, to;
  unpark_session_get_visible(sessions[0], &from, &to);
  gboolean everything = from <= (double)unpark_session_get_start(sessions[0]) &&
                        to >= (double)unpark_session_get_end(sessions[0]);
  double by = (double)moved_by(sessions[0], entries[0].store);
  self->syncing = TRUE;
  unpark_sources_ref(sources);
  g_clear_pointer(&self->sources, unpark_sources_unref);
  self->sources = sources;
  find_ends(self, entries, n);
  take_sessions(self, sessions, n);
  set_stores(self, entries);
  share_times(self, everything, from + by, to + by);
  self->syncing = FALSE;
  int now = unpark_together_find(self, current);
  self->current = (guint)MAX(now, 0);
  for (guint i = 0; i < n; i++)
    unpark_session_tell_sources(nth(self, i));
  g_signal_emit(self, signals[CHANGED], 0);
  g_signal_emit(self, signals[CURRENT_CHANGED], 0);
}

/* ---- The way back into another file ---------------------------------------------------------- */

void unpark_session_note_jump(UnparkTogether *self, UnparkSession *to, guint depth) {
  UnparkSession *from = nth(self, self->current);
  const Jump jump = {from, to, *unpark_session_get_pick(from), depth};
  if (from == to)
    return;
  if (self->jumps->len >= MAX_JUMPS)
    g_array_remove_index(self->jumps, 0);
  g_array_append_val(self->jumps, jump);
}

UnparkSession *unpark_session_take_jump(UnparkTogether *self, UnparkSession *to, guint depth,
                                        UnparkPick *pick) {
  while (self->jumps->len > 0) {
    Jump jump = g_array_index(self->jumps, Jump, self->jumps->len - 1);
    /* What is of a file that has gone, or was gone back past, leads nowhere. */
    gboolean stale =
        unpark_together_find(self, jump.from) < 0 || (jump.to == to && jump.depth > depth);
    if (!stale && (jump.to != to || jump.depth != depth))
      return NULL;
    g_array_set_size(self->jumps, self->jumps->len - 1);
    if (stale)
      continue;
    *pick = jump.pick;
    return jump.from;
  }
  return NULL;
}

/* ---- Asking ------------------------------------------------------------------------------------
 */

guint unpark_together_get_n(UnparkTogether *self) {
  return self->sessions->len;
}

UnparkSession *unpark_together_get_session(UnparkTogether *self, guint index) {
  g_return_val_if_fail(index < self->sessions->len, NULL);
  return nth(self, index);
}

UnparkSources *unpark_together_get_sources(UnparkTogether *self) {
  return self->sources;
}

int unpark_together_find(UnparkTogether *self, UnparkSession *session) {
  guint index;
  return g_ptr_array_find(self->sessions, session, &index) ? (int)index : -1;
}

guint unpark_together_get_current(UnparkTogether *self) {
  return self->current;
}

void unpark_together_set_current(UnparkTogether *self, guint index) {
  if (index == self->current || index >= self->sessions->len)
    return;
  self->current = index;
  g_signal_emit(self, signals[CURRENT_CHANGED], 0);
}

gint64 unpark_together_get_start(UnparkTogether *self) {
  return self->start_ns;
}

gint64 unpark_together_get_end(UnparkTogether *self) {
  return self->end_ns;
}
