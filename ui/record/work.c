/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/record/work.h"

#include <glib/gi18n.h>
#include <string.h>

#include "live/delve/delve.h"
#include "live/http/error.h"

UnparkRecordPlace *unpark_record_place_new(UnparkAddress *address, UnparkRecordAccess *access) {
  UnparkRecordPlace *place = g_new0(UnparkRecordPlace, 1);

  place->address = address;
  place->access = access;
  return place;
}

UnparkRecordPlace *unpark_record_place_copy(const UnparkRecordPlace *place) {
  UnparkRecordPlace *copy = unpark_record_place_new(unpark_address_copy(place->address),
                                                    unpark_record_access_copy(place->access));

  copy->service = place->service ? unpark_service_copy(place->service) : NULL;
  return copy;
}

void unpark_record_place_free(UnparkRecordPlace *place) {
  if (!place)
    return;
  unpark_address_free(place->address);
  unpark_record_access_free(place->access);
  unpark_service_free(place->service);
  g_free(place->keyring_error);
  g_free(place);
}

/* What the keyring says is shown, but is no reason not to go on. */
static void note(UnparkRecordPlace *place, GError *error) {
  g_free(place->keyring_error);
  place->keyring_error = error ? g_strdup(error->message) : NULL;
  g_clear_error(&error);
}

gpointer unpark_record_place_connect(gpointer data, GCancellable *cancellable, GError **error) {
  UnparkRecordPlace *place = data;
  const char *origin = place->address->origin;
  GError *failure = NULL;

  if (place->may_recall && !place->access->secret &&
      !unpark_record_access_recall(place->access, origin, cancellable, &failure))
    note(place, g_steal_pointer(&failure));
  const UnparkReach reach = unpark_record_access_reach(place->access);
  place->service = unpark_service_find(place->address, &reach, FALSE, cancellable, &failure);
  if (!place->service) {
    g_propagate_error(error, failure);
    return NULL;
  }
  if (place->keep && place->access->secret &&
      !unpark_record_access_keep(place->access, origin, cancellable, &failure))
    note(place, failure);
  /* The data is freed by whoever gave it: what worked moves to the answer. */
  UnparkRecordPlace *answer = g_memdup2(place, sizeof *place);
  *place = (UnparkRecordPlace){0};
  return answer;
}

/* ---- Recordings ----------------------------------------------------------------------------- */

UnparkRecordRun *unpark_record_run_new(UnparkRecordPlace *place) {
  UnparkRecordRun *run = g_new0(UnparkRecordRun, 1);

  run->place = place;
  run->url = unpark_address_url(place->address);
  run->jobs = g_ptr_array_new_with_free_func((GDestroyNotify)unpark_batch_job_free);
  run->end = g_cancellable_new();
  return run;
}

/* The name is that of the service's list, which lives as long as the run. */
static const char *own_name(const UnparkRecordRun *run, const char *kind) {
  const GPtrArray *kinds = run->place->service ? run->place->service->kinds : NULL;

  for (guint i = 0; kinds && kind && i < kinds->len; i++) {
    const UnparkServiceKind *one = kinds->pdata[i];
    if (strcmp(one->name, kind) == 0)
      return one->name;
  }
  return NULL;
}

void unpark_record_run_add(UnparkRecordRun *run, const char *kind, guint seconds,
                           gboolean difference, char *path) {
  const UnparkCapture capture = {.service = run->place->service,
                                 .kind = own_name(run, kind),
                                 .url = run->url,
                                 .reach = unpark_record_access_reach(run->place->access),
                                 .seconds = run->place->service ? seconds : 0,
                                 .difference = difference};

  g_ptr_array_add(run->jobs, unpark_batch_job_new(&capture, path));
}

void unpark_record_run_free(UnparkRecordRun *run) {
  g_ptr_array_unref(run->jobs);
  unpark_record_place_free(run->place);
  g_object_unref(run->end);
  g_free(run->warning);
  g_free(run->url);
  g_free(run);
}

/* The dialog has said what it does to the target. */
static void run_delve(UnparkRecordRun *run) {
  UnparkBatchJob *job = run->jobs->pdata[0];
  const UnparkDelve delve = {.address = run->place->address,
                             .may_halt = TRUE,
                             .path = job->path,
                             .progress = &job->progress};
  UnparkDelveResult result;

  job->ok = unpark_delve_capture(&delve, &result, run->end, &job->error);
  if (result.was_killed)
    run->warning = g_strdup(_("Delve ended with the connection, and the program that it launched "
                              "with it. With --accept-multiclient both stay."));
  else if (result.was_ended)
    run->warning = g_strdup(_("Delve ended with the connection. With --accept-multiclient it "
                              "stays."));
}

gpointer unpark_record_run_all(gpointer data, GCancellable *cancellable, GError **error) {
  UnparkRecordRun *run = data;

  if (run->place->address->kind == UNPARK_ADDRESS_DELVE)
    run_delve(run);
  else
    unpark_batch_run(run->jobs, run->end);
  return run;
}
