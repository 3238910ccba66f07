/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/shell/export.h"
#include "ui/kit/compat.h"
#include "ui/kit/save-text.h"
#include "ui/kit/toast.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <glib/gi18n.h>

/* A PNG is for screens: twice the size keeps text sharp. */
#define PNG_SCALE 2.0

typedef struct {
  GskRenderNode *node;
  double width, height;
  AdwToastOverlay *toasts;
} Export;

static void export_free(Export *export) {
  gsk_render_node_unref(export->node);
  g_object_unref(export->toasts);
  g_free(export);
}

static void say(AdwToastOverlay *toasts, const char *text) {
  adw_toast_overlay_add_toast(toasts, unpark_toast_new(text));
}

static cairo_status_t draw(cairo_surface_t *surface, const Export *export, double scale) {
  cairo_t *cr = cairo_create(surface);
  cairo_scale(cr, scale, scale);
  gsk_render_node_draw(export->node, cr);
  cairo_status_t status = cairo_status(cr);
  cairo_destroy(cr);
  return status;
}

static cairo_status_t write_picture(const Export *export, const char *path) {
  gboolean png = unpark_save_is(path, ".png");
  cairo_surface_t *surface;
  cairo_status_t status;
  if (png)
    surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, (int)(export->width * PNG_SCALE),
                                         (int)(export->height * PNG_SCALE));
  else if (unpark_save_is(path, ".pdf"))
    surface = cairo_pdf_surface_create(path, export->width, export->height);
  else
    surface = cairo_svg_surface_create(path, export->width, export->height);
  status = draw(surface, export, png ? PNG_SCALE : 1);
  if (png && status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_write_to_png(surface, path);
  cairo_surface_finish(surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status(surface);
  cairo_surface_destroy(surface);
  return status;
}

static void on_file(GFile *file, gpointer data) {
  Export *export = data;
  if (file) {
    g_autofree char *path = g_file_get_path(file);
    g_autofree char *text = NULL;
    cairo_status_t status = path ? write_picture(export, path) : CAIRO_STATUS_WRITE_ERROR;
    if (status == CAIRO_STATUS_SUCCESS)
      text = g_strdup_printf(_("Saved %s"), path);
    else
      text =
          g_strdup_printf(_("The picture could not be saved: %s"), cairo_status_to_string(status));
    say(export->toasts, text);
  }
  export_free(export);
}

void unpark_export_run(GtkWindow *parent, UnparkDocument *document, AdwToastOverlay *toasts) {
  GtkWidget *widget;
  const UnparkView *view = unpark_document_get_view(document, &widget);
  double width = 0, height = 0;
  if (view && view->export) {
    view->export(widget);
    return;
  }
  GskRenderNode *node = view && view->picture ? view->picture(widget, &width, &height) : NULL;
  if (!node) {
    say(toasts, _("This view cannot be exported as a picture"));
    return;
  }
  Export *export = g_new0(Export, 1);
  export->node = node;
  export->width = width;
  export->height = height;
  export->toasts = g_object_ref(toasts);
  g_autofree char *base = g_file_get_basename(unpark_document_get_file(document));
  g_autofree char *name = g_strdup_printf("%s-%s.svg", base, view->name);
  unpark_compat_save_file(parent, _("Save the Picture (.svg, .pdf or .png)"), name, on_file,
                          export);
}
