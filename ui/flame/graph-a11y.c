/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is painted is invisible to assistive technology: the widget itself is called as the frame
 * that has the focus, and stand-in widgets tell the frames in sight that are wide enough to read.
 */
#include <glib/gi18n.h>
#include <string.h>

#include "ui/flame/graph-private.h"

#include "ui/kit/accessible.h"

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
  unpark_accessible_name(GTK_WIDGET(self), name ? name : title);
  unpark_canvas_tell_later(UNPARK_CANVAS(self));
}

void unpark_flame_graph_tell(UnparkCanvas *canvas) {
  UnparkFlameGraph *self = UNPARK_FLAME_GRAPH(canvas);
  const UnparkFlameLayout *layout = unpark_flame_graph_layout(self);
  double height = gtk_widget_get_height(GTK_WIDGET(self));
  for (guint row = self->skipped; self->flame && row < layout->n_rows; row++) {
    double y = unpark_flame_graph_row_y(self, row);
    if (y + FLAME_ROW <= 0 || y >= height)
      continue;
    for (guint i = layout->rows[row]; i < layout->rows[row + 1]; i++) {
      const UnparkFlameItem *item = &layout->items[i];
      if (item->width < MIN_PROXY_PX || unpark_canvas_get_n_told(canvas) >= MAX_PROXIES)
        continue;
      g_autofree char *name = unpark_flame_graph_sentence(self->flame, item->node, item->n_folded);
      GdkRectangle area = {(int)item->x, (int)y, (int)item->width, FLAME_ROW};
      unpark_canvas_tell(canvas, name, &area);
    }
  }
}
