/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/services/findings.h"

#include <glib/gi18n.h>

#include "model/base/tables.h"
#include "model/spans/findings.h"
#include "ui/kit/accessible.h"
#include "ui/kit/compat.h"
#include "ui/text/format.h"

static UnparkPick pick_of(const UnparkTraces *traces, gint32 number) {
  const UnparkTraceSpan *span = &traces->spans[number];
  return (UnparkPick){.type = UNPARK_PICK_ROW,
                      .table = UNPARK_TABLE_TRACE_SPAN,
                      .id = span->row,
                      .start_ns = span->start_ns,
                      .end_ns = span->end_ns};
}

static UnparkSession *session_of(UnparkSession *session, const UnparkTraces *traces,
                                 gint32 number) {
  return unpark_session_of_source(session, traces->spans[number].source + 1);
}

void unpark_services_go_to_span(UnparkSession *session, const UnparkTraces *traces, gint32 span) {
  UnparkSession *its = session_of(session, traces, span);
  UnparkPick pick = pick_of(traces, span);
  if (its)
    unpark_session_go_to(its, &pick, "requests");
}

static void on_example(GtkButton *button, UnparkSession *session) {
  const UnparkPick *pick = g_object_get_data(G_OBJECT(button), "pick");
  UnparkPick copy = *pick;
  unpark_session_go_to(session, &copy, "requests");
}

static GtkWidget *make_label(const char *text, const char *css) {
  GtkWidget *label = gtk_label_new(text);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  if (css)
    gtk_widget_add_css_class(label, css);
  return label;
}

static GtkWidget *make_example(UnparkSession *session, const UnparkTraces *traces, gint32 number) {
  const UnparkTraceSpan *span = &traces->spans[number];
  const UnparkPick pick = pick_of(traces, number);
  UnparkSession *its = session_of(session, traces, number);
  char length[UNPARK_FORMAT_SIZE];
  unpark_format_duration(span->end_ns - span->start_ns, length);
  g_autofree char *text = g_strdup_printf("%s, %s", unpark_traces_text(traces, span->name), length);
  g_autofree char *name = g_strdup_printf(_("Show the example %s"), text);
  GtkWidget *button = gtk_button_new_with_label(text);
  gtk_label_set_ellipsize(GTK_LABEL(gtk_button_get_child(GTK_BUTTON(button))), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_add_css_class(button, "unpark-link");
  gtk_widget_add_css_class(gtk_button_get_child(GTK_BUTTON(button)), "unpark-link-text");
  gtk_widget_set_halign(button, GTK_ALIGN_START);
  gtk_widget_set_tooltip_text(button, _("Show it among the requests"));
  unpark_accessible_name(button, name);
  g_object_set_data_full(G_OBJECT(button), "pick", g_memdup2(&pick, sizeof pick), g_free);
  if (its)
    g_signal_connect_object(button, "clicked", G_CALLBACK(on_example), its, 0);
  return button;
}

static GtkWidget *make_row(UnparkSession *session, const UnparkTraces *traces,
                           const UnparkTraceFinding *finding) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4);
  gtk_widget_set_margin_top(box, 8);
  gtk_widget_set_margin_bottom(box, 8);
  gtk_widget_set_margin_start(box, 12);
  gtk_widget_set_margin_end(box, 12);
  gtk_box_append(GTK_BOX(box), make_label(finding->sentence, "heading"));
  gtk_box_append(GTK_BOX(box), make_label(finding->advice, "dim-label"));
  for (guint i = 0; i < finding->n_examples; i++)
    gtk_box_append(GTK_BOX(box), make_example(session, traces, finding->examples[i]));
  return box;
}

void unpark_services_findings_fill(GtkListBox *list, UnparkSession *session,
                                   const UnparkTraces *traces, GPtrArray *findings) {
  unpark_compat_list_box_clear(list);
  for (guint i = 0; i < findings->len; i++)
    gtk_list_box_append(list, make_row(session, traces, findings->pdata[i]));
  if (findings->len == 0)
    gtk_list_box_append(list, make_label(_("Nothing stands out: contexts were carried over, and no "
                                           "span is missing."),
                                         "dim-label"));
  for (GtkWidget *row = gtk_widget_get_first_child(GTK_WIDGET(list)); row;
       row = gtk_widget_get_next_sibling(row))
    if (GTK_IS_LIST_BOX_ROW(row)) {
      gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), FALSE);
      gtk_list_box_row_set_selectable(GTK_LIST_BOX_ROW(row), FALSE);
    }
}
