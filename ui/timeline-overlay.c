#include "ui/timeline-overlay.h"

double unpark_overlay_x(const UnparkOverlay *o, double ns) {
  return o->lanes_x + unpark_axis_x(&o->axis, ns);
}

gboolean unpark_overlay_lane(const UnparkOverlay *o, gint64 goroutine, double *top, double *height,
                             gboolean *own) {
  const UnparkGoroutine *g = unpark_store_goroutine(o->store, goroutine);
  int n = unpark_rows_find(o->rows, UNPARK_ROW_GOROUTINE, goroutine);
  *own = n >= 0;
  if (n < 0 && g)
    n = unpark_rows_find_group(o->rows, g->name_id, g->system);
  if (n < 0)
    return FALSE;
  const UnparkRow *row = &o->rows->rows[n];
  *top = (double)row->y - o->scroll_y;
  *height = unpark_row_bar_height(row);
  return TRUE;
}
