/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The timeline as a picture: title, ruler, lanes, legend. */
#include <adwaita.h>
#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <glib/gi18n.h>
#include <math.h>

#include "ui/kit/rgba.h"
#include "ui/timeline/export.h"

#define MARGIN 16
#define TITLE_HEIGHT 34
#define LEGEND_LINE 22
#define LEGEND_BOX 12
#define PNG_SCALE 2.0 /* for screens: twice the size keeps text sharp */

typedef struct {
  UnparkTextCache *texts;
  GtkSnapshot *snapshot;
  gboolean dark;
  double width;
} Sheet;

static void box(const Sheet *sheet, double x, double y, double width, double height, guint32 rgb) {
  GdkRGBA color = unpark_rgba(rgb, 1);
  gtk_snapshot_append_color(sheet->snapshot, &color,
                            &GRAPHENE_RECT_INIT((float)x, (float)y, (float)width, (float)height));
}

static double text(const Sheet *sheet, UnparkTextStyle style, const char *what, double x,
                   double y) {
  GdkRGBA color = unpark_rgba(unpark_palette_ink(UNPARK_INK_TEXT, sheet->dark), 1);
  int width;
  unpark_text_cache_get(sheet->texts, style, what, &width, NULL);
  unpark_text_cache_append(sheet->texts, sheet->snapshot, style, what, x, y, &color);
  return width;
}

/* ---- Legend ------------------------------------------------------------------------ */

typedef struct {
  guint32 rgb;
  const char *name;
} Entry;

static guint legend_entries(gboolean dark, Entry *entries) {
  const struct {
    guint class_id;
    const char *name;
  } classes[] = {
      {UNPARK_CLASS_RUNNING, _("running")},
      {UNPARK_CLASS_RUNNABLE, _("runnable")},
      {UNPARK_CLASS_SYSCALL, _("in a system call")},
      {UNPARK_CLASS_WAIT + UNPARK_WAIT_SYNC, _("waiting: synchronisation")},
      {UNPARK_CLASS_WAIT + UNPARK_WAIT_CHANNEL, _("waiting: channel")},
      {UNPARK_CLASS_WAIT + UNPARK_WAIT_SELECT, _("waiting: select")},
      {UNPARK_CLASS_WAIT + UNPARK_WAIT_NETWORK, _("waiting: network")},
      {UNPARK_CLASS_WAIT + UNPARK_WAIT_SLEEP, _("waiting: sleep")},
      {UNPARK_CLASS_WAIT + UNPARK_WAIT_GC, _("waiting: GC")},
      {UNPARK_CLASS_WAIT, _("waiting: other")},
  };
  const struct {
    UnparkInk ink;
    const char *name;
  } inks[] = {
      {UNPARK_INK_GC, _("garbage collector")},
      {UNPARK_INK_STW, _("stop-the-world")},
      {UNPARK_INK_HEAP, _("heap")},
      {UNPARK_INK_GOAL, _("heap goal")},
      {UNPARK_INK_TASK, _("tasks")},
  };
  guint n = 0;
  for (guint i = 0; i < G_N_ELEMENTS(classes); i++)
    entries[n++] = (Entry){unpark_palette_fill(classes[i].class_id, dark), classes[i].name};
  for (guint i = 0; i < G_N_ELEMENTS(inks); i++)
    entries[n++] = (Entry){unpark_palette_ink(inks[i].ink, dark), inks[i].name};
  return n;
}

/* Draws from y on, or only measures without a snapshot; the height. */
static double legend(const Sheet *sheet, double y) {
  Entry entries[24];
  guint n = legend_entries(sheet->dark, entries);
  double x = MARGIN, line = y + 8;
  for (guint i = 0; i < n; i++) {
    int width;
    unpark_text_cache_get(sheet->texts, UNPARK_TEXT_SMALL, entries[i].name, &width, NULL);
    if (x + LEGEND_BOX + 6 + width > sheet->width - MARGIN && x > MARGIN) {
      x = MARGIN;
      line += LEGEND_LINE;
    }
    if (sheet->snapshot) {
      box(sheet, x, line + 3, LEGEND_BOX, LEGEND_BOX, entries[i].rgb);
      text(sheet, UNPARK_TEXT_SMALL, entries[i].name, x + LEGEND_BOX + 6, line);
    }
    x += LEGEND_BOX + 6 + width + 18;
  }
  return line + LEGEND_LINE + 6 - y;
}

/* ---- The sheet ---------------------------------------------------------------------- */

static GskRenderNode *make_sheet(UnparkTimeline *timeline, GtkWidget *ruler, const char *title,
                                 gboolean with_legend, double *width, double *height) {
  UnparkScene scene = unpark_timeline_get_scene(timeline);
  double lanes_height = unpark_panes_bottom(&scene.panes);
  double ruler_height = gtk_widget_get_height(ruler), y = *title ? TITLE_HEIGHT : 8;
  Sheet sheet = {.texts = unpark_canvas_get_texts(UNPARK_CANVAS(timeline)),
                 .dark = adw_style_manager_get_dark(adw_style_manager_get_default()),
                 .width = scene.width};
  lanes_height = MAX(lanes_height, 40);
  *width = sheet.width;
  *height = y + ruler_height + lanes_height + (with_legend ? legend(&sheet, 0) : 8);
  sheet.snapshot = gtk_snapshot_new();
  box(&sheet, 0, 0, *width, *height, unpark_palette_ink(UNPARK_INK_BACKGROUND, sheet.dark));
  if (*title)
    text(&sheet, UNPARK_TEXT_BOLD, title, MARGIN, 9);
  g_autoptr(GdkPaintable) scale = gtk_widget_paintable_new(ruler);
  g_autoptr(GdkPaintable) image = gdk_paintable_get_current_image(scale);
  graphene_point_t left;
  if (!gtk_widget_compute_point(ruler, GTK_WIDGET(timeline), &GRAPHENE_POINT_INIT(0, 0), &left))
    left = GRAPHENE_POINT_INIT((float)scene.lanes_x, 0);
  gtk_snapshot_save(sheet.snapshot);
  gtk_snapshot_translate(sheet.snapshot, &GRAPHENE_POINT_INIT(left.x, (float)y));
  gdk_paintable_snapshot(image, sheet.snapshot, gtk_widget_get_width(ruler), ruler_height);
  gtk_snapshot_restore(sheet.snapshot);
  y += ruler_height;
  GskRenderNode *lanes = unpark_timeline_picture(timeline);
  if (lanes) {
    gtk_snapshot_push_clip(sheet.snapshot,
                           &GRAPHENE_RECT_INIT(0, (float)y, (float)*width, (float)lanes_height));
    gtk_snapshot_translate(sheet.snapshot, &GRAPHENE_POINT_INIT(0, (float)y));
    gtk_snapshot_append_node(sheet.snapshot, lanes);
    gtk_snapshot_translate(sheet.snapshot, &GRAPHENE_POINT_INIT(0, (float)-y));
    gtk_snapshot_pop(sheet.snapshot);
    gsk_render_node_unref(lanes);
  }
  if (with_legend)
    legend(&sheet, y + lanes_height);
  return gtk_snapshot_free_to_node(sheet.snapshot);
}

static cairo_status_t append(gpointer data, const guchar *bytes, guint length) {
  g_byte_array_append(data, bytes, length);
  return CAIRO_STATUS_SUCCESS;
}

GBytes *unpark_timeline_export_picture(UnparkTimeline *timeline, GtkWidget *ruler,
                                       const char *title, gboolean with_legend,
                                       UnparkExportFormat format, GError **error) {
  double width, height, scale = format == UNPARK_EXPORT_PNG ? PNG_SCALE : 1;
  g_autoptr(GByteArray) bytes = g_byte_array_new();
  cairo_surface_t *surface;
  GskRenderNode *node = make_sheet(timeline, ruler, title, with_legend, &width, &height);
  if (format == UNPARK_EXPORT_PNG)
    surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, (int)ceil(width * scale),
                                         (int)ceil(height * scale));
  else if (format == UNPARK_EXPORT_PDF)
    surface = cairo_pdf_surface_create_for_stream(append, bytes, width, height);
  else
    surface = cairo_svg_surface_create_for_stream(append, bytes, width, height);
  cairo_t *cr = cairo_create(surface);
  cairo_scale(cr, scale, scale);
  gsk_render_node_draw(node, cr);
  cairo_status_t status = cairo_status(cr);
  cairo_destroy(cr);
  gsk_render_node_unref(node);
  if (format == UNPARK_EXPORT_PNG && status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_write_to_png_stream(surface, append, bytes);
  cairo_surface_finish(surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status(surface);
  cairo_surface_destroy(surface);
  if (status == CAIRO_STATUS_SUCCESS)
    return g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
  g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s", cairo_status_to_string(status));
  return NULL;
}
