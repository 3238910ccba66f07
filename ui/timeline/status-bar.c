/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/timeline/status-bar.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <string.h>

#include "model/base/times.h"
#include "model/filter/filter.h"
#include "ui/kit/rgba.h"
#include "ui/kit/worker.h"
#include "ui/text/format.h"

/* A drag over the ruler changes the selection many times a second. */
#define DELAY_MS 60

struct _UnparkStatusBar {
  GtkWidget parent_instance;

  UnparkSession *session;
  UnparkFilterResult *filtered; /* NULL: all goroutines count */
  GtkWidget *box, *label, *remark;
  UnparkWorker worker;
  guint source;
};

G_DEFINE_FINAL_TYPE(UnparkStatusBar, unpark_status_bar, GTK_TYPE_WIDGET)

typedef struct {
  UnparkStore *store;
  UnparkFilterResult *filtered;
  gboolean selected;
  gint64 from_ns, to_ns;
  GHashTable *seen; /* goroutines, while visiting */
  guint n_goroutines;
  gint64 total_ns[UNPARK_N_STATES];
} Sums;

static void sums_free(gpointer data) {
  Sums *sums = data;
  unpark_store_unref(sums->store);
  g_clear_pointer(&sums->seen, g_hash_table_unref);
  g_clear_pointer(&sums->filtered, unpark_filter_result_unref);
  g_free(sums);
}

static gboolean counts(const Sums *sums, gint64 goroutine) {
  return !sums->filtered || unpark_id_set_has(&sums->filtered->goroutines, goroutine);
}

static gboolean visit(const UnparkSpan *spans, guint n, gpointer data) {
  Sums *sums = data;
  for (guint i = 0; i < n; i++) {
    const UnparkKind *kind = unpark_store_kind(sums->store, spans[i].kind);
    gint64 length = MIN(spans[i].end_ns, sums->to_ns) - MAX(spans[i].start_ns, sums->from_ns);
    if (!kind || length < 0 || kind->state >= UNPARK_N_STATES || !counts(sums, spans[i].goroutine))
      continue;
    unpark_time_sum(&sums->total_ns[kind->state], length);
    if (!g_hash_table_contains(sums->seen, &spans[i].goroutine))
      g_hash_table_add(sums->seen, g_memdup2(&spans[i].goroutine, sizeof(gint64)));
  }
  return TRUE;
}

static gboolean sum_selected(Sums *sums, GCancellable *cancellable, GError **error) {
  sums->seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  if (!unpark_store_visit_spans(sums->store, sums->from_ns, sums->to_ns, visit, sums, cancellable,
                                error))
    return FALSE;
  sums->n_goroutines = g_hash_table_size(sums->seen);
  return TRUE;
}

/* Gives what it was asked with. */
static gpointer sum(gpointer data, GCancellable *cancellable, GError **error) {
  Sums *sums = data;
  gboolean ok = sums->selected ? sum_selected(sums, cancellable, error)
                               : unpark_filter_totals(sums->store, sums->filtered,
                                                      &sums->n_goroutines, sums->total_ns, error);
  return ok ? sums : NULL;
}

static void on_summed(gpointer owner, gpointer data, gpointer result, const GError *error) {
  UnparkStatusBar *self = owner;
  const Sums *sums = result;
  char length[UNPARK_FORMAT_SIZE], count[UNPARK_FORMAT_SIZE],
      share[UNPARK_N_STATES][UNPARK_FORMAT_SIZE];
  double whole = 0;
  if (!sums) {
    g_warning("Spans cannot be summed: %s", error->message);
    return;
  }
  for (guint s = 0; s < UNPARK_N_STATES; s++)
    whole += (double)sums->total_ns[s];
  for (guint s = 0; s < UNPARK_N_STATES; s++)
    unpark_format_share((double)sums->total_ns[s], whole, share[s]);
  unpark_format_duration(sums->to_ns - sums->from_ns, length);
  unpark_format_count(sums->n_goroutines, count);
  g_autofree char *what =
      g_strdup_printf(sums->selected   ? ngettext("Selection: %s, %s goroutine",
                                                  "Selection: %s, %s goroutines", sums->n_goroutines)
                      : sums->filtered ? ngettext("Matching: %s, %s goroutine",
                                                  "Matching: %s, %s goroutines", sums->n_goroutines)
                                       : ngettext("All: %s, %s goroutine", "All: %s, %s goroutines",
                                                  sums->n_goroutines),
                      length, count);
  /* Translators: the squares are the legend of the lanes' colours and stay in this order. */
  g_autofree char *text =
      g_strdup_printf(_("%s   ■ running %s   ■ runnable %s   ■ waiting %s   ■ system call %s"),
                      what, share[UNPARK_STATE_RUNNING], share[UNPARK_STATE_RUNNABLE],
                      share[UNPARK_STATE_WAITING], share[UNPARK_STATE_SYSCALL]);
  PangoAttrList *colours = unpark_rgba_squares(text);
  gtk_label_set_text(GTK_LABEL(self->label), text);
  gtk_label_set_attributes(GTK_LABEL(self->label), colours);
  pango_attr_list_unref(colours);
}

static const UnparkWork summing = {sum, on_summed, sums_free, NULL};

static gboolean sum_now(gpointer data) {
  UnparkStatusBar *self = data;
  UnparkStore *store = unpark_session_get_store(self->session);
  self->source = 0;
  unpark_worker_cancel(&self->worker);
  if (!store)
    return G_SOURCE_REMOVE;
  Sums *sums = g_new0(Sums, 1);
  sums->store = unpark_store_ref(store);
  sums->filtered = self->filtered ? unpark_filter_result_ref(self->filtered) : NULL;
  sums->selected = unpark_session_get_selected_time(self->session, &sums->from_ns, &sums->to_ns);
  unpark_worker_run(&self->worker, self, &summing, sums);
  return G_SOURCE_REMOVE;
}

static void sum_later(UnparkStatusBar *self) {
  if (self->source == 0)
    self->source = g_timeout_add(DELAY_MS, sum_now, self);
}

void unpark_status_bar_set_remark(UnparkStatusBar *self, const char *remark) {
  gtk_label_set_text(GTK_LABEL(self->remark), remark ? remark : "");
}

void unpark_status_bar_set_filtered(UnparkStatusBar *self, const UnparkFilterResult *filtered) {
  if (filtered == self->filtered)
    return;
  g_clear_pointer(&self->filtered, unpark_filter_result_unref);
  if (filtered) /* a reference is no change */
    self->filtered = unpark_filter_result_ref((UnparkFilterResult *)(gsize)filtered);
  sum_later(self);
}

static void unpark_status_bar_dispose(GObject *object) {
  UnparkStatusBar *self = UNPARK_STATUS_BAR(object);
  unpark_worker_cancel(&self->worker);
  g_clear_handle_id(&self->source, g_source_remove);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_pointer(&self->filtered, unpark_filter_result_unref);
  g_clear_object(&self->session);
  G_OBJECT_CLASS(unpark_status_bar_parent_class)->dispose(object);
}

static void unpark_status_bar_class_init(UnparkStatusBarClass *class) {
  G_OBJECT_CLASS(class)->dispose = unpark_status_bar_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
}

static void unpark_status_bar_init(UnparkStatusBar *self) {
  self->box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  self->label = gtk_label_new(NULL);
  self->remark = gtk_label_new(NULL);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
  gtk_widget_add_css_class(self->box, "unpark-status");
  gtk_widget_add_css_class(self->label, "numeric");
  gtk_widget_add_css_class(self->remark, "dim-label");
  gtk_label_set_ellipsize(GTK_LABEL(self->label), PANGO_ELLIPSIZE_END);
  gtk_label_set_ellipsize(GTK_LABEL(self->remark), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign(GTK_LABEL(self->label), 0);
  gtk_label_set_xalign(GTK_LABEL(self->remark), 1);
  gtk_label_set_selectable(GTK_LABEL(self->label), TRUE);
  gtk_widget_set_hexpand(self->remark, TRUE);
  gtk_box_append(GTK_BOX(self->box), self->label);
  gtk_box_append(GTK_BOX(self->box), self->remark);
}

GtkWidget *unpark_status_bar_new(UnparkSession *session) {
  UnparkStatusBar *self = g_object_new(UNPARK_TYPE_STATUS_BAR, NULL);
  self->session = g_object_ref(session);
  g_signal_connect_object(session, "store-changed", G_CALLBACK(sum_later), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(session, "selection-changed", G_CALLBACK(sum_later), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(adw_style_manager_get_default(), "notify::dark", G_CALLBACK(sum_later),
                          self, G_CONNECT_SWAPPED);
  sum_later(self);
  return GTK_WIDGET(self);
}
