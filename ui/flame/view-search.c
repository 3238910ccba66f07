/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Search: in a worker, marked in the graphs and in the table, with the share it covers. */
#include <glib/gi18n.h>

#include "ui/flame/view-private.h"

typedef struct {
  UnparkFlameResult *result;
  char *pattern;
  gboolean regex;
} Request;

/* In each tree of the result. */
typedef struct {
  UnparkFlameMatches flame, callers, whole;
} Found;

static void request_free(gpointer data) {
  Request *request = data;
  unpark_flame_result_unref(request->result);
  g_free(request->pattern);
  g_free(request);
}

static void found_free(gpointer data) {
  Found *found = data;
  unpark_flame_matches_clear(&found->flame);
  unpark_flame_matches_clear(&found->callers);
  unpark_flame_matches_clear(&found->whole);
  g_free(found);
}

static gpointer search(gpointer data, GCancellable *cancellable, GError **error) {
  const Request *r = data;
  const UnparkFlameResult *result = r->result;
  Found *found = g_new0(Found, 1);
  if (!unpark_flame_search(result->flame, r->pattern, r->regex, &found->flame, error) ||
      (result->callers &&
       !unpark_flame_search(result->callers, r->pattern, r->regex, &found->callers, error)) ||
      !unpark_flame_search(result->whole, r->pattern, r->regex, &found->whole, error))
    g_clear_pointer(&found, found_free);
  return found;
}

static void show(UnparkFlameView *self, Found *found) {
  const UnparkFlame *flame = self->job.result->flame;
  char count[UNPARK_FLAME_TEXT_SIZE], share[UNPARK_FLAME_TEXT_SIZE], value[UNPARK_FLAME_TEXT_SIZE];
  unpark_flame_format((gint64)found->flame.n_frames, "count", count);
  unpark_flame_format(found->flame.total, flame->unit, value);
  unpark_flame_format_share(found->flame.total, flame->nodes[0].total, share);
  g_autofree char *text =
      found->flame.n_frames == 0
          ? g_strdup(_("nothing found"))
          : g_strdup_printf(ngettext("%s frame found, %s (%s)", "%s frames found, %s (%s)",
                                     (gulong)found->flame.n_frames),
                            count, value, share);
  unpark_flame_table_set_matches(UNPARK_FLAME_TABLE(self->table), found->whole.names);
  unpark_flame_graph_set_matches(UNPARK_FLAME_GRAPH(self->graph), &found->flame);
  if (self->job.result->callers)
    unpark_flame_graph_set_matches(UNPARK_FLAME_GRAPH(self->callers), &found->callers);
  unpark_flame_view_update_summary(self, text);
}

static void on_found(gpointer owner, gpointer data, gpointer result, const GError *error) {
  UnparkFlameView *self = owner;
  const Request *request = data;
  Found *found = result;
  if (found && request->result == self->job.result)
    show(self, found);
  else if (error)
    unpark_flame_view_update_summary(self, _("invalid regular expression"));
  g_clear_pointer(&found, found_free);
}

void unpark_flame_view_search(UnparkFlameView *self) {
  static const UnparkWork work = {search, on_found, request_free, found_free};
  const char *text = gtk_editable_get_text(GTK_EDITABLE(self->bar.search));
  unpark_worker_cancel(&self->job.searching);
  if (!self->job.result)
    return;
  if (!*text) {
    unpark_flame_graph_set_matches(UNPARK_FLAME_GRAPH(self->graph), NULL);
    unpark_flame_graph_set_matches(UNPARK_FLAME_GRAPH(self->callers), NULL);
    unpark_flame_table_set_matches(UNPARK_FLAME_TABLE(self->table), NULL);
    unpark_flame_view_update_summary(self, NULL);
    return;
  }
  Request *request = g_new0(Request, 1);
  request->result = unpark_flame_result_ref(self->job.result);
  request->pattern = g_strdup(text);
  request->regex = gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(self->bar.regex));
  unpark_worker_run(&self->job.searching, self, &work, request);
}

void unpark_flame_view_stop_search(UnparkFlameView *self) {
  gtk_editable_set_text(GTK_EDITABLE(self->bar.search), "");
  gtk_widget_grab_focus(GTK_WIDGET(self->active));
}

/* What is shown, of how much; and what was found. `found` NULL: nothing is looked for, or it is
 * being looked for again. */
void unpark_flame_view_update_summary(UnparkFlameView *self, const char *found) {
  const UnparkFlame *flame = self->job.result ? self->job.result->flame : NULL;
  char total[UNPARK_FLAME_TEXT_SIZE], all[UNPARK_FLAME_TEXT_SIZE], share[UNPARK_FLAME_TEXT_SIZE];
  GString *text = g_string_new(NULL);
  if (flame && flame->has_base) {
    unpark_flame_format(flame->nodes[0].total, flame->unit, total);
    unpark_flame_format(flame->nodes[0].base_total, flame->unit, all);
    g_string_append_printf(text, _("%s now, %s before"), total, all);
  } else if (flame && flame->source_total != flame->nodes[0].total) {
    unpark_flame_format(flame->nodes[0].total, flame->unit, total);
    unpark_flame_format(flame->source_total, flame->unit, all);
    unpark_flame_format_share(flame->nodes[0].total, flame->source_total, share);
    g_string_append_printf(text, _("%s of %s (%s)"), total, all, share);
  } else if (flame) {
    g_string_append(text, unpark_flame_format(flame->nodes[0].total, flame->unit, total));
  }
  if (self->job.scope_text && *self->job.scope_text)
    g_string_append_printf(text, "%s%s", text->len > 0 ? " · " : "", self->job.scope_text);
  if (self->job.result && self->job.result->callers && self->job.result->callers->max_depth < 2)
    g_string_append_printf(text, " · %s", _("nothing calls it: its stacks start here"));
  if (self->job.hint)
    g_string_append_printf(text, " · %s", self->job.hint);
  if (found)
    g_string_append_printf(text, " · %s", found);
  gtk_label_set_text(GTK_LABEL(self->summary), text->str);
  gtk_widget_set_tooltip_text(self->summary, text->str);
  g_string_free(text, TRUE);
}
