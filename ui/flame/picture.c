/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/flame/picture.h"

#include <glib/gi18n.h>

#include "model/flame/picture/pango-text.h"

#define MAX_SIDE 16384.0

UnparkFlamePictureOrder *
unpark_flame_order_picture(UnparkFlame *flame, const UnparkFlamePicture *options, double scale) {
  UnparkFlamePictureOrder *order = g_new0(UnparkFlamePictureOrder, 1);
  order->flame = unpark_flame_ref(flame);
  order->options = *options;
  order->scale = scale;
  order->title = g_strdup(options->title);
  order->subtitle = g_strdup(options->subtitle);
  order->options.title = order->title;
  order->options.subtitle = order->subtitle;
  return order;
}

void unpark_flame_picture_order_free(UnparkFlamePictureOrder *order) {
  unpark_flame_unref(order->flame);
  g_free(order->title);
  g_free(order->subtitle);
  g_free(order);
}

GdkTexture *unpark_flame_picture_texture(const UnparkFlamePictureOrder *order,
                                         GCancellable *cancellable, GError **error) {
  g_auto(UnparkFlameSheet) sheet = {0};
  unpark_flame_sheet_init(&sheet, order->flame, &order->options);
  double scale = MIN(order->scale, MAX_SIDE / MAX(sheet.width, sheet.height));
  int width = MAX((int)(sheet.width * scale + 0.5), 1);
  int height = MAX((int)(sheet.height * scale + 0.5), 1);
  if (g_cancellable_set_error_if_cancelled(cancellable, error))
    return NULL;
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height);
  cairo_t *cr = cairo_create(surface);
  cairo_scale(cr, scale, scale);
  unpark_flame_draw(&sheet, cr, unpark_flame_draw_text_pango);
  cairo_status_t status = cairo_status(cr);
  cairo_destroy(cr);
  cairo_surface_flush(surface);
  if (status != CAIRO_STATUS_SUCCESS) {
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, _("The picture could not be drawn: %s"),
                cairo_status_to_string(status));
    cairo_surface_destroy(surface);
    return NULL;
  }
  int stride = cairo_image_surface_get_stride(surface);
  g_autoptr(GBytes) bytes = g_bytes_new_with_free_func(
      cairo_image_surface_get_data(surface), (gsize)stride * (gsize)height,
      (GDestroyNotify)cairo_surface_destroy, surface);
  return gdk_memory_texture_new(width, height, GDK_MEMORY_DEFAULT, bytes, (gsize)stride);
}

/* ---- Files --------------------------------------------------------------------------------- */

const char *unpark_flame_format_ending(UnparkFlameFormat format) {
  static const char *const endings[UNPARK_FLAME_N_FORMATS] = {
      ".svg", ".svg", ".pdf", ".png", ".png", ".folded", ".pb.gz", ".speedscope.json"};
  return endings[format];
}

gboolean unpark_flame_format_is_picture(UnparkFlameFormat format) {
  return format < UNPARK_FLAME_FOLDED;
}

gboolean unpark_flame_write(const UnparkFlamePictureOrder *order, UnparkFlameFormat format,
                            GOutputStream *out, GCancellable *cancellable, GError **error) {
  g_auto(UnparkFlameSheet) sheet = {0};
  UnparkFlamePicture options = order->options;
  if (format == UNPARK_FLAME_FOLDED)
    return unpark_flame_write_folded(order->flame, out, cancellable, error);
  if (format == UNPARK_FLAME_PPROF)
    return unpark_flame_write_pprof(order->flame, out, cancellable, error);
  if (format == UNPARK_FLAME_SPEEDSCOPE)
    return unpark_flame_write_speedscope(order->flame, out, cancellable, error);
  options.interactive = format == UNPARK_FLAME_SVG;
  unpark_flame_sheet_init(&sheet, order->flame, &options);
  if (format == UNPARK_FLAME_PDF)
    return unpark_flame_write_pdf(&sheet, unpark_flame_draw_text_pango, out, cancellable, error);
  if (format == UNPARK_FLAME_PNG || format == UNPARK_FLAME_PNG_2)
    return unpark_flame_write_png(&sheet, format == UNPARK_FLAME_PNG_2 ? 2 : 1,
                                  unpark_flame_draw_text_pango, out, cancellable, error);
  return unpark_flame_write_svg(&sheet, out, cancellable, error);
}

gboolean unpark_flame_write_file(const UnparkFlamePictureOrder *order, UnparkFlameFormat format,
                                 GFile *file, GCancellable *cancellable, GError **error) {
  g_autoptr(GCancellable) give_up = g_cancellable_new();
  g_autoptr(GFileOutputStream) out =
      g_file_replace(file, NULL, FALSE, G_FILE_CREATE_REPLACE_DESTINATION, cancellable, error);
  if (!out)
    return FALSE;
  if (unpark_flame_write(order, format, G_OUTPUT_STREAM(out), cancellable, error))
    return g_output_stream_close(G_OUTPUT_STREAM(out), cancellable, error);
  g_cancellable_cancel(give_up);
  g_output_stream_close(G_OUTPUT_STREAM(out), give_up, NULL);
  return FALSE;
}
