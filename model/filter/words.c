/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/filter/words.h"

#include <glib/gi18n.h>
#include <string.h>

#include "model/base/duration.h"
#include "model/lanes/tracks.h"
#include "model/store/row-at.h"
#include "model/base/tables.h"

#define MAX_WORDS 4000

/* ---- what can be named ------------------------------------------------------------- */

typedef struct {
  guint32 id;
  guint count;
} Named;

static int by_count(gconstpointer a, gconstpointer b) {
  const Named *x = a, *y = b;
  return x->count != y->count ? (x->count < y->count ? 1 : -1) : (x->id > y->id) - (x->id < y->id);
}

static void count(GHashTable *counts, guint32 id) {
  gpointer key = GUINT_TO_POINTER(id);
  guint n = GPOINTER_TO_UINT(g_hash_table_lookup(counts, key));
  g_hash_table_insert(counts, key, GUINT_TO_POINTER(n + 1));
}

/* Of goroutines only: a filter is about them. */
static gboolean count_range(gint64 number, const gint64 *values, gpointer data) {
  if (values[RANGE_SCOPE] == UNPARK_SCOPE_GOROUTINE)
    count(data, (guint32)values[RANGE_NAME]);
  return TRUE;
}

/* Names by how often they are, the most frequent first. */
static GPtrArray *rank(UnparkStore *store, GHashTable *counts) {
  g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(Named));
  GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
  GHashTableIter iter;
  gpointer id, n;
  g_hash_table_iter_init(&iter, counts);
  while (g_hash_table_iter_next(&iter, &id, &n)) {
    const Named named = {GPOINTER_TO_UINT(id), GPOINTER_TO_UINT(n)};
    g_array_append_val(list, named);
  }
  g_array_sort(list, by_count);
  for (guint i = 0; i < MIN(list->len, MAX_WORDS); i++) {
    const char *name = unpark_store_string(store, g_array_index(list, Named, i).id);
    if (*name)
      g_ptr_array_add(names, g_strdup(name));
  }
  return names;
}

static GPtrArray *read_reasons(UnparkStore *store) {
  GPtrArray *reasons = g_ptr_array_new_with_free_func(g_free);
  for (guint k = 1; k < unpark_store_n_kinds(store); k++) {
    const UnparkKind *kind = unpark_store_kind(store, (guint16)k);
    if (kind && *kind->reason &&
        !g_ptr_array_find_with_equal_func(reasons, kind->reason, g_str_equal, NULL))
      g_ptr_array_add(reasons, g_strdup(kind->reason));
  }
  return reasons;
}

UnparkFilterWords *unpark_filter_words_read(UnparkStore *store, GCancellable *cancellable,
                                            GError **error) {
  guint n;
  g_autoptr(GError) failure = NULL;
  g_autoptr(GHashTable) functions = g_hash_table_new(NULL, NULL);
  g_autoptr(GHashTable) tasks = g_hash_table_new(NULL, NULL);
  g_autoptr(GHashTable) ranges = g_hash_table_new(NULL, NULL);
  const UnparkGoroutine *all = unpark_store_goroutines(store, &n, &failure);
  if (failure) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
  }
  for (guint i = 0; i < n; i++)
    count(functions, all[i].name_id);
  if (!unpark_store_visit_rows(store, UNPARK_TABLE_RANGE, UNPARK_NONE, G_MININT64 + 1, G_MAXINT64,
                               count_range, ranges, cancellable, error))
    return NULL;
  g_autoptr(UnparkTrackIndex) index = unpark_track_index_read(store, cancellable, error);
  if (!index)
    return NULL;
  for (guint i = 0; i < index->n_tasks; i++)
    count(tasks, index->tasks[i].name_id);
  UnparkFilterWords *words = g_new0(UnparkFilterWords, 1);
  g_atomic_ref_count_init(&words->refs);
  words->functions = rank(store, functions);
  words->tasks = rank(store, tasks);
  words->reasons = read_reasons(store);
  words->ranges = rank(store, ranges);
  return words;
}

UnparkFilterWords *unpark_filter_words_ref(UnparkFilterWords *words) {
  g_atomic_ref_count_inc(&words->refs);
  return words;
}

void unpark_filter_words_unref(UnparkFilterWords *words) {
  if (!g_atomic_ref_count_dec(&words->refs))
    return;
  g_ptr_array_unref(words->functions);
  g_ptr_array_unref(words->reasons);
  g_ptr_array_unref(words->tasks);
  g_ptr_array_unref(words->ranges);
  g_free(words);
}

/* ---- offers ------------------------------------------------------------------------- */

typedef struct {
  GPtrArray *offers;
  guint limit;
  const char *text;
  gsize word, end; /* the word to complete: bytes of text */
} Offering;

static void offer_free(gpointer data) {
  UnparkFilterOffer *offer = data;
  g_free(offer->text);
  g_free(offer->label);
  g_free(offer);
}

/* `word` takes the place of what is being written; a `closed` one has a space after it. */
static void add(Offering *o, const char *word, const char *hint, gboolean closed) {
  if (o->offers->len >= o->limit)
    return;
  UnparkFilterOffer *offer = g_new0(UnparkFilterOffer, 1);
  const char *rest = o->text + o->end;
  g_autofree char *begun = g_strndup(o->text, o->word);
  g_autofree char *head =
      g_strconcat(begun, word, closed && *rest != ' ' && *rest != ')' ? " " : "", NULL);
  offer->text = g_strconcat(head, rest, NULL);
  offer->cursor = (int)g_utf8_strlen(head, -1);
  offer->label = g_strdup(word);
  offer->hint = hint;
  g_ptr_array_add(o->offers, offer);
}

/* As a word of its own (no key), or as what follows a key. */
static char *quoted(const char *word, gboolean has_key) {
  gboolean plain = !strpbrk(word, " \t()") || strstr(word, "(*");
  gboolean taken_for_key = !has_key && strpbrk(word, ":<>=");
  return strchr(word, ' ') || !plain || taken_for_key ? g_strdup_printf("\"%s\"", word)
                                                      : g_strdup(word);
}

static gboolean holds(const char *word, const char *part) {
  g_autofree char *a = g_utf8_casefold(word, -1);
  g_autofree char *b = g_utf8_casefold(part, -1);
  return strstr(a, b) != NULL && !g_str_equal(a, b);
}

static void add_values(Offering *o, const char *key, const char *begun, const GPtrArray *values) {
  for (guint i = 0; values && i < values->len && o->offers->len < o->limit; i++) {
    const char *value = values->pdata[i];
    if (*begun && !holds(value, begun))
      continue;
    g_autofree char *safe = quoted(value, *key != 0);
    g_autofree char *word = g_strconcat(key, safe, NULL);
    add(o, word, *key ? "" : _("start function"), TRUE);
  }
}

static void add_states(Offering *o, const char *begun) {
  for (guint s = 0; s < UNPARK_N_STATES; s++) {
    const char *name = unpark_state_name((UnparkState)s);
    g_autofree char *word = g_strconcat("state:", name, NULL);
    if (g_str_has_prefix(name, begun) && !g_str_equal(name, begun))
      add(o, word, "", TRUE);
  }
}

static void add_keys(Offering *o, const char *begun) {
  const struct {
    const char *word, *hint;
    gboolean closed;
  } keys[] = {
      {"state:", _("goroutines in this state"), FALSE},
      {"reason:", _("reason for waiting contains this"), FALSE},
      {"fn:", _("a stack frame contains this"), FALSE},
      {"dur>", _("spans longer than"), FALSE},
      {"dur<", _("spans shorter than"), FALSE},
      {"woken-by:", _("woken by this goroutine"), FALSE},
      {"task:", _("takes part in this task"), FALSE},
      {"label:", _("has this label"), FALSE},
      {"range:", _("does this runtime work"), FALSE},
      {"and", _("both match"), TRUE},
      {"or", _("either matches"), TRUE},
      {"not", _("does not match"), TRUE},
  };
  for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
    if (g_ascii_strncasecmp(keys[i].word, begun, strlen(begun)) == 0 &&
        strlen(keys[i].word) > strlen(begun))
      add(o, keys[i].word, keys[i].hint, keys[i].closed);
}

static void add_word(Offering *o, const char *key, const char *word, const char *hint) {
  g_autofree char *safe = quoted(word, *key != 0);
  g_autofree char *whole = g_strconcat(key, safe, NULL);
  add(o, whole, hint, TRUE);
}

/* After "dur>" or "dur<": usual lengths, or the units of a number. */
static void add_lengths(Offering *o, const char *begun) {
  static const char *const usual[] = {"100us", "1ms", "10ms", "100ms", "1s", NULL};
  static const char *const units[] = {"us", "ms", "s", NULL};
  gsize sign = 4 + (begun[4] == '='), digits = strspn(begun + sign, "0123456789.");
  gboolean bare = begun[sign] == 0;
  if (begun[sign + digits] != 0)
    return;
  for (const char *const *word = bare ? usual : units; *word; word++) {
    g_autofree char *whole = g_strconcat(begun, *word, NULL);
    add(o, whole, "", TRUE);
  }
}

/* For a word with a key that there is not: what may be meant, and how the word itself is found. */
static void add_instead(Offering *o, const char *begun) {
  static const char *const stacks[] = {"stack", "frame", "func", "function", "call"};
  static const char *const lengths[] = {"duration", "length", "len", "time", "longer"};
  gsize n = strcspn(begun, ":<>=");
  const char *rest = begun + n + strspn(begun + n, ":<>=");
  gint64 ns;
  for (guint i = 0; i < G_N_ELEMENTS(stacks); i++)
    if (strlen(stacks[i]) == n && g_ascii_strncasecmp(begun, stacks[i], n) == 0)
      add_word(o, "fn:", rest, _("a stack frame contains this"));
  for (guint i = 0; i < G_N_ELEMENTS(lengths); i++)
    if (strlen(lengths[i]) == n && g_ascii_strncasecmp(begun, lengths[i], n) == 0)
      add_word(o, begun[n] == '<' ? "dur<" : "dur>",
               unpark_duration_parse(rest, UNPARK_BARE_REFUSED, &ns) ? rest : "",
               begun[n] == '<' ? _("spans shorter than") : _("spans longer than"));
  if (*rest)
    add_word(o, "", begun, _("start function containing this text"));
}

static gboolean has_key(const char *word) {
  const char *sign = strpbrk(word, ":<>=");
  return sign && !memchr(word, '"', (gsize)(sign - word));
}

/* Text may be meant of stacks rather than of where goroutines started, and a length is no text. */
static void add_meanings(Offering *o, const char *begun) {
  gint64 ns;
  if (unpark_duration_parse(begun, UNPARK_BARE_REFUSED, &ns)) {
    add_word(o, "dur>", begun, _("spans longer than"));
    add_word(o, "dur<", begun, _("spans shorter than"));
  } else if (strlen(begun) >= 3 && g_ascii_isalpha(*begun) && !strpbrk(begun, "\"()")) {
    add_word(o, "fn:", begun, _("a stack frame contains this"));
  }
}

GPtrArray *unpark_filter_offers(const UnparkFilterWords *words, const char *text, int cursor,
                                guint limit) {
  glong length = g_utf8_strlen(text, -1);
  const char *at = g_utf8_offset_to_pointer(text, CLAMP(cursor, 0, (int)length));
  const char *word = at;
  while (word > text && !g_ascii_isspace(word[-1]) && !(word[-1] == '(' && *word != '*'))
    word--;
  Offering o = {.offers = g_ptr_array_new_with_free_func(offer_free),
                .limit = limit,
                .text = text,
                .word = (gsize)(word - text),
                .end = (gsize)(at - text)};
  g_autofree char *begun = g_strndup(word, (gsize)(at - word));
  if (g_str_has_prefix(begun, "state:")) {
    add_states(&o, begun + 6);
  } else if (g_str_has_prefix(begun, "reason:")) {
    add_values(&o, "reason:", begun + 7, words ? words->reasons : NULL);
  } else if (g_str_has_prefix(begun, "task:")) {
    add_values(&o, "task:", begun + 5, words ? words->tasks : NULL);
  } else if (g_str_has_prefix(begun, "range:")) {
    add_values(&o, "range:", begun + 6, words ? words->ranges : NULL);
  } else if (g_str_has_prefix(begun, "fn:")) {
    if (begun[3])
      add_values(&o, "fn:", begun + 3, words ? words->functions : NULL);
  } else if (g_str_has_prefix(begun, "dur>") || g_str_has_prefix(begun, "dur<")) {
    add_lengths(&o, begun);
  } else if (has_key(begun)) {
    if (!g_str_has_prefix(begun, "woken-by:") && !g_str_has_prefix(begun, "label:"))
      add_instead(&o, begun);
  } else {
    add_keys(&o, begun);
    o.limit = MAX(limit, 1) - 1; /* a place for the last */
    if (*begun)
      add_values(&o, "", begun, words ? words->functions : NULL);
    o.limit = limit;
    add_meanings(&o, begun);
  }
  return o.offers;
}
