/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/sql/pushdown.h"

#include <string.h>

/* What spans are counted by. A single file has no column `source`: then the statement is not one
 * that can be prepared, and is asked as it was. The other columns have names that no statement
 * has. */
#define FROM_TOTALS                                                                                \
  " FROM (SELECT %sstate, reason, spans AS \"~n\", total_ns AS \"~t\", least_ns AS \"~l\", "       \
  "most_ns AS \"~m\" FROM span_total)"

static const char *const kept_columns[] = {"state", "reason", "source", NULL};
static const char *const never_null[] = {"duration_ns", "start_ns", "end_ns",
                                         "goroutine",   "state",    NULL};
static const char *const other_columns[] = {"goroutine",   "start_ns", "end_ns", "duration_ns",
                                            "stack",       "proc",     "thread", "waker",
                                            "waker_stack", NULL};
static const char *const clauses[] = {"where", "group", "having", "order", "limit", NULL};
/* What means the same over the totals as over the spans. */
static const char *const words[] = {
    "where", "group", "having", "order", "limit",   "offset", "by",   "asc",
    "desc",  "nulls", "first",  "last",  "and",     "or",     "not",  "in",
    "is",    "null",  "like",   "glob",  "between", "case",   "when", "then",
    "else",  "end",   "cast",   "as",    "integer", "real",   "text", NULL};
static const char *const functions[] = {"round",  "abs",   "coalesce", "ifnull", "nullif",
                                        "upper",  "lower", "length",   "substr", "printf",
                                        "format", "iif",   "replace",  NULL};

/* What an aggregate of durations is over the totals. */
static const struct {
  const char *name, *instead;
} aggregates[] = {
    {"sum", "sum(\"~t\")"}, {"time_sum", "time_sum(\"~t\")"},
    {"min", "min(\"~l\")"}, {"total", "total(\"~t\")"},
    {"max", "max(\"~m\")"}, {"avg", "(total(\"~t\")/sum(\"~n\"))"},
};
#define COUNT_INSTEAD "ifnull(sum(\"~n\"), 0)"

typedef enum { WORD, QUOTED, NUMBER, TEXT, OPERATOR } TokenKind;

typedef struct {
  TokenKind kind;
  const char *at;
  gsize size;
} Token;

typedef struct {
  const Token *tokens;
  guint n;
  const char *alias;   /* of span; "span" if it has none. Lower case */
  GHashTable *names;   /* given to items; lower case */
  gboolean in_list;    /* no name can be used */
  gboolean aggregates; /* there are some */
  gboolean columns;    /* there are some outside of aggregates */
  gboolean by_source;
  GString *out;
} Push;

/* ---- tokens ----------------------------------------------------------------------- */

static gboolean is_word_char(char c) {
  return g_ascii_isalnum(c) || c == '_';
}

/* The end of what begins with a quotation mark, or NULL. */
static const char *quoted_end(const char *p) {
  char mark = *p;
  for (p++; *p; p++)
    if (*p == mark && *++p != mark)
      return p;
  return NULL;
}

static const char *number_end(const char *p) {
  while (g_ascii_isdigit(*p) || *p == '.')
    p++;
  if ((*p == 'e' || *p == 'E') && (g_ascii_isdigit(p[1]) || (p[1] && g_ascii_isdigit(p[2]))))
    for (p += 2; g_ascii_isdigit(*p);)
      p++;
  return is_word_char(*p) ? NULL : p;
}

/* NULL where there is something that no statement of the known shapes has: comments, parameters. */
static GArray *split(const char *p) {
  g_autoptr(GArray) tokens = g_array_new(FALSE, FALSE, sizeof(Token));
  for (;;) {
    while (g_ascii_isspace(*p))
      p++;
    if (!*p)
      return g_steal_pointer(&tokens);
    Token token = {.kind = OPERATOR, .at = p};
    if (g_ascii_isdigit(*p)) {
      token.kind = NUMBER;
      p = number_end(p);
    } else if (is_word_char(*p)) {
      token.kind = WORD;
      while (is_word_char(*p))
        p++;
    } else if (*p == '\'' || *p == '"') {
      token.kind = *p == '"' ? QUOTED : TEXT;
      p = quoted_end(p);
    } else {
      gboolean comment = (p[0] == '-' && p[1] == '-') || (p[0] == '/' && p[1] == '*');
      p = strchr("(),*+-/%<>=!|.;", *p) && !comment ? p + 1 : NULL;
    }
    if (!p)
      return NULL;
    token.size = (gsize)(p - token.at);
    g_array_append_val(tokens, token);
  }
}

static gboolean is(const Push *push, guint i, const char *text) {
  return i < push->n && push->tokens[i].kind != QUOTED && push->tokens[i].kind != TEXT &&
         strlen(text) == push->tokens[i].size &&
         g_ascii_strncasecmp(push->tokens[i].at, text, push->tokens[i].size) == 0;
}

static gboolean is_one_of(const Push *push, guint i, const char *const *list) {
  for (; *list; list++)
    if (is(push, i, *list))
      return TRUE;
  return FALSE;
}

/* Lower case, without quotation marks. */
static char *name_of(const Token *token) {
  guint marks = token->kind == QUOTED ? 1 : 0;
  return g_ascii_strdown(token->at + marks, (gssize)(token->size - 2 * marks));
}

/* ---- expressions -------------------------------------------------------------------- */

/* The column at `i`, with or without its table's name before it; the number behind it in *next. */
static guint skip_table(const Push *push, guint i) {
  return is(push, i, push->alias) && is(push, i + 1, ".") ? i + 2 : i;
}

/* "(duration_ns)" or "(end_ns - start_ns)" at `i`: the number behind it, or 0. */
static guint duration_at(const Push *push, guint i) {
  if (!is(push, i, "("))
    return 0;
  guint column = skip_table(push, i + 1);
  if (is(push, column, "duration_ns") && is(push, column + 1, ")"))
    return column + 2;
  if (!is(push, column, "end_ns") || !is(push, column + 1, "-"))
    return 0;
  column = skip_table(push, column + 2);
  return is(push, column, "start_ns") && is(push, column + 1, ")") ? column + 2 : 0;
}

/* What count() counts every span by. Likewise. */
static guint counted_at(const Push *push, guint i) {
  if (!is(push, i, "("))
    return 0;
  if (is(push, i + 1, ")"))
    return i + 2;
  guint column = skip_table(push, i + 1);
  gboolean each =
      is(push, column, "*") || is(push, column, "1") || is_one_of(push, column, never_null);
  return each && is(push, column + 1, ")") ? column + 2 : 0;
}

/* "(DISTINCT state)" at `i`, or another column that is kept: the number behind it, or 0. */
static guint distinct_at(Push *push, guint i) {
  guint column = skip_table(push, i + 2);
  if (!is(push, i, "(") || !is(push, i + 1, "distinct") || !is_one_of(push, column, kept_columns) ||
      !is(push, column + 1, ")"))
    return 0;
  g_string_append_printf(push->out, "count(DISTINCT %.*s)", (int)push->tokens[column].size,
                         push->tokens[column].at);
  push->by_source |= is(push, column, "source");
  push->aggregates = TRUE;
  return column + 2;
}

/* An aggregate at `i`: writes what it is, gives the number behind it. 0: it is none. */
static guint push_aggregate(Push *push, guint i) {
  guint end = is(push, i, "count") ? distinct_at(push, i + 1) : 0;
  if (end)
    return end;
  end = is(push, i, "count") ? counted_at(push, i + 1) : 0;
  const char *instead = end ? COUNT_INSTEAD : NULL;
  for (guint k = 0; !end && k < G_N_ELEMENTS(aggregates); k++)
    if (is(push, i, aggregates[k].name) && (end = duration_at(push, i + 1)))
      instead = aggregates[k].instead;
  if (!end)
    return 0;
  push->aggregates = TRUE;
  g_string_append(push->out, instead);
  return end;
}

static void put(Push *push, guint i) {
  g_string_append_len(push->out, push->tokens[i].at, (gssize)push->tokens[i].size);
}

static gboolean ends_term(const Push *push, guint i) {
  return i == push->n || is(push, i, ",") || is(push, i, "asc") || is(push, i, "desc") ||
         is(push, i, "nulls") || is(push, i, "limit") || is(push, i, ";");
}

/* A name given to an item. Where it is that of a column, too, only a whole term of the order is
 * sure to mean the item. */
static gboolean push_name(Push *push, guint i, gboolean in_order) {
  g_autofree char *name = name_of(&push->tokens[i]);
  if (push->in_list || !g_hash_table_contains(push->names, name))
    return FALSE;
  gboolean column = g_strv_contains(other_columns, name) || g_strv_contains(kept_columns, name);
  gboolean whole =
      in_order && (is(push, i - 1, "by") || is(push, i - 1, ",")) && ends_term(push, i + 1);
  if (column && !whole)
    return FALSE;
  put(push, i);
  return TRUE;
}

static gboolean is_operand(const Push *push, guint i) {
  return push->tokens[i].kind != OPERATOR || is(push, i, ")");
}

static gboolean push_operator(Push *push, guint i, guint first) {
  if ((is(push, i, "*") && (i == first || !is_operand(push, i - 1))) || is(push, i, ".") ||
      (is(push, i, ";") && i + 1 != push->n))
    return FALSE;
  if (!is(push, i, ";"))
    put(push, i);
  return TRUE;
}

/* A word that is no aggregate: gives the number behind it, or 0. */
static guint push_word(Push *push, guint i, gboolean in_order) {
  guint column = skip_table(push, i);
  if (is_one_of(push, column, kept_columns) && (column > i || !push_name(push, i, in_order))) {
    put(push, column);
    push->columns = TRUE;
    push->by_source |= is(push, column, "source");
    return column + 1;
  }
  if (column == i && is_one_of(push, i, kept_columns))
    return i + 1; /* was a name */
  if (is_one_of(push, i, words) || (is_one_of(push, i, functions) && is(push, i + 1, "("))) {
    put(push, i);
    return i + 1;
  }
  return push_name(push, i, in_order) ? i + 1 : 0;
}

/* The tokens [first, end). FALSE if they would mean something else, or nobody knows. */
static gboolean push_tokens(Push *push, guint first, guint end) {
  gboolean in_order = FALSE;
  for (guint i = first, next; i < end; i = next) {
    const Token *token = &push->tokens[i];
    gboolean apart = i > first && token->at > token[-1].at + token[-1].size;
    if (apart || i == first)
      g_string_append_c(push->out, ' ');
    in_order |= is(push, i, "order");
    next = i + 1;
    if (token->kind == WORD) {
      if (!(next = push_aggregate(push, i)) && !(next = push_word(push, i, in_order)))
        return FALSE;
    } else if (token->kind == QUOTED) {
      if (!push_name(push, i, in_order))
        return FALSE;
    } else if (token->kind == OPERATOR) {
      if (!push_operator(push, i, first))
        return FALSE;
    } else {
      put(push, i);
    }
  }
  return TRUE;
}

/* ---- the statement -------------------------------------------------------------------- */

/* Whether the last of [first, end) names the item; *expression: the end of what is before. */
static gboolean has_name(const Push *push, guint first, guint end, guint *expression) {
  guint last = end - 1;
  *expression = end;
  if (end - first < 2 || (push->tokens[last].kind != WORD && push->tokens[last].kind != QUOTED) ||
      is(push, last, "end"))
    return FALSE;
  gboolean as = is(push, last - 1, "as") && last - first >= 2;
  gboolean after = is(push, last - 1, ")") || is(push, last - 1, "end") ||
                   is_one_of(push, last - 1, kept_columns) ||
                   push->tokens[last - 1].kind == NUMBER || push->tokens[last - 1].kind == TEXT;
  if (as || after)
    *expression = as ? last - 1 : last;
  return as || after;
}

static gboolean push_item(Push *push, guint first, guint end) {
  guint expression;
  if (first == end)
    return FALSE;
  gboolean named = has_name(push, first, end, &expression);
  if (!push_tokens(push, first, expression))
    return FALSE;
  if (named) {
    g_hash_table_add(push->names, name_of(&push->tokens[end - 1]));
    g_string_append(push->out, " AS ");
    put(push, end - 1);
    return TRUE;
  }
  guint column = skip_table(push, first);
  if (column + 1 == end && is_one_of(push, column, kept_columns))
    return TRUE; /* has its own name */
  const Token *last = &push->tokens[end - 1];
  const char *text = push->tokens[first].at;
  g_autofree char *name = g_strndup(text, (gsize)(last->at + last->size - text));
  g_auto(GStrv) parts = g_strsplit(name, "\"", -1);
  g_autofree char *escaped = g_strjoinv("\"\"", parts);
  g_string_append_printf(push->out, " AS \"%s\"", escaped);
  return TRUE;
}

/* The items [first, from). */
static gboolean push_items(Push *push, guint first, guint from) {
  guint begin = first, depth = 0;
  push->in_list = TRUE;
  for (guint i = first; i <= from; i++) {
    depth += is(push, i, "(");
    depth -= is(push, i, ")") && depth > 0;
    if (i < from && (depth > 0 || !is(push, i, ",")))
      continue;
    if (begin > first)
      g_string_append_c(push->out, ',');
    if (!push_item(push, begin, i))
      return FALSE;
    begin = i + 1;
  }
  push->in_list = FALSE;
  return TRUE;
}

/* Behind "from span": a name for it, or nothing. Gives the number of the first clause. */
static guint push_alias(Push *push, guint i, char **alias) {
  gboolean as = is(push, i, "as");
  guint name = i + as;
  if (name < push->n && push->tokens[name].kind == WORD && !is_one_of(push, name, clauses)) {
    *alias = name_of(&push->tokens[name]);
    return name + 1;
  }
  *alias = g_strdup("span");
  return i;
}

static gboolean push_statement(Push *push, GString *list, GString *rest) {
  guint distinct = is(push, 1, "distinct") ? 1 : 0, first = 1 + distinct, from = first;
  g_autofree char *alias = NULL;
  while (from < push->n && !is(push, from, "from"))
    from++;
  if (!is(push, 0, "select") || !is(push, from + 1, "span"))
    return FALSE;
  guint clause = push_alias(push, from + 2, &alias);
  push->alias = alias;
  push->out = list;
  if (!push_items(push, first, from))
    return FALSE;
  gboolean groups = is(push, clause, "group");
  for (guint i = clause; i < push->n; i++)
    groups |= is(push, i, "group");
  /* Without groups or aggregates there is a row for every span. */
  if (!groups && !distinct && (!push->aggregates || push->columns))
    return FALSE;
  push->out = rest;
  if (clause < push->n && !is_one_of(push, clause, clauses) && !is(push, clause, ";"))
    return FALSE;
  return push_tokens(push, clause, push->n);
}

char *unpark_pushdown(const char *sql) {
  g_autoptr(GArray) tokens = split(sql);
  if (!tokens || tokens->len < 4)
    return NULL;
  g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GString) list = g_string_new(NULL);
  g_autoptr(GString) rest = g_string_new(NULL);
  Push push = {.tokens = (const Token *)tokens->data, .n = tokens->len, .names = names};
  if (!push_statement(&push, list, rest))
    return NULL;
  GString *out = g_string_new(is(&push, 1, "distinct") ? "SELECT DISTINCT" : "SELECT");
  g_string_append(out, list->str);
  g_string_append_printf(out, FROM_TOTALS, push.by_source ? "source, " : "");
  g_string_append(out, rest->str);
  return g_string_free(out, FALSE);
}
