/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/requests/columns.h"

#include <glib/gi18n.h>
#include <string.h>

#include "model/spans/attributes.h"
#include "ui/kit/profile-item.h"
#include "ui/page/table-menu.h"
#include "ui/text/format.h"

static const UnparkRequestKind *kind_of(UnparkProfileItem *item) {
  const UnparkRequests *requests = unpark_profile_item_get_data(item);
  return &requests->kinds[unpark_profile_item_get_row(item)];
}

static const UnparkRequest *request_of(UnparkProfileItem *item) {
  const UnparkRequests *requests = unpark_profile_item_get_data(item);
  return &requests->requests[unpark_profile_item_get_row(item)];
}

static const UnparkTraceSpan *top_of(UnparkProfileItem *item) {
  const UnparkRequests *requests = unpark_profile_item_get_data(item);
  return &requests->traces->spans[request_of(item)->top];
}

static gint64 length_of(UnparkProfileItem *item) {
  return top_of(item)->end_ns - top_of(item)->start_ns;
}

/* `set` is unpark_profile_cell_set_##set(). */
#define COLUMN(name, value, set)                                                                   \
  static void bind_##name(GtkWidget *cell, UnparkProfileItem *item) {                              \
    unpark_profile_cell_set_##set(cell, (gint64)value);                                            \
  }                                                                                                \
  static int compare_##name(UnparkProfileItem *a, UnparkProfileItem *b) {                          \
    UnparkProfileItem *item = a;                                                                   \
    gint64 first = (gint64)value;                                                                  \
    item = b;                                                                                      \
    return unpark_profile_compare_numbers(first, (gint64)value);                                   \
  }

/* ---- Kinds -------------------------------------------------------------------------------- */

char *unpark_requests_kind_title(const UnparkRequests *requests, guint number) {
  const UnparkRequestKind *kind = &requests->kinds[number];
  const char *service = unpark_traces_text(requests->traces, kind->service);
  const char *name = unpark_traces_text(requests->traces, kind->name);
  if (!*name)
    name = _("(unnamed)");
  g_autofree char *both = *service ? g_strdup_printf("%s  %s", service, name) : g_strdup(name);
  /* Translators: a kind of requests */
  return kind->cut ? g_strdup_printf(_("%s (parent missing)"), both) : g_steal_pointer(&both);
}

static void bind_name(GtkWidget *cell, UnparkProfileItem *item) {
  const UnparkRequests *requests = unpark_profile_item_get_data(item);
  g_autofree char *title = unpark_requests_kind_title(requests, unpark_profile_item_get_row(item));
  unpark_profile_cell_set_text(cell, title, title);
  gtk_label_set_ellipsize(GTK_LABEL(cell), PANGO_ELLIPSIZE_END);
}

static int compare_name(UnparkProfileItem *a, UnparkProfileItem *b) {
  g_autofree char *x =
      unpark_requests_kind_title(unpark_profile_item_get_data(a), unpark_profile_item_get_row(a));
  g_autofree char *y =
      unpark_requests_kind_title(unpark_profile_item_get_data(b), unpark_profile_item_get_row(b));
  return g_utf8_collate(x, y);
}

COLUMN(count, kind_of(item)->count, count)
COLUMN(errors, kind_of(item)->errors, bad)
COLUMN(p50, kind_of(item)->p50_ns, duration)
COLUMN(p90, kind_of(item)->p90_ns, duration)
COLUMN(p99, kind_of(item)->p99_ns, duration)
COLUMN(longest, kind_of(item)->longest_ns, duration)
COLUMN(total, kind_of(item)->total_ns, duration)

void unpark_requests_kind_columns(GtkColumnView *view) {
  static const UnparkProfileColumn columns[] = {
      {"name", N_("Request"), 0, unpark_profile_cell_text, bind_name, compare_name},
      {"count", N_("Count"), 72, unpark_profile_cell_number, bind_count, compare_count},
      {"errors", N_("Errors"), 72, unpark_profile_cell_number, bind_errors, compare_errors},
      {"p50", N_("p50"), 76, unpark_profile_cell_number, bind_p50, compare_p50},
      {"p90", N_("p90"), 76, unpark_profile_cell_number, bind_p90, compare_p90},
      {"p99", N_("p99"), 76, unpark_profile_cell_number, bind_p99, compare_p99},
      {"longest", N_("Longest"), 80, unpark_profile_cell_number, bind_longest, compare_longest},
      {"total", N_("Total"), 80, unpark_profile_cell_number, bind_total, compare_total},
  };
  static const UnparkTableMenu menu = {N_("Show Its _Requests"), NULL};
  unpark_profile_columns_add(view, "requests", columns, G_N_ELEMENTS(columns), "total");
  unpark_table_menu_attach(view, &menu);
}

/* ---- Requests ----------------------------------------------------------------------------- */

COLUMN(length, length_of(item), duration)
COLUMN(r_spans, request_of(item)->spans, count)
COLUMN(r_errors, request_of(item)->errors, bad)
COLUMN(services, request_of(item)->services, count)

static void bind_start(GtkWidget *cell, UnparkProfileItem *item) {
  char text[UNPARK_FORMAT_SIZE];
  unpark_format_time(top_of(item)->start_ns, MAX(length_of(item) / 4, 1000), text);
  gtk_label_set_text(GTK_LABEL(cell), text);
}

static int compare_start(UnparkProfileItem *a, UnparkProfileItem *b) {
  return unpark_profile_compare_numbers(top_of(a)->start_ns, top_of(b)->start_ns);
}

static const char *id_text(UnparkProfileItem *item, char text[UNPARK_TRACE_ID_SIZE]) {
  const UnparkTraceSpan *top = top_of(item);
  return unpark_trace_id_text(&top->ids, (top->flags & UNPARK_TRACE_SHORT_ID) != 0, text);
}

static void bind_id(GtkWidget *cell, UnparkProfileItem *item) {
  char text[UNPARK_TRACE_ID_SIZE];
  unpark_profile_cell_set_text(cell, id_text(item, text), text);
  gtk_label_set_ellipsize(GTK_LABEL(cell), PANGO_ELLIPSIZE_END);
}

static int compare_id(UnparkProfileItem *a, UnparkProfileItem *b) {
  char x[UNPARK_TRACE_ID_SIZE], y[UNPARK_TRACE_ID_SIZE];
  return strcmp(id_text(a, x), id_text(b, y));
}

void unpark_requests_row_columns(GtkColumnView *view) {
  static const UnparkProfileColumn columns[] = {
      {"length", N_("Duration"), 84, unpark_profile_cell_number, bind_length, compare_length},
      {"start", N_("At"), 90, unpark_profile_cell_number, bind_start, compare_start},
      {"spans", N_("Spans"), 68, unpark_profile_cell_number, bind_r_spans, compare_r_spans},
      {"errors", N_("Errors"), 68, unpark_profile_cell_number, bind_r_errors, compare_r_errors},
      {"services", N_("Services"), 78, unpark_profile_cell_number, bind_services, compare_services},
      {"trace", N_("Trace"), 0, unpark_profile_cell_text, bind_id, compare_id},
  };
  static const UnparkTableMenu menu = {N_("Show the _Waterfall"), NULL};
  unpark_profile_columns_add(view, "request-rows", columns, G_N_ELEMENTS(columns), "length");
  unpark_table_menu_attach(view, &menu);
}
