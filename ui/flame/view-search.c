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

static void search_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  Request *r = data;
  Found *found = g_new0(Found, 1);
  GError *error = NULL;
  if (unpark_flame_search(r->result->flame, r->pattern, r->regex, &found->flame, &error) &&
      (!r->result->callers ||
       unpark_flame_search(r->result->callers, r->pattern, r->regex, &found->callers, &error)) &&
      unpark_flame_search(r->result->whole, r->pattern, r->regex, &found->whole, &error)) {
    g_task_return_pointer(task, found, found_free);
  } else {
    found_free(found);
    g_task_return_error(task, error);
  }
}

static void show(UnparkFlameView *self, Found *found) {
  const UnparkFlame *flame = self->result->flame;
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
  if (self->result->callers)
    unpark_flame_graph_set_matches(UNPARK_FLAME_GRAPH(self->callers), &found->callers);
  unpark_flame_view_update_summary(self, text);
}

static void on_found(GObject *source, GAsyncResult *result, gpointer data) {
  UnparkFlameView *self = UNPARK_FLAME_VIEW(source);
  Request *request = g_task_get_task_data(G_TASK(result));
  g_autoptr(GError) error = NULL;
  Found *found = g_task_propagate_pointer(G_TASK(result), &error);
  gboolean newest = self->toasts && g_task_get_cancellable(G_TASK(result)) == self->searching &&
                    request->result == self->result;
  if (newest && found)
    show(self, found);
  else if (newest && !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    unpark_flame_view_update_summary(self, _("invalid regular expression"));
  g_clear_pointer(&found, found_free);
}

void unpark_flame_view_search(UnparkFlameView *self) {
  const char *text = gtk_editable_get_text(GTK_EDITABLE(self->search));
  g_cancellable_cancel(self->searching);
  g_clear_object(&self->searching);
  if (!self->result)
    return;
  if (!*text) {
    unpark_flame_graph_set_matches(UNPARK_FLAME_GRAPH(self->graph), NULL);
    unpark_flame_graph_set_matches(UNPARK_FLAME_GRAPH(self->callers), NULL);
    unpark_flame_table_set_matches(UNPARK_FLAME_TABLE(self->table), NULL);
    unpark_flame_view_update_summary(self, NULL);
    return;
  }
  Request *request = g_new0(Request, 1);
  request->result = unpark_flame_result_ref(self->result);
  request->pattern = g_strdup(text);
  request->regex = gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(self->regex));
  self->searching = g_cancellable_new();
  g_autoptr(GTask) task = g_task_new(self, self->searching, on_found, NULL);
  g_task_set_task_data(task, request, request_free);
  g_task_run_in_thread(task, search_thread);
}

void unpark_flame_view_stop_search(UnparkFlameView *self) {
  gtk_editable_set_text(GTK_EDITABLE(self->search), "");
  gtk_widget_grab_focus(GTK_WIDGET(self->active));
}

/* What is shown, of how much; and what was found. `found` NULL: nothing is looked for, or it is
 * being looked for again. */
void unpark_flame_view_update_summary(UnparkFlameView *self, const char *found) {
  const UnparkFlame *flame = self->result ? self->result->flame : NULL;
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
  if (self->scope_text && *self->scope_text)
    g_string_append_printf(text, "%s%s", text->len > 0 ? " · " : "", self->scope_text);
  if (self->hint)
    g_string_append_printf(text, " · %s", self->hint);
  if (found)
    g_string_append_printf(text, " · %s", found);
  gtk_label_set_text(GTK_LABEL(self->summary), text->str);
  gtk_widget_set_tooltip_text(self->summary, text->str);
  g_string_free(text, TRUE);
}
