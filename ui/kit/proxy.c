/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/kit/proxy.h"

#include "ui/kit/accessible.h"

struct _UnparkProxy {
  GtkWidget parent_instance;

  char *name;
  GdkRectangle area;
};

G_DEFINE_FINAL_TYPE(UnparkProxy, unpark_proxy, GTK_TYPE_WIDGET)

static void unpark_proxy_finalize(GObject *object) {
  g_free(UNPARK_PROXY(object)->name);
  G_OBJECT_CLASS(unpark_proxy_parent_class)->finalize(object);
}

static void unpark_proxy_class_init(UnparkProxyClass *class) {
  G_OBJECT_CLASS(class)->finalize = unpark_proxy_finalize;
  gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(class), GTK_ACCESSIBLE_ROLE_LIST_ITEM);
}

static void unpark_proxy_init(UnparkProxy *self) {
  gtk_widget_set_can_target(GTK_WIDGET(self), FALSE);
}

GtkWidget *unpark_proxy_new(void) {
  return g_object_new(UNPARK_TYPE_PROXY, NULL);
}

void unpark_proxy_set(UnparkProxy *self, const char *name, const GdkRectangle *area) {
  self->area = *area;
  if (g_strcmp0(name, self->name) == 0)
    return;
  g_free(self->name);
  self->name = g_strdup(name);
  unpark_accessible_name(GTK_WIDGET(self), name);
}

void unpark_proxy_allocate(UnparkProxy *self) {
  GtkAllocation allocation = {self->area.x, self->area.y, MAX(self->area.width, 1),
                              MAX(self->area.height, 1)};
  int minimum, natural;
  /* GTK wants to be asked before it is told. */
  gtk_widget_measure(GTK_WIDGET(self), GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL,
                     NULL);
  gtk_widget_size_allocate(GTK_WIDGET(self), &allocation, -1);
}
