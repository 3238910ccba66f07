/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/preferences/window.h"

#include <glib/gi18n.h>

#include "model/base/printable.h"
#include "model/store/cache.h"
#include "model/store/store.h"
#include "ui/kit/accessible.h"
#include "ui/kit/compat.h"
#include "ui/kit/rgba.h"
#include "ui/kit/settings.h"
#include "ui/kit/toast.h"
#include "ui/kit/worker.h"
#include "ui/preferences/apply.h"
#include "ui/preferences/keys.h"
#include "ui/preferences/sample.h"
#include "ui/preferences/storage.h"
#include "ui/source/editor.h"
#include "ui/source/mappings.h"
#include "ui/text/format.h"

/* A folder that is chosen may hold other things. */
#define CACHE_NAME "unpark-stores"
#define MIB_PER_GIB 1024

struct _UnparkPreferences {
  AdwWindow parent_instance;

  AdwToastOverlay *toasts;
  AdwComboRow *scheme, *colours, *numbers, *times, *zone, *names, *editor;
  GtkLabel *states, *sample;
  AdwEntryRow *command, *from;
  AdwPreferencesGroup *mappings;
  AdwActionRow *folder, *used;
  GtkSpinButton *size, *memory;
  GtkWidget *reset, *empty, *restore;

  GPtrArray *mapping_rows; /* not owned */
  gboolean filling;        /* what changes is not the person's doing */
  UnparkWorker working;    /* on the cache */
};

G_DEFINE_FINAL_TYPE(UnparkPreferences, unpark_preferences, ADW_TYPE_WINDOW)

enum { LOOKS_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

static const char *const schemes[] = {"system", "light", "dark"};

/* Handlers that the template names. */
void unpark_preferences_scheme_chosen(UnparkPreferences *self);
void unpark_preferences_look_chosen(UnparkPreferences *self, GParamSpec *property,
                                    AdwComboRow *row);
void unpark_preferences_restore_chosen(UnparkPreferences *self);
void unpark_preferences_editor_chosen(UnparkPreferences *self);
void unpark_preferences_command_given(UnparkPreferences *self);
void unpark_preferences_add_mapping(UnparkPreferences *self);
void unpark_preferences_size_chosen(UnparkPreferences *self);
void unpark_preferences_memory_chosen(UnparkPreferences *self);
void unpark_preferences_choose_folder(UnparkPreferences *self);
void unpark_preferences_reset_folder(UnparkPreferences *self);
void unpark_preferences_empty_cache(UnparkPreferences *self);

static void say(UnparkPreferences *self, const char *text) {
  adw_toast_overlay_add_toast(self->toasts, unpark_toast_new(text));
}

/* ---- Looks ---------------------------------------------------------------------------------- */

static void show_samples(UnparkPreferences *self) {
  g_autofree char *sample = unpark_preferences_sample();
  g_autofree char *legend = g_strdup(_("■ running   ■ runnable   ■ waiting   ■ system call"));
  g_autoptr(PangoAttrList) colours = unpark_rgba_squares(legend);
  gtk_label_set_text(self->sample, sample);
  gtk_label_set_text(self->states, legend);
  gtk_label_set_attributes(self->states, colours);
}

void unpark_preferences_scheme_chosen(UnparkPreferences *self) {
  guint n = adw_combo_row_get_selected(self->scheme);
  if (!self->filling && n < G_N_ELEMENTS(schemes))
    gtk_widget_activate_action(GTK_WIDGET(self), "app.color-scheme", "s", schemes[n]);
}

static const char *key_of(UnparkPreferences *self, AdwComboRow *row) {
  return row == self->colours   ? UNPARK_KEY_COLOURS
         : row == self->numbers ? UNPARK_KEY_NUMBERS
         : row == self->times   ? UNPARK_KEY_TIMES
         : row == self->zone    ? UNPARK_KEY_ZONE
                                : UNPARK_KEY_NAMES;
}

void unpark_preferences_look_chosen(UnparkPreferences *self, GParamSpec *property,
                                    AdwComboRow *row) {
  if (self->filling)
    return;
  unpark_settings_set_int(key_of(self, row), (int)adw_combo_row_get_selected(row));
  unpark_preferences_apply();
  show_samples(self);
  g_signal_emit(self, signals[LOOKS_CHANGED], 0);
}

static void fill_looks(UnparkPreferences *self) {
  AdwComboRow *const rows[] = {self->colours, self->numbers, self->times, self->zone, self->names};
  g_autofree char *scheme = unpark_settings_get_string(UNPARK_KEY_SCHEME, schemes[0]);
  for (guint i = 0; i < G_N_ELEMENTS(schemes); i++)
    if (g_str_equal(schemes[i], scheme))
      adw_combo_row_set_selected(self->scheme, i);
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    int value = unpark_settings_get_int(key_of(self, rows[i]), 0);
    guint n = g_list_model_get_n_items(adw_combo_row_get_model(rows[i]));
    adw_combo_row_set_selected(rows[i], value > 0 && (guint)value < n ? (guint)value : 0);
  }
}

void unpark_preferences_restore_chosen(UnparkPreferences *self) {
  if (!self->filling)
    unpark_settings_set_bool(UNPARK_KEY_RESTORE, gtk_switch_get_active(GTK_SWITCH(self->restore)));
}

/* ---- Sources -------------------------------------------------------------------------------- */

static guint n_editors(void) {
  guint n = 0;
  while (unpark_source_editors[n].name)
    n++;
  return n;
}

static void fill_editors(UnparkPreferences *self) {
  g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);
  g_autofree char *command = unpark_source_editor_get_command();
  guint n = n_editors(), chosen = n;
  for (guint i = 0; i < n; i++) {
    gtk_string_list_append(names, _(unpark_source_editors[i].name));
    if (g_str_equal(unpark_source_editors[i].command, command))
      chosen = i;
  }
  gtk_string_list_append(names, _("Other Command"));
  adw_combo_row_set_model(self->editor, G_LIST_MODEL(names));
  adw_combo_row_set_selected(self->editor, chosen);
  gtk_editable_set_text(GTK_EDITABLE(self->command), command);
  gtk_widget_set_visible(GTK_WIDGET(self->command), chosen == n);
}

void unpark_preferences_editor_chosen(UnparkPreferences *self) {
  guint n = adw_combo_row_get_selected(self->editor);
  if (self->filling)
    return;
  gboolean is_other = n == n_editors();
  gtk_widget_set_visible(GTK_WIDGET(self->command), is_other);
  if (is_other) {
    gtk_widget_grab_focus(GTK_WIDGET(self->command));
  } else {
    unpark_source_editor_set_command(unpark_source_editors[n].command, NULL);
    gtk_editable_set_text(GTK_EDITABLE(self->command), unpark_source_editors[n].command);
  }
}

void unpark_preferences_command_given(UnparkPreferences *self) {
  g_autofree char *reason = NULL;
  if (!unpark_source_editor_set_command(gtk_editable_get_text(GTK_EDITABLE(self->command)),
                                        &reason))
    say(self, reason);
}

static void fill_mappings(UnparkPreferences *self);

static void on_remove_mapping(GtkButton *button, UnparkPreferences *self) {
  unpark_source_mappings_remove(g_object_get_data(G_OBJECT(button), "from"),
                                g_object_get_data(G_OBJECT(button), "to"));
  fill_mappings(self);
}

static GtkWidget *mapping_row(UnparkPreferences *self, const UnparkSourceMapping *mapping) {
  g_autofree char *from = unpark_printable_dup(mapping->from);
  g_autofree char *to = unpark_printable_file_name(mapping->to);
  g_autofree char *name = g_strdup_printf(_("Remove %s"), from);
  GtkWidget *row = adw_action_row_new();
  GtkWidget *button = gtk_button_new_from_icon_name("user-trash-symbolic");
  adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), from);
  adw_action_row_set_subtitle(ADW_ACTION_ROW(row), to);
  g_object_set_data_full(G_OBJECT(button), "from", g_strdup(mapping->from), g_free);
  g_object_set_data_full(G_OBJECT(button), "to", g_strdup(mapping->to), g_free);
  gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_set_tooltip_text(button, _("Remove"));
  unpark_accessible_name(button, name);
  g_signal_connect(button, "clicked", G_CALLBACK(on_remove_mapping), self);
  adw_action_row_add_suffix(ADW_ACTION_ROW(row), button);
  return row;
}

static void fill_mappings(UnparkPreferences *self) {
  g_autoptr(GArray) mappings = unpark_source_mappings_get();
  for (guint i = 0; i < self->mapping_rows->len; i++)
    adw_preferences_group_remove(self->mappings, self->mapping_rows->pdata[i]);
  g_ptr_array_set_size(self->mapping_rows, 0);
  for (guint i = 0; i < mappings->len; i++) {
    GtkWidget *row = mapping_row(self, &g_array_index(mappings, UnparkSourceMapping, i));
    g_ptr_array_add(self->mapping_rows, row);
    adw_preferences_group_add(self->mappings, row);
  }
}

static void on_mapping_folder(GFile *file, gpointer data) {
  g_autoptr(UnparkPreferences) self = data;
  g_autofree char *folder = file ? g_file_get_path(file) : NULL;
  /* It may have been closed meanwhile. */
  if (!folder || !gtk_widget_get_realized(GTK_WIDGET(self)))
    return;
  if (unpark_source_mappings_add_pair(gtk_editable_get_text(GTK_EDITABLE(self->from)), folder))
    gtk_editable_set_text(GTK_EDITABLE(self->from), "");
  else
    say(self, _("A path that begins with nothing, or has “=” in it, cannot be remembered."));
  fill_mappings(self);
}

void unpark_preferences_add_mapping(UnparkPreferences *self) {
  unpark_compat_open_folder(GTK_WINDOW(self), _("Folder With the Source"), on_mapping_folder,
                            g_object_ref(self));
}

/* ---- Storage -------------------------------------------------------------------------------- */

static void on_worked(gpointer owner, gpointer data, gpointer result, const GError *error) {
  UnparkPreferences *self = owner;
  const UnparkStorageJob *job = result;
  char text[UNPARK_FORMAT_SIZE];
  adw_action_row_set_subtitle(self->used, error ? error->message
                                                : unpark_format_bytes((gint64)job->used, text));
  gtk_widget_set_sensitive(self->empty, !error && job->used > 0);
}

/* Takes `folder`. */
static void work(UnparkPreferences *self, char *folder, guint64 size) {
  static const UnparkWork on_cache = {unpark_storage_run, on_worked,
                                      (GDestroyNotify)unpark_storage_job_free, NULL};
  unpark_worker_run(&self->working, self, &on_cache, unpark_storage_job_new(folder, size));
}

static void fill_storage(UnparkPreferences *self) {
  g_autofree char *chosen = unpark_preferences_cache_folder();
  g_autofree char *folder = chosen ? g_strdup(chosen) : unpark_cache_default_dir();
  g_autofree char *name = unpark_printable_file_name(folder);
  adw_action_row_set_subtitle(self->folder, name);
  gtk_widget_set_visible(self->reset, chosen != NULL);
  gtk_spin_button_set_value(self->size,
                            (double)(unpark_preferences_cache_size() >> 20) / MIB_PER_GIB);
  gtk_spin_button_set_value(self->memory,
                            unpark_settings_get_int(UNPARK_KEY_MEMORY, UNPARK_STORE_MEMORY_MIB));
}

void unpark_preferences_size_chosen(UnparkPreferences *self) {
  if (self->filling)
    return;
  unpark_settings_set_int(UNPARK_KEY_CACHE_SIZE,
                          (int)(gtk_spin_button_get_value(self->size) * MIB_PER_GIB));
  work(self, unpark_preferences_cache_folder(), unpark_preferences_cache_size());
}

void unpark_preferences_memory_chosen(UnparkPreferences *self) {
  if (self->filling)
    return;
  unpark_settings_set_int(UNPARK_KEY_MEMORY, gtk_spin_button_get_value_as_int(self->memory));
  unpark_preferences_apply();
}

/* What is in the folder before is not needed any more. */
static void set_folder(UnparkPreferences *self, const char *folder) {
  static const UnparkWork emptying = {.run = unpark_storage_run,
                                      .data_free = (GDestroyNotify)unpark_storage_job_free};
  unpark_worker_run_once(NULL, &emptying,
                         unpark_storage_job_new(unpark_preferences_cache_folder(), 0));
  unpark_settings_set_string(UNPARK_KEY_CACHE_FOLDER, folder);
  self->filling = TRUE;
  fill_storage(self);
  self->filling = FALSE;
  work(self, unpark_preferences_cache_folder(), G_MAXUINT64);
}

static void on_folder(GFile *file, gpointer data) {
  g_autoptr(UnparkPreferences) self = data;
  g_autofree char *chosen = file ? g_file_get_path(file) : NULL;
  if (!chosen || !gtk_widget_get_realized(GTK_WIDGET(self)))
    return;
  g_autofree char *before = unpark_preferences_cache_folder();
  g_autofree char *folder = g_str_has_suffix(chosen, "/" CACHE_NAME)
                                ? g_strdup(chosen)
                                : g_build_filename(chosen, CACHE_NAME, NULL);
  if (g_strcmp0(before, folder) != 0)
    set_folder(self, folder);
}

void unpark_preferences_choose_folder(UnparkPreferences *self) {
  unpark_compat_open_folder(GTK_WINDOW(self), _("Folder of the Cache"), on_folder,
                            g_object_ref(self));
}

void unpark_preferences_reset_folder(UnparkPreferences *self) {
  set_folder(self, "");
  gtk_widget_grab_focus(GTK_WIDGET(self->size));
}

void unpark_preferences_empty_cache(UnparkPreferences *self) {
  work(self, unpark_preferences_cache_folder(), 0);
}

/* ---- Window --------------------------------------------------------------------------------- */

static void unpark_preferences_dispose(GObject *object) {
  unpark_worker_cancel(&UNPARK_PREFERENCES(object)->working);
  g_clear_pointer(&UNPARK_PREFERENCES(object)->mapping_rows, g_ptr_array_unref);
  G_OBJECT_CLASS(unpark_preferences_parent_class)->dispose(object);
}

static void bind_children(GtkWidgetClass *class) {
  gtk_widget_class_bind_template_child(class, UnparkPreferences, toasts);
  gtk_widget_class_bind_template_child(class, UnparkPreferences, scheme);
  gtk_widget_class_bind_template_child(class, UnparkPreferences, colours);
  gtk_widget_class_bind_template_child(class, UnparkPreferences, numbers);
  gtk_widget_class_bind_template_child(class, UnparkPreferences, times);
  gtk_widget_class_bind_template_child(class, UnparkPreferences, zone);
  gtk_widget_class_bind_template_child(class, UnparkPreferences, names);
  gtk_widget_class_bind_template_child(class, UnparkPreferences, states);
  gtk_widget_class_bind_template_child(class, UnparkPreferences, sample);
  gtk_widget_class_bind_template_child(class, UnparkPreferences, editor);
  gtk_widget_class_bind_template_child(class, UnparkPreferences, command);
  gtk_widget_class_bind_template_child(class, UnparkPreferences, from);
  gtk_widget_class_bind_template_child(class, UnparkPreferences, mappings);
  gtk_widget_class_bind_template_child(class, UnparkPreferences, folder);
  gtk_widget_class_bind_template_child(class, UnparkPreferences, reset);
  gtk_widget_class_bind_template_child(class, UnparkPreferences, size);
  gtk_widget_class_bind_template_child(class, UnparkPreferences, used);
  gtk_widget_class_bind_template_child(class, UnparkPreferences, empty);
  gtk_widget_class_bind_template_child(class, UnparkPreferences, restore);
  gtk_widget_class_bind_template_child(class, UnparkPreferences, memory);
}

static void bind_callbacks(GtkWidgetClass *class) {
  gtk_widget_class_bind_template_callback(class, unpark_preferences_scheme_chosen);
  gtk_widget_class_bind_template_callback(class, unpark_preferences_look_chosen);
  gtk_widget_class_bind_template_callback(class, unpark_preferences_editor_chosen);
  gtk_widget_class_bind_template_callback(class, unpark_preferences_restore_chosen);
  gtk_widget_class_bind_template_callback(class, unpark_preferences_command_given);
  gtk_widget_class_bind_template_callback(class, unpark_preferences_add_mapping);
  gtk_widget_class_bind_template_callback(class, unpark_preferences_size_chosen);
  gtk_widget_class_bind_template_callback(class, unpark_preferences_memory_chosen);
  gtk_widget_class_bind_template_callback(class, unpark_preferences_choose_folder);
  gtk_widget_class_bind_template_callback(class, unpark_preferences_reset_folder);
  gtk_widget_class_bind_template_callback(class, unpark_preferences_empty_cache);
}

static void unpark_preferences_class_init(UnparkPreferencesClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = unpark_preferences_dispose;
  gtk_widget_class_set_template_from_resource(widget_class,
                                              "/io/github/unpark/Unpark/ui/preferences/window.ui");
  bind_children(widget_class);
  bind_callbacks(widget_class);
  signals[LOOKS_CHANGED] = g_signal_new("looks-changed", UNPARK_TYPE_PREFERENCES, G_SIGNAL_RUN_LAST,
                                        0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void unpark_preferences_init(UnparkPreferences *self) {
  self->filling = TRUE;
  self->mapping_rows = g_ptr_array_new();
  gtk_widget_init_template(GTK_WIDGET(self));
  gtk_widget_add_css_class(GTK_WIDGET(self), UNPARK_COMPAT_HEADER_CLASS);
  unpark_accessible_name(GTK_WIDGET(self->size), _("Size of the cache in GiB"));
  unpark_accessible_name(GTK_WIDGET(self->memory), _("Memory for each open file in MiB"));
  fill_looks(self);
  gtk_switch_set_active(GTK_SWITCH(self->restore),
                        unpark_settings_get_bool(UNPARK_KEY_RESTORE, TRUE));
  unpark_accessible_name(self->restore, _("Reopen Files"));
  fill_editors(self);
  fill_mappings(self);
  fill_storage(self);
  show_samples(self);
  g_signal_connect_object(adw_style_manager_get_default(), "notify::dark", G_CALLBACK(show_samples),
                          self, G_CONNECT_SWAPPED);
  work(self, unpark_preferences_cache_folder(), G_MAXUINT64);
  self->filling = FALSE;
}

GtkWidget *unpark_preferences_new(GtkWindow *parent) {
  return g_object_new(UNPARK_TYPE_PREFERENCES, "transient-for", parent, NULL);
}
