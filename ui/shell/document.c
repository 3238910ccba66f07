/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/shell/document-private.h"

#include <glib/gi18n.h>

#include "model/base/printable.h"
#include "ui/kit/accessible.h"
#include "ui/text/format.h"
#include "ui/shell/failure.h"
#include "ui/shell/notes.h"
#include "ui/kit/settings.h"
#include "ui/kit/spinner.h"
#include "ui/kit/toast.h"
#include "ui/kit/worker.h"
#include "ui/shell/views.h"

#define POLL_MS 60
/* Quick work shows no progress bar: it would only flash. */
#define PROGRESS_DELAY_US 200000

G_DEFINE_FINAL_TYPE(UnparkDocument, unpark_document, GTK_TYPE_WIDGET)

static guint signals[UNPARK_DOCUMENT_N_SIGNALS];

void unpark_document_emit(UnparkDocument *self, UnparkDocumentSignal which) {
  g_signal_emit(self, signals[which], 0);
}

static gboolean is_quick_stop(const GError *error) {
  return g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* ---- Views ---------------------------------------------------------------------- */

/* The name of the view on screen comes into sight. */
static void scroll_switcher(UnparkDocument *self) {
  g_autoptr(GtkSelectionModel) pages = adw_view_stack_get_pages(self->views);
  GtkWidget *scroller = gtk_widget_get_ancestor(self->switcher, GTK_TYPE_SCROLLED_WINDOW);
  GtkWidget *button = gtk_widget_get_first_child(self->switcher);
  graphene_rect_t at;
  for (guint i = 0; button && !gtk_selection_model_is_selected(pages, i); i++)
    button = gtk_widget_get_next_sibling(button);
  if (button && gtk_widget_compute_bounds(button, self->switcher, &at))
    gtk_adjustment_clamp_page(gtk_scrolled_window_get_hadjustment(GTK_SCROLLED_WINDOW(scroller)),
                              at.origin.x, at.origin.x + at.size.width);
}

static void on_view(UnparkDocument *self) {
  if (!self->box || self->adding) /* it goes away, or is not yet what it will be */
    return;
  GtkRoot *root = gtk_widget_get_root(GTK_WIDGET(self));
  GtkWidget *focus = root ? gtk_root_get_focus(root) : NULL;
  unpark_document_create_view(self);
  scroll_switcher(self);
  if (root && (!focus || gtk_widget_is_ancestor(focus, GTK_WIDGET(self->views))))
    unpark_document_enter(self);
  unpark_document_emit(self, UNPARK_DOCUMENT_VIEW_CHANGED);
}

/* The way back leads to the view one came from. */
static void on_view_changed(UnparkDocument *self) {
  if (self->adding)
    return;
  unpark_session_set_view(self->session, adw_view_stack_get_visible_child_name(self->views));
}

/* The nth of the pages that are shown, from 0; NULL: there are not so many. */
static AdwViewStackPage *nth_page(UnparkDocument *self, guint n) {
  g_autoptr(GtkSelectionModel) pages = adw_view_stack_get_pages(self->views);
  for (guint i = 0; i < g_list_model_get_n_items(G_LIST_MODEL(pages)); i++) {
    g_autoptr(AdwViewStackPage) page = g_list_model_get_item(G_LIST_MODEL(pages), i);
    if (adw_view_stack_page_get_visible(page) && n-- == 0)
      return page; /* the stack holds it */
  }
  return NULL;
}

static gboolean has_view(UnparkDocument *self, const char *name) {
  GtkWidget *bin = adw_view_stack_get_child_by_name(self->views, name);
  return bin && adw_view_stack_page_get_visible(adw_view_stack_get_page(self->views, bin));
}

/* The stack shows the first page it was given, even when that has been hidden since. */
static void leave_hidden_page(UnparkDocument *self) {
  const char *shown = adw_view_stack_get_visible_child_name(self->views);
  AdwViewStackPage *first = nth_page(self, 0);
  if (first && !(shown && has_view(self, shown)))
    adw_view_stack_set_visible_child(self->views, adw_view_stack_page_get_child(first));
}

/* The switcher says how many findings there are before one goes there. */
void unpark_document_update_badge(UnparkDocument *self) {
  GtkWidget *bin = adw_view_stack_get_child_by_name(self->views, "findings");
  int n = unpark_session_get_finding_count(self->session);
  if (bin)
    adw_view_stack_page_set_badge_number(adw_view_stack_get_page(self->views, bin),
                                         (guint)MAX(n, 0));
}

/* One view needs no switcher. */
static void show_switcher(UnparkDocument *self) {
  gboolean many = nth_page(self, 1) != NULL;
  gtk_widget_set_visible(self->switcher_bar, many && !self->narrow);
  adw_view_switcher_bar_set_reveal(ADW_VIEW_SWITCHER_BAR(self->bottom), many && self->narrow);
}

/* The view that compares is there once there is something to compare with. */
void unpark_document_on_other(UnparkDocument *self) {
  GtkWidget *bin = adw_view_stack_get_child_by_name(self->views, "compare");
  if (!bin || !unpark_session_get_other(self->session))
    return;
  adw_view_stack_page_set_visible(adw_view_stack_get_page(self->views, bin), TRUE);
  show_switcher(self);
  unpark_session_go_to_view(self->session, "compare");
}

static void leave_focus(GtkWidget *widget) {
  if (GTK_IS_BUTTON(widget))
    gtk_widget_set_focus_on_click(widget, FALSE);
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child;
       child = gtk_widget_get_next_sibling(child))
    leave_focus(child);
}

/* All views have their place from the beginning: what there is data for only later, in a file that
 * is still being read, must not come last. */
void unpark_document_add_views(UnparkDocument *self) {
  GtkWidget *before = adw_view_stack_get_visible_child(self->views);
  self->adding = TRUE;
  for (guint i = 0; unpark_views[i]; i++) {
    const UnparkView *view = unpark_views[i];
    GtkWidget *bin = adw_view_stack_get_child_by_name(self->views, view->name);
    /* What a file that grows had data for it goes on having. */
    gboolean shown = !self->bundle && bin && has_view(self, view->name);
    for (guint k = 0; k < unpark_document_n_files(self); k++)
      shown = shown || unpark_document_applies_to(self, view, k);
    if (!bin) {
      bin = adw_bin_new();
      g_object_set_data(G_OBJECT(bin), "unpark-view", (gpointer)view);
      adw_view_stack_page_set_icon_name(
          adw_view_stack_add_titled(self->views, bin, view->name, _(view->title)), view->icon);
    }
    adw_view_stack_page_set_visible(adw_view_stack_get_page(self->views, bin), shown);
  }
  leave_hidden_page(self);
  self->adding = FALSE;
  if (adw_view_stack_get_visible_child(self->views) != before) {
    on_view_changed(self);
    on_view(self);
  }
  /* A click on the switcher leaves the keys to the view; who walks there with Tab stays there. */
  leave_focus(self->switcher);
  leave_focus(self->bottom);
  show_switcher(self);
}

const UnparkView *unpark_document_get_view(UnparkDocument *self, GtkWidget **widget) {
  GtkWidget *bin = adw_view_stack_get_visible_child(self->views);
  if (widget)
    *widget = bin ? adw_bin_get_child(ADW_BIN(bin)) : NULL;
  return bin ? g_object_get_data(G_OBJECT(bin), "unpark-view") : NULL;
}

void unpark_document_enter(UnparkDocument *self) {
  GtkWidget *widget;
  const UnparkView *view = unpark_document_get_view(self, &widget);
  self->enter_pending = FALSE;
  if (widget && view->enter)
    view->enter(widget);
  else if (widget && view->focus)
    view->focus(widget);
  /* What it leads to may not be there yet. */
  if (widget && !gtk_widget_get_focus_child(widget) && !gtk_widget_has_focus(widget))
    gtk_widget_child_focus(widget, GTK_DIR_TAB_FORWARD);
}

/* Whoever types, or is at a menu, is not interrupted. */
static gboolean is_at_something_else(UnparkDocument *self) {
  GtkRoot *root = gtk_widget_get_root(GTK_WIDGET(self));
  GtkWidget *focus = root ? gtk_root_get_focus(root) : NULL;
  return focus && (GTK_IS_EDITABLE(focus) || GTK_IS_TEXT_VIEW(focus) ||
                   gtk_widget_get_ancestor(focus, GTK_TYPE_POPOVER));
}

static void show_store(UnparkDocument *self, UnparkStore *store) {
  gboolean first = !unpark_session_get_store(self->session);
  unpark_session_set_store(self->session, store);
  unpark_document_add_views(self);
  unpark_notes_set_store(UNPARK_NOTES(self->notes), store);
  gtk_stack_set_visible_child_name(GTK_STACK(self->stack), "views");
  self->enter_pending = first;
  if (first && gtk_widget_get_mapped(GTK_WIDGET(self)) && !is_at_something_else(self))
    unpark_document_enter(self);
  unpark_document_emit(self, UNPARK_DOCUMENT_TITLE_CHANGED);
}

gboolean unpark_document_show_view(UnparkDocument *self, guint n) {
  AdwViewStackPage *page = nth_page(self, n);
  if (!page)
    return FALSE;
  adw_view_stack_set_visible_child(self->views, adw_view_stack_page_get_child(page));
  unpark_document_enter(self);
  return TRUE;
}

void unpark_document_on_reveal(UnparkSession *session, const char *view, UnparkDocument *self) {
  UnparkTogether *together = unpark_together_of(session);
  if (together)
    unpark_together_set_current(together, (guint)unpark_together_find(together, session));
  const char *before = adw_view_stack_get_visible_child_name(self->views);
  if (!view || !has_view(self, view) || g_strcmp0(before, view) == 0)
    return;
  adw_view_stack_set_visible_child_name(self->views, view);
  /* The focus went to where it was in that view when one left it, which may be another file. */
  if (together)
    unpark_together_set_current(together, (guint)unpark_together_find(together, session));
  unpark_document_enter(self);
}

/* ---- Opening --------------------------------------------------------------------- */

static void stop_polling(UnparkDocument *self) {
  g_clear_handle_id(&self->reading.poll_source, g_source_remove);
  gtk_revealer_set_reveal_child(GTK_REVEALER(self->progress_bar), FALSE);
}

static gpointer take_snapshot(gpointer data, GCancellable *cancellable, GError **error) {
  UnparkOpening *opening = data;
  return opening->opener->snapshot(opening->handle, error);
}

static void on_snapshot(gpointer owner, gpointer data, gpointer result, const GError *error) {
  UnparkDocument *self = owner;
  g_autoptr(UnparkStore) store = result;
  self->reading.snapshot_running = FALSE;
  if (error)
    g_debug("No picture of the import so far: %s", error->message);
  /* Too late if the import has ended meanwhile: the complete store is there. */
  if (store && self->reading.running && self->box)
    show_store(self, store);
}

static void show_progress(UnparkDocument *self, const UnparkOpenStatus *status) {
  char done[UNPARK_FORMAT_SIZE], total[UNPARK_FORMAT_SIZE];
  g_autofree char *text = NULL;
  unpark_format_bytes((gint64)status->bytes_done, done);
  if (status->bytes_total > 0) {
    unpark_format_bytes((gint64)status->bytes_total, total);
    text = g_strdup_printf(_("Reading: %s of %s"), done, total);
    gtk_progress_bar_set_fraction(
        GTK_PROGRESS_BAR(self->progress),
        CLAMP((double)status->bytes_done / (double)status->bytes_total, 0, 1));
  } else {
    text = g_strdup_printf(_("Reading: %s"), done);
    gtk_progress_bar_pulse(GTK_PROGRESS_BAR(self->progress));
  }
  gtk_label_set_text(GTK_LABEL(self->progress_label), text);
  gtk_revealer_set_reveal_child(GTK_REVEALER(self->progress_bar), TRUE);
}

static gboolean poll(gpointer data) {
  static const UnparkWork picturing = {take_snapshot, on_snapshot,
                                       (GDestroyNotify)unpark_opening_unref,
                                       (GDestroyNotify)unpark_store_unref};
  UnparkDocument *self = data;
  UnparkOpenStatus status = {0};
  self->opening->opener->status(self->opening->handle, &status);
  if (g_get_monotonic_time() - self->reading.started_us > PROGRESS_DELAY_US)
    show_progress(self, &status);
  if (status.generation > self->reading.seen_generation && !self->reading.snapshot_running) {
    self->reading.seen_generation = status.generation;
    self->reading.snapshot_running = TRUE;
    unpark_worker_run_once(self, &picturing, unpark_opening_ref(self->opening));
  }
  return G_SOURCE_CONTINUE;
}

/* `error` NULL: there is nothing to look at. */
static void show_failure(UnparkDocument *self, const GError *error) {
  unpark_failure_show(self->failed, self->file, error);
  gtk_stack_set_visible_child_name(GTK_STACK(self->stack), "failed");
  unpark_document_emit(self, UNPARK_DOCUMENT_FAILED);
}

/* The header of a trace, and nothing after it: there is nothing to look at in any view. */
static gboolean is_empty(UnparkStore *store) {
  const UnparkSource *source = unpark_store_source(store);
  return source->kind == UNPARK_SOURCE_TRACE && source->event_count == 0;
}

/* The file is shown all the same. */
static void show_warning(UnparkDocument *self) {
  const char *warning = self->opening->opener->warning(self->opening->handle);
  if (warning)
    unpark_toast_show(GTK_WIDGET(self), warning);
}

static void on_opened(GObject *source, GAsyncResult *result, gpointer data) {
  UnparkDocument *self = UNPARK_DOCUMENT(source);
  g_autoptr(GError) error = NULL;
  g_autoptr(UnparkStore) store = g_task_propagate_pointer(G_TASK(result), &error);
  self->reading.running = FALSE;
  if (!self->box) /* the tab was closed */
    return;
  stop_polling(self);
  if (store && is_empty(store)) {
    show_failure(self, NULL);
  } else if (store) {
    show_store(self, store);
    unpark_document_make_bundle(self);
    unpark_document_emit(self, UNPARK_DOCUMENT_OPENED);
    show_warning(self);
  } else if (is_quick_stop(error) && unpark_session_get_store(self->session)) {
    unpark_notes_set_stopped(UNPARK_NOTES(self->notes));
  } else if (is_quick_stop(error)) {
    g_autoptr(GError) stopped =
        g_error_new_literal(G_IO_ERROR, G_IO_ERROR_CANCELLED, _("Opening was canceled."));
    show_failure(self, stopped);
  } else {
    show_failure(self, error);
  }
}

static void open_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  UnparkOpening *opening = data;
  GError *error = NULL;
  UnparkStore *store = opening->opener->run(opening->handle, cancellable, &error);
  if (store)
    g_task_return_pointer(task, store, (GDestroyNotify)unpark_store_unref);
  else
    g_task_return_error(task, error);
}

static void begin(UnparkDocument *self, const UnparkOpener *opener) {
  g_autoptr(GTask) task = NULL;
  g_autofree char *path = g_file_get_path(self->file);
  if (!path) {
    g_autofree char *uri = g_file_get_uri(self->file);
    g_autoptr(GError) error =
        g_error_new(G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                    _("%s is not a file on this computer. Copy it here and open the copy."), uri);
    show_failure(self, error);
    return;
  }
  self->opening = unpark_opening_new(opener, path);
  self->reading.running = TRUE;
  self->reading.started_us = g_get_monotonic_time();
  self->reading.cancellable = g_cancellable_new();
  task = g_task_new(self, self->reading.cancellable, on_opened, NULL);
  /* What was imported before a stop is kept on screen by snapshots, not by the result. */
  g_task_set_check_cancellable(task, FALSE);
  g_task_set_task_data(task, unpark_opening_ref(self->opening),
                       (GDestroyNotify)unpark_opening_unref);
  g_task_run_in_thread(task, open_thread);
  self->reading.poll_source = g_timeout_add(POLL_MS, poll, self);
}

void unpark_document_cancel(UnparkDocument *self) {
  if (self->reading.running)
    g_cancellable_cancel(self->reading.cancellable);
  if (self->bundle)
    unpark_bundle_cancel(self->bundle);
}

/* ---- Widget ---------------------------------------------------------------------- */

static GtkWidget *make_progress(UnparkDocument *self) {
  GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *stop = gtk_button_new_with_mnemonic(_("_Stop"));
  self->progress_bar = gtk_revealer_new();
  self->progress_label = gtk_label_new(NULL);
  self->progress = gtk_progress_bar_new();
  gtk_widget_add_css_class(row, "unpark-progress");
  gtk_widget_add_css_class(self->progress_label, "numeric");
  gtk_widget_set_hexpand(self->progress, TRUE);
  gtk_widget_set_valign(self->progress, GTK_ALIGN_CENTER);
  unpark_accessible_name(self->progress, _("Reading progress"));
  unpark_accessible_name(stop, _("Stop"));
  g_signal_connect_swapped(stop, "clicked", G_CALLBACK(unpark_document_cancel), self);
  gtk_box_append(GTK_BOX(row), self->progress_label);
  gtk_box_append(GTK_BOX(row), self->progress);
  gtk_box_append(GTK_BOX(row), stop);
  gtk_revealer_set_child(GTK_REVEALER(self->progress_bar), row);
  return self->progress_bar;
}

/* Where there is no room for all names, they scroll. */
static GtkWidget *make_scroller(GtkWidget *switcher) {
  GtkWidget *scroller = gtk_scrolled_window_new();
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_EXTERNAL,
                                 GTK_POLICY_NEVER);
  gtk_scrolled_window_set_propagate_natural_width(GTK_SCROLLED_WINDOW(scroller), TRUE);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), switcher);
  return scroller;
}

static GtkWidget *make_views(UnparkDocument *self) {
  GtkWidget *page = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *bar = gtk_center_box_new();
  self->views = ADW_VIEW_STACK(adw_view_stack_new());
  gtk_widget_set_vexpand(GTK_WIDGET(self->views), TRUE);
  g_signal_connect_object(self->views, "notify::visible-child", G_CALLBACK(on_view), self,
                          G_CONNECT_SWAPPED);
  self->switcher = adw_view_switcher_new();
  adw_view_switcher_set_policy(ADW_VIEW_SWITCHER(self->switcher), ADW_VIEW_SWITCHER_POLICY_WIDE);
  adw_view_switcher_set_stack(ADW_VIEW_SWITCHER(self->switcher), self->views);
  /* Each name as wide as it is: all as wide as the longest would soon fill the window. */
  GtkLayoutManager *layout = gtk_widget_get_layout_manager(self->switcher);
  if (GTK_IS_BOX_LAYOUT(layout))
    gtk_box_layout_set_homogeneous(GTK_BOX_LAYOUT(layout), FALSE);
  gtk_widget_add_css_class(bar, "unpark-switcher");
  self->switcher_bar = bar;
  gtk_center_box_set_center_widget(GTK_CENTER_BOX(bar), make_scroller(self->switcher));
  gtk_box_append(GTK_BOX(page), bar);
  self->above = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append(GTK_BOX(page), self->above);
  gtk_box_append(GTK_BOX(page), GTK_WIDGET(self->views));
  self->bottom = adw_view_switcher_bar_new();
  adw_view_switcher_bar_set_stack(ADW_VIEW_SWITCHER_BAR(self->bottom), self->views);
  gtk_box_append(GTK_BOX(page), self->bottom);
  return page;
}

static GtkWidget *make_busy(void) {
  GtkWidget *page = adw_status_page_new();
  GtkWidget *spinner = unpark_spinner_new();
  adw_status_page_set_title(ADW_STATUS_PAGE(page), _("Opening…"));
  gtk_widget_set_size_request(spinner, 32, 32);
  gtk_widget_set_halign(spinner, GTK_ALIGN_CENTER);
  adw_status_page_set_child(ADW_STATUS_PAGE(page), spinner);
  return page;
}

/* ---- Narrow windows -------------------------------------------------------------- */

static gboolean fold(GtkWidget *widget, GdkFrameClock *clock, gpointer data) {
  UnparkDocument *self = UNPARK_DOCUMENT(widget);
  self->folding = 0;
  self->narrow = !self->narrow;
  show_switcher(self);
  return G_SOURCE_REMOVE;
}

/* The room that all names take side by side, with the bar's padding; what is hidden has no width.
 */
static int wanted_width(UnparkDocument *self) {
  int width = 12;
  for (GtkWidget *child = gtk_widget_get_first_child(self->switcher); child;
       child = gtk_widget_get_next_sibling(child)) {
    int natural = 0;
    gtk_widget_measure(child, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL, NULL);
    width += natural;
  }
  return width;
}

static void unpark_document_size_allocate(GtkWidget *widget, int width, int height, int baseline) {
  UnparkDocument *self = UNPARK_DOCUMENT(widget);
  if (self->box)
    gtk_widget_allocate(self->box, width, height, baseline, NULL);
  /* While it is laid out, nothing may be hidden: the next frame does. */
  if (self->folding == 0 && (width < wanted_width(self)) != self->narrow)
    self->folding = gtk_widget_add_tick_callback(widget, fold, NULL, NULL);
}

static void unpark_document_measure(GtkWidget *widget, GtkOrientation orientation, int for_size,
                                    int *minimum, int *natural, int *minimum_baseline,
                                    int *natural_baseline) {
  if (UNPARK_DOCUMENT(widget)->box)
    gtk_widget_measure(UNPARK_DOCUMENT(widget)->box, orientation, for_size, minimum, natural,
                       minimum_baseline, natural_baseline);
}

static void unpark_document_dispose(GObject *object) {
  UnparkDocument *self = UNPARK_DOCUMENT(object);
  unpark_document_cancel(self);
  g_clear_handle_id(&self->reading.poll_source, g_source_remove);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_object(&self->session);
  g_clear_object(&self->bundle);
  g_clear_pointer(&self->pending, g_ptr_array_unref);
  g_clear_object(&self->reading.cancellable);
  g_clear_object(&self->file);
  G_OBJECT_CLASS(unpark_document_parent_class)->dispose(object);
}

static void unpark_document_finalize(GObject *object) {
  g_clear_pointer(&UNPARK_DOCUMENT(object)->opening, unpark_opening_unref);
  G_OBJECT_CLASS(unpark_document_parent_class)->finalize(object);
}

static void unpark_document_class_init(UnparkDocumentClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = unpark_document_dispose;
  G_OBJECT_CLASS(class)->finalize = unpark_document_finalize;
  widget_class->measure = unpark_document_measure;
  widget_class->size_allocate = unpark_document_size_allocate;
  gtk_widget_class_set_css_name(widget_class, "document");
  static const char *const names[] = {"title-changed", "opened", "failed", "view-changed",
                                      "session-changed"};
  for (guint i = 0; i < UNPARK_DOCUMENT_N_SIGNALS; i++)
    signals[i] = g_signal_new(names[i], UNPARK_TYPE_DOCUMENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                              NULL, G_TYPE_NONE, 0);
}

static void unpark_document_init(UnparkDocument *self) {
  self->session = unpark_session_new();
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
  self->notes = unpark_notes_new();
  self->stack = gtk_stack_new();
  gtk_widget_set_vexpand(self->stack, TRUE);
  self->failed = unpark_failure_new();
  self->busy = make_busy();
  gtk_stack_add_named(GTK_STACK(self->stack), self->busy, "busy");
  gtk_stack_add_named(GTK_STACK(self->stack), make_views(self), "views");
  gtk_stack_add_named(GTK_STACK(self->stack), self->failed, "failed");
  gtk_box_append(GTK_BOX(self->box), make_progress(self));
  gtk_box_append(GTK_BOX(self->box), self->notes);
  gtk_box_append(GTK_BOX(self->box), self->stack);
  unpark_document_follow_session(self, self->session);
  g_signal_connect_object(self->views, "notify::visible-child", G_CALLBACK(on_view_changed), self,
                          G_CONNECT_SWAPPED);
}

GtkWidget *unpark_document_new(const UnparkOpener *opener, GFile *file) {
  UnparkDocument *self = g_object_new(UNPARK_TYPE_DOCUMENT, NULL);
  self->file = g_object_ref(file);
  begin(self, opener);
  return GTK_WIDGET(self);
}

void unpark_document_look_at(UnparkDocument *self) {
  if (self->enter_pending)
    unpark_document_enter(self);
}

GFile *unpark_document_get_file(UnparkDocument *self) {
  return self->bundle ? unpark_bundle_get_file(self->bundle, 0) : self->file;
}

UnparkSession *unpark_document_get_session(UnparkDocument *self) {
  return self->session;
}

gboolean unpark_document_is_busy(UnparkDocument *self) {
  return self->reading.running || (self->bundle && unpark_bundle_is_busy(self->bundle));
}

char *unpark_document_dup_title(UnparkDocument *self) {
  guint others = unpark_document_n_files(self) - 1;
  g_autofree char *name = g_file_get_basename(self->file);
  UnparkStore *store = unpark_session_get_store(self->session);
  char duration[UNPARK_FORMAT_SIZE];
  if (others > 0)
    return g_strdup_printf(g_dngettext(NULL, "%s and %u more file", "%s and %u more files", others),
                           unpark_bundle_get_name(self->bundle, 0), others);
  if (!store || unpark_store_source(store)->kind != UNPARK_SOURCE_TRACE)
    return unpark_printable_file_name(name);
  g_autofree char *display = unpark_printable_file_name(name);
  unpark_format_duration(unpark_store_source(store)->duration_ns, duration);
  return g_strdup_printf("%s – %s", display, duration);
}
