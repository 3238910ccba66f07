/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/flame/picture/cairo.h"

#include <cairo-pdf.h>
#include <glib/gi18n.h>

#define MAX_SIDE 32767

static void set_colour(cairo_t *cr, guint32 rgb) {
  cairo_set_source_rgb(cr, (rgb >> 16 & 0xff) / 255.0, (rgb >> 8 & 0xff) / 255.0,
                       (rgb & 0xff) / 255.0);
}

static void draw_text_plainly(cairo_t *cr, double x, double y, const char *text, double size,
                              gboolean bold, double width) {
  cairo_save(cr);
  cairo_rectangle(cr, x, y - 2 * size, width, 3 * size);
  cairo_clip(cr);
  cairo_select_font_face(cr, "monospace", CAIRO_FONT_SLANT_NORMAL,
                         bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(cr, size);
  cairo_move_to(cr, x, y);
  cairo_show_text(cr, text);
  cairo_restore(cr);
}

static void draw_item(const UnparkFlameSheet *sheet, cairo_t *cr, const UnparkFlameItem *item,
                      guint row, gboolean dark, UnparkFlameDrawText draw_text) {
  const UnparkFlame *flame = sheet->flame;
  guint class_id = unpark_flame_class(flame, item->node, sheet->picture.colouring);
  double x = sheet->left + (double)item->x, y = unpark_flame_sheet_y(sheet, row);
  double width = (double)item->width;
  guint cells = (guint)MAX((width - 6) / UNPARK_FLAME_CELL, 0);
  g_autofree char *label = unpark_flame_label(unpark_flame_name(flame, item->node)->text, cells);
  cairo_rectangle(cr, x, y, width, UNPARK_FLAME_ROW - 1);
  set_colour(cr, unpark_flame_fill(class_id, dark));
  cairo_fill_preserve(cr);
  set_colour(cr, unpark_flame_paper(dark));
  cairo_set_line_width(cr, 0.5);
  cairo_stroke(cr);
  if (!*label)
    return;
  set_colour(cr, unpark_flame_ink(class_id, dark));
  draw_text(cr, x + 3, y + 12.5, label, UNPARK_FLAME_FONT, FALSE, width - 4);
}

static void draw_legend(const UnparkFlameSheet *sheet, cairo_t *cr, gboolean dark,
                        UnparkFlameDrawText draw_text) {
  double y = sheet->height - 32, x = sheet->left;
  for (guint i = 0; i < sheet->legend->len; i++) {
    const UnparkFlameLegend *entry = g_ptr_array_index(sheet->legend, i);
    double width = 24 + unpark_flame_cells(entry->text) * UNPARK_FLAME_CELL;
    if (x + width > sheet->width - sheet->left)
      break;
    set_colour(cr, unpark_flame_fill(entry->class_id, dark));
    cairo_rectangle(cr, x, y, 12, 12);
    cairo_fill(cr);
    set_colour(cr, unpark_flame_paper_ink(dark, TRUE));
    draw_text(cr, x + 16, y + 10.5, entry->text, UNPARK_FLAME_FONT, FALSE, width);
    x += width + 8;
  }
  if (sheet->note)
    draw_text(cr, sheet->left, sheet->height - 7, sheet->note, UNPARK_FLAME_FONT, FALSE,
              sheet->width - 2 * sheet->left);
}

void unpark_flame_draw(const UnparkFlameSheet *sheet, cairo_t *cr, UnparkFlameDrawText draw_text) {
  gboolean dark = sheet->picture.theme == UNPARK_FLAME_THEME_DARK;
  double room = sheet->width - 2 * sheet->left;
  if (!draw_text)
    draw_text = draw_text_plainly;
  set_colour(cr, unpark_flame_paper(dark));
  cairo_rectangle(cr, 0, 0, sheet->width, sheet->height);
  cairo_fill(cr);
  set_colour(cr, unpark_flame_paper_ink(dark, FALSE));
  draw_text(cr, sheet->left, 26, sheet->title, UNPARK_FLAME_TITLE_FONT, TRUE, room);
  set_colour(cr, unpark_flame_paper_ink(dark, TRUE));
  draw_text(cr, sheet->left, 45, sheet->subtitle, UNPARK_FLAME_FONT, FALSE, room);
  for (guint row = 0; row < sheet->layout.n_rows; row++)
    for (guint i = sheet->layout.rows[row]; i < sheet->layout.rows[row + 1]; i++)
      if (sheet->layout.items[i].n_folded == 0)
        draw_item(sheet, cr, &sheet->layout.items[i], row, dark, draw_text);
  draw_legend(sheet, cr, dark, draw_text);
}

/* ---- Files ------------------------------------------------------------------------------ */

typedef struct {
  GOutputStream *out;
  GCancellable *cancellable;
  GError *error;
} Sink;

static cairo_status_t write_bytes(void *data, const unsigned char *bytes, unsigned int size) {
  Sink *sink = data;
  if (sink->error ||
      !g_output_stream_write_all(sink->out, bytes, size, NULL, sink->cancellable, &sink->error))
    return CAIRO_STATUS_WRITE_ERROR;
  return CAIRO_STATUS_SUCCESS;
}

static gboolean judge(Sink *sink, cairo_status_t status, GError **error) {
  if (sink->error) {
    g_propagate_error(error, sink->error);
    return FALSE;
  }
  if (status == CAIRO_STATUS_SUCCESS)
    return TRUE;
  g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, _("The picture could not be drawn: %s"),
              cairo_status_to_string(status));
  return FALSE;
}

gboolean unpark_flame_write_pdf(const UnparkFlameSheet *sheet, UnparkFlameDrawText draw_text,
                                GOutputStream *out, GCancellable *cancellable, GError **error) {
  Sink sink = {out, cancellable, NULL};
  /* Points are 1/72 inch, pixels 1/96. */
  cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(
      write_bytes, &sink, sheet->width * 0.75, sheet->height * 0.75);
  cairo_t *cr = cairo_create(surface);
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, sheet->title);
  cairo_scale(cr, 0.75, 0.75);
  unpark_flame_draw(sheet, cr, draw_text);
  cairo_status_t status = cairo_status(cr);
  cairo_destroy(cr);
  cairo_surface_finish(surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status(surface);
  cairo_surface_destroy(surface);
  return judge(&sink, status, error);
}

gboolean unpark_flame_write_png(const UnparkFlameSheet *sheet, double scale,
                                UnparkFlameDrawText draw_text, GOutputStream *out,
                                GCancellable *cancellable, GError **error) {
  Sink sink = {out, cancellable, NULL};
  double width = sheet->width * scale, height = sheet->height * scale;
  if (width > MAX_SIDE || height > MAX_SIDE) {
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                _("A picture of %.0f × %.0f pixels is too large; the limit is %d on each side. "
                  "Make it smaller, or export SVG or PDF."),
                width, height, MAX_SIDE);
    return FALSE;
  }
  cairo_surface_t *surface =
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)(width + 0.5), (int)(height + 0.5));
  cairo_t *cr = cairo_create(surface);
  cairo_scale(cr, scale, scale);
  unpark_flame_draw(sheet, cr, draw_text);
  cairo_status_t status = cairo_status(cr);
  cairo_destroy(cr);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_write_to_png_stream(surface, write_bytes, &sink);
  cairo_surface_destroy(surface);
  return judge(&sink, status, error);
}
