/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/sql/names.h"

#include <glib/gi18n.h>

#include "model/sql/schema.h"
#include "model/template/template.h"
#include "ui/kit/compat.h"
#include "ui/kit/accessible.h"
#include "ui/kit/profile-item.h"

typedef struct {
  void (*call)(gpointer data, const char *text);
  gpointer data;
  const char *text;
  char *owned; /* freed with the button */
} Button;

static void on_clicked(GtkButton *widget, gpointer data) {
  const Button *button = data;
  button->call(button->data, button->text);
}

static void button_free(gpointer data, GClosure *closure) {
  g_free(((Button *)data)->owned);
  g_free(data);
}

static GtkWidget *make_button(const char *name, const char *tip, Button button) {
  GtkWidget *widget = gtk_button_new();
  GtkWidget *label = unpark_profile_cell_text();
  gtk_label_set_text(GTK_LABEL(label), name);
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
  gtk_button_set_child(GTK_BUTTON(widget), label);
  gtk_widget_set_tooltip_text(widget, tip);
  unpark_accessible_name(widget, name);
  gtk_widget_add_css_class(widget, "flat");
  gtk_widget_add_css_class(widget, "unpark-link");
  g_signal_connect_data(widget, "clicked", G_CALLBACK(on_clicked),
                        g_memdup2(&button, sizeof button), button_free, 0);
  return widget;
}

static GtkWidget *make_heading(const char *text) {
  GtkWidget *label = unpark_profile_cell_text();
  gtk_label_set_text(GTK_LABEL(label), text);
  gtk_widget_add_css_class(label, "heading");
  gtk_widget_set_margin_top(label, 9);
  return label;
}

static GtkWidget *make_table(const UnparkSqlTableInfo *table, const UnparkSqlNamesCalls *calls,
                             gpointer data) {
  GtkWidget *expander = gtk_expander_new(NULL);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  gtk_expander_set_label_widget(GTK_EXPANDER(expander),
                                make_button(table->name, _("Insert the name of the table"),
                                            (Button){calls->name, data, table->name, NULL}));
  gtk_widget_set_margin_start(box, 18);
  for (guint i = 0; table->columns[i]; i++)
    gtk_box_append(GTK_BOX(box), make_button(table->columns[i], NULL,
                                             (Button){calls->name, data, table->columns[i], NULL}));
  unpark_compat_expander_set_child(GTK_EXPANDER(expander), box);
  return expander;
}

/* The program's and the user's own. They are small files, read when the view is made. */
static void add_templates(GtkBox *box, UnparkSourceKind kind, const UnparkSqlNamesCalls *calls,
                          gpointer data) {
  g_autoptr(GPtrArray) list = unpark_template_list(NULL);
  gtk_box_append(box, make_heading(_("Templates")));
  for (guint i = 0; i < list->len; i++) {
    const UnparkTemplate *template = list->pdata[i];
    if (template->kind != kind)
      continue;
    char *text = unpark_template_text(template);
    gtk_box_append(box, make_button(template->title, template->question,
                                    (Button){calls->example, data, text, text}));
  }
}

void unpark_sql_names_fill(GtkBox *box, UnparkSourceKind kind, const UnparkSqlNamesCalls *calls,
                           gpointer data) {
  guint n;
  const UnparkSqlExample *examples = unpark_sql_examples(&n);
  gtk_box_append(box, make_heading(_("Examples")));
  for (guint i = 0; i < n; i++)
    if (examples[i].kind == kind)
      gtk_box_append(box, make_button(_(examples[i].title), examples[i].sql,
                                      (Button){calls->example, data, examples[i].sql, NULL}));
  add_templates(box, kind, calls, data);
  const UnparkSqlTableInfo *tables = unpark_sql_tables(&n);
  gtk_box_append(box, make_heading(_("Tables")));
  for (guint i = 0; i < n; i++)
    if (unpark_sql_table_is_of(&tables[i], kind))
      gtk_box_append(box, make_table(&tables[i], calls, data));
}
