/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/flame/options.h"

#include <glib/gi18n.h>

#include "ui/kit/settings.h"
#include "ui/text/format.h"

/* ---- Choices ----------------------------------------------------------------------------- */

static UnparkFlameColouring usual_colouring(void) {
  int colour = unpark_settings_get_int("flame.colour", UNPARK_FLAME_COLOUR_KIND);
  return (UnparkFlameColouring)CLAMP(colour, 0, UNPARK_FLAME_COLOUR_KIND);
}

void unpark_flame_options_init(UnparkFlameOptions *options) {
  *options = (UnparkFlameOptions){.follow_time = TRUE,
                                  .who = UNPARK_FLAME_WHO_FILTER,
                                  .task = UNPARK_NONE,
                                  .no_system = TRUE,
                                  .colouring = usual_colouring(),
                                  .upwards = unpark_settings_get_bool("flame.upwards", FALSE)};
}

void unpark_flame_options_clear(UnparkFlameOptions *options) {
  unpark_flame_query_clear(&options->query);
  g_clear_pointer(&options->base_name, g_free);
}

void unpark_flame_options_set_source(UnparkFlameOptions *options, const UnparkFlameOffer *offer) {
  g_free(options->query.source);
  g_free(options->query.source_name);
  options->query.source = g_strdup(offer->title);
  options->query.source_name = g_strdup(offer->name);
}

void unpark_flame_options_set_function(UnparkFlameOptions *options, const char *function) {
  char *copy = g_strdup(function);
  g_free(options->query.function);
  options->query.function = copy;
}

void unpark_flame_options_set_pattern(UnparkFlameOptions *options, guint kind,
                                      const char *pattern) {
  char *copy = pattern && *pattern ? g_strdup(pattern) : NULL;
  g_free(options->query.patterns[kind]);
  options->query.patterns[kind] = copy;
}

/* What is left out can be several things; what is looked at is one. */
void unpark_flame_options_add_pattern(UnparkFlameOptions *options, guint kind,
                                      const char *pattern) {
  const char *old = options->query.patterns[kind];
  gboolean joins = kind == UNPARK_FLAME_IGNORE || kind == UNPARK_FLAME_HIDE;
  g_autofree char *both = joins && old ? g_strdup_printf("%s|%s", old, pattern) : g_strdup(pattern);
  unpark_flame_options_set_pattern(options, kind, both);
}

void unpark_flame_options_clear_patterns(UnparkFlameOptions *options) {
  for (guint i = 0; i < UNPARK_FLAME_N_PATTERNS; i++)
    unpark_flame_options_set_pattern(options, i, NULL);
}

gboolean unpark_flame_options_has_patterns(const UnparkFlameOptions *options) {
  for (guint i = 0; i < UNPARK_FLAME_N_PATTERNS; i++)
    if (options->query.patterns[i])
      return TRUE;
  return FALSE;
}

void unpark_flame_options_set_base(UnparkFlameOptions *options, UnparkSession *session,
                                   UnparkStore *file, GObject *keeper, const char *name,
                                   gboolean this_scope) {
  UnparkFlameSide *base = &options->query.base;
  gboolean had = options->query.has_base;
  unpark_flame_side_clear(base);
  g_free(options->base_name);
  options->base_name = g_strdup(name);
  options->query.has_base = file || this_scope;
  if (this_scope)
    unpark_flame_options_fill_side(options, session, base);
  if (file)
    *base = (UnparkFlameSide){.store = unpark_store_ref(file),
                              .keeper = g_object_ref(keeper),
                              .from_ns = G_MININT64 + 1,
                              .to_ns = G_MAXINT64,
                              .task = UNPARK_NONE,
                              .no_system = options->no_system};
  if (options->query.has_base)
    options->colouring = UNPARK_FLAME_COLOUR_CHANGE;
  else if (had)
    options->colouring = usual_colouring();
}

/* ---- The part of the trace --------------------------------------------------------------- */

/* The goroutine or group that is picked; FALSE: none. */
static gboolean picked(UnparkSession *session, gint64 *goroutine, guint32 *name_id) {
  const UnparkPick *pick = unpark_session_get_pick(session);
  *goroutine = UNPARK_NONE;
  *name_id = 0;
  if (pick->type == UNPARK_PICK_GROUP)
    *name_id = (guint32)pick->id;
  else if (pick->type == UNPARK_PICK_GOROUTINE || pick->type == UNPARK_PICK_SPAN)
    *goroutine = pick->id;
  return *name_id != 0 || *goroutine != UNPARK_NONE;
}

/* What can be done: the chosen one, or the filter's where nothing is picked. */
static UnparkFlameWho possible(const UnparkFlameOptions *options, UnparkSession *session) {
  gint64 id;
  guint32 name_id;
  gboolean any = picked(session, &id, &name_id);
  switch (options->who) {
  case UNPARK_FLAME_WHO_GOROUTINE:
    return any && id != UNPARK_NONE ? options->who
           : any                    ? UNPARK_FLAME_WHO_ENTRY
                                    : UNPARK_FLAME_WHO_FILTER;
  case UNPARK_FLAME_WHO_ENTRY:
    return any ? options->who : UNPARK_FLAME_WHO_FILTER;
  case UNPARK_FLAME_WHO_TASK:
    return options->task != UNPARK_NONE ? options->who : UNPARK_FLAME_WHO_FILTER;
  case UNPARK_FLAME_WHO_ALL:
  case UNPARK_FLAME_WHO_FILTER:
  case UNPARK_FLAME_N_WHO:
  default:
    return options->who;
  }
}

void unpark_flame_options_fill_side(const UnparkFlameOptions *options, UnparkSession *session,
                                    UnparkFlameSide *side) {
  UnparkFilterResult *filtered = unpark_session_get_filtered(session);
  gint64 from = 0, to = 0;
  unpark_flame_side_clear(side);
  *side = (UnparkFlameSide){.store = unpark_store_ref(unpark_session_get_store(session)),
                            .from_ns = G_MININT64 + 1,
                            .to_ns = G_MAXINT64,
                            .who = possible(options, session),
                            .task = options->task,
                            .no_system = options->no_system};
  if (options->follow_time && unpark_session_get_selected_time(session, &from, &to)) {
    side->from_ns = from;
    side->to_ns = to;
  }
  picked(session, &side->goroutine, &side->name_id);
  side->filtered = filtered ? unpark_filter_result_ref(filtered) : NULL;
}

static void append_who(const UnparkFlameOptions *options, UnparkSession *session, GString *text,
                       char **hint) {
  gint64 id;
  guint32 name_id;
  UnparkFlameWho who = possible(options, session);
  picked(session, &id, &name_id);
  if (who != options->who && options->who == UNPARK_FLAME_WHO_TASK)
    *hint = g_strdup(_("Enter a task number, or select a task."));
  else if (who != options->who && who == UNPARK_FLAME_WHO_FILTER)
    *hint = g_strdup(_("Nothing is selected on the timeline: all goroutines are shown."));
  if (who == UNPARK_FLAME_WHO_GOROUTINE)
    g_string_append_printf(text, " · G %" G_GINT64_FORMAT, id);
  else if (who == UNPARK_FLAME_WHO_ENTRY)
    g_string_append_printf(text, " · %s", _("same start function"));
  else if (who == UNPARK_FLAME_WHO_TASK)
    g_string_append_printf(text, " · %s", _("one task"));
  else if (who == UNPARK_FLAME_WHO_FILTER && *unpark_session_get_filter(session))
    g_string_append_printf(text, " · %s", unpark_session_get_filter(session));
}

char *unpark_flame_options_describe(const UnparkFlameOptions *options, UnparkSession *session,
                                    char **hint) {
  GString *text = g_string_new(NULL);
  gint64 from = 0, to = 0;
  *hint = NULL;
  if (unpark_store_source(unpark_session_get_store(session))->kind != UNPARK_SOURCE_TRACE)
    return g_string_free(text, FALSE);
  if (options->follow_time && unpark_session_get_selected_time(session, &from, &to)) {
    char start[UNPARK_FORMAT_SIZE], length[UNPARK_FORMAT_SIZE];
    unpark_format_time(from, MAX((to - from) / 100, 1), start);
    unpark_format_duration(to - from, length);
    /* Translators: a length of time and where it begins: "120 ms from 1.203 s" */
    g_string_append_printf(text, _("%s from %s"), length, start);
  } else {
    g_string_append(text, _("whole trace"));
  }
  append_who(options, session, text, hint);
  return g_string_free(text, FALSE);
}
