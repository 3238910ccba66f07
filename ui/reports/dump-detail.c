/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/reports/dump-detail.h"

#include <glib/gi18n.h>

#include "ui/reports/dump-stack.h"
#include "ui/reports/dump-words.h"
#include "ui/text/format.h"
#include "ui/kit/palette.h"
#include "ui/kit/profile-bar.h"
#include "ui/kit/worker.h"

/* More goroutines of one group than a person reads; the copied text has all. */
#define MAX_MEMBERS 300
/* Different places that created goroutines of one group. */
#define MAX_CREATORS 8

typedef struct {
  guint32 stack; /* that created them */
  gint64 count;
  UnparkDumpStack frames;
} Creator;

typedef struct {
  UnparkDumpGroups *groups;
  guint32 group;
  UnparkDumpStack stack;
  Creator creators[MAX_CREATORS]; /* most frequent first */
  guint n_creators;
  guint n_more_creators;
} Detail;

struct _UnparkDumpDetail {
  GtkWidget parent_instance;
  GtkWidget *scrolled, *box;
  UnparkWorker reading;
  Detail *detail; /* what is shown */
};

G_DEFINE_FINAL_TYPE(UnparkDumpDetail, unpark_dump_detail, GTK_TYPE_WIDGET)

static void detail_free(gpointer data) {
  Detail *detail = data;
  if (!detail)
    return;
  unpark_dump_stack_clear(&detail->stack);
  for (guint i = 0; i < detail->n_creators; i++)
    unpark_dump_stack_clear(&detail->creators[i].frames);
  unpark_dump_groups_unref(detail->groups);
  g_free(detail);
}

/* ---- Worker ------------------------------------------------------------------------------- */

static int compare_creators(const void *a, const void *b) {
  const Creator *x = a, *y = b;
  return x->count != y->count ? (x->count > y->count ? -1 : 1)
                              : (x->stack > y->stack) - (x->stack < y->stack);
}

static void read_creators(Detail *detail) {
  const UnparkDumpGroup *group = &detail->groups->groups[detail->group];
  g_autoptr(GArray) all = g_array_new(FALSE, TRUE, sizeof(Creator));
  g_autoptr(GHashTable) known = g_hash_table_new(NULL, NULL);
  for (guint i = 0; i < group->n; i++) {
    const UnparkDumpMember *member = &detail->groups->members[group->first + i];
    gpointer key = GUINT_TO_POINTER(member->create_stack);
    guint at = GPOINTER_TO_UINT(g_hash_table_lookup(known, key));
    if (member->create_stack == 0)
      continue;
    if (at == 0) {
      Creator fresh = {.stack = member->create_stack};
      g_array_append_val(all, fresh);
      at = all->len;
      g_hash_table_insert(known, key, GUINT_TO_POINTER(at));
    }
    g_array_index(all, Creator, at - 1).count += member->count;
  }
  g_array_sort(all, compare_creators);
  detail->n_creators = MIN(all->len, MAX_CREATORS);
  detail->n_more_creators = all->len - detail->n_creators;
  for (guint i = 0; i < detail->n_creators; i++) {
    detail->creators[i] = g_array_index(all, Creator, i);
    unpark_dump_stack_read(&detail->creators[i].frames, detail->groups->store,
                           detail->creators[i].stack);
  }
}

static gpointer read_detail(gpointer data, GCancellable *cancellable, GError **error) {
  const Detail *request = data;
  Detail *detail = g_new0(Detail, 1);
  detail->groups = unpark_dump_groups_ref(request->groups);
  detail->group = request->group;
  unpark_dump_stack_read(&detail->stack, detail->groups->store,
                         detail->groups->groups[detail->group].stack);
  read_creators(detail);
  return detail;
}

/* ---- Widgets ---------------------------------------------------------------------------- */

static void add_heading(UnparkDumpDetail *self, const char *text) {
  GtkWidget *label = unpark_dump_label(text, "heading");
  gtk_widget_set_margin_top(label, 12);
  gtk_box_append(GTK_BOX(self->box), label);
}

static void add_title(UnparkDumpDetail *self, const UnparkDumpGroup *group) {
  GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *swatch = unpark_profile_bar_new(), *copy = gtk_button_new();
  g_autofree char *title = unpark_dump_title(group);
  GtkWidget *label = unpark_dump_label(title, "unpark-sentence");
  unpark_profile_bar_set_class(UNPARK_PROFILE_BAR(swatch),
                               unpark_class_of(group->kind, group->wait));
  gtk_button_set_icon_name(GTK_BUTTON(copy), "edit-copy-symbolic");
  gtk_widget_set_tooltip_text(copy, _("Copy the group as text"));
  gtk_widget_add_css_class(copy, "flat");
  gtk_widget_set_valign(copy, GTK_ALIGN_START);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(copy), "detail.copy");
  gtk_widget_set_hexpand(label, TRUE);
  gtk_box_append(GTK_BOX(row), swatch);
  gtk_box_append(GTK_BOX(row), label);
  gtk_box_append(GTK_BOX(row), copy);
  gtk_box_append(GTK_BOX(self->box), row);
  if (unpark_dump_is_leak(group)) {
    GtkWidget *leak = unpark_dump_label(ngettext("A leak for certain: nothing can wake it.",
                                                 "A leak for certain: nothing can wake them.",
                                                 (gulong)group->count),
                                        "error");
    gtk_box_append(GTK_BOX(self->box), leak);
  }
  if (group->wait_minutes != UNPARK_NONE && group->wait_minutes > 0) {
    g_autofree char *wait = unpark_dump_wait(group->wait_minutes);
    g_autofree char *text = group->count > 1 ? g_strdup_printf(_("waiting for up to %s"), wait)
                                             : g_strdup_printf(_("waiting for %s"), wait);
    gtk_box_append(GTK_BOX(self->box), unpark_dump_label(text, NULL));
  }
}

static void add_creators(UnparkDumpDetail *self, const Detail *detail) {
  char count[UNPARK_FORMAT_SIZE];
  if (detail->n_creators == 0)
    return;
  add_heading(self, _("Created at"));
  for (guint i = 0; i < detail->n_creators; i++) {
    const Creator *creator = &detail->creators[i];
    unpark_format_count(creator->count, count);
    g_autofree char *text =
        g_strdup_printf(ngettext("%s goroutine:", "%s goroutines:", (gulong)creator->count), count);
    if (detail->n_creators > 1)
      gtk_box_append(GTK_BOX(self->box), unpark_dump_label(text, "dim-label"));
    unpark_dump_stack_show(&creator->frames, GTK_BOX(self->box));
  }
  if (detail->n_more_creators > 0) {
    g_autofree char *more = g_strdup_printf(
        ngettext("and %u other place", "and %u other places", detail->n_more_creators),
        detail->n_more_creators);
    gtk_box_append(GTK_BOX(self->box), unpark_dump_label(more, "dim-label"));
  }
}

static void add_members(UnparkDumpDetail *self, const Detail *detail) {
  const UnparkDumpGroup *group = &detail->groups->groups[detail->group];
  g_autoptr(GString) lines = g_string_new(NULL);
  guint shown = MIN(group->n, MAX_MEMBERS);
  add_heading(self, ngettext("Goroutine", "Goroutines", (gulong)group->count));
  const UnparkDumpMember *members = &detail->groups->members[group->first];
  g_autofree char *common = unpark_dump_common_text(members, group->n);
  g_autofree char *numbers = unpark_dump_numbers(members, shown);
  if (*common) {
    g_autofree char *each = g_strdup_printf(_("each %s"), common);
    gtk_box_append(GTK_BOX(self->box), unpark_dump_label(each, "dim-label"));
  }
  g_string_append(lines, numbers ? numbers : "");
  for (guint i = 0; i < shown && !numbers; i++) {
    g_autofree char *line = unpark_dump_member_text(&members[i]);
    g_string_append_printf(lines, "%s%s", i > 0 ? "\n" : "", line);
  }
  if (group->n > shown)
    g_string_append_printf(lines, ngettext("\nand %u more", "\nand %u more", group->n - shown),
                           group->n - shown);
  GtkWidget *label = unpark_dump_label(lines->str, "numeric");
  gtk_box_append(GTK_BOX(self->box), label);
}

static void show_detail(UnparkDumpDetail *self) {
  const UnparkDumpGroup *group = &self->detail->groups->groups[self->detail->group];
  unpark_dump_box_clear(GTK_BOX(self->box));
  add_title(self, group);
  add_heading(self, _("Stack"));
  unpark_dump_stack_show(&self->detail->stack, GTK_BOX(self->box));
  add_creators(self, self->detail);
  add_members(self, self->detail);
  gtk_adjustment_set_value(gtk_scrolled_window_get_vadjustment(GTK_SCROLLED_WINDOW(self->scrolled)),
                           0);
}

static void on_detail(gpointer owner, gpointer data, gpointer result, const GError *error) {
  UnparkDumpDetail *self = owner;
  detail_free(self->detail);
  self->detail = result;
  show_detail(self);
}

void unpark_dump_detail_show(UnparkDumpDetail *self, UnparkDumpGroups *groups, guint32 group) {
  static const UnparkWork reading = {read_detail, on_detail, detail_free, detail_free};
  unpark_worker_cancel(&self->reading);
  if (!groups || group >= groups->n_groups) {
    g_clear_pointer(&self->detail, detail_free);
    unpark_dump_box_clear(GTK_BOX(self->box));
    gtk_box_append(GTK_BOX(self->box),
                   unpark_dump_label(_("Select a group to see its stack."), "dim-label"));
    return;
  }
  Detail *request = g_new0(Detail, 1);
  request->groups = unpark_dump_groups_ref(groups);
  request->group = group;
  unpark_worker_run(&self->reading, self, &reading, request);
}

char *unpark_dump_detail_text(UnparkDumpDetail *self) {
  const Detail *detail = self->detail;
  if (!detail)
    return NULL;
  const UnparkDumpGroup *group = &detail->groups->groups[detail->group];
  GString *out = g_string_new(NULL);
  g_autofree char *title = unpark_dump_title(group);
  g_string_append_printf(out, "%s\n\n", title);
  unpark_dump_stack_append(&detail->stack, out);
  for (guint i = 0; i < detail->n_creators; i++) {
    g_string_append_printf(out, "\n%s\n", _("Created at"));
    unpark_dump_stack_append(&detail->creators[i].frames, out);
  }
  g_string_append_c(out, '\n');
  for (guint i = 0; i < group->n; i++) {
    g_autofree char *line = unpark_dump_member_text(&detail->groups->members[group->first + i]);
    g_string_append_printf(out, "%s\n", line);
  }
  return g_string_free(out, FALSE);
}

static void on_copy(GtkWidget *widget, const char *name, GVariant *parameter) {
  g_autofree char *text = unpark_dump_detail_text(UNPARK_DUMP_DETAIL(widget));
  if (text)
    gtk_widget_activate_action(widget, "win.copy", "s", text);
}

static void unpark_dump_detail_dispose(GObject *object) {
  UnparkDumpDetail *self = UNPARK_DUMP_DETAIL(object);
  unpark_worker_cancel(&self->reading);
  g_clear_pointer(&self->scrolled, gtk_widget_unparent);
  g_clear_pointer(&self->detail, detail_free);
  G_OBJECT_CLASS(unpark_dump_detail_parent_class)->dispose(object);
}

static void unpark_dump_detail_class_init(UnparkDumpDetailClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = unpark_dump_detail_dispose;
  gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action(widget_class, "detail.copy", NULL, on_copy);
}

static void unpark_dump_detail_init(UnparkDumpDetail *self) {
  self->scrolled = gtk_scrolled_window_new();
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  g_object_set(self->box, "margin-start", 12, "margin-end", 12, "margin-top", 6, "margin-bottom",
               12, NULL);
  gtk_widget_add_css_class(self->scrolled, "unpark-inspector");
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(self->scrolled), GTK_POLICY_NEVER,
                                 GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(self->scrolled), self->box);
  gtk_widget_set_parent(self->scrolled, GTK_WIDGET(self));
  unpark_dump_detail_show(self, NULL, 0);
}

GtkWidget *unpark_dump_detail_new(void) {
  return g_object_new(UNPARK_TYPE_DUMP_DETAIL, NULL);
}
