/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/chain/model.h"

/* ---- rows --------------------------------------------------------------------------------- */

struct _UnparkChainItem {
  GObject parent_instance;

  UnparkChain *chain;
  gboolean is_sum;
  guint position;
};

G_DEFINE_FINAL_TYPE(UnparkChainItem, unpark_chain_item, G_TYPE_OBJECT)

static void unpark_chain_item_finalize(GObject *object) {
  unpark_chain_unref(UNPARK_CHAIN_ITEM(object)->chain);
  G_OBJECT_CLASS(unpark_chain_item_parent_class)->finalize(object);
}

static void unpark_chain_item_class_init(UnparkChainItemClass *class) {
  G_OBJECT_CLASS(class)->finalize = unpark_chain_item_finalize;
}

static void unpark_chain_item_init(UnparkChainItem *self) {
}

const UnparkLink *unpark_chain_item_link(UnparkChainItem *self) {
  return self->is_sum ? NULL : &self->chain->links[self->position];
}

const UnparkLinkSum *unpark_chain_item_sum(UnparkChainItem *self) {
  return self->is_sum ? &self->chain->sums[self->position] : NULL;
}

UnparkChain *unpark_chain_item_chain(UnparkChainItem *self) {
  return self->chain;
}

guint unpark_chain_item_index(UnparkChainItem *self) {
  if (!self->is_sum)
    return self->position;
  const UnparkLinkSum *sum = &self->chain->sums[self->position];
  for (guint i = 0; i < self->chain->n_links; i++) {
    const UnparkLink *link = &self->chain->links[i];
    if (link->kind == sum->kind && link->goroutine == sum->goroutine &&
        link->span.kind == sum->span_kind && link->share_ns == sum->longest_ns)
      return i;
  }
  return 0;
}

/* ---- the list -------------------------------------------------------------------------------- */

struct _UnparkChainModel {
  GObject parent_instance;

  UnparkChain *chain;
  gboolean sums;
};

static guint count(const UnparkChainModel *self) {
  if (!self->chain)
    return 0;
  return self->sums ? self->chain->n_sums : self->chain->n_links;
}

static GType get_item_type(GListModel *model) {
  return UNPARK_TYPE_CHAIN_ITEM;
}

static guint get_n_items(GListModel *model) {
  return count(UNPARK_CHAIN_MODEL(model));
}

static gpointer get_item(GListModel *model, guint position) {
  UnparkChainModel *self = UNPARK_CHAIN_MODEL(model);
  if (position >= count(self))
    return NULL;
  UnparkChainItem *item = g_object_new(UNPARK_TYPE_CHAIN_ITEM, NULL);
  item->chain = unpark_chain_ref(self->chain);
  item->is_sum = self->sums;
  item->position = position;
  return item;
}

static void init_list(GListModelInterface *iface) {
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE(UnparkChainModel, unpark_chain_model, G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(G_TYPE_LIST_MODEL, init_list))

static void unpark_chain_model_finalize(GObject *object) {
  g_clear_pointer(&UNPARK_CHAIN_MODEL(object)->chain, unpark_chain_unref);
  G_OBJECT_CLASS(unpark_chain_model_parent_class)->finalize(object);
}

static void unpark_chain_model_class_init(UnparkChainModelClass *class) {
  G_OBJECT_CLASS(class)->finalize = unpark_chain_model_finalize;
}

static void unpark_chain_model_init(UnparkChainModel *self) {
}

UnparkChainModel *unpark_chain_model_new(void) {
  return g_object_new(UNPARK_TYPE_CHAIN_MODEL, NULL);
}

void unpark_chain_model_set(UnparkChainModel *self, UnparkChain *chain, gboolean sums) {
  guint before = count(self);
  if (chain)
    unpark_chain_ref(chain);
  g_clear_pointer(&self->chain, unpark_chain_unref);
  self->chain = chain;
  self->sums = sums;
  g_list_model_items_changed(G_LIST_MODEL(self), 0, before, count(self));
}
