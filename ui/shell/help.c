/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/shell/help.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "ui/help/pages.h"
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

/* ---- Tips ------------------------------------------------------------------------------------ */

#define MAX_TIPS 6

/* What helps to read a view; the first is for every view without tips of its own. */
static const struct {
  const char *view, *title;
  gboolean colors; /* it shows states */
  const char *tips[MAX_TIPS];
} topics[] = {
    {"",
     N_("How to Find Your Way"),
     FALSE,
     {N_("Ctrl+1 to Ctrl+9 change the view; Alt+Left goes back to where you were."),
      N_("Ctrl+G goes to a time, goroutine or function; Ctrl+F filters."),
      N_("Rows of tables have a menu: the second button of the mouse, or Shift+F10."),
      N_("Ctrl+E exports what the view shows.")}},
    {"timeline",
     N_("How to Read the Timeline"),
     TRUE,
     {N_("A closed group shows how many of its goroutines were in each state."),
      N_("Where many spans share a pixel, its column is divided by their share of time; a long "
         "wait is always drawn on its own."),
      N_("Click a span to see where it stopped and who woke it."),
      N_("Drag over the ruler to select a time range; the status bar sums it up."),
      N_("Ctrl+wheel, or W and S, zooms at the pointer; A and D, or Shift+wheel, pans.")}},
    {"goroutines",
     N_("How to Read the Goroutines"),
     TRUE,
     {N_("Each row sums up the goroutines that started in one function; below are the goroutines "
         "of the selected one."),
      N_("Times are sums over goroutines: ten that wait for a second have waited ten seconds."),
      N_("Waiting is normal. Look for runnable time, and for long waits in functions that should "
         "be quick."),
      N_("Enter, or the menu of a row, shows it on the timeline.")}},
    {"requests",
     N_("How to Read the Requests"),
     FALSE,
     {N_("A request is a span without a parent, with everything below it. Kinds are named by its "
         "service and operation."),
      N_("The line below the bars is the critical path: only what is on it could have made the "
         "request faster."),
      N_("Four or more spans of one name below one parent share a row: Right opens it, Left closes "
         "it."),
      N_("N and P go to the next error, or to the next span that matches the search."),
      N_("Ctrl+wheel, or W and S, zooms; A and D, or Shift+wheel, pans; F zooms to the span.")}},
    {"services",
     N_("How to Read the Services"),
     FALSE,
     {N_("An arrow is red where calls failed or lost the context; a click on a service leaves its "
         "calls in the table."),
      N_("Joined: the share of calls below which there is a span of the called service, and the "
         "range in which it lies for all calls."),
      N_("Network: what the client’s span took longer than the server’s."),
      N_("Enter on a row shows the slowest call among the requests.")}},
    {"dump",
     N_("How to Read a Goroutine Dump"),
     TRUE,
     {N_("Goroutines in the same state at the same stack are one row; the largest group is first."),
      N_("Many goroutines at one place that only grow from dump to dump are a leak."),
      N_("Go notes how long a goroutine waits only after a minute.")}},
    {"races",
     N_("How to Read a Race Report"),
     FALSE,
     {N_("Two goroutines used the same memory, at least one of them wrote, and nothing made one "
         "wait for the other."),
      N_("Both stacks are right: protect the data at both places, with a mutex or a channel.")}},
    {"latency",
     N_("How to Read Latencies"),
     FALSE,
     {N_("Both axes are logarithmic: a bar counts how often something took about that long."),
      N_("p99 is the time that 99 of 100 stayed below; look at it before the mean."),
      N_("Select a row to see its longest cases, and go to one on the timeline.")}},
    {"flame",
     N_("How to Read a Flame Graph"),
     FALSE,
     {N_("The wider a frame, the larger its share; the order from left to right means nothing."),
      N_("A frame is called by the one it touches towards the root."),
      N_("Self is the function alone, Total includes what it called."),
      N_("Click a frame to look at it alone; Escape shows everything again.")}},
    {"compare",
     N_("How to Read a Comparison"),
     FALSE,
     {N_("A is before, B is after; amounts are divided by time, tasks or goroutines, so that files "
         "of "
         "different length compare."),
      N_("The bar goes to the right if it became more; the line over it is the 95 % range of the "
         "change."),
      N_("“unclear” is not “unchanged”: record for longer, or several times, to learn more."),
      N_("Drag over the ruler of either timeline to compare only that time.")}},
    {"profile",
     N_("How to Read a Profile"),
     FALSE,
     {N_("Self is the function alone, Total includes what it called."),
      N_("Select a function to see its callers, callees and heaviest stacks."),
      N_("Functions of the standard library are gray.")}},
    {"tasks",
     N_("How to Read Tasks"),
     TRUE,
     {N_("Tasks are those of the package runtime/trace; each row above sums up one name."),
      N_("Compare the slowest with the median: what do only the slow ones wait for?"),
      N_("The waterfall shows a task’s regions, logs and child tasks in their time.")}},
    {"findings",
     N_("How to Read Findings"),
     FALSE,
     {N_("Each finding is a pattern that costs time, the worst first; open it for advice."),
      N_("Show leads to the longest case on the timeline."),
      N_("Findings are about the chosen time and filter.")}},
    {"sql",
     N_("How to Ask in SQL"),
     FALSE,
     {N_("Every table of the trace can be queried; times are nanoseconds since its start."),
      N_("Ctrl+Enter runs the query."),
      N_("A row that has a goroutine or a time leads to the timeline.")}},
};

static guint topic_of(const char *view) {
  for (guint i = 1; i < G_N_ELEMENTS(topics); i++)
    if (g_strcmp0(topics[i].view, view) == 0)
      return i;
  return 0;
}

static GtkWidget *make_tips(guint topic) {
  GtkWidget *group = adw_preferences_group_new();
  adw_preferences_group_set_title(ADW_PREFERENCES_GROUP(group), _(topics[topic].title));
  for (guint i = 0; i < MAX_TIPS && topics[topic].tips[i]; i++) {
    GtkWidget *row = adw_action_row_new();
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), _(topics[topic].tips[i]));
    adw_action_row_set_title_lines(ADW_ACTION_ROW(row), 0);
    adw_preferences_group_add(ADW_PREFERENCES_GROUP(group), row);
  }
  return group;
}

static GtkWidget *make_colors(void) {
  GtkWidget *group = adw_preferences_group_new();
  adw_preferences_group_set_title(ADW_PREFERENCES_GROUP(group), _("Colors"));
  for (guint i = 0; i < G_N_ELEMENTS(entries); i++)
    adw_preferences_group_add(ADW_PREFERENCES_GROUP(group), make_entry(&entries[i]));
  return group;
}

static void add_groups(AdwPreferencesPage *page, guint topic) {
  GtkWidget *rest = make_tips(0);
  if (topic > 0)
    adw_preferences_page_add(page, ADW_PREFERENCES_GROUP(make_tips(topic)));
  if (topics[topic].colors)
    adw_preferences_page_add(page, ADW_PREFERENCES_GROUP(make_colors()));
  if (topic > 0)
    adw_preferences_group_set_title(ADW_PREFERENCES_GROUP(rest), _("Everywhere"));
  adw_preferences_page_add(page, ADW_PREFERENCES_GROUP(rest));
}

/* ---- The window ------------------------------------------------------------------------------ */

static gboolean on_escape(GtkWidget *window, GVariant *arguments, gpointer data) {
  gtk_window_close(GTK_WINDOW(window));
  return GDK_EVENT_STOP;
}

static void close_with_keys(GtkWidget *window) {
  GtkEventController *controller = gtk_shortcut_controller_new();
  gtk_shortcut_controller_add_shortcut(
      GTK_SHORTCUT_CONTROLLER(controller),
      gtk_shortcut_new(gtk_shortcut_trigger_parse_string("Escape|F1|<Control>w"),
                       gtk_callback_action_new(on_escape, NULL, NULL)));
  gtk_event_controller_set_propagation_phase(controller, GTK_PHASE_CAPTURE);
  gtk_widget_add_controller(window, controller);
}

static void on_destroyed(GtkWindow *parent) {
  g_object_set_data(G_OBJECT(parent), "unpark-help", NULL);
}

/* Takes `child`. */
static void add_page(GtkWidget *stack, GtkWidget *child, const char *name, const char *title,
                     const char *icon) {
  AdwViewStackPage *page = adw_view_stack_add_titled(ADW_VIEW_STACK(stack), child, name, title);
  adw_view_stack_page_set_icon_name(page, icon);
}

static GtkWidget *make_content(guint topic) {
  GtkWidget *view = adw_preferences_page_new(), *stack = adw_view_stack_new();
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0), *bar = adw_header_bar_new();
  GtkWidget *switcher = adw_view_switcher_new();
  add_groups(ADW_PREFERENCES_PAGE(view), topic);
  add_page(stack, view, "view", topic > 0 ? _("This View") : _("Views"),
           "unpark-goroutines-symbolic");
  add_page(stack, unpark_help_recording_page(), "recording", _("Recording"),
           "media-record-symbolic");
  add_page(stack, unpark_help_filter_page(), "filter", _("Filter"), "edit-find-symbolic");
  add_page(stack, unpark_help_sql_page(), "sql", _("SQL"), "unpark-sql-symbolic");
  adw_view_switcher_set_stack(ADW_VIEW_SWITCHER(switcher), ADW_VIEW_STACK(stack));
  adw_view_switcher_set_policy(ADW_VIEW_SWITCHER(switcher), ADW_VIEW_SWITCHER_POLICY_WIDE);
  adw_header_bar_set_title_widget(ADW_HEADER_BAR(bar), switcher);
  gtk_widget_set_vexpand(stack, TRUE);
  gtk_box_append(GTK_BOX(box), bar);
  gtk_box_append(GTK_BOX(box), stack);
  return box;
}

void unpark_help_show(GtkWindow *parent, const char *view) {
  GtkWindow *before = g_object_get_data(G_OBJECT(parent), "unpark-help");
  GtkWidget *window = adw_window_new();
  guint topic = topic_of(view);
  if (before)
    gtk_window_destroy(before);
  adw_window_set_content(ADW_WINDOW(window), make_content(topic));
  close_with_keys(window);
  gtk_window_set_title(GTK_WINDOW(window), _(topics[topic].title));
  gtk_window_set_default_size(GTK_WINDOW(window), 720, 680);
  gtk_window_set_transient_for(GTK_WINDOW(window), parent);
  gtk_window_set_destroy_with_parent(GTK_WINDOW(window), TRUE);
  g_object_set_data(G_OBJECT(parent), "unpark-help", window);
  g_signal_connect_object(window, "destroy", G_CALLBACK(on_destroyed), parent, G_CONNECT_SWAPPED);
  gtk_window_present(GTK_WINDOW(window));
}
