/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/kit/text-cache.h"

#define MAX_LAYOUTS 4000

typedef struct {
  PangoLayout *layout;
  int width, height;
  GskRenderNode *nodes[2]; /* in the colours used last; NULL */
  GdkRGBA colors[2];
} Text;

struct _UnparkTextCache {
  GtkWidget *widget; /* the owner */
  GHashTable *texts[UNPARK_N_TEXTS];
  double char_width[UNPARK_N_TEXTS];
  guint n_made;
};

static void text_free(gpointer data) {
  Text *t = data;
  for (guint i = 0; i < G_N_ELEMENTS(t->nodes); i++)
    g_clear_pointer(&t->nodes[i], gsk_render_node_unref);
  g_object_unref(t->layout);
  g_free(t);
}

UnparkTextCache *unpark_text_cache_new(GtkWidget *widget) {
  UnparkTextCache *cache = g_new0(UnparkTextCache, 1);
  cache->widget = widget;
  for (guint i = 0; i < UNPARK_N_TEXTS; i++)
    cache->texts[i] = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, text_free);
  return cache;
}

void unpark_text_cache_clear(UnparkTextCache *cache) {
  for (guint i = 0; i < UNPARK_N_TEXTS; i++) {
    g_hash_table_remove_all(cache->texts[i]);
    cache->char_width[i] = 0;
  }
}

void unpark_text_cache_free(UnparkTextCache *cache) {
  for (guint i = 0; i < UNPARK_N_TEXTS; i++)
    g_hash_table_unref(cache->texts[i]);
  g_free(cache);
}

static Text *make(UnparkTextCache *cache, UnparkTextStyle style, const char *text) {
  g_autoptr(PangoAttrList) attributes = pango_attr_list_new();
  Text *t = g_new0(Text, 1);
  t->layout = gtk_widget_create_pango_layout(cache->widget, text);
  if (style == UNPARK_TEXT_BOLD)
    pango_attr_list_insert(attributes, pango_attr_weight_new(PANGO_WEIGHT_BOLD));
  else
    pango_attr_list_insert(attributes,
                           pango_attr_scale_new(style == UNPARK_TEXT_SMALL ? 0.82 : 0.92));
  pango_layout_set_single_paragraph_mode(t->layout, TRUE);
  pango_layout_set_attributes(t->layout, attributes);
  pango_layout_get_pixel_size(t->layout, &t->width, &t->height);
  return t;
}

static Text *lookup(UnparkTextCache *cache, UnparkTextStyle style, const char *text) {
  Text *t = g_hash_table_lookup(cache->texts[style], text);
  if (!t) {
    if (g_hash_table_size(cache->texts[style]) >= MAX_LAYOUTS)
      g_hash_table_remove_all(cache->texts[style]);
    t = make(cache, style, text);
    cache->n_made++;
    g_hash_table_insert(cache->texts[style], g_strdup(text), t);
  }
  return t;
}

PangoLayout *unpark_text_cache_get(UnparkTextCache *cache, UnparkTextStyle style, const char *text,
                                   int *width, int *height) {
  const Text *t = lookup(cache, style, text);
  if (width)
    *width = t->width;
  if (height)
    *height = t->height;
  return t->layout;
}

/* NULL for a text without a visible sign. */
static GskRenderNode *node_of(Text *t, const GdkRGBA *color) {
  if (t->nodes[0] && gdk_rgba_equal(&t->colors[0], color))
    return t->nodes[0];
  if (t->nodes[1] && gdk_rgba_equal(&t->colors[1], color))
    return t->nodes[1];
  GtkSnapshot *snapshot = gtk_snapshot_new();
  gtk_snapshot_append_layout(snapshot, t->layout, color);
  g_clear_pointer(&t->nodes[1], gsk_render_node_unref);
  t->nodes[1] = t->nodes[0];
  t->colors[1] = t->colors[0];
  t->colors[0] = *color;
  return t->nodes[0] = gtk_snapshot_free_to_node(snapshot);
}

void unpark_text_cache_append(UnparkTextCache *cache, GtkSnapshot *snapshot, UnparkTextStyle style,
                              const char *text, double x, double y, const GdkRGBA *color) {
  GskRenderNode *node = node_of(lookup(cache, style, text), color);
  if (!node)
    return;
  gtk_snapshot_save(snapshot);
  gtk_snapshot_translate(snapshot, &GRAPHENE_POINT_INIT((float)x, (float)y));
  gtk_snapshot_append_node(snapshot, node);
  gtk_snapshot_restore(snapshot);
}

guint unpark_text_cache_chars(UnparkTextCache *cache, UnparkTextStyle style, double width) {
  if (cache->char_width[style] <= 0) {
    int pixels;
    unpark_text_cache_get(cache, style, "handleOrder.main.func1", &pixels, NULL);
    cache->char_width[style] = MAX(pixels / 22.0, 1);
  }
  return width <= 0 ? 0 : (guint)(width / cache->char_width[style]);
}

guint unpark_text_cache_n_made(UnparkTextCache *cache) {
  return cache->n_made;
}

gboolean unpark_text_cache_has(UnparkTextCache *cache, UnparkTextStyle style, const char *text) {
  return g_hash_table_contains(cache->texts[style], text);
}

int unpark_kit_digits_width(GtkWidget *widget, int n) {
  PangoFontMetrics *metrics =
      pango_context_get_metrics(gtk_widget_get_pango_context(widget), NULL, NULL);
  int width = pango_font_metrics_get_approximate_digit_width(metrics);
  pango_font_metrics_unref(metrics);
  return width * n / PANGO_SCALE;
}
