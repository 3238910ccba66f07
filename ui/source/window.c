/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/source/window.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <gtksourceview/gtksource.h>
#include <math.h>

#include "ui/kit/accessible.h"
#include "ui/kit/compat.h"
#include "ui/kit/palette.h"
#include "ui/kit/settings.h"
#include "ui/kit/worker.h"
#include "ui/source/editor.h"
#include "ui/source/listing.h"
#include "ui/source/mappings.h"
#include "ui/source/style.h"
#include "ui/text/profile-format.h"

/* How strongly a line is marked, by its share of the costliest one. */
#define HEAT_LEVELS 4
/* The value of a line that has only the other one. */
#define NOTHING "·"

#define UNPARK_TYPE_SOURCE_WINDOW (unpark_source_window_get_type())
G_DECLARE_FINAL_TYPE(UnparkSourceWindow, unpark_source_window, UNPARK, SOURCE_WINDOW, AdwWindow)

struct _UnparkSourceWindow {
  AdwWindow parent_instance;

  AdwWindowTitle *title;
  AdwStatusPage *missing;
  GtkWidget *measures, *open, *stack, *choose, *text, *status;
  GtkSourceGutterRenderer *flat, *cumulative;
  GtkTextTag *heat[HEAT_LEVELS];

  UnparkStore *store;
  char *function, *file;
  guint line, measure;
  UnparkSourceListing *listing; /* what is shown; NULL: nothing yet */
  gboolean filling;             /* the drop-down is not the person's doing */
  UnparkWorker reading;
};

G_DEFINE_FINAL_TYPE(UnparkSourceWindow, unpark_source_window, ADW_TYPE_WINDOW)

static GtkTextBuffer *buffer_of(UnparkSourceWindow *self) {
  return gtk_text_view_get_buffer(GTK_TEXT_VIEW(self->text));
}

/* ---- Costs beside the lines ---------------------------------------------------------------- */

static void on_query(GtkSourceGutterRenderer *renderer, GtkSourceGutterLines *lines, guint line,
                     UnparkSourceWindow *self) {
  char text[UNPARK_FORMAT_SIZE] = "";
  if (self->listing) {
    UnparkSourceCost cost = unpark_source_listing_at(self->listing, line + 1);
    gint64 value = renderer == self->flat ? cost.flat : cost.cumulative;
    if (value != 0)
      unpark_profile_format_value(value, self->listing->unit, text);
    else if (cost.flat != 0 || cost.cumulative != 0)
      g_strlcpy(text, NOTHING, sizeof text);
  }
  gtk_source_gutter_renderer_text_set_text(GTK_SOURCE_GUTTER_RENDERER_TEXT(renderer), text, -1);
}

/* Room for the widest of the values. */
static void fit_gutter(UnparkSourceWindow *self, GtkSourceGutterRenderer *renderer) {
  int widest = 0, width, height;
  for (guint i = 0; i < self->listing->costs->len; i++) {
    const UnparkSourceCost *cost = &g_array_index(self->listing->costs, UnparkSourceCost, i);
    char text[UNPARK_FORMAT_SIZE];
    gint64 value = renderer == self->flat ? cost->flat : cost->cumulative;
    gtk_source_gutter_renderer_text_measure(
        GTK_SOURCE_GUTTER_RENDERER_TEXT(renderer),
        value == 0 ? NOTHING : unpark_profile_format_value(value, self->listing->unit, text),
        &width, &height);
    widest = MAX(widest, width);
  }
  gtk_widget_set_size_request(GTK_WIDGET(renderer), widest > 0 ? widest + 12 : 0, -1);
}

static GtkSourceGutterRenderer *add_gutter(UnparkSourceWindow *self, int position) {
  GtkSourceGutterRenderer *renderer = gtk_source_gutter_renderer_text_new();
  gtk_source_gutter_renderer_set_xalign(renderer, 1);
  gtk_source_gutter_renderer_set_xpad(renderer, 6);
  gtk_source_gutter_insert(
      gtk_source_view_get_gutter(GTK_SOURCE_VIEW(self->text), GTK_TEXT_WINDOW_LEFT), renderer,
      position);
  g_signal_connect_object(renderer, "query-data", G_CALLBACK(on_query), self, 0);
  return renderer;
}

static void mark_lines(UnparkSourceWindow *self) {
  GtkTextBuffer *buffer = buffer_of(self);
  guint n_lines = (guint)gtk_text_buffer_get_line_count(buffer);
  double most = 0;
  for (guint i = 0; i < self->listing->costs->len; i++)
    most = fmax(most,
                fabs((double)g_array_index(self->listing->costs, UnparkSourceCost, i).cumulative));
  for (guint i = 0; i < self->listing->costs->len; i++) {
    const UnparkSourceCost *cost = &g_array_index(self->listing->costs, UnparkSourceCost, i);
    GtkTextIter start, end;
    if (cost->line == 0 || cost->line > n_lines || cost->cumulative == 0)
      continue;
    guint level = (guint)(fabs((double)cost->cumulative) / most * HEAT_LEVELS);
    gtk_text_buffer_get_iter_at_line(buffer, &start, (int)cost->line - 1);
    end = start;
    if (!gtk_text_iter_ends_line(&end))
      gtk_text_iter_forward_to_line_end(&end);
    gtk_text_buffer_apply_tag(buffer, self->heat[MIN(level, HEAT_LEVELS - 1)], &start, &end);
  }
}

static void colour_heat(UnparkSourceWindow *self) {
  gboolean dark = adw_style_manager_get_dark(adw_style_manager_get_default());
  guint32 rgb = unpark_palette_ink(UNPARK_INK_GOAL, dark);
  for (guint i = 0; i < HEAT_LEVELS; i++) {
    GdkRGBA colour = {(float)(rgb >> 16 & 255) / 255, (float)(rgb >> 8 & 255) / 255,
                      (float)(rgb & 255) / 255, 0.08f + 0.09f * (float)i};
    g_object_set(self->heat[i], "paragraph-background-rgba", &colour, NULL);
  }
}

/* ---- The line with the cursor --------------------------------------------------------------- */

static guint cursor_line(UnparkSourceWindow *self) {
  GtkTextIter cursor;
  gtk_text_buffer_get_iter_at_mark(buffer_of(self), &cursor,
                                   gtk_text_buffer_get_insert(buffer_of(self)));
  return (guint)gtk_text_iter_get_line(&cursor) + 1;
}

static void show_status(UnparkSourceWindow *self) {
  char flat[UNPARK_FORMAT_SIZE], cumulative[UNPARK_FORMAT_SIZE], share[UNPARK_FORMAT_SIZE];
  if (!self->listing || !self->listing->text)
    return;
  guint line = cursor_line(self);
  UnparkSourceCost cost = unpark_source_listing_at(self->listing, line);
  g_autofree char *text =
      cost.flat == 0 && cost.cumulative == 0
          ? g_strdup_printf(_("Line %u"), line)
          : g_strdup_printf(
                _("Line %u: self %s, total %s (%s)"), line,
                unpark_profile_format_value(cost.flat, self->listing->unit, flat),
                unpark_profile_format_value(cost.cumulative, self->listing->unit, cumulative),
                unpark_profile_format_share(cost.cumulative, self->listing->total, share));
  gtk_label_set_text(GTK_LABEL(self->status), text);
  gtk_widget_set_tooltip_text(self->status,
                              _("Left of the line numbers: self, then total with what it called"));
}

/* ---- Reading -------------------------------------------------------------------------------- */

static void read_again(UnparkSourceWindow *self);

static void fill_measures(UnparkSourceWindow *self) {
  self->filling = TRUE;
  g_autoptr(GtkStringList) names =
      gtk_string_list_new((const char *const *)self->listing->measures);
  gtk_drop_down_set_model(GTK_DROP_DOWN(self->measures), G_LIST_MODEL(names));
  if (self->listing->measures[0])
    gtk_drop_down_set_selected(GTK_DROP_DOWN(self->measures), self->listing->measure);
  gtk_widget_set_visible(self->measures, self->listing->measures[0] != NULL);
  self->filling = FALSE;
}

static gboolean scroll_to_cursor(gpointer data) {
  UnparkSourceWindow *self = data;
  gtk_text_view_scroll_to_mark(GTK_TEXT_VIEW(self->text),
                               gtk_text_buffer_get_insert(buffer_of(self)), 0, TRUE, 0, 0.33);
  return G_SOURCE_REMOVE;
}

static void show_text(UnparkSourceWindow *self) {
  GtkTextIter at;
  gtk_text_buffer_set_text(buffer_of(self), self->listing->text, -1);
  gtk_text_buffer_get_iter_at_line(buffer_of(self), &at,
                                   self->listing->line > 0 ? (int)self->listing->line - 1 : 0);
  gtk_text_buffer_place_cursor(buffer_of(self), &at);
  fit_gutter(self, self->flat);
  fit_gutter(self, self->cumulative);
  mark_lines(self);
  gtk_stack_set_visible_child_name(GTK_STACK(self->stack), "text");
  gtk_widget_grab_focus(self->text);
  /* The lines have their heights when they have been laid out. */
  g_idle_add_full(G_PRIORITY_LOW, scroll_to_cursor, g_object_ref(self), g_object_unref);
  show_status(self);
}

static void show_missing(UnparkSourceWindow *self, const char *reason) {
  gboolean named = self->listing && *self->listing->file;
  g_autofree char *text =
      reason  ? g_strdup(reason)
      : named ? g_strdup_printf(_("%s\n\nThe recording names a path of the machine that built the "
                                  "program. Choose the folder on this computer that has the file."),
                                self->listing->file)
              : g_strdup(_("The recording does not say in which file this function is."));
  g_autofree char *escaped = g_markup_escape_text(text, -1);
  adw_status_page_set_description(self->missing, escaped);
  gtk_widget_set_visible(self->choose, named);
  gtk_stack_set_visible_child_name(GTK_STACK(self->stack), "missing");
  if (named)
    gtk_widget_grab_focus(self->choose);
}

static gpointer read_listing(gpointer request, GCancellable *cancellable, GError **error) {
  return unpark_source_listing_new(request, cancellable, error);
}

static void on_listing(gpointer owner, gpointer data, gpointer result, const GError *error) {
  UnparkSourceWindow *self = owner;
  unpark_source_listing_free(self->listing);
  self->listing = result;
  if (!self->listing) {
    show_missing(self, error->message);
    return;
  }
  if (self->listing->path)
    adw_window_title_set_subtitle(self->title, self->listing->path);
  else
    adw_window_title_set_subtitle(self->title, self->listing->file);
  gtk_widget_set_visible(self->open, self->listing->text != NULL);
  fill_measures(self);
  if (self->listing->text)
    show_text(self);
  else
    show_missing(self, self->listing->error);
}

static void read_again(UnparkSourceWindow *self) {
  static const UnparkWork reading = {read_listing, on_listing,
                                     (GDestroyNotify)unpark_source_request_free,
                                     (GDestroyNotify)unpark_source_listing_free};
  UnparkSourceRequest *request = g_new(UnparkSourceRequest, 1);
  *request = (UnparkSourceRequest){unpark_store_ref(self->store),
                                   g_strdup(self->function),
                                   g_strdup(self->file),
                                   self->line,
                                   self->measure,
                                   unpark_source_mappings_get()};
  if (!self->listing)
    gtk_stack_set_visible_child_name(GTK_STACK(self->stack), "busy");
  unpark_worker_run(&self->reading, self, &reading, request);
}

/* ---- Doing ---------------------------------------------------------------------------------- */

static void on_measure(UnparkSourceWindow *self) {
  if (self->filling || !self->listing)
    return;
  self->measure = gtk_drop_down_get_selected(GTK_DROP_DOWN(self->measures));
  /* The same file and line as now. */
  g_free(self->file);
  self->file = g_strdup(self->listing->file);
  self->line = self->listing->text ? cursor_line(self) : self->line;
  read_again(self);
}

static void on_folder(GFile *file, gpointer data) {
  g_autoptr(UnparkSourceWindow) self = data;
  g_autofree char *folder = file ? g_file_get_path(file) : NULL;
  if (!folder || !self->listing)
    return;
  if (unpark_source_mappings_add(self->listing->file, folder)) {
    read_again(self);
    return;
  }
  g_autofree char *name = g_path_get_basename(self->listing->file);
  g_autofree char *shown = g_filename_display_name(folder);
  g_autofree char *text = g_strdup_printf(
      _("There is no %s in “%s”, nor in the folders that its path names below it."), name, shown);
  show_missing(self, text);
}

static void on_choose(UnparkSourceWindow *self) {
  unpark_compat_open_folder(GTK_WINDOW(self), _("Folder With the Source"), on_folder,
                            g_object_ref(self));
}

static void on_launched(GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr(UnparkSourceWindow) self = data;
  g_autoptr(GError) error = NULL;
  if (!g_app_info_launch_default_for_uri_finish(result, &error))
    gtk_label_set_text(GTK_LABEL(self->status), error->message);
}

static void on_open(UnparkSourceWindow *self) {
  g_autofree char *command = unpark_source_editor_get_command();
  g_autoptr(GError) error = NULL;
  if (*command) {
    if (!unpark_source_editor_open(command, self->listing->path, cursor_line(self), &error))
      gtk_label_set_text(GTK_LABEL(self->status), error->message);
    return;
  }
  g_autoptr(GFile) file = g_file_new_for_path(self->listing->path);
  g_autofree char *uri = g_file_get_uri(file);
  g_autoptr(GdkAppLaunchContext) context =
      gdk_display_get_app_launch_context(gtk_widget_get_display(GTK_WIDGET(self)));
  g_app_info_launch_default_for_uri_async(uri, G_APP_LAUNCH_CONTEXT(context), NULL, on_launched,
                                          g_object_ref(self));
}

/* ---- Window --------------------------------------------------------------------------------- */

static gboolean on_close(GtkWindow *window) {
  int width, height;
  gtk_window_get_default_size(window, &width, &height);
  unpark_settings_set_int("source.width", width);
  unpark_settings_set_int("source.height", height);
  return GTK_WINDOW_CLASS(unpark_source_window_parent_class)->close_request(window);
}

static void unpark_source_window_dispose(GObject *object) {
  unpark_worker_cancel(&UNPARK_SOURCE_WINDOW(object)->reading);
  G_OBJECT_CLASS(unpark_source_window_parent_class)->dispose(object);
}

static void unpark_source_window_finalize(GObject *object) {
  UnparkSourceWindow *self = UNPARK_SOURCE_WINDOW(object);
  g_clear_pointer(&self->listing, unpark_source_listing_free);
  g_clear_pointer(&self->store, unpark_store_unref);
  g_free(self->function);
  g_free(self->file);
  G_OBJECT_CLASS(unpark_source_window_parent_class)->finalize(object);
}

static void unpark_source_window_class_init(UnparkSourceWindowClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = unpark_source_window_dispose;
  G_OBJECT_CLASS(class)->finalize = unpark_source_window_finalize;
  GTK_WINDOW_CLASS(class)->close_request = on_close;
  g_type_ensure(GTK_SOURCE_TYPE_VIEW);
  gtk_widget_class_set_template_from_resource(widget_class,
                                              "/io/github/unpark/Unpark/ui/source/window.ui");
  gtk_widget_class_bind_template_child(widget_class, UnparkSourceWindow, title);
  gtk_widget_class_bind_template_child(widget_class, UnparkSourceWindow, missing);
  gtk_widget_class_bind_template_child(widget_class, UnparkSourceWindow, measures);
  gtk_widget_class_bind_template_child(widget_class, UnparkSourceWindow, open);
  gtk_widget_class_bind_template_child(widget_class, UnparkSourceWindow, stack);
  gtk_widget_class_bind_template_child(widget_class, UnparkSourceWindow, choose);
  gtk_widget_class_bind_template_child(widget_class, UnparkSourceWindow, text);
  gtk_widget_class_bind_template_child(widget_class, UnparkSourceWindow, status);
  gtk_widget_class_bind_template_callback(widget_class, on_measure);
  gtk_widget_class_bind_template_callback(widget_class, on_open);
  gtk_widget_class_bind_template_callback(widget_class, on_choose);
  gtk_widget_class_bind_template_callback(widget_class, gtk_spinner_start);
  gtk_widget_class_bind_template_callback(widget_class, gtk_spinner_stop);
}

static void unpark_source_window_init(UnparkSourceWindow *self) {
  gtk_widget_init_template(GTK_WIDGET(self));
  gtk_widget_add_css_class(GTK_WIDGET(self), UNPARK_COMPAT_HEADER_CLASS);
  unpark_source_style_follow(GTK_SOURCE_BUFFER(buffer_of(self)), "go");
  gtk_source_view_set_show_line_numbers(GTK_SOURCE_VIEW(self->text), TRUE);
  self->flat = add_gutter(self, GTK_SOURCE_VIEW_GUTTER_POSITION_LINES - 20);
  self->cumulative = add_gutter(self, GTK_SOURCE_VIEW_GUTTER_POSITION_LINES - 10);
  for (guint i = 0; i < HEAT_LEVELS; i++)
    self->heat[i] = gtk_text_buffer_create_tag(buffer_of(self), NULL, NULL);
  colour_heat(self);
  g_signal_connect_object(adw_style_manager_get_default(), "notify::dark", G_CALLBACK(colour_heat),
                          self, G_CONNECT_SWAPPED);
  g_signal_connect_object(buffer_of(self), "notify::cursor-position", G_CALLBACK(show_status), self,
                          G_CONNECT_SWAPPED);
  unpark_accessible_name(self->measures, _("What of each line is shown"));
  gtk_window_set_default_size(GTK_WINDOW(self), unpark_settings_get_int("source.width", 900),
                              unpark_settings_get_int("source.height", 640));
}

void unpark_source_window_present(GtkWindow *parent, UnparkStore *store, const char *function,
                                  const char *file, guint line) {
  UnparkSourceWindow *self = g_object_new(UNPARK_TYPE_SOURCE_WINDOW, "transient-for", parent,
                                          "destroy-with-parent", TRUE, NULL);
  self->store = unpark_store_ref(store);
  self->function = g_strdup(function);
  self->file = g_strdup(file);
  self->line = line;
  self->measure = G_MAXUINT;
  adw_window_title_set_title(self->title, unpark_profile_function_name(function));
  gtk_window_present(GTK_WINDOW(self));
  read_again(self);
}
