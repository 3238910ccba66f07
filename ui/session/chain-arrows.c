/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/session/chain-arrows.h"
#include "ui/kit/worker.h"

/* The view has come to rest. */
#define REST_MS 120
/* More arrows than that say nothing. */
#define MAX_ARROWS 160
/* Spans of all goroutines that are looked at for those it woke: some milliseconds. */
#define MAX_SPANS 400000

#define UNPARK_TYPE_ARROWS (unpark_arrows_get_type())
G_DECLARE_FINAL_TYPE(UnparkArrows, unpark_arrows, UNPARK, ARROWS, GObject)

struct _UnparkArrows {
  GObject parent_instance;

  UnparkSession *session; /* the owner */
  GArray *arrows;         /* UnparkArrow */
  UnparkWorker searching;
  guint source;
  guint serial;
};

G_DEFINE_FINAL_TYPE(UnparkArrows, unpark_arrows, G_TYPE_OBJECT)

typedef struct {
  UnparkStore *store;
  gint64 goroutine, from_ns, to_ns;
  GArray *arrows;
  guint64 n_seen;
} Search;

static void search_free(gpointer data) {
  Search *search = data;
  unpark_store_unref(search->store);
  g_array_unref(search->arrows);
  g_free(search);
}

/* ---- finding out, in a worker --------------------------------------------------------------- */

static void add(Search *search, gint64 from, gint64 to, gint64 time_ns, gboolean creation) {
  const UnparkArrow arrow = {from, to, time_ns, creation};
  if (time_ns >= search->from_ns && time_ns <= search->to_ns && from != UNPARK_NONE)
    g_array_append_val(search->arrows, arrow);
}

static void find_creations(Search *search, const UnparkGoroutine *all, guint n) {
  for (guint i = 0; i < n && search->arrows->len <= MAX_ARROWS; i++)
    if (all[i].id == search->goroutine || all[i].parent == search->goroutine)
      add(search, all[i].parent, all[i].id, all[i].create_ns, TRUE);
}

static gboolean visit(const UnparkSpan *spans, guint n, gpointer data) {
  Search *search = data;
  search->n_seen += n;
  for (guint i = 0; i < n; i++)
    if (spans[i].waker == search->goroutine && spans[i].goroutine != search->goroutine)
      add(search, spans[i].waker, spans[i].goroutine, spans[i].end_ns, FALSE);
  return search->n_seen < MAX_SPANS && search->arrows->len <= MAX_ARROWS;
}

static gboolean find_wakers(Search *search, GCancellable *cancellable, GError **error) {
  guint n;
  GError *failure = NULL;
  g_autofree UnparkSpan *spans =
      unpark_store_spans(search->store, search->goroutine, search->from_ns, search->to_ns,
                         4 * MAX_ARROWS, &n, cancellable, &failure);
  for (guint i = 0; i < n; i++)
    add(search, spans[i].waker, spans[i].goroutine, spans[i].end_ns, FALSE);
  if (failure)
    g_propagate_error(error, failure);
  return failure == NULL;
}

static gpointer find(gpointer data, GCancellable *cancellable, GError **error) {
  Search *search = data;
  guint n;
  const UnparkGoroutine *all = unpark_store_goroutines(search->store, &n, error);
  if (all && find_wakers(search, cancellable, error)) {
    find_creations(search, all, n);
    if (search->arrows->len <= MAX_ARROWS)
      unpark_store_visit_spans(search->store, search->from_ns, search->to_ns, visit, search,
                               cancellable, error);
  }
  return NULL;
}

/* ---- following the session -------------------------------------------------------------- */

static void forget(UnparkArrows *self) {
  unpark_worker_cancel(&self->searching);
  g_clear_handle_id(&self->source, g_source_remove);
}

static void on_found(gpointer owner, gpointer data, gpointer result, const GError *error) {
  UnparkArrows *self = owner;
  const Search *search = data;
  if (error)
    return;
  self->serial++;
  g_array_set_size(self->arrows, 0);
  if (search->arrows->len <= MAX_ARROWS)
    g_array_append_vals(self->arrows, search->arrows->data, search->arrows->len);
  unpark_session_tell_marks(self->session);
}

static gboolean start(gpointer data) {
  static const UnparkWork finding = {find, on_found, search_free, NULL};
  UnparkArrows *self = data;
  const UnparkPick *pick = unpark_session_get_pick(self->session);
  double from, to;
  Search *search = g_new0(Search, 1);
  self->source = 0;
  unpark_session_get_visible(self->session, &from, &to);
  search->store = unpark_store_ref(unpark_session_get_store(self->session));
  search->goroutine = pick->id;
  search->from_ns = (gint64)from;
  search->to_ns = (gint64)to;
  search->arrows = g_array_new(FALSE, FALSE, sizeof(UnparkArrow));
  unpark_worker_run(&self->searching, self, &finding, search);
  return G_SOURCE_REMOVE;
}

static void restart(UnparkArrows *self) {
  UnparkPickType type = unpark_session_get_pick(self->session)->type;
  forget(self);
  if ((type == UNPARK_PICK_GOROUTINE || type == UNPARK_PICK_SPAN) &&
      unpark_session_get_store(self->session))
    self->source = g_timeout_add(REST_MS, start, self);
}

static void on_pick(UnparkArrows *self) {
  g_array_set_size(self->arrows, 0);
  restart(self);
}

static void unpark_arrows_finalize(GObject *object) {
  UnparkArrows *self = UNPARK_ARROWS(object);
  forget(self);
  g_array_unref(self->arrows);
  G_OBJECT_CLASS(unpark_arrows_parent_class)->finalize(object);
}

static void unpark_arrows_class_init(UnparkArrowsClass *class) {
  G_OBJECT_CLASS(class)->finalize = unpark_arrows_finalize;
}

static void unpark_arrows_init(UnparkArrows *self) {
  self->arrows = g_array_new(FALSE, FALSE, sizeof(UnparkArrow));
}

void unpark_arrows_attach(UnparkSession *session) {
  UnparkArrows *self = g_object_new(UNPARK_TYPE_ARROWS, NULL);
  self->session = session;
  g_signal_connect_object(session, "pick-changed", G_CALLBACK(on_pick), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(session, "pick-settled", G_CALLBACK(restart), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(session, "store-changed", G_CALLBACK(on_pick), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(session, "visible-changed", G_CALLBACK(restart), self, G_CONNECT_SWAPPED);
  g_object_set_data_full(G_OBJECT(session), "unpark-arrows", self, g_object_unref);
}

const UnparkArrow *unpark_arrows_get(UnparkSession *session, guint *n) {
  UnparkArrows *self = g_object_get_data(G_OBJECT(session), "unpark-arrows");
  *n = self ? self->arrows->len : 0;
  return *n > 0 ? (const UnparkArrow *)(gconstpointer)self->arrows->data : NULL;
}

guint unpark_arrows_serial(UnparkSession *session) {
  UnparkArrows *self = g_object_get_data(G_OBJECT(session), "unpark-arrows");
  return self ? self->serial : 0;
}
