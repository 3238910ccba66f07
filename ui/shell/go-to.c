/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/shell/go-to.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <string.h>

#include "model/base/duration.h"
#include "ui/kit/accessible.h"
#include "ui/kit/compat.h"
#include "ui/text/format.h"
#include "ui/shell/go-to-parse.h"
#include "ui/kit/worker.h"

#define CANDIDATES_SHOWN 60
#define HEIGHT 420
#define WIDTH 520

/* A function that goroutines started in. */
typedef struct {
  guint32 name_id;
  guint32 count;
  const char *name; /* of the store */
} Function;

typedef struct {
  UnparkPick pick;    /* NONE with a time: the time alone */
  char *title, *note; /* owned */
} Candidate;

typedef struct {
  GtkWidget *window, *entry, *list;
  UnparkSession *session;
  UnparkStore *store;
  GArray *functions; /* Function, most goroutines first; NULL: still being read */
  GArray *candidates;
  UnparkWorker reading;
} GoTo;

static void candidate_clear(gpointer data) {
  Candidate *candidate = data;
  g_free(candidate->title);
  g_free(candidate->note);
}

static void go_to_free(gpointer data) {
  GoTo *self = data;
  g_clear_pointer(&self->functions, g_array_unref);
  g_array_unref(self->candidates);
  unpark_worker_cancel(&self->reading);
  unpark_store_unref(self->store);
  g_object_unref(self->session);
  g_free(self);
}

/* ---- functions, in a worker ----------------------------------------------------------------- */

static int by_count(gconstpointer a, gconstpointer b) {
  const Function *x = a, *y = b;
  if (x->count != y->count)
    return x->count > y->count ? -1 : 1;
  return strcmp(x->name, y->name);
}

static gpointer read_functions(gpointer data, GCancellable *cancellable, GError **error) {
  UnparkStore *store = data;
  guint n;
  GError *failure = NULL;
  const UnparkGoroutine *all = unpark_store_goroutines(store, &n, &failure);
  if (failure) {
    g_propagate_error(error, failure);
    return NULL;
  }
  g_autoptr(GHashTable) seats = g_hash_table_new(NULL, NULL);
  GArray *functions = g_array_new(FALSE, FALSE, sizeof(Function));
  for (guint i = 0; i < n; i++) {
    gpointer seat, key = GUINT_TO_POINTER(all[i].name_id);
    if (!g_hash_table_lookup_extended(seats, key, NULL, &seat)) {
      const Function fresh = {all[i].name_id, 0, all[i].name};
      seat = GUINT_TO_POINTER(functions->len);
      g_hash_table_insert(seats, key, seat);
      g_array_append_val(functions, fresh);
    }
    g_array_index(functions, Function, GPOINTER_TO_UINT(seat)).count++;
  }
  g_array_sort(functions, by_count);
  return functions;
}

/* ---- candidates ------------------------------------------------------------------------- */

static void add(GoTo *self, UnparkPick pick, char *title, char *note) {
  const Candidate candidate = {pick, title, note};
  g_array_append_val(self->candidates, candidate);
}

static void add_time(GoTo *self, gint64 ns) {
  char at[UNPARK_FORMAT_SIZE], wall[UNPARK_FORMAT_SIZE];
  gint64 zero = unpark_store_source(self->store)->start_wall_ns;
  const UnparkPick pick = {
      .type = UNPARK_PICK_NONE, .id = UNPARK_NONE, .start_ns = ns, .end_ns = ns};
  if (ns < unpark_session_get_start(self->session) || ns > unpark_session_get_end(self->session))
    return;
  unpark_format_time(ns, 1000, at);
  add(self, pick, g_strdup_printf(_("Time %s"), at),
      g_strdup(zero == UNPARK_NONE ? "" : unpark_format_wall(zero + ns, wall)));
}

static void add_goroutine(GoTo *self, gint64 id) {
  const UnparkGoroutine *g = unpark_store_goroutine(self->store, id);
  const UnparkPick pick = {
      .type = UNPARK_PICK_GOROUTINE, .id = id, .start_ns = UNPARK_NONE, .end_ns = UNPARK_NONE};
  if (!g)
    return;
  const char *name = g->name;
  add(self, pick, g_strdup_printf("G %" G_GINT64_FORMAT, id),
      g_strdup(*name ? name : _("unknown function")));
}

/* The goroutine of that number, then some whose numbers begin so. */
static void add_goroutines(GoTo *self, gint64 number) {
  add_goroutine(self, number);
  for (gint64 first = number, width = 1; number > 0 && width < 1000;) {
    first *= 10;
    width *= 10;
    for (gint64 id = first; id < first + width && self->candidates->len < 12; id++)
      add_goroutine(self, id);
  }
}

static void add_lanes(GoTo *self, const char *text) {
  gint64 number;
  guint n;
  for (guint k = 0; k < 2; k++) {
    const gint64 *ids =
        k ? unpark_store_threads(self->store, &n) : unpark_store_procs(self->store, &n);
    if (!unpark_go_to_parse_number(text, k ? 'M' : 'P', &number))
      continue;
    for (guint i = 0; i < n; i++)
      if (ids[i] == number) {
        const UnparkPick pick = {.type = k ? UNPARK_PICK_THREAD : UNPARK_PICK_PROC,
                                 .id = number,
                                 .start_ns = UNPARK_NONE,
                                 .end_ns = UNPARK_NONE};
        add(self, pick, g_strdup_printf("%c %" G_GINT64_FORMAT, k ? 'M' : 'P', number),
            g_strdup(k ? _("thread") : _("processor")));
      }
  }
}

static void add_functions(GoTo *self, const char *text) {
  g_autofree char *wanted = g_utf8_casefold(text, -1);
  for (guint i = 0; self->functions && i < self->functions->len; i++) {
    const Function *function = &g_array_index(self->functions, Function, i);
    g_autofree char *name = g_utf8_casefold(function->name, -1);
    char count[UNPARK_FORMAT_SIZE];
    const UnparkPick pick = {.type = UNPARK_PICK_GROUP,
                             .id = function->name_id,
                             .start_ns = UNPARK_NONE,
                             .end_ns = UNPARK_NONE};
    if (!strstr(name, wanted) || self->candidates->len >= CANDIDATES_SHOWN)
      continue;
    add(self, pick, g_strdup(*function->name ? function->name : _("unknown function")),
        g_strdup_printf(ngettext("%s goroutine", "%s goroutines", function->count),
                        unpark_format_count(function->count, count)));
  }
}

static void find_candidates(GoTo *self) {
  g_autofree char *text = g_strstrip(g_strdup(gtk_editable_get_text(GTK_EDITABLE(self->entry))));
  g_autofree char *number = unpark_go_to_with_point(text);
  gint64 value;
  g_array_set_size(self->candidates, 0);
  if (unpark_duration_parse(number, UNPARK_BARE_REFUSED, &value))
    add_time(self, value);
  if (unpark_format_get_style().times == UNPARK_TIMES_CLOCK &&
      unpark_go_to_parse_since_start(text, &value))
    add_time(self, value);
  if (unpark_go_to_parse_wall(text, unpark_store_source(self->store)->start_wall_ns, &value))
    add_time(self, value);
  if (unpark_go_to_parse_number(text, 'G', &value))
    add_goroutines(self, value);
  add_lanes(self, text);
  add_functions(self, text);
}

/* ---- the window ---------------------------------------------------------------------------- */

static GtkWidget *make_row(const Candidate *candidate) {
  GtkWidget *row = gtk_list_box_row_new();
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *title = gtk_label_new(candidate->title);
  GtkWidget *note = gtk_label_new(candidate->note);
  g_autofree char *name = g_strdup_printf("%s, %s", candidate->title, candidate->note);
  gtk_label_set_ellipsize(GTK_LABEL(title), PANGO_ELLIPSIZE_START);
  gtk_label_set_ellipsize(GTK_LABEL(note), PANGO_ELLIPSIZE_START);
  gtk_label_set_xalign(GTK_LABEL(title), 0);
  gtk_widget_set_hexpand(title, TRUE);
  gtk_widget_add_css_class(note, "dim-label");
  gtk_widget_add_css_class(note, "numeric");
  gtk_widget_set_margin_top(box, 6);
  gtk_widget_set_margin_bottom(box, 6);
  gtk_widget_set_margin_start(box, 6);
  gtk_widget_set_margin_end(box, 6);
  gtk_box_append(GTK_BOX(box), title);
  gtk_box_append(GTK_BOX(box), note);
  gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(row), box);
  unpark_accessible_name(row, name);
  return row;
}

static void update(GoTo *self) {
  GtkListBox *list = GTK_LIST_BOX(self->list);
  find_candidates(self);
  unpark_compat_list_box_clear(list);
  for (guint i = 0; i < self->candidates->len; i++)
    gtk_list_box_append(list, make_row(&g_array_index(self->candidates, Candidate, i)));
  gtk_list_box_select_row(list, gtk_list_box_get_row_at_index(list, 0));
}

static void go(GoTo *self, GtkListBoxRow *row) {
  if (!row || gtk_list_box_row_get_index(row) >= (int)self->candidates->len)
    return;
  const Candidate *candidate =
      &g_array_index(self->candidates, Candidate, gtk_list_box_row_get_index(row));
  UnparkPick pick = candidate->pick;
  g_autoptr(UnparkSession) session = g_object_ref(self->session);
  gtk_window_destroy(GTK_WINDOW(self->window));
  unpark_session_go_to(session, &pick, "timeline");
}

static void on_row(GtkListBox *list, GtkListBoxRow *row, GoTo *self) {
  go(self, row);
}

static void on_activate(GoTo *self) {
  go(self, gtk_list_box_get_selected_row(GTK_LIST_BOX(self->list)));
}

/* Up and Down move in the list while one goes on typing. */
static gboolean on_key(GtkEventControllerKey *controller, guint key, guint code,
                       GdkModifierType state, GoTo *self) {
  GtkListBox *list = GTK_LIST_BOX(self->list);
  GtkListBoxRow *row = gtk_list_box_get_selected_row(list);
  int at = row ? gtk_list_box_row_get_index(row) : -1;
  if (key == GDK_KEY_Escape) {
    gtk_window_destroy(GTK_WINDOW(self->window));
    return GDK_EVENT_STOP;
  }
  if (key != GDK_KEY_Down && key != GDK_KEY_Up)
    return GDK_EVENT_PROPAGATE;
  row = gtk_list_box_get_row_at_index(list, key == GDK_KEY_Down ? at + 1 : MAX(at - 1, 0));
  if (row) {
    gtk_list_box_select_row(list, row);
    gtk_widget_grab_focus(GTK_WIDGET(row));
    gtk_widget_grab_focus(self->entry);
    gtk_editable_set_position(GTK_EDITABLE(self->entry), -1);
  }
  return GDK_EVENT_STOP;
}

static void on_read(gpointer owner, gpointer data, gpointer result, const GError *error) {
  GoTo *self = owner;
  if (!result)
    return;
  self->functions = result;
  update(self);
}

static void on_destroy(GoTo *self) {
  unpark_worker_cancel(&self->reading);
  self->entry = self->list = NULL;
}

static GtkWidget *make_list(GoTo *self) {
  GtkWidget *scrolled = gtk_scrolled_window_new();
  GtkWidget *empty = gtk_label_new(_("Nothing in this trace has that name."));
  self->list = gtk_list_box_new();
  gtk_widget_add_css_class(empty, "dim-label");
  gtk_widget_set_margin_top(empty, 24);
  gtk_list_box_set_placeholder(GTK_LIST_BOX(self->list), empty);
  gtk_list_box_set_selection_mode(GTK_LIST_BOX(self->list), GTK_SELECTION_BROWSE);
  gtk_list_box_set_activate_on_single_click(GTK_LIST_BOX(self->list), TRUE);
  unpark_accessible_name(self->list, _("Places"));
  g_signal_connect(self->list, "row-activated", G_CALLBACK(on_row), self);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scrolled), GTK_POLICY_NEVER,
                                 GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scrolled), self->list);
  gtk_widget_set_vexpand(scrolled, TRUE);
  return scrolled;
}

static GtkWidget *make_content(GoTo *self) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *header = adw_header_bar_new();
  GtkEventController *keys = gtk_event_controller_key_new();
  self->entry = gtk_search_entry_new();
  g_object_set(self->entry, "placeholder-text", _("Time, goroutine or function"), NULL);
  unpark_accessible_name(self->entry, _("Time, goroutine or function"));
  gtk_widget_set_hexpand(self->entry, TRUE);
  gtk_widget_set_margin_start(self->entry, 12);
  gtk_widget_set_margin_end(self->entry, 12);
  gtk_widget_set_margin_bottom(self->entry, 9);
  gtk_widget_set_tooltip_text(self->entry,
                              _("1.203s, 14:03:27.12, G 41, P 2, M 7, or part of a name"));
  g_signal_connect_swapped(self->entry, "changed", G_CALLBACK(update), self);
  g_signal_connect_swapped(self->entry, "activate", G_CALLBACK(on_activate), self);
  gtk_event_controller_set_propagation_phase(keys, GTK_PHASE_CAPTURE);
  g_signal_connect(keys, "key-pressed", G_CALLBACK(on_key), self);
  gtk_widget_add_controller(self->window, keys);
  gtk_box_append(GTK_BOX(box), header);
  gtk_box_append(GTK_BOX(box), self->entry);
  gtk_box_append(GTK_BOX(box), gtk_separator_new(GTK_ORIENTATION_HORIZONTAL));
  gtk_box_append(GTK_BOX(box), make_list(self));
  return box;
}

void unpark_go_to_show(GtkWindow *parent, UnparkSession *session) {
  static const UnparkWork reading = {read_functions, on_read, (GDestroyNotify)unpark_store_unref,
                                     (GDestroyNotify)g_array_unref};
  UnparkStore *store = unpark_session_get_store(session);
  if (!store || unpark_store_source(store)->kind != UNPARK_SOURCE_TRACE)
    return;
  GoTo *self = g_new0(GoTo, 1);
  self->session = g_object_ref(session);
  self->store = unpark_store_ref(store);
  self->candidates = g_array_new(FALSE, TRUE, sizeof(Candidate));
  g_array_set_clear_func(self->candidates, candidate_clear);
  self->window = adw_window_new();
  g_object_set_data_full(G_OBJECT(self->window), "go-to", self, go_to_free);
  adw_window_set_content(ADW_WINDOW(self->window), make_content(self));
  g_signal_connect_swapped(self->window, "destroy", G_CALLBACK(on_destroy), self);
  gtk_window_set_title(GTK_WINDOW(self->window), _("Go To"));
  gtk_window_set_default_size(GTK_WINDOW(self->window), WIDTH, HEIGHT);
  gtk_window_set_transient_for(GTK_WINDOW(self->window), parent);
  gtk_window_set_modal(GTK_WINDOW(self->window), TRUE);
  update(self);
  gtk_window_present(GTK_WINDOW(self->window));
  gtk_widget_grab_focus(self->entry);
  unpark_worker_run(&self->reading, self, &reading, unpark_store_ref(store));
}
