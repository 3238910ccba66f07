#include "ui/inspector.h"

#include <glib/gi18n.h>

#include "ui/details.h"
#include "ui/inspector-parts.h"
#include "ui/tables.h"
#include "ui/words.h"

struct _UnparkInspector {
  GtkWidget parent_instance;

  UnparkSession *session;
  GtkWidget *scrolled;
  GCancellable *cancellable;
  char *text; /* the page as text; NULL: nothing is picked */
};

G_DEFINE_FINAL_TYPE(UnparkInspector, unpark_inspector, GTK_TYPE_WIDGET)

/* What a worker finds out. */
typedef struct {
  UnparkStore *store;
  UnparkPick pick;
  UnparkDetails *details;
  UnparkComparison *comparison; /* NULL: nothing to compare with */
  char *row_name;               /* of a picked row */
} Answer;

static void answer_free(gpointer data) {
  Answer *answer = data;
  g_clear_pointer(&answer->details, unpark_details_free);
  g_free(answer->comparison);
  g_free(answer->row_name);
  unpark_store_unref(answer->store);
  g_free(answer);
}

/* ---- pages -------------------------------------------------------------------------- */

static void say_duration(UnparkParts *p, const char *name, gint64 ns) {
  char buf[UNPARK_FORMAT_SIZE];
  if (ns != UNPARK_NONE)
    unpark_parts_fact(p, name, unpark_format_duration(ns, buf));
}

static void say_time(UnparkParts *p, const char *name, gint64 ns) {
  char buf[UNPARK_FORMAT_SIZE], wall[UNPARK_FORMAT_SIZE];
  gint64 zero = unpark_store_source(p->store)->start_wall_ns;
  if (ns == UNPARK_NONE)
    return;
  unpark_format_time(ns, 1000, buf);
  g_autofree char *value =
      zero == UNPARK_NONE ? g_strdup(buf)
                          : g_strdup_printf("%s\n%s", buf, unpark_format_wall(zero + ns, wall));
  unpark_parts_fact(p, name, value);
}

static void say_goroutine(UnparkParts *p, const char *heading, gint64 id, gint64 at_ns) {
  UnparkPick target = {.type = UNPARK_PICK_GOROUTINE, .id = id, .start_ns = at_ns, .end_ns = at_ns};
  if (heading)
    unpark_parts_heading(p, heading);
  unpark_parts_goroutine(p, id, &target);
}

static void say_stack(UnparkParts *p, const char *heading, const UnparkStackFrames *stack) {
  if (stack->n == 0)
    return;
  unpark_parts_heading(p, heading);
  unpark_parts_stack(p, stack);
}

static void say_waker(UnparkParts *p, const UnparkDetails *d, const UnparkKind *kind) {
  if (kind->state != UNPARK_STATE_WAITING ||
      d->span.end_ns >= unpark_store_source(p->store)->duration_ns)
    return;
  unpark_parts_heading(p, _("Woken by"));
  if (d->span.waker == UNPARK_NONE)
    unpark_parts_dim(p, _("the runtime: a timer, the network poller or the like"));
  else
    say_goroutine(p, NULL, d->span.waker, d->span.end_ns);
  unpark_parts_stack(p, &d->waker_stack);
  say_duration(p, _("Then waited to run"), d->ran_after_ns);
}

static void span_page(UnparkParts *p, const Answer *a) {
  const UnparkDetails *d = a->details;
  const UnparkKind *kind = d->has_span ? unpark_store_kind(p->store, d->span.kind) : NULL;
  if (!kind) {
    unpark_parts_dim(p, _("This span is not in the store (yet)."));
    return;
  }
  gint64 duration = d->span.end_ns - d->span.start_ns;
  g_autofree char *words = unpark_words_span(kind, duration, d->stack.frames, d->stack.n);
  unpark_parts_sentence(p, words, kind);
  say_goroutine(p, NULL, d->span.goroutine, d->span.start_ns);
  say_time(p, _("From"), d->span.start_ns);
  say_time(p, _("To"), d->span.end_ns);
  if (*kind->reason)
    unpark_parts_fact(p, _("Reason"), kind->reason);
  if (d->span.proc != UNPARK_NONE)
    unpark_parts_number(p, _("Processor"), "P", d->span.proc);
  if (d->span.thread != UNPARK_NONE)
    unpark_parts_number(p, _("Thread"), "M", d->span.thread);
  say_stack(p, unpark_words_place(kind), &d->stack);
  say_waker(p, d, kind);
  if (a->comparison)
    unpark_parts_comparison(p, a->comparison, duration);
}

static void goroutine_page(UnparkParts *p, const UnparkDetails *d) {
  const UnparkGoroutine *g = d->goroutine;
  char buf[UNPARK_FORMAT_SIZE];
  unpark_parts_goroutine(p, d->pick.id, NULL);
  if (!g) {
    unpark_parts_dim(p, _("This goroutine is not in the store (yet)."));
    return;
  }
  unpark_parts_totals(p, g->total_ns);
  say_duration(p, _("Longest wait"), g->longest_wait_ns);
  unpark_parts_fact(p, _("Spans"), unpark_format_count(g->span_count, buf));
  say_time(p, _("Created"), g->create_ns);
  say_time(p, _("First ran"), g->start_ns);
  say_time(p, _("Ended"), g->end_ns);
  if (g->parent != UNPARK_NONE)
    say_goroutine(p, _("Created by"), g->parent, g->create_ns);
  say_stack(p, _("Where it was created"), &d->create_stack);
  if (d->n_children > 0)
    unpark_parts_heading(p, _("Goroutines it created"));
  for (guint i = 0; i < MIN(d->n_children, G_N_ELEMENTS(d->children)); i++)
    say_goroutine(p, NULL, d->children[i], UNPARK_NONE);
  if (d->n_children > G_N_ELEMENTS(d->children)) {
    g_autofree char *more =
        g_strdup_printf(_("and %u more"), d->n_children - (guint)G_N_ELEMENTS(d->children));
    unpark_parts_dim(p, more);
  }
}

static void group_page(UnparkParts *p, const UnparkDetails *d) {
  const char *name = unpark_store_string(p->store, (guint32)d->pick.id);
  char buf[UNPARK_FORMAT_SIZE];
  unpark_parts_sentence(p, *name ? name : _("unknown function"), NULL);
  unpark_parts_fact(p, _("Goroutines"), unpark_format_count(d->n_members, buf));
  unpark_parts_totals(p, d->total_ns);
  if (d->n_members == 0)
    return;
  say_duration(p, _("Longest wait"), d->longest_wait_ns);
  say_goroutine(p, _("The one that waited longest"), d->longest_wait_of, UNPARK_NONE);
}

static void row_page(UnparkParts *p, const Answer *a) {
  unpark_parts_sentence(p, a->row_name ? a->row_name : "", NULL);
  if (a->pick.start_ns != UNPARK_NONE && a->pick.end_ns != UNPARK_NONE)
    say_duration(p, _("Duration"), a->pick.end_ns - a->pick.start_ns);
  say_time(p, _("From"), a->pick.start_ns);
  say_time(p, _("To"), a->pick.end_ns);
}

static void fill(UnparkParts *p, const Answer *a) {
  switch (a->pick.type) {
  case UNPARK_PICK_SPAN:
    span_page(p, a);
    break;
  case UNPARK_PICK_GOROUTINE:
    goroutine_page(p, a->details);
    break;
  case UNPARK_PICK_GROUP:
    group_page(p, a->details);
    break;
  case UNPARK_PICK_PROC:
    unpark_parts_number(p, _("Processor"), "P", a->pick.id);
    unpark_parts_dim(p, _("A processor runs one goroutine at a time."));
    break;
  case UNPARK_PICK_THREAD:
    unpark_parts_number(p, _("Thread"), "M", a->pick.id);
    unpark_parts_dim(p, _("A thread of the operating system."));
    break;
  case UNPARK_PICK_ROW:
    row_page(p, a);
    break;
  case UNPARK_PICK_NONE:
    break;
  }
}

/* ---- the page shown --------------------------------------------------------------------- */

static void on_copy(UnparkInspector *self) {
  if (self->text)
    gdk_clipboard_set_text(gtk_widget_get_clipboard(GTK_WIDGET(self)), self->text);
}

static void show_page(UnparkInspector *self, GtkWidget *page, char *text) {
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(self->scrolled), page);
  g_free(self->text);
  self->text = text;
}

static void show_hint(UnparkInspector *self, const char *hint) {
  GtkWidget *label = gtk_label_new(hint);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_justify(GTK_LABEL(label), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class(label, "dim-label");
  gtk_widget_set_vexpand(label, TRUE);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append(GTK_BOX(box), label);
  show_page(self, box, NULL);
}

static void show_answer(UnparkInspector *self, const Answer *answer) {
  GtkWidget *page = gtk_box_new(GTK_ORIENTATION_VERTICAL, 5);
  GtkWidget *copy = gtk_button_new_with_mnemonic(_("_Copy as Text"));
  UnparkParts parts = {self->session, answer->store, GTK_BOX(page), g_string_new(NULL)};
  fill(&parts, answer);
  gtk_widget_set_halign(copy, GTK_ALIGN_START);
  gtk_widget_set_margin_top(copy, 9);
  g_signal_connect_swapped(copy, "clicked", G_CALLBACK(on_copy), self);
  gtk_box_append(GTK_BOX(page), copy);
  show_page(self, page, g_string_free(parts.text, FALSE));
}

static void on_answer(GObject *object, GAsyncResult *result, gpointer data) {
  UnparkInspector *self = UNPARK_INSPECTOR(object);
  g_autoptr(GError) error = NULL;
  GTask *task = G_TASK(result);
  /* A newer pick has cancelled this one, even if it was through already. */
  gboolean stale = g_cancellable_is_cancelled(g_task_get_cancellable(task));
  Answer *answer = g_task_propagate_pointer(task, &error);
  if (answer && !stale)
    show_answer(self, answer);
  else if (!answer && !stale && !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_hint(self, error->message);
  g_clear_pointer(&answer, answer_free);
}

/* ---- finding out, in a worker -------------------------------------------------------------- */

static gboolean read_row(Answer *a, GCancellable *cancellable, GError **error) {
  guint n, n_columns;
  int name = a->pick.table == UNPARK_ROWS_TASK ? UNPARK_TASK_NAME : UNPARK_RANGE_NAME;
  g_autoptr(GError) failure = NULL;
  g_autofree gint64 *rows = unpark_store_rows(a->store, a->pick.table, G_MININT64 + 1, G_MAXINT64,
                                              &n, &n_columns, cancellable, &failure);
  if (failure) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  if (a->pick.id >= 0 && a->pick.id < n)
    a->row_name =
        g_strdup(unpark_store_string(a->store, (guint32)rows[a->pick.id * n_columns + name]));
  return TRUE;
}

static gboolean find_out(Answer *a, GCancellable *cancellable, GError **error) {
  if (a->pick.type == UNPARK_PICK_ROW)
    return read_row(a, cancellable, error);
  a->details = unpark_details_read(a->store, &a->pick, cancellable, error);
  if (!a->details)
    return FALSE;
  if (!a->details->has_span || a->details->span.stack == 0)
    return TRUE;
  g_autoptr(GError) failure = NULL;
  a->comparison = unpark_comparison_read(a->store, &a->details->span, cancellable, &failure);
  if (a->comparison || !failure)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&failure));
  return FALSE;
}

static void find_out_thread(GTask *task, gpointer source, gpointer data,
                            GCancellable *cancellable) {
  const Answer *question = data;
  GError *error = NULL;
  Answer *answer = g_new0(Answer, 1);
  answer->store = unpark_store_ref(question->store);
  answer->pick = question->pick;
  if (find_out(answer, cancellable, &error)) {
    g_task_return_pointer(task, answer, answer_free);
    return;
  }
  answer_free(answer);
  g_task_return_error(task, error);
}

static void refresh(UnparkInspector *self) {
  const UnparkPick *pick = unpark_session_get_pick(self->session);
  UnparkStore *store = unpark_session_get_store(self->session);
  g_cancellable_cancel(self->cancellable);
  g_clear_object(&self->cancellable);
  if (!store || pick->type == UNPARK_PICK_NONE) {
    show_hint(self, _("Click a span, a lane or a group to see what it was doing, and why."));
    return;
  }
  Answer *question = g_new0(Answer, 1);
  question->store = unpark_store_ref(store);
  question->pick = *pick;
  self->cancellable = g_cancellable_new();
  g_autoptr(GTask) task = g_task_new(self, self->cancellable, on_answer, NULL);
  g_task_set_check_cancellable(task, FALSE);
  g_task_set_task_data(task, question, answer_free);
  g_task_run_in_thread(task, find_out_thread);
}

/* ---- the widget ----------------------------------------------------------------------------- */

static void unpark_inspector_dispose(GObject *object) {
  UnparkInspector *self = UNPARK_INSPECTOR(object);
  g_cancellable_cancel(self->cancellable);
  g_clear_object(&self->cancellable);
  g_clear_pointer(&self->text, g_free);
  g_clear_pointer(&self->scrolled, gtk_widget_unparent);
  g_clear_object(&self->session);
  G_OBJECT_CLASS(unpark_inspector_parent_class)->dispose(object);
}

static void unpark_inspector_class_init(UnparkInspectorClass *class) {
  G_OBJECT_CLASS(class)->dispose = unpark_inspector_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
}

static void unpark_inspector_init(UnparkInspector *self) {
  self->scrolled = gtk_scrolled_window_new();
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(self->scrolled), GTK_POLICY_NEVER,
                                 GTK_POLICY_AUTOMATIC);
  gtk_widget_add_css_class(self->scrolled, "unpark-inspector");
  gtk_widget_set_parent(self->scrolled, GTK_WIDGET(self));
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Inspector"), -1);
}

GtkWidget *unpark_inspector_new(UnparkSession *session) {
  UnparkInspector *self = g_object_new(UNPARK_TYPE_INSPECTOR, NULL);
  self->session = g_object_ref(session);
  g_signal_connect_object(session, "pick-changed", G_CALLBACK(refresh), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(session, "store-changed", G_CALLBACK(refresh), self, G_CONNECT_SWAPPED);
  refresh(self);
  return GTK_WIDGET(self);
}
