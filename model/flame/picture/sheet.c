/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A flame graph as a picture: sizes, texts and what is left out. */
#include <glib/gi18n.h>
#include <string.h>

#include "model/flame/picture/export.h"

#define MARGIN 12.0
#define HEAD 58.0
#define FOOT 44.0

static char *default_subtitle(const UnparkFlame *flame) {
  char total[UNPARK_FLAME_TEXT_SIZE], all[UNPARK_FLAME_TEXT_SIZE];
  unpark_flame_format(flame->nodes[0].total, flame->unit, total);
  if (flame->has_base) {
    unpark_flame_format(flame->nodes[0].base_total, flame->unit, all);
    if (flame->base_scale != 1.0)
      return g_strdup_printf(_("%s now, %s before (scaled by %.4g)"), total, all,
                             flame->base_scale);
    return g_strdup_printf(_("%s now, %s before"), total, all);
  }
  if (flame->source_total != flame->nodes[0].total) {
    char share[UNPARK_FLAME_TEXT_SIZE];
    unpark_flame_format(flame->source_total, flame->unit, all);
    unpark_flame_format_share(flame->nodes[0].total, flame->source_total, share);
    return g_strdup_printf(_("%s shown of %s (%s)"), total, all, share);
  }
  return g_strdup_printf(_("%s total"), total);
}

static char *left_out(const UnparkFlameSheet *sheet) {
  char frames[UNPARK_FLAME_TEXT_SIZE];
  g_autofree char *cut = NULL;
  if (sheet->layout.n_folded == 0 && sheet->flame->n_cut == 0)
    return NULL;
  unpark_flame_format((gint64)sheet->layout.n_folded, "count", frames);
  if (sheet->flame->n_cut > 0)
    cut = g_strdup(_("; callers of the lightest frames are left out"));
  return g_strdup_printf(_("%s frames narrower than %.3g pixels are left out%s"), frames,
                         sheet->picture.min_px, cut ? cut : "");
}

void unpark_flame_sheet_init(UnparkFlameSheet *sheet, const UnparkFlame *flame,
                             const UnparkFlamePicture *picture) {
  UnparkFlamePicture *p = &sheet->picture;
  *sheet = (UnparkFlameSheet){.flame = flame, .picture = *picture};
  p->width = p->width > 0 ? CLAMP(p->width, 200, 20000) : 1200;
  p->min_px = p->min_px > 0 ? p->min_px : p->interactive ? 0.1 : 0.5;
  p->max_frames = p->max_frames > 0 ? p->max_frames : 40000;
  if (flame->has_base)
    p->colouring = UNPARK_FLAME_COLOUR_CHANGE;
  else if (p->colouring == UNPARK_FLAME_COLOUR_CHANGE)
    p->colouring = UNPARK_FLAME_COLOUR_KIND;
  sheet->left = MARGIN;
  sheet->top = HEAD;
  sheet->width = p->width;
  for (;; p->min_px *= 2) {
    unpark_flame_layout(flame, 0, (double)flame->nodes[0].weight, p->width - 2 * MARGIN, p->min_px,
                        0, &sheet->layout);
    if (sheet->layout.n_frames <= p->max_frames || p->min_px > p->width)
      break;
    unpark_flame_layout_clear(&sheet->layout);
  }
  sheet->height = HEAD + MAX(sheet->layout.n_rows, 1) * UNPARK_FLAME_ROW + FOOT;
  sheet->legend = unpark_flame_legend(flame, p->colouring);
  sheet->title = g_strdup(p->title ? p->title : flame->title);
  sheet->subtitle = p->subtitle ? g_strdup(p->subtitle) : default_subtitle(flame);
  sheet->note = left_out(sheet);
}

void unpark_flame_sheet_clear(UnparkFlameSheet *sheet) {
  unpark_flame_layout_clear(&sheet->layout);
  g_clear_pointer(&sheet->legend, g_ptr_array_unref);
  g_clear_pointer(&sheet->title, g_free);
  g_clear_pointer(&sheet->subtitle, g_free);
  g_clear_pointer(&sheet->note, g_free);
}

double unpark_flame_sheet_y(const UnparkFlameSheet *sheet, guint row) {
  guint from_top = sheet->picture.upwards ? sheet->layout.n_rows - 1 - row : row;
  return sheet->top + from_top * UNPARK_FLAME_ROW;
}
