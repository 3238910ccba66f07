/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/record/dialog.h"

#include <glib/gi18n.h>
#include <string.h>

#include "live/http/error.h"
#include "model/base/printable.h"
#include "ui/kit/accessible.h"
#include "ui/kit/compat.h"
#include "ui/kit/toast.h"
#include "ui/record/dialog-private.h"
#include "ui/record/history.h"
#include "ui/record/watch-view-private.h"
#include "ui/record/work.h"

#define TICK_MS 200

struct _UnparkRecordDialog {
  AdwWindow parent_instance;

  GtkWidget *form, *address, *recent, *connect, *access, *user, *secret, *keep, *status;
  GtkWidget *kinds, *seconds, *difference, *stop, *watch, *record;
  GtkProgressBar *bar;
  AdwActionRow *authority_row, *folder_row;

  char *authority, *folder;
  UnparkRecordPlace *place; /* NULL: not connected */
  UnparkWorker connecting, recording;
  UnparkRecordRun *run; /* the worker's, as long as it runs; NULL: none does */
  guint tick;
  /* By the user; by the program, at this moment; when the recording has ended. */
  gboolean seconds_chosen, proposing, closing;
};

G_DEFINE_FINAL_TYPE(UnparkRecordDialog, unpark_record_dialog, ADW_TYPE_WINDOW)

enum { WATCH, N_SIGNALS };
static guint signals[N_SIGNALS];

/* Handlers that the template names. */
void unpark_record_connect(UnparkRecordDialog *self);
void unpark_record_forget(UnparkRecordDialog *self);
void unpark_record_choose_authority(UnparkRecordDialog *self);
void unpark_record_choose_folder(UnparkRecordDialog *self);
void unpark_record_seconds_chosen(UnparkRecordDialog *self);
void unpark_record_update(UnparkRecordDialog *self);
void unpark_record_stop(UnparkRecordDialog *self);
void unpark_record_run(UnparkRecordDialog *self);
void unpark_record_watch(UnparkRecordDialog *self);

static const char *text_of(GtkWidget *entry) {
  return gtk_editable_get_text(GTK_EDITABLE(entry));
}

/* `text` NULL: nothing is said. */
static void say(UnparkRecordDialog *self, const char *text, gboolean is_error) {
  gtk_label_set_label(GTK_LABEL(self->status), text ? text : "");
  gtk_widget_set_visible(self->status, text != NULL);
  if (is_error)
    gtk_widget_add_css_class(self->status, "error");
  else
    gtk_widget_remove_css_class(self->status, "error");
}

/* ---- What is offered ------------------------------------------------------------------------ */

void unpark_record_update(UnparkRecordDialog *self) {
  g_autofree const char **kinds = unpark_record_offer_checked(GTK_LIST_BOX(self->kinds));
  gboolean is_service = self->place && self->place->service;
  gboolean difference = is_service && gtk_switch_get_active(GTK_SWITCH(self->difference));
  guint length = unpark_record_offer_seconds(kinds, difference);
  gboolean runs = unpark_worker_is_running(&self->recording);
  gboolean busy = runs || unpark_worker_is_running(&self->connecting);

  gtk_widget_set_sensitive(self->seconds, length > 0);
  gtk_widget_set_sensitive(self->difference, is_service);
  if (length > 0 && !self->seconds_chosen) {
    self->proposing = TRUE;
    gtk_spin_button_set_value(GTK_SPIN_BUTTON(self->seconds), length);
    self->proposing = FALSE;
  }
  gtk_widget_set_visible(gtk_widget_get_parent(self->kinds), self->place != NULL);
  gtk_widget_set_sensitive(self->form, !runs);
  gtk_widget_set_sensitive(self->connect, !busy && *text_of(self->address));
  gtk_widget_set_sensitive(self->record, self->place && kinds[0] && !busy);
  gtk_widget_set_visible(self->watch, is_service && !runs);
  gtk_widget_set_visible(gtk_widget_get_parent(GTK_WIDGET(self->bar)), runs);
  gtk_widget_set_visible(self->stop, runs);
  gtk_widget_set_visible(self->record, !runs);
}

void unpark_record_seconds_chosen(UnparkRecordDialog *self) {
  self->seconds_chosen |= !self->proposing;
}

/* Another address: what was offered is of the one before. */
void unpark_record_forget(UnparkRecordDialog *self) {
  unpark_worker_cancel(&self->connecting);
  g_clear_pointer(&self->place, unpark_record_place_free);
  say(self, NULL, FALSE);
  unpark_record_update(self);
}

/* ---- Connecting ----------------------------------------------------------------------------- */

/* Takes `place`. */
static void show_offer(UnparkRecordDialog *self, UnparkRecordPlace *place) {
  self->place = place;
  unpark_record_offer_fill(GTK_LIST_BOX(self->kinds), place->address, place->service,
                           G_CALLBACK(unpark_record_update), self);
  unpark_record_history_add(text_of(self->address));
  if (place->keep && place->access->secret && !place->keyring_error)
    unpark_record_history_set_kept(place->address->origin);
}

static void show_failure(UnparkRecordDialog *self, UnparkRecordPlace *place, const GError *error) {
  gboolean is_other = g_error_matches(error, UNPARK_LIVE_ERROR, UNPARK_LIVE_ERROR_NOT_FOUND) ||
                      g_error_matches(error, UNPARK_LIVE_ERROR, UNPARK_LIVE_ERROR_NOT_GO);

  say(self, error->message, TRUE);
  if (g_error_matches(error, UNPARK_LIVE_ERROR, UNPARK_LIVE_ERROR_AUTH)) {
    gtk_expander_set_expanded(GTK_EXPANDER(self->access), TRUE);
    gtk_widget_grab_focus(*text_of(self->user) ? self->secret : self->user);
  } else if (is_other && strlen(place->address->path) > 1) {
    UnparkRecordPlace *url = g_memdup2(place, sizeof *place);
    *place = (UnparkRecordPlace){0};
    g_autofree char *text =
        g_strdup_printf(_("%s.\nWhat the URL itself sends can be recorded."), error->message);
    show_offer(self, url);
    say(self, text, FALSE);
  }
}

static void on_connected(gpointer owner, gpointer data, gpointer result, const GError *error) {
  UnparkRecordDialog *self = owner;
  UnparkRecordPlace *place = result;

  if (error) {
    show_failure(self, data, error);
  } else {
    say(self, place->keyring_error, TRUE);
    show_offer(self, place);
  }
  unpark_record_update(self);
}

void unpark_record_connect(UnparkRecordDialog *self) {
  static const UnparkWork work = {unpark_record_place_connect, on_connected,
                                  (GDestroyNotify)unpark_record_place_free,
                                  (GDestroyNotify)unpark_record_place_free};
  g_autoptr(GError) error = NULL;
  UnparkAddress *address = unpark_address_parse(text_of(self->address), &error);
  UnparkRecordPlace *place;
  const char *user = text_of(self->user);

  unpark_record_forget(self);
  if (!address) {
    say(self, error->message, TRUE);
    return;
  }
  place = unpark_record_place_new(
      address, unpark_record_access_new(address->unix_path, self->authority,
                                        *user ? user : address->user, text_of(self->secret)));
  if (address->kind == UNPARK_ADDRESS_DELVE) {
    /* To connect may already end something: that is for the next step, once it is wanted. */
    show_offer(self, place);
    unpark_record_update(self);
    return;
  }
  place->may_recall = unpark_record_history_is_kept(address->origin);
  place->keep = gtk_switch_get_active(GTK_SWITCH(self->keep));
  say(self, _("Connecting…"), FALSE);
  unpark_worker_run(&self->connecting, self, &work, place);
  unpark_record_update(self);
}

/* ---- Recording ------------------------------------------------------------------------------ */

static gboolean on_tick(gpointer data) {
  UnparkRecordDialog *self = data;
  UnparkBatchProgress sum = unpark_batch_progress(self->run->jobs);
  g_autofree char *size = g_format_size(sum.bytes);
  g_autofree char *text =
      sum.length_s > 0 ? g_strdup_printf(_("%u of %u s, %s"), sum.elapsed_s, sum.length_s, size)
                       : g_strdup(size);

  if (sum.length_s > 0)
    gtk_progress_bar_set_fraction(self->bar, MIN(1.0, (double)sum.elapsed_s / sum.length_s));
  else
    gtk_progress_bar_pulse(self->bar);
  gtk_label_set_label(GTK_LABEL(gtk_widget_get_prev_sibling(GTK_WIDGET(self->bar))), text);
  return G_SOURCE_CONTINUE;
}

static void open_file(UnparkRecordDialog *self, const char *path) {
  g_autofree char *uri = g_filename_to_uri(path, NULL, NULL);
  GtkWindow *parent = gtk_window_get_transient_for(GTK_WINDOW(self));

  if (uri && parent)
    gtk_widget_activate_action(GTK_WIDGET(parent), "win.open-uri", "s", uri);
}

/* What the dialog says of a recording that is not whole; NULL: nothing more than the user knows. */
static char *words_of(const UnparkBatchJob *job) {
  if (job->ok || g_error_matches(job->error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return NULL;
  g_autofree char *size = g_format_size(job->kept);
  return job->kept > 0
             ? g_strdup_printf(_("%s. The %s that arrived are open."), job->error->message, size)
             : g_strdup(job->error->message);
}

static void on_recorded(gpointer owner, gpointer data, gpointer result, const GError *error) {
  UnparkRecordDialog *self = owner;
  UnparkRecordRun *run = data;
  g_autoptr(GString) text = g_string_new(NULL);
  gboolean any = FALSE;

  g_clear_handle_id(&self->tick, g_source_remove);
  self->run = NULL;
  for (guint i = 0; i < run->jobs->len; i++) {
    const UnparkBatchJob *job = run->jobs->pdata[i];
    g_autofree char *words = words_of(job);

    if (job->ok || job->kept > 0)
      open_file(self, job->path);
    any |= job->ok || job->kept > 0;
    if (words)
      g_string_append_printf(text, "%s%s", text->len ? "\n" : "", words);
  }
  say(self, text->len ? text->str : any ? NULL : _("Stopped before anything arrived."), TRUE);
  unpark_record_update(self);
  if (run->warning && !text->len)
    gtk_widget_activate_action(GTK_WIDGET(gtk_window_get_transient_for(GTK_WINDOW(self))),
                               "win.toast", "s", run->warning);
  if (self->closing || (any && !text->len))
    gtk_window_destroy(GTK_WINDOW(self));
}

void unpark_record_run(UnparkRecordDialog *self) {
  static const UnparkWork work = {unpark_record_run_all, on_recorded,
                                  (GDestroyNotify)unpark_record_run_free, NULL};
  g_autofree const char **kinds = unpark_record_offer_checked(GTK_LIST_BOX(self->kinds));
  UnparkRecordRun *run = unpark_record_run_new(unpark_record_place_copy(self->place));
  guint seconds = (guint)gtk_spin_button_get_value_as_int(GTK_SPIN_BUTTON(self->seconds));
  gboolean difference = run->place->service && gtk_switch_get_active(GTK_SWITCH(self->difference));

  for (guint i = 0; kinds[i]; i++) {
    const char *kind = *kinds[i] ? kinds[i] : NULL;
    unpark_record_run_add(
        run, kind, seconds, difference,
        unpark_record_history_path(self->folder, run->place->address->title, kind, difference));
  }
  say(self, NULL, FALSE);
  self->run = run;
  self->tick = g_timeout_add(TICK_MS, on_tick, self);
  on_tick(self);
  unpark_worker_run(&self->recording, self, &work, run);
  unpark_record_update(self);
  gtk_widget_grab_focus(self->stop);
}

void unpark_record_stop(UnparkRecordDialog *self) {
  if (self->run)
    g_cancellable_cancel(self->run->end);
}

void unpark_record_watch(UnparkRecordDialog *self) {
  UnparkWatching *watching = unpark_watching_new(unpark_record_place_copy(self->place));

  g_signal_emit(self, signals[WATCH], 0, unpark_watch_view_new(watching));
  gtk_window_destroy(GTK_WINDOW(self));
}

/* ---- Choices -------------------------------------------------------------------------------- */

static void on_authority(GFile *file, gpointer data) {
  g_autoptr(UnparkRecordDialog) self = data;

  /* It may have been closed meanwhile. */
  if (!file || !gtk_widget_get_realized(GTK_WIDGET(self)))
    return;
  g_free(self->authority);
  self->authority = g_file_get_path(file);
  g_autofree char *name = self->authority ? unpark_printable_file_name(self->authority) : NULL;
  adw_action_row_set_subtitle(self->authority_row, name ? name : _("The system's certificates"));
}

void unpark_record_choose_authority(UnparkRecordDialog *self) {
  unpark_compat_open_file(GTK_WINDOW(self), _("Certificates of an Authority"), on_authority,
                          g_object_ref(self));
}

static void show_folder(UnparkRecordDialog *self) {
  g_autofree char *name = unpark_printable_file_name(self->folder);
  adw_action_row_set_subtitle(self->folder_row, name);
}

static void on_folder(GFile *file, gpointer data) {
  g_autoptr(UnparkRecordDialog) self = data;
  g_autofree char *path = file ? g_file_get_path(file) : NULL;

  if (!path || !gtk_widget_get_realized(GTK_WIDGET(self)))
    return;
  g_free(self->folder);
  self->folder = g_steal_pointer(&path);
  unpark_record_history_set_folder(self->folder);
  show_folder(self);
}

void unpark_record_choose_folder(UnparkRecordDialog *self) {
  unpark_compat_open_folder(GTK_WINDOW(self), _("Save Recordings In"), on_folder,
                            g_object_ref(self));
}

static void on_address_action(GtkWidget *widget, const char *name, GVariant *address) {
  UnparkRecordDialog *self = UNPARK_RECORD_DIALOG(widget);

  gtk_editable_set_text(GTK_EDITABLE(self->address), g_variant_get_string(address, NULL));
  unpark_record_connect(self);
}

static void fill_recent(UnparkRecordDialog *self) {
  g_auto(GStrv) addresses = unpark_record_history_get();
  g_autoptr(GMenu) menu = g_menu_new();

  for (guint i = 0; addresses[i]; i++) {
    g_autofree char *label = unpark_printable_dup(addresses[i]);
    g_autoptr(GMenuItem) item = g_menu_item_new(label, NULL);
    g_menu_item_set_action_and_target(item, "record.address", "s", addresses[i]);
    g_menu_append_item(menu, item);
  }
  gtk_menu_button_set_menu_model(GTK_MENU_BUTTON(self->recent), G_MENU_MODEL(menu));
  gtk_widget_set_sensitive(self->recent, addresses[0] != NULL);
  if (addresses[0])
    gtk_editable_set_text(GTK_EDITABLE(self->address), addresses[0]);
}

/* ---- Widget --------------------------------------------------------------------------------- */

static gboolean unpark_record_dialog_close_request(GtkWindow *window) {
  UnparkRecordDialog *self = UNPARK_RECORD_DIALOG(window);

  if (!unpark_worker_is_running(&self->recording))
    return GTK_WINDOW_CLASS(unpark_record_dialog_parent_class)->close_request(window);
  self->closing = TRUE;
  unpark_record_stop(self);
  return GDK_EVENT_STOP;
}

static void unpark_record_dialog_dispose(GObject *object) {
  UnparkRecordDialog *self = UNPARK_RECORD_DIALOG(object);

  unpark_record_stop(self);
  unpark_worker_cancel(&self->connecting);
  unpark_worker_cancel(&self->recording);
  g_clear_handle_id(&self->tick, g_source_remove);
  self->run = NULL;
  g_clear_pointer(&self->place, unpark_record_place_free);
  g_clear_pointer(&self->authority, g_free);
  g_clear_pointer(&self->folder, g_free);
  G_OBJECT_CLASS(unpark_record_dialog_parent_class)->dispose(object);
}

static void bind_children(GtkWidgetClass *class) {
  gtk_widget_class_bind_template_child(class, UnparkRecordDialog, form);
  gtk_widget_class_bind_template_child(class, UnparkRecordDialog, address);
  gtk_widget_class_bind_template_child(class, UnparkRecordDialog, recent);
  gtk_widget_class_bind_template_child(class, UnparkRecordDialog, connect);
  gtk_widget_class_bind_template_child(class, UnparkRecordDialog, access);
  gtk_widget_class_bind_template_child(class, UnparkRecordDialog, user);
  gtk_widget_class_bind_template_child(class, UnparkRecordDialog, secret);
  gtk_widget_class_bind_template_child(class, UnparkRecordDialog, keep);
  gtk_widget_class_bind_template_child(class, UnparkRecordDialog, authority_row);
  gtk_widget_class_bind_template_child(class, UnparkRecordDialog, folder_row);
  gtk_widget_class_bind_template_child(class, UnparkRecordDialog, status);
  gtk_widget_class_bind_template_child(class, UnparkRecordDialog, kinds);
  gtk_widget_class_bind_template_child(class, UnparkRecordDialog, seconds);
  gtk_widget_class_bind_template_child(class, UnparkRecordDialog, difference);
  gtk_widget_class_bind_template_child(class, UnparkRecordDialog, bar);
  gtk_widget_class_bind_template_child(class, UnparkRecordDialog, stop);
  gtk_widget_class_bind_template_child(class, UnparkRecordDialog, watch);
  gtk_widget_class_bind_template_child(class, UnparkRecordDialog, record);
}

static void unpark_record_dialog_class_init(UnparkRecordDialogClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

  G_OBJECT_CLASS(class)->dispose = unpark_record_dialog_dispose;
  GTK_WINDOW_CLASS(class)->close_request = unpark_record_dialog_close_request;
  gtk_widget_class_set_template_from_resource(widget_class,
                                              "/io/github/unpark/Unpark/ui/record/dialog.ui");
  bind_children(widget_class);
  gtk_widget_class_bind_template_callback(widget_class, unpark_record_connect);
  gtk_widget_class_bind_template_callback(widget_class, unpark_record_forget);
  gtk_widget_class_bind_template_callback(widget_class, unpark_record_choose_authority);
  gtk_widget_class_bind_template_callback(widget_class, unpark_record_choose_folder);
  gtk_widget_class_bind_template_callback(widget_class, unpark_record_seconds_chosen);
  gtk_widget_class_bind_template_callback(widget_class, unpark_record_update);
  gtk_widget_class_bind_template_callback(widget_class, unpark_record_stop);
  gtk_widget_class_bind_template_callback(widget_class, unpark_record_run);
  gtk_widget_class_bind_template_callback(widget_class, unpark_record_watch);
  signals[WATCH] = g_signal_new("watch", UNPARK_TYPE_RECORD_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL,
                                NULL, NULL, G_TYPE_NONE, 1, UNPARK_TYPE_WATCH_VIEW);
  gtk_widget_class_install_action(widget_class, "record.address", "s", on_address_action);
}

static void unpark_record_dialog_init(UnparkRecordDialog *self) {
  gtk_widget_init_template(GTK_WIDGET(self));
  unpark_accessible_name(self->address, _("Address"));
  unpark_accessible_name(self->user, _("User Name"));
  unpark_accessible_name(self->secret, _("Password or Token"));
  unpark_accessible_name(self->keep, _("Keep in the Keyring"));
  unpark_accessible_name(GTK_WIDGET(self->bar), _("Recording progress"));
  unpark_accessible_name(self->seconds, _("Seconds"));
  unpark_accessible_name(self->difference, _("As a Difference"));
  gtk_widget_set_visible(gtk_widget_get_ancestor(self->keep, ADW_TYPE_ACTION_ROW),
                         unpark_record_has_keyring());
  self->folder = unpark_record_history_get_folder();
  show_folder(self);
  fill_recent(self);
  unpark_record_update(self);
}

GtkWidget *unpark_record_show(GtkWindow *parent, const char *address) {
  UnparkRecordDialog *self = g_object_new(UNPARK_TYPE_RECORD_DIALOG, "transient-for", parent, NULL);

  gtk_window_set_focus(GTK_WINDOW(self), self->address);
  gtk_window_present(GTK_WINDOW(self));
  if (address) {
    gtk_editable_set_text(GTK_EDITABLE(self->address), address);
    unpark_record_connect(self);
  }
  return GTK_WIDGET(self);
}
