/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/shell/empty-page.h"

#include <glib/gi18n.h>

#include "ui/kit/wrap-box.h"
#include "ui/desktop/sample.h"

struct _UnparkEmptyPage {
  GtkWidget parent_instance;

  GtkWidget *page;
};

G_DEFINE_FINAL_TYPE(UnparkEmptyPage, unpark_empty_page, GTK_TYPE_WIDGET)

/* One way to record: what it is for, and the lines to copy. */
typedef struct {
  const char *title, *text;
} Recipe;

static const Recipe recipes[] = {
    {N_("From a running service that imports net/http/pprof"),
     "curl -o service.trace 'http://localhost:6060/debug/pprof/trace?seconds=5'"},
    {N_("From a test or benchmark"), "go test -trace test.trace ./..."},
    {N_("In your own program (package runtime/trace)"), "f, _ := os.Create(\"program.trace\")\n"
                                                        "trace.Start(f)\n"
                                                        "defer trace.Stop()"},
};

static void on_copy(GtkButton *button, const Recipe *recipe) {
  gtk_widget_activate_action(GTK_WIDGET(button), "win.copy", "s", recipe->text);
}

static GtkWidget *make_recipe(const Recipe *recipe) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *title = gtk_label_new(_(recipe->title));
  GtkWidget *code = gtk_label_new(recipe->text);
  GtkWidget *copy = gtk_button_new_from_icon_name("edit-copy-symbolic");
  gtk_label_set_xalign(GTK_LABEL(title), 0);
  gtk_label_set_wrap(GTK_LABEL(title), TRUE);
  gtk_label_set_xalign(GTK_LABEL(code), 0);
  gtk_label_set_selectable(GTK_LABEL(code), TRUE);
  gtk_label_set_wrap(GTK_LABEL(code), TRUE);
  gtk_label_set_wrap_mode(GTK_LABEL(code), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class(code, "monospace");
  gtk_widget_set_hexpand(code, TRUE);
  gtk_widget_add_css_class(copy, "flat");
  gtk_widget_set_valign(copy, GTK_ALIGN_START);
  gtk_widget_set_tooltip_text(copy, _("Copy these lines"));
  gtk_widget_add_css_class(row, "unpark-recipe");
  gtk_widget_add_css_class(row, "card");
  g_signal_connect(copy, "clicked", G_CALLBACK(on_copy), (gpointer)recipe);
  gtk_box_append(GTK_BOX(row), code);
  gtk_box_append(GTK_BOX(row), copy);
  gtk_box_append(GTK_BOX(box), title);
  gtk_box_append(GTK_BOX(box), row);
  return box;
}

static void on_sample(GtkButton *button) {
  g_autoptr(GFile) file = unpark_sample_find();
  g_autofree char *uri = file ? g_file_get_uri(file) : NULL;
  if (uri)
    gtk_widget_activate_action(GTK_WIDGET(button), "win.open-uri", "s", uri);
}

static GtkWidget *make_buttons(void) {
  GtkWidget *buttons = unpark_wrap_box_new(12);
  GtkWidget *open = gtk_button_new_with_mnemonic(_("_Open File…"));
  GtkWidget *record = gtk_button_new_with_mnemonic(_("From a _Running Service…"));
  g_autoptr(GFile) sample = unpark_sample_find();
  gtk_widget_add_css_class(record, "pill");
  gtk_actionable_set_action_name(GTK_ACTIONABLE(record), "win.record");
  gtk_widget_set_tooltip_text(record, _("Record a Go program with net/http/pprof (Ctrl+R)"));
  gtk_widget_add_css_class(open, "suggested-action");
  gtk_widget_add_css_class(open, "pill");
  gtk_actionable_set_action_name(GTK_ACTIONABLE(open), "win.open");
  unpark_wrap_box_append(UNPARK_WRAP_BOX(buttons), open);
  unpark_wrap_box_append(UNPARK_WRAP_BOX(buttons), record);
  if (sample) {
    GtkWidget *button = gtk_button_new_with_mnemonic(_("Open a _Sample Trace"));
    gtk_widget_add_css_class(button, "pill");
    gtk_widget_set_tooltip_text(button, _("A small web shop under load"));
    g_signal_connect(button, "clicked", G_CALLBACK(on_sample), NULL);
    unpark_wrap_box_append(UNPARK_WRAP_BOX(buttons), button);
  }
  gtk_widget_set_halign(buttons, GTK_ALIGN_CENTER);
  return buttons;
}

static GtkWidget *make_content(void) {
  GtkWidget *clamp = adw_clamp_new();
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 18);
  GtkWidget *heading = gtk_label_new(_("How to record a trace"));
  gtk_widget_add_css_class(heading, "heading");
  gtk_label_set_xalign(GTK_LABEL(heading), 0);
  gtk_box_append(GTK_BOX(box), make_buttons());
  gtk_box_append(GTK_BOX(box), heading);
  for (guint i = 0; i < G_N_ELEMENTS(recipes); i++)
    gtk_box_append(GTK_BOX(box), make_recipe(&recipes[i]));
  adw_clamp_set_maximum_size(ADW_CLAMP(clamp), 720);
  adw_clamp_set_child(ADW_CLAMP(clamp), box);
  return clamp;
}

static void unpark_empty_page_dispose(GObject *object) {
  g_clear_pointer(&UNPARK_EMPTY_PAGE(object)->page, gtk_widget_unparent);
  G_OBJECT_CLASS(unpark_empty_page_parent_class)->dispose(object);
}

static void unpark_empty_page_class_init(UnparkEmptyPageClass *class) {
  G_OBJECT_CLASS(class)->dispose = unpark_empty_page_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
}

static void unpark_empty_page_init(UnparkEmptyPage *self) {
  self->page = adw_status_page_new();
  adw_status_page_set_icon_name(ADW_STATUS_PAGE(self->page), UNPARK_APPLICATION_ID);
  adw_status_page_set_title(ADW_STATUS_PAGE(self->page), _("Why do goroutines wait?"));
  adw_status_page_set_description(ADW_STATUS_PAGE(self->page),
                                  _("Open or drop a Go execution trace, pprof profile, goroutine "
                                    "dump or race report, also compressed with gzip or zstd."));
  adw_status_page_set_child(ADW_STATUS_PAGE(self->page), make_content());
  gtk_widget_set_parent(self->page, GTK_WIDGET(self));
}
