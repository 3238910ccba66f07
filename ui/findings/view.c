/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/findings/view.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "model/findings/words.h"
#include "ui/text/format.h"
#include "ui/kit/save-text.h"
#include "ui/page/scope-bar.h"
#include "ui/session/scope-request.h"
#include "ui/kit/sentence.h"

#define UNPARK_TYPE_FINDINGS_VIEW (unpark_findings_view_get_type())
G_DECLARE_FINAL_TYPE(UnparkFindingsView, unpark_findings_view, UNPARK, FINDINGS_VIEW, GtkWidget)

struct _UnparkFindingsView {
  GtkWidget parent_instance;

  UnparkSession *session;
  GCancellable *loading;
  UnparkFindings *findings;
  gboolean stale, focus_pending; /* the list was come to before it was there */

  GtkWidget *box, *scope, *facts, *spinner, *pages, *empty, *list;
};

G_DEFINE_FINAL_TYPE(UnparkFindingsView, unpark_findings_view, GTK_TYPE_WIDGET)

/* ---- One finding ------------------------------------------------------------------------ */

static GtkWidget *level_icon(UnparkFindingLevel level) {
  static const char *const icons[] = {"dialog-information-symbolic", "dialog-warning-symbolic",
                                      "dialog-error-symbolic"};
  static const char *const classes[] = {"dim-label", "warning", "error"};
  GtkWidget *icon = gtk_image_new_from_icon_name(icons[level]);
  gtk_widget_add_css_class(icon, classes[level]);
  gtk_widget_set_tooltip_text(icon, unpark_finding_level_title(level));
  gtk_accessible_update_property(GTK_ACCESSIBLE(icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 unpark_finding_level_title(level), -1);
  return icon;
}

static void go_to(UnparkFindingsView *self, guint number) {
  const UnparkFinding *f = &self->findings->findings[number];
  UnparkPick pick = {.type = f->goroutine == UNPARK_NONE ? UNPARK_PICK_NONE
                             : f->kind                   ? UNPARK_PICK_SPAN
                                                         : UNPARK_PICK_GOROUTINE,
                     .id = f->goroutine,
                     .start_ns = f->start_ns,
                     .end_ns = f->end_ns};
  unpark_session_go_to(self->session, &pick, "timeline");
}

static void on_show(GtkButton *button, UnparkFindingsView *self) {
  go_to(self, GPOINTER_TO_UINT(g_object_get_data(G_OBJECT(button), "number")));
}

static GtkWidget *text_label(const char *text) {
  GtkWidget *label = gtk_label_new(text);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable(GTK_LABEL(label), TRUE);
  return label;
}

/* What unfolds: what to do, where the longest is, and its stack. */
static GtkWidget *make_details(const UnparkFindingWords *words) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *row = gtk_list_box_row_new();
  gtk_widget_set_margin_start(box, 18);
  gtk_widget_set_margin_end(box, 18);
  gtk_widget_set_margin_top(box, 12);
  gtk_widget_set_margin_bottom(box, 12);
  gtk_box_append(GTK_BOX(box), text_label(words->advice));
  if (words->where) {
    g_autofree char *text = g_strdup_printf(_("The longest: %s"), words->where);
    GtkWidget *where = text_label(text);
    gtk_widget_add_css_class(where, "dim-label");
    gtk_box_append(GTK_BOX(box), where);
  }
  if (*words->stack) {
    g_autofree char *stack = g_strchomp(g_strdup(words->stack));
    GtkWidget *label = text_label(stack);
    gtk_widget_add_css_class(label, "monospace");
    gtk_widget_add_css_class(label, "caption");
    gtk_box_append(GTK_BOX(box), label);
  }
  gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(row), box);
  gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), FALSE);
  gtk_list_box_row_set_selectable(GTK_LIST_BOX_ROW(row), FALSE);
  return row;
}

static GtkWidget *make_card(UnparkFindingsView *self, guint number,
                            const UnparkFindingWords *words) {
  const UnparkFinding *f = &self->findings->findings[number];
  GtkWidget *card = adw_expander_row_new();
  adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(card), FALSE);
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(card), words->title);
  g_autofree char *sentence = unpark_format_unbroken(words->sentence);
  adw_expander_row_set_subtitle(ADW_EXPANDER_ROW(card), sentence);
  adw_expander_row_add_prefix(ADW_EXPANDER_ROW(card), level_icon(f->level));
  if (words->where) {
    GtkWidget *show = gtk_button_new_with_label(_("Show"));
    g_autofree char *name = g_strdup_printf(_("Show on the timeline: %s"), words->where);
    gtk_widget_set_valign(show, GTK_ALIGN_CENTER);
    gtk_widget_set_tooltip_text(show, name);
    gtk_accessible_update_property(GTK_ACCESSIBLE(show), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
    g_object_set_data(G_OBJECT(show), "number", GUINT_TO_POINTER(number));
    g_signal_connect(show, "clicked", G_CALLBACK(on_show), self);
    adw_expander_row_add_action(ADW_EXPANDER_ROW(card), show);
  }
  adw_expander_row_add_row(ADW_EXPANDER_ROW(card), make_details(words));
  return card;
}

/* ---- Loading ---------------------------------------------------------------------------- */

typedef struct {
  UnparkFindings *findings;
  UnparkFindingWords *words;
} Answer;

static void answer_free(gpointer data) {
  Answer *answer = data;
  for (guint i = 0; i < answer->findings->n; i++)
    unpark_finding_words_clear(&answer->words[i]);
  g_free(answer->words);
  unpark_findings_unref(answer->findings);
  g_free(answer);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Answer, answer_free)

static void load_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  UnparkScopeRequest *request = data;
  GError *error = NULL;
  UnparkFindings *findings = unpark_findings_new(request->store, request->from_ns, request->to_ns,
                                                 request->ids, request->n_ids, cancellable, &error);
  if (!findings) {
    g_task_return_error(task, error);
    return;
  }
  Answer *answer = g_new(Answer, 1);
  *answer = (Answer){findings, g_new0(UnparkFindingWords, findings->n + 1)};
  for (guint i = 0; i < findings->n; i++)
    unpark_finding_words(request->store, &findings->findings[i], &answer->words[i]);
  g_task_return_pointer(task, answer, answer_free);
}

static void show_sentence(UnparkFindingsView *self, const char *title, const char *text) {
  unpark_sentence_set(self->empty, title, text);
  gtk_stack_set_visible_child_name(GTK_STACK(self->pages), "empty");
}

static void show_answer(UnparkFindingsView *self, const Answer *answer) {
  char count[UNPARK_FORMAT_SIZE];
  g_clear_pointer(&self->findings, unpark_findings_unref);
  self->findings = unpark_findings_ref(answer->findings);
  for (GtkWidget *child; (child = gtk_widget_get_first_child(self->list));)
    gtk_list_box_remove(GTK_LIST_BOX(self->list), child);
  for (guint i = 0; i < self->findings->n; i++)
    gtk_list_box_append(GTK_LIST_BOX(self->list), make_card(self, i, &answer->words[i]));
  unpark_format_count(self->findings->n, count);
  g_autofree char *facts =
      g_strdup_printf(ngettext("%s finding", "%s findings", self->findings->n), count);
  gtk_label_set_text(GTK_LABEL(self->facts), facts);
  if (self->findings->n == 0)
    show_sentence(self, _("Nothing Stands Out"),
                  _("No contended lock, no long wait for a processor, no long pause, no stuck "
                    "goroutines: nothing above what is usual was found in this time."));
  else
    gtk_stack_set_visible_child_name(GTK_STACK(self->pages), "list");
  if (self->focus_pending && gtk_widget_get_focus_child(GTK_WIDGET(self)))
    gtk_widget_child_focus(self->list, GTK_DIR_TAB_FORWARD);
  self->focus_pending = FALSE;
}

static void on_loaded(GObject *source, GAsyncResult *result, gpointer user_data) {
  UnparkFindingsView *self = UNPARK_FINDINGS_VIEW(source);
  g_autoptr(GError) error = NULL;
  g_autoptr(Answer) answer = g_task_propagate_pointer(G_TASK(result), &error);
  if (!self->box || g_task_get_cancellable(G_TASK(result)) != self->loading)
    return;
  gtk_spinner_set_spinning(GTK_SPINNER(self->spinner), FALSE);
  if (answer)
    show_answer(self, answer);
  else if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_sentence(self, _("Cannot Be Shown"), error->message);
}

static void load(UnparkFindingsView *self) {
  self->stale = !gtk_widget_get_mapped(GTK_WIDGET(self));
  if (!unpark_session_get_store(self->session) || self->stale)
    return;
  gtk_spinner_set_spinning(GTK_SPINNER(self->spinner), TRUE);
  unpark_scope_request_start(GTK_WIDGET(self), self->session, self->scope, NULL, &self->loading,
                             load_thread, on_loaded);
}

/* ---- Copying and saving ----------------------------------------------------------------- */

static char *report(gpointer findings) {
  return unpark_findings_report(findings);
}

static void report_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  g_task_return_pointer(task, unpark_findings_report(data), g_free);
}

static void on_report(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autofree char *text = g_task_propagate_pointer(G_TASK(result), NULL);
  if (text && UNPARK_FINDINGS_VIEW(source)->box)
    gtk_widget_activate_action(GTK_WIDGET(source), "win.copy", "s", text);
}

static void on_copy(GtkWidget *widget, const char *name, GVariant *parameter) {
  UnparkFindingsView *self = UNPARK_FINDINGS_VIEW(widget);
  if (!self->findings)
    return;
  g_autoptr(GTask) task = g_task_new(self, NULL, on_report, NULL);
  g_task_set_task_data(task, unpark_findings_ref(self->findings),
                       (GDestroyNotify)unpark_findings_unref);
  g_task_run_in_thread(task, report_thread);
}

static void export(GtkWidget *widget) {
  UnparkFindingsView *self = UNPARK_FINDINGS_VIEW(widget);
  if (self->findings)
    unpark_save_text(widget, _("Save the Findings"), "findings.md", report,
                     unpark_findings_ref(self->findings), (GDestroyNotify)unpark_findings_unref);
}

/* ---- Widget ----------------------------------------------------------------------------- */

static GtkWidget *make_bar(UnparkFindingsView *self) {
  UnparkScopeBar bar;
  unpark_scope_bar_init(&bar, self->session, _("Copy all findings as text"), "findings.copy");
  self->scope = bar.scope;
  self->facts = bar.facts;
  self->spinner = bar.spinner;
  g_signal_connect_swapped(self->scope, "changed", G_CALLBACK(load), self);
  return bar.bar;
}

static GtkWidget *make_pages(UnparkFindingsView *self) {
  GtkWidget *scroller = gtk_scrolled_window_new(), *clamp = adw_clamp_new();
  self->pages = gtk_stack_new();
  self->empty = adw_status_page_new();
  self->list = gtk_list_box_new();
  gtk_list_box_set_selection_mode(GTK_LIST_BOX(self->list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class(self->list, "boxed-list");
  gtk_widget_set_valign(self->list, GTK_ALIGN_START);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Findings"), -1);
  gtk_widget_set_margin_top(clamp, 18);
  gtk_widget_set_margin_bottom(clamp, 18);
  gtk_widget_set_margin_start(clamp, 12);
  gtk_widget_set_margin_end(clamp, 12);
  adw_clamp_set_maximum_size(ADW_CLAMP(clamp), 900);
  adw_clamp_set_child(ADW_CLAMP(clamp), self->list);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER,
                                 GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), clamp);
  adw_status_page_set_icon_name(ADW_STATUS_PAGE(self->empty), "emblem-ok-symbolic");
  gtk_stack_add_named(GTK_STACK(self->pages), scroller, "list");
  gtk_stack_add_named(GTK_STACK(self->pages), self->empty, "empty");
  gtk_widget_set_vexpand(self->pages, TRUE);
  return self->pages;
}

static void on_map(UnparkFindingsView *self) {
  if (self->stale)
    load(self);
}

static void unpark_findings_view_dispose(GObject *object) {
  UnparkFindingsView *self = UNPARK_FINDINGS_VIEW(object);
  g_cancellable_cancel(self->loading);
  g_clear_object(&self->loading);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_object(&self->session);
  g_clear_pointer(&self->findings, unpark_findings_unref);
  G_OBJECT_CLASS(unpark_findings_view_parent_class)->dispose(object);
}

static void unpark_findings_view_class_init(UnparkFindingsViewClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = unpark_findings_view_dispose;
  gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action(widget_class, "findings.copy", NULL, on_copy);
  gtk_widget_class_add_binding_action(widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "findings.copy",
                                      NULL);
}

static void unpark_findings_view_init(UnparkFindingsView *self) {
  self->stale = TRUE;
}

static gboolean applies(UnparkStore *store) {
  return unpark_store_source(store)->kind == UNPARK_SOURCE_TRACE;
}

static GtkWidget *create(UnparkSession *session) {
  UnparkFindingsView *self = g_object_new(UNPARK_TYPE_FINDINGS_VIEW, NULL);
  self->session = g_object_ref(session);
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append(GTK_BOX(self->box), make_bar(self));
  gtk_box_append(GTK_BOX(self->box), make_pages(self));
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
  g_signal_connect(self, "map", G_CALLBACK(on_map), NULL);
  g_signal_connect_object(session, "store-changed", G_CALLBACK(load), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(session, "filter-changed", G_CALLBACK(load), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(session, "filter-ready", G_CALLBACK(load), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET(self);
}

static void focus(GtkWidget *widget) {
  UnparkFindingsView *self = UNPARK_FINDINGS_VIEW(widget);
  self->focus_pending = !gtk_widget_child_focus(self->list, GTK_DIR_TAB_FORWARD);
}

const UnparkView unpark_findings_view = {
    .name = "findings",
    .title = N_("Findings"),
    .icon = "dialog-warning-symbolic",
    .applies = applies,
    .create = create,
    .focus = focus,
    .export = export,
};
