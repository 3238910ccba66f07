/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/inspector/parts.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "model/base/tables.h"
#include "model/why/words.h"
#include "ui/kit/accessible.h"
#include "ui/kit/palette.h"
#include "ui/text/words.h"

#define NAME_CHARS 34
/* Go records no deeper stacks than 128 frames; inlined ones come on top. */
#define MAX_FRAMES 400

void unpark_parts_read_stack(UnparkStore *store, guint32 id, UnparkStackFrames *stack) {
  stack->frames = unpark_store_stack(store, id, MAX_FRAMES, &stack->n);
}

static GtkWidget *label(const char *text, const char *css) {
  GtkWidget *widget = gtk_label_new(text);
  gtk_label_set_xalign(GTK_LABEL(widget), 0);
  gtk_label_set_wrap(GTK_LABEL(widget), TRUE);
  gtk_label_set_wrap_mode(GTK_LABEL(widget), PANGO_WRAP_WORD_CHAR);
  if (css)
    gtk_widget_add_css_class(widget, css);
  return widget;
}

/* Text that the mouse can select, but that the Tab key passes by. */
static GtkWidget *selectable(const char *text, const char *css) {
  GtkWidget *widget = label(text, css);
  gtk_label_set_selectable(GTK_LABEL(widget), TRUE);
  gtk_widget_set_can_focus(widget, FALSE); /* not focusable alone would be a trap for Tab */
  return widget;
}

void unpark_parts_heading(UnparkParts *p, const char *text) {
  GtkWidget *heading = label(text, "heading");
  gtk_widget_set_margin_top(heading, 12);
  gtk_box_append(p->box, heading);
  g_string_append_printf(p->text, "\n%s\n", text);
}

static void draw_swatch(GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data) {
  guint32 rgb = unpark_palette_fill(GPOINTER_TO_UINT(data), unpark_parts_dark());
  cairo_set_source_rgb(cr, ((rgb >> 16) & 255) / 255.0, ((rgb >> 8) & 255) / 255.0,
                       (rgb & 255) / 255.0);
  cairo_paint(cr);
}

/* "2.25 ms" stays in one line. */
static void keep_units(GtkLabel *label, const char *text) {
  PangoAttrList *list = pango_attr_list_new();
  for (const char *c = text; *c; c++) {
    if (*c != ' ' || c == text || !g_ascii_isdigit(c[-1]))
      continue;
    PangoAttribute *whole = pango_attr_allow_breaks_new(FALSE);
    whole->start_index = (guint)(c - 1 - text);
    whole->end_index = (guint)(c + 2 - text);
    pango_attr_list_insert(list, whole);
  }
  gtk_label_set_attributes(label, list);
  pango_attr_list_unref(list);
}

void unpark_parts_sentence(UnparkParts *p, const char *text, const UnparkKind *kind) {
  GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *words = selectable(text, "unpark-sentence");
  if (kind) {
    GtkWidget *swatch = gtk_drawing_area_new();
    gtk_drawing_area_set_content_width(GTK_DRAWING_AREA(swatch), 6);
    gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(swatch), draw_swatch,
                                   GUINT_TO_POINTER(unpark_class_of(kind->state, kind->wait)),
                                   NULL);
    gtk_box_append(GTK_BOX(row), swatch);
  }
  keep_units(GTK_LABEL(words), text);
  gtk_widget_set_hexpand(words, TRUE);
  gtk_widget_set_margin_end(words, 28); /* the button that copies lies over the corner */
  gtk_box_append(GTK_BOX(row), words);
  gtk_box_append(p->box, row);
  g_string_append_printf(p->text, "%s\n", text);
}

void unpark_parts_dim(UnparkParts *p, const char *text) {
  gtk_box_append(p->box, label(text, "dim-label"));
  g_string_append_printf(p->text, "%s\n", text);
}

void unpark_parts_plain(UnparkParts *p, const char *text) {
  gtk_box_append(p->box, selectable(text, NULL));
  g_string_append_printf(p->text, "%s\n", text);
}

#define SHORT_VALUE 28 /* a time of day and one in the trace */

void unpark_parts_fact(UnparkParts *p, const char *name, const char *value) {
  GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *left = label(name, "dim-label");
  GtkWidget *right = selectable(value, "numeric");
  gtk_widget_set_hexpand(left, TRUE);
  gtk_widget_set_valign(left, GTK_ALIGN_START);
  gtk_label_set_xalign(GTK_LABEL(right), 1);
  gtk_label_set_justify(GTK_LABEL(right), GTK_JUSTIFY_RIGHT);
  /* A number stays on its line: the name beside it gives way. */
  gtk_label_set_wrap(GTK_LABEL(right), g_utf8_strlen(value, -1) > SHORT_VALUE);
  gtk_box_append(GTK_BOX(row), left);
  gtk_box_append(GTK_BOX(row), right);
  gtk_box_append(p->box, row);
  g_string_append_printf(p->text, "%s: %s\n", name, value);
}

void unpark_parts_duration(UnparkParts *p, const char *name, gint64 ns) {
  char buf[UNPARK_FORMAT_SIZE];
  if (ns != UNPARK_NONE)
    unpark_parts_fact(p, name, unpark_format_duration(ns, buf));
}

void unpark_parts_sum(UnparkParts *p, const char *name, guint n, gint64 total_ns, gint64 whole_ns) {
  char count[UNPARK_FORMAT_SIZE], total[UNPARK_FORMAT_SIZE], share[UNPARK_FORMAT_SIZE];
  g_autofree char *value = g_strdup_printf(
      "%s×  ·  %s  ·  %s", unpark_format_count(n, count), unpark_format_duration(total_ns, total),
      unpark_format_share((double)total_ns, (double)whole_ns, share));
  unpark_parts_fact(p, name, value);
}

void unpark_parts_time(UnparkParts *p, const char *name, gint64 ns) {
  char buf[UNPARK_FORMAT_SIZE], wall[UNPARK_FORMAT_SIZE];
  gint64 zero = unpark_store_source(p->store)->start_wall_ns;
  if (ns == UNPARK_NONE)
    return;
  unpark_format_time(ns, 1000, buf);
  g_autofree char *value =
      zero == UNPARK_NONE ? g_strdup(buf)
                          : g_strdup_printf("%s  ·  %s", unpark_format_wall(zero + ns, wall), buf);
  unpark_parts_fact(p, name, value);
}

/* ---- links --------------------------------------------------------------------------------- */

static void on_link(GtkButton *button, UnparkSession *session) {
  const UnparkPick *target = g_object_get_data(G_OBJECT(button), "target");
  UnparkPick copy = *target;
  /* A view of spans shows them itself. */
  if (target->type == UNPARK_PICK_ROW && target->table == UNPARK_TABLE_TRACE_SPAN &&
      gtk_widget_activate_action(GTK_WIDGET(button), "spans.show", "(xxxx)",
                                 unpark_session_get_source(session), target->id, target->start_ns,
                                 target->end_ns))
    return;
  unpark_session_go_to(session, &copy, "timeline");
}

static void on_view_link(GtkButton *button, UnparkSession *session) {
  unpark_session_go_to_view(session, g_object_get_data(G_OBJECT(button), "view"));
}

/* What leads there is the text, or (`by_value`) the value. */
static GtkWidget *link_row(const char *text, const char *value, gboolean by_value) {
  GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *left = gtk_label_new(text);
  /* The number at the beginning and the method at the end are what one looks for. */
  gtk_label_set_ellipsize(GTK_LABEL(left), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_xalign(GTK_LABEL(left), 0);
  gtk_widget_set_hexpand(left, TRUE);
  gtk_widget_add_css_class(left, by_value ? "dim-label" : "unpark-link-text");
  gtk_box_append(GTK_BOX(row), left);
  if (value) {
    GtkWidget *right = gtk_label_new(value);
    gtk_widget_add_css_class(right, "numeric");
    if (by_value)
      gtk_widget_add_css_class(right, "unpark-link-text");
    gtk_box_append(GTK_BOX(row), right);
  }
  return row;
}

/* A button that looks like a link; what it does is up to the caller. */
static GtkWidget *add_button(UnparkParts *p, const char *text, const char *value,
                             const char *tooltip, gboolean by_value) {
  GtkWidget *button = gtk_button_new();
  gtk_button_set_child(GTK_BUTTON(button), link_row(text, value, by_value));
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_add_css_class(button, "unpark-link");
  gtk_widget_set_tooltip_text(button, tooltip);
  g_autofree char *name = value ? g_strdup_printf("%s, %s", text, value) : g_strdup(text);
  unpark_accessible_name(button, name);
  gtk_box_append(p->box, button);
  if (value)
    g_string_append_printf(p->text, "%s: %s\n", text, value);
  else
    g_string_append_printf(p->text, "%s\n", text);
  return button;
}

static void add_link(UnparkParts *p, UnparkSession *session, const char *text, const char *value,
                     const char *tooltip, const UnparkPick *target, gboolean by_value) {
  GtkWidget *button = add_button(p, text, value, tooltip ? tooltip : _("Go there"), by_value);
  g_object_set_data_full(G_OBJECT(button), "target", g_memdup2(target, sizeof *target), g_free);
  g_signal_connect_object(button, "clicked", G_CALLBACK(on_link), session, 0);
}

void unpark_parts_view_link(UnparkParts *p, const char *text, const char *view) {
  GtkWidget *button = add_button(p, text, NULL, NULL, FALSE);
  g_object_set_data_full(G_OBJECT(button), "view", g_strdup(view), g_free);
  g_signal_connect_object(button, "clicked", G_CALLBACK(on_view_link), p->session, 0);
}

void unpark_parts_link(UnparkParts *p, const char *text, const char *value, const char *tooltip,
                       const UnparkPick *target) {
  add_link(p, p->session, text, value, tooltip, target, FALSE);
}

void unpark_parts_link_in(UnparkParts *p, UnparkSession *session, const char *text,
                          const char *value, const char *tooltip, const UnparkPick *target) {
  add_link(p, session, text, value, tooltip, target, FALSE);
}

void unpark_parts_lane(UnparkParts *p, const char *name, UnparkPickType type, gint64 id) {
  if (id == UNPARK_NONE)
    return;
  const UnparkPick target = {
      .type = type, .id = id, .start_ns = UNPARK_NONE, .end_ns = UNPARK_NONE};
  g_autofree char *value =
      g_strdup_printf("%s %" G_GINT64_FORMAT, type == UNPARK_PICK_PROC ? "P" : "M", id);
  add_link(p, p->session, name, value, NULL, &target, TRUE);
}

char *unpark_parts_goroutine_name(UnparkStore *store, gint64 id, guint max_chars) {
  const UnparkGoroutine *g = unpark_store_goroutine(store, id);
  const char *name = g ? g->name : "";
  if (!*name)
    return g_strdup_printf("G %" G_GINT64_FORMAT, id);
  return g_strdup_printf("G %" G_GINT64_FORMAT "  %s", id, unpark_format_function(name, max_chars));
}

void unpark_parts_goroutine(UnparkParts *p, gint64 id, gint64 at_ns, const char *value) {
  const UnparkGoroutine *g = unpark_store_goroutine(p->store, id);
  const char *name = g ? g->name : "";
  g_autofree char *text = unpark_parts_goroutine_name(p->store, id, NAME_CHARS);
  const UnparkPick target = {.type =
                                 at_ns == UNPARK_NONE ? UNPARK_PICK_GOROUTINE : UNPARK_PICK_SPAN,
                             .id = id,
                             .start_ns = at_ns,
                             .end_ns = at_ns};
  if (g)
    unpark_parts_link(p, text, value, *name ? name : NULL, &target);
  else if (value)
    unpark_parts_fact(p, text, value);
  else
    unpark_parts_plain(p, text);
}

void unpark_parts_title(UnparkParts *p, gint64 id) {
  g_autofree char *text = unpark_parts_goroutine_name(p->store, id, NAME_CHARS);
  unpark_parts_sentence(p, text, NULL);
}
