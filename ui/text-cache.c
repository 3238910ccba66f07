#include "ui/text-cache.h"

#define MAX_LAYOUTS 4000

typedef struct {
  PangoLayout *layout;
  int width, height;
} Text;

struct _UnparkTextCache {
  GtkWidget *widget; /* the owner */
  GHashTable *texts[UNPARK_N_TEXTS];
  double char_width[UNPARK_N_TEXTS];
  guint n_made;
};

static void text_free(gpointer data) {
  g_object_unref(((Text *)data)->layout);
  g_free(data);
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

static Text *make(UnparkTextCache *cache, UnparkText style, const char *text) {
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

PangoLayout *unpark_text_cache_get(UnparkTextCache *cache, UnparkText style, const char *text,
                                   int *width, int *height) {
  Text *t = g_hash_table_lookup(cache->texts[style], text);
  if (!t) {
    if (g_hash_table_size(cache->texts[style]) >= MAX_LAYOUTS)
      g_hash_table_remove_all(cache->texts[style]);
    t = make(cache, style, text);
    cache->n_made++;
    g_hash_table_insert(cache->texts[style], g_strdup(text), t);
  }
  if (width)
    *width = t->width;
  if (height)
    *height = t->height;
  return t->layout;
}

guint unpark_text_cache_chars(UnparkTextCache *cache, UnparkText style, double width) {
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

gboolean unpark_text_cache_has(UnparkTextCache *cache, UnparkText style, const char *text) {
  return g_hash_table_contains(cache->texts[style], text);
}
