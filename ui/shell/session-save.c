/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/shell/session-save.h"
#include "ui/kit/compat.h"
#include "ui/kit/toast.h"
#include "ui/kit/worker.h"
#include "ui/sources/session-file.h"

#include <glib/gi18n.h>

#include "model/base/printable.h"
#include "model/store/bookmarks.h"

typedef struct {
  UnparkStore *store;       /* of a single file; */
  char *text;               /* of several, which they are; else NULL */
  UnparkDocument *document; /* keeps the store's file */
  AdwToastOverlay *toasts;
  char *path;
} Saving;

static void saving_free(gpointer data) {
  Saving *saving = data;
  g_clear_pointer(&saving->store, unpark_store_unref);
  g_free(saving->text);
  g_object_unref(saving->document);
  g_object_unref(saving->toasts);
  g_free(saving->path);
  g_free(saving);
}

static gpointer save(gpointer data, GCancellable *cancellable, GError **error) {
  const Saving *saving = data;
  if (saving->text)
    g_file_set_contents(saving->path, saving->text, -1, error);
  else
    unpark_store_save_as(saving->store, saving->path, cancellable, error);
  return NULL;
}

static void on_saved(gpointer owner, gpointer data, gpointer result, const GError *error) {
  const Saving *saving = data;
  g_autofree char *text = NULL;
  if (!error)
    text = g_strdup_printf(_("Saved %s"), saving->path);
  else
    text = g_strdup_printf(_("The session could not be saved: %s"), error->message);
  adw_toast_overlay_add_toast(saving->toasts, unpark_toast_new(text));
}

static void on_file(GFile *file, gpointer data) {
  static const UnparkWork work = {save, on_saved, saving_free, NULL};
  Saving *saving = data;
  saving->path = file ? g_file_get_path(file) : NULL;
  if (!saving->path) {
    saving_free(saving);
    return;
  }
  g_autoptr(GFile) folder = g_file_get_parent(file);
  UnparkBundle *bundle = unpark_document_get_bundle(saving->document);
  if (bundle && unpark_bundle_get_n(bundle) > 1 && folder)
    saving->text = unpark_sources_session_text(bundle, folder);
  unpark_worker_run_once(NULL, &work, saving);
}

/* "webshop.trace" becomes "webshop.unpark". */
static char *suggest_name(GFile *file) {
  g_autofree char *base = g_file_get_basename(file);
  char *dot = strrchr(base, '.');
  if (dot && dot != base)
    *dot = 0;
  g_autofree char *display = unpark_printable_file_name(base);
  return g_strconcat(display, ".unpark", NULL);
}

void unpark_session_save_run(GtkWindow *parent, UnparkDocument *document, AdwToastOverlay *toasts) {
  UnparkStore *store = unpark_session_get_store(unpark_document_get_session(document));
  if (!store)
    return;
  UnparkBundle *bundle = unpark_document_get_bundle(document);
  gboolean several = bundle && unpark_bundle_get_n(bundle) > 1;
  g_autofree char *name = suggest_name(unpark_document_get_file(document));
  Saving *saving = g_new0(Saving, 1);
  saving->store = unpark_store_ref(store);
  saving->document = g_object_ref(document);
  saving->toasts = g_object_ref(toasts);
  unpark_compat_save_file(parent,
                          several ? _("Save Session: Names of the Files (.unpark)")
                                  : _("Save Session as One File (.unpark)"),
                          name, on_file, saving);
}
