/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/session/other.h"

#include <glib/gi18n.h>

#include "model/base/printable.h"
#include "ui/kit/compat.h"
#include "ui/session/opener.h"

struct _UnparkOther {
  GObject parent_instance;

  const UnparkOpener *opener;
  gpointer handle;
  UnparkStore *store;
  char *name;
  gboolean has_time;
  gint64 from_ns, to_ns;
  UnparkOtherDone done; /* while it is being opened */
};

G_DEFINE_FINAL_TYPE(UnparkOther, unpark_other, G_TYPE_OBJECT)

typedef struct {
  const UnparkOpener *opener;
  gpointer handle;
} End;

static gboolean end(gpointer data) {
  End *job = data;
  job->opener->end(job->handle);
  g_free(job);
  return G_SOURCE_REMOVE;
}

/* The last reference may be a worker's, but an opening ends on the main thread. */
static void unpark_other_finalize(GObject *object) {
  UnparkOther *self = UNPARK_OTHER(object);
  End *job = g_new(End, 1);
  *job = (End){self->opener, self->handle};
  g_clear_pointer(&self->store, unpark_store_unref);
  g_free(self->name);
  if (self->opener)
    g_idle_add(end, job);
  else
    g_free(job);
  G_OBJECT_CLASS(unpark_other_parent_class)->finalize(object);
}

static void unpark_other_class_init(UnparkOtherClass *class) {
  G_OBJECT_CLASS(class)->finalize = unpark_other_finalize;
}

static void unpark_other_init(UnparkOther *self) {
}

UnparkStore *unpark_other_get_store(UnparkOther *self) {
  return self->store;
}

const char *unpark_other_get_name(UnparkOther *self) {
  return self->name;
}

UnparkOther *unpark_other_new_time(UnparkStore *store, const char *name, gint64 from_ns,
                                   gint64 to_ns) {
  UnparkOther *self = g_object_new(UNPARK_TYPE_OTHER, NULL);
  self->store = unpark_store_ref(store);
  self->name = g_strdup(name);
  self->has_time = TRUE;
  self->from_ns = from_ns;
  self->to_ns = to_ns;
  return self;
}

gboolean unpark_other_get_time(UnparkOther *self, gint64 *from_ns, gint64 *to_ns) {
  *from_ns = self->from_ns;
  *to_ns = self->to_ns;
  return self->has_time;
}

/* ---- Opening ------------------------------------------------------------------------- */

static void open_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  UnparkOther *base = data;
  GError *error = NULL;
  base->store = base->opener->run(base->handle, cancellable, &error);
  if (base->store)
    g_task_return_boolean(task, TRUE);
  else
    g_task_return_error(task, error);
}

static void on_opened(GObject *source, GAsyncResult *result, gpointer data) {
  UnparkOther *base = g_task_get_task_data(G_TASK(result));
  g_autoptr(GError) error = NULL;
  gboolean ok = g_task_propagate_boolean(G_TASK(result), &error);
  base->done(GTK_WIDGET(source), ok ? base : NULL, error);
}

void unpark_other_open(GtkWidget *widget, GFile *file, GCancellable *cancellable,
                       UnparkOtherDone done) {
  g_autofree char *path = g_file_get_path(file);
  if (!path) {
    g_autofree char *uri = g_file_get_uri(file);
    g_autoptr(GError) error =
        g_error_new(G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                    _("%s is not a file on this computer. Copy it here and open the copy."), uri);
    done(widget, NULL, error);
    return;
  }
  UnparkOther *base = g_object_new(UNPARK_TYPE_OTHER, NULL);
  base->opener = unpark_opener_get();
  base->handle = base->opener->begin(path);
  base->done = done;
  g_autofree char *name = g_file_get_basename(file);
  base->name = unpark_printable_file_name(name);
  g_autoptr(GTask) task = g_task_new(widget, cancellable, on_opened, NULL);
  g_task_set_task_data(task, base, g_object_unref);
  g_task_run_in_thread(task, open_thread);
}

typedef struct {
  GtkWidget *widget;
  GCancellable *cancellable;
  UnparkOtherDone done;
} Choose;

static void on_file(GFile *file, gpointer data) {
  Choose *choose = data;
  if (file)
    unpark_other_open(choose->widget, file, choose->cancellable, choose->done);
  g_object_unref(choose->widget);
  g_clear_object(&choose->cancellable);
  g_free(choose);
}

void unpark_other_choose(GtkWidget *widget, GCancellable *cancellable, UnparkOtherDone done) {
  GtkWidget *window = gtk_widget_get_ancestor(widget, GTK_TYPE_WINDOW);
  Choose *choose = g_new0(Choose, 1);
  choose->widget = g_object_ref(widget);
  choose->cancellable = cancellable ? g_object_ref(cancellable) : NULL;
  choose->done = done;
  unpark_compat_open_file(window ? GTK_WINDOW(window) : NULL, _("Open a File to Compare With"),
                          on_file, choose);
}
