/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bookmarks of a document: a list that is written to the store in the background.
 *
 * One for each session, made at the first call. Changes are seen at once and written one after
 * the other by a worker; while an import still runs they wait for its end. Main thread only.
 */
#pragma once

#include "model/store/bookmarks.h"
#include "ui/session/session.h"

#define UNPARK_TYPE_BOOKMARK_ITEM (unpark_bookmark_item_get_type())
G_DECLARE_FINAL_TYPE(UnparkBookmarkItem, unpark_bookmark_item, UNPARK, BOOKMARK_ITEM, GObject)

/* Owned by the item. */
const UnparkBookmark *unpark_bookmark_item_get(UnparkBookmarkItem *self);

#define UNPARK_TYPE_BOOKMARK_LIST (unpark_bookmark_list_get_type())
G_DECLARE_FINAL_TYPE(UnparkBookmarkList, unpark_bookmark_list, UNPARK, BOOKMARK_LIST, GObject)

/* Signal "failed" (message): something could not be written; it stays until the window closes. */
UnparkBookmarkList *unpark_bookmark_list_of(UnparkSession *session);
/* UnparkBookmarkItem, ascending by time; owned by the list. */
GListModel *unpark_bookmark_list_model(UnparkBookmarkList *self);

void unpark_bookmark_list_add(UnparkBookmarkList *self, gint64 time_ns, gint64 goroutine,
                              const char *note);
void unpark_bookmark_list_edit(UnparkBookmarkList *self, UnparkBookmarkItem *item,
                               const char *note);
void unpark_bookmark_list_remove(UnparkBookmarkList *self, UnparkBookmarkItem *item);
/* Takes back what was removed. */
void unpark_bookmark_list_restore(UnparkBookmarkList *self, UnparkBookmarkItem *item);
