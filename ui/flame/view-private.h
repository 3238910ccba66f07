/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the flame graph view share; nobody else includes this. */
#pragma once

#include <adwaita.h>

#include "ui/flame/base.h"
#include "ui/flame/graph.h"
#include "ui/flame/query.h"
#include "ui/flame/table.h"
#include "model/base/tables.h"

#define UNPARK_TYPE_FLAME_VIEW (unpark_flame_view_get_type())
G_DECLARE_FINAL_TYPE(UnparkFlameView, unpark_flame_view, UNPARK, FLAME_VIEW, GtkWidget)

struct _UnparkFlameView {
  GtkWidget parent_instance;

  UnparkSession *session;

  /* What is wanted. The parts of `query.side` that follow the session are filled in for each
   * run. */
  UnparkFlameQuery query;
  gboolean follow_time; /* the selected time; else the whole */
  UnparkFlameWho who;
  gboolean no_system;
  UnparkFlameColouring colouring;
  gboolean upwards;
  UnparkFlameBase *base_file; /* NULL: the base is another part of this file, or there is none */

  /* What the store has. */
  GPtrArray *offers; /* UnparkFlameOffer */
  char **label_keys;
  UnparkStore *offers_of;

  /* What is shown, and what is being made. */
  UnparkFlameResult *result;
  char *scope_text, *hint; /* of the result's scope; why it is not the wanted one */
  GCancellable *offering, *loading, *searching, *opening, *copying;
  guint busy_source;
  gboolean filling; /* widgets are set by us */
  gboolean stale; /* what is shown is not what is wanted: nobody looked, or the filter still runs */

  GtkWidget *toasts, *sources, *times, *whos, *task, *search, *regex, *options, *compare;
  GtkWidget *compare_stop, *scale, *chips, *crumbs, *summary, *spinner, *stop;
  GtkWidget *pages, *empty, *empty_button, *paned, *table, *table_button;
  GtkWidget *halves, *graph, *callers, *callers_box, *legend, *status;
  UnparkFlameGraph *active; /* of both, the one used last */
  GtkWidget *choices[8];    /* of the options */
  GtkWidget *label_choice;
};

/* view.c */
/* Makes the graph anew; what was being made is dropped. */
void unpark_flame_view_reload(UnparkFlameView *self);
void unpark_flame_view_apply_colours(UnparkFlameView *self);
void unpark_flame_view_tell(UnparkFlameView *self, const char *text);
gboolean unpark_flame_view_has_patterns(UnparkFlameView *self);

/* view-scope.c: from the session to the query's side; what it is, in words. */
void unpark_flame_view_fill_side(UnparkFlameView *self, UnparkFlameSide *side);
/* Free with g_free(); *hint: NULL, or why it is not what was chosen. */
char *unpark_flame_view_scope_text(UnparkFlameView *self, char **hint);

/* view-task.c: a row of the table of tasks is picked; its number goes to the entry, soon. */
void unpark_flame_view_take_task(UnparkFlameView *self);

/* view-bar.c */
GtkWidget *unpark_flame_view_make_bar(UnparkFlameView *self);
void unpark_flame_view_fill_sources(UnparkFlameView *self);

/* view-options.c */
GtkWidget *unpark_flame_view_make_options(UnparkFlameView *self);
GtkWidget *unpark_flame_view_make_compare(UnparkFlameView *self);
/* After the store or its source changed: what cannot be chosen is not shown. */
void unpark_flame_view_update_options(UnparkFlameView *self);
void unpark_flame_view_set_base(UnparkFlameView *self, UnparkFlameBase *file, gboolean this_scope);

/* view-filters.c */
GtkWidget *unpark_flame_view_make_filter_button(UnparkFlameView *self);
void unpark_flame_view_update_chips(UnparkFlameView *self);
/* NULL or "": none. */
void unpark_flame_view_set_pattern(UnparkFlameView *self, guint kind, const char *pattern);
/* One more, beside those there are. */
void unpark_flame_view_add_pattern(UnparkFlameView *self, guint kind, const char *pattern);
void unpark_flame_view_clear_patterns(UnparkFlameView *self);

/* view-crumbs.c */
void unpark_flame_view_update_crumbs(UnparkFlameView *self);

/* view-search.c */
void unpark_flame_view_search(UnparkFlameView *self);
void unpark_flame_view_stop_search(UnparkFlameView *self);
void unpark_flame_view_update_summary(UnparkFlameView *self, const char *found);

/* view-actions.c */
void unpark_flame_view_install_actions(GtkWidgetClass *class);
GMenuModel *unpark_flame_view_menu(void);
void unpark_flame_view_set_sandwich(UnparkFlameView *self, const char *function);

/* export.c: the dialog. */
void unpark_flame_export_show(UnparkFlameView *self);
