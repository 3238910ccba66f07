/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/shell/help.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "ui/kit/palette.h"

/* A swatch of a state's colour beside what it means. */
typedef struct {
  guint class_id;
  const char *name, *text;
} Entry;

static const Entry entries[] = {
    {UNPARK_CLASS_RUNNING, N_("Running"), N_("The goroutine executes Go code on a processor.")},
    {UNPARK_CLASS_RUNNABLE, N_("Runnable"),
     N_("It could run but waits for a free processor: scheduling latency.")},
    {UNPARK_CLASS_SYSCALL, N_("System call"), N_("It is in the operating system or in C code.")},
    {UNPARK_CLASS_WAIT + UNPARK_WAIT_SYNC, N_("Waiting: synchronisation"),
     N_("A mutex, a wait group or a condition variable.")},
    {UNPARK_CLASS_WAIT + UNPARK_WAIT_CHANNEL, N_("Waiting: channel"),
     N_("A send or receive still waiting for its other side.")},
    {UNPARK_CLASS_WAIT + UNPARK_WAIT_SELECT, N_("Waiting: select"),
     N_("Several channels, none of them ready.")},
    {UNPARK_CLASS_WAIT + UNPARK_WAIT_NETWORK, N_("Waiting: network"),
     N_("A connection with nothing to read, or that cannot take more data.")},
    {UNPARK_CLASS_WAIT + UNPARK_WAIT_SLEEP, N_("Waiting: sleep"), N_("time.Sleep.")},
    {UNPARK_CLASS_WAIT + UNPARK_WAIT_GC, N_("Waiting: garbage collector"),
     N_("An assist, or idle workers of the collector.")},
    {UNPARK_CLASS_WAIT + UNPARK_WAIT_FOREVER, N_("Waiting forever"),
     N_("A nil channel or a select without cases: nothing can end the wait.")},
};

static void draw_swatch(GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data) {
  gboolean dark = adw_style_manager_get_dark(adw_style_manager_get_default());
  guint32 rgb = unpark_palette_fill(GPOINTER_TO_UINT(data), dark);
  cairo_set_source_rgb(cr, ((rgb >> 16) & 255) / 255.0, ((rgb >> 8) & 255) / 255.0,
                       (rgb & 255) / 255.0);
  cairo_paint(cr);
}

static GtkWidget *make_entry(const Entry *entry) {
  GtkWidget *row = adw_action_row_new();
  GtkWidget *swatch = gtk_drawing_area_new();
  gtk_drawing_area_set_content_width(GTK_DRAWING_AREA(swatch), 28);
  gtk_drawing_area_set_content_height(GTK_DRAWING_AREA(swatch), 18);
  gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(swatch), draw_swatch,
                                 GUINT_TO_POINTER(entry->class_id), NULL);
  gtk_widget_set_valign(swatch, GTK_ALIGN_CENTER);
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), _(entry->name));
  adw_action_row_set_subtitle(ADW_ACTION_ROW(row), _(entry->text));
  adw_action_row_add_prefix(ADW_ACTION_ROW(row), swatch);
  return row;
}

static GtkWidget *make_tips(void) {
  static const char *const tips[] = {
      N_("A closed group shows how many of its goroutines were in each state."),
      N_("Where many spans share a pixel, its column is divided by their share of time; a long "
         "wait is always drawn on its own."),
      N_("Click a span to see where it stopped and who woke it."),
      N_("Drag over the ruler to select a time range; the status bar sums it up."),
      N_("Ctrl+wheel, or W and S, zooms at the pointer; A and D, or Shift+wheel, pans."),
  };
  GtkWidget *group = adw_preferences_group_new();
  adw_preferences_group_set_title(ADW_PREFERENCES_GROUP(group), _("Tips"));
  for (guint i = 0; i < G_N_ELEMENTS(tips); i++) {
    GtkWidget *row = adw_action_row_new();
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), _(tips[i]));
    adw_action_row_set_title_lines(ADW_ACTION_ROW(row), 0);
    adw_preferences_group_add(ADW_PREFERENCES_GROUP(group), row);
  }
  return group;
}

void unpark_help_show(GtkWindow *parent) {
  GtkWidget *window = adw_window_new();
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *page = adw_preferences_page_new();
  GtkWidget *group = adw_preferences_group_new();
  adw_preferences_group_set_title(ADW_PREFERENCES_GROUP(group), _("Colors"));
  for (guint i = 0; i < G_N_ELEMENTS(entries); i++)
    adw_preferences_group_add(ADW_PREFERENCES_GROUP(group), make_entry(&entries[i]));
  adw_preferences_page_add(ADW_PREFERENCES_PAGE(page), ADW_PREFERENCES_GROUP(group));
  adw_preferences_page_add(ADW_PREFERENCES_PAGE(page), ADW_PREFERENCES_GROUP(make_tips()));
  gtk_widget_set_vexpand(page, TRUE);
  gtk_box_append(GTK_BOX(box), adw_header_bar_new());
  gtk_box_append(GTK_BOX(box), page);
  adw_window_set_content(ADW_WINDOW(window), box);
  gtk_window_set_title(GTK_WINDOW(window), _("How to Read the Timeline"));
  gtk_window_set_default_size(GTK_WINDOW(window), 620, 640);
  gtk_window_set_transient_for(GTK_WINDOW(window), parent);
  gtk_window_present(GTK_WINDOW(window));
}
