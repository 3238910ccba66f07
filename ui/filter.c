#include "ui/filter.h"

#include <glib/gi18n.h>
#include <string.h>

#include "model/error.h"
#include "model/query.h"

typedef enum { NODE_TEXT, NODE_SPAN, NODE_SET, NODE_NOT, NODE_AND, NODE_OR } NodeType;

/* TEXT: `text`. SPAN: `text` is an SQL condition over span. SET: `text` is an SQL query of
 * goroutine ids. */
struct _UnparkFilter {
  NodeType type;
  char *text;
  UnparkFilter *left, *right;
  GHashTable *ids; /* of SPAN and SET, once run */
};

typedef struct {
  const char *start, *p;
  GError **error;
  guint depth;
} Parser;

#define MAX_DEPTH 50

void unpark_filter_free(UnparkFilter *filter) {
  if (!filter)
    return;
  unpark_filter_free(filter->left);
  unpark_filter_free(filter->right);
  g_clear_pointer(&filter->ids, g_hash_table_unref);
  g_free(filter->text);
  g_free(filter);
}

static UnparkFilter *node(NodeType type, char *text, UnparkFilter *left, UnparkFilter *right) {
  UnparkFilter *n = g_new0(UnparkFilter, 1);
  n->type = type;
  n->text = text;
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
  if (p->error && !*p->error)
    g_set_error(p->error, UNPARK_ERROR, UNPARK_ERROR_SQL, _("Filter, character %d: %s"),
                (int)g_utf8_pointer_to_offset(p->start, p->p) + 1, what);
  return NULL;
}

/* A word: up to a space or parenthesis; "quoted text" may hold both. Free with g_free(). */
static char *word(Parser *p) {
  GString *out = g_string_new(NULL);
  gboolean quoted = FALSE;
  int parentheses = 0;
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
    g_string_append_c(out, c);
  }
  return g_string_free(out, FALSE);
}

static gboolean peek_word(Parser *p, const char *wanted) {
  gsize n = strlen(wanted);
  skip_space(p);
  return g_ascii_strncasecmp(p->p, wanted, n) == 0 &&
         (p->p[n] == 0 || g_ascii_isspace(p->p[n]) || p->p[n] == '(');
}

/* 'text' with quotes doubled; for LIKE with wildcards escaped and put around. */
static char *sql_like(const char *text) {
  GString *out = g_string_new("'%");
  for (; *text; text++) {
    if (*text == '\'')
      g_string_append_c(out, '\'');
    else if (*text == '%' || *text == '_' || *text == '\\')
      g_string_append_c(out, '\\');
    g_string_append_c(out, *text);
  }
  g_string_append(out, "%' ESCAPE '\\'");
  return g_string_free(out, FALSE);
}

static gboolean parse_duration(const char *text, gint64 *ns) {
  static const struct {
    const char *unit;
    double size;
  } units[] = {{"ns", 1}, {"us", 1e3}, {"µs", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"min", 60e9}};
  char *end;
  double value = g_ascii_strtod(text, &end);
  if (end == text || value < 0)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS(units); i++)
    if (g_str_equal(end, units[i].unit) && value * units[i].size < 9e18) {
      *ns = (gint64)(value * units[i].size);
      return TRUE;
    }
  return FALSE;
}

static UnparkFilter *parse_dur(Parser *p, const char *text) {
  gint64 ns;
  char op = text[3];
  const char *value = text + 4;
  gboolean equal = *value == '=';
  if (!parse_duration(value + equal, &ns))
    return fail(p, _("a duration is written like dur>5ms (ns, us, ms, s, min)"));
  return node(NODE_SPAN,
              g_strdup_printf("duration_ns %c%s %" G_GINT64_FORMAT, op, equal ? "=" : "", ns), NULL,
              NULL);
}

static UnparkFilter *parse_key(Parser *p, const char *key, const char *value) {
  g_autofree char *like = sql_like(value);
  char *end;
  if (*value == 0)
    return fail(p, _("something is missing after the colon"));
  if (g_str_equal(key, "state")) {
    for (guint s = 0; s < UNPARK_N_STATES; s++)
      if (g_ascii_strcasecmp(value, unpark_state_name((UnparkState)s)) == 0)
        return node(NODE_SPAN, g_strdup_printf("state = '%s'", unpark_state_name((UnparkState)s)),
                    NULL, NULL);
    return fail(p, _("a state is running, runnable, waiting or syscall"));
  }
  if (g_str_equal(key, "reason"))
    return node(NODE_SPAN, g_strdup_printf("reason LIKE %s", like), NULL, NULL);
  if (g_str_equal(key, "fn"))
    return node(
        NODE_SPAN,
        g_strdup_printf("stack IN (SELECT stack FROM stack_frame WHERE function LIKE %s)", like),
        NULL, NULL);
  if (g_str_equal(key, "task"))
    return node(NODE_SET,
                g_strdup_printf("SELECT goroutine FROM task WHERE name LIKE %s UNION "
                                "SELECT goroutine FROM region WHERE task IN "
                                "(SELECT id FROM task WHERE name LIKE %s)",
                                like, like),
                NULL, NULL);
  if (g_str_equal(key, "woken-by")) {
    gint64 id = g_ascii_strtoll(value + (*value == 'G' || *value == 'g'), &end, 10);
    if (*end)
      return fail(p, _("woken-by takes the number of a goroutine"));
    return node(NODE_SPAN, g_strdup_printf("waker = %" G_GINT64_FORMAT, id), NULL, NULL);
  }
  return NULL;
}

static UnparkFilter *parse_or(Parser *p);

static UnparkFilter *parse_primary(Parser *p) {
  static const char *const keys[] = {"state", "reason", "fn", "task", "woken-by"};
  skip_space(p);
  if (*p->p == '(' && p->p[1] != '*') {
    p->p++;
    UnparkFilter *inner = parse_or(p);
    skip_space(p);
    if (inner && *p->p != ')') {
      unpark_filter_free(inner);
      return fail(p, _("a closing parenthesis is missing"));
    }
    p->p += inner != NULL;
    return inner;
  }
  g_autofree char *text = word(p);
  if (*text == 0)
    return fail(p, _("something to look for is missing"));
  if (g_ascii_strcasecmp(text, "G") == 0 && p->p[0] == ' ' && g_ascii_isdigit(p->p[1])) {
    p->p++;
    g_autofree char *number = word(p);
    return node(NODE_TEXT, g_strconcat("G ", number, NULL), NULL, NULL);
  }
  if (g_str_has_prefix(text, "dur") && (text[3] == '>' || text[3] == '<'))
    return parse_dur(p, text);
  for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
    gsize n = strlen(keys[i]);
    if (g_ascii_strncasecmp(text, keys[i], n) == 0 && text[n] == ':')
      return parse_key(p, keys[i], text + n + 1);
  }
  return node(NODE_TEXT, g_steal_pointer(&text), NULL, NULL);
}

static UnparkFilter *parse_not(Parser *p) {
  if (!peek_word(p, "not"))
    return parse_primary(p);
  if (++p->depth > MAX_DEPTH)
    return fail(p, _("too deep"));
  p->p += 3;
  UnparkFilter *inner = parse_not(p);
  p->depth--;
  return inner ? node(NODE_NOT, NULL, inner, NULL) : NULL;
}

/* Two conditions about spans become one about the same span. */
static UnparkFilter *join_and(UnparkFilter *left, UnparkFilter *right) {
  if (left->type == NODE_SPAN && right->type == NODE_SPAN) {
    UnparkFilter *both =
        node(NODE_SPAN, g_strdup_printf("%s AND %s", left->text, right->text), NULL, NULL);
    unpark_filter_free(left);
    unpark_filter_free(right);
    return both;
  }
  if (left->type == NODE_AND && right->type == NODE_SPAN && left->right->type == NODE_SPAN) {
    left->right = join_and(left->right, right);
    return left;
  }
  return node(NODE_AND, NULL, left, right);
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
    return fail(p, _("too deep"));
  UnparkFilter *left = parse_and(p);
  while (left && peek_word(p, "or")) {
    p->p += 2;
    UnparkFilter *right = parse_and(p);
    if (!right) {
      unpark_filter_free(left);
      return NULL;
    }
    left = node(NODE_OR, NULL, left, right);
  }
  p->depth--;
  return left;
}

UnparkFilter *unpark_filter_parse(const char *text, GError **error) {
  g_autoptr(GError) failure = NULL;
  Parser p = {text, text, &failure, 0};
  UnparkFilter *filter = parse_or(&p);
  if (filter && *p.p) {
    unpark_filter_free(filter);
    filter = fail(&p, _("there is no parenthesis to close"));
  }
  if (!filter)
    g_propagate_error(error, g_steal_pointer(&failure));
  return filter;
}

static void describe(const UnparkFilter *f, GString *out) {
  static const char *const names[] = {"text", "span", "set", "not", "and", "or"};
  g_string_append_printf(out, "(%s", names[f->type]);
  if (f->text)
    g_string_append_printf(out, " %s", f->text);
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

/* ---- Running ---------------------------------------------------------------------- */

static gboolean take_id(const UnparkValue *values, guint n, gpointer data) {
  if (n > 0 && values[0].type == UNPARK_VALUE_INT)
    g_hash_table_add(data, g_memdup2(&values[0].integer, sizeof(gint64)));
  return TRUE;
}

static gboolean prepare(UnparkFilter *f, UnparkStore *store, GCancellable *cancellable,
                        GError **error) {
  if (f->type == NODE_SPAN || f->type == NODE_SET) {
    const UnparkQuery query = {.row = take_id};
    g_autofree char *sql =
        f->type == NODE_SET
            ? g_strdup(f->text)
            : g_strdup_printf("SELECT DISTINCT goroutine FROM span WHERE %s", f->text);
    f->ids = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    return unpark_store_query(store, sql, &query, f->ids, NULL, cancellable, error);
  }
  return (!f->left || prepare(f->left, store, cancellable, error)) &&
         (!f->right || prepare(f->right, store, cancellable, error));
}

typedef struct {
  const UnparkGoroutine *goroutine;
  const char *name; /* folded */
} Candidate;

static gboolean text_passes(const char *text, const Candidate *c) {
  const char *digits = text + (g_ascii_toupper(*text) == 'G' ? 1 : 0);
  char *end;
  gint64 id = g_ascii_strtoll(digits, &end, 10);
  if (end != digits && *end == 0 && id == c->goroutine->id)
    return TRUE;
  g_autofree char *folded = g_utf8_casefold(text, -1);
  return strstr(c->name, folded) != NULL;
}

static gboolean passes(const UnparkFilter *f, const Candidate *c) {
  switch (f->type) {
  case NODE_TEXT:
    return text_passes(f->text, c);
  case NODE_SPAN:
  case NODE_SET:
    return g_hash_table_contains(f->ids, &c->goroutine->id);
  case NODE_NOT:
    return !passes(f->left, c);
  case NODE_AND:
    return passes(f->left, c) && passes(f->right, c);
  case NODE_OR:
    return passes(f->left, c) || passes(f->right, c);
  default:
    g_assert_not_reached();
  }
}

GHashTable *unpark_filter_run(UnparkStore *store, const char *text, GCancellable *cancellable,
                              GError **error) {
  guint n;
  g_autoptr(UnparkFilter) filter = unpark_filter_parse(text, error);
  if (!filter || !prepare(filter, store, cancellable, error))
    return NULL;
  g_autoptr(GError) failure = NULL;
  const UnparkGoroutine *all = unpark_store_goroutines(store, &n, &failure);
  if (failure) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
  }
  g_autoptr(GHashTable) names = g_hash_table_new_full(NULL, NULL, NULL, g_free);
  GHashTable *ids = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  for (guint i = 0; i < n; i++) {
    gpointer key = GUINT_TO_POINTER(all[i].name_id);
    char *name = g_hash_table_lookup(names, key);
    if (!name) {
      name = g_utf8_casefold(unpark_store_string(store, all[i].name_id), -1);
      g_hash_table_insert(names, key, name);
    }
    Candidate c = {&all[i], name};
    if (passes(filter, &c))
      g_hash_table_add(ids, g_memdup2(&all[i].id, sizeof(gint64)));
  }
  return ids;
}
