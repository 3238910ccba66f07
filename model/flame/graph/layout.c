/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/flame/graph/layout.h"

#include <math.h>
#include <string.h>

typedef struct {
  const UnparkFlame *flame;
  double from, to, scale, width, min_px;
  GArray *items;
  UnparkFlameLayout *layout;
} Work;

static double x_of(const Work *w, double at) {
  return (at - w->from) * w->scale;
}

static void put(Work *w, guint32 node, guint32 n_folded, double start, double end) {
  double x0 = CLAMP(x_of(w, start), 0, w->width), x1 = CLAMP(x_of(w, end), 0, w->width);
  UnparkFlameItem item = {node, n_folded, (float)x0, (float)(x1 - x0)};
  g_array_append_val(w->items, item);
}

/* Neighbours too narrow to see are one item. `mergeable`: index from which the last may grow. */
static void fold(Work *w, guint mergeable, guint32 first, guint32 next, double start, double end) {
  w->layout->n_folded += next - first;
  if (w->items->len > mergeable) {
    UnparkFlameItem *last = &g_array_index(w->items, UnparkFlameItem, w->items->len - 1);
    double x0 = CLAMP(x_of(w, start), 0, w->width), x1 = CLAMP(x_of(w, end), 0, w->width);
    if (last->n_folded > 0 && fabs((double)last->x + last->width - x0) < 0.01) {
      last->n_folded += next - first;
      last->width = (float)(x1 - (double)last->x);
      return;
    }
  }
  put(w, first, next - first, start, end);
}

/* The first child that reaches into the view. */
static guint32 first_visible(const Work *w, guint32 parent) {
  const UnparkFlameNode *nodes = w->flame->nodes;
  guint32 end = nodes[parent].end, first = parent + 1, after;
  if (first >= end || (double)nodes[parent].start >= w->from)
    return first;
  after = unpark_flame_find_start(w->flame, first, end, (gint64)floor(w->from) + 1);
  return after > first ? unpark_flame_child_towards(w->flame, parent, after - 1) : first;
}

static void add_children(Work *w, guint32 parent) {
  const UnparkFlameNode *nodes = w->flame->nodes;
  guint32 end = nodes[parent].end, next;
  guint mergeable = w->items->len;
  for (guint32 i = first_visible(w, parent); i < end; i = next) {
    double start = (double)nodes[i].start, stop = start + (double)nodes[i].weight;
    next = nodes[i].end;
    if (start >= w->to)
      return;
    if (stop <= w->from || nodes[i].weight == 0) {
      w->layout->n_folded += nodes[i].weight == 0 ? next - i : 0;
      continue;
    }
    if ((stop - start) * w->scale >= w->min_px) {
      put(w, i, 0, start, stop);
      w->layout->n_frames++;
      continue;
    }
    double limit = MIN(start + w->min_px / w->scale, 9.2e18);
    guint32 after = unpark_flame_find_start(w->flame, next, end, (gint64)ceil(limit));
    guint32 last = unpark_flame_child_towards(w->flame, parent, after - 1);
    /* What begins within the pixel may reach far beyond it. */
    gboolean wide = last > i && (double)nodes[last].weight * w->scale >= w->min_px;
    next = wide ? last : nodes[last].end;
    fold(w, mergeable, i, next, start,
         next < end ? (double)nodes[next].start
                    : MAX(stop, (double)(nodes[next - 1].start + nodes[next - 1].weight)));
  }
}

void unpark_flame_layout(const UnparkFlame *flame, double from, double to, double width,
                         double min_px, guint max_rows, UnparkFlameLayout *layout) {
  g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(guint));
  guint row_first = 0;
  *layout = (UnparkFlameLayout){0};
  Work w = {.flame = flame,
            .from = from,
            .to = to,
            .scale = to > from ? width / (to - from) : 0,
            .width = width,
            .min_px = MAX(min_px, 1e-6),
            .items = g_array_new(FALSE, FALSE, sizeof(UnparkFlameItem)),
            .layout = layout};
  g_array_append_val(rows, row_first);
  if (width > 0 && to > from && flame->nodes[0].weight > 0) {
    put(&w, 0, 0, 0, (double)flame->nodes[0].weight);
    layout->n_frames = 1;
  }
  while (w.items->len > row_first && (max_rows == 0 || rows->len <= max_rows)) {
    guint row_end = w.items->len;
    g_array_append_val(rows, row_end);
    if (max_rows > 0 && rows->len > max_rows)
      break;
    for (guint i = row_first; i < row_end; i++) {
      const UnparkFlameItem *item = &g_array_index(w.items, UnparkFlameItem, i);
      if (item->n_folded == 0)
        add_children(&w, item->node);
    }
    row_first = row_end;
  }
  layout->n_items = w.items->len;
  layout->items = (UnparkFlameItem *)(void *)g_array_free(w.items, FALSE);
  layout->n_rows = rows->len - 1;
  layout->rows = (guint *)(void *)g_array_free(g_steal_pointer(&rows), FALSE);
}

void unpark_flame_layout_clear(UnparkFlameLayout *layout) {
  g_clear_pointer(&layout->items, g_free);
  g_clear_pointer(&layout->rows, g_free);
  *layout = (UnparkFlameLayout){0};
}

const UnparkFlameItem *unpark_flame_layout_find(const UnparkFlameLayout *layout, guint row,
                                                double x) {
  guint low, high;
  if (row >= layout->n_rows)
    return NULL;
  low = layout->rows[row];
  high = layout->rows[row + 1];
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if ((double)layout->items[middle].x <= x)
      low = middle + 1;
    else
      high = middle;
  }
  if (low == layout->rows[row])
    return NULL;
  const UnparkFlameItem *item = &layout->items[low - 1];
  return x < (double)item->x + (double)item->width ? item : NULL;
}

/* ---- Labels --------------------------------------------------------------------------- */

guint unpark_flame_cells(const char *text) {
  guint cells = 0;
  for (const char *p = text; *p; p = g_utf8_next_char(p)) {
    gunichar c = g_utf8_get_char(p);
    cells += g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
  }
  return cells;
}

/* Behind the path of the package, and behind the package: places in `text`, or itself. */
static const char *without_path(const char *text) {
  gsize end = strcspn(text, "([ ");
  const char *from = text, *slash;
  while ((slash = memchr(from, '/', (gsize)(text + end - from))))
    from = slash + 1;
  return *from ? from : text;
}

static const char *without_package(const char *text) {
  const char *from = without_path(text);
  gsize end = strcspn(from, "([ /");
  const char *dot = memchr(from, '.', end);
  return dot && dot[1] && !g_str_has_suffix(text, ".go") ? dot + 1 : from;
}

char *unpark_flame_label(const char *text, guint cells) {
  const char *forms[] = {text, without_path(text), without_package(text)};
  guint used = 0;
  const char *p;
  for (gsize i = 0; i < G_N_ELEMENTS(forms); i++)
    if (unpark_flame_cells(forms[i]) <= cells)
      return g_strdup(forms[i]);
  if (cells < 4)
    return g_strdup("");
  for (p = forms[2]; *p; p = g_utf8_next_char(p)) {
    gunichar c = g_utf8_get_char(p);
    guint wide = g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
    if (used + wide > cells - 1)
      break;
    used += wide;
  }
  g_autofree char *head = g_strndup(forms[2], (gsize)(p - forms[2]));
  return g_strconcat(head, "…", NULL);
}
