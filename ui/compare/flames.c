/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/compare/flames.h"

#include <glib/gi18n.h>

#include "ui/flame/graph.h"
#include "ui/flame/query.h"
#include "ui/kit/accessible.h"
#include "ui/kit/worker.h"

struct _UnparkCompareFlames {
  GtkWidget parent_instance;

  UnparkCompareRequest *request; /* NULL: nothing */
  GPtrArray *offers;             /* UnparkFlameOffer of B; NULL: not known */
  gboolean stale, filling;
  UnparkWorker worker;

  GtkWidget *box, *sources, *message, *graphs, *a, *b;
};

G_DEFINE_FINAL_TYPE(UnparkCompareFlames, unpark_compare_flames, GTK_TYPE_WIDGET)

/* ---- Making -------------------------------------------------------------------------------- */

typedef struct {
  UnparkFlameQuery *query; /* its source may be NULL: what comes first */
  GPtrArray *offers;
  guint first;
  UnparkFlame *a, *b; /* what came of it */
} Job;

static void job_free(gpointer data) {
  Job *job = data;
  unpark_flame_query_free(job->query);
  g_clear_pointer(&job->offers, g_ptr_array_unref);
  g_clear_pointer(&job->a, unpark_flame_unref);
  g_clear_pointer(&job->b, unpark_flame_unref);
  g_free(job);
}

/* A tree that nobody else has, so that it can be weighed. */
static UnparkFlame *make_one(Job *job, gboolean base, GCancellable *cancellable, GError **error) {
  g_autoptr(UnparkFlameResult) result = unpark_flame_query_run(job->query, cancellable, error);
  if (!result)
    return NULL;
  unpark_flame_weigh(result->flame, base);
  return unpark_flame_ref(result->flame);
}

static gpointer make(gpointer data, GCancellable *cancellable, GError **error) {
  Job *job = data;
  job->offers = unpark_flame_offers(job->query->side.store, &job->first, cancellable, error);
  if (!job->offers)
    return NULL;
  if (job->offers->len == 0) {
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _("These files have no stacks."));
    return NULL;
  }
  if (!job->query->source) {
    const UnparkFlameOffer *offer = g_ptr_array_index(job->offers, job->first);
    job->query->source = g_strdup(offer->title);
    job->query->source_name = g_strdup(offer->name);
  }
  job->a = make_one(job, TRUE, cancellable, error);
  job->b = job->a ? make_one(job, FALSE, cancellable, error) : NULL;
  return NULL;
}

static void fill_sources(UnparkCompareFlames *self, const Job *job) {
  g_autoptr(GtkStringList) titles = gtk_string_list_new(NULL);
  for (guint i = 0; i < job->offers->len; i++)
    gtk_string_list_append(titles,
                           ((const UnparkFlameOffer *)g_ptr_array_index(job->offers, i))->title);
  g_clear_pointer(&self->offers, g_ptr_array_unref);
  self->offers = g_ptr_array_ref(job->offers);
  self->filling = TRUE;
  gtk_drop_down_set_model(GTK_DROP_DOWN(self->sources), G_LIST_MODEL(titles));
  gtk_drop_down_set_selected(GTK_DROP_DOWN(self->sources), job->first);
  self->filling = FALSE;
}

static void on_made(gpointer owner, gpointer data, gpointer result, const GError *error) {
  UnparkCompareFlames *self = owner;
  const Job *job = data;
  if (!self->offers && job->offers && job->offers->len > 0)
    fill_sources(self, job);
  gtk_label_set_text(GTK_LABEL(self->message), error ? error->message : "");
  gtk_widget_set_visible(self->message, error != NULL);
  gtk_widget_set_visible(self->graphs, error == NULL);
  unpark_flame_graph_set_flame(UNPARK_FLAME_GRAPH(self->a), job->a);
  unpark_flame_graph_set_flame(UNPARK_FLAME_GRAPH(self->b), job->b);
}

static void fill_side(UnparkFlameSide *side, const UnparkCompareAsk *ask, gpointer keeper) {
  *side = (UnparkFlameSide){.store = ask->store,
                            .keeper = keeper,
                            .from_ns = ask->from_ns,
                            .to_ns = ask->to_ns,
                            .who = UNPARK_FLAME_WHO_ALL,
                            .no_system = TRUE,
                            .task = UNPARK_NONE};
}

static void load(UnparkCompareFlames *self) {
  static const UnparkWork making = {make, on_made, job_free, NULL};
  guint chosen = gtk_drop_down_get_selected(GTK_DROP_DOWN(self->sources));
  UnparkFlameQuery query = {.has_base = TRUE, .no_idle = TRUE, .normalise = FALSE};
  self->stale = !gtk_widget_get_mapped(GTK_WIDGET(self));
  if (self->stale || !self->request)
    return;
  fill_side(&query.side, &self->request->b, self->request->keeper);
  fill_side(&query.base, &self->request->a, self->request->keeper);
  if (self->offers && chosen < self->offers->len) {
    const UnparkFlameOffer *offer = g_ptr_array_index(self->offers, chosen);
    query.source = offer->title;
    query.source_name = offer->name;
  }
  Job *job = g_new0(Job, 1);
  job->query = unpark_flame_query_copy(&query);
  unpark_worker_run(&self->worker, self, &making, job);
}

static void on_source(UnparkCompareFlames *self) {
  if (!self->filling)
    load(self);
}

void unpark_compare_flames_show(UnparkCompareFlames *self, UnparkCompareRequest *request) {
  gboolean other = !self->request || !request || self->request->b.store != request->b.store;
  g_clear_pointer(&self->request, unpark_compare_request_free);
  self->request = request;
  if (other)
    g_clear_pointer(&self->offers, g_ptr_array_unref);
  load(self);
}

/* ---- Widget -------------------------------------------------------------------------------- */

static void unpark_compare_flames_map(GtkWidget *widget) {
  GTK_WIDGET_CLASS(unpark_compare_flames_parent_class)->map(widget);
  if (UNPARK_COMPARE_FLAMES(widget)->stale)
    load(UNPARK_COMPARE_FLAMES(widget));
}

static void unpark_compare_flames_dispose(GObject *object) {
  UnparkCompareFlames *self = UNPARK_COMPARE_FLAMES(object);
  unpark_worker_cancel(&self->worker);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS(unpark_compare_flames_parent_class)->dispose(object);
}

static void unpark_compare_flames_finalize(GObject *object) {
  UnparkCompareFlames *self = UNPARK_COMPARE_FLAMES(object);
  g_clear_pointer(&self->request, unpark_compare_request_free);
  g_clear_pointer(&self->offers, g_ptr_array_unref);
  G_OBJECT_CLASS(unpark_compare_flames_parent_class)->finalize(object);
}

static void unpark_compare_flames_class_init(UnparkCompareFlamesClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = unpark_compare_flames_dispose;
  G_OBJECT_CLASS(class)->finalize = unpark_compare_flames_finalize;
  widget_class->map = unpark_compare_flames_map;
  g_type_ensure(UNPARK_TYPE_FLAME_GRAPH);
  gtk_widget_class_set_template_from_resource(widget_class,
                                              "/io/github/unpark/Unpark/ui/compare/flames.ui");
  gtk_widget_class_bind_template_child(widget_class, UnparkCompareFlames, box);
  gtk_widget_class_bind_template_child(widget_class, UnparkCompareFlames, sources);
  gtk_widget_class_bind_template_child(widget_class, UnparkCompareFlames, message);
  gtk_widget_class_bind_template_child(widget_class, UnparkCompareFlames, graphs);
  gtk_widget_class_bind_template_child(widget_class, UnparkCompareFlames, a);
  gtk_widget_class_bind_template_child(widget_class, UnparkCompareFlames, b);
  gtk_widget_class_bind_template_callback(widget_class, on_source);
}

static void unpark_compare_flames_init(UnparkCompareFlames *self) {
  gtk_widget_init_template(GTK_WIDGET(self));
  unpark_accessible_name(self->sources, _("What the flame graphs count"));
  unpark_flame_graph_set_colouring(UNPARK_FLAME_GRAPH(self->a), UNPARK_FLAME_COLOUR_CHANGE);
  unpark_flame_graph_set_colouring(UNPARK_FLAME_GRAPH(self->b), UNPARK_FLAME_COLOUR_CHANGE);
  unpark_flame_graph_set_title(UNPARK_FLAME_GRAPH(self->a), _("Difference, as wide as A"));
  unpark_flame_graph_set_title(UNPARK_FLAME_GRAPH(self->b), _("Difference, as wide as B"));
}
