/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames are painted into one picture of the visible rows, names are laid over it; both are kept
 * as one render node until something changes. Pointer and focus are outlines on top. */
#include <adwaita.h>
#include <math.h>

#include "ui/flame/graph-private.h"
#include "ui/kit/rgba.h"

/* Of names that were never laid out, so many a frame: laying out is what costs. */
#define MAX_NEW_TEXTS 60
/* More names in sight than the cache holds would never be done. */
#define MAX_PASSES 60
#define MIN_LABEL_PX 24
#define PAD 4

typedef struct {
  UnparkFlameGraph *self;
  GtkSnapshot *snapshot;
  const UnparkFlameLayout *layout;
  gboolean dark;
  guint first_row, last_row; /* in sight */
  int scale;
  guint32 *pixels;
  int width, height; /* of the picture, device pixels */
  UnparkTextCache *texts;
  guint texts_before;  /* laid out before this frame */
  gboolean incomplete; /* names are missing: the frame's time was over */
} Frame;

static guint32 blend(guint32 a, guint32 b, double share) {
  guint32 out = 0;
  for (guint shift = 0; shift < 24; shift += 8) {
    double x = (a >> shift) & 255, y = (b >> shift) & 255;
    out |= (guint32)lround(x + (y - x) * share) << shift;
  }
  return out;
}

/* ---- Frames ------------------------------------------------------------------------------ */

static gboolean is_match(const UnparkFlameGraph *self, const UnparkFlameItem *item) {
  const UnparkFlameMatches *m = &self->matches;
  if (item->n_folded > 0)
    return m->before[item->node + item->n_folded] > m->before[item->node];
  return m->names[self->flame->nodes[item->node].name];
}

static guint class_of(const UnparkFlameGraph *self, const UnparkFlameItem *item) {
  if (self->matches.names && is_match(self, item))
    return UNPARK_FLAME_CLASS_MATCH;
  if (item->n_folded > 0)
    return UNPARK_FLAME_CLASS_FOLDED;
  return unpark_flame_class(self->flame, item->node, self->colouring);
}

/* What is not looked for, and what is around the zoomed frame, steps back. */
static gboolean is_faded(const UnparkFlameGraph *self, const UnparkFlameItem *item) {
  if (self->matches.names)
    return !is_match(self, item);
  return item->node < self->zoom && self->flame->nodes[item->node].end > self->zoom &&
         item->n_folded == 0;
}

static guint32 fill_of(const Frame *f, const UnparkFlameItem *item) {
  guint32 fill = unpark_flame_fill(class_of(f->self, item), f->dark);
  if (is_faded(f->self, item))
    fill = blend(fill, unpark_palette_ink(UNPARK_INK_BACKGROUND, f->dark), 0.55);
  return fill | 0xff000000u;
}

static void fill(const Frame *f, int x0, int x1, int y0, int y1, guint32 color) {
  for (int y = MAX(y0, 0); y < MIN(y1, f->height); y++) {
    guint32 *row = f->pixels + (gsize)y * (gsize)f->width;
    for (int x = x0; x < x1; x++)
      row[x] = color;
  }
}

static void fill_row(const Frame *f, guint row) {
  int y0 = (int)lround(unpark_flame_graph_row_y(f->self, row) * f->scale);
  int y1 = y0 + (FLAME_ROW - 1) * f->scale;
  for (guint i = f->layout->rows[row]; i < f->layout->rows[row + 1]; i++) {
    const UnparkFlameItem *item = &f->layout->items[i];
    int x0 = (int)lround((double)item->x * f->scale);
    int x1 = (int)lround(((double)item->x + (double)item->width) * f->scale);
    if (x1 - x0 > 2 * f->scale)
      x1 -= f->scale; /* a gap to the neighbour */
    x1 = MIN(MAX(x1, x0 + 1), f->width);
    fill(f, x0, x1, y0, y1, fill_of(f, item));
  }
}

static void append_frames(Frame *f) {
  f->pixels = g_new0(guint32, (gsize)f->width * (gsize)f->height);
  for (guint row = f->first_row; row < f->last_row; row++)
    fill_row(f, row);
  gsize size = (gsize)f->width * (gsize)f->height * sizeof(guint32);
  g_autoptr(GBytes) bytes = g_bytes_new_take(f->pixels, size);
  /* As cairo has it: 32 bits, alpha first, in the machine's byte order. */
  g_autoptr(GdkTexture) texture =
      gdk_memory_texture_new(f->width, f->height, GDK_MEMORY_DEFAULT, bytes, (gsize)f->width * 4);
  gtk_snapshot_append_texture(f->snapshot, texture,
                              &GRAPHENE_RECT_INIT(0, 0, (float)f->width / (float)f->scale,
                                                  (float)f->height / (float)f->scale));
}

/* ---- Names ------------------------------------------------------------------------------ */

/* A text of the cache, or NULL: it was never laid out, and there is no time now. */
static PangoLayout *get_text(Frame *f, const char *text, int *width, int *height) {
  if (unpark_text_cache_n_made(f->texts) - f->texts_before >= MAX_NEW_TEXTS &&
      !unpark_text_cache_has(f->texts, UNPARK_TEXT_NORMAL, text)) {
    f->incomplete = TRUE;
    return NULL;
  }
  return unpark_text_cache_get(f->texts, UNPARK_TEXT_NORMAL, text, width, height);
}

/* The longest form of the name that fits in `room`; the last one is cut. */
static PangoLayout *fit(Frame *f, const char *name, double room, int *width, int *height) {
  guint cells = unpark_text_cache_chars(f->texts, UNPARK_TEXT_NORMAL, room);
  g_autofree char *before = NULL;
  PangoLayout *layout = NULL;
  /* Widths of letters differ: the estimate may be too hopeful, so it is tried again with less. */
  for (guint attempt = 0; attempt < 4 && cells > 0; attempt++) {
    g_autofree char *label = unpark_flame_label(name, cells);
    if (!*label)
      return NULL;
    if (g_strcmp0(label, before) != 0)
      layout = get_text(f, label, width, height);
    if (!layout || *width <= room)
      return layout;
    cells = MIN(cells - 1, (guint)(cells * room / *width));
    g_free(before);
    before = g_steal_pointer(&label);
  }
  return layout;
}

static void append_name(Frame *f, const UnparkFlameItem *item, double y) {
  UnparkFlameGraph *self = f->self;
  double x = (double)item->x + PAD, room = (double)item->width - 2 * PAD;
  int width, height;
  PangoLayout *layout =
      fit(f, unpark_flame_name(self->flame, item->node)->text, room, &width, &height);
  if (!layout)
    return;
  guint32 color = unpark_flame_ink(class_of(self, item), f->dark);
  if (is_faded(self, item))
    color = unpark_palette_ink(UNPARK_INK_TEXT, f->dark);
  GdkRGBA ink = unpark_rgba(color, is_faded(self, item) ? 0.8 : 1);
  gtk_snapshot_save(f->snapshot);
  if (width > room)
    gtk_snapshot_push_clip(
        f->snapshot, &GRAPHENE_RECT_INIT((float)x, (float)y, (float)room, (float)(FLAME_ROW - 1)));
  gtk_snapshot_translate(
      f->snapshot,
      &GRAPHENE_POINT_INIT((float)x, (float)(y + floor((FLAME_ROW - 1 - height) / 2.0))));
  gtk_snapshot_append_layout(f->snapshot, layout, &ink);
  gtk_snapshot_restore(f->snapshot);
  if (width > room)
    gtk_snapshot_pop(f->snapshot);
}

static void append_names(Frame *f) {
  f->texts_before = unpark_text_cache_n_made(f->texts);
  f->incomplete = FALSE;
  for (guint row = f->first_row; row < f->last_row; row++) {
    double y = unpark_flame_graph_row_y(f->self, row);
    for (guint i = f->layout->rows[row]; i < f->layout->rows[row + 1]; i++)
      if (f->layout->items[i].n_folded == 0 && f->layout->items[i].width >= MIN_LABEL_PX)
        append_name(f, &f->layout->items[i], y);
  }
}

/* ---- Outlines ------------------------------------------------------------------------------- */

static void outline(const Frame *f, double x, double y, double width, guint32 rgb, float thick) {
  GskRoundedRect rect;
  GdkRGBA color = unpark_rgba(rgb, 1);
  gsk_rounded_rect_init_from_rect(
      &rect, &GRAPHENE_RECT_INIT((float)x, (float)y, (float)MAX(width, 2), (float)(FLAME_ROW - 1)),
      0);
  gtk_snapshot_append_border(f->snapshot, &rect, (float[4]){thick, thick, thick, thick},
                             (GdkRGBA[4]){color, color, color, color});
}

static void outline_node(const Frame *f, guint32 node, guint32 rgb, float thick) {
  const UnparkFlameItem *item = unpark_flame_layout_item(f->self->flame, f->layout, node);
  if (item)
    outline(f, (double)item->x,
            unpark_flame_graph_row_y(f->self, f->self->flame->nodes[node].depth),
            (double)item->width, rgb, thick);
}

static void append_marked(Frame *f) {
  guint32 rgb = unpark_palette_ink(UNPARK_INK_TEXT, f->dark);
  if (f->self->marked == G_MAXUINT32)
    return;
  for (guint row = f->first_row; row < f->last_row; row++)
    for (guint i = f->layout->rows[row]; i < f->layout->rows[row + 1]; i++) {
      const UnparkFlameItem *item = &f->layout->items[i];
      if (item->n_folded == 0 && f->self->flame->nodes[item->node].name == f->self->marked)
        outline(f, (double)item->x, unpark_flame_graph_row_y(f->self, row), (double)item->width,
                rgb, 1.5f);
    }
}

/* ---- All --------------------------------------------------------------------------------- */

static void rows_in_sight(Frame *f) {
  double height = gtk_widget_get_height(GTK_WIDGET(f->self));
  f->first_row = f->layout->n_rows;
  f->last_row = 0;
  for (guint row = f->self->skipped; row < f->layout->n_rows; row++) {
    double y = unpark_flame_graph_row_y(f->self, row);
    if (y + FLAME_ROW <= 0 || y >= height)
      continue;
    f->first_row = MIN(f->first_row, row);
    f->last_row = row + 1;
  }
}

static gboolean repaint(GtkWidget *widget, GdkFrameClock *clock, gpointer data) {
  g_clear_pointer(&UNPARK_FLAME_GRAPH(widget)->painted, gsk_render_node_unref);
  gtk_widget_queue_draw(widget);
  return G_SOURCE_REMOVE;
}

static GskRenderNode *paint_all(Frame *f) {
  f->snapshot = gtk_snapshot_new();
  append_frames(f);
  append_names(f);
  append_marked(f);
  if (f->incomplete && f->self->n_passes++ < MAX_PASSES)
    gtk_widget_add_tick_callback(GTK_WIDGET(f->self), repaint, NULL, NULL);
  return gtk_snapshot_free_to_node(f->snapshot);
}

void unpark_flame_graph_paint(UnparkFlameGraph *self, GtkSnapshot *snapshot) {
  int width = gtk_widget_get_width(GTK_WIDGET(self)),
      height = gtk_widget_get_height(GTK_WIDGET(self));
  int scale = gtk_widget_get_scale_factor(GTK_WIDGET(self));
  Frame f = {.self = self,
             .texts = unpark_canvas_get_texts(UNPARK_CANVAS(self)),
             .layout = unpark_flame_graph_layout(self),
             .dark = adw_style_manager_get_dark(adw_style_manager_get_default()),
             .scale = scale,
             .width = width * scale,
             .height = height * scale};
  GdkRGBA paper = unpark_rgba(unpark_palette_ink(UNPARK_INK_BACKGROUND, f.dark), 1);
  gtk_snapshot_append_color(snapshot, &paper,
                            &GRAPHENE_RECT_INIT(0, 0, (float)width, (float)height));
  if (!self->flame || width <= 0 || height <= 0 || f.layout->n_items == 0)
    return;
  rows_in_sight(&f);
  if (!self->painted)
    self->painted = paint_all(&f);
  if (self->painted)
    gtk_snapshot_append_node(snapshot, self->painted);
  f.snapshot = snapshot;
  if (self->hover != NO_FRAME)
    outline_node(&f, self->hover, unpark_palette_ink(UNPARK_INK_TEXT, f.dark), 1);
  if (gtk_widget_has_focus(GTK_WIDGET(self)))
    outline_node(&f, self->focus, unpark_palette_ink(UNPARK_INK_ACCENT, f.dark), 2);
}
