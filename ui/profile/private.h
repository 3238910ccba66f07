/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the profile view share. Main thread only. */
#pragma once

#include "ui/page/page.h"
#include "ui/profile/columns.h"

#define UNPARK_TYPE_PROFILE_VIEW (unpark_profile_view_get_type())
G_DECLARE_FINAL_TYPE(UnparkProfileView, unpark_profile_view, UNPARK, PROFILE_VIEW, UnparkPage)

struct _UnparkProfileView {
  UnparkPage page;

  UnparkProfileSummary *summary; /* texts belong to summary_store */
  UnparkStore *summary_store;
  UnparkProfileData *data; /* what the list shows; NULL: nothing yet */
  char *wanted_type;       /* stays chosen while the file is still being read */
  char **words;            /* of the filter, folded */
  gboolean filling;        /* the drop-down is not the person's doing */

  UnparkWorker copying;

  GtkWidget *types, *table, *peek, *paned;
  GListStore *items;
  GtkFilter *filter;
  GtkSelectionModel *selection;
};

/* Rows as they are shown, in that order; free with g_free(). */
guint32 *unpark_profile_view_rows(UnparkProfileView *self, guint *n);
/* The selected row; FALSE if there is none. */
gboolean unpark_profile_view_selected(UnparkProfileView *self, guint32 *row);

/* Copies the selected row, or all that are shown. */
void unpark_profile_copy(UnparkProfileView *self, gboolean all);
/* Asks for a file and writes what is shown; says in a toast how it went. */
void unpark_profile_save_csv(UnparkProfileView *self);
