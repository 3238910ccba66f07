/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/sql/completion.h"

#include <string.h>

#include "model/sql/schema.h"
#include "ui/sql/tokens.h"
#include "ui/sql/words.h"

#define MAX_PROPOSALS 60

/* A table that the query reads, with the name that it has there. */
typedef struct {
  const UnparkSqlTableInfo *table; /* NULL: a table of WITH */
  char *alias;
} Source;

typedef struct {
  const char *text;
  UnparkSourceKind kind;
  GArray *tokens;   /* of the statement with the cursor, without comments */
  GArray *sources;  /* Source */
  GPtrArray *names; /* that the query gives: char * */
  char *word;       /* what is begun */
  gboolean asked;
  GPtrArray *found;
} Completion;

static UnparkSqlToken *token(Completion *c, guint i) {
  return i < c->tokens->len ? &g_array_index(c->tokens, UnparkSqlToken, i) : NULL;
}

static gboolean is(Completion *c, guint i, const char *word) {
  const UnparkSqlToken *t = token(c, i);
  return t && unpark_sql_token_is(c->text, t, word);
}

static gboolean is_keyword(const char *name) {
  const char *const *words = unpark_sql_keywords();
  gsize size = strlen(name);
  for (guint i = 0; words[i]; i++)
    if (g_ascii_strncasecmp(words[i], name, size) == 0 &&
        (words[i][size] == '\0' || words[i][size] == ' '))
      return TRUE;
  return FALSE;
}

static const UnparkSqlTableInfo *find_table(const Completion *c, const char *name) {
  guint n;
  const UnparkSqlTableInfo *tables = unpark_sql_tables(&n);
  for (guint i = 0; i < n; i++)
    if (unpark_sql_table_is_of(&tables[i], c->kind) &&
        g_ascii_strcasecmp(tables[i].name, name) == 0)
      return &tables[i];
  return NULL;
}

/* ---- What the query says ------------------------------------------------------------------ */

static void source_clear(gpointer source) {
  g_free(((Source *)source)->alias);
}

static void take_names(Completion *c, guint i) {
  const UnparkSqlToken *t = token(c, i);
  gboolean after_as = i > 0 && is(c, i - 1, "AS");
  gboolean of_with = is(c, i + 1, "AS") && is(c, i + 2, "(") && i > 0 &&
                     (is(c, i - 1, "WITH") || is(c, i - 1, "RECURSIVE") || is(c, i - 1, ","));
  g_autofree char *name = after_as || of_with ? unpark_sql_token_name(c->text, t) : NULL;
  if (name && !g_ptr_array_find_with_equal_func(c->names, name, g_str_equal, NULL))
    g_ptr_array_add(c->names, g_steal_pointer(&name));
}

/* The table at token i, if it is one; the last token that belongs to it. */
static guint take_source(Completion *c, guint i) {
  Source source = {0};
  g_autofree char *name = token(c, i) ? unpark_sql_token_name(c->text, token(c, i)) : NULL;
  if (!name)
    return i;
  source.table = find_table(c, name);
  guint next = is(c, i + 1, "AS") ? i + 2 : i + 1;
  source.alias = token(c, next) ? unpark_sql_token_name(c->text, token(c, next)) : NULL;
  if (!source.alias || is_keyword(source.alias)) {
    g_free(source.alias);
    source.alias = g_steal_pointer(&name);
    next = i;
  }
  g_array_append_val(c->sources, source);
  return next;
}

static void read_query(Completion *c) {
  for (guint i = 0; i < c->tokens->len; i++) {
    take_names(c, i);
    if (!is(c, i, "FROM") && !is(c, i, "JOIN"))
      continue;
    i = take_source(c, i + 1);
    while (is(c, i + 1, ","))
      i = take_source(c, i + 2);
  }
}

/* The tokens of the statement around the cursor; comments say nothing. */
static GArray *statement(const char *text, gsize cursor) {
  GArray *tokens = unpark_sql_tokens(text, strlen(text));
  for (guint i = 0; i < tokens->len;) {
    const UnparkSqlToken *t = &g_array_index(tokens, UnparkSqlToken, i);
    if (t->type == UNPARK_SQL_TOKEN_COMMENT) {
      g_array_remove_index(tokens, i);
    } else if (!unpark_sql_token_is(text, t, ";")) {
      i++;
    } else if (t->to <= cursor) {
      g_array_remove_range(tokens, 0, i + 1);
      i = 0;
    } else {
      g_array_set_size(tokens, i);
    }
  }
  return tokens;
}

/* ---- Proposals ---------------------------------------------------------------------------- */

static void proposal_free(gpointer data) {
  UnparkSqlProposal *proposal = data;
  g_free(proposal->text);
  g_free(proposal);
}

static gboolean contains(const char *text, const char *part) {
  gsize size = strlen(part);
  for (; *text; text++)
    if (g_ascii_strncasecmp(text, part, size) == 0)
      return TRUE;
  return FALSE;
}

/* Takes `text`. `rank`: of its kind, here; what begins with the word comes before what holds it. */
static void propose(Completion *c, char *text, const char *detail, UnparkSqlProposalKind kind,
                    guint rank) {
  gboolean begins = g_ascii_strncasecmp(text, c->word, strlen(c->word)) == 0;
  gboolean inside = !begins && kind != UNPARK_SQL_KEYWORD && kind != UNPARK_SQL_FUNCTION &&
                    strlen(c->word) > 1 && contains(text, c->word);
  for (guint i = 0; i < c->found->len; i++) {
    const UnparkSqlProposal *other = g_ptr_array_index(c->found, i);
    if (other->kind == kind && g_str_equal(other->text, text))
      begins = inside = FALSE;
  }
  if ((!begins && !inside) || g_ascii_strcasecmp(text, c->word) == 0) {
    g_free(text);
    return;
  }
  UnparkSqlProposal *proposal = g_new(UnparkSqlProposal, 1);
  *proposal = (UnparkSqlProposal){text, detail, kind, (begins ? 0 : 100) + rank};
  g_ptr_array_add(c->found, proposal);
}

/* The one name of the tables that SQLite takes for a keyword. */
static char *column_text(const char *name) {
  return g_str_equal(name, "limit") ? g_strdup("\"limit\"") : g_strdup(name);
}

static void propose_columns(Completion *c, const UnparkSqlTableInfo *table, const char *detail,
                            guint rank) {
  for (guint i = 0; table && table->columns[i]; i++)
    propose(c, column_text(table->columns[i]), detail, UNPARK_SQL_COLUMN, rank);
}

static void propose_tables(Completion *c, guint rank) {
  guint n;
  const UnparkSqlTableInfo *tables = unpark_sql_tables(&n);
  for (guint i = 0; i < n; i++)
    if (unpark_sql_table_is_of(&tables[i], c->kind))
      propose(c, g_strdup(tables[i].name), NULL, UNPARK_SQL_TABLE, rank);
}

static void propose_names(Completion *c, guint rank) {
  for (guint i = 0; i < c->names->len; i++)
    propose(c, g_strdup(g_ptr_array_index(c->names, i)), NULL, UNPARK_SQL_NAME, rank);
}

static void propose_words(Completion *c, const char *const *words, UnparkSqlProposalKind kind,
                          guint rank) {
  /* In the case in which the user writes. */
  gboolean lower = g_ascii_islower(c->word[0]);
  for (guint i = 0; words[i]; i++)
    propose(c, lower ? g_ascii_strdown(words[i], -1) : g_strdup(words[i]), NULL, kind, rank);
}

/* Behind "s.": what the table of that name has. */
static void propose_behind_dot(Completion *c, const UnparkSqlToken *before) {
  g_autofree char *name = unpark_sql_token_name(c->text, before);
  for (guint i = 0; name && i < c->sources->len; i++) {
    const Source *source = &g_array_index(c->sources, Source, i);
    if (g_ascii_strcasecmp(source->alias, name) == 0 && source->table)
      propose_columns(c, source->table, source->table->name, 0);
  }
  if (name && c->found->len == 0)
    propose_columns(c, find_table(c, name), NULL, 0);
}

static void propose_anything(Completion *c) {
  guint n;
  const UnparkSqlTableInfo *tables = unpark_sql_tables(&n);
  for (guint i = 0; i < c->sources->len; i++) {
    const UnparkSqlTableInfo *table = g_array_index(c->sources, Source, i).table;
    propose_columns(c, table, table ? table->name : NULL, 0);
  }
  propose_names(c, 1);
  propose_words(c, unpark_sql_keywords(), UNPARK_SQL_KEYWORD, 2);
  propose_words(c, unpark_sql_functions(), UNPARK_SQL_FUNCTION, 3);
  propose_tables(c, 4);
  /* SELECT comes before FROM: columns of any table, as long as there is none. */
  for (guint i = 0; c->sources->len == 0 && i < n; i++)
    if (unpark_sql_table_is_of(&tables[i], c->kind))
      propose_columns(c, &tables[i], NULL, 5);
}

/* ---- Places ------------------------------------------------------------------------------- */

/* Within quotes that follow a column, "=", "IN (" and other values: the values of that column. */
static void propose_values(Completion *c, GArray *before) {
  static const char *const between[] = {"=", "(", ",", "<", ">", "!", "IN", "NOT", "IS", "LIKE"};
  for (guint i = before->len; i-- > 0;) {
    const UnparkSqlToken *t = &g_array_index(before, UnparkSqlToken, i);
    gboolean skip = t->type == UNPARK_SQL_TOKEN_STRING;
    for (guint k = 0; k < G_N_ELEMENTS(between); k++)
      skip = skip || unpark_sql_token_is(c->text, t, between[k]);
    if (skip)
      continue;
    g_autofree char *name = unpark_sql_token_name(c->text, t);
    const char *value;
    for (guint k = 0; name && (value = unpark_sql_value(name, k)); k++)
      propose(c, g_strdup(value), NULL, UNPARK_SQL_VALUE, k);
    return;
  }
}

static gboolean wants_table(Completion *c, GArray *before) {
  for (guint i = before->len; i-- > 0;) {
    const UnparkSqlToken *t = &g_array_index(before, UnparkSqlToken, i);
    if (unpark_sql_token_is(c->text, t, "FROM") || unpark_sql_token_is(c->text, t, "JOIN"))
      return i + 1 == before->len ||
             unpark_sql_token_is(c->text, &g_array_index(before, UnparkSqlToken, before->len - 1),
                                 ",");
    g_autofree char *name = unpark_sql_token_name(c->text, t);
    if ((name && is_keyword(name)) || unpark_sql_token_is(c->text, t, "(") ||
        unpark_sql_token_is(c->text, t, ")"))
      return FALSE;
  }
  return FALSE;
}

static const UnparkSqlToken *last(GArray *tokens, guint back) {
  return tokens->len > back ? &g_array_index(tokens, UnparkSqlToken, tokens->len - 1 - back) : NULL;
}

/* `before`: the tokens before the word. */
static void propose_at(Completion *c, GArray *before, gboolean in_string) {
  const UnparkSqlToken *t = last(before, 0);
  if (in_string) {
    if (c->kind == UNPARK_SOURCE_TRACE)
      propose_values(c, before);
  } else if (t && last(before, 1) && unpark_sql_token_is(c->text, t, ".")) {
    propose_behind_dot(c, last(before, 1));
  } else if (wants_table(c, before)) {
    propose_names(c, 0);
    propose_tables(c, 1);
  } else if (*c->word || c->asked) {
    propose_anything(c);
  }
}

static int by_rank(gconstpointer a, gconstpointer b) {
  const UnparkSqlProposal *p = *(UnparkSqlProposal *const *)a, *q = *(UnparkSqlProposal *const *)b;
  return (p->rank > q->rank) - (p->rank < q->rank);
}

GPtrArray *unpark_sql_complete(const char *text, gsize cursor, UnparkSourceKind kind,
                               gboolean asked, gsize *from) {
  g_autoptr(GArray) before = unpark_sql_tokens(text, cursor);
  Completion c = {.text = text, .kind = kind, .asked = asked};
  const UnparkSqlToken *t = last(before, 0);
  gboolean in_string = t && t->open && t->type == UNPARK_SQL_TOKEN_STRING;
  gboolean nowhere = t && t->open && !in_string;
  gboolean number = t && t->to == cursor && g_ascii_isdigit(text[t->from]);
  c.found = g_ptr_array_new_with_free_func(proposal_free);
  *from = cursor;
  if (t && (in_string || (t->type == UNPARK_SQL_TOKEN_WORD && t->to == cursor))) {
    *from = in_string ? t->from + 1 : t->from;
    g_array_set_size(before, before->len - 1);
  }
  if (nowhere || number)
    return c.found;
  c.word = g_strndup(text + *from, cursor - *from);
  c.tokens = statement(text, cursor);
  c.sources = g_array_new(FALSE, FALSE, sizeof(Source));
  c.names = g_ptr_array_new_with_free_func(g_free);
  g_array_set_clear_func(c.sources, source_clear);
  read_query(&c);
  propose_at(&c, before, in_string);
  g_ptr_array_sort(c.found, by_rank); /* what is alike stays in its order */
  if (c.found->len > MAX_PROPOSALS)
    g_ptr_array_set_size(c.found, MAX_PROPOSALS);
  g_ptr_array_unref(c.names);
  g_array_unref(c.sources);
  g_array_unref(c.tokens);
  g_free(c.word);
  return c.found;
}
