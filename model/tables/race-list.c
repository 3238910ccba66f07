/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/tables/race-list.h"

#include <string.h>

#include "model/writer/writer.h"

enum {
  R_ID,
  R_KIND,
  R_ADDRESS,
  R_GOROUTINE,
  R_STACK,
  R_PREVIOUS_KIND,
  R_PREVIOUS_GOROUTINE,
  R_PREVIOUS_STACK,
  R_CREATE_STACK,
  R_PREVIOUS_CREATE_STACK,
  R_COLUMNS
};

gboolean unpark_race_exists(UnparkStore *store) {
  return unpark_store_source(store)->kind == UNPARK_SOURCE_RACE;
}

/* ---- Reading --------------------------------------------------------------------------------- */

static guint32 small_id(gint64 id) {
  return id > 0 && id <= G_MAXUINT32 ? (guint32)id : 0;
}

static void find_top(UnparkRaceAccess *access, UnparkStore *store,
                     gboolean (*is_own)(const char *function)) {
  guint n;
  g_autofree UnparkFrame *frames = unpark_store_stack(store, access->stack, UNPARK_RACE_FRAMES, &n);
  guint top = 0;
  while (top < n && !is_own(frames[top].function))
    top++;
  if (top == n)
    top = 0;
  access->function = n > 0 ? frames[top].function : "";
  access->file = n > 0 ? frames[top].file : "";
  access->line = n > 0 ? frames[top].line : 0;
}

static UnparkRaceAccess access_of(UnparkStore *store, const gint64 *row, int kind, int goroutine,
                                  int stack, int create_stack) {
  return (UnparkRaceAccess){.kind = unpark_store_string(store, small_id(row[kind])),
                            .goroutine = row[goroutine],
                            .stack = small_id(row[stack]),
                            .create_stack = small_id(row[create_stack])};
}

static gboolean read_races(UnparkRaceList *list, gboolean (*is_own)(const char *function),
                           GCancellable *cancellable, GError **error) {
  guint n, width;
  GError *failure = NULL;
  g_autofree gint64 *rows = unpark_store_rows(list->store, UNPARK_TABLE_RACE, G_MININT64 + 1,
                                              G_MAXINT64, &n, &width, cancellable, &failure);
  if (failure) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  list->races = g_new0(UnparkRace, (gsize)n + 1);
  for (guint i = 0; i < n && width >= R_COLUMNS; i++) {
    const gint64 *row = rows + (gsize)i * width;
    UnparkRace *race = &list->races[list->n_races++];
    if (g_cancellable_set_error_if_cancelled(cancellable, error))
      return FALSE;
    race->id = row[R_ID];
    race->has_address = row[R_ADDRESS] != UNPARK_NONE;
    race->address = race->has_address ? (guint64)row[R_ADDRESS] : 0;
    race->now = access_of(list->store, row, R_KIND, R_GOROUTINE, R_STACK, R_CREATE_STACK);
    race->previous = access_of(list->store, row, R_PREVIOUS_KIND, R_PREVIOUS_GOROUTINE,
                               R_PREVIOUS_STACK, R_PREVIOUS_CREATE_STACK);
    find_top(&race->now, list->store, is_own);
    find_top(&race->previous, list->store, is_own);
  }
  return TRUE;
}

UnparkRaceList *unpark_race_list_new(UnparkStore *store, gboolean (*is_own)(const char *function),
                                     GCancellable *cancellable, GError **error) {
  g_autoptr(UnparkRaceList) list = g_atomic_rc_box_new0(UnparkRaceList);
  list->store = unpark_store_ref(store);
  return read_races(list, is_own, cancellable, error) ? g_steal_pointer(&list) : NULL;
}

UnparkRaceList *unpark_race_list_ref(UnparkRaceList *list) {
  return g_atomic_rc_box_acquire(list);
}

static void list_clear(gpointer data) {
  UnparkRaceList *list = data;
  g_free(list->races);
  unpark_store_unref(list->store);
}

void unpark_race_list_unref(UnparkRaceList *list) {
  if (list)
    g_atomic_rc_box_release_full(list, list_clear);
}

/* ---- Searching ------------------------------------------------------------------------------- */

typedef struct {
  UnparkStore *store;
  GHashTable *known; /* string id -> 1 no, 2 yes */
  const char *word;  /* folded */
} Search;

static gboolean text_holds(const char *text, const char *word) {
  g_autofree char *folded = g_utf8_casefold(text, -1);
  return strstr(folded, word) != NULL;
}

static gboolean string_holds(Search *s, guint32 id, const char *text) {
  guint found = GPOINTER_TO_UINT(g_hash_table_lookup(s->known, GUINT_TO_POINTER(id)));
  if (found == 0) {
    found = text_holds(text, s->word) ? 2 : 1;
    g_hash_table_insert(s->known, GUINT_TO_POINTER(id), GUINT_TO_POINTER(found));
  }
  return found == 2;
}

static gboolean stack_holds(Search *s, guint32 stack) {
  guint n;
  g_autofree UnparkFrame *frames = unpark_store_stack(s->store, stack, UNPARK_RACE_FRAMES, &n);
  for (guint i = 0; i < n; i++)
    if (string_holds(s, frames[i].function_id, frames[i].function) ||
        string_holds(s, frames[i].file_id, frames[i].file))
      return TRUE;
  return FALSE;
}

static gboolean access_holds(Search *s, const UnparkRaceAccess *access) {
  guint64 number;
  const char *digits = s->word + (s->word[0] == 'g' && s->word[1]);
  if (access->goroutine != UNPARK_NONE &&
      g_ascii_string_to_unsigned(digits, 10, 0, G_MAXINT64, &number, NULL) &&
      (gint64)number == access->goroutine)
    return TRUE;
  return text_holds(access->kind, s->word) || stack_holds(s, access->stack) ||
         stack_holds(s, access->create_stack);
}

static gboolean race_holds(Search *s, const UnparkRace *race) {
  guint64 address;
  if (race->has_address && g_str_has_prefix(s->word, "0x") &&
      g_ascii_string_to_unsigned(s->word + 2, 16, 0, G_MAXUINT64, &address, NULL) &&
      address == race->address)
    return TRUE;
  return access_holds(s, &race->now) || access_holds(s, &race->previous);
}

static gboolean narrow(UnparkRaceList *list, const char *word, guint8 *matches,
                       GCancellable *cancellable, GError **error) {
  g_autoptr(GHashTable) known = g_hash_table_new(NULL, NULL);
  Search s = {.store = list->store, .known = known, .word = word};
  for (guint i = 0; i < list->n_races; i++) {
    if (g_cancellable_set_error_if_cancelled(cancellable, error))
      return FALSE;
    if (matches[i])
      matches[i] = race_holds(&s, &list->races[i]);
  }
  return TRUE;
}

guint8 *unpark_race_list_match(UnparkRaceList *list, const char *text, GCancellable *cancellable,
                               GError **error) {
  g_auto(GStrv) words = g_strsplit_set(text, " \t\n", -1);
  g_autofree guint8 *matches = g_malloc((gsize)list->n_races + 1);
  memset(matches, 1, (gsize)list->n_races + 1);
  for (guint i = 0; words[i]; i++) {
    g_autofree char *folded = g_utf8_casefold(words[i], -1);
    if (*folded && !narrow(list, folded, matches, cancellable, error))
      return NULL;
  }
  return g_steal_pointer(&matches);
}
