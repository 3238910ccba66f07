/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/requests/legend.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "ui/kit/rgba.h"
#include "ui/requests/waterfall.h"
#include "ui/text/format.h"

/* The others are too few on the path to be told apart. */
#define MAX_SHOWN 8

static void draw(GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer rank) {
  gboolean dark = adw_style_manager_get_dark(adw_style_manager_get_default());
  GdkRGBA color = unpark_rgba(unpark_waterfall_colour(GPOINTER_TO_UINT(rank), dark), 1);
  gdk_cairo_set_source_rgba(cr, &color);
  cairo_paint(cr);
}

static GtkWidget *make_swatch(guint32 rank) {
  GtkWidget *swatch = gtk_drawing_area_new();
  gtk_drawing_area_set_content_width(GTK_DRAWING_AREA(swatch), 10);
  gtk_drawing_area_set_content_height(GTK_DRAWING_AREA(swatch), 10);
  gtk_widget_set_valign(swatch, GTK_ALIGN_CENTER);
  gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(swatch), draw, GUINT_TO_POINTER(rank), NULL);
  return swatch;
}

static void add(UnparkWrapBox *box, const UnparkWaterfall *w, guint32 number) {
  const UnparkWaterfallService *service = &w->services[number];
  const UnparkTraceSpan *top = &w->traces->spans[w->top];
  const char *name = unpark_traces_text(w->traces, service->text);
  char share[UNPARK_FORMAT_SIZE], spans[UNPARK_FORMAT_SIZE];
  GtkWidget *entry = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 5);
  unpark_format_share((double)service->path_ns, (double)(top->end_ns - top->start_ns), share);
  g_autofree char *text =
      g_strdup_printf("%s %s", *name ? name : _("(service without a name)"), share);
  g_autofree char *tip =
      g_strdup_printf(ngettext("%s span; %s of the critical path",
                               "%s spans; %s of the critical path", service->spans),
                      unpark_format_count(service->spans, spans), share);
  GtkWidget *label = gtk_label_new(text);
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars(GTK_LABEL(label), 28);
  gtk_widget_add_css_class(label, "dim-label");
  gtk_widget_add_css_class(label, "numeric");
  gtk_widget_set_tooltip_text(entry, tip);
  gtk_widget_set_margin_end(entry, 8);
  gtk_box_append(GTK_BOX(entry), make_swatch(service->rank));
  gtk_box_append(GTK_BOX(entry), label);
  unpark_wrap_box_append(box, entry);
}

void unpark_requests_legend_fill(UnparkWrapBox *box, const UnparkWaterfall *w) {
  for (GtkWidget *child; (child = gtk_widget_get_first_child(GTK_WIDGET(box)));)
    gtk_widget_unparent(child);
  for (guint32 i = 0; w && i < MIN(w->n_services, MAX_SHOWN); i++)
    add(box, w, i);
}
