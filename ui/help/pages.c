/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/help/pages.h"

#include <glib/gi18n.h>

#include "model/sql/schema.h"
#include "ui/kit/accessible.h"

typedef struct {
  const char *text, *lines; /* the first translatable */
} Recipe;

static const Recipe recipes[] = {
    {N_("A running service that imports net/http/pprof: press Ctrl+R here, or"),
     "unpark-cli capture localhost:6060 --kind trace --seconds 5 -o slow.trace"},
    {N_("Is it a leak? Watch the service in a tab (Ctrl+R, Watch), or"),
     "unpark-cli watch localhost:6060 --every 5 -o dumps"},
    {N_("A test or benchmark"), "go test -trace test.trace -run TestSlow ./..."},
    {N_("Your own program, package runtime/trace"),
     "f, _ := os.Create(\"program.trace\")\ntrace.Start(f)\ndefer trace.Stop()"},
    {N_("What requests do: mark them as tasks and regions"),
     "ctx, task := trace.NewTask(ctx, \"checkout\")\ndefer task.End()\n"
     "trace.WithRegion(ctx, \"query\", func() { ... })"},
    {N_("A program that hangs: its dump, to standard error"), "kill -QUIT PID"},
    {N_("A program that hangs and has to go on: through Delve, then dlv://127.0.0.1:4040 here"),
     "dlv attach PID --headless --accept-multiclient --continue --listen 127.0.0.1:4040"},
    {N_("Races"), "go test -race ./... 2>race.txt"},
};

static const Recipe filters[] = {
    {N_("The function that goroutines started in, or their number"), "handleOrder"},
    {N_("Goroutines that were once in this state: running, runnable, waiting, syscall"),
     "state:waiting"},
    {N_("What they waited for"), "reason:mutex"},
    {N_("How long one span lasts"), "dur>5ms"},
    {N_("A function anywhere in a stack"), "fn:database"},
    {N_("Goroutines that took part in a task of this name"), "task:checkout"},
    {N_("A label that the program set"), "label:db"},
    {N_("What the runtime had them do"), "range:assist"},
    {N_("A wait that this goroutine ended"), "woken-by:41"},
    {N_("What is said of spans side by side is asked of one and the same span"),
     "state:waiting reason:mutex dur>1ms"},
    {N_("Combined"), "(fn:read or fn:write) and not task:health"},
    {N_("A text with a sign in it"), "\"a:b\""},
};

static const struct {
  const char *name, *text;
} tables[] = {
    {"source", N_("The file: a row for each that is open together")},
    {"import_note", N_("What was damaged, or left out")},
    {"process_source", N_("Which process each file is of, and how its clock is moved")},
    {"goroutine", N_("A row for each goroutine, with its times by state")},
    {"span", N_("What a goroutine did and when: one state from start to end, and who ended it")},
    {"sched_latency", N_("How long a goroutine that was ready waited for a processor")},
    {"proc_span", N_("What each processor (P) ran")},
    {"thread_span", N_("What each thread (M) ran")},
    {"range", N_("What the runtime did: collections, pauses, assists")},
    {"metric", N_("Heap, its goal, GOMAXPROCS and others over time")},
    {"task", N_("Tasks of runtime/trace, such as requests")},
    {"region", N_("Regions of tasks")},
    {"log", N_("What trace.Log() wrote")},
    {"cpu_sample", N_("Samples of a CPU profile within a trace")},
    {"goroutine_label", N_("Labels of runtime/pprof, and when they were set")},
    {"clock_snapshot", N_("The clock on the wall at moments of a trace")},
    {"profile", N_("What a profile says of itself")},
    {"sample_type", N_("What is measured, and its unit")},
    {"sample", N_("A row for each stack")},
    {"sample_value", N_("The values of a stack")},
    {"sample_label", N_("Labels of a stack")},
    {"mapping", N_("Files that the program was loaded from")},
    {"dump_goroutine", N_("Goroutines of a dump")},
    {"race", N_("Pairs of accesses that race")},
    {"trace_span", N_("Spans of distributed traces")},
    {"trace_span_attribute", N_("Their attributes")},
    {"trace_span_event", N_("Their events")},
    {"trace_span_link", N_("Their links to other traces")},
    {"service_hop", N_("Calls from one service to another, over all files that are open together")},
    {"stack", N_("Stacks, by number")},
    {"stack_frame", N_("Their frames; 0 is the innermost")},
};

const char *unpark_help_table(const char *name) {
  for (guint i = 0; i < G_N_ELEMENTS(tables); i++)
    if (g_str_equal(tables[i].name, name))
      return _(tables[i].text);
  return NULL;
}

/* ---- Rows ----------------------------------------------------------------------------------- */

static void on_copy(GtkButton *button, const char *lines) {
  gdk_clipboard_set_text(gtk_widget_get_clipboard(GTK_WIDGET(button)), lines);
}

/* `lines` in a fixed font below the text, with a button that copies them. */
static GtkWidget *make_recipe(const Recipe *recipe) {
  GtkWidget *row = adw_action_row_new(),
            *copy = gtk_button_new_from_icon_name("edit-copy-symbolic");
  g_autofree char *escaped = g_markup_escape_text(recipe->lines, -1);
  g_autofree char *markup = g_strdup_printf("<tt>%s</tt>", escaped);
  g_autofree char *name = g_strdup_printf(_("Copy %s"), recipe->lines);
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), _(recipe->text));
  adw_action_row_set_title_lines(ADW_ACTION_ROW(row), 0);
  adw_action_row_set_subtitle(ADW_ACTION_ROW(row), markup);
  adw_action_row_set_subtitle_lines(ADW_ACTION_ROW(row), 0);
  gtk_widget_set_valign(copy, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class(copy, "flat");
  gtk_widget_set_tooltip_text(copy, _("Copy these lines"));
  unpark_accessible_name(copy, name);
  g_signal_connect(copy, "clicked", G_CALLBACK(on_copy), (gpointer)recipe->lines);
  adw_action_row_add_suffix(ADW_ACTION_ROW(row), copy);
  return row;
}

static GtkWidget *make_page(const char *title, const char *text, const Recipe *all, guint n) {
  GtkWidget *page = adw_preferences_page_new(), *group = adw_preferences_group_new();
  adw_preferences_group_set_title(ADW_PREFERENCES_GROUP(group), title);
  adw_preferences_group_set_description(ADW_PREFERENCES_GROUP(group), text);
  for (guint i = 0; i < n; i++)
    adw_preferences_group_add(ADW_PREFERENCES_GROUP(group), make_recipe(&all[i]));
  adw_preferences_page_add(ADW_PREFERENCES_PAGE(page), ADW_PREFERENCES_GROUP(group));
  return page;
}

GtkWidget *unpark_help_recording_page(void) {
  return make_page(_("Recording"),
                   _("Five seconds of a trace are usually enough; record while it is slow."),
                   recipes, G_N_ELEMENTS(recipes));
}

GtkWidget *unpark_help_filter_page(void) {
  return make_page(
      _("The Filter"),
      _("Typed above the views (Ctrl+F). Views show what passes, and Enter goes there."), filters,
      G_N_ELEMENTS(filters));
}

/* ---- SQL ------------------------------------------------------------------------------------ */

static GtkWidget *make_table(const UnparkSqlTableInfo *table) {
  GtkWidget *row = adw_action_row_new();
  const char *text = unpark_help_table(table->name);
  g_autofree char *columns = g_strjoinv(", ", (char **)table->columns);
  g_autofree char *markup = g_markup_printf_escaped("%s\n<tt>%s</tt>", text ? text : "", columns);
  g_autofree char *title = g_markup_printf_escaped("<tt>%s</tt>", table->name);
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
  adw_action_row_set_subtitle(ADW_ACTION_ROW(row), markup);
  adw_action_row_set_subtitle_lines(ADW_ACTION_ROW(row), 0);
  return row;
}

static void add_tables(AdwPreferencesPage *page, const char *title, UnparkSourceKind kind,
                       gboolean always) {
  GtkWidget *group = adw_preferences_group_new();
  guint n;
  const UnparkSqlTableInfo *all = unpark_sql_tables(&n);
  adw_preferences_group_set_title(ADW_PREFERENCES_GROUP(group), title);
  for (guint i = 0; i < n; i++)
    if (always ? all[i].always : !all[i].always && all[i].kind == kind)
      adw_preferences_group_add(ADW_PREFERENCES_GROUP(group), make_table(&all[i]));
  adw_preferences_page_add(page, ADW_PREFERENCES_GROUP(group));
}

GtkWidget *unpark_help_sql_page(void) {
  AdwPreferencesPage *page = ADW_PREFERENCES_PAGE(adw_preferences_page_new());
  GtkWidget *group = adw_preferences_group_new();
  adw_preferences_group_set_title(ADW_PREFERENCES_GROUP(group), _("Tables of SQL"));
  adw_preferences_group_set_description(
      ADW_PREFERENCES_GROUP(group),
      _("The language is that of SQLite. Columns that end with _ns are nanoseconds, from the start "
        "of the recording where they are times; goroutine, stack, task and others hold the id of a "
        "row of that table."));
  adw_preferences_page_add(page, ADW_PREFERENCES_GROUP(group));
  add_tables(page, _("Every File"), UNPARK_SOURCE_TRACE, TRUE);
  add_tables(page, _("Execution Traces"), UNPARK_SOURCE_TRACE, FALSE);
  add_tables(page, _("Profiles"), UNPARK_SOURCE_PROFILE, FALSE);
  add_tables(page, _("Goroutine Dumps"), UNPARK_SOURCE_DUMP, FALSE);
  add_tables(page, _("Race Reports"), UNPARK_SOURCE_RACE, FALSE);
  add_tables(page, _("Distributed Traces"), UNPARK_SOURCE_SPANS, FALSE);
  return GTK_WIDGET(page);
}
