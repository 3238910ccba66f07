/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "live/service/service.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "live/http/error.h"
#include "live/service/kinds.h"

/* Of an index page: a service with a thousand profiles of its own has less. */
#define INDEX_MAX ((guint64)1024 * 1024)
#define KINDS_MAX 200
#define SILENCE_S 10
#define TOTAL_S 20
#define PPROF "/debug/pprof"

static void kind_free(gpointer data) {
  UnparkServiceKind *kind = data;

  g_free(kind->name);
  g_free(kind);
}

static gpointer kind_copy(gconstpointer data, gpointer user_data) {
  UnparkServiceKind *copy = g_memdup2(data, sizeof *copy);

  copy->name = g_strdup(copy->name);
  return copy;
}

UnparkService *unpark_service_copy(const UnparkService *service) {
  UnparkService *copy = g_memdup2(service, sizeof *service);

  copy->base = g_strdup(service->base);
  copy->kinds = g_ptr_array_copy(service->kinds, kind_copy, NULL);
  g_ptr_array_set_free_func(copy->kinds, kind_free);
  return copy;
}

void unpark_service_free(UnparkService *service) {
  if (!service)
    return;
  g_free(service->base);
  g_clear_pointer(&service->kinds, g_ptr_array_unref);
  g_free(service);
}

static gboolean has_kind(const GPtrArray *kinds, const char *name) {
  for (guint i = 0; i < kinds->len; i++)
    if (strcmp(((UnparkServiceKind *)kinds->pdata[i])->name, name) == 0)
      return TRUE;
  return FALSE;
}

gboolean unpark_service_offers(const UnparkService *service, const char *kind) {
  return has_kind(service->kinds, kind);
}

/* ---- The index ------------------------------------------------------------------------------ */

/* "<td>12</td><td>" before the link; -1: something else is there. */
static gint64 count_before(const char *html, const char *link) {
  const char *from = link - MIN(link - html, 64);
  g_autofree char *before = g_strndup(from, (gsize)(link - from));
  char *cell = NULL, *end = NULL;
  gint64 count;

  for (char *p = before; (p = strstr(p, "<td>")) != NULL; p += 4)
    if (g_ascii_isdigit(p[4]))
      cell = p + 4;
  if (!cell)
    return -1;
  count = g_ascii_strtoll(cell, &end, 10);
  return g_str_has_prefix(end, "</td>") && !strstr(end, "<tr>") ? count : -1;
}

/* The name in "heap?debug=1" or "/debug/pprof/heap?debug=1"; NULL: another link. */
static char *kind_of_link(const char *link, gsize size) {
  g_autofree char *text = g_strndup(link, size);
  char *path = strstr(text, PPROF "/");
  char *name = path ? path + strlen(PPROF "/") : text;

  name[strcspn(name, "?#")] = '\0';
  /* Not recordings: the program's arguments, and what the addresses of a profile are called. */
  if (strcmp(name, "cmdline") == 0 || strcmp(name, "symbol") == 0)
    return NULL;
  return unpark_service_kind_is_name(name) ? g_strdup(name) : NULL;
}

/* Those that every service has come first, in the order of the table. */
static gint compare_kinds(gconstpointer a, gconstpointer b) {
  const char *of_a = (*(const UnparkServiceKind *const *)a)->name;
  const char *of_b = (*(const UnparkServiceKind *const *)b)->name;
  const UnparkServiceKindFacts *x = unpark_service_kind_facts(of_a);
  const UnparkServiceKindFacts *y = unpark_service_kind_facts(of_b);

  if (x && y)
    return x < y ? -1 : x > y;
  return x ? -1 : y ? 1 : strcmp(of_a, of_b);
}

GPtrArray *unpark_service_parse_index(const char *html) {
  GPtrArray *kinds = g_ptr_array_new_with_free_func(kind_free);

  for (const char *p = html; kinds->len < KINDS_MAX && (p = strstr(p, "href=")) != NULL;) {
    const char *link = p + strlen("href=");
    char quote = *link == '"' || *link == '\'' ? *link++ : ' ';
    gsize size = 0;
    g_autofree char *name = NULL;

    while (link[size] && link[size] != quote && link[size] != '>' && size < 512)
      size++;
    name = kind_of_link(link, size);
    if (name && !has_kind(kinds, name)) {
      UnparkServiceKind *kind = g_new(UnparkServiceKind, 1);
      kind->count = count_before(html, p);
      kind->name = g_steal_pointer(&name);
      g_ptr_array_add(kinds, kind);
    }
    p = link;
  }
  g_ptr_array_sort(kinds, compare_kinds);
  return kinds;
}

/* Any page has links; an index has these. "full goroutine stack dump" is one of "goroutine". */
static gboolean is_index(const GPtrArray *kinds) {
  return has_kind(kinds, "goroutine") && has_kind(kinds, "heap");
}

/* ---- Finding it ----------------------------------------------------------------------------- */

static gboolean collect(const void *bytes, gsize size, gpointer data, GError **error) {
  g_string_append_len(data, bytes, (gssize)size);
  return TRUE;
}

/* The paths to look at, without a slash at the end; NULL-terminated. */
static GStrv candidates(const UnparkAddress *address) {
  const char *pprof = strstr(address->path, PPROF);
  g_autofree char *prefix = g_strdup(address->path);
  GStrvBuilder *paths = g_strv_builder_new();
  GStrv list;

  while (g_str_has_suffix(prefix, "/"))
    prefix[strlen(prefix) - 1] = '\0';

  if (pprof) {
    g_autofree char *path =
        g_strndup(address->path, (gsize)(pprof - address->path) + strlen(PPROF));
    g_strv_builder_add(paths, path);
  } else {
    g_autofree char *below = g_strconcat(prefix, PPROF, NULL);
    g_strv_builder_add(paths, below);
    if (*prefix)
      g_strv_builder_add(paths, prefix);
  }
  list = g_strv_builder_end(paths);
  g_strv_builder_unref(paths);
  return list;
}

/* NULL without an error: another page is there, or none; `answer` says which. */
static UnparkService *look_at(const char *base, const UnparkReach *reach, UnparkFetched *answer,
                              GCancellable *cancellable, GError **error) {
  const UnparkFetch fetch = {.url = base,
                             .reach = *reach,
                             .max_bytes = INDEX_MAX,
                             .silence_s = SILENCE_S,
                             .total_s = TOTAL_S};
  g_autoptr(GString) page = g_string_new(NULL);
  g_autoptr(GPtrArray) kinds = NULL;
  UnparkService *service;

  if (!unpark_fetch(&fetch, collect, page, answer, cancellable, error) || answer->status != 200)
    return NULL;
  unpark_fetched_take_title(answer, page->str);
  kinds = unpark_service_parse_index(page->str);
  if (!is_index(kinds))
    return NULL;
  service = g_new0(UnparkService, 1);
  service->base = g_strdup(base);
  service->kinds = g_steal_pointer(&kinds);
  service->is_indexed = TRUE;
  return service;
}

static UnparkService *without_index(const char *base) {
  UnparkService *service = g_new0(UnparkService, 1);

  service->base = g_strdup(base);
  service->kinds = g_ptr_array_new_with_free_func(kind_free);
  return service;
}

static void fail(const UnparkFetched *answer, const UnparkReach *reach, const char *base,
                 GError **error) {
  if (answer->status == 404)
    g_set_error(error, UNPARK_LIVE_ERROR, UNPARK_LIVE_ERROR_NOT_FOUND,
                _("A web server answers, but nothing is at %s (404). If net/http/pprof is under a "
                  "prefix, add it to the address; if not, the program has to import it"),
                base);
  else if (answer->status == 200)
    g_set_error(error, UNPARK_LIVE_ERROR, UNPARK_LIVE_ERROR_NOT_GO,
                _("%s is not a Go service with net/http/pprof: it answers with another page%s%s"),
                base, answer->website ? ": " : "", answer->website ? answer->website : "");
  else
    unpark_fetched_fail(answer, reach, base, error);
}

UnparkService *unpark_service_find(const UnparkAddress *address, const UnparkReach *reach,
                                   gboolean may_lack_index, GCancellable *cancellable,
                                   GError **error) {
  g_auto(GStrv) paths = candidates(address);
  g_autofree char *first = g_strconcat(address->origin, paths[0], "/", NULL);
  g_auto(UnparkFetched) of_first = {0};

  for (guint i = 0; paths[i]; i++) {
    g_autofree char *base = g_strconcat(address->origin, paths[i], "/", NULL);
    g_auto(UnparkFetched) answer = {0};
    GError *failure = NULL;
    UnparkService *service =
        look_at(base, reach, i == 0 ? &of_first : &answer, cancellable, &failure);
    if (service)
      return service;
    if (failure) {
      g_propagate_error(error, failure);
      return NULL;
    }
  }
  if (may_lack_index && of_first.status == 404)
    return without_index(first);
  fail(&of_first, reach, first, error);
  return NULL;
}
