/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the flame graph view share; nobody else includes this. Options say what is
 * wanted, the job what is made of it, the view what is on screen. */
#pragma once

#include <adwaita.h>

#include "model/base/tables.h"
#include "ui/session/other.h"
#include "ui/flame/graph.h"
#include "ui/flame/job.h"
#include "ui/flame/options.h"
#include "ui/flame/table.h"
#include "ui/page/page.h"

#define UNPARK_TYPE_FLAME_VIEW (unpark_flame_view_get_type())
G_DECLARE_FINAL_TYPE(UnparkFlameView, unpark_flame_view, UNPARK, FLAME_VIEW, UnparkPage)

/* Of the bar. */
typedef struct {
  GtkWidget *sources, *times, *whos, *task, *search, *regex;
  GtkWidget *tree, *in_time, *sandwich; /* one of them is active */
} UnparkFlameBar;

/* Of the menus. */
typedef struct {
  GtkWidget *direction, *colour, *order, *merge, *group, *label;
  GtkWidget *collapse, *count, *system, *idle;
  GtkWidget *compare, *scale, *open_base, *pin, *changes, *compare_stop;
} UnparkFlameChoices;

/* A filter that is added by hand. */
typedef struct {
  GtkWidget *popover, *kind, *pattern, *error;
} UnparkFlameAdder;

struct _UnparkFlameView {
  UnparkPage page;

  UnparkFlameOptions options;
  UnparkFlameJob job;
  gboolean filling; /* widgets are set by us */

  UnparkFlameBar bar;
  UnparkFlameChoices choices;
  UnparkFlameAdder adder;
  GtkWidget *toasts, *chips, *crumbs, *summary, *stop, *empty_button;
  GtkWidget *paned, *table, *table_button, *graph, *callers, *callers_box, *legend, *status;
  UnparkFlameGraph *active; /* of both, the one used last */
};

/* view.c */
/* Makes the graph anew, or when it comes to sight; what was being made is dropped. */
void unpark_flame_view_reload(UnparkFlameView *self);
/* The job's result; `items`: of the table. */
void unpark_flame_view_show_result(UnparkFlameView *self, GPtrArray *items);
void unpark_flame_view_apply_colours(UnparkFlameView *self);
void unpark_flame_view_tell(UnparkFlameView *self, const char *text);

/* job.c */
void unpark_flame_view_load(UnparkPage *page);
void unpark_flame_view_stop(UnparkFlameView *self);

/* view-task.c: a row of the table of tasks is picked; its number goes to the entry, soon. */
void unpark_flame_view_take_task(UnparkFlameView *self);

/* view-bar.c; each bind_ is for class_init, each init_ for init. */
void unpark_flame_view_bind_bar(GtkWidgetClass *class);
void unpark_flame_view_init_bar(UnparkFlameView *self);
void unpark_flame_view_fill_sources(UnparkFlameView *self);
void unpark_flame_view_tell_scope(UnparkFlameView *self);

/* view-arrangement.c */
void unpark_flame_view_bind_arrangement(GtkWidgetClass *class);
/* The button of what is chosen, and whether there is an order in time. */
void unpark_flame_view_update_arrangement(UnparkFlameView *self);

/* view-options.c */
void unpark_flame_view_bind_options(GtkWidgetClass *class);
void unpark_flame_view_init_options(UnparkFlameView *self);
/* After the store or its source changed: what cannot be chosen is not shown. */
void unpark_flame_view_update_options(UnparkFlameView *self);

/* view-compare.c: what the graph is compared with. */
void unpark_flame_view_bind_compare(GtkWidgetClass *class);
void unpark_flame_view_init_compare(UnparkFlameView *self);
/* NULL: nothing. */
void unpark_flame_view_set_base(UnparkFlameView *self, UnparkOther *file, gboolean this_scope);

/* view-filters.c */
void unpark_flame_view_bind_filters(GtkWidgetClass *class);
void unpark_flame_view_init_filters(UnparkFlameView *self);
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
/* Ctrl+C: the frame, or the table that has the keys. */
void unpark_flame_view_copy(UnparkPage *page);

/* export.c: the dialog. */
void unpark_flame_export_show(UnparkFlameView *self);
