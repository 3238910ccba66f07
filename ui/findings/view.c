/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/findings/view.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "model/findings/words.h"
#include "ui/findings/when.h"
#include "ui/inspector/parts.h"
#include "ui/kit/accessible.h"
#include "ui/kit/compat.h"
#include "ui/kit/save-text.h"
#include "ui/page/page.h"
#include "ui/session/scope-request.h"
#include "ui/text/format.h"

#define UNPARK_TYPE_FINDINGS_VIEW (unpark_findings_view_get_type())
G_DECLARE_FINAL_TYPE(UnparkFindingsView, unpark_findings_view, UNPARK, FINDINGS_VIEW, UnparkPage)

struct _UnparkFindingsView {
  UnparkPage page;

  UnparkFindings *findings;
  gboolean focus_pending; /* the list was come to before it was there */

  UnparkWorker copying;

  GtkWidget *list;
};

G_DEFINE_FINAL_TYPE(UnparkFindingsView, unpark_findings_view, UNPARK_TYPE_PAGE)

/* ---- One finding ------------------------------------------------------------------------ */

static GtkWidget *level_icon(UnparkFindingLevel level) {
  static const char *const icons[] = {"dialog-information-symbolic", "dialog-warning-symbolic",
                                      "dialog-error-symbolic"};
  static const char *const classes[] = {"dim-label", "warning", "error"};
  GtkWidget *icon = gtk_image_new_from_icon_name(icons[level]);
  gtk_widget_add_css_class(icon, classes[level]);
  gtk_widget_set_tooltip_text(icon, unpark_finding_level_title(level));
  unpark_accessible_name(icon, unpark_finding_level_title(level));
  return icon;
}

static void go_to(UnparkFindingsView *self, guint number) {
  const UnparkPick pick = unpark_pick_of_finding(&self->findings->findings[number]);
  unpark_session_go_to(self->page.session, &pick, "timeline");
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

/* As in the inspector: one's own frames first, each with a menu. */
static void add_stack(UnparkFindingsView *self, GtkWidget *box, const UnparkStackFrames *stack) {
  g_autoptr(GString) text = g_string_new(NULL);
  GtkWidget *frames = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  UnparkParts parts = {.session = self->page.session,
                       .store = self->findings->store,
                       .box = GTK_BOX(frames),
                       .text = text};
  unpark_parts_stack(&parts, _("Stack of the longest"), stack);
  gtk_box_append(GTK_BOX(box), frames);
}

/* What unfolds: what to do, when it was and where the longest is, and its stack. */
static GtkWidget *make_details(UnparkFindingsView *self, const UnparkFinding *finding,
                               const UnparkFindingWords *words, const UnparkStackFrames *stack) {
  GtkWidget *when = unpark_finding_when_new(self->findings, finding);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *row = gtk_list_box_row_new();
  gtk_widget_set_margin_start(box, 18);
  gtk_widget_set_margin_end(box, 18);
  gtk_widget_set_margin_top(box, 12);
  gtk_widget_set_margin_bottom(box, 12);
  gtk_box_append(GTK_BOX(box), text_label(words->advice));
  if (when)
    gtk_box_append(GTK_BOX(box), when);
  if (words->where) {
    g_autofree char *text = g_strdup_printf(_("Longest: %s"), words->where);
    GtkWidget *where = text_label(text);
    gtk_widget_add_css_class(where, "dim-label");
    gtk_box_append(GTK_BOX(box), where);
  }
  if (stack->n > 0)
    add_stack(self, box, stack);
  gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(row), box);
  gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), FALSE);
  gtk_list_box_row_set_selectable(GTK_LIST_BOX_ROW(row), FALSE);
  return row;
}

static GtkWidget *make_card(UnparkFindingsView *self, guint number, const UnparkFindingWords *words,
                            const UnparkStackFrames *stack) {
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
    unpark_accessible_name(show, name);
    g_object_set_data(G_OBJECT(show), "number", GUINT_TO_POINTER(number));
    g_signal_connect(show, "clicked", G_CALLBACK(on_show), self);
    unpark_compat_expander_row_add(ADW_EXPANDER_ROW(card), show);
  }
  adw_expander_row_add_row(ADW_EXPANDER_ROW(card), make_details(self, f, words, stack));
  return card;
}

/* ---- Loading ---------------------------------------------------------------------------- */

typedef struct {
  UnparkFindings *findings;
  UnparkFindingWords *words;
  UnparkStackFrames *stacks; /* of the longest */
} Answer;

static void answer_free(gpointer data) {
  Answer *answer = data;
  for (guint i = 0; i < answer->findings->n; i++) {
    unpark_finding_words_clear(&answer->words[i]);
    g_free(answer->stacks[i].frames);
  }
  g_free(answer->words);
  g_free(answer->stacks);
  unpark_findings_unref(answer->findings);
  g_free(answer);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Answer, answer_free)

static gpointer find(gpointer data, GCancellable *cancellable, GError **error) {
  UnparkScopeRequest *request = data;
  UnparkFindings *findings = unpark_findings_new(request->store, request->from_ns, request->to_ns,
                                                 request->ids, request->n_ids, cancellable, error);
  if (!findings)
    return NULL;
  Answer *answer = g_new(Answer, 1);
  *answer = (Answer){findings, g_new0(UnparkFindingWords, findings->n + 1),
                     g_new0(UnparkStackFrames, findings->n + 1)};
  for (guint i = 0; i < findings->n; i++) {
    unpark_finding_words(request->store, &findings->findings[i], &answer->words[i]);
    unpark_parts_read_stack(request->store, findings->findings[i].stack, &answer->stacks[i]);
  }
  return answer;
}

static void show_answer(UnparkFindingsView *self, const Answer *answer) {
  char count[UNPARK_FORMAT_SIZE];
  g_clear_pointer(&self->findings, unpark_findings_unref);
  self->findings = unpark_findings_ref(answer->findings);
  for (GtkWidget *child; (child = gtk_widget_get_first_child(self->list));)
    gtk_list_box_remove(GTK_LIST_BOX(self->list), child);
  for (guint i = 0; i < self->findings->n; i++)
    gtk_list_box_append(GTK_LIST_BOX(self->list),
                        make_card(self, i, &answer->words[i], &answer->stacks[i]));
  unpark_format_count(self->findings->n, count);
  g_autofree char *facts =
      g_strdup_printf(ngettext("%s finding", "%s findings", self->findings->n), count);
  unpark_page_set_facts(&self->page, NULL, facts);
  if (self->findings->n == 0)
    unpark_page_say(&self->page, _("Nothing Stands Out"),
                    _("No contended lock, long wait for a processor, long pause or stuck goroutine "
                      "was found in this time."));
  else
    unpark_page_show_content(&self->page);
  if (self->focus_pending && gtk_widget_get_focus_child(GTK_WIDGET(self)))
    gtk_widget_child_focus(self->list, GTK_DIR_TAB_FORWARD);
  self->focus_pending = FALSE;
}

static void on_found(gpointer owner, gpointer data, gpointer result, const GError *error) {
  g_autoptr(Answer) answer = result;
  show_answer(owner, answer);
}

static void load(UnparkPage *page) {
  static const UnparkWork finding = {find, on_found, unpark_scope_request_free, answer_free};
  unpark_page_run_scoped(page, &finding, NULL);
}

/* ---- Copying and saving ----------------------------------------------------------------- */

static char *report(gpointer findings) {
  return unpark_findings_report(findings);
}

static gpointer make_report(gpointer findings, GCancellable *cancellable, GError **error) {
  return report(findings);
}

static void on_report(gpointer owner, gpointer data, gpointer result, const GError *error) {
  g_autofree char *text = result;
  gtk_widget_activate_action(owner, "win.copy", "s", text);
}

static void copy(UnparkPage *page) {
  static const UnparkWork reporting = {make_report, on_report,
                                       (GDestroyNotify)unpark_findings_unref, g_free};
  UnparkFindingsView *self = UNPARK_FINDINGS_VIEW(page);
  if (self->findings)
    unpark_worker_run(&self->copying, self, &reporting, unpark_findings_ref(self->findings));
}

static void export(UnparkPage *page) {
  UnparkFindingsView *self = UNPARK_FINDINGS_VIEW(page);
  if (self->findings)
    unpark_save_text(GTK_WIDGET(page), _("Save the Findings"), "findings.md", report,
                     unpark_findings_ref(self->findings), (GDestroyNotify)unpark_findings_unref);
}

/* ---- Widget ----------------------------------------------------------------------------- */

static void begin(UnparkPage *page) {
  unpark_page_use_scope(page, _("Copy all findings as text"));
}

static void unpark_findings_view_dispose(GObject *object) {
  unpark_worker_cancel(&UNPARK_FINDINGS_VIEW(object)->copying);
  G_OBJECT_CLASS(unpark_findings_view_parent_class)->dispose(object);
}

static void unpark_findings_view_finalize(GObject *object) {
  g_clear_pointer(&UNPARK_FINDINGS_VIEW(object)->findings, unpark_findings_unref);
  G_OBJECT_CLASS(unpark_findings_view_parent_class)->finalize(object);
}

static void unpark_findings_view_class_init(UnparkFindingsViewClass *class) {
  G_OBJECT_CLASS(class)->dispose = unpark_findings_view_dispose;
  G_OBJECT_CLASS(class)->finalize = unpark_findings_view_finalize;
  class->parent_class.begin = begin;
  class->parent_class.load = load;
  class->parent_class.copy = copy;
  class->parent_class.export = export;
  unpark_page_class_set_template(class, "findings/view.ui");
  gtk_widget_class_bind_template_child(GTK_WIDGET_CLASS(class), UnparkFindingsView, list);
}

static void unpark_findings_view_init(UnparkFindingsView *self) {
  gtk_widget_init_template(GTK_WIDGET(self));
  adw_status_page_set_icon_name(ADW_STATUS_PAGE(self->page.empty), "object-select-symbolic");
}

static gboolean applies(UnparkStore *store) {
  return unpark_store_source(store)->kind == UNPARK_SOURCE_TRACE;
}

static GtkWidget *create(UnparkSession *session) {
  return unpark_page_new(UNPARK_TYPE_FINDINGS_VIEW, session);
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
    .export = unpark_page_export,
};
