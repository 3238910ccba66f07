/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dialog that saves a flame graph: what it will look like, and the choices. */
#include <glib/gi18n.h>
#include <string.h>

#include "model/base/printable.h"
#include "ui/flame/picture.h"
#include "ui/flame/view-private.h"
#include "ui/kit/accessible.h"
#include "ui/kit/compat.h"
#include "ui/kit/settings.h"

#define PREVIEW_WIDTH 620
#define PREVIEW_DELAY_MS 120
#define PREVIEW_TEXT (16 * 1024)
#define PULSE_MS 80

#define UNPARK_TYPE_FLAME_EXPORT (unpark_flame_export_get_type())
G_DECLARE_FINAL_TYPE(UnparkFlameExport, unpark_flame_export, UNPARK, FLAME_EXPORT, AdwWindow)

struct _UnparkFlameExport {
  AdwWindow parent_instance;

  UnparkFlameView *view; /* not owned: a modal window of it */
  UnparkFlameResult *result;
  UnparkFlameQuery *query;
  UnparkFlameColouring colouring;
  UnparkWorker previewing, saving;
  guint preview_source, pulse_source;

  GtkWidget *format, *title, *subtitle, *width, *theme, *upwards, *which;
  GtkWidget *pages, *picture, *text, *words, *save, *cancel, *progress, *error;
};

G_DEFINE_FINAL_TYPE(UnparkFlameExport, unpark_flame_export, ADW_TYPE_WINDOW)

/* ---- The order -------------------------------------------------------------------------- */

static UnparkFlameFormat chosen_format(UnparkFlameExport *self) {
  return (UnparkFlameFormat)adw_combo_row_get_selected(ADW_COMBO_ROW(self->format));
}

static UnparkFlame *chosen_flame(UnparkFlameExport *self) {
  gboolean callers =
      self->result->callers && adw_combo_row_get_selected(ADW_COMBO_ROW(self->which)) == 1;
  return callers ? self->result->callers : self->result->flame;
}

static UnparkFlamePictureOrder *make_order(UnparkFlameExport *self, double scale) {
  UnparkFlamePicture options = {
      .title = gtk_editable_get_text(GTK_EDITABLE(self->title)),
      .subtitle = gtk_editable_get_text(GTK_EDITABLE(self->subtitle)),
      .width = gtk_spin_button_get_value(GTK_SPIN_BUTTON(self->width)),
      .upwards = gtk_switch_get_active(GTK_SWITCH(self->upwards)),
      .interactive = chosen_format(self) == UNPARK_FLAME_SVG,
      .theme = (UnparkFlameTheme)adw_combo_row_get_selected(ADW_COMBO_ROW(self->theme)),
      .colouring = self->colouring,
  };
  return unpark_flame_order_picture(chosen_flame(self), &options, scale);
}

/* ---- Preview ------------------------------------------------------------------------------ */

typedef struct {
  UnparkFlamePictureOrder *order;
  UnparkFlameFormat format;
  char text[PREVIEW_TEXT + 1];
} Preview;

static void preview_free(gpointer data) {
  Preview *preview = data;
  unpark_flame_picture_order_free(preview->order);
  g_free(preview);
}

/* The beginning of a text; the stream is full when that is enough. */
static void preview_text(Preview *preview, GCancellable *cancellable) {
  g_autoptr(GOutputStream) out =
      g_memory_output_stream_new(preview->text, PREVIEW_TEXT, NULL, NULL);
  const char *end;
  unpark_flame_write(preview->order, preview->format, out, cancellable, NULL);
  if (!g_utf8_validate(preview->text, -1, &end))
    preview->text[end - preview->text] = 0;
}

/* A picture; NULL: a text, in the preview itself. */
static gpointer make_preview_of(gpointer data, GCancellable *cancellable, GError **error) {
  Preview *preview = data;
  if (unpark_flame_format_is_picture(preview->format))
    return unpark_flame_picture_texture(preview->order, cancellable, error);
  preview_text(preview, cancellable);
  return NULL;
}

static void show_words(UnparkFlameExport *self, const char *words) {
  gtk_label_set_text(GTK_LABEL(self->words), words);
  gtk_stack_set_visible_child(GTK_STACK(self->pages), self->words);
}

static void on_preview(gpointer owner, gpointer data, gpointer result, const GError *error) {
  UnparkFlameExport *self = owner;
  const Preview *preview = data;
  g_autoptr(GdkTexture) texture = result;
  if (error) {
    show_words(self, error->message);
  } else if (texture) {
    double shown = MIN((double)PREVIEW_WIDTH / gdk_texture_get_width(texture), 1);
    gtk_picture_set_paintable(GTK_PICTURE(self->picture), GDK_PAINTABLE(texture));
    gtk_widget_set_size_request(self->picture, -1, (int)(shown * gdk_texture_get_height(texture)));
    gtk_stack_set_visible_child_name(GTK_STACK(self->pages), "picture");
  } else {
    gtk_text_buffer_set_text(gtk_text_view_get_buffer(GTK_TEXT_VIEW(self->text)), preview->text,
                             -1);
    gtk_stack_set_visible_child_name(GTK_STACK(self->pages), "text");
  }
}

static gboolean preview_now(gpointer data) {
  static const UnparkWork work = {make_preview_of, on_preview, preview_free, g_object_unref};
  UnparkFlameExport *self = data;
  UnparkFlameFormat format = chosen_format(self);
  double width = gtk_spin_button_get_value(GTK_SPIN_BUTTON(self->width));
  double scale = MIN(PREVIEW_WIDTH / width, 1) * gtk_widget_get_scale_factor(GTK_WIDGET(self));
  self->preview_source = 0;
  unpark_worker_cancel(&self->previewing);
  if (format == UNPARK_FLAME_PPROF) {
    show_words(self, _("A profile with the same stacks and values, for go tool pprof and other "
                       "programs that read its format."));
    return G_SOURCE_REMOVE;
  }
  Preview *preview = g_new0(Preview, 1);
  preview->order = make_order(self, scale);
  preview->format = format;
  unpark_worker_run(&self->previewing, self, &work, preview);
  return G_SOURCE_REMOVE;
}

static void preview_soon(UnparkFlameExport *self) {
  gboolean picture = unpark_flame_format_is_picture(chosen_format(self));
  GtkWidget *const of_pictures[] = {self->title, self->subtitle, self->theme,
                                    gtk_widget_get_ancestor(self->width, ADW_TYPE_ACTION_ROW),
                                    gtk_widget_get_ancestor(self->upwards, ADW_TYPE_ACTION_ROW)};
  for (guint i = 0; i < G_N_ELEMENTS(of_pictures); i++)
    gtk_widget_set_sensitive(of_pictures[i], picture);
  gtk_widget_set_visible(self->error, FALSE);
  g_clear_handle_id(&self->preview_source, g_source_remove);
  self->preview_source = g_timeout_add(PREVIEW_DELAY_MS, preview_now, self);
}

/* ---- Saving --------------------------------------------------------------------------------- */

typedef struct {
  UnparkFlamePictureOrder *order;
  UnparkFlameFormat format;
  GFile *file;
  UnparkFlameQuery *query; /* to be run first; NULL: the order has its tree */
} Save;

static void save_free(gpointer data) {
  Save *save = data;
  unpark_flame_picture_order_free(save->order);
  g_clear_pointer(&save->query, unpark_flame_query_free);
  g_object_unref(save->file);
  g_free(save);
}

static gboolean run_query(Save *save, GCancellable *cancellable, GError **error) {
  g_autoptr(UnparkFlameResult) result = unpark_flame_query_run(save->query, cancellable, error);
  if (!result)
    return FALSE;
  unpark_flame_unref(save->order->flame);
  save->order->flame = unpark_flame_ref(result->flame);
  return TRUE;
}

static gpointer save_file(gpointer data, GCancellable *cancellable, GError **error) {
  Save *save = data;
  if (!save->query || run_query(save, cancellable, error))
    unpark_flame_write_file(save->order, save->format, save->file, cancellable, error);
  return NULL;
}

static gboolean pulse(gpointer data) {
  gtk_progress_bar_pulse(GTK_PROGRESS_BAR(UNPARK_FLAME_EXPORT(data)->progress));
  return G_SOURCE_CONTINUE;
}

static void set_saving(UnparkFlameExport *self, gboolean saving) {
  gtk_widget_set_sensitive(self->save, !saving);
  gtk_widget_set_visible(self->progress, saving);
  g_clear_handle_id(&self->pulse_source, g_source_remove);
  if (saving)
    self->pulse_source = g_timeout_add(PULSE_MS, pulse, self);
}

static void on_saved(gpointer owner, gpointer data, gpointer result, const GError *error) {
  UnparkFlameExport *self = owner;
  const Save *save = data;
  set_saving(self, FALSE);
  if (!error) {
    g_autofree char *path = g_file_get_parse_name(save->file);
    g_autofree char *text = g_strdup_printf(_("Saved %s"), path);
    unpark_flame_view_tell(self->view, text);
    gtk_window_close(GTK_WINDOW(self));
  } else {
    g_autofree char *text = g_strdup_printf(_("Not saved: %s"), error->message);
    gtk_label_set_text(GTK_LABEL(self->error), text);
    gtk_widget_set_visible(self->error, TRUE);
  }
}

static void save_to(UnparkFlameExport *self, GFile *file) {
  static const UnparkWork work = {save_file, on_saved, save_free, NULL};
  Save *save = g_new0(Save, 1);
  save->order = make_order(self, 1);
  save->format = chosen_format(self);
  save->file = g_object_ref(file);
  /* Another program may look at lines: it gets them. */
  if (save->format == UNPARK_FLAME_PPROF && !self->result->callers &&
      self->query->merge == UNPARK_FLAME_MERGE_FUNCTION) {
    save->query = unpark_flame_query_copy(self->query);
    save->query->merge = UNPARK_FLAME_MERGE_LINE;
  }
  unpark_worker_run(&self->saving, self, &work, save);
  gtk_widget_set_visible(self->error, FALSE);
  set_saving(self, TRUE);
}

static void on_file(GFile *file, gpointer data) {
  g_autoptr(UnparkFlameExport) self = data;
  /* It may have been closed meanwhile. */
  if (file && gtk_widget_get_realized(GTK_WIDGET(self)))
    save_to(self, file);
}

static void on_save(UnparkFlameExport *self) {
  const char *path = unpark_store_source(self->query->side.store)->path;
  g_autofree char *base = g_path_get_basename(path ? path : "flame");
  g_autofree char *file = unpark_printable_file_name(base);
  g_autofree char *name =
      g_strconcat(file, "-flame", unpark_flame_format_ending(chosen_format(self)), NULL);
  unpark_compat_save_file(GTK_WINDOW(self), _("Save the Flame Graph"), name, on_file,
                          g_object_ref(self));
}

static void on_cancel(UnparkFlameExport *self) {
  if (!unpark_worker_is_running(&self->saving)) {
    gtk_window_close(GTK_WINDOW(self));
    return;
  }
  unpark_worker_cancel(&self->saving); /* the work first, then the window */
  set_saving(self, FALSE);
}

/* ---- Window ----------------------------------------------------------------------------- */

static GtkWidget *add_combo(UnparkFlameExport *self, GtkWidget *group, const char *title,
                            const char *const *texts) {
  g_autoptr(GtkStringList) list = gtk_string_list_new(texts);
  GtkWidget *row = adw_combo_row_new();
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
  adw_combo_row_set_model(ADW_COMBO_ROW(row), G_LIST_MODEL(list));
  adw_preferences_group_add(ADW_PREFERENCES_GROUP(group), row);
  g_signal_connect_swapped(row, "notify::selected", G_CALLBACK(preview_soon), self);
  return row;
}

static GtkWidget *add_entry(UnparkFlameExport *self, GtkWidget *group, const char *title) {
  GtkWidget *row = adw_entry_row_new();
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
  adw_preferences_group_add(ADW_PREFERENCES_GROUP(group), row);
  g_signal_connect_swapped(row, "changed", G_CALLBACK(preview_soon), self);
  return row;
}

static void add_row(GtkWidget *group, const char *title, GtkWidget *widget) {
  GtkWidget *row = adw_action_row_new();
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
  gtk_widget_set_valign(widget, GTK_ALIGN_CENTER);
  unpark_accessible_name(widget, title);
  adw_action_row_add_suffix(ADW_ACTION_ROW(row), widget);
  adw_action_row_set_activatable_widget(ADW_ACTION_ROW(row), widget);
  adw_preferences_group_add(ADW_PREFERENCES_GROUP(group), row);
}

static GtkWidget *make_choices(UnparkFlameExport *self) {
  const char *const formats[] = {
      _("SVG, interactive"), _("SVG, static"),   _("PDF"),        _("PNG"), _("PNG, double size"),
      _("Folded stacks"),    _("pprof profile"), _("speedscope"), NULL};
  const char *const themes[] = {_("Follow the reader's system"), _("Light"), _("Dark"), NULL};
  const char *const which[] = {_("Callees"), _("Callers"), NULL};
  GtkWidget *group = adw_preferences_group_new();
  self->format = add_combo(self, group, _("Format"), formats);
  self->which = add_combo(self, group, _("Graph"), which);
  self->title = add_entry(self, group, _("Title"));
  self->subtitle = add_entry(self, group, _("Subtitle"));
  self->theme = add_combo(self, group, _("Colors"), themes);
  self->width = gtk_spin_button_new_with_range(200, 20000, 100);
  gtk_spin_button_set_value(GTK_SPIN_BUTTON(self->width), 1200);
  g_signal_connect_swapped(self->width, "value-changed", G_CALLBACK(preview_soon), self);
  add_row(group, _("Width in pixels"), self->width);
  self->upwards = gtk_switch_new();
  g_signal_connect_swapped(self->upwards, "notify::active", G_CALLBACK(preview_soon), self);
  add_row(group, _("Callers at the bottom"), self->upwards);
  return group;
}

static GtkWidget *in_scrolled(GtkWidget *child) {
  GtkWidget *scrolled = gtk_scrolled_window_new();
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scrolled), child);
  gtk_scrolled_window_set_has_frame(GTK_SCROLLED_WINDOW(scrolled), TRUE);
  return scrolled;
}

static GtkWidget *make_preview(UnparkFlameExport *self) {
  self->pages = gtk_stack_new();
  self->picture = gtk_picture_new();
  self->text = gtk_text_view_new();
  self->words = gtk_label_new(NULL);
  gtk_picture_set_can_shrink(GTK_PICTURE(self->picture), TRUE);
  gtk_widget_set_valign(self->picture, GTK_ALIGN_START);
  unpark_accessible_name(self->picture, _("Preview"));
  gtk_text_view_set_editable(GTK_TEXT_VIEW(self->text), FALSE);
  gtk_text_view_set_monospace(GTK_TEXT_VIEW(self->text), TRUE);
  unpark_accessible_name(self->text, _("Preview"));
  gtk_label_set_wrap(GTK_LABEL(self->words), TRUE);
  gtk_label_set_max_width_chars(GTK_LABEL(self->words), 50);
  gtk_widget_add_css_class(self->words, "dim-label");
  gtk_stack_add_named(GTK_STACK(self->pages), in_scrolled(self->picture), "picture");
  gtk_stack_add_named(GTK_STACK(self->pages), in_scrolled(self->text), "text");
  gtk_stack_add_named(GTK_STACK(self->pages), self->words, "words");
  gtk_widget_set_hexpand(self->pages, TRUE);
  gtk_widget_set_vexpand(self->pages, TRUE);
  return self->pages;
}

static GtkWidget *make_header(UnparkFlameExport *self) {
  GtkWidget *header = adw_header_bar_new();
  self->cancel = gtk_button_new_with_mnemonic(_("_Cancel"));
  self->save = gtk_button_new_with_mnemonic(_("_Save…"));
  gtk_widget_add_css_class(self->save, "suggested-action");
  adw_header_bar_set_show_start_title_buttons(ADW_HEADER_BAR(header), FALSE);
  adw_header_bar_set_show_end_title_buttons(ADW_HEADER_BAR(header), FALSE);
  adw_header_bar_pack_start(ADW_HEADER_BAR(header), self->cancel);
  adw_header_bar_pack_end(ADW_HEADER_BAR(header), self->save);
  g_signal_connect_swapped(self->cancel, "clicked", G_CALLBACK(on_cancel), self);
  g_signal_connect_swapped(self->save, "clicked", G_CALLBACK(on_save), self);
  return header;
}

static void unpark_flame_export_dispose(GObject *object) {
  UnparkFlameExport *self = UNPARK_FLAME_EXPORT(object);
  unpark_worker_cancel(&self->previewing);
  unpark_worker_cancel(&self->saving);
  g_clear_handle_id(&self->preview_source, g_source_remove);
  g_clear_handle_id(&self->pulse_source, g_source_remove);
  g_clear_pointer(&self->result, unpark_flame_result_unref);
  g_clear_pointer(&self->query, unpark_flame_query_free);
  G_OBJECT_CLASS(unpark_flame_export_parent_class)->dispose(object);
}

static void unpark_flame_export_class_init(UnparkFlameExportClass *class) {
  G_OBJECT_CLASS(class)->dispose = unpark_flame_export_dispose;
  gtk_widget_class_add_binding_action(GTK_WIDGET_CLASS(class), GDK_KEY_Escape, 0, "window.close",
                                      NULL);
}

static void unpark_flame_export_init(UnparkFlameExport *self) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *columns = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 18);
  GtkWidget *side = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
  self->progress = gtk_progress_bar_new();
  self->error = gtk_label_new(NULL);
  gtk_widget_set_visible(self->progress, FALSE);
  gtk_widget_set_visible(self->error, FALSE);
  gtk_widget_add_css_class(self->error, "error");
  gtk_label_set_wrap(GTK_LABEL(self->error), TRUE);
  gtk_label_set_xalign(GTK_LABEL(self->error), 0);
  unpark_accessible_name(self->progress, _("Saving"));
  gtk_widget_set_size_request(side, 330, -1);
  gtk_box_append(GTK_BOX(side), make_choices(self));
  gtk_box_append(GTK_BOX(side), self->progress);
  gtk_box_append(GTK_BOX(side), self->error);
  gtk_box_append(GTK_BOX(columns), make_preview(self));
  gtk_box_append(GTK_BOX(columns), side);
  gtk_widget_set_margin_start(columns, 18);
  gtk_widget_set_margin_end(columns, 18);
  gtk_widget_set_margin_top(columns, 6);
  gtk_widget_set_margin_bottom(columns, 18);
  gtk_box_append(GTK_BOX(box), make_header(self));
  gtk_box_append(GTK_BOX(box), columns);
  adw_window_set_content(ADW_WINDOW(self), box);
  gtk_window_set_title(GTK_WINDOW(self), _("Export the Flame Graph"));
  gtk_window_set_modal(GTK_WINDOW(self), TRUE);
  gtk_window_set_default_size(GTK_WINDOW(self), 1060, 620);
}

void unpark_flame_export_show(UnparkFlameView *view) {
  GtkWidget *window = gtk_widget_get_ancestor(GTK_WIDGET(view), GTK_TYPE_WINDOW);
  if (!view->job.result || !window)
    return;
  UnparkFlameExport *self = g_object_new(UNPARK_TYPE_FLAME_EXPORT, "transient-for", window, NULL);
  const char *path = unpark_store_source(view->options.query.side.store)->path;
  g_autofree char *base = g_path_get_basename(path ? path : "");
  g_autofree char *file = unpark_printable_file_name(base);
  g_autofree char *title = g_strdup_printf("%s: %s", file, view->job.result->flame->title);
  self->view = view;
  self->result = unpark_flame_result_ref(view->job.result);
  self->query = unpark_flame_query_copy(&view->options.query);
  self->colouring = view->options.colouring;
  gtk_editable_set_text(GTK_EDITABLE(self->title), title);
  gtk_editable_set_text(GTK_EDITABLE(self->subtitle), gtk_label_get_text(GTK_LABEL(view->summary)));
  gtk_switch_set_active(GTK_SWITCH(self->upwards), view->options.upwards);
  gtk_widget_set_visible(self->which, view->job.result->callers != NULL);
  preview_soon(self);
  gtk_window_present(GTK_WINDOW(self));
}
