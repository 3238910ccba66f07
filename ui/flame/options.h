/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person chose of a flame graph: plain data, without widgets and without work. Main thread
 * only. */
#pragma once

#include "ui/flame/query.h"

typedef struct {
  UnparkFlameQuery query; /* `side` is filled in for each run, from the session */
  gboolean follow_time;   /* the selected time; else the whole */
  UnparkFlameWho who;
  gint64 task; /* UNPARK_NONE: no number is entered */
  gboolean no_system;
  UnparkFlameColouring colouring;
  gboolean upwards;
  char *base_name; /* of the file to compare with; NULL: another part of this one, or nothing */
} UnparkFlameOptions;

/* As they were left, by the settings. */
void unpark_flame_options_init(UnparkFlameOptions *options);
void unpark_flame_options_clear(UnparkFlameOptions *options);

void unpark_flame_options_set_source(UnparkFlameOptions *options, const UnparkFlameOffer *offer);
/* NULL: whole stacks. */
void unpark_flame_options_set_function(UnparkFlameOptions *options, const char *function);
/* One more, beside those there are. */
void unpark_flame_options_add_pattern(UnparkFlameOptions *options, guint kind, const char *pattern);
/* NULL or "": none. */
void unpark_flame_options_set_pattern(UnparkFlameOptions *options, guint kind, const char *pattern);
void unpark_flame_options_clear_patterns(UnparkFlameOptions *options);
gboolean unpark_flame_options_has_patterns(const UnparkFlameOptions *options);

/* What the graph is compared with. `file` is another file's; `this_scope`: what is shown now;
 * neither: nothing. `keeper` lives as long as `file` is used. */
void unpark_flame_options_set_base(UnparkFlameOptions *options, UnparkSession *session,
                                   UnparkStore *file, GObject *keeper, const char *name,
                                   gboolean this_scope);

/* Of which part of the trace the graph is: from what is selected, picked and filtered. */
void unpark_flame_options_fill_side(const UnparkFlameOptions *options, UnparkSession *session,
                                    UnparkFlameSide *side);
/* The same in words; free with g_free(). *hint: NULL, or why it is not what was chosen. */
char *unpark_flame_options_describe(const UnparkFlameOptions *options, UnparkSession *session,
                                    char **hint);
