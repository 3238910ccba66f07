/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/sources/bar.h"

#include <glib/gi18n.h>

#include "ui/kit/accessible.h"
#include "ui/kit/spinner.h"
#include "ui/sources/panel.h"

struct _UnparkSourceBar {
  GtkWidget parent_instance;

  UnparkBundle *bundle;
  const UnparkView *view;
  GtkWidget *box, *text, *choice, *progress, *progress_text, *panel_button;
  GArray *chosen;    /* guint: which file each row of the choice is */
  gboolean updating; /* what the choice tells is no wish of anybody */
};

G_DEFINE_FINAL_TYPE(UnparkSourceBar, unpark_source_bar, GTK_TYPE_WIDGET)

static gboolean applies(UnparkSourceBar *self, guint i) {
  UnparkStore *store = unpark_session_get_store(unpark_bundle_get_session(self->bundle, i));
  return store && self->view && self->view->applies(store);
}

/* The rows are replaced only by others: a row that is just being chosen must not go away. */
static void show_names(UnparkSourceBar *self, GPtrArray *names) {
  GListModel *before = gtk_drop_down_get_model(GTK_DROP_DOWN(self->choice));
  guint n = before ? g_list_model_get_n_items(before) : 0;
  gboolean same = before && n == names->len - 1;
  for (guint i = 0; same && i < n; i++)
    same = g_str_equal(gtk_string_list_get_string(GTK_STRING_LIST(before), i), names->pdata[i]);
  if (same)
    return;
  g_autoptr(GtkStringList) model = gtk_string_list_new((const char *const *)names->pdata);
  gtk_drop_down_set_model(GTK_DROP_DOWN(self->choice), G_LIST_MODEL(model));
}

/* The files that the view can show. */
static void fill_choice(UnparkSourceBar *self) {
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  guint current = unpark_together_get_current(unpark_bundle_get_together(self->bundle));
  guint selected = GTK_INVALID_LIST_POSITION;
  g_array_set_size(self->chosen, 0);
  for (guint i = 0; i < unpark_bundle_get_n(self->bundle); i++) {
    if (!applies(self, i))
      continue;
    if (i == current)
      selected = self->chosen->len;
    g_ptr_array_add(names, (gpointer)unpark_bundle_get_name(self->bundle, i));
    g_array_append_val(self->chosen, i);
  }
  g_ptr_array_add(names, NULL);
  self->updating = TRUE;
  show_names(self, names);
  gtk_drop_down_set_selected(GTK_DROP_DOWN(self->choice), selected);
  self->updating = FALSE;
}

static void update(UnparkSourceBar *self) {
  guint n = unpark_bundle_get_n(self->bundle);
  const char *opening = unpark_bundle_get_opening(self->bundle);
  gboolean together = self->view && self->view->together;
  g_autofree char *text = NULL, *progress = NULL;
  if (together)
    text = g_strdup_printf(
        g_dngettext(NULL, "This view shows %u file.", "This view shows all %u files together.", n),
        n);
  else
    text = g_strdup(_("This view shows one file at a time:"));
  gtk_label_set_text(GTK_LABEL(self->text), text);
  progress = opening ? g_strdup_printf(_("Adding %s…"), opening) : g_strdup(_("Aligning files…"));
  gtk_label_set_text(GTK_LABEL(self->progress_text), progress);
  gtk_widget_set_visible(self->progress, unpark_bundle_is_busy(self->bundle));
  gtk_widget_set_visible(self->text, n > 1);
  gtk_widget_set_visible(self->choice, n > 1 && !together);
  gtk_widget_set_visible(self->panel_button, n > 1 || unpark_bundle_can_undo(self->bundle));
  gtk_widget_set_visible(GTK_WIDGET(self), n > 1 || unpark_bundle_is_busy(self->bundle) ||
                                               unpark_bundle_can_undo(self->bundle));
  fill_choice(self);
}

static void on_choice(UnparkSourceBar *self) {
  guint row = gtk_drop_down_get_selected(GTK_DROP_DOWN(self->choice));
  if (!self->updating && row < self->chosen->len)
    unpark_together_set_current(unpark_bundle_get_together(self->bundle),
                                g_array_index(self->chosen, guint, row));
}

static void make_progress(UnparkSourceBar *self) {
  GtkWidget *stop = gtk_button_new_with_mnemonic(_("_Stop"));
  GtkWidget *spinner = unpark_spinner_new();
  self->progress = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  self->progress_text = gtk_label_new(NULL);
  gtk_label_set_ellipsize(GTK_LABEL(self->progress_text), PANGO_ELLIPSIZE_MIDDLE);
  unpark_accessible_name(stop, _("Stop adding files"));
  g_signal_connect_swapped(stop, "clicked", G_CALLBACK(unpark_bundle_cancel), self->bundle);
  gtk_box_append(GTK_BOX(self->progress), spinner);
  gtk_box_append(GTK_BOX(self->progress), self->progress_text);
  gtk_box_append(GTK_BOX(self->progress), stop);
}

static void fill(UnparkSourceBar *self) {
  GtkWidget *popover = gtk_popover_new();
  make_progress(self);
  self->text = gtk_label_new(NULL);
  self->choice = gtk_drop_down_new(NULL, NULL);
  self->panel_button = gtk_menu_button_new();
  gtk_label_set_xalign(GTK_LABEL(self->text), 0);
  gtk_label_set_ellipsize(GTK_LABEL(self->text), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand(self->progress, TRUE);
  gtk_widget_set_halign(self->progress, GTK_ALIGN_END);
  gtk_widget_set_halign(self->panel_button, GTK_ALIGN_END);
  gtk_widget_set_hexpand(self->panel_button, TRUE);
  gtk_menu_button_set_label(GTK_MENU_BUTTON(self->panel_button), _("_Sources"));
  gtk_menu_button_set_use_underline(GTK_MENU_BUTTON(self->panel_button), TRUE);
  gtk_menu_button_set_has_frame(GTK_MENU_BUTTON(self->panel_button), FALSE);
  gtk_widget_set_tooltip_text(self->panel_button, _("Where each file is in time"));
  gtk_widget_set_halign(popover, GTK_ALIGN_END);
  gtk_popover_set_child(GTK_POPOVER(popover), unpark_source_panel_new(self->bundle));
  gtk_menu_button_set_popover(GTK_MENU_BUTTON(self->panel_button), popover);
  unpark_accessible_name(self->choice, _("File that this view shows"));
  unpark_accessible_name(self->panel_button, _("Sources"));
  gtk_box_append(GTK_BOX(self->box), self->text);
  gtk_box_append(GTK_BOX(self->box), self->choice);
  gtk_box_append(GTK_BOX(self->box), self->progress);
  gtk_box_append(GTK_BOX(self->box), self->panel_button);
}

static void unpark_source_bar_dispose(GObject *object) {
  UnparkSourceBar *self = UNPARK_SOURCE_BAR(object);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_object(&self->bundle);
  G_OBJECT_CLASS(unpark_source_bar_parent_class)->dispose(object);
}

static void unpark_source_bar_finalize(GObject *object) {
  g_array_unref(UNPARK_SOURCE_BAR(object)->chosen);
  G_OBJECT_CLASS(unpark_source_bar_parent_class)->finalize(object);
}

static void unpark_source_bar_class_init(UnparkSourceBarClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = unpark_source_bar_dispose;
  G_OBJECT_CLASS(class)->finalize = unpark_source_bar_finalize;
  gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void unpark_source_bar_init(UnparkSourceBar *self) {
  self->chosen = g_array_new(FALSE, FALSE, sizeof(guint));
  self->box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  gtk_widget_add_css_class(self->box, "unpark-sources");
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
}

GtkWidget *unpark_source_bar_new(UnparkBundle *bundle) {
  UnparkSourceBar *self = g_object_new(UNPARK_TYPE_SOURCE_BAR, "visible", FALSE, NULL);
  self->bundle = g_object_ref(bundle);
  fill(self);
  g_signal_connect_swapped(self->choice, "notify::selected", G_CALLBACK(on_choice), self);
  g_signal_connect_object(bundle, "changed", G_CALLBACK(update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(bundle, "busy-changed", G_CALLBACK(update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(unpark_bundle_get_together(bundle), "current-changed", G_CALLBACK(update),
                          self, G_CONNECT_SWAPPED);
  update(self);
  return GTK_WIDGET(self);
}

void unpark_source_bar_set_view(UnparkSourceBar *self, const UnparkView *view) {
  self->view = view;
  update(self);
}
