/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/session/session.h"

#include "model/base/times.h"
#include "ui/session/filtering.h"
#include "ui/session/private.h"

/* Places further back are forgotten. */
#define MAX_HISTORY 200

typedef struct {
  UnparkPick pick;
  double from_ns, to_ns;
  const char *view; /* interned; NULL: not known */
} Place;

struct _UnparkSession {
  GObject parent_instance;

  UnparkStore *store;
  UnparkSources *sources;   /* NULL: not asked for since the store is another */
  UnparkTogether *together; /* not owned; NULL: the file is open alone */
  gint64 source;            /* number of the store's in it, from 1 */
  double visible_from_ns, visible_to_ns;
  gboolean visible_set; /* somebody chose it */
  gboolean selected;
  gint64 selected_from_ns, selected_to_ns;
  UnparkPick pick;
  char *filter;
  UnparkFiltering *filtering;
  const char *view; /* on screen; interned */
  char *function;   /* that a view is to show; NULL: none */
  const char *function_view;
  GArray *back, *forward; /* of Place; the last is the nearest */
  UnparkChain *chain;
  guint chain_serial;
  int link;           /* of the chain, that is picked; -1 */
  gboolean walking;   /* the pick was reached along the chain */
  gboolean in_place;  /* during "reveal" */
  UnparkOther *other; /* that it is compared with; NULL */
  int n_findings;     /* of the store; -1: nobody has looked */
};

G_DEFINE_FINAL_TYPE(UnparkSession, unpark_session, G_TYPE_OBJECT)

enum {
  STORE_CHANGED,
  SOURCES_CHANGED,
  VISIBLE_CHANGED,
  SELECTION_CHANGED,
  PICK_CHANGED,
  PICK_SETTLED,
  FILTER_CHANGED,
  FILTER_READY,
  HISTORY_CHANGED,
  CHAIN_CHANGED,
  FINDING_COUNT_CHANGED,
  OTHER_CHANGED,
  MARKS_CHANGED,
  REVEAL,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const UnparkPick no_pick = {
    .type = UNPARK_PICK_NONE, .id = UNPARK_NONE, .start_ns = UNPARK_NONE, .end_ns = UNPARK_NONE};

gboolean unpark_pick_is_metric(const UnparkPick *pick) {
  return pick->type == UNPARK_PICK_HEAP || pick->type == UNPARK_PICK_GOMAXPROCS;
}

gboolean unpark_pick_equal(const UnparkPick *a, const UnparkPick *b) {
  if (a->type != b->type || a->id != b->id)
    return FALSE;
  /* Also where nothing is picked: a time one went to is a place. */
  if (a->type == UNPARK_PICK_NONE || a->type == UNPARK_PICK_SPAN || unpark_pick_is_metric(a))
    return a->start_ns == b->start_ns;
  return a->type != UNPARK_PICK_ROW || a->table == b->table;
}

UnparkPickSpan unpark_pick_span(const UnparkSpan *spans, guint n, guint at) {
  UnparkPickSpan hit = {.span = spans[at]};
  if (at > 0 && spans[at - 1].end_ns == hit.span.start_ns)
    hit.before = spans[at - 1];
  if (at + 1 < n && spans[at + 1].start_ns == hit.span.end_ns)
    hit.after = spans[at + 1];
  return hit;
}

gboolean unpark_pick_of_link(const UnparkLink *link, UnparkPick *pick) {
  if (link->goroutine == UNPARK_NONE)
    return FALSE;
  *pick = (UnparkPick){.type = link->span.kind ? UNPARK_PICK_SPAN : UNPARK_PICK_GOROUTINE,
                       .id = link->goroutine,
                       .start_ns = link->span.kind ? link->span.start_ns : link->from_ns,
                       .end_ns = link->span.kind ? link->span.end_ns : link->to_ns};
  return TRUE;
}

UnparkPick unpark_pick_of_finding(const UnparkFinding *finding) {
  return (UnparkPick){.type = finding->goroutine == UNPARK_NONE ? UNPARK_PICK_NONE
                              : finding->kind                   ? UNPARK_PICK_SPAN
                                                                : UNPARK_PICK_GOROUTINE,
                      .id = finding->goroutine,
                      .start_ns = finding->start_ns,
                      .end_ns = finding->end_ns};
}

static void unpark_session_finalize(GObject *object) {
  UnparkSession *self = UNPARK_SESSION(object);
  unpark_filtering_free(self->filtering);
  g_clear_pointer(&self->sources, unpark_sources_unref);
  g_clear_pointer(&self->store, unpark_store_unref);
  g_clear_pointer(&self->chain, unpark_chain_unref);
  g_clear_object(&self->other);
  g_free(self->filter);
  g_free(self->function);
  g_array_unref(self->back);
  g_array_unref(self->forward);
  G_OBJECT_CLASS(unpark_session_parent_class)->finalize(object);
}

static void unpark_session_class_init(UnparkSessionClass *class) {
  static const char *const names[N_SIGNALS] = {
      [STORE_CHANGED] = "store-changed",         [VISIBLE_CHANGED] = "visible-changed",
      [SELECTION_CHANGED] = "selection-changed", [PICK_CHANGED] = "pick-changed",
      [FILTER_CHANGED] = "filter-changed",       [HISTORY_CHANGED] = "history-changed",
      [CHAIN_CHANGED] = "chain-changed",         [MARKS_CHANGED] = "marks-changed",
      [FILTER_READY] = "filter-ready",           [FINDING_COUNT_CHANGED] = "finding-count-changed",
      [PICK_SETTLED] = "pick-settled",           [OTHER_CHANGED] = "other-changed",
      [SOURCES_CHANGED] = "sources-changed",
  };
  G_OBJECT_CLASS(class)->finalize = unpark_session_finalize;
  for (guint i = 0; i < REVEAL; i++)
    signals[i] = g_signal_new(names[i], UNPARK_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                              G_TYPE_NONE, 0);
  signals[REVEAL] = g_signal_new("reveal", UNPARK_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void on_filtered(gpointer session) {
  g_autoptr(UnparkSession) self = g_object_ref(session);
  g_signal_emit(self, signals[FILTER_READY], 0);
}

static void unpark_session_init(UnparkSession *self) {
  self->pick = no_pick;
  self->filtering = unpark_filtering_new(on_filtered, self);
  self->source = 1;
  self->link = -1;
  self->n_findings = -1;
  self->filter = g_strdup("");
  self->visible_to_ns = 1;
  self->back = g_array_new(FALSE, FALSE, sizeof(Place));
  self->forward = g_array_new(FALSE, FALSE, sizeof(Place));
}

UnparkSession *unpark_session_new(void) {
  return g_object_new(UNPARK_TYPE_SESSION, NULL);
}

static void forget_hit(UnparkPick *pick) {
  pick->kind = 0;
  pick->hit = (UnparkPickSpan){0};
}

/* What was read of another store may have gone on meanwhile, and has other numbers. */
static void forget_hits(UnparkSession *self) {
  GArray *const places[] = {self->back, self->forward};
  forget_hit(&self->pick);
  for (guint i = 0; i < G_N_ELEMENTS(places); i++)
    for (guint p = 0; p < places[i]->len; p++)
      forget_hit(&g_array_index(places[i], Place, p).pick);
}

void unpark_session_set_store(UnparkSession *self, UnparkStore *store) {
  g_return_if_fail(store != NULL);
  if (store == self->store)
    return;
  unpark_store_ref(store);
  g_clear_pointer(&self->store, unpark_store_unref);
  self->store = store;
  g_clear_pointer(&self->sources, unpark_sources_unref);
  self->n_findings = -1;
  forget_hits(self);
  if (!self->visible_set) {
    self->visible_from_ns = (double)unpark_session_get_start(self);
    self->visible_to_ns = (double)unpark_session_get_end(self);
  }
  unpark_filtering_start(self->filtering, store, self->filter);
  g_signal_emit(self, signals[STORE_CHANGED], 0);
  g_signal_emit(self, signals[SOURCES_CHANGED], 0);
  g_signal_emit(self, signals[VISIBLE_CHANGED], 0);
}

UnparkStore *unpark_session_get_store(UnparkSession *self) {
  return self->store;
}

/* ---- several files ------------------------------------------------------------------------ */

void unpark_session_join(UnparkSession *self, UnparkTogether *together, gint64 source) {
  self->together = together;
  self->source = source;
}

static void move_pick(UnparkPick *pick, gint64 ns) {
  if (pick->start_ns != UNPARK_NONE)
    unpark_time_sum(&pick->start_ns, ns);
  if (pick->end_ns != UNPARK_NONE)
    unpark_time_sum(&pick->end_ns, ns);
}

void unpark_session_set_moved_store(UnparkSession *self, UnparkStore *store, gint64 ns) {
  GArray *const places[] = {self->back, self->forward};
  if (ns != 0)
    unpark_session_set_chain(self, NULL);
  move_pick(&self->pick, ns);
  for (guint i = 0; i < G_N_ELEMENTS(places); i++)
    for (guint p = 0; p < places[i]->len; p++) {
      Place *place = &g_array_index(places[i], Place, p);
      move_pick(&place->pick, ns);
      place->from_ns += (double)ns;
      place->to_ns += (double)ns;
    }
  unpark_time_sum(&self->selected_from_ns, self->selected ? ns : 0);
  unpark_time_sum(&self->selected_to_ns, self->selected ? ns : 0);
  unpark_session_set_store(self, store);
}

void unpark_session_tell_sources(UnparkSession *self) {
  g_signal_emit(self, signals[SOURCES_CHANGED], 0);
}

UnparkTogether *unpark_together_of(UnparkSession *self) {
  return self->together;
}

UnparkSources *unpark_session_get_sources(UnparkSession *self) {
  if (self->together)
    return unpark_together_get_sources(self->together);
  if (!self->sources && self->store)
    self->sources = unpark_sources_of(self->store);
  return self->sources;
}

gint64 unpark_session_get_source(UnparkSession *self) {
  return self->source;
}

UnparkSession *unpark_session_of_source(UnparkSession *self, gint64 source) {
  if (source == self->source)
    return self;
  return self->together && source >= 1 && source <= unpark_together_get_n(self->together)
             ? unpark_together_get_session(self->together, (guint)source - 1)
             : NULL;
}

gint64 unpark_session_get_start(UnparkSession *self) {
  if (self->together)
    return unpark_together_get_start(self->together);
  return self->store ? unpark_store_source(self->store)->start_ns : 0;
}

gint64 unpark_session_get_end(UnparkSession *self) {
  if (self->together)
    return unpark_together_get_end(self->together);
  return self->store ? MAX(unpark_store_source(self->store)->end_ns, 1) : 1;
}

void unpark_session_get_own_time(UnparkSession *self, gint64 *from_ns, gint64 *to_ns) {
  *from_ns = self->store ? unpark_store_source(self->store)->start_ns : 0;
  *to_ns = self->store ? MAX(unpark_store_source(self->store)->end_ns, *from_ns + 1) : 1;
}

gint64 unpark_session_nearest(UnparkSession *self, double ns) {
  return (gint64)CLAMP(ns, (double)unpark_session_get_start(self),
                       (double)unpark_session_get_end(self));
}

void unpark_session_set_visible(UnparkSession *self, double from_ns, double to_ns) {
  if (from_ns == self->visible_from_ns && to_ns == self->visible_to_ns)
    return;
  self->visible_from_ns = from_ns;
  self->visible_to_ns = MAX(to_ns, from_ns + 1);
  /* Everything visible goes on meaning everything while an import runs. */
  self->visible_set = from_ns > (double)unpark_session_get_start(self) ||
                      to_ns < (double)unpark_session_get_end(self);
  g_signal_emit(self, signals[VISIBLE_CHANGED], 0);
}

void unpark_session_get_visible(UnparkSession *self, double *from_ns, double *to_ns) {
  *from_ns = self->visible_from_ns;
  *to_ns = self->visible_to_ns;
}

void unpark_session_select_time(UnparkSession *self, gint64 from_ns, gint64 to_ns) {
  self->selected = TRUE;
  self->selected_from_ns = MIN(from_ns, to_ns);
  self->selected_to_ns = MAX(from_ns, to_ns);
  g_signal_emit(self, signals[SELECTION_CHANGED], 0);
}

void unpark_session_clear_selected_time(UnparkSession *self) {
  if (!self->selected)
    return;
  self->selected = FALSE;
  g_signal_emit(self, signals[SELECTION_CHANGED], 0);
}

gboolean unpark_session_get_selected_time(UnparkSession *self, gint64 *from_ns, gint64 *to_ns) {
  unpark_session_get_own_time(self, from_ns, to_ns);
  if (self->selected) {
    *from_ns = self->selected_from_ns;
    *to_ns = self->selected_to_ns;
  }
  return self->selected;
}

void unpark_session_set_pick(UnparkSession *self, const UnparkPick *pick) {
  const UnparkPick *wanted = pick ? pick : &no_pick;
  if (unpark_pick_equal(&self->pick, wanted))
    return;
  self->pick = *wanted;
  unpark_session_set_chain(self, NULL);
  g_signal_emit(self, signals[PICK_CHANGED], 0);
}

void unpark_session_settle_pick(UnparkSession *self, const UnparkPick *pick) {
  gboolean news = self->pick.start_ns != pick->start_ns || self->pick.end_ns != pick->end_ns;
  self->pick = *pick;
  if (news)
    g_signal_emit(self, signals[PICK_SETTLED], 0);
}

const UnparkPick *unpark_session_get_pick(UnparkSession *self) {
  return &self->pick;
}

static Place here(UnparkSession *self) {
  return (Place){self->pick, self->visible_from_ns, self->visible_to_ns, self->view};
}

static void push(GArray *places, Place place) {
  if (places->len >= MAX_HISTORY)
    g_array_remove_index(places, 0);
  g_array_append_val(places, place);
}

static void reveal(UnparkSession *self, const char *view, gboolean in_place) {
  self->in_place = in_place;
  g_signal_emit(self, signals[REVEAL], 0, view);
  self->in_place = FALSE;
}

/* Pans, at the zoom there is, until the instant is in sight. */
static void bring_into_sight(UnparkSession *self, gint64 at_ns) {
  double length = self->visible_to_ns - self->visible_from_ns, at = (double)at_ns;
  if (at >= self->visible_from_ns + length / 50 && at <= self->visible_to_ns - length / 50)
    return;
  double first = (double)unpark_session_get_start(self);
  double last = MAX((double)unpark_session_get_end(self) - length, first);
  double from = CLAMP(at - length / 2, first, last);
  unpark_session_set_visible(self, from, from + length);
}

void unpark_session_go_to(UnparkSession *self, const UnparkPick *pick, const char *view) {
  gboolean instant = pick->start_ns != UNPARK_NONE && pick->start_ns == pick->end_ns;
  if (self->together)
    unpark_session_note_jump(self->together, self, self->back->len);
  push(self->back, here(self));
  g_array_set_size(self->forward, 0);
  unpark_session_set_pick(self, pick);
  if (instant)
    bring_into_sight(self, pick->start_ns);
  reveal(self, view, instant);
  g_signal_emit(self, signals[HISTORY_CHANGED], 0);
}

void unpark_session_go_to_time(UnparkSession *self, double from_ns, double to_ns) {
  push(self->back, here(self));
  g_array_set_size(self->forward, 0);
  unpark_session_set_visible(self, from_ns, to_ns);
  g_signal_emit(self, signals[HISTORY_CHANGED], 0);
}

void unpark_session_go_to_view(UnparkSession *self, const char *view) {
  push(self->back, here(self));
  g_array_set_size(self->forward, 0);
  reveal(self, view, TRUE);
  g_signal_emit(self, signals[HISTORY_CHANGED], 0);
}

void unpark_session_go_to_function(UnparkSession *self, const char *function, const char *view) {
  g_free(self->function);
  self->function = g_strdup(function);
  self->function_view = g_intern_string(view);
  unpark_session_go_to_view(self, view);
}

char *unpark_session_take_function(UnparkSession *self, const char *view) {
  return self->function && g_str_equal(self->function_view, view) ? g_steal_pointer(&self->function)
                                                                  : NULL;
}

gboolean unpark_session_keeps_visible(UnparkSession *self) {
  return self->in_place;
}

/* ---- the wait chain --------------------------------------------------------------------- */

void unpark_session_set_chain(UnparkSession *self, UnparkChain *chain) {
  if (chain == self->chain)
    return;
  if (chain)
    unpark_chain_ref(chain);
  g_clear_pointer(&self->chain, unpark_chain_unref);
  self->chain = chain;
  self->chain_serial++;
  self->walking = FALSE;
  self->link = chain && chain->span.kind && chain->n_links > 0 ? 0 : -1;
  g_signal_emit(self, signals[CHAIN_CHANGED], 0);
}

UnparkChain *unpark_session_get_chain(UnparkSession *self) {
  return self->chain;
}

guint unpark_session_get_chain_serial(UnparkSession *self) {
  return self->chain_serial;
}

int unpark_session_get_chain_link(UnparkSession *self) {
  return self->link;
}

/* Whether the span can be seen as it is: in sight, and wide enough to be recognised. */
static gboolean is_visible(UnparkSession *self, const UnparkPick *pick) {
  double length = self->visible_to_ns - self->visible_from_ns;
  double from = MAX((double)pick->start_ns, self->visible_from_ns);
  double to = MIN((double)pick->end_ns, self->visible_to_ns);
  return to - from >= length / 200;
}

void unpark_session_go_to_link(UnparkSession *self, guint link) {
  UnparkPick pick;
  if (!self->chain || link >= self->chain->n_links ||
      !unpark_pick_of_link(&self->chain->links[link], &pick))
    return;
  if (!self->walking) {
    push(self->back, here(self));
    g_array_set_size(self->forward, 0);
  }
  self->walking = TRUE;
  self->link = (int)link;
  gboolean other = !unpark_pick_equal(&self->pick, &pick);
  self->pick = pick;
  if (other)
    g_signal_emit(self, signals[PICK_CHANGED], 0);
  g_signal_emit(self, signals[CHAIN_CHANGED], 0);
  reveal(self, "timeline", is_visible(self, &pick));
  g_signal_emit(self, signals[HISTORY_CHANGED], 0);
}

gboolean unpark_session_step_chain(UnparkSession *self, int direction) {
  UnparkPick pick;
  int n = self->chain ? (int)self->chain->n_links : 0;
  for (int i = self->link + direction; i >= 0 && i < n; i += direction)
    if (unpark_pick_of_link(&self->chain->links[i], &pick)) {
      unpark_session_go_to_link(self, (guint)i);
      return TRUE;
    }
  return FALSE;
}

void unpark_session_set_finding_count(UnparkSession *self, guint n) {
  if (self->n_findings == (int)n)
    return;
  self->n_findings = (int)n;
  g_signal_emit(self, signals[FINDING_COUNT_CHANGED], 0);
}

int unpark_session_get_finding_count(UnparkSession *self) {
  return self->n_findings;
}

void unpark_session_set_other(UnparkSession *self, UnparkOther *other) {
  g_set_object(&self->other, other);
  g_signal_emit(self, signals[OTHER_CHANGED], 0);
}

UnparkOther *unpark_session_get_other(UnparkSession *self) {
  return self->other;
}

void unpark_session_tell_marks(UnparkSession *self) {
  g_signal_emit(self, signals[MARKS_CHANGED], 0);
}

/* ---- the filter, the way back ------------------------------------------------------------- */

void unpark_session_set_view(UnparkSession *self, const char *view) {
  self->view = g_intern_string(view);
}

void unpark_session_set_filter(UnparkSession *self, const char *filter) {
  if (g_strcmp0(filter, self->filter) == 0)
    return;
  g_free(self->filter);
  self->filter = g_strdup(filter ? filter : "");
  unpark_filtering_start(self->filtering, self->store, self->filter);
  g_signal_emit(self, signals[FILTER_CHANGED], 0);
}

const char *unpark_session_get_filter(UnparkSession *self) {
  return self->filter;
}

gboolean unpark_session_is_filtering(UnparkSession *self) {
  return unpark_filtering_is_running(self->filtering);
}

UnparkFilterResult *unpark_session_get_filtered(UnparkSession *self) {
  return unpark_filtering_get_result(self->filtering);
}

const GError *unpark_session_get_filter_error(UnparkSession *self) {
  return unpark_filtering_get_error(self->filtering);
}

gboolean unpark_session_can_go_back(UnparkSession *self) {
  return self->back->len > 0;
}

gboolean unpark_session_can_go_forward(UnparkSession *self) {
  return self->forward->len > 0;
}

/* Takes the nearest place of `from`, leaving where we are in `to`. */
static void travel(UnparkSession *self, GArray *from, GArray *to) {
  if (from->len == 0)
    return;
  Place place = g_array_index(from, Place, from->len - 1);
  g_array_set_size(from, from->len - 1);
  push(to, here(self));
  unpark_session_set_visible(self, place.from_ns, place.to_ns);
  unpark_session_set_pick(self, &place.pick);
  reveal(self, place.view, TRUE);
  g_signal_emit(self, signals[HISTORY_CHANGED], 0);
}

void unpark_session_go_back(UnparkSession *self) {
  UnparkPick pick;
  travel(self, self->back, self->forward);
  UnparkSession *from = self->together
                            ? unpark_session_take_jump(self->together, self, self->back->len, &pick)
                            : NULL;
  if (!from)
    return;
  unpark_session_set_pick(from, &pick);
  reveal(from, from->view, TRUE);
}

void unpark_session_go_forward(UnparkSession *self) {
  travel(self, self->forward, self->back);
}
