/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is painted is invisible to assistive technology: the widget itself is called as the frame
 * that has the focus, and stand-in widgets tell the frames in sight that are wide enough to read.
 */
#include <glib/gi18n.h>
#include <string.h>

#include "ui/flame/graph-private.h"
#include "ui/kit/proxy.h"

#define UPDATE_DELAY_MS 200
#define MAX_PROXIES 120
#define MIN_PROXY_PX 6

/* The lines of the tooltip as one sentence. */
static char *joined(const char *text) {
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  return g_strjoinv(", ", lines);
}

char *unpark_flame_graph_sentence(const UnparkFlame *flame, guint32 node, guint32 n_folded) {
  char count[UNPARK_FLAME_TEXT_SIZE];
  if (n_folded > 0)
    return g_strdup_printf(ngettext("%s frame too narrow to be seen: zoom in",
                                    "%s frames too narrow to be seen: zoom in", n_folded),
                           unpark_flame_format(n_folded, "count", count));
  g_autofree char *text = unpark_flame_describe(flame, node);
  return joined(text);
}

void unpark_flame_graph_announce(UnparkFlameGraph *self) {
  g_autofree char *name = NULL;
  const char *title = self->title ? self->title : _("Flame graph");
  if (self->flame && gtk_widget_has_focus(GTK_WIDGET(self)))
    name = unpark_flame_graph_sentence(self->flame, self->focus, 0);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 name ? name : title, -1);
  unpark_flame_graph_update_proxies_later(self);
}

static void add_proxy(UnparkFlameGraph *self, guint *used, const UnparkFlameItem *item, double y) {
  if (*used == self->proxies->len) {
    GtkWidget *proxy = unpark_proxy_new();
    gtk_widget_set_parent(proxy, GTK_WIDGET(self));
    g_ptr_array_add(self->proxies, proxy);
  }
  GtkWidget *proxy = self->proxies->pdata[(*used)++];
  g_autofree char *name = unpark_flame_graph_sentence(self->flame, item->node, item->n_folded);
  GdkRectangle area = {(int)item->x, (int)y, (int)item->width, FLAME_ROW};
  gtk_widget_set_visible(proxy, TRUE);
  unpark_proxy_set(UNPARK_PROXY(proxy), name, &area);
}

static void update_proxies(UnparkFlameGraph *self) {
  const UnparkFlameLayout *layout = unpark_flame_graph_layout(self);
  double height = gtk_widget_get_height(GTK_WIDGET(self));
  guint used = 0;
  for (guint row = self->skipped; self->flame && row < layout->n_rows && used < MAX_PROXIES;
       row++) {
    double y = unpark_flame_graph_row_y(self, row);
    if (y + FLAME_ROW <= 0 || y >= height)
      continue;
    for (guint i = layout->rows[row]; i < layout->rows[row + 1] && used < MAX_PROXIES; i++)
      if (layout->items[i].width >= MIN_PROXY_PX)
        add_proxy(self, &used, &layout->items[i], y);
  }
  for (guint i = used; i < self->proxies->len; i++)
    gtk_widget_set_visible(self->proxies->pdata[i], FALSE);
  gtk_widget_queue_allocate(GTK_WIDGET(self));
}

static gboolean update_now(gpointer data) {
  UnparkFlameGraph *self = data;
  self->proxies_source = 0;
  update_proxies(self);
  return G_SOURCE_REMOVE;
}

void unpark_flame_graph_update_proxies_later(UnparkFlameGraph *self) {
  g_clear_handle_id(&self->proxies_source, g_source_remove);
  if (self->proxies)
    self->proxies_source = g_timeout_add(UPDATE_DELAY_MS, update_now, self);
}

void unpark_flame_graph_allocate_proxies(UnparkFlameGraph *self) {
  for (guint i = 0; i < self->proxies->len; i++)
    if (gtk_widget_should_layout(self->proxies->pdata[i]))
      unpark_proxy_allocate(self->proxies->pdata[i]);
}
