/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Short texts laid out once and shared: span labels, lane names, tick labels. Main thread only. */
#pragma once

#include <gtk/gtk.h>

typedef enum {
  UNPARK_TEXT_NORMAL,
  UNPARK_TEXT_SMALL,
  UNPARK_TEXT_BOLD,
  UNPARK_N_TEXTS
} UnparkTextStyle;

typedef struct _UnparkTextCache UnparkTextCache;

UnparkTextCache *unpark_text_cache_new(GtkWidget *widget);
void unpark_text_cache_free(UnparkTextCache *cache);
/* When fonts or the scale have changed. */
void unpark_text_cache_clear(UnparkTextCache *cache);

/* Valid until the main loop runs. Sizes in logical pixels; may be NULL. */
PangoLayout *unpark_text_cache_get(UnparkTextCache *cache, UnparkTextStyle style, const char *text,
                                   int *width, int *height);
/* Draws it with its upper left corner at (x, y), from a node that is made once. */
void unpark_text_cache_append(UnparkTextCache *cache, GtkSnapshot *snapshot, UnparkTextStyle style,
                              const char *text, double x, double y, const GdkRGBA *color);
/* About how many characters of the style fit. */
guint unpark_text_cache_chars(UnparkTextCache *cache, UnparkTextStyle style, double width);
/* How many texts were laid out so far: laying out is what costs. */
guint unpark_text_cache_n_made(UnparkTextCache *cache);
/* Whether a text need not be laid out anew. */
gboolean unpark_text_cache_has(UnparkTextCache *cache, UnparkTextStyle style, const char *text);

/* Width of `n` digits in the font of `widget`, in px: large text needs more. Main thread only. */
int unpark_kit_digits_width(GtkWidget *widget, int n);
