/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/desktop/print.h"

#include <math.h>

typedef struct {
  GskRenderNode *node; /* NULL: nothing is on screen */
  double width, height;
} Picture;

static void draw_page(GtkPrintOperation *print, GtkPrintContext *context, int page,
                      Picture *picture) {
  cairo_t *cr = gtk_print_context_get_cairo_context(context);
  double scale = fmin(gtk_print_context_get_width(context) / picture->width,
                      gtk_print_context_get_height(context) / picture->height);
  cairo_scale(cr, scale, scale);
  gsk_render_node_draw(picture->node, cr);
}

/* A view is wider than high. */
static GtkPageSetup *page_setup(const Picture *picture) {
  GtkPageSetup *setup = gtk_page_setup_new();
  gtk_page_setup_set_orientation(setup, picture->width > picture->height
                                            ? GTK_PAGE_ORIENTATION_LANDSCAPE
                                            : GTK_PAGE_ORIENTATION_PORTRAIT);
  return setup;
}

gboolean unpark_print(GtkWindow *parent, GtkWidget *widget, const char *title, const char *file,
                      GError **error) {
  g_autoptr(GtkPrintOperation) print = gtk_print_operation_new();
  g_autoptr(GdkPaintable) paintable = gtk_widget_paintable_new(widget);
  GtkSnapshot *snapshot = gtk_snapshot_new();
  Picture picture = {.width = gtk_widget_get_width(widget),
                     .height = gtk_widget_get_height(widget)};
  g_autoptr(GtkPageSetup) setup = page_setup(&picture);
  gdk_paintable_snapshot(paintable, snapshot, picture.width, picture.height);
  picture.node = gtk_snapshot_free_to_node(snapshot);
  if (!picture.node)
    return TRUE;
  gtk_print_operation_set_job_name(print, title);
  gtk_print_operation_set_n_pages(print, 1);
  gtk_print_operation_set_default_page_setup(print, setup);
  gtk_print_operation_set_export_filename(print, file);
  g_signal_connect(print, "draw-page", G_CALLBACK(draw_page), &picture);
  GtkPrintOperationResult result = gtk_print_operation_run(
      print, file ? GTK_PRINT_OPERATION_ACTION_EXPORT : GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG,
      parent, error);
  gsk_render_node_unref(picture.node);
  return result != GTK_PRINT_OPERATION_RESULT_ERROR;
}
