/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "live/service/kinds.h"
#include "model/base/format.h"
#include "ui/kit/accessible.h"
#include "ui/kit/compat.h"
#include "ui/record/dialog-private.h"

#define KIND "unpark-kind"

static GtkWidget *check_of(GtkWidget *row) {
  return g_object_get_data(G_OBJECT(row), "unpark-check");
}

/* Takes `title`. */
static void add_row(GtkListBox *list, const char *kind, char *title, const char *help,
                    gboolean is_checked, GCallback toggled, gpointer data) {
  GtkWidget *row = adw_action_row_new(), *check = gtk_check_button_new();

  adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
  adw_action_row_set_subtitle(ADW_ACTION_ROW(row), help);
  gtk_widget_set_focusable(row, FALSE); /* the button has the keys */
  adw_action_row_add_prefix(ADW_ACTION_ROW(row), check);
  adw_action_row_set_activatable_widget(ADW_ACTION_ROW(row), check);
  unpark_accessible_name(check, title);
  g_object_set_data(G_OBJECT(row), "unpark-check", check);
  g_object_set_data_full(G_OBJECT(check), KIND, g_strdup(kind), g_free);
  gtk_list_box_append(list, row);
  gtk_check_button_set_active(GTK_CHECK_BUTTON(check), is_checked);
  g_signal_connect_swapped(check, "toggled", toggled, data);
  g_free(title);
}

static char *title_of(const UnparkServiceKind *kind, const UnparkServiceKindFacts *facts) {
  char count[UNPARK_FORMAT_SIZE];

  if (!facts || facts->seconds > 0 || kind->count < 0)
    return g_strdup(facts ? _(facts->title) : kind->name);
  return g_strdup_printf(_("%s (%s)"), _(facts->title), unpark_format_count(kind->count, count));
}

void unpark_record_offer_fill(GtkListBox *list, const UnparkAddress *address,
                              const UnparkService *service, GCallback toggled, gpointer data) {
  unpark_compat_list_box_clear(list);
  if (address->kind == UNPARK_ADDRESS_DELVE)
    add_row(list, "goroutine", g_strdup(_("Goroutines, and the target may be stopped")),
            _("A running target stands still for a moment. Without --accept-multiclient Delve ends "
              "with the connection, together with a program that it launched."),
            FALSE, toggled, data);
  else if (!service)
    add_row(list, "", g_strdup(_("This URL")),
            _("What it sends: a flight recorder's trace, for example"), TRUE, toggled, data);
  for (guint i = 0; service && i < service->kinds->len; i++) {
    const UnparkServiceKind *kind = service->kinds->pdata[i];
    const UnparkServiceKindFacts *facts = unpark_service_kind_facts(kind->name);

    add_row(list, kind->name, title_of(kind, facts),
            facts ? _(facts->help) : _("A profile of the program's own."), i == 0, toggled, data);
  }
}

const char **unpark_record_offer_checked(GtkListBox *list) {
  g_autoptr(GPtrArray) kinds = g_ptr_array_new();
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index(list, i)); i++) {
    GtkWidget *check = check_of(GTK_WIDGET(row));
    if (gtk_check_button_get_active(GTK_CHECK_BUTTON(check)))
      g_ptr_array_add(kinds, g_object_get_data(G_OBJECT(check), KIND));
  }
  g_ptr_array_add(kinds, NULL);
  return (const char **)g_ptr_array_steal(kinds, NULL);
}

guint unpark_record_offer_seconds(const char *const *kinds, gboolean difference) {
  guint longest = 0;

  for (guint i = 0; kinds[i]; i++) {
    const UnparkServiceKindFacts *facts = unpark_service_kind_facts(kinds[i]);
    guint length = facts ? facts->seconds : 0;

    /* A trace grows by megabytes a second: what is recorded with it is as short. */
    if (strcmp(kinds[i], "trace") == 0)
      return length;
    if (length == 0 && difference && *kinds[i])
      length = UNPARK_SERVICE_DIFFERENCE_S;
    longest = MAX(longest, length);
  }
  return longest;
}
