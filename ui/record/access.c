/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/record/access.h"

#include <glib/gi18n.h>
#include <string.h>

#ifdef UNPARK_KEYRING
#include <libsecret/secret.h>
#endif

static char *dup_or_null(const char *text) {
  return text && *text ? g_strdup(text) : NULL;
}

UnparkRecordAccess *unpark_record_access_new(const char *unix_path, const char *ca_file,
                                             const char *user, const char *secret) {
  UnparkRecordAccess *access = g_new0(UnparkRecordAccess, 1);

  access->unix_path = dup_or_null(unix_path);
  access->ca_file = dup_or_null(ca_file);
  access->user = dup_or_null(user);
  access->secret = dup_or_null(secret);
  return access;
}

UnparkRecordAccess *unpark_record_access_copy(const UnparkRecordAccess *access) {
  return unpark_record_access_new(access->unix_path, access->ca_file, access->user, access->secret);
}

void unpark_record_access_free(UnparkRecordAccess *access) {
  if (!access)
    return;
  if (access->secret)
    explicit_bzero(access->secret, strlen(access->secret));
  g_free(access->unix_path);
  g_free(access->ca_file);
  g_free(access->user);
  g_free(access->secret);
  g_free(access);
}

UnparkReach unpark_record_access_reach(const UnparkRecordAccess *access) {
  return (UnparkReach){.unix_path = access->unix_path,
                       .ca_file = access->ca_file,
                       .user = access->secret ? access->user : NULL,
                       .secret = access->secret};
}

#ifdef UNPARK_KEYRING

static const SecretSchema schema = {
    .name = "io.github.unpark.Unpark.Service",
    .flags = SECRET_SCHEMA_NONE,
    .attributes = {{"origin", SECRET_SCHEMA_ATTRIBUTE_STRING},
                   {"user", SECRET_SCHEMA_ATTRIBUTE_STRING}},
};

gboolean unpark_record_has_keyring(void) {
  return TRUE;
}

static void take_item(UnparkRecordAccess *access, SecretRetrievable *item, SecretValue *value) {
  g_autoptr(GHashTable) attributes = secret_retrievable_get_attributes(item);

  g_free(access->user);
  g_free(access->secret);
  access->user = dup_or_null(g_hash_table_lookup(attributes, "user"));
  access->secret = dup_or_null(secret_value_get_text(value));
}

gboolean unpark_record_access_recall(UnparkRecordAccess *access, const char *origin,
                                     GCancellable *cancellable, GError **error) {
  GError *failure = NULL;
  GList *items =
      secret_password_search_sync(&schema, SECRET_SEARCH_UNLOCK | SECRET_SEARCH_LOAD_SECRETS,
                                  cancellable, &failure, "origin", origin, NULL);

  if (items) {
    SecretValue *value =
        secret_retrievable_retrieve_secret_sync(items->data, cancellable, &failure);
    if (value) {
      take_item(access, items->data, value);
      secret_value_unref(value);
    }
    g_list_free_full(items, g_object_unref);
  }
  if (failure)
    g_propagate_error(error, failure);
  return failure == NULL;
}

gboolean unpark_record_access_keep(const UnparkRecordAccess *access, const char *origin,
                                   GCancellable *cancellable, GError **error) {
  g_autofree char *label = g_strdup_printf(_("Unpark: %s"), origin);

  return secret_password_store_sync(&schema, SECRET_COLLECTION_DEFAULT, label, access->secret,
                                    cancellable, error, "origin", origin, "user",
                                    access->user ? access->user : "", NULL);
}

#else

gboolean unpark_record_has_keyring(void) {
  return FALSE;
}

gboolean unpark_record_access_recall(UnparkRecordAccess *access, const char *origin,
                                     GCancellable *cancellable, GError **error) {
  return TRUE;
}

gboolean unpark_record_access_keep(const UnparkRecordAccess *access, const char *origin,
                                   GCancellable *cancellable, GError **error) {
  g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                      _("This program was built without a keyring"));
  return FALSE;
}

#endif
