#include "ui/inspector-parts.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "ui/palette.h"
#include "ui/words.h"

#define NAME_CHARS 34
#define HISTOGRAM_HEIGHT 46

static GtkWidget *label(const char *text, const char *css) {
  GtkWidget *widget = gtk_label_new(text);
  gtk_label_set_xalign(GTK_LABEL(widget), 0);
  gtk_label_set_wrap(GTK_LABEL(widget), TRUE);
  gtk_label_set_wrap_mode(GTK_LABEL(widget), PANGO_WRAP_WORD_CHAR);
  if (css)
    gtk_widget_add_css_class(widget, css);
  return widget;
}

static void set_color(cairo_t *cr, guint32 rgb) {
  cairo_set_source_rgb(cr, ((rgb >> 16) & 255) / 255.0, ((rgb >> 8) & 255) / 255.0,
                       (rgb & 255) / 255.0);
}

static gboolean is_dark(void) {
  return adw_style_manager_get_dark(adw_style_manager_get_default());
}

void unpark_parts_heading(UnparkParts *p, const char *text) {
  GtkWidget *heading = label(text, "heading");
  gtk_widget_set_margin_top(heading, 8);
  gtk_box_append(p->box, heading);
  g_string_append_printf(p->text, "\n%s\n", text);
}

static void draw_swatch(GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data) {
  set_color(cr, unpark_palette_fill(GPOINTER_TO_UINT(data), is_dark()));
  cairo_paint(cr);
}

void unpark_parts_sentence(UnparkParts *p, const char *text, const UnparkKind *kind) {
  GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *words = label(text, "unpark-sentence");
  gtk_label_set_selectable(GTK_LABEL(words), TRUE);
  if (kind) {
    GtkWidget *swatch = gtk_drawing_area_new();
    gtk_drawing_area_set_content_width(GTK_DRAWING_AREA(swatch), 6);
    gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(swatch), draw_swatch,
                                   GUINT_TO_POINTER(unpark_class_of(kind->state, kind->wait)),
                                   NULL);
    gtk_box_append(GTK_BOX(row), swatch);
  }
  gtk_widget_set_hexpand(words, TRUE);
  gtk_box_append(GTK_BOX(row), words);
  gtk_box_append(p->box, row);
  g_string_append_printf(p->text, "%s\n", text);
}

void unpark_parts_dim(UnparkParts *p, const char *text) {
  gtk_box_append(p->box, label(text, "dim-label"));
  g_string_append_printf(p->text, "%s\n", text);
}

void unpark_parts_fact(UnparkParts *p, const char *name, const char *value) {
  GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *left = label(name, "dim-label");
  GtkWidget *right = label(value, "numeric");
  gtk_widget_set_hexpand(left, TRUE);
  gtk_label_set_xalign(GTK_LABEL(right), 1);
  gtk_label_set_selectable(GTK_LABEL(right), TRUE);
  gtk_box_append(GTK_BOX(row), left);
  gtk_box_append(GTK_BOX(row), right);
  gtk_box_append(p->box, row);
  g_string_append_printf(p->text, "%s: %s\n", name, value);
}

void unpark_parts_number(UnparkParts *p, const char *name, const char *letter, gint64 number) {
  g_autofree char *value = g_strdup_printf("%s %" G_GINT64_FORMAT, letter, number);
  unpark_parts_fact(p, name, value);
}

static void on_link(GtkButton *button, UnparkSession *session) {
  const UnparkPick *target = g_object_get_data(G_OBJECT(button), "target");
  UnparkPick copy = *target;
  unpark_session_go_to(session, &copy, "timeline");
}

void unpark_parts_goroutine(UnparkParts *p, gint64 id, const UnparkPick *target) {
  const UnparkGoroutine *g = unpark_store_goroutine(p->store, id);
  const char *name = g ? unpark_store_string(p->store, g->name_id) : "";
  g_autofree char *text = g_strdup_printf("G %" G_GINT64_FORMAT "  %s", id,
                                          *name ? unpark_format_function(name, NAME_CHARS) : "");
  g_string_append_printf(p->text, "G %" G_GINT64_FORMAT " %s\n", id, name);
  if (!target) {
    GtkWidget *title = label(text, "unpark-sentence");
    gtk_widget_set_tooltip_text(title, name);
    gtk_box_append(p->box, title);
    return;
  }
  GtkWidget *button = gtk_button_new_with_label(text);
  GtkWidget *child = gtk_button_get_child(GTK_BUTTON(button));
  gtk_label_set_ellipsize(GTK_LABEL(child), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_xalign(GTK_LABEL(child), 0);
  gtk_widget_add_css_class(button, "unpark-link");
  gtk_widget_set_tooltip_text(button, *name ? name : _("Go there"));
  g_object_set_data_full(G_OBJECT(button), "target", g_memdup2(target, sizeof *target), g_free);
  g_signal_connect_object(button, "clicked", G_CALLBACK(on_link), p->session, 0);
  gtk_box_append(p->box, button);
}

/* ---- Stacks ------------------------------------------------------------------------------ */

static GtkWidget *frame_row(const UnparkFrame *frame) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *function = label(unpark_format_function_short(frame->function), NULL);
  g_autofree char *place =
      frame->line > 0 ? g_strdup_printf("%s:%u", unpark_format_basename(frame->file), frame->line)
                      : g_strdup(unpark_format_basename(frame->file));
  g_autofree char *tip = g_strdup_printf("%s\n%s:%u", frame->function, frame->file, frame->line);
  GtkWidget *where = label(place, "caption");
  gtk_widget_add_css_class(where, "dim-label");
  if (unpark_format_is_standard(frame->function))
    gtk_widget_add_css_class(function, "dim-label");
  gtk_box_append(GTK_BOX(box), function);
  if (*place)
    gtk_box_append(GTK_BOX(box), where);
  gtk_widget_set_tooltip_text(box, tip);
  return box;
}

void unpark_parts_stack(UnparkParts *p, const UnparkStackFrames *stack) {
  GtkWidget *folded = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4);
  guint n_folded = 0;
  if (stack->n == 0) {
    g_object_unref(g_object_ref_sink(folded));
    return;
  }
  for (guint i = 0; i < stack->n; i++) {
    if (unpark_format_is_runtime(stack->frames[i].function)) {
      gtk_box_append(GTK_BOX(folded), frame_row(&stack->frames[i]));
      n_folded++;
    } else {
      gtk_box_append(p->box, frame_row(&stack->frames[i]));
    }
  }
  if (n_folded > 0) {
    g_autofree char *title = g_strdup_printf(
        ngettext("%u frame of the runtime", "%u frames of the runtime", n_folded), n_folded);
    GtkWidget *expander = gtk_expander_new(title);
    gtk_widget_add_css_class(expander, "dim-label");
    gtk_expander_set_child(GTK_EXPANDER(expander), folded);
    gtk_box_append(p->box, expander);
    gtk_expander_set_expanded(GTK_EXPANDER(expander), n_folded == stack->n && n_folded <= 4);
  } else {
    g_object_unref(g_object_ref_sink(folded));
  }
  g_autofree char *text = unpark_words_stack(stack->frames, stack->n);
  g_string_append(p->text, text);
}

/* ---- Totals -------------------------------------------------------------------------------- */

typedef struct {
  gint64 total_ns[UNPARK_N_STATES];
} Totals;

static void draw_totals(GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data) {
  const Totals *t = data;
  double sum = 0, x = 0;
  for (guint s = 0; s < UNPARK_N_STATES; s++)
    sum += (double)t->total_ns[s];
  for (guint s = 0; s < UNPARK_N_STATES && sum > 0; s++) {
    double w = (double)t->total_ns[s] / sum * width;
    set_color(cr,
              unpark_palette_fill(unpark_class_of((UnparkState)s, UNPARK_WAIT_OTHER), is_dark()));
    cairo_rectangle(cr, x, 0, w, height);
    cairo_fill(cr);
    x += w;
  }
}

void unpark_parts_totals(UnparkParts *p, const gint64 total_ns[UNPARK_N_STATES]) {
  const char *const names[] = {_("Running"), _("Runnable"), _("Waiting"), _("System call")};
  GtkWidget *bar = gtk_drawing_area_new();
  Totals *totals = g_new0(Totals, 1);
  double sum = 0;
  for (guint s = 0; s < UNPARK_N_STATES; s++) {
    totals->total_ns[s] = total_ns[s];
    sum += (double)total_ns[s];
  }
  gtk_drawing_area_set_content_height(GTK_DRAWING_AREA(bar), 12);
  gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(bar), draw_totals, totals, g_free);
  gtk_box_append(p->box, bar);
  for (guint s = 0; s < UNPARK_N_STATES; s++) {
    char duration[UNPARK_FORMAT_SIZE], share[UNPARK_FORMAT_SIZE];
    g_autofree char *value =
        g_strdup_printf("%s  (%s)", unpark_format_duration(total_ns[s], duration),
                        unpark_format_share((double)total_ns[s], sum, share));
    unpark_parts_fact(p, names[s], value);
  }
}

/* ---- Comparison ------------------------------------------------------------------------------ */

typedef struct {
  UnparkComparison comparison;
  guint own;
  guint first, last; /* buckets that hold something */
} Histogram;

static void draw_histogram(GtkDrawingArea *area, cairo_t *cr, int width, int height,
                           gpointer data) {
  const Histogram *h = data;
  double step = (double)width / (h->last - h->first + 1);
  guint64 top = 1;
  for (guint i = h->first; i <= h->last; i++)
    top = MAX(top, h->comparison.buckets[i]);
  for (guint i = h->first; i <= h->last; i++) {
    double tall = (double)h->comparison.buckets[i] / (double)top * height;
    if (h->comparison.buckets[i] > 0)
      tall = MAX(tall, 2);
    set_color(cr,
              unpark_palette_ink(i == h->own ? UNPARK_INK_ACCENT : UNPARK_INK_DIM_TEXT, is_dark()));
    cairo_rectangle(cr, (i - h->first) * step + 0.5, height - tall, MAX(step - 1, 1), tall);
    cairo_fill(cr);
  }
}

void unpark_parts_comparison(UnparkParts *p, const UnparkComparison *c, gint64 duration_ns) {
  char share[UNPARK_FORMAT_SIZE], count[UNPARK_FORMAT_SIZE], median[UNPARK_FORMAT_SIZE],
      longest[UNPARK_FORMAT_SIZE];
  Histogram *h = g_new0(Histogram, 1);
  h->comparison = *c;
  h->own = unpark_bucket_of(duration_ns);
  h->first = h->last = h->own;
  for (guint i = 0; i < UNPARK_N_BUCKETS; i++)
    if (c->buckets[i] > 0) {
      h->first = MIN(h->first, i);
      h->last = MAX(h->last, i);
    }
  unpark_parts_heading(p, _("At the same place"));
  g_autofree char *text =
      g_strdup_printf(_("Longer than %s of the %s spans that stopped at this stack."),
                      unpark_format_share((double)c->n_shorter, (double)c->n, share),
                      unpark_format_count((gint64)c->n, count));
  GtkWidget *words = label(text, NULL);
  GtkWidget *area = gtk_drawing_area_new();
  gtk_drawing_area_set_content_height(GTK_DRAWING_AREA(area), HISTOGRAM_HEIGHT);
  gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(area), draw_histogram, h, g_free);
  g_autofree char *tip = g_strdup_printf(_("Durations at this place, each bar about three times "
                                           "as long as the one before; this one is marked."));
  gtk_widget_set_tooltip_text(area, tip);
  gtk_accessible_update_property(GTK_ACCESSIBLE(area), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_box_append(p->box, words);
  gtk_box_append(p->box, area);
  g_string_append_printf(p->text, "%s\n", text);
  unpark_parts_fact(p, _("Median"), unpark_format_duration(c->median_ns, median));
  unpark_parts_fact(p, _("Longest"), unpark_format_duration(c->longest_ns, longest));
}
