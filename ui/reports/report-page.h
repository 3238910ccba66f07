/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the views of printed reports share: a list of entries that a field searches, and beside it
 * the details of the selected one. Main thread only, but for what says otherwise. */
#pragma once

#include "ui/page/page.h"

#define UNPARK_TYPE_REPORT_PAGE (unpark_report_page_get_type())
#define UNPARK_REPORT_PAGE(object)                                                                 \
  (G_TYPE_CHECK_INSTANCE_CAST((object), UNPARK_TYPE_REPORT_PAGE, UnparkReportPage))

typedef struct {
  UnparkPage page;

  gpointer report; /* NULL: not read yet */
  GListStore *items;
  GtkFilter *filter;
  GtkSelectionModel *selection; /* of UnparkProfileItem, whose data is the report */
  /*< private >*/
  guint8 *matches; /* by entry; NULL: all */
  UnparkWorker searching;
} UnparkReportPage;

/* A report is immutable and reference-counted. */
typedef struct {
  UnparkPageClass parent_class;

  /* Any thread. */
  gpointer (*read)(UnparkStore *store, GCancellable *cancellable, GError **error);
  guint8 *(*match)(gpointer report, const char *text, GCancellable *cancellable, GError **error);
  gpointer (*ref)(gpointer report);
  GDestroyNotify unref;
  guint (*count)(gpointer report);
  /* The report is another one than before; may be NULL. */
  void (*fit)(UnparkReportPage *self);
  /* Tells of the report of which `shown` entries pass the search: facts, and a sentence if
   * there are none. */
  void (*tell)(UnparkReportPage *self, guint shown);
  /* Shows the details of an entry; `report` NULL: of none. */
  void (*select)(UnparkReportPage *self, gpointer report, guint entry);
  /* Any thread. The report as a file, whose name chooses the form. Free with g_free(). */
  char *(*text)(gpointer report, const char *name);
  const char *save_title; /* of the question for the file; translatable */
  const char *save_name;  /* that it proposes */
} UnparkReportPageClass;

GType unpark_report_page_get_type(void);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnparkReportPage, g_object_unref)

/* The entries that pass the search, sorted by the columns of the view if it is not NULL, become
 * the model of `selection`. For init. */
void unpark_report_page_fill(UnparkReportPage *self, GtkColumnView *view);
