/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/chain/view.h"

#include <glib/gi18n.h>

#include "ui/chain/model.h"
#include "ui/chain/row.h"
#include "ui/chain/text.h"
#include "ui/text/format.h"
#include "ui/kit/save-text.h"
#include "ui/kit/worker.h"

/* So many links fit a person's eye; of more the sums are shown first. */
#define LINKS_FIRST 40
/* Copied at most; all of a longer chain can be saved as a file. */
#define LINKS_COPIED 1000

struct _UnparkChainView {
  GtkWidget parent_instance;

  UnparkSession *session;
  GtkWidget *title, *answer, *previous, *next, *modes, *links_button, *sums_button, *list;
  GtkWidget *cut; /* says that the chain is cut, and where */
  UnparkChainModel *model;
  GtkSingleSelection *selection;
  UnparkChain *chain; /* that is shown, or whose places are being read */
  UnparkStore *store; /* of its texts */
  UnparkChainPlaces *places;
  UnparkWorker reading;
  gboolean syncing; /* we change the selection ourselves */
};

G_DEFINE_FINAL_TYPE(UnparkChainView, unpark_chain_view, GTK_TYPE_WIDGET)

/* ---- what is shown ---------------------------------------------------------------------- */

static gboolean shows_sums(UnparkChainView *self) {
  return gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(self->sums_button));
}

static void show_link(UnparkChainView *self) {
  int link = unpark_session_get_chain_link(self->session);
  guint n = g_list_model_get_n_items(G_LIST_MODEL(self->model));
  gboolean is_row = self->places && !shows_sums(self) && link >= 0 && (guint)link < n;
  self->syncing = TRUE;
  gtk_single_selection_set_selected(self->selection,
                                    is_row ? (guint)link : GTK_INVALID_LIST_POSITION);
  self->syncing = FALSE;
  if (is_row)
    gtk_widget_activate_action(self->list, "list.scroll-to-item", "u", (guint)link);
  gtk_widget_set_sensitive(self->previous, link > 0);
  gtk_widget_set_sensitive(self->next, self->chain && link + 1 < (int)self->chain->n_links);
}

static void show_rows(UnparkChainView *self) {
  self->syncing = TRUE;
  unpark_chain_model_set(self->model, self->places ? self->chain : NULL, shows_sums(self));
  self->syncing = FALSE;
  show_link(self);
  g_signal_emit_by_name(self, "rows-changed");
}

/* The last link of a chain that was cut stands for all that came before. */
static void show_cut(UnparkChainView *self) {
  const UnparkChain *chain = self->chain;
  char count[UNPARK_FORMAT_SIZE], left[UNPARK_FORMAT_SIZE], at[UNPARK_FORMAT_SIZE];
  gtk_widget_set_visible(self->cut, chain->cut);
  if (!chain->cut || chain->n_links == 0)
    return;
  const UnparkLink *last = &chain->links[chain->n_links - 1];
  g_autofree char *text = g_strdup_printf(
      _("Stopped after %s links, at %s: the first %s remain unexplained."),
      unpark_format_count(chain->n_links - 1, count), unpark_format_time(last->to_ns, 1000, at),
      unpark_format_duration(last->to_ns - last->from_ns, left));
  gtk_label_set_text(GTK_LABEL(self->cut), text);
}

static void show_chain(UnparkChainView *self) {
  char n_links[UNPARK_FORMAT_SIZE], n_sums[UNPARK_FORMAT_SIZE];
  g_autofree char *title = unpark_chain_title(self->store, self->chain);
  g_autofree char *links = g_strdup_printf(ngettext("%s Step", "%s Steps", self->chain->n_links),
                                           unpark_format_count(self->chain->n_links, n_links));
  g_autofree char *sums =
      g_strdup_printf(ngettext("Summary (%s)", "Summary (%s)", self->chain->n_sums),
                      unpark_format_count(self->chain->n_sums, n_sums));
  g_autofree char *answer = unpark_chain_answer(self->store, self->places, self->chain);
  gtk_label_set_text(GTK_LABEL(self->title), title);
  gtk_label_set_text(GTK_LABEL(self->answer), answer ? answer : "");
  gtk_widget_set_visible(self->answer, answer != NULL);
  gtk_button_set_label(GTK_BUTTON(self->links_button), links);
  gtk_button_set_label(GTK_BUTTON(self->sums_button), sums);
  gtk_widget_set_visible(self->modes, self->chain->n_sums > 1 && self->chain->n_links > 2);
  gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(self->sums_button),
                               self->chain->n_links > LINKS_FIRST);
  gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(self->links_button),
                               self->chain->n_links <= LINKS_FIRST);
  show_cut(self);
  gtk_widget_set_visible(GTK_WIDGET(self), TRUE);
  show_rows(self);
}

/* ---- places, in a worker -------------------------------------------------------------------- */

typedef struct {
  UnparkStore *store;
  UnparkChain *chain;
} Reading;

static void reading_free(gpointer data) {
  Reading *reading = data;
  unpark_store_unref(reading->store);
  unpark_chain_unref(reading->chain);
  g_free(reading);
}

static gpointer read_places(gpointer data, GCancellable *cancellable, GError **error) {
  const Reading *reading = data;
  return unpark_chain_places_read(reading->store, reading->chain, cancellable, error);
}

static void on_read(gpointer owner, gpointer data, gpointer result, const GError *error) {
  UnparkChainView *self = owner;
  if (!result)
    return;
  self->places = result;
  show_chain(self);
}

static void forget(UnparkChainView *self) {
  unpark_worker_cancel(&self->reading);
  g_clear_pointer(&self->places, unpark_chain_places_unref);
  g_clear_pointer(&self->chain, unpark_chain_unref);
  g_clear_pointer(&self->store, unpark_store_unref);
}

static void on_chain(UnparkChainView *self) {
  static const UnparkWork work = {read_places, on_read, reading_free,
                                  (GDestroyNotify)unpark_chain_places_unref};
  UnparkChain *chain = unpark_session_get_chain(self->session);
  if (chain == self->chain) {
    /* One walks from link to link: that is seen among the links. */
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(self->links_button), TRUE);
    if (chain && self->places)
      show_link(self);
    return;
  }
  forget(self);
  if (!chain) {
    gtk_widget_set_visible(GTK_WIDGET(self), FALSE);
    show_rows(self);
    return;
  }
  self->chain = unpark_chain_ref(chain);
  self->store = unpark_store_ref(unpark_session_get_store(self->session));
  Reading *reading = g_new0(Reading, 1);
  reading->store = unpark_store_ref(self->store);
  reading->chain = unpark_chain_ref(chain);
  unpark_worker_run(&self->reading, self, &work, reading);
}

/* ---- text ------------------------------------------------------------------------------- */

char *unpark_chain_view_text(UnparkChainView *self) {
  if (!self->chain || !self->places)
    return g_strdup("");
  return unpark_chain_text(self->store, self->places, self->chain, LINKS_COPIED);
}

static void on_copy(UnparkChainView *self) {
  g_autofree char *text = unpark_chain_view_text(self);
  gtk_widget_activate_action(GTK_WIDGET(self), "win.copy", "s", text);
}

/* What a text is made of, in a worker: a long chain has tens of thousands of lines. */
typedef struct {
  UnparkStore *store;
  UnparkChain *chain;
  UnparkChainPlaces *places;
} Text;

static void text_free(gpointer data) {
  Text *text = data;
  unpark_store_unref(text->store);
  unpark_chain_unref(text->chain);
  unpark_chain_places_unref(text->places);
  g_free(text);
}

static char *make_text(gpointer data) {
  const Text *text = data;
  return unpark_chain_text(text->store, text->places, text->chain, 0);
}

static void on_save(UnparkChainView *self) {
  if (!self->chain || !self->places)
    return;
  Text *text = g_new0(Text, 1);
  *text = (Text){unpark_store_ref(self->store), unpark_chain_ref(self->chain),
                 unpark_chain_places_ref(self->places)};
  unpark_save_text(GTK_WIDGET(self), _("Save the Wait Chain as Text"), "wait-chain.txt", make_text,
                   text, text_free);
}

/* ---- rows ------------------------------------------------------------------------------- */

static void on_setup(GtkSignalListItemFactory *factory, GtkListItem *item) {
  gtk_list_item_set_child(item, unpark_chain_row_new());
}

static void on_bind(GtkSignalListItemFactory *factory, GtkListItem *item, UnparkChainView *self) {
  unpark_chain_row_set(UNPARK_CHAIN_ROW(gtk_list_item_get_child(item)), self->store, self->places,
                       UNPARK_CHAIN_ITEM(gtk_list_item_get_item(item)));
}

static void on_selected(UnparkChainView *self) {
  g_autoptr(UnparkChainItem) item = NULL;
  guint at = gtk_single_selection_get_selected(self->selection);
  if (self->syncing || at == GTK_INVALID_LIST_POSITION)
    return;
  item = g_list_model_get_item(G_LIST_MODEL(self->model), at);
  if (item)
    unpark_session_go_to_link(self->session, unpark_chain_item_index(item));
}

static void on_previous(UnparkChainView *self) {
  unpark_session_step_chain(self->session, -1);
}

static void on_next(UnparkChainView *self) {
  unpark_session_step_chain(self->session, 1);
}

/* ---- the widget ---------------------------------------------------------------------------- */

static void unpark_chain_view_dispose(GObject *object) {
  UnparkChainView *self = UNPARK_CHAIN_VIEW(object);
  forget(self);
  if (self->selection)
    g_signal_handlers_disconnect_by_data(self->selection, self);
  gtk_widget_dispose_template(GTK_WIDGET(self), UNPARK_TYPE_CHAIN_VIEW);
  for (GtkWidget *child; (child = gtk_widget_get_first_child(GTK_WIDGET(self)));)
    gtk_widget_unparent(child);
  g_clear_object(&self->selection);
  g_clear_object(&self->model);
  g_clear_object(&self->session);
  G_OBJECT_CLASS(unpark_chain_view_parent_class)->dispose(object);
}

static void unpark_chain_view_class_init(UnparkChainViewClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  g_signal_new("rows-changed", UNPARK_TYPE_CHAIN_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
               G_TYPE_NONE, 0);
  G_OBJECT_CLASS(class)->dispose = unpark_chain_view_dispose;
  gtk_widget_class_set_template_from_resource(widget_class,
                                              "/io/github/unpark/Unpark/ui/chain/view.ui");
  gtk_widget_class_bind_template_child(widget_class, UnparkChainView, title);
  gtk_widget_class_bind_template_child(widget_class, UnparkChainView, answer);
  gtk_widget_class_bind_template_child(widget_class, UnparkChainView, previous);
  gtk_widget_class_bind_template_child(widget_class, UnparkChainView, next);
  gtk_widget_class_bind_template_child(widget_class, UnparkChainView, modes);
  gtk_widget_class_bind_template_child(widget_class, UnparkChainView, links_button);
  gtk_widget_class_bind_template_child(widget_class, UnparkChainView, sums_button);
  gtk_widget_class_bind_template_child(widget_class, UnparkChainView, cut);
  gtk_widget_class_bind_template_child(widget_class, UnparkChainView, list);
  gtk_widget_class_bind_template_callback(widget_class, on_previous);
  gtk_widget_class_bind_template_callback(widget_class, on_next);
  gtk_widget_class_bind_template_callback(widget_class, on_copy);
  gtk_widget_class_bind_template_callback(widget_class, on_save);
  gtk_widget_class_bind_template_callback(widget_class, show_rows);
  gtk_widget_class_bind_template_callback(widget_class, on_setup);
  gtk_widget_class_bind_template_callback(widget_class, on_bind);
}

static void unpark_chain_view_init(UnparkChainView *self) {
  gtk_widget_init_template(GTK_WIDGET(self));
  self->model = unpark_chain_model_new();
  self->selection = gtk_single_selection_new(G_LIST_MODEL(g_object_ref(self->model)));
  gtk_single_selection_set_autoselect(self->selection, FALSE);
  gtk_single_selection_set_can_unselect(self->selection, TRUE);
  g_signal_connect_swapped(self->selection, "notify::selected", G_CALLBACK(on_selected), self);
  gtk_list_view_set_model(GTK_LIST_VIEW(self->list), GTK_SELECTION_MODEL(self->selection));
}

GtkWidget *unpark_chain_view_new(UnparkSession *session) {
  UnparkChainView *self = g_object_new(UNPARK_TYPE_CHAIN_VIEW, NULL);
  self->session = g_object_ref(session);
  g_signal_connect_object(session, "chain-changed", G_CALLBACK(on_chain), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET(self);
}
