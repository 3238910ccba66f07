/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/inspector/page.h"

#include <glib/gi18n.h>

#include "ui/kit/spinner.h"

/* Quick answers show no spinner: it would only flash. */
#define SPINNER_MS 200

struct _UnparkPickPage {
  gatomicrefcount refs;
  UnparkSession *session;
  UnparkStore *store;
  UnparkPick pick;
  GtkWidget *box;
  GPtrArray *sections; /* Section */
  GCancellable *cancellable;
  UnparkPickPageFunc changed;
  gpointer data;
  gint64 started_us;
  guint n_pending;
  gboolean shown; /* the first answer, or a spinner, is there */
};

typedef struct {
  UnparkPickPage *page; /* a reference while it is being found out */
  const UnparkAsk *ask;
  UnparkQuestion question;
  GDestroyNotify data_free;
  GtkWidget *box, *spinner;
  GString *text;
  guint spinner_source;
} Section;

static void section_free(gpointer data) {
  Section *section = data;
  g_clear_handle_id(&section->spinner_source, g_source_remove);
  if (section->data_free && section->question.data)
    section->data_free(section->question.data);
  unpark_store_unref(section->question.store);
  g_clear_pointer(&section->question.filtered, unpark_filter_result_unref);
  g_string_free(section->text, TRUE);
  g_object_unref(section->box);
  g_free(section);
}

static void page_unref(UnparkPickPage *page) {
  if (!g_atomic_ref_count_dec(&page->refs))
    return;
  g_ptr_array_unref(page->sections);
  unpark_store_unref(page->store);
  g_object_unref(page->cancellable);
  g_object_unref(page->box);
  g_object_unref(page->session);
  g_free(page);
}

static void tell_changed(UnparkPickPage *page) {
  page->shown = TRUE;
  page->changed(page, page->n_pending == 0, page->data);
  if (page->n_pending == 0)
    g_debug("inspector: page of pick type %d complete after %.1f ms", (int)page->pick.type,
            (double)(g_get_monotonic_time() - page->started_us) / 1000);
}

static void remove_spinner(Section *section) {
  g_clear_handle_id(&section->spinner_source, g_source_remove);
  if (section->spinner)
    gtk_box_remove(GTK_BOX(section->box), section->spinner);
  section->spinner = NULL;
}

static gboolean show_spinner(gpointer data) {
  Section *section = data;
  section->spinner_source = 0;
  section->spinner = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *spinner = unpark_spinner_new();
  GtkWidget *label = gtk_label_new(_(section->ask->busy));
  gtk_widget_add_css_class(label, "dim-label");
  gtk_widget_set_margin_top(section->spinner, 6);
  gtk_box_append(GTK_BOX(section->spinner), spinner);
  gtk_box_append(GTK_BOX(section->spinner), label);
  gtk_box_append(GTK_BOX(section->box), section->spinner);
  gtk_widget_set_visible(section->box, TRUE);
  if (!section->page->shown)
    tell_changed(section->page);
  return G_SOURCE_REMOVE;
}

static void show_answer(Section *section, gpointer answer, const GError *error) {
  UnparkPickPage *page = section->page;
  UnparkParts parts = {page,       page->session,         page->store,
                       page->pick, GTK_BOX(section->box), section->text};
  remove_spinner(section);
  if (answer) {
    section->ask->tell(&parts, &section->question, answer);
  } else if (error) {
    GtkWidget *label = gtk_label_new(error->message);
    gtk_label_set_wrap(GTK_LABEL(label), TRUE);
    gtk_label_set_xalign(GTK_LABEL(label), 0);
    gtk_widget_add_css_class(label, "error");
    gtk_box_append(GTK_BOX(section->box), label);
  }
  gtk_widget_set_visible(section->box, gtk_widget_get_first_child(section->box) != NULL);
}

static void on_found(GObject *source, GAsyncResult *result, gpointer data) {
  Section *section = data;
  UnparkPickPage *page = section->page;
  g_autoptr(GError) error = NULL;
  gpointer answer = g_task_propagate_pointer(G_TASK(result), &error);
  /* Another page has taken its place, even if the worker was through already. */
  if (!g_cancellable_is_cancelled(page->cancellable)) {
    page->n_pending--;
    show_answer(section, answer, error);
    tell_changed(page);
  }
  if (answer)
    section->ask->answer_free(answer);
  page_unref(page);
}

static void find_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  Section *section = data;
  GError *error = NULL;
  gpointer answer = section->ask->find(&section->question, cancellable, &error);
  if (error)
    g_task_return_error(task, error);
  else
    g_task_return_pointer(task, answer, NULL);
}

void unpark_pick_page_ask(UnparkPickPage *page, const UnparkAsk *ask, gpointer data,
                          GDestroyNotify data_free) {
  Section *section = g_new0(Section, 1);
  section->page = page;
  section->ask = ask;
  section->question.store = unpark_store_ref(page->store);
  section->question.pick = page->pick;
  section->question.selected = unpark_session_get_selected_time(
      page->session, &section->question.from_ns, &section->question.to_ns);
  double from, to;
  unpark_session_get_visible(page->session, &from, &to);
  section->question.seen_from_ns = unpark_session_nearest(page->session, from);
  section->question.seen_to_ns = unpark_session_nearest(page->session, to);
  UnparkFilterResult *filtered = unpark_session_get_filtered(page->session);
  section->question.filtered = filtered ? unpark_filter_result_ref(filtered) : NULL;
  section->question.data = data;
  section->data_free = data_free;
  section->text = g_string_new(NULL);
  section->box = g_object_ref_sink(gtk_box_new(GTK_ORIENTATION_VERTICAL, 4));
  gtk_widget_set_visible(section->box, FALSE);
  gtk_box_append(GTK_BOX(page->box), section->box);
  g_ptr_array_add(page->sections, section);
  if (ask->busy)
    section->spinner_source = g_timeout_add(SPINNER_MS, show_spinner, section);
  page->n_pending++;
  g_atomic_ref_count_inc(&page->refs);
  g_autoptr(GTask) task = g_task_new(NULL, page->cancellable, on_found, section);
  g_task_set_check_cancellable(task, FALSE);
  g_task_set_task_data(task, section, NULL);
  g_task_run_in_thread(task, find_thread);
}

UnparkPickPage *unpark_pick_page_new(UnparkSession *session, const UnparkAsk *first,
                                     UnparkPickPageFunc changed, gpointer data) {
  UnparkPickPage *page = g_new0(UnparkPickPage, 1);
  g_atomic_ref_count_init(&page->refs);
  page->session = g_object_ref(session);
  page->store = unpark_store_ref(unpark_session_get_store(session));
  page->pick = *unpark_session_get_pick(session);
  page->box = g_object_ref_sink(gtk_box_new(GTK_ORIENTATION_VERTICAL, 0));
  page->sections = g_ptr_array_new_with_free_func(section_free);
  page->cancellable = g_cancellable_new();
  page->changed = changed;
  page->data = data;
  page->started_us = g_get_monotonic_time();
  unpark_pick_page_ask(page, first, NULL, NULL);
  return page;
}

void unpark_pick_page_leave(UnparkPickPage *page) {
  g_cancellable_cancel(page->cancellable);
  for (guint i = 0; i < page->sections->len; i++) {
    Section *section = page->sections->pdata[i];
    g_clear_handle_id(&section->spinner_source, g_source_remove);
  }
  page_unref(page);
}

GtkWidget *unpark_pick_page_widget(UnparkPickPage *page) {
  return page->box;
}

char *unpark_pick_page_text(UnparkPickPage *page) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < page->sections->len; i++) {
    const Section *section = page->sections->pdata[i];
    g_string_append(text, section->text->str);
  }
  return g_string_free(text, FALSE);
}
