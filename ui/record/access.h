/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a service is reached, kept as long as it takes; and the keyring, where the user wants that.
 */
#pragma once

#include "live/http/fetch.h"

typedef struct {
  char *unix_path, *ca_file, *user, *secret; /* NULL: none */
} UnparkRecordAccess;

/* Empty texts become NULL. */
UnparkRecordAccess *unpark_record_access_new(const char *unix_path, const char *ca_file,
                                             const char *user, const char *secret);
UnparkRecordAccess *unpark_record_access_copy(const UnparkRecordAccess *access);
/* Overwrites the secret. */
void unpark_record_access_free(UnparkRecordAccess *access);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkRecordAccess, unpark_record_access_free)

/* Points into `access`. */
UnparkReach unpark_record_access_reach(const UnparkRecordAccess *access);

/* Whether this program was built with a keyring. */
gboolean unpark_record_has_keyring(void);
/* Fills in user and secret if the keyring has them for the origin ("https://host:port"). Blocks;
 * any thread but the main. FALSE with an error; nothing kept is no error. */
gboolean unpark_record_access_recall(UnparkRecordAccess *access, const char *origin,
                                     GCancellable *cancellable, GError **error);
/* As above. */
gboolean unpark_record_access_keep(const UnparkRecordAccess *access, const char *origin,
                                   GCancellable *cancellable, GError **error);
