/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Copying and saving what the profile view shows. */
#include <glib/gi18n.h>

#include "ui/text/profile-format.h"
#include "ui/profile/private.h"
#include "ui/kit/save-text.h"

/* What a text is made of, in a worker. */
typedef struct {
  UnparkProfileData *data;
  guint32 *rows;
  guint n;
} Job;

static void job_free(gpointer data) {
  Job *job = data;
  unpark_profile_data_unref(job->data);
  g_free(job->rows);
  g_free(job);
}

static gpointer make_text(gpointer data, GCancellable *cancellable, GError **error) {
  const Job *job = data;
  const UnparkProfileData *d = job->data;
  return unpark_profile_to_text(d->table, job->rows, job->n, d->type, d->unit);
}

static char *make_csv(gpointer data) {
  Job *job = data;
  const UnparkProfileData *d = job->data;
  return unpark_profile_to_csv(d->table, job->rows, job->n, d->type, d->unit);
}

static void on_copied(gpointer owner, gpointer data, gpointer result, const GError *error) {
  g_autofree char *text = result;
  gtk_widget_activate_action(owner, "win.copy", "s", text);
}

static Job *job_new(UnparkProfileView *self, guint32 *rows, guint n) {
  Job *job = g_new0(Job, 1);
  job->data = unpark_profile_data_ref(self->data);
  job->rows = rows;
  job->n = n;
  return job;
}

static void start_copy(UnparkProfileView *self, guint32 *rows, guint n) {
  static const UnparkWork copying = {make_text, on_copied, job_free, g_free};
  unpark_worker_run(&self->copying, self, &copying, job_new(self, rows, n));
}

void unpark_profile_copy(UnparkProfileView *self, gboolean all) {
  guint32 row;
  guint n = 1;
  if (!self->data)
    return;
  if (all) {
    guint32 *rows = unpark_profile_view_rows(self, &n);
    start_copy(self, rows, n);
  } else if (unpark_profile_view_selected(self, &row)) {
    start_copy(self, g_memdup2(&row, sizeof row), 1);
  }
}

void unpark_profile_save_csv(UnparkProfileView *self) {
  if (!self->data)
    return;
  g_autofree char *name = g_strdup_printf("%s.csv", *self->data->type ? self->data->type : "table");
  guint n;
  guint32 *rows = unpark_profile_view_rows(self, &n);
  g_strdelimit(name, G_DIR_SEPARATOR_S, '-');
  unpark_save_text(GTK_WIDGET(self), _("Save the Table"), name, make_csv, job_new(self, rows, n),
                   job_free);
}
