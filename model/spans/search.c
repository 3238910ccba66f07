/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/spans/search.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

#include "model/base/duration.h"
#include "model/base/error.h"
#include "model/spans/attributes.h"

typedef enum { OP_ANY, OP_IS, OP_IS_NOT, OP_HAS, OP_ABOVE, OP_BELOW } Op;

/* What of a span itself a key names. */
typedef enum {
  KEY_ATTRIBUTE,
  KEY_SERVICE,
  KEY_NAME,
  KEY_KIND,
  KEY_STATUS,
  KEY_HOST,
  KEY_MESSAGE,
  KEY_TRACE,
  KEY_SPAN,
  KEY_DURATION,
  N_KEYS
} Key;

static const char *const key_names[N_KEYS] = {"",     "service", "name",  "kind", "status",
                                              "host", "message", "trace", "span", "duration"};

enum { UNKNOWN, FITS, FITS_NOT };

typedef struct {
  Op op;
  Key key;
  char *name;  /* of an attribute, folded */
  char *value; /* folded; "" with OP_IS: whatever it is */
  double number;
  GHashTable *texts; /* text, which lives as long as the store -> FITS or FITS_NOT */
  guint8 *resources; /* by resource: UNKNOWN, FITS, FITS_NOT */
} Word;

struct _UnparkTraceSearch {
  const UnparkTraces *traces;
  UnparkTraceRows *rows;
  GArray *words;
};

/* ---- The text ----------------------------------------------------------------------------- */

static void word_clear(gpointer data) {
  Word *word = data;

  g_free(word->name);
  g_free(word->value);
  g_free(word->resources);
  g_clear_pointer(&word->texts, g_hash_table_unref);
}

/* The next word, without its quotes; NULL: there is none. */
static char *next_word(const char **text) {
  GString *word = g_string_new(NULL);
  gboolean quoted = FALSE, any = FALSE;

  *text += strspn(*text, " \t\n");
  for (; **text && (quoted || !strchr(" \t\n", **text)); (*text)++) {
    any = TRUE;
    if (**text == '"')
      quoted = !quoted;
    else
      g_string_append_c(word, **text);
  }
  return g_string_free(word, !any);
}

static Op op_at(const char *at, gsize *length) {
  *length = 1;
  switch (*at) {
  case '=':
    return OP_IS;
  case '~':
    return OP_HAS;
  case '>':
    return OP_ABOVE;
  case '<':
    return OP_BELOW;
  case '!':
    *length = 2;
    return at[1] == '=' ? OP_IS_NOT : OP_ANY;
  default:
    return OP_ANY;
  }
}

static char *fold(const char *text, gssize length) {
  g_autofree char *valid = g_utf8_make_valid(text, length);

  return g_utf8_casefold(valid, -1);
}

static gboolean read_number(Word *word, GError **error) {
  gint64 ns = 0;
  char *end;

  if ((word->op != OP_ABOVE && word->op != OP_BELOW) || !*word->value)
    return TRUE;
  if (word->key == KEY_DURATION) {
    if (unpark_duration_parse(word->value, UNPARK_BARE_REFUSED, &ns)) {
      word->number = (double)ns;
      return TRUE;
    }
    g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_SQL,
                _("Invalid duration “%s”: expected something like 10ms or 1.5s"), word->value);
    return FALSE;
  }
  word->number = g_ascii_strtod(word->value, &end);
  if (*end == '\0')
    return TRUE;
  g_set_error(error, UNPARK_ERROR, UNPARK_ERROR_SQL,
              _("Invalid number “%s”: expected something like 500 or 0.25"), word->value);
  return FALSE;
}

static gboolean parse_word(Word *word, const char *text, guint n_resources, GError **error) {
  const char *at = text + strcspn(text, "=~<>!");
  gsize length;

  *word = (Word){.op = op_at(at, &length)};
  if (at == text) /* no key */
    word->op = OP_ANY;
  word->value = fold(word->op == OP_ANY ? text : at + length, -1);
  word->name = word->op == OP_ANY ? g_strdup("") : fold(text, at - text);
  for (guint k = 1; k < N_KEYS; k++)
    if (g_str_equal(word->name, key_names[k]))
      word->key = (Key)k;
  word->texts = g_hash_table_new(NULL, NULL);
  word->resources = g_new0(guint8, MAX(n_resources, 1));
  return read_number(word, error);
}

UnparkTraceSearch *unpark_trace_search_new(const UnparkTraces *traces, const char *text,
                                           GError **error) {
  g_autoptr(UnparkTraceSearch) search = g_new0(UnparkTraceSearch, 1);
  const char *at = text;
  char *one;

  search->traces = traces;
  search->rows = unpark_trace_rows_new(traces);
  search->words = g_array_new(FALSE, FALSE, sizeof(Word));
  g_array_set_clear_func(search->words, word_clear);
  while ((one = next_word(&at))) {
    g_autofree char *owned = one;
    Word word;
    gboolean ok = parse_word(&word, owned, traces->n_resources, error);
    g_array_append_val(search->words, word);
    if (!ok)
      return NULL;
  }
  return g_steal_pointer(&search);
}

void unpark_trace_search_free(UnparkTraceSearch *search) {
  if (!search)
    return;
  unpark_trace_rows_free(search->rows);
  g_array_unref(search->words);
  g_free(search);
}

gboolean unpark_trace_search_is_empty(const UnparkTraceSearch *search) {
  return search->words->len == 0;
}

/* ---- Values ------------------------------------------------------------------------------- */

static gboolean number_fits(const Word *word, double number) {
  return word->op == OP_ABOVE ? number > word->number : number < word->number;
}

static gboolean folded_fits(const Word *word, const char *folded) {
  switch (word->op) {
  case OP_IS:
    return !*word->value || g_str_equal(folded, word->value);
  case OP_IS_NOT:
    return !g_str_equal(folded, word->value);
  case OP_ANY:
  case OP_HAS:
    return strstr(folded, word->value) != NULL;
  case OP_ABOVE:
  case OP_BELOW:
  default: {
    char *end;
    double number = g_ascii_strtod(folded, &end);
    return !*word->value || (*folded && *end == '\0' && number_fits(word, number));
  }
  }
}

static gboolean text_fits(const Word *word, const char *text) {
  g_autofree char *folded = fold(text, -1);

  return folded_fits(word, folded);
}

/* Of a text that lives as long as its store: most are there many times. */
static gboolean kept_text_fits(Word *word, const char *text) {
  guint known = GPOINTER_TO_UINT(g_hash_table_lookup(word->texts, text));

  if (known == UNKNOWN) {
    known = text_fits(word, text) ? FITS : FITS_NOT;
    g_hash_table_insert(word->texts, (gpointer)text, GUINT_TO_POINTER(known));
  }
  return known == FITS;
}

static gboolean attribute_fits(Word *word, const UnparkTraceAttribute *a) {
  char buffer[UNPARK_TRACE_VALUE_SIZE];

  if (word->op != OP_ANY) {
    g_autofree char *key = fold(a->key, -1);
    if (!g_str_equal(key, word->name))
      return FALSE;
  }
  if (a->type == UNPARK_TRACE_TEXT || a->type == UNPARK_TRACE_JSON)
    return kept_text_fits(word, a->text);
  return text_fits(word, unpark_trace_value_text(a, buffer));
}

/* ---- Spans -------------------------------------------------------------------------------- */

static gboolean id_fits(const Word *word, const UnparkTraceSpan *span, gboolean of_trace) {
  char buffer[UNPARK_TRACE_ID_SIZE];

  if (of_trace)
    unpark_trace_id_text(&span->ids, (span->flags & UNPARK_TRACE_SHORT_ID) != 0, buffer);
  else
    g_snprintf(buffer, sizeof buffer, "%016" G_GINT64_MODIFIER "x", span->ids.span);
  return folded_fits(word, buffer);
}

static gboolean own_fits(UnparkTraceSearch *search, Word *word, Key key,
                         const UnparkTraceSpan *span) {
  const UnparkTraceResource *resource = unpark_traces_resource(search->traces, span);

  switch (key) {
  case KEY_SERVICE:
    return kept_text_fits(word, unpark_traces_text(search->traces, resource->service));
  case KEY_NAME:
    return kept_text_fits(word, unpark_traces_text(search->traces, span->name));
  case KEY_KIND:
    return text_fits(word, unpark_trace_kind_name((UnparkTraceKind)span->kind));
  case KEY_STATUS:
    return text_fits(word, unpark_trace_status_name((UnparkTraceStatus)span->status));
  case KEY_HOST:
    return kept_text_fits(word, unpark_traces_text(search->traces, resource->host));
  case KEY_MESSAGE:
    return kept_text_fits(word, unpark_traces_text(search->traces, span->message));
  case KEY_TRACE:
    return id_fits(word, span, TRUE);
  case KEY_SPAN:
    return id_fits(word, span, FALSE);
  case KEY_DURATION:
    return (word->op == OP_ABOVE || word->op == OP_BELOW) &&
           (!*word->value || number_fits(word, (double)(span->end_ns - span->start_ns)));
  case KEY_ATTRIBUTE:
  default:
    return FALSE;
  }
}

/* Those of the resource are looked at once a resource, those of the library not at all: they name
 * what recorded the span. */
static gboolean attributes_fit(UnparkTraceSearch *search, Word *word, guint number,
                               GError **error) {
  guint8 *resource = &word->resources[search->traces->spans[number].resource];
  UnparkTraceAttribute a;
  g_autoptr(GError) failure = NULL;
  gboolean own = FALSE;
  guint at = 0;

  while (!own && unpark_trace_rows_attribute(search->rows, number, &at, &a, &failure)) {
    if (a.scope == UNPARK_TRACE_OF_LIBRARY ||
        (a.scope == UNPARK_TRACE_OF_RESOURCE && *resource != UNKNOWN))
      break;
    if (!attribute_fits(word, &a))
      continue;
    if (a.scope == UNPARK_TRACE_OF_RESOURCE)
      *resource = FITS;
    else
      own = TRUE;
  }
  if (failure) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  if (!own && *resource == UNKNOWN)
    *resource = FITS_NOT;
  return own || *resource == FITS;
}

static gboolean word_fits(UnparkTraceSearch *search, Word *word, guint number, GError **error) {
  static const Key any[] = {KEY_NAME, KEY_SERVICE, KEY_MESSAGE, KEY_TRACE, KEY_SPAN};
  const UnparkTraceSpan *span = &search->traces->spans[number];

  if (word->key != KEY_ATTRIBUTE)
    return own_fits(search, word, word->key, span);
  for (guint i = 0; word->op == OP_ANY && i < G_N_ELEMENTS(any); i++)
    if (own_fits(search, word, any[i], span))
      return TRUE;
  return attributes_fit(search, word, number, error);
}

gboolean unpark_trace_search_fits(UnparkTraceSearch *search, guint span, GError **error) {
  for (guint i = 0; i < search->words->len; i++)
    if (!word_fits(search, &g_array_index(search->words, Word, i), span, error))
      return FALSE;
  return TRUE;
}
