/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/desktop/restore.h"

#include "ui/kit/settings.h"
#include "ui/preferences/keys.h"

#define FILES "session.files"

void unpark_restore_remember(const char *const *uris) {
  unpark_settings_set_strings(FILES, uris);
}

char **unpark_restore_get(void) {
  return unpark_settings_get_bool(UNPARK_KEY_RESTORE, TRUE) ? unpark_settings_get_strings(FILES)
                                                            : g_new0(char *, 1);
}
