/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dialog between its files: the form (dialog.c) and what is offered in it (offer.c). */
#pragma once

#include <adwaita.h>

#include "live/http/address.h"
#include "live/service/service.h"

#define UNPARK_TYPE_RECORD_DIALOG (unpark_record_dialog_get_type())
G_DECLARE_FINAL_TYPE(UnparkRecordDialog, unpark_record_dialog, UNPARK, RECORD_DIALOG, AdwWindow)

/* A row with a check button for each kind, the first one checked. `toggled` is called with `data`
 * when one changes. `service` NULL: one row for the URL itself, or for what Delve reads, which is
 * not checked, because it may stop the target. */
void unpark_record_offer_fill(GtkListBox *list, const UnparkAddress *address,
                              const UnparkService *service, GCallback toggled, gpointer data);
/* The names of those checked, valid as long as the rows; NULL-terminated; free with g_free(). That
 * of the URL itself is "", that of Delve "goroutine". */
const char **unpark_record_offer_checked(GtkListBox *list);
/* The longest recommended length of those; 0: snapshots only. */
guint unpark_record_offer_seconds(const char *const *kinds, gboolean difference);
