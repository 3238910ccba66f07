/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/sources/bundle.h"

#include <glib/gi18n.h>

#include "model/base/printable.h"
#include "model/spans/traces.h"
#include "ui/kit/worker.h"
#include "ui/sources/session-file.h"

/* More changes are not remembered. */
#define MAX_UNDO 50

/* A file, for as long as anything can show it again. A g_atomic_rc_box. */
typedef struct {
  GFile *file;
  char *name;
  UnparkOpening *opening;
  UnparkStore *store;     /* as it was opened; NULL before */
  UnparkSession *session; /* NULL before */
} Part;

typedef struct {
  Part *part;
  gint64 move_ns;
} Entry;

struct _UnparkBundle {
  GObject parent_instance;

  UnparkTogether *together;
  GArray *entries; /* Entry */
  GPtrArray *undo; /* arrays of entries; the last is the nearest */
  UnparkWorker worker;
  GArray *arranging; /* entries that the worker makes; NULL: it makes none */
  GArray *waiting;   /* entries that are wanted after those; NULL: none */
  char *opening;     /* name of the file; NULL */
};

G_DEFINE_FINAL_TYPE(UnparkBundle, unpark_bundle, G_TYPE_OBJECT)

enum { CHANGED, BUSY_CHANGED, FAILED, N_SIGNALS };
static guint signals[N_SIGNALS];

/* ---- Parts ------------------------------------------------------------------------------- */

static Part *part_new(GFile *file, UnparkOpening *opening) {
  g_autofree char *base = g_file_get_basename(file);
  Part *part = g_atomic_rc_box_new0(Part);
  part->file = g_object_ref(file);
  part->name = unpark_printable_file_name(base ? base : "");
  part->opening = opening;
  return part;
}

static void part_clear(gpointer data) {
  Part *part = data;
  g_clear_object(&part->session);
  g_clear_pointer(&part->store, unpark_store_unref);
  g_clear_pointer(&part->opening, unpark_opening_unref);
  g_object_unref(part->file);
  g_free(part->name);
}

static void entry_clear(gpointer data) {
  g_atomic_rc_box_release_full(((Entry *)data)->part, part_clear);
}

static GArray *entries_new(void) {
  GArray *entries = g_array_new(FALSE, FALSE, sizeof(Entry));
  g_array_set_clear_func(entries, entry_clear);
  return entries;
}

static Entry *nth(const GArray *entries, guint i) {
  return &g_array_index(entries, Entry, i);
}

static void append(GArray *entries, Part *part, gint64 move_ns) {
  const Entry entry = {g_atomic_rc_box_acquire(part), move_ns};
  g_array_append_val(entries, entry);
}

static GArray *entries_copy(const GArray *entries) {
  GArray *copy = entries_new();
  for (guint i = 0; i < entries->len; i++)
    append(copy, nth(entries, i)->part, nth(entries, i)->move_ns);
  return copy;
}

/* ---- The worker ----------------------------------------------------------------------------- */

typedef struct {
  GArray *entries;
  GPtrArray *stores; /* of each: the one on screen, which may be shifted; NULL: to be opened */
  GString *failures; /* sentences */
  gboolean is_undo;
} Job;

static void store_free(gpointer store) {
  if (store)
    unpark_store_unref(store);
}

static Job *job_new(GArray *entries) {
  Job *job = g_new0(Job, 1);
  job->entries = entries;
  job->failures = g_string_new(NULL);
  job->stores = g_ptr_array_new_with_free_func(store_free);
  for (guint i = 0; i < entries->len; i++) {
    UnparkSession *session = nth(entries, i)->part->session;
    UnparkStore *store = session ? unpark_session_get_store(session) : NULL;
    g_ptr_array_add(job->stores, store ? unpark_store_ref(store) : NULL);
  }
  return job;
}

static void job_free(gpointer data) {
  Job *job = data;
  g_ptr_array_unref(job->stores);
  g_array_unref(job->entries);
  g_string_free(job->failures, TRUE);
  g_free(job);
}

/* FALSE with `error`: everything stops. A file that cannot be opened is left out. */
static gboolean open_part(Job *job, guint i, GCancellable *cancellable, GError **error) {
  Part *part = nth(job->entries, i)->part;
  g_autoptr(GError) failure = NULL;
  if (!part->store)
    part->store = part->opening->opener->run(part->opening->handle, cancellable, &failure);
  if (g_cancellable_set_error_if_cancelled(cancellable, error))
    return FALSE;
  if (part->store)
    job->stores->pdata[i] = unpark_store_ref(part->store);
  else
    g_string_append_printf(job->failures, _("%s%s cannot be added: %s"),
                           job->failures->len ? "\n" : "", part->name, failure->message);
  return TRUE;
}

static gboolean open_parts(Job *job, GCancellable *cancellable, GError **error) {
  for (guint i = 0; i < job->entries->len; i++)
    if (!job->stores->pdata[i] && !open_part(job, i, cancellable, error))
      return FALSE;
  return TRUE;
}

static gpointer arrange(gpointer data, GCancellable *cancellable, GError **error) {
  Job *job = data;
  if (!open_parts(job, cancellable, error))
    return NULL;
  g_autoptr(UnparkSources) sources = unpark_sources_new();
  for (guint i = 0, n = 0; i < job->entries->len; i++) {
    if (!job->stores->pdata[i])
      continue;
    unpark_sources_add(sources, job->stores->pdata[i], nth(job->entries, i)->part->name);
    unpark_sources_move(sources, n++, nth(job->entries, i)->move_ns);
  }
  if (!unpark_sources_align(sources, error) || !unpark_traces_align(sources, error) ||
      g_cancellable_set_error_if_cancelled(cancellable, error) ||
      !unpark_sources_settle(sources, error))
    return NULL;
  return g_steal_pointer(&sources);
}

/* ---- What came ---------------------------------------------------------------------------------
 */

static void fail(UnparkBundle *self, const char *message) {
  g_signal_emit(self, signals[FAILED], 0, message);
}

static gboolean same(const GArray *a, const GArray *b) {
  gboolean equal = a->len == b->len;
  for (guint i = 0; equal && i < a->len; i++)
    equal = nth(a, i)->part == nth(b, i)->part && nth(a, i)->move_ns == nth(b, i)->move_ns;
  return equal;
}

/* Leaves out what `entries` have of the job's files that could not be opened. On the main thread:
 * the last reference ends an opening. */
static void drop_failed(const Job *job, GArray *entries) {
  for (guint i = 0; i < job->entries->len; i++) {
    const Part *part = nth(job->entries, i)->part;
    for (guint k = entries->len; !job->stores->pdata[i] && k-- > 0;)
      if (nth(entries, k)->part == part)
        g_array_remove_index(entries, k);
  }
}

/* Takes `entries`. */
static void show(UnparkBundle *self, const Job *job, GArray *entries, UnparkSources *sources) {
  g_autoptr(GPtrArray) sessions = g_ptr_array_new();
  if (!job->is_undo) {
    g_ptr_array_add(self->undo, entries_copy(self->entries));
    if (self->undo->len > MAX_UNDO)
      g_ptr_array_remove_index(self->undo, 0);
  }
  g_array_unref(self->entries);
  self->entries = entries;
  for (guint i = 0; i < self->entries->len; i++) {
    Part *part = nth(self->entries, i)->part;
    if (!part->session)
      part->session = unpark_session_new();
    g_ptr_array_add(sessions, part->session);
  }
  unpark_together_set(self->together, sources, (UnparkSession *const *)sessions->pdata);
  g_signal_emit(self, signals[CHANGED], 0);
}

static void start(UnparkBundle *self, GArray *entries, gboolean is_undo);

static void on_arranged(gpointer owner, gpointer data, gpointer result, const GError *error) {
  UnparkBundle *self = owner;
  const Job *job = data;
  g_autoptr(UnparkSources) sources = result;
  g_autoptr(GArray) waiting = g_steal_pointer(&self->waiting);
  g_autoptr(UnparkBundle) alive = g_object_ref(self);
  g_clear_pointer(&self->opening, g_free);
  g_clear_pointer(&self->arranging, g_array_unref);
  if (error && !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    fail(self, error->message);
  if (job->failures->len > 0)
    fail(self, job->failures->str);
  g_autoptr(GArray) entries = entries_copy(job->entries);
  drop_failed(job, entries);
  if (sources && job->is_undo) /* only now: what is stopped or fails can be taken back later */
    g_ptr_array_remove_index(self->undo, self->undo->len - 1);
  if (sources && !same(self->entries, entries))
    show(self, job, g_steal_pointer(&entries), sources);
  if (waiting) {
    drop_failed(job, waiting);
    start(self, g_steal_pointer(&waiting), FALSE);
  }
  g_signal_emit(self, signals[BUSY_CHANGED], 0);
}

static void sources_free(gpointer sources) {
  unpark_sources_unref(sources);
}

/* Takes `entries`. */
static void start(UnparkBundle *self, GArray *entries, gboolean is_undo) {
  static const UnparkWork arranging = {arrange, on_arranged, job_free, sources_free};
  Job *job = job_new(entries);
  job->is_undo = is_undo;
  g_clear_pointer(&self->arranging, g_array_unref);
  self->arranging = g_array_ref(entries);
  for (guint i = 0; i < entries->len; i++)
    if (!job->stores->pdata[i] && !self->opening)
      self->opening = g_strdup(nth(entries, i)->part->name);
  unpark_worker_run(&self->worker, self, &arranging, job);
  g_signal_emit(self, signals[BUSY_CHANGED], 0);
}

/* What is wanted next: the files that are there, or will be. */
static const GArray *wanted(UnparkBundle *self) {
  return self->waiting ? self->waiting : self->arranging ? self->arranging : self->entries;
}

/* Where the file that is shown as number `index` is among those; -1: nowhere. */
static int place_of(UnparkBundle *self, guint index) {
  const GArray *entries = wanted(self);
  for (guint i = 0; index < self->entries->len && i < entries->len; i++)
    if (nth(entries, i)->part == nth(self->entries, index)->part)
      return (int)i;
  return -1;
}

/* Takes `entries`. */
static void want(UnparkBundle *self, GArray *entries) {
  if (!unpark_worker_is_running(&self->worker)) {
    start(self, entries, FALSE);
    return;
  }
  g_clear_pointer(&self->waiting, g_array_unref);
  self->waiting = entries;
}

/* ---- Wishes
 * --------------------------------------------------------------------------------------- */

static gboolean has(const GArray *entries, GFile *file) {
  for (guint i = 0; i < entries->len; i++)
    if (g_file_equal(nth(entries, i)->part->file, file))
      return TRUE;
  return FALSE;
}

void unpark_bundle_add(UnparkBundle *self, GFile *const *files, guint n) {
  GArray *entries = entries_copy(wanted(self));
  guint before = entries->len;
  const UnparkOpener *opener = nth(self->entries, 0)->part->opening->opener;
  for (guint i = 0; i < n; i++) {
    g_autofree char *path = g_file_get_path(files[i]);
    if (has(entries, files[i])) {
      g_autofree char *base = g_file_get_basename(files[i]);
      g_autofree char *name = unpark_printable_file_name(base ? base : "");
      g_autofree char *text = g_strdup_printf(_("%s is in this view already."), name);
      fail(self, text);
    } else if (!path) {
      fail(self, _("Only files on this computer can be added."));
    } else {
      Part *part = part_new(files[i], unpark_opening_new(opener, path));
      const Entry entry = {part, unpark_sources_file_move(files[i])};
      g_array_append_val(entries, entry);
    }
  }
  if (entries->len > before)
    want(self, entries);
  else
    g_array_unref(entries);
}

void unpark_bundle_move(UnparkBundle *self, guint index, gint64 ns) {
  int place = place_of(self, index);
  if (place < 0 || nth(wanted(self), (guint)place)->move_ns == ns)
    return;
  GArray *entries = entries_copy(wanted(self));
  nth(entries, (guint)place)->move_ns = ns;
  want(self, entries);
}

void unpark_bundle_remove(UnparkBundle *self, guint index) {
  int place = place_of(self, index);
  if (place < 0 || wanted(self)->len < 2)
    return;
  GArray *entries = entries_copy(wanted(self));
  g_array_remove_index(entries, (guint)place);
  want(self, entries);
}

gboolean unpark_bundle_can_undo(UnparkBundle *self) {
  return self->undo->len > 0 && !unpark_bundle_is_busy(self);
}

void unpark_bundle_undo(UnparkBundle *self) {
  if (unpark_bundle_can_undo(self))
    start(self, entries_copy(self->undo->pdata[self->undo->len - 1]), TRUE);
}

void unpark_bundle_cancel(UnparkBundle *self) {
  g_clear_pointer(&self->waiting, g_array_unref);
  g_clear_pointer(&self->arranging, g_array_unref);
  unpark_worker_cancel(&self->worker);
  g_clear_pointer(&self->opening, g_free);
  g_signal_emit(self, signals[BUSY_CHANGED], 0);
}

/* ---- Asking
 * ---------------------------------------------------------------------------------------- */

gboolean unpark_bundle_is_busy(UnparkBundle *self) {
  return unpark_worker_is_running(&self->worker);
}

const char *unpark_bundle_get_opening(UnparkBundle *self) {
  return self->opening;
}

guint unpark_bundle_get_n(UnparkBundle *self) {
  return self->entries->len;
}

GFile *unpark_bundle_get_file(UnparkBundle *self, guint index) {
  return nth(self->entries, index)->part->file;
}

const char *unpark_bundle_get_name(UnparkBundle *self, guint index) {
  return nth(self->entries, index)->part->name;
}

gint64 unpark_bundle_get_move(UnparkBundle *self, guint index) {
  return nth(self->entries, index)->move_ns;
}

UnparkSession *unpark_bundle_get_session(UnparkBundle *self, guint index) {
  return nth(self->entries, index)->part->session;
}

UnparkTogether *unpark_bundle_get_together(UnparkBundle *self) {
  return self->together;
}

/* ---- From first to last
 * ---------------------------------------------------------------------------- */

static void unpark_bundle_dispose(GObject *object) {
  UnparkBundle *self = UNPARK_BUNDLE(object);
  unpark_worker_cancel(&self->worker);
  g_clear_pointer(&self->waiting, g_array_unref);
  g_clear_pointer(&self->arranging, g_array_unref);
  g_clear_object(&self->together);
  G_OBJECT_CLASS(unpark_bundle_parent_class)->dispose(object);
}

static void unpark_bundle_finalize(GObject *object) {
  UnparkBundle *self = UNPARK_BUNDLE(object);
  g_array_unref(self->entries);
  g_ptr_array_unref(self->undo);
  g_free(self->opening);
  G_OBJECT_CLASS(unpark_bundle_parent_class)->finalize(object);
}

static void unpark_bundle_class_init(UnparkBundleClass *class) {
  G_OBJECT_CLASS(class)->dispose = unpark_bundle_dispose;
  G_OBJECT_CLASS(class)->finalize = unpark_bundle_finalize;
  signals[CHANGED] = g_signal_new("changed", UNPARK_TYPE_BUNDLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
  signals[BUSY_CHANGED] = g_signal_new("busy-changed", UNPARK_TYPE_BUNDLE, G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new("failed", UNPARK_TYPE_BUNDLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void unpark_bundle_init(UnparkBundle *self) {
  self->together = unpark_together_new();
  self->entries = entries_new();
  self->undo = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
}

UnparkBundle *unpark_bundle_new(GFile *file, UnparkOpening *opening, UnparkSession *session) {
  UnparkBundle *self = g_object_new(UNPARK_TYPE_BUNDLE, NULL);
  Part *part = part_new(file, unpark_opening_ref(opening));
  const Entry entry = {part, unpark_sources_file_move(file)};
  part->session = g_object_ref(session);
  part->store = unpark_store_ref(unpark_session_get_store(session));
  g_array_append_val(self->entries, entry);
  return self;
}
