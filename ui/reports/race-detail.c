/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/reports/race-detail.h"

#include <glib/gi18n.h>

#include "ui/kit/accessible.h"
#include "ui/reports/dump-stack.h"
#include "ui/reports/race-words.h"
#include "ui/kit/worker.h"

#define MIN_CARD_WIDTH 260

typedef struct {
  UnparkDumpStack stack, create_stack;
} Side;

typedef struct {
  UnparkRaceList *list;
  guint32 race;
  Side now, previous;
} Detail;

struct _UnparkRaceDetail {
  GtkWidget parent_instance;
  GtkWidget *scrolled, *box;
  UnparkWorker reading;
  Detail *detail; /* what is shown */
};

G_DEFINE_FINAL_TYPE(UnparkRaceDetail, unpark_race_detail, GTK_TYPE_WIDGET)

static void side_clear(Side *side) {
  unpark_dump_stack_clear(&side->stack);
  unpark_dump_stack_clear(&side->create_stack);
}

static void detail_free(gpointer data) {
  Detail *detail = data;
  if (!detail)
    return;
  side_clear(&detail->now);
  side_clear(&detail->previous);
  unpark_race_list_unref(detail->list);
  g_free(detail);
}

static const UnparkRace *race_of(const Detail *detail) {
  return &detail->list->races[detail->race];
}

/* ---- Worker ---------------------------------------------------------------------------------- */

static void read_side(Side *side, UnparkStore *store, const UnparkRaceAccess *access) {
  unpark_dump_stack_read(&side->stack, store, access->stack);
  unpark_dump_stack_read(&side->create_stack, store, access->create_stack);
}

static gpointer read_detail(gpointer data, GCancellable *cancellable, GError **error) {
  const Detail *request = data;
  Detail *detail = g_new0(Detail, 1);
  detail->list = unpark_race_list_ref(request->list);
  detail->race = request->race;
  read_side(&detail->now, detail->list->store, &race_of(detail)->now);
  read_side(&detail->previous, detail->list->store, &race_of(detail)->previous);
  return detail;
}

/* ---- Widgets --------------------------------------------------------------------------------- */

static void append(GtkWidget *box, const char *text, const char *css) {
  gtk_box_append(GTK_BOX(box), unpark_dump_label(text, css));
}

static GtkWidget *make_card(const UnparkRaceAccess *access, const Side *side, gboolean previous) {
  GtkWidget *card = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  g_autofree char *by = unpark_race_by(access);
  g_autofree char *name = g_strdup_printf("%s %s", unpark_race_kind(access, previous), by);
  gtk_widget_add_css_class(card, "card");
  gtk_widget_add_css_class(card, "unpark-race-card");
  gtk_widget_set_size_request(card, MIN_CARD_WIDTH, -1);
  gtk_widget_set_valign(card, GTK_ALIGN_START);
  gtk_widget_set_hexpand(card, TRUE);
  unpark_accessible_name(card, name);
  append(card, unpark_race_kind(access, previous), "unpark-sentence");
  if (*by)
    append(card, by, "dim-label");
  unpark_dump_stack_show(&side->stack, GTK_BOX(card));
  GtkWidget *heading = unpark_dump_label(_("Goroutine created at"), "heading");
  gtk_widget_set_margin_top(heading, 12);
  gtk_box_append(GTK_BOX(card), heading);
  if (side->create_stack.n > 0)
    unpark_dump_stack_show(&side->create_stack, GTK_BOX(card));
  else
    append(card,
           access->goroutine == 1 ? _("The main goroutine, created when the program started.")
                                  : _("Not in the report."),
           "dim-label");
  return card;
}

static GtkWidget *make_title(const UnparkRace *race) {
  GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *texts = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2), *copy = gtk_button_new();
  g_autofree char *title = unpark_race_title(race);
  append(texts, title, "unpark-sentence");
  if (race->has_address) {
    g_autofree char *hex = unpark_race_address(race);
    g_autofree char *text = g_strdup_printf(_("Both used the memory at %s without synchronization "
                                              "between them."),
                                            hex);
    append(texts, text, NULL);
  }
  gtk_widget_set_hexpand(texts, TRUE);
  gtk_button_set_icon_name(GTK_BUTTON(copy), "edit-copy-symbolic");
  gtk_widget_set_tooltip_text(copy, _("Copy the race as text"));
  unpark_accessible_name(copy, _("Copy the race as text"));
  gtk_widget_add_css_class(copy, "flat");
  gtk_widget_set_valign(copy, GTK_ALIGN_START);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(copy), "race-detail.copy");
  gtk_box_append(GTK_BOX(row), texts);
  gtk_box_append(GTK_BOX(row), copy);
  return row;
}

static void show_detail(UnparkRaceDetail *self) {
  const Detail *detail = self->detail;
  const UnparkRace *race = race_of(detail);
  GtkWidget *sides = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  unpark_dump_box_clear(GTK_BOX(self->box));
  gtk_box_set_homogeneous(GTK_BOX(sides), TRUE);
  gtk_box_append(GTK_BOX(sides), make_card(&race->now, &detail->now, FALSE));
  gtk_box_append(GTK_BOX(sides), make_card(&race->previous, &detail->previous, TRUE));
  gtk_box_append(GTK_BOX(self->box), make_title(race));
  gtk_box_append(GTK_BOX(self->box), sides);
  gtk_adjustment_set_value(gtk_scrolled_window_get_vadjustment(GTK_SCROLLED_WINDOW(self->scrolled)),
                           0);
}

static void on_detail(gpointer owner, gpointer data, gpointer result, const GError *error) {
  UnparkRaceDetail *self = owner;
  detail_free(self->detail);
  self->detail = result;
  show_detail(self);
}

void unpark_race_detail_show(UnparkRaceDetail *self, UnparkRaceList *list, guint32 race) {
  static const UnparkWork reading = {read_detail, on_detail, detail_free, detail_free};
  unpark_worker_cancel(&self->reading);
  if (!list || race >= list->n_races) {
    g_clear_pointer(&self->detail, detail_free);
    unpark_dump_box_clear(GTK_BOX(self->box));
    append(self->box, _("Select a race to see both accesses."), "dim-label");
    return;
  }
  Detail *request = g_new0(Detail, 1);
  request->list = unpark_race_list_ref(list);
  request->race = race;
  unpark_worker_run(&self->reading, self, &reading, request);
}

/* ---- As text --------------------------------------------------------------------------------- */

static void append_side(GString *out, const UnparkRace *race, const UnparkRaceAccess *access,
                        const Side *side, gboolean previous) {
  g_autofree char *by = unpark_race_by(access), *address = unpark_race_address(race);
  g_string_append_printf(out, "%s%s%s %s:\n", unpark_race_kind(access, previous),
                         *address ? " " : "", address, by);
  unpark_dump_stack_append(&side->stack, out);
  if (side->create_stack.n > 0) {
    g_string_append_printf(out, "\n%s:\n", _("Goroutine created at"));
    unpark_dump_stack_append(&side->create_stack, out);
  }
}

/* What is shown, in the form of the race detector's reports; NULL if nothing is. Free with
 * g_free(). */
static char *shown_text(UnparkRaceDetail *self) {
  const Detail *detail = self->detail;
  if (!detail)
    return NULL;
  const UnparkRace *race = race_of(detail);
  GString *out = g_string_new(NULL);
  append_side(out, race, &race->now, &detail->now, FALSE);
  g_string_append_c(out, '\n');
  append_side(out, race, &race->previous, &detail->previous, TRUE);
  return g_string_free(out, FALSE);
}

static void on_copy(GtkWidget *widget, const char *name, GVariant *parameter) {
  g_autofree char *text = shown_text(UNPARK_RACE_DETAIL(widget));
  if (text)
    gtk_widget_activate_action(widget, "win.copy", "s", text);
}

/* ---- Widget ---------------------------------------------------------------------------------- */

static void unpark_race_detail_dispose(GObject *object) {
  UnparkRaceDetail *self = UNPARK_RACE_DETAIL(object);
  unpark_worker_cancel(&self->reading);
  g_clear_pointer(&self->scrolled, gtk_widget_unparent);
  g_clear_pointer(&self->detail, detail_free);
  G_OBJECT_CLASS(unpark_race_detail_parent_class)->dispose(object);
}

static void unpark_race_detail_class_init(UnparkRaceDetailClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = unpark_race_detail_dispose;
  gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action(widget_class, "race-detail.copy", NULL, on_copy);
}

static void unpark_race_detail_init(UnparkRaceDetail *self) {
  self->scrolled = gtk_scrolled_window_new();
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
  g_object_set(self->box, "margin-start", 12, "margin-end", 12, "margin-top", 6, "margin-bottom",
               12, NULL);
  gtk_widget_add_css_class(self->scrolled, "unpark-inspector");
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(self->scrolled), self->box);
  gtk_widget_set_parent(self->scrolled, GTK_WIDGET(self));
  unpark_race_detail_show(self, NULL, 0);
}

GtkWidget *unpark_race_detail_new(void) {
  return g_object_new(UNPARK_TYPE_RACE_DETAIL, NULL);
}
