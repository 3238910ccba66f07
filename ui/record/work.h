/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the dialog asks of workers: the connection and the recordings. */
#pragma once

#include "live/http/address.h"
#include "live/service/batch.h"
#include "ui/kit/worker.h"
#include "ui/record/access.h"

/* Where to, and how: the dialog's question, and what it knows once there was an answer. */
typedef struct {
  UnparkAddress *address;
  UnparkRecordAccess *access; /* as typed, or out of the keyring */
  gboolean may_recall;        /* the keyring may be asked */
  gboolean keep;              /* and shall keep what worked */
  char *keyring_error;        /* NULL: it was not asked, or had no objection */
  UnparkService *service;     /* NULL: the URL itself is to be recorded */
} UnparkRecordPlace;

/* Takes both. */
UnparkRecordPlace *unpark_record_place_new(UnparkAddress *address, UnparkRecordAccess *access);
UnparkRecordPlace *unpark_record_place_copy(const UnparkRecordPlace *place);
void unpark_record_place_free(UnparkRecordPlace *place);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkRecordPlace, unpark_record_place_free)

/* For UnparkWork: the data is an UnparkRecordPlace, and the result another, with the service and
 * all that was in the data; of a failure the data keeps everything. */
gpointer unpark_record_place_connect(gpointer data, GCancellable *cancellable, GError **error);

typedef struct {
  UnparkRecordPlace *place;
  char *url;
  GPtrArray *jobs;   /* of UnparkBatchJob; may be read while it runs; of Delve one */
  char *warning;     /* what the user is to know although it went well; NULL: nothing */
  GCancellable *end; /* ends the recordings, which are kept */
} UnparkRecordRun;

/* Takes `place`. Jobs are added by the following. */
UnparkRecordRun *unpark_record_run_new(UnparkRecordPlace *place);
void unpark_record_run_add(UnparkRecordRun *run, const char *kind, guint seconds,
                           gboolean difference, char *path);
void unpark_record_run_free(UnparkRecordRun *run);

/* For UnparkWork: the data is an UnparkRecordRun, and the result is the same pointer. */
gpointer unpark_record_run_all(gpointer data, GCancellable *cancellable, GError **error);
