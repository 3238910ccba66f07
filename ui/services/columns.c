/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/services/columns.h"

#include <glib/gi18n.h>

#include "ui/kit/profile-item.h"
#include "ui/page/table-menu.h"
#include "ui/text/format.h"

static const UnparkServiceCall *call_of(UnparkProfileItem *item) {
  const UnparkServices *services = unpark_profile_item_get_data(item);
  return &services->calls[unpark_profile_item_get_row(item)];
}

static const UnparkServiceHop *hop_of(UnparkProfileItem *item) {
  const UnparkServices *services = unpark_profile_item_get_data(item);
  return &services->traces->hops[call_of(item)->hop];
}

static const char *text_of(UnparkProfileItem *item, guint32 text) {
  const UnparkServices *services = unpark_profile_item_get_data(item);
  return text ? unpark_traces_text(services->traces, text) : "–";
}

/* `set` is unpark_profile_cell_set_##set(). */
#define COLUMN(name, of, value, set)                                                               \
  static void bind_##name(GtkWidget *cell, UnparkProfileItem *item) {                              \
    unpark_profile_cell_set_##set(cell, of(item)->value);                                          \
  }                                                                                                \
  static int compare_##name(UnparkProfileItem *a, UnparkProfileItem *b) {                          \
    return unpark_profile_compare_numbers(of(a)->value, of(b)->value);                             \
  }

#define TEXT(name, value)                                                                          \
  static void bind_##name(GtkWidget *cell, UnparkProfileItem *item) {                              \
    const char *text = text_of(item, hop_of(item)->value);                                         \
    unpark_profile_cell_set_text(cell, text, text);                                                \
    gtk_label_set_ellipsize(GTK_LABEL(cell), PANGO_ELLIPSIZE_END);                                 \
  }                                                                                                \
  static int compare_##name(UnparkProfileItem *a, UnparkProfileItem *b) {                          \
    return g_utf8_collate(text_of(a, hop_of(a)->value), text_of(b, hop_of(b)->value));             \
  }

TEXT(caller, caller)
TEXT(callee, callee)
TEXT(name, name)
COLUMN(calls, hop_of, calls, count)
COLUMN(errors, call_of, errors, bad)
COLUMN(lost, hop_of, lost, bad)
COLUMN(client_p50, call_of, client_p50_ns, duration)
COLUMN(client_p99, call_of, client_p99_ns, duration)
COLUMN(server_p50, call_of, server_p50_ns, duration)
COLUMN(server_p99, call_of, server_p99_ns, duration)
COLUMN(network, call_of, network_p50_ns, duration)

static double joined_share(UnparkProfileItem *item) {
  const UnparkServiceHop *hop = hop_of(item);
  return hop->calls > 0 ? (double)hop->joined / (double)hop->calls : 0;
}

/* With the interval that the share of all calls is in, of which these are a sample. */
static void bind_joined(GtkWidget *cell, UnparkProfileItem *item) {
  const UnparkServiceHop *hop = hop_of(item);
  char share[UNPARK_FORMAT_SIZE];
  if (hop->calls == 0) {
    gtk_label_set_text(GTK_LABEL(cell), "–");
    return;
  }
  g_autofree char *text = g_strdup_printf(
      "%s (%.0f–%.0f)", unpark_format_share((double)hop->joined, (double)hop->calls, share),
      hop->low * 100, hop->high * 100);
  gtk_label_set_text(GTK_LABEL(cell), text);
}

static int compare_joined(UnparkProfileItem *a, UnparkProfileItem *b) {
  double x = joined_share(a), y = joined_share(b);
  return (x > y) - (x < y);
}

void unpark_services_call_columns(GtkColumnView *view) {
  static const UnparkProfileColumn columns[] = {
      {"caller", N_("Caller"), 110, unpark_profile_cell_text, bind_caller, compare_caller},
      {"callee", N_("Called"), 110, unpark_profile_cell_text, bind_callee, compare_callee},
      {"name", N_("Operation"), 0, unpark_profile_cell_text, bind_name, compare_name},
      {"calls", N_("Calls"), 72, unpark_profile_cell_number, bind_calls, compare_calls},
      {"errors", N_("Errors"), 72, unpark_profile_cell_number, bind_errors, compare_errors},
      {"joined", N_("Joined"), 120, unpark_profile_cell_number, bind_joined, compare_joined},
      {"lost", N_("Lost"), 64, unpark_profile_cell_number, bind_lost, compare_lost},
      {"client-p50", N_("Client p50"), 92, unpark_profile_cell_number, bind_client_p50,
       compare_client_p50},
      {"client-p99", N_("Client p99"), 92, unpark_profile_cell_number, bind_client_p99,
       compare_client_p99},
      {"server-p50", N_("Server p50"), 94, unpark_profile_cell_number, bind_server_p50,
       compare_server_p50},
      {"server-p99", N_("Server p99"), 94, unpark_profile_cell_number, bind_server_p99,
       compare_server_p99},
      {"network", N_("Network p50"), 102, unpark_profile_cell_number, bind_network,
       compare_network},
  };
  static const UnparkTableMenu menu = {N_("Show the Slowest _Call"), NULL};
  unpark_profile_columns_add(view, "services", columns, G_N_ELEMENTS(columns), "calls");
  unpark_table_menu_attach(view, &menu);
}
