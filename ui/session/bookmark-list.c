/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/session/bookmark-list.h"

#include <string.h>

#include "ui/kit/worker.h"

/* ---- rows --------------------------------------------------------------------------------- */

struct _UnparkBookmarkItem {
  GObject parent_instance;

  UnparkBookmark bookmark;
};

G_DEFINE_FINAL_TYPE(UnparkBookmarkItem, unpark_bookmark_item, G_TYPE_OBJECT)

static void unpark_bookmark_item_finalize(GObject *object) {
  g_free(UNPARK_BOOKMARK_ITEM(object)->bookmark.note);
  G_OBJECT_CLASS(unpark_bookmark_item_parent_class)->finalize(object);
}

static void unpark_bookmark_item_class_init(UnparkBookmarkItemClass *class) {
  G_OBJECT_CLASS(class)->finalize = unpark_bookmark_item_finalize;
}

static void unpark_bookmark_item_init(UnparkBookmarkItem *self) {
}

const UnparkBookmark *unpark_bookmark_item_get(UnparkBookmarkItem *self) {
  return &self->bookmark;
}

static UnparkBookmarkItem *item_new(const UnparkBookmark *bookmark) {
  UnparkBookmarkItem *item = g_object_new(UNPARK_TYPE_BOOKMARK_ITEM, NULL);
  item->bookmark = *bookmark;
  item->bookmark.note = g_strdup(bookmark->note);
  return item;
}

static int compare_items(gconstpointer a, gconstpointer b, gpointer data) {
  const UnparkBookmark *x = &UNPARK_BOOKMARK_ITEM((gpointer)a)->bookmark;
  const UnparkBookmark *y = &UNPARK_BOOKMARK_ITEM((gpointer)b)->bookmark;
  return (x->time_ns > y->time_ns) - (x->time_ns < y->time_ns);
}

/* ---- the list -------------------------------------------------------------------------------- */

struct _UnparkBookmarkList {
  GObject parent_instance;

  UnparkSession *session; /* the owner */
  GListStore *items;
  GQueue changes;   /* Change, first in first out */
  gboolean writing; /* the first of them */
  gboolean is_read; /* those of the store are among the items, or will be */
  UnparkWorker reading;
};

G_DEFINE_FINAL_TYPE(UnparkBookmarkList, unpark_bookmark_list, G_TYPE_OBJECT)

enum { FAILED, N_SIGNALS };
static guint signals[N_SIGNALS];

typedef enum { CHANGE_WRITE, CHANGE_REMOVE } ChangeType;

typedef struct {
  ChangeType type;
  UnparkBookmarkItem *item;
  UnparkStore *store;       /* when it is written */
  UnparkBookmark *bookmark; /* as it is when it is written */
} Change;

static void change_free(gpointer data) {
  Change *change = data;
  g_object_unref(change->item);
  unpark_store_unref(change->store);
  unpark_bookmark_free(change->bookmark);
  g_free(change);
}

static void write_next(UnparkBookmarkList *self);

static gpointer write_change(gpointer data, GCancellable *cancellable, GError **error) {
  Change *change = data;
  gint64 id = change->bookmark->id;
  if (change->type == CHANGE_WRITE)
    unpark_bookmarks_write(change->store, change->bookmark, &id, error);
  else if (id != 0)
    unpark_bookmarks_remove(change->store, id, error);
  change->bookmark->id = id;
  return NULL;
}

static void on_written(gpointer owner, gpointer data, gpointer result, const GError *error) {
  UnparkBookmarkList *self = owner;
  Change *change = g_queue_pop_head(&self->changes);
  self->writing = FALSE;
  if (error)
    g_signal_emit(self, signals[FAILED], 0, error->message);
  else if (change->type == CHANGE_WRITE)
    change->item->bookmark.id = change->bookmark->id;
  change_free(change);
  write_next(self);
}

static void write_next(UnparkBookmarkList *self) {
  static const UnparkWork writing = {.run = write_change, .done = on_written};
  Change *change = g_queue_peek_head(&self->changes);
  UnparkStore *store = unpark_session_get_store(self->session);
  if (!change || self->writing || !store || !unpark_bookmarks_can_write(store))
    return;
  self->writing = TRUE;
  change->store = unpark_store_ref(store);
  change->bookmark = unpark_bookmark_copy(&change->item->bookmark);
  unpark_worker_run_once(self, &writing, change);
}

static void queue(UnparkBookmarkList *self, ChangeType type, UnparkBookmarkItem *item) {
  Change *change = g_new0(Change, 1);
  change->type = type;
  change->item = g_object_ref(item);
  g_queue_push_tail(&self->changes, change);
  unpark_session_tell_marks(self->session);
  write_next(self);
}

/* ---- reading ---------------------------------------------------------------------------- */

static gpointer read_bookmarks(gpointer store, GCancellable *cancellable, GError **error) {
  return unpark_bookmarks_read(store, error);
}

static void on_read(gpointer owner, gpointer data, gpointer result, const GError *error) {
  UnparkBookmarkList *self = owner;
  g_autoptr(GPtrArray) all = result;
  if (!all) {
    g_signal_emit(self, signals[FAILED], 0, error->message);
    return;
  }
  for (guint i = 0; i < all->len; i++) {
    g_autoptr(UnparkBookmarkItem) item = item_new(all->pdata[i]);
    g_list_store_insert_sorted(self->items, item, compare_items, NULL);
  }
  unpark_session_tell_marks(self->session);
}

static void on_store(UnparkBookmarkList *self) {
  static const UnparkWork reading = {read_bookmarks, on_read, (GDestroyNotify)unpark_store_unref,
                                     (GDestroyNotify)g_ptr_array_unref};
  UnparkStore *store = unpark_session_get_store(self->session);
  if (!store || !unpark_bookmarks_can_write(store))
    return;
  if (!self->is_read) {
    self->is_read = TRUE;
    unpark_worker_run(&self->reading, self, &reading, unpark_store_ref(store));
  }
  write_next(self);
}

/* ---- what others ask for ------------------------------------------------------------------- */

GListModel *unpark_bookmark_list_model(UnparkBookmarkList *self) {
  return G_LIST_MODEL(self->items);
}

void unpark_bookmark_list_add(UnparkBookmarkList *self, gint64 time_ns, gint64 goroutine,
                              const char *note) {
  const UnparkBookmark bookmark = {
      .time_ns = time_ns, .goroutine = goroutine, .note = (char *)note};
  g_autoptr(UnparkBookmarkItem) item = item_new(&bookmark);
  g_list_store_insert_sorted(self->items, item, compare_items, NULL);
  queue(self, CHANGE_WRITE, item);
}

void unpark_bookmark_list_edit(UnparkBookmarkList *self, UnparkBookmarkItem *item,
                               const char *note) {
  guint at;
  if (strcmp(item->bookmark.note, note) == 0 || !g_list_store_find(self->items, item, &at))
    return;
  g_free(item->bookmark.note);
  item->bookmark.note = g_strdup(note);
  queue(self, CHANGE_WRITE, item);
}

void unpark_bookmark_list_remove(UnparkBookmarkList *self, UnparkBookmarkItem *item) {
  guint at;
  if (!g_list_store_find(self->items, item, &at))
    return;
  g_object_ref(item);
  g_list_store_remove(self->items, at);
  queue(self, CHANGE_REMOVE, item);
  g_object_unref(item);
}

void unpark_bookmark_list_restore(UnparkBookmarkList *self, UnparkBookmarkItem *item) {
  guint at;
  if (g_list_store_find(self->items, item, &at))
    return;
  g_list_store_insert_sorted(self->items, item, compare_items, NULL);
  queue(self, CHANGE_WRITE, item);
}

static void unpark_bookmark_list_finalize(GObject *object) {
  UnparkBookmarkList *self = UNPARK_BOOKMARK_LIST(object);
  unpark_worker_cancel(&self->reading);
  g_queue_clear_full(&self->changes, change_free);
  g_object_unref(self->items);
  G_OBJECT_CLASS(unpark_bookmark_list_parent_class)->finalize(object);
}

static void unpark_bookmark_list_class_init(UnparkBookmarkListClass *class) {
  G_OBJECT_CLASS(class)->finalize = unpark_bookmark_list_finalize;
  signals[FAILED] = g_signal_new("failed", UNPARK_TYPE_BOOKMARK_LIST, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void unpark_bookmark_list_init(UnparkBookmarkList *self) {
  self->items = g_list_store_new(UNPARK_TYPE_BOOKMARK_ITEM);
  g_queue_init(&self->changes);
}

UnparkBookmarkList *unpark_bookmark_list_of(UnparkSession *session) {
  static const char key[] = "unpark-bookmarks";
  UnparkBookmarkList *self = g_object_get_data(G_OBJECT(session), key);
  if (self)
    return self;
  self = g_object_new(UNPARK_TYPE_BOOKMARK_LIST, NULL);
  self->session = session;
  g_object_set_data_full(G_OBJECT(session), key, self, g_object_unref);
  g_signal_connect_object(session, "store-changed", G_CALLBACK(on_store), self, G_CONNECT_SWAPPED);
  on_store(self);
  return self;
}
