/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/kit/rgba.h"

#include <string.h>

#define SQUARE "■"

PangoAttrList *unpark_rgba_squares(const char *text) {
  static const UnparkState order[] = {UNPARK_STATE_RUNNING, UNPARK_STATE_RUNNABLE,
                                      UNPARK_STATE_WAITING, UNPARK_STATE_SYSCALL};
  gboolean dark = adw_style_manager_get_dark(adw_style_manager_get_default());
  PangoAttrList *list = pango_attr_list_new();
  const char *at = text;
  for (guint i = 0; i < G_N_ELEMENTS(order) && (at = strstr(at, SQUARE)); i++) {
    guint32 rgb = unpark_palette_fill(unpark_class_of(order[i], UNPARK_WAIT_OTHER), dark);
    PangoAttribute *colour =
        pango_attr_foreground_new((guint16)((rgb >> 16 & 255) * 257),
                                  (guint16)((rgb >> 8 & 255) * 257), (guint16)((rgb & 255) * 257));
    colour->start_index = (guint)(at - text);
    at += strlen(SQUARE);
    colour->end_index = (guint)(at - text);
    pango_attr_list_insert(list, colour);
  }
  return list;
}
