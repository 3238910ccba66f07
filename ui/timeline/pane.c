/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/timeline/pane.h"

#include <glib/gi18n.h>

#include "ui/inspector/inspector.h"
#include "ui/kit/accessible.h"
#include "ui/session/chain-arrows.h"
#include "ui/spans/lanes.h"
#include "ui/timeline/bookmark-button.h"
#include "ui/timeline/hover.h"
#include "ui/timeline/overview.h"
#include "ui/timeline/status-bar.h"
#include "ui/timeline/timeline.h"

/* The least height of lanes among those of other files. */
#define MIN_LANES_PX 56
/* The same of spans: tracks of two services. */
#define MIN_SPANS_PX 180

gboolean unpark_timeline_pane_is_open(UnparkTimelinePane *pane) {
  return gtk_widget_get_visible(pane->lanes);
}

void unpark_timeline_pane_set_open(UnparkTimelinePane *pane, gboolean open) {
  g_autofree char *name = g_strdup_printf(open ? _("%s, open") : _("%s, closed"),
                                          gtk_label_get_text(GTK_LABEL(pane->title)));
  gtk_widget_set_visible(pane->lanes, open);
  gtk_widget_set_vexpand(pane->group, open);
  gtk_image_set_from_icon_name(GTK_IMAGE(pane->arrow),
                               open ? "pan-down-symbolic" : "pan-end-symbolic");
  unpark_accessible_name(pane->header, name);
}

static void on_header(UnparkTimelinePane *pane) {
  unpark_timeline_pane_set_open(pane, !unpark_timeline_pane_is_open(pane));
}

void unpark_timeline_pane_set_title(UnparkTimelinePane *pane, const char *title) {
  gtk_label_set_text(GTK_LABEL(pane->title), title ? title : "");
  gtk_widget_set_visible(pane->header, title != NULL);
  if (!pane->spans)
    gtk_widget_set_size_request(pane->lanes, -1, title ? MIN_LANES_PX : -1);
  unpark_timeline_pane_set_open(pane, !title || unpark_timeline_pane_is_open(pane));
}

static void make_header(UnparkTimelinePane *pane) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  pane->header = gtk_button_new();
  pane->arrow = gtk_image_new_from_icon_name("pan-down-symbolic");
  pane->title = gtk_label_new(NULL);
  gtk_label_set_ellipsize(GTK_LABEL(pane->title), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_add_css_class(pane->header, "flat");
  gtk_widget_add_css_class(pane->header, "unpark-source-header");
  gtk_box_append(GTK_BOX(box), pane->arrow);
  gtk_box_append(GTK_BOX(box), pane->title);
  gtk_button_set_child(GTK_BUTTON(pane->header), box);
  gtk_widget_set_visible(pane->header, FALSE);
  g_signal_connect_swapped(pane->header, "clicked", G_CALLBACK(on_header), pane);
}

/* The group with `lanes`, which scroll, below its header. */
static UnparkTimelinePane *new_group(UnparkSession *session, GtkWidget *lanes) {
  UnparkTimelinePane *pane = g_new0(UnparkTimelinePane, 1);
  GtkWidget *scrolled = gtk_scrolled_window_new();
  pane->session = g_object_ref(session);
  pane->group = g_object_ref_sink(gtk_box_new(GTK_ORIENTATION_VERTICAL, 0));
  pane->lanes = gtk_overlay_new();
  make_header(pane);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scrolled), GTK_POLICY_EXTERNAL,
                                 GTK_POLICY_AUTOMATIC);
  gtk_widget_set_vexpand(scrolled, TRUE);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scrolled), lanes);
  gtk_overlay_set_child(GTK_OVERLAY(pane->lanes), scrolled);
  gtk_box_append(GTK_BOX(pane->group), pane->header);
  gtk_box_append(GTK_BOX(pane->group), pane->lanes);
  gtk_widget_set_vexpand(pane->group, TRUE);
  return pane;
}

UnparkTimelinePane *unpark_timeline_pane_new_spans(UnparkSession *session) {
  GtkWidget *spans = unpark_span_lanes_new(session);
  UnparkTimelinePane *pane = new_group(session, spans);
  pane->spans = spans;
  gtk_widget_set_size_request(pane->lanes, -1, MIN_SPANS_PX);
  return pane;
}

UnparkTimelinePane *unpark_timeline_pane_new(UnparkSession *session) {
  GtkWidget *timeline = unpark_timeline_new(session);
  UnparkTimelinePane *pane = new_group(session, timeline);
  pane->timeline = timeline;
  gtk_overlay_add_overlay(GTK_OVERLAY(pane->lanes),
                          unpark_hover_new(UNPARK_TIMELINE(pane->timeline)));
  pane->overview = g_object_ref_sink(unpark_overview_new(session));
  pane->bookmarks = g_object_ref_sink(unpark_bookmark_button_new(session));
  pane->inspector = g_object_ref_sink(unpark_inspector_new(session));
  pane->status = g_object_ref_sink(unpark_status_bar_new(session));
  gtk_widget_set_hexpand(pane->overview, TRUE);
  unpark_arrows_attach(session);
  return pane;
}

void unpark_timeline_pane_free(UnparkTimelinePane *pane) {
  g_signal_handlers_disconnect_by_data(pane->header, pane);
  g_clear_object(&pane->overview);
  g_clear_object(&pane->bookmarks);
  g_clear_object(&pane->inspector);
  g_clear_object(&pane->status);
  g_clear_object(&pane->group);
  g_clear_object(&pane->session);
  g_free(pane);
}
