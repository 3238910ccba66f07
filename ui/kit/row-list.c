/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/kit/row-list.h"

struct _UnparkRowList {
  GObject parent_instance;
  gpointer data;
  gpointer (*ref)(gpointer);
  GDestroyNotify unref;
  guint32 first;
  guint n;
  UnparkProfileItem *kept;
};

static GType get_item_type(GListModel *model) {
  return UNPARK_TYPE_PROFILE_ITEM;
}

static guint get_n_items(GListModel *model) {
  return UNPARK_ROW_LIST(model)->n;
}

static gpointer get_item(GListModel *model, guint position) {
  UnparkRowList *self = UNPARK_ROW_LIST(model);
  if (position >= self->n)
    return NULL;
  if (self->kept && unpark_profile_item_get_row(self->kept) == self->first + position)
    return g_object_ref(self->kept);
  return unpark_profile_item_new(self->ref(self->data), self->first + position, self->unref);
}

static void model_init(GListModelInterface *iface) {
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE(UnparkRowList, unpark_row_list, G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(G_TYPE_LIST_MODEL, model_init))

static void clear(UnparkRowList *self) {
  g_clear_object(&self->kept);
  if (self->data)
    self->unref(self->data);
  self->data = NULL;
}

static void unpark_row_list_finalize(GObject *object) {
  clear(UNPARK_ROW_LIST(object));
  G_OBJECT_CLASS(unpark_row_list_parent_class)->finalize(object);
}

static void unpark_row_list_class_init(UnparkRowListClass *class) {
  G_OBJECT_CLASS(class)->finalize = unpark_row_list_finalize;
}

static void unpark_row_list_init(UnparkRowList *self) {
}

UnparkRowList *unpark_row_list_new(void) {
  return g_object_new(UNPARK_TYPE_ROW_LIST, NULL);
}

void unpark_row_list_keep(UnparkRowList *self, UnparkProfileItem *item) {
  gboolean ours = item && unpark_profile_item_get_data(item) == self->data;
  UnparkProfileItem *kept = ours ? item : NULL;
  g_set_object(&self->kept, kept);
}

void unpark_row_list_set(UnparkRowList *self, gpointer data, guint32 first, guint n,
                         gpointer (*ref)(gpointer), GDestroyNotify unref) {
  guint before = self->n;
  gpointer kept = ref(data);
  clear(self);
  self->data = kept;
  self->ref = ref;
  self->unref = unref;
  self->first = first;
  self->n = n;
  g_list_model_items_changed(G_LIST_MODEL(self), 0, before, n);
}
