/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Of which part of the trace the graph is: from what is selected, picked and filtered. */
#include <glib/gi18n.h>

#include "ui/flame/view-private.h"
#include "ui/text/format.h"

/* The goroutine or group that is picked; FALSE: none. */
static gboolean picked(UnparkFlameView *self, gint64 *goroutine, guint32 *name_id) {
  const UnparkPick *pick = unpark_session_get_pick(self->session);
  *goroutine = UNPARK_NONE;
  *name_id = 0;
  if (pick->type == UNPARK_PICK_GROUP)
    *name_id = (guint32)pick->id;
  else if (pick->type == UNPARK_PICK_GOROUTINE || pick->type == UNPARK_PICK_SPAN)
    *goroutine = pick->id;
  return *name_id != 0 || *goroutine != UNPARK_NONE;
}

static gboolean task_number(UnparkFlameView *self, gint64 *task) {
  const char *text = gtk_editable_get_text(GTK_EDITABLE(self->task));
  return g_ascii_string_to_signed(text, 10, 0, G_MAXINT64, task, NULL);
}

/* What can be done: the chosen one, or the filter's where nothing is picked. */
static UnparkFlameWho possible(UnparkFlameView *self) {
  gint64 id;
  guint32 name_id;
  gboolean any = picked(self, &id, &name_id);
  switch (self->who) {
  case UNPARK_FLAME_WHO_GOROUTINE:
    return any && id != UNPARK_NONE ? self->who
           : any                    ? UNPARK_FLAME_WHO_ENTRY
                                    : UNPARK_FLAME_WHO_FILTER;
  case UNPARK_FLAME_WHO_ENTRY:
    return any ? self->who : UNPARK_FLAME_WHO_FILTER;
  case UNPARK_FLAME_WHO_TASK:
    return task_number(self, &id) ? self->who : UNPARK_FLAME_WHO_FILTER;
  case UNPARK_FLAME_WHO_ALL:
  case UNPARK_FLAME_WHO_FILTER:
  case UNPARK_FLAME_N_WHO:
  default:
    return self->who;
  }
}

void unpark_flame_view_fill_side(UnparkFlameView *self, UnparkFlameSide *side) {
  UnparkStore *store = unpark_session_get_store(self->session);
  gint64 from = 0, to = 0;
  unpark_flame_side_clear(side);
  *side = (UnparkFlameSide){.store = unpark_store_ref(store),
                            .from_ns = G_MININT64 + 1,
                            .to_ns = G_MAXINT64,
                            .who = possible(self),
                            .task = UNPARK_NONE,
                            .no_system = self->no_system};
  if (self->follow_time && unpark_session_get_selected_time(self->session, &from, &to)) {
    side->from_ns = from;
    side->to_ns = to;
  }
  picked(self, &side->goroutine, &side->name_id);
  task_number(self, &side->task);
  UnparkFilterResult *filtered = unpark_session_get_filtered(self->session);
  side->filtered = filtered ? unpark_filter_result_ref(filtered) : NULL;
}

static void append_who(UnparkFlameView *self, GString *text, char **hint) {
  gint64 id;
  guint32 name_id;
  UnparkFlameWho who = possible(self);
  picked(self, &id, &name_id);
  if (who != self->who && self->who == UNPARK_FLAME_WHO_TASK)
    *hint = g_strdup(_("Enter a task number, or select a task."));
  else if (who != self->who && who == UNPARK_FLAME_WHO_FILTER)
    *hint = g_strdup(_("Nothing is selected on the timeline: all goroutines are shown."));
  if (who == UNPARK_FLAME_WHO_GOROUTINE)
    g_string_append_printf(text, " · G %" G_GINT64_FORMAT, id);
  else if (who == UNPARK_FLAME_WHO_ENTRY)
    g_string_append_printf(text, " · %s", _("same start function"));
  else if (who == UNPARK_FLAME_WHO_TASK)
    g_string_append_printf(text, " · %s", _("one task"));
  else if (who == UNPARK_FLAME_WHO_FILTER && *unpark_session_get_filter(self->session))
    g_string_append_printf(text, " · %s", unpark_session_get_filter(self->session));
}

char *unpark_flame_view_scope_text(UnparkFlameView *self, char **hint) {
  UnparkStore *store = unpark_session_get_store(self->session);
  GString *text = g_string_new(NULL);
  gint64 from = 0, to = 0;
  *hint = NULL;
  if (unpark_store_source(store)->kind != UNPARK_SOURCE_TRACE)
    return g_string_free(text, FALSE);
  if (self->follow_time && unpark_session_get_selected_time(self->session, &from, &to)) {
    char start[UNPARK_FORMAT_SIZE], length[UNPARK_FORMAT_SIZE];
    unpark_format_time(from, MAX((to - from) / 100, 1), start);
    unpark_format_duration(to - from, length);
    /* Translators: a length of time and where it begins: "120 ms from 1.203 s" */
    g_string_append_printf(text, _("%s from %s"), length, start);
  } else {
    g_string_append(text, _("whole trace"));
  }
  append_who(self, text, hint);
  return g_string_free(text, FALSE);
}
