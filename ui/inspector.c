#include "ui/inspector.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "ui/format.h"
#include "ui/inspector-items.h"
#include "ui/palette.h"

#define BAR_HEIGHT 10

struct _UnparkInspector {
  GtkWidget parent_instance;

  UnparkSession *session;
  GtkWidget *scrolled, *box;
  GCancellable *cancellable;
  GPtrArray *lines; /* what is shown; NULL: nothing */
};

G_DEFINE_FINAL_TYPE(UnparkInspector, unpark_inspector, GTK_TYPE_WIDGET)

typedef struct {
  UnparkStore *store;
  UnparkPick pick;
} Request;

static void request_free(gpointer data) {
  Request *request = data;
  unpark_store_unref(request->store);
  g_free(request);
}

/* ---- lines as widgets ---------------------------------------------------------------- */

static GtkWidget *label_new(const char *text, const char *css) {
  GtkWidget *label = gtk_label_new(text);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable(GTK_LABEL(label), TRUE);
  gtk_widget_set_focusable(label, FALSE);
  if (css)
    gtk_widget_add_css_class(label, css);
  return label;
}

static void on_link(GtkButton *button, UnparkInspector *self) {
  const UnparkPick *pick = g_object_get_data(G_OBJECT(button), "pick");
  unpark_session_go_to(self->session, pick, "timeline");
}

static GtkWidget *link_new(UnparkInspector *self, const UnparkLine *line) {
  GtkWidget *button = gtk_button_new();
  GtkWidget *label = gtk_label_new(line->text);
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_button_set_child(GTK_BUTTON(button), label);
  gtk_widget_set_tooltip_text(button, line->text);
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_add_css_class(button, "unpark-link");
  gtk_widget_set_hexpand(button, TRUE);
  g_object_set_data_full(G_OBJECT(button), "pick", g_memdup2(&line->pick, sizeof line->pick),
                         g_free);
  g_signal_connect(button, "clicked", G_CALLBACK(on_link), self);
  return button;
}

/* Label and text side by side; without a label, the text alone. */
static void add_pair(UnparkInspector *self, GtkWidget *grid, int row, const UnparkLine *line) {
  GtkWidget *value =
      line->pick.type != UNPARK_PICK_NONE ? link_new(self, line) : label_new(line->text, NULL);
  if (*line->label) {
    GtkWidget *label = label_new(line->label, "dim-label");
    gtk_label_set_wrap(GTK_LABEL(label), FALSE);
    gtk_widget_set_valign(label, GTK_ALIGN_BASELINE);
    gtk_grid_attach(GTK_GRID(grid), label, 0, row, 1, 1);
  }
  gtk_widget_set_hexpand(value, TRUE);
  gtk_grid_attach(GTK_GRID(grid), value, *line->label ? 1 : 0, row, *line->label ? 1 : 2, 1);
}

static GtkWidget *frame_new(const UnparkLine *line) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *function = label_new(line->text, NULL);
  g_autofree char *short_place = g_strdup(unpark_format_basename(line->label));
  GtkWidget *place = label_new(short_place, "dim-label");
  gtk_widget_add_css_class(place, "caption");
  gtk_widget_set_tooltip_text(place, line->label);
  gtk_box_append(GTK_BOX(box), function);
  gtk_box_append(GTK_BOX(box), place);
  return box;
}

static void draw_states(GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data) {
  static const UnparkState order[] = {UNPARK_STATE_RUNNING, UNPARK_STATE_RUNNABLE,
                                      UNPARK_STATE_SYSCALL, UNPARK_STATE_WAITING};
  const gint64 *total = data;
  gboolean dark = adw_style_manager_get_dark(adw_style_manager_get_default());
  double all = 0, x = 0;
  for (guint i = 0; i < UNPARK_N_STATES; i++)
    all += (double)total[i];
  for (guint i = 0; i < G_N_ELEMENTS(order) && all > 0; i++) {
    guint32 rgb = unpark_palette_fill(unpark_class_of(order[i], UNPARK_WAIT_OTHER), dark);
    double share = width * (double)total[order[i]] / all;
    cairo_set_source_rgb(cr, (rgb >> 16) / 255.0, (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0);
    cairo_rectangle(cr, x, 0, share, height);
    cairo_fill(cr);
    x += share;
  }
}

static GtkWidget *states_new(const UnparkLine *line) {
  GtkWidget *area = gtk_drawing_area_new();
  gtk_drawing_area_set_content_height(GTK_DRAWING_AREA(area), BAR_HEIGHT);
  gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(area), draw_states,
                                 g_memdup2(line->total_ns, sizeof line->total_ns), g_free);
  gtk_widget_set_margin_top(area, 4);
  gtk_accessible_update_property(GTK_ACCESSIBLE(area), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Share of each state"), -1);
  return area;
}

/* Runtime frames that follow each other, behind one line that opens. */
static guint add_folded(UnparkInspector *self, guint i) {
  GtkWidget *inner = gtk_box_new(GTK_ORIENTATION_VERTICAL, 3);
  guint n = 0;
  for (; i < self->lines->len; i++, n++) {
    const UnparkLine *line = self->lines->pdata[i];
    if (line->type != UNPARK_LINE_RUNTIME)
      break;
    gtk_box_append(GTK_BOX(inner), frame_new(line));
  }
  g_autofree char *title =
      g_strdup_printf(ngettext("%u frame of the runtime", "%u frames of the runtime", n), n);
  GtkWidget *expander = gtk_expander_new(title);
  gtk_expander_set_child(GTK_EXPANDER(expander), inner);
  gtk_widget_add_css_class(expander, "dim-label");
  gtk_box_append(GTK_BOX(self->box), expander);
  return i;
}

static guint add_pairs(UnparkInspector *self, guint i) {
  GtkWidget *grid = gtk_grid_new();
  gtk_grid_set_column_spacing(GTK_GRID(grid), 12);
  gtk_grid_set_row_spacing(GTK_GRID(grid), 3);
  for (int row = 0; i < self->lines->len; i++, row++) {
    const UnparkLine *line = self->lines->pdata[i];
    if (line->type != UNPARK_LINE_PAIR)
      break;
    add_pair(self, grid, row, line);
  }
  gtk_box_append(GTK_BOX(self->box), grid);
  return i;
}

static GtkWidget *heading_new(const char *text) {
  GtkWidget *label = label_new(text, "heading");
  gtk_widget_set_margin_top(label, 9);
  return label;
}

/* ---- filling ----------------------------------------------------------------------------- */

static void clear(UnparkInspector *self) {
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child(self->box)))
    gtk_box_remove(GTK_BOX(self->box), child);
}

static void on_copy(UnparkInspector *self) {
  if (!self->lines)
    return;
  g_autofree char *text = unpark_inspector_text(self->lines);
  gdk_clipboard_set_text(gtk_widget_get_clipboard(GTK_WIDGET(self)), text);
}

static GtkWidget *title_new(UnparkInspector *self, const char *text) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *title = label_new(text, "title-4");
  GtkWidget *copy = gtk_button_new_from_icon_name("edit-copy-symbolic");
  gtk_widget_set_hexpand(title, TRUE);
  gtk_widget_set_tooltip_text(copy, _("Copy as text"));
  gtk_widget_add_css_class(copy, "flat");
  gtk_widget_set_valign(copy, GTK_ALIGN_START);
  g_signal_connect_swapped(copy, "clicked", G_CALLBACK(on_copy), self);
  gtk_box_append(GTK_BOX(box), title);
  gtk_box_append(GTK_BOX(box), copy);
  return box;
}

static guint add_line(UnparkInspector *self, guint i) {
  const UnparkLine *line = self->lines->pdata[i];
  GtkWidget *widget = NULL;
  switch (line->type) {
  case UNPARK_LINE_PAIR:
    return add_pairs(self, i);
  case UNPARK_LINE_RUNTIME:
    return add_folded(self, i);
  case UNPARK_LINE_TITLE:
    widget = title_new(self, line->text);
    break;
  case UNPARK_LINE_SENTENCE:
    widget = label_new(line->text, "unpark-sentence");
    break;
  case UNPARK_LINE_HEADING:
    widget = heading_new(line->text);
    break;
  case UNPARK_LINE_FRAME:
    widget = frame_new(line);
    break;
  case UNPARK_LINE_STATES:
    widget = states_new(line);
    break;
  }
  gtk_box_append(GTK_BOX(self->box), widget);
  return i + 1;
}

static void show_hint(UnparkInspector *self, const char *text) {
  GtkWidget *label = label_new(text, "dim-label");
  clear(self);
  gtk_label_set_justify(GTK_LABEL(label), GTK_JUSTIFY_CENTER);
  gtk_label_set_xalign(GTK_LABEL(label), 0.5f);
  gtk_widget_set_vexpand(label, TRUE);
  gtk_box_append(GTK_BOX(self->box), label);
}

static void on_lines(GObject *object, GAsyncResult *result, gpointer data) {
  UnparkInspector *self = UNPARK_INSPECTOR(object);
  g_autoptr(GError) error = NULL;
  GPtrArray *lines = g_task_propagate_pointer(G_TASK(result), &error);
  if (!lines) {
    if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
      show_hint(self, error->message);
    return;
  }
  /* A newer pick has cancelled this one, even if it was through already. */
  if (g_cancellable_is_cancelled(g_task_get_cancellable(G_TASK(result)))) {
    g_ptr_array_unref(lines);
    return;
  }
  g_clear_pointer(&self->lines, g_ptr_array_unref);
  self->lines = lines;
  clear(self);
  for (guint i = 0; i < lines->len;)
    i = add_line(self, i);
}

static void lines_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  const Request *request = data;
  GError *error = NULL;
  GPtrArray *lines = unpark_inspector_lines(request->store, &request->pick, cancellable, &error);
  if (lines)
    g_task_return_pointer(task, lines, (GDestroyNotify)g_ptr_array_unref);
  else
    g_task_return_error(task, error);
}

static void refresh(UnparkInspector *self) {
  const UnparkPick *pick = unpark_session_get_pick(self->session);
  UnparkStore *store = unpark_session_get_store(self->session);
  g_cancellable_cancel(self->cancellable);
  g_clear_object(&self->cancellable);
  if (!store || pick->type == UNPARK_PICK_NONE) {
    g_clear_pointer(&self->lines, g_ptr_array_unref);
    show_hint(self, _("Click a span, a lane or a group to see what it was doing, and why."));
    return;
  }
  Request *request = g_new0(Request, 1);
  request->store = unpark_store_ref(store);
  request->pick = *pick;
  self->cancellable = g_cancellable_new();
  GTask *task = g_task_new(self, self->cancellable, on_lines, NULL);
  g_task_set_check_cancellable(task, FALSE);
  g_task_set_task_data(task, request, request_free);
  g_task_run_in_thread(task, lines_thread);
  g_object_unref(task);
}

/* ---- the widget ----------------------------------------------------------------------------- */

static void unpark_inspector_dispose(GObject *object) {
  UnparkInspector *self = UNPARK_INSPECTOR(object);
  g_cancellable_cancel(self->cancellable);
  g_clear_object(&self->cancellable);
  g_clear_pointer(&self->lines, g_ptr_array_unref);
  g_clear_pointer(&self->scrolled, gtk_widget_unparent);
  g_clear_object(&self->session);
  G_OBJECT_CLASS(unpark_inspector_parent_class)->dispose(object);
}

static void unpark_inspector_class_init(UnparkInspectorClass *class) {
  G_OBJECT_CLASS(class)->dispose = unpark_inspector_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
}

static void unpark_inspector_init(UnparkInspector *self) {
  self->scrolled = gtk_scrolled_window_new();
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(self->scrolled), GTK_POLICY_NEVER,
                                 GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(self->scrolled), self->box);
  gtk_widget_add_css_class(self->scrolled, "unpark-inspector");
  gtk_widget_set_parent(self->scrolled, GTK_WIDGET(self));
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Inspector"), -1);
}

GtkWidget *unpark_inspector_new(UnparkSession *session) {
  UnparkInspector *self = g_object_new(UNPARK_TYPE_INSPECTOR, NULL);
  self->session = g_object_ref(session);
  g_signal_connect_object(session, "pick-changed", G_CALLBACK(refresh), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(session, "store-changed", G_CALLBACK(refresh), self, G_CONNECT_SWAPPED);
  refresh(self);
  return GTK_WIDGET(self);
}
