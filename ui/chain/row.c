/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/chain/row.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "ui/kit/accessible.h"
#include "ui/text/format.h"
#include "ui/kit/palette.h"

#define INDENT_PX 10
#define MAX_INDENT 7
#define NAME_CHARS 24
#define BAR_PX 34

struct _UnparkChainRow {
  GtkWidget parent_instance;

  GtkWidget *box, *swatch, *who, *what, *share, *length, *bar;
  double part; /* of the whole, 0 to 1 */
  guint class_id;
};

G_DEFINE_FINAL_TYPE(UnparkChainRow, unpark_chain_row, GTK_TYPE_WIDGET)

static void set_color(cairo_t *cr, guint class_id) {
  gboolean dark = adw_style_manager_get_dark(adw_style_manager_get_default());
  guint32 rgb = unpark_palette_fill(class_id, dark);
  cairo_set_source_rgb(cr, ((rgb >> 16) & 255) / 255.0, ((rgb >> 8) & 255) / 255.0,
                       (rgb & 255) / 255.0);
}

static void draw_swatch(GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data) {
  set_color(cr, UNPARK_CHAIN_ROW(data)->class_id);
  cairo_paint(cr);
}

static void draw_bar(GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data) {
  UnparkChainRow *self = data;
  double w = self->part * width;
  if (self->part <= 0)
    return;
  set_color(cr, self->class_id);
  cairo_rectangle(cr, width - MAX(w, 1), 0, MAX(w, 1), height);
  cairo_fill(cr);
}

static guint class_of(UnparkStore *store, guint16 span_kind) {
  const UnparkKind *kind = unpark_store_kind(store, span_kind);
  return kind ? unpark_class_of(kind->state, kind->wait) : UNPARK_CLASS_NONE;
}

static void set_figures(UnparkChainRow *self, gint64 share_ns, gint64 length_ns, gint64 whole_ns) {
  char share[UNPARK_FORMAT_SIZE] = "", length[UNPARK_FORMAT_SIZE];
  if (share_ns > 0)
    unpark_format_share((double)share_ns, (double)whole_ns, share);
  unpark_format_duration(length_ns, length);
  gtk_label_set_text(GTK_LABEL(self->share), share);
  gtk_label_set_text(GTK_LABEL(self->length), length);
  self->part = whole_ns > 0 ? (double)share_ns / (double)whole_ns : 0;
  gtk_widget_queue_draw(self->bar);
  gtk_widget_queue_draw(self->swatch);
}

static void set_who(UnparkChainRow *self, UnparkStore *store, gint64 id, guint32 count) {
  const UnparkGoroutine *g = id == UNPARK_NONE ? NULL : unpark_store_goroutine(store, id);
  const char *name = g ? g->name : "";
  g_autofree char *times = count > 1 ? g_strdup_printf("  ×%u", count) : g_strdup("");
  g_autofree char *text =
      id == UNPARK_NONE
          ? g_strdup(_("Everything before"))
          : g_strdup_printf("G %" G_GINT64_FORMAT "  %s%s", id,
                            *name ? unpark_format_function(name, NAME_CHARS) : "", times);
  gtk_label_set_text(GTK_LABEL(self->who), text);
}

static void set_words(UnparkChainRow *self, const char *words) {
  g_autofree char *tip = g_strdup_printf("%s\n%s", gtk_label_get_text(GTK_LABEL(self->who)), words);
  gtk_label_set_text(GTK_LABEL(self->what), words);
  gtk_widget_set_tooltip_text(GTK_WIDGET(self), tip);
}

void unpark_chain_row_set(UnparkChainRow *self, UnparkStore *store, const UnparkChainPlaces *places,
                          UnparkChainItem *item) {
  const UnparkLink *link = unpark_chain_item_link(item);
  const UnparkLinkSum *sum = unpark_chain_item_sum(item);
  const UnparkChain *chain = unpark_chain_item_chain(item);
  gint64 whole = chain->to_ns - chain->from_ns;
  g_autofree char *words =
      link ? unpark_chain_link_words(store, places, link)
           : unpark_chain_words(store, places, sum->kind, sum->span_kind, sum->stack);
  guint depth = link ? MIN(link->depth, MAX_INDENT) : 0;
  gtk_widget_set_margin_start(self->swatch, (int)depth * INDENT_PX);
  self->class_id = class_of(store, link ? link->span.kind : sum->span_kind);
  set_who(self, store, link ? link->goroutine : sum->goroutine, link ? 1 : sum->count);
  set_words(self, words);
  if (link)
    set_figures(self, link->share_ns, link->to_ns - link->from_ns, whole);
  else
    set_figures(self, sum->share_ns, sum->share_ns, whole);
  /* The row of the list around this one is what has the focus. */
  GtkWidget *row = gtk_widget_get_parent(GTK_WIDGET(self));
  g_autofree char *name = g_strdup_printf("%s, %s, %s", gtk_label_get_text(GTK_LABEL(self->who)),
                                          words, gtk_label_get_text(GTK_LABEL(self->length)));
  if (row)
    unpark_accessible_name(row, name);
}

/* ---- the widget --------------------------------------------------------------------------- */

static GtkWidget *text(const char *css, gboolean left) {
  GtkWidget *label = gtk_label_new(NULL);
  gtk_label_set_xalign(GTK_LABEL(label), left ? 0 : 1);
  gtk_widget_add_css_class(label, css);
  if (left) {
    gtk_label_set_wrap(GTK_LABEL(label), TRUE);
    gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
    gtk_widget_set_hexpand(label, TRUE);
  }
  return label;
}

static void unpark_chain_row_dispose(GObject *object) {
  g_clear_pointer(&UNPARK_CHAIN_ROW(object)->box, gtk_widget_unparent);
  G_OBJECT_CLASS(unpark_chain_row_parent_class)->dispose(object);
}

static void unpark_chain_row_class_init(UnparkChainRowClass *class) {
  G_OBJECT_CLASS(class)->dispose = unpark_chain_row_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
}

static void unpark_chain_row_init(UnparkChainRow *self) {
  GtkWidget *words = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *figures = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *top = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  self->box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
  self->swatch = gtk_drawing_area_new();
  self->bar = gtk_drawing_area_new();
  self->who = text("unpark-chain-who", TRUE);
  self->what = text("caption", TRUE);
  self->share = text("numeric", FALSE);
  self->length = text("caption", FALSE);
  gtk_widget_add_css_class(self->what, "dim-label");
  gtk_widget_add_css_class(self->length, "dim-label");
  gtk_widget_add_css_class(self->length, "numeric");
  gtk_drawing_area_set_content_width(GTK_DRAWING_AREA(self->swatch), 5);
  gtk_drawing_area_set_content_width(GTK_DRAWING_AREA(self->bar), BAR_PX);
  gtk_drawing_area_set_content_height(GTK_DRAWING_AREA(self->bar), 8);
  gtk_widget_set_valign(self->bar, GTK_ALIGN_CENTER);
  gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(self->swatch), draw_swatch, self, NULL);
  gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(self->bar), draw_bar, self, NULL);
  gtk_box_append(GTK_BOX(words), self->who);
  gtk_box_append(GTK_BOX(words), self->what);
  gtk_box_append(GTK_BOX(top), self->bar);
  gtk_box_append(GTK_BOX(top), self->share);
  gtk_widget_set_halign(top, GTK_ALIGN_END);
  gtk_box_append(GTK_BOX(figures), top);
  gtk_box_append(GTK_BOX(figures), self->length);
  gtk_box_append(GTK_BOX(self->box), self->swatch);
  gtk_box_append(GTK_BOX(self->box), words);
  gtk_box_append(GTK_BOX(self->box), figures);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
}

GtkWidget *unpark_chain_row_new(void) {
  return g_object_new(UNPARK_TYPE_CHAIN_ROW, NULL);
}
