/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "model/base/duration.h"
#include "model/base/error.h"
#include "model/filter/private.h"

typedef struct {
  const char *start, *p;
  const char *word; /* where what is understood now begins; NULL: at p */
  GError **error;
  int position; /* of the error */
  guint depth;
} Parser;

#define MAX_DEPTH 50

static void ask_free(UnparkSpanAsk *ask) {
  g_ptr_array_unref(ask->reasons);
  g_ptr_array_unref(ask->functions);
  g_array_unref(ask->wakers);
  g_free(ask);
}

void unpark_filter_free(UnparkFilter *filter) {
  if (!filter)
    return;
  g_clear_pointer(&filter->span, ask_free);
  unpark_filter_free(filter->left);
  unpark_filter_free(filter->right);
  g_clear_pointer(&filter->ids, g_hash_table_unref);
  g_free(filter->text);
  g_free(filter->folded);
  g_free(filter);
}

/* "41", "G41", "G 41"; UNPARK_NONE for any other text. */
static gint64 number_of(const char *text) {
  const char *digits = text + (g_ascii_toupper(*text) == 'G' ? 1 : 0);
  char *end;
  gint64 number = g_ascii_strtoll(digits, &end, 10);
  return end != digits && *end == 0 ? number : UNPARK_NONE;
}

static UnparkFilter *node(UnparkNodeType type, char *text, UnparkFilter *left,
                          UnparkFilter *right) {
  UnparkFilter *n = g_new0(UnparkFilter, 1);
  n->type = type;
  n->text = text;
  n->folded = text ? g_utf8_casefold(text, -1) : NULL;
  n->number = text ? number_of(text) : UNPARK_NONE;
  n->left = left;
  n->right = right;
  return n;
}

/* ---- Parsing ---------------------------------------------------------------------- */

static void skip_space(Parser *p) {
  while (g_ascii_isspace(*p->p))
    p->p++;
}

static UnparkFilter *fail(Parser *p, const char *what) {
  if (p->error && !*p->error) {
    p->position = (int)g_utf8_pointer_to_offset(p->start, p->word ? p->word : p->p);
    g_set_error(p->error, UNPARK_ERROR, UNPARK_ERROR_SQL, _("Filter, character %d: %s"),
                p->position + 1, what);
  }
  return NULL;
}

/* A word: up to a space or parenthesis; "quoted text" may hold both. *key (may be NULL) is how many
 * bytes of it are before the first sign outside of quotation marks that ends a key (: < > or =);
 * -1: there is none. Free with g_free(). */
static char *word(Parser *p, int *key) {
  GString *out = g_string_new(NULL);
  gboolean quoted = FALSE;
  int parentheses = 0, ends = -1;
  for (; *p->p; p->p++) {
    char c = *p->p;
    if (c == '"') {
      quoted = !quoted;
      continue;
    }
    if (!quoted && g_ascii_isspace(c))
      break;
    /* A receiver, "(*Server).handle", is part of a name. */
    if (!quoted && c == '(' && p->p[1] == '*')
      parentheses++;
    else if (!quoted && c == ')' && parentheses > 0)
      parentheses--;
    else if (!quoted && (c == '(' || c == ')'))
      break;
    if (!quoted && ends < 0 && strchr(":<>=", c))
      ends = (int)out->len;
    g_string_append_c(out, c);
  }
  if (key)
    *key = ends;
  return g_string_free(out, FALSE);
}

static gboolean peek_word(Parser *p, const char *wanted) {
  gsize n = strlen(wanted);
  skip_space(p);
  return g_ascii_strncasecmp(p->p, wanted, n) == 0 &&
         (p->p[n] == 0 || g_ascii_isspace(p->p[n]) || p->p[n] == '(');
}

/* A node that asks nothing of its span yet. */
static UnparkFilter *span_node(void) {
  UnparkFilter *n = node(UNPARK_NODE_SPAN, NULL, NULL, NULL);
  n->span = g_new0(UnparkSpanAsk, 1);
  n->span->states = (1u << UNPARK_N_STATES) - 1;
  n->span->reasons = g_ptr_array_new_with_free_func(g_free);
  n->span->functions = g_ptr_array_new_with_free_func(g_free);
  n->span->wakers = g_array_new(FALSE, FALSE, sizeof(gint64));
  n->span->max_ns = G_MAXINT64;
  return n;
}

static UnparkFilter *fail_dur(Parser *p) {
  return fail(p, _("expected a duration such as dur>5ms (ns, us, ms, s, m, h)"));
}

static UnparkFilter *parse_dur(Parser *p, const char *text) {
  gint64 ns;
  char op = text[3];
  const char *value = text + 4;
  gboolean equal = *value == '=';
  if (!unpark_duration_parse(value + equal, UNPARK_BARE_REFUSED, &ns))
    return fail_dur(p);
  UnparkFilter *n = span_node();
  if (op == '>')
    n->span->min_ns = ns + !equal;
  else
    n->span->max_ns = ns - !equal;
  return n;
}

static UnparkFilter *parse_state(Parser *p, const char *value) {
  for (guint s = 0; s < UNPARK_N_STATES; s++)
    if (g_ascii_strcasecmp(value, unpark_state_name((UnparkState)s)) == 0) {
      UnparkFilter *n = span_node();
      n->span->states = 1u << s;
      return n;
    }
  return fail(p, _("unknown state; expected running, runnable, waiting or syscall"));
}

static UnparkFilter *parse_waker(Parser *p, const char *value) {
  char *end;
  const char *digits = value + (*value == 'G' || *value == 'g');
  gint64 id = g_ascii_strtoll(digits, &end, 10);
  if (*end || end == digits)
    return fail(p, _("expected a goroutine number after woken-by:"));
  UnparkFilter *n = span_node();
  g_array_append_val(n->span->wakers, id);
  return n;
}

static UnparkFilter *parse_key(Parser *p, const char *key, const char *value) {
  if (*value == 0)
    return fail(p, _("expected a value after the colon"));
  if (g_str_equal(key, "state"))
    return parse_state(p, value);
  if (g_str_equal(key, "woken-by"))
    return parse_waker(p, value);
  if (g_str_equal(key, "task"))
    return node(UNPARK_NODE_TASK, g_strdup(value), NULL, NULL);
  if (g_str_equal(key, "label"))
    return node(UNPARK_NODE_LABEL, g_strdup(value), NULL, NULL);
  if (g_str_equal(key, "range"))
    return node(UNPARK_NODE_RANGE, g_strdup(value), NULL, NULL);
  UnparkFilter *n = span_node();
  g_ptr_array_add(g_str_equal(key, "fn") ? n->span->functions : n->span->reasons, g_strdup(value));
  return n;
}

static UnparkFilter *parse_or(Parser *p);

/* A word with : < > or = after `length` bytes. */
static UnparkFilter *parse_condition(Parser *p, const char *text, int length) {
  static const char *const keys[] = {"state", "reason", "fn", "task", "label", "range", "woken-by"};
  g_autofree char *key = g_ascii_strdown(text, length);
  char sign = text[length];
  if (length == 0 || g_str_equal(key, "dur"))
    return length > 0 && (sign == '<' || sign == '>') ? parse_dur(p, text) : fail_dur(p);
  for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
    if (g_str_equal(key, keys[i]))
      return sign == ':' ? parse_key(p, keys[i], text + length + 1)
                         : fail(p, _("expected a condition such as state:waiting"));
  g_autofree char *message = g_strdup_printf(
      _("“%.*s” is not one of the keys state:, reason:, fn:, dur>, dur<, woken-by:, task:, label: "
        "and range:; text with : < > or = in it is written in quotation marks"),
      length, text);
  return fail(p, message);
}

static UnparkFilter *parse_primary(Parser *p) {
  int key;
  skip_space(p);
  p->word = NULL;
  if (*p->p == '(' && p->p[1] != '*') {
    p->p++;
    UnparkFilter *inner = parse_or(p);
    skip_space(p);
    if (inner && *p->p != ')') {
      unpark_filter_free(inner);
      p->word = NULL;
      return fail(p, _("missing closing parenthesis"));
    }
    p->p += inner != NULL;
    return inner;
  }
  const char *began = p->p;
  g_autofree char *text = word(p, &key);
  p->word = began;
  if (*text == 0)
    return fail(p, _("expected something to search for"));
  if (g_ascii_strcasecmp(text, "G") == 0 && p->p[0] == ' ' && g_ascii_isdigit(p->p[1])) {
    p->p++;
    g_autofree char *number = word(p, NULL);
    return node(UNPARK_NODE_TEXT, g_strconcat("G ", number, NULL), NULL, NULL);
  }
  if (key >= 0)
    return parse_condition(p, text, key);
  return node(UNPARK_NODE_TEXT, g_steal_pointer(&text), NULL, NULL);
}

static UnparkFilter *parse_not(Parser *p) {
  if (!peek_word(p, "not"))
    return parse_primary(p);
  if (++p->depth > MAX_DEPTH)
    return fail(p, _("nested too deeply"));
  p->p += 3;
  UnparkFilter *inner = parse_not(p);
  p->depth--;
  return inner ? node(UNPARK_NODE_NOT, NULL, inner, NULL) : NULL;
}

static void take_texts(GPtrArray *to, GPtrArray *from) {
  for (guint i = 0; i < from->len; i++)
    g_ptr_array_add(to, g_strdup(from->pdata[i]));
}

/* Two conditions about spans become one about the same span. */
static UnparkFilter *join_and(UnparkFilter *left, UnparkFilter *right) {
  if (left->type == UNPARK_NODE_SPAN && right->type == UNPARK_NODE_SPAN) {
    UnparkSpanAsk *a = left->span, *b = right->span;
    a->states &= b->states;
    a->min_ns = MAX(a->min_ns, b->min_ns);
    a->max_ns = MIN(a->max_ns, b->max_ns);
    take_texts(a->reasons, b->reasons);
    take_texts(a->functions, b->functions);
    g_array_append_vals(a->wakers, b->wakers->data, b->wakers->len);
    unpark_filter_free(right);
    return left;
  }
  if (left->type == UNPARK_NODE_AND && right->type == UNPARK_NODE_SPAN &&
      left->right->type == UNPARK_NODE_SPAN) {
    left->right = join_and(left->right, right);
    return left;
  }
  return node(UNPARK_NODE_AND, NULL, left, right);
}

static UnparkFilter *parse_and(Parser *p) {
  UnparkFilter *left = parse_not(p);
  while (left) {
    skip_space(p);
    if (*p->p == 0 || *p->p == ')' || peek_word(p, "or"))
      return left;
    if (peek_word(p, "and"))
      p->p += 3;
    UnparkFilter *right = parse_not(p);
    if (!right) {
      unpark_filter_free(left);
      return NULL;
    }
    left = join_and(left, right);
  }
  return NULL;
}

static UnparkFilter *parse_or(Parser *p) {
  if (++p->depth > MAX_DEPTH)
    return fail(p, _("nested too deeply"));
  UnparkFilter *left = parse_and(p);
  while (left && peek_word(p, "or")) {
    p->p += 2;
    UnparkFilter *right = parse_and(p);
    if (!right) {
      unpark_filter_free(left);
      return NULL;
    }
    left = node(UNPARK_NODE_OR, NULL, left, right);
  }
  p->depth--;
  return left;
}

UnparkFilter *unpark_filter_parse(const char *text, int *position, GError **error) {
  g_autoptr(GError) failure = NULL;
  Parser p = {.start = text, .p = text, .error = &failure};
  UnparkFilter *filter = parse_or(&p);
  if (filter && *p.p) {
    unpark_filter_free(filter);
    p.word = NULL;
    filter = fail(&p, _("unmatched closing parenthesis"));
  }
  if (position)
    *position = p.position;
  if (!filter)
    g_propagate_error(error, g_steal_pointer(&failure));
  return filter;
}

char *unpark_filter_of_function(const char *function) {
  /* A quotation mark cannot be quoted; what comes before it says enough. */
  g_autofree char *name = g_strndup(function, strcspn(function, "\""));
  for (char *c = strchr(name, '('); c; c = strchr(c + 1, '('))
    if (c[1] != '*')
      return g_strdup_printf("fn:\"%s\"", name);
  return strchr(name, ' ') ? g_strdup_printf("fn:\"%s\"", name) : g_strdup_printf("fn:%s", name);
}

char *unpark_filter_of_word(const char *key, const char *word) {
  int length = (int)strcspn(word, "\"");
  return length > 0 ? g_strdup_printf("%s\"%.*s\"", key, length, word) : NULL;
}

static void describe_span(const UnparkSpanAsk *ask, GString *out) {
  if (ask->states != (1u << UNPARK_N_STATES) - 1)
    for (guint s = 0; s < UNPARK_N_STATES; s++)
      if (ask->states & 1u << s)
        g_string_append_printf(out, " state=%s", unpark_state_name((UnparkState)s));
  for (guint i = 0; i < ask->reasons->len; i++)
    g_string_append_printf(out, " reason=%s", (char *)ask->reasons->pdata[i]);
  for (guint i = 0; i < ask->functions->len; i++)
    g_string_append_printf(out, " fn=%s", (char *)ask->functions->pdata[i]);
  if (ask->min_ns > 0)
    g_string_append_printf(out, " dur>=%" G_GINT64_FORMAT, ask->min_ns);
  if (ask->max_ns < G_MAXINT64)
    g_string_append_printf(out, " dur<=%" G_GINT64_FORMAT, ask->max_ns);
  for (guint i = 0; i < ask->wakers->len; i++)
    g_string_append_printf(out, " waker=%" G_GINT64_FORMAT, g_array_index(ask->wakers, gint64, i));
}

static void describe(const UnparkFilter *f, GString *out) {
  static const char *const names[] = {"text", "span", "task", "label", "range", "not", "and", "or"};
  g_string_append_printf(out, "(%s", names[f->type]);
  if (f->text)
    g_string_append_printf(out, " %s", f->text);
  if (f->span)
    describe_span(f->span, out);
  if (f->left) {
    g_string_append_c(out, ' ');
    describe(f->left, out);
  }
  if (f->right) {
    g_string_append_c(out, ' ');
    describe(f->right, out);
  }
  g_string_append_c(out, ')');
}

char *unpark_filter_describe(const UnparkFilter *filter) {
  GString *out = g_string_new(NULL);
  describe(filter, out);
  return g_string_free(out, FALSE);
}
